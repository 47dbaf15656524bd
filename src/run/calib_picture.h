/* SPDX-License-Identifier: Apache-2.0 */
/* calib_picture.h -- a calibration to look at: the floor's grid in metres over the people-free
 * plate, and boxes as large as people that stand on it. There is no person in it. */
#ifndef RUN_CALIB_PICTURE_H
#define RUN_CALIB_PICTURE_H

#include "base/err.h"
#include "floor/map.h"

#include <stddef.h>

/* Of a camera's pictures of w x h. plate: PNG as camera_plate_png() makes it; len 0: none, the
 * floor is grey then. Without a lens there are squares on the floor in place of boxes: how high
 * people reach is not known. *png is the caller's to free. */
int calib_picture(const struct calib *c, int w, int h, const uint8_t *plate, size_t len,
		  uint8_t **png, size_t *png_len, struct err *err);

#endif
