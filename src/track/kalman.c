/* SPDX-License-Identifier: Apache-2.0 */
/* kalman.c -- constant velocity Kalman filter in the plane. */
#include "track/kalman.h"

void kalman_init(struct kalman *k, const double z[2], const struct spread *r, double var_v)
{
	*k = (struct kalman){
		.x = { z[0], z[1] },
		.p = { { r->xx, r->xy },
		       { r->xy, r->yy },
		       { 0, 0, var_v },
		       { 0, 0, 0, var_v } },
	};
}

/* x' = F x, P' = F P F^T + Q; each way F = | 1 dt |  and Q = q | dt^3/3  dt^2/2 |
 *                                          | 0  1 |            | dt^2/2  dt     |  */
void kalman_predict(struct kalman *k, double dt_s, double q)
{
	for (int i = 0; i < 2; i++) {
		k->x[i] += k->x[i + 2] * dt_s;
		for (int j = 0; j < 4; j++)
			k->p[i][j] += dt_s * k->p[i + 2][j];
	}
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 2; j++)
			k->p[i][j] += dt_s * k->p[i][j + 2];
	for (int i = 0; i < 2; i++) {
		k->p[i][i] += q * dt_s * dt_s * dt_s / 3;
		k->p[i][i + 2] += q * dt_s * dt_s / 2;
		k->p[i + 2][i] += q * dt_s * dt_s / 2;
		k->p[i + 2][i + 2] += q * dt_s;
	}
}

/* Covariance of a measurement's difference from the position. */
static struct spread innovation(const struct kalman *k, const struct spread *r)
{
	return (struct spread){ k->p[0][0] + r->xx, k->p[0][1] + r->xy, k->p[1][1] + r->yy };
}

static double det_of(const struct spread *s)
{
	return s->xx * s->yy - s->xy * s->xy;
}

/* Joseph's form, P' = A P A^T + G r G^T with A = I - G H: it stays positive when rounded. */
void kalman_update(struct kalman *k, const double z[2], const struct spread *r)
{
	struct spread s = innovation(k, r);
	double det = det_of(&s), dx = z[0] - k->x[0], dy = z[1] - k->x[1];
	double a[4][4] = { { 1 }, { 0, 1 }, { 0, 0, 1 }, { 0, 0, 0, 1 } };
	double g[4][2], ap[4][4] = { 0 };

	for (int i = 0; i < 4; i++) {
		g[i][0] = (k->p[i][0] * s.yy - k->p[i][1] * s.xy) / det;
		g[i][1] = (k->p[i][1] * s.xx - k->p[i][0] * s.xy) / det;
		k->x[i] += g[i][0] * dx + g[i][1] * dy;
		a[i][0] -= g[i][0];
		a[i][1] -= g[i][1];
	}
	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			for (int m = 0; m < 4; m++)
				ap[i][j] += a[i][m] * k->p[m][j];
	for (int i = 0; i < 4; i++)
		for (int j = i; j < 4; j++) {
			double v = g[i][0] * (r->xx * g[j][0] + r->xy * g[j][1]) +
				   g[i][1] * (r->xy * g[j][0] + r->yy * g[j][1]);

			for (int m = 0; m < 4; m++)
				v += ap[i][m] * a[j][m];
			k->p[i][j] = k->p[j][i] = v;
		}
}

double kalman_distance2(const struct kalman *k, const double z[2], const struct spread *r,
			double *det)
{
	struct spread s = innovation(k, r);
	double dx = z[0] - k->x[0], dy = z[1] - k->x[1];

	*det = det_of(&s);
	return (s.yy * dx * dx - 2 * s.xy * dx * dy + s.xx * dy * dy) / *det;
}
