/* SPDX-License-Identifier: Apache-2.0 */
/* stub_floor_plan.c -- plans without lines, for builds without floor/. */
#include "base/file.h"
#include "floor/plan.h"

#include <stdlib.h>

int plan_read(struct plan *out, const char *path, struct err *err)
{
	char *text;
	size_t len;
	int rc = file_read(path, 65536, &text, &len, err);

	if (rc < 0)
		return rc;
	free(text);
	*out = (struct plan){ 0 };
	return 0;
}

void plan_clear(struct plan *p)
{
	(void)p;
}

const char *plan_lint(const struct plan *p, int i, int n, char *buf, int size)
{
	(void)p, (void)i, (void)n, (void)buf, (void)size;
	return NULL;
}
