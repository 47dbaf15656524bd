/* SPDX-License-Identifier: Apache-2.0 */
/* stub_floor_map.c -- no calibration is right, for builds without floor/. */
#include "floor/map.h"

int calib_read(struct calib *out, const char *path, struct err *err)
{
	(void)out;
	return err_set(err, ERR_STATE, "cannot read '%s' yet", path);
}
