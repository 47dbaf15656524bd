/* SPDX-License-Identifier: Apache-2.0 */
/* heat_change.c -- where more people were than before, and where fewer. */
#include "report/heat_change.h"

#include "base/vec.h"
#include "types.h"

#include <math.h>
#include <stdlib.h>

#define CELLS (HEAT_COLS * HEAT_ROWS)

void heat_change_colour(double t, uint8_t rgba[4])
{
	/* Ends of ColorBrewer's PuOr in its blue and orange: told apart by the colour-blind. */
	static const uint8_t more[3] = { 253, 141, 40 }, fewer[3] = { 76, 155, 245 };
	double size = fmin(fabs(t), 1);

	for (int k = 0; k < 3; k++)
		rgba[k] = t < 0 ? fewer[k] : more[k];
	rgba[3] = (uint8_t)lround(235 * size);
}

/* As of the plain map, colour goes with the square root. */
static double signed_share(double v, double max)
{
	return v < 0 ? -sqrt(-v / max) : sqrt(v / max);
}

int heat_change_png(const float *before, const float *after, const struct rgba *plate,
		    struct heat_scale *scale, uint8_t **png, size_t *len, struct err *err)
{
	double *a = xcalloc(CELLS, sizeof(*a)), *b = xcalloc(CELLS, sizeof(*b));
	struct rgba out;
	double max;
	int w, h, rc;

	heat_smooth(before, a);
	heat_smooth(after, b);
	for (int i = 0; i < CELLS; i++) {
		b[i] -= a[i];
		a[i] = fabs(b[i]);
	}
	max = heat_scale_end(a, CELLS);
	heat_size(plate, &w, &h);
	rgba_init(&out, w, h);
	heat_paint(&out, b, max, plate, signed_share, heat_change_colour);
	rc = png_encode(&out, png, len, err);
	if (rc >= 0)
		scale->max_s = max;
	rgba_clear(&out);
	free(a);
	free(b);
	return rc;
}
