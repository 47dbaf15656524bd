/* SPDX-License-Identifier: Apache-2.0 */
/* outline.c -- a place's points, out of the text that the store keeps of it. */
#include "report/outline.h"

#include "base/json.h"

#include <string.h>

#define FAR_M 1e5

static bool read_points(struct outline *o, const struct json *points)
{
	double limit = o->metres ? FAR_M : 1;

	o->n = json_count(points) < OUTLINE_POINTS ? (int)json_count(points) : OUTLINE_POINTS;
	for (int i = 0; i < o->n; i++)
		for (size_t k = 0; k < 2; k++) {
			if (json_value_double(json_at(json_at(points, (size_t)i), k),
					      o->metres ? -limit : 0, limit, &o->xy[i][k],
					      NULL) < 0)
				return false;
			o->middle[k] += o->xy[i][k] / o->n;
		}
	return o->n > 0;
}

bool outline_read(struct outline *o, const struct place_info *place)
{
	const char *text = place->geometry;
	struct json *root = text ? json_parse(text, strlen(text), NULL) : NULL;
	const struct json *coords = root ? json_get(root, "coords") : NULL;
	const char *word = coords ? json_value_string(coords) : NULL;
	bool ok;

	*o = (struct outline){ .closed = place->kind == PLACE_ZONE };
	o->metres = word && strcmp(word, "metres") == 0;
	ok = word && (o->metres || strcmp(word, "image") == 0) &&
	     read_points(o, json_get(root, "points"));
	json_free(root);
	return ok;
}
