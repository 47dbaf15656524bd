/* SPDX-License-Identifier: Apache-2.0 */
/* kalman.c -- constant velocity Kalman filter in one direction. */
#include "track/kalman.h"

void kalman_init(struct kalman *k, double z, double r, double var_v)
{
	*k = (struct kalman){ .x = z, .pxx = r, .pvv = var_v };
}

/* x' = F x, P' = F P F^T + Q with F = | 1 dt |  and Q = q | dt^3/3  dt^2/2 |
 *                                     | 0  1 |            | dt^2/2  dt     |  */
void kalman_predict(struct kalman *k, double dt_s, double q)
{
	double dt2 = dt_s * dt_s;

	k->x += k->v * dt_s;
	k->pxx += 2 * dt_s * k->pxv + dt2 * k->pvv + q * dt2 * dt_s / 3;
	k->pxv += dt_s * k->pvv + q * dt2 / 2;
	k->pvv += q * dt_s;
}

/* Joseph's form, P' = (I - K H) P (I - K H)^T + K r K^T: it stays positive when rounded. */
void kalman_update(struct kalman *k, double z, double r)
{
	double s = k->pxx + r, gx = k->pxx / s, gv = k->pxv / s;
	double innovation = z - k->x, keep = 1 - gx;
	double pxx = k->pxx, pxv = k->pxv;

	k->x += gx * innovation;
	k->v += gv * innovation;
	k->pxx = keep * keep * pxx + gx * gx * r;
	k->pvv += gv * gv * (pxx + r) - 2 * gv * pxv;
	k->pxv = keep * (pxv - gv * pxx) + gx * gv * r;
}

double kalman_distance2(const struct kalman *k, double z, double r)
{
	double d = z - k->x;

	return d * d / (k->pxx + r);
}
