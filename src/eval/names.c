/* SPDX-License-Identifier: Apache-2.0 */
/* names.c -- names of lines and zones. */
#include "eval/names.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

int names_index(struct names *l, const char *name, struct err *err)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i], name))
			return (int)i;
	if (l->n == NAMES_MAX)
		return err_set(err, ERR_RANGE, "more than %d names of lines or zones",
			       NAMES_MAX);
	*VEC_PUSH(l) = xstrdup(name);
	return (int)l->n - 1;
}

void names_clear(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	VEC_FREE(l);
}
