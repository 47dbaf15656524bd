/* SPDX-License-Identifier: Apache-2.0 */
/* outline.h -- a place's points, out of the text that the store keeps of it. */
#ifndef REPORT_OUTLINE_H
#define REPORT_OUTLINE_H

#include "store/writer.h"

#include <stdbool.h>

#define OUTLINE_POINTS 64

struct outline {
	bool metres; /* on the plan, x east, y north; else 0..1 of the picture, y down */
	bool closed; /* a zone */
	int n;
	double xy[OUTLINE_POINTS][2];
	double middle[2]; /* of its points */
};

/* False for what has no points (gates and queues), or none that can be read. */
bool outline_read(struct outline *o, const struct place_info *place);

#endif
