/* SPDX-License-Identifier: Apache-2.0 */
/* body_hull.c -- where in the picture limbs are. */
#include "sim/body_raster.h"

#define NEAREST_M 0.05
#define FARTHEST_M 1000.0
#define THIN_PX 0.5 /* nothing is drawn thinner: a far wire does not break up */
#define FAR_PX 1e6  /* beyond, nothing is drawn */

/* False where it is not seen as a disc: behind the camera, around it, too far aside. */
static bool disc_of(const struct lens *l, struct pt_room p, double r, struct disc *d)
{
	struct pt_room c = lens_to_camera(l, p);
	double x, y, r2, k;

	if (!(c.z > NEAREST_M && c.z < FARTHEST_M && c.z > 1.1 * r && r >= 0))
		return false;
	x = c.x / c.z;
	y = c.y / c.z;
	r2 = x * x + y * y;
	if (!(r2 < l->r2_max && r2 < 100))
		return false;
	k = 1 + l->k1 * r2;
	d->x = l->cx + l->f_px * k * x;
	d->y = l->cy + l->f_px * k * y;
	/* Of the ellipse that it really is, the circle of the same area: stretched outwards by
	 * the slant, and by the lens. */
	d->r = l->f_px * r / sqrt(c.z * c.z - r * r) *
	       sqrt(sqrt(1 + r2) * k * (1 + 3 * l->k1 * r2));
	d->r = d->r > THIN_PX ? d->r : THIN_PX;
	d->z = c.z;
	d->m = r;
	d->c = c;
	return fabs(d->x) < FAR_PX && fabs(d->y) < FAR_PX && d->r < FAR_PX;
}

static struct hull hull_of_disc(const struct disc *a)
{
	return (struct hull){ .a = *a, .b = *a, .d = 1, .ex = 1, .y0 = { 1, 1 } };
}

/* False when one disc holds the other, or nearly. */
static bool hull_of(const struct disc *a, const struct disc *b, struct hull *h)
{
	double dx = b->x - a->x, dy = b->y - a->y, d = sqrt(dx * dx + dy * dy), s, c;

	if (d < 0.5 || d < fabs(a->r - b->r) + 0.05)
		return false;
	*h = (struct hull){ .a = *a, .b = *b, .d = d, .ex = dx / d, .ey = dy / d };
	s = (a->r - b->r) / d;
	c = sqrt(1 - s * s);
	for (int i = 0; i < 2; i++, c = -c) {
		double nx = s * h->ex - c * h->ey, ny = s * h->ey + c * h->ex;
		double xa = a->x + a->r * nx, ya = a->y + a->r * ny;
		double xb = b->x + b->r * nx, yb = b->y + b->r * ny;

		h->x0[i] = ya <= yb ? xa : xb;
		h->y0[i] = ya <= yb ? ya : yb;
		h->y1[i] = ya <= yb ? yb : ya;
		h->slope[i] = fabs(yb - ya) > 1e-9 ? (xb - xa) / (yb - ya) : 0;
	}
	return true;
}

int hulls_of(const struct lens *lens, const struct limb *l, struct hull h[2])
{
	struct disc a, b;

	if (!disc_of(lens, l->a, l->ra, &a) || !disc_of(lens, l->b, l->rb, &b))
		return 0;
	if (hull_of(&a, &b, h))
		return 1;
	h[0] = hull_of_disc(&a);
	h[1] = hull_of_disc(&b);
	return 2;
}

static void widen(double *left, double *right, double lo, double hi)
{
	*left = lo < *left ? lo : *left;
	*right = hi > *right ? hi : *right;
}

static void widen_disc(const struct disc *d, double y, double *left, double *right)
{
	double dy = y - d->y, q = d->r * d->r - dy * dy;

	if (q >= 0) {
		q = sqrt(q);
		widen(left, right, d->x - q, d->x + q);
	}
}

bool hull_columns(const struct hull *h, int y, int w, int *from, int *to)
{
	double at = y + 0.5, left = 4 * FAR_PX, right = -4 * FAR_PX;

	widen_disc(&h->a, at, &left, &right);
	widen_disc(&h->b, at, &left, &right);
	for (int i = 0; i < 2; i++) {
		double x = h->x0[i] + (at - h->y0[i]) * h->slope[i];

		if (at >= h->y0[i] && at <= h->y1[i])
			widen(&left, &right, x, x);
	}
	left = left > 0 ? left : 0;
	right = right < w ? right : w;
	if (!(left < right))
		return false;
	*from = (int)(left + 0.5);
	*to = (int)(right + 0.5);
	return *from < *to;
}

static void hull_box(const struct hull *h, double box[4])
{
	box[0] = fmin(h->a.x - h->a.r, h->b.x - h->b.r);
	box[1] = fmin(h->a.y - h->a.r, h->b.y - h->b.r);
	box[2] = fmax(h->a.x + h->a.r, h->b.x + h->b.r);
	box[3] = fmax(h->a.y + h->a.r, h->b.y + h->b.r);
}

void hull_lines(const struct hull *hull, int h, int *from, int *to)
{
	double box[4];

	hull_box(hull, box);
	*from = box[1] > 0 ? box[1] < h ? (int)box[1] : h : 0;
	*to = box[3] > 0 ? box[3] < h ? (int)box[3] + 1 : h : 0;
}

bool body_box(const struct lens *lens, const struct limb *limb, int n, struct box_px *box)
{
	double all[4] = { 8 * FAR_PX, 8 * FAR_PX, -8 * FAR_PX, -8 * FAR_PX }, one[4];
	struct hull h[2];
	bool any = false;

	for (int i = 0; i < n; i++) {
		int parts = hulls_of(lens, &limb[i], h);

		for (int k = 0; k < parts; k++, any = true) {
			hull_box(&h[k], one);
			widen(&all[0], &all[2], one[0], one[2]);
			widen(&all[1], &all[3], one[1], one[3]);
		}
	}
	if (any)
		*box = (struct box_px){ all[0], all[1], all[2] - all[0], all[3] - all[1] };
	return any;
}

void body_rows(const struct lens *lens, const struct limb *limb, int w, int h,
	       void (*row)(void *arg, int y, int x0, int x1), void *arg)
{
	struct hull hull[2];
	int parts = hulls_of(lens, limb, hull), y0, y1, from, to;

	if (parts == 0)
		return;
	if (parts == 2) /* one holds the other, near enough: together they have no gaps */
		hull[0].b = hull[1].a;
	hull_lines(&hull[0], h, &y0, &y1);
	for (int y = y0; y < y1; y++)
		if (hull_columns(&hull[0], y, w, &from, &to))
			row(arg, y, from, to);
}
