/* SPDX-License-Identifier: Apache-2.0 */
/* made_store.c -- days of a made store. */
#include "made_store.h"

#include "base/real.h"

#include <math.h>

static const double weekday_share[7] = { 0.8, 0.75, 0.85, 0.95, 1.2, 1.6, 0.85 };
static const double hour_share[TRIAL_HOURS] = {
	[10] = 0.5, 0.7, 1, 1.1, 1, 0.9, 1, 1.3, 1.5, 1
};

void made_days(const struct made_store *s, struct rng *r, int n, double *effect)
{
	double fresh = sqrt(1 - s->day_keeps * s->day_keeps);

	for (int i = 0; i < n; i++)
		effect[i] = i ? s->day_keeps * effect[i - 1] + fresh * s->day_sd * rng_normal(r)
			      : s->day_sd * rng_normal(r);
}

/* Poisson by counting exponential gaps when it is small, by rounding a normal when it is not;
 * its mean is log-normal instead of gamma, which no one can tell from counts. */
int made_count(struct rng *r, double mean, double sd)
{
	double v = mean * real_exp(sd * rng_normal(r) - sd * sd / 2), sum = 0;
	int n = 0;

	if (v > 30)
		return (int)fmax(0, floor(v + sqrt(v) * rng_normal(r) + 0.5));
	while ((sum += rng_exponential(r, 1)) < v)
		n++;
	return n;
}

void made_hours(const struct made_store *s, struct rng *r, int n, const double *effect,
		const double *lift, double *num, double *den)
{
	for (int i = 0; i < n; i++)
		for (int h = 0; h < TRIAL_HOURS; h++) {
			double mean = s->an_hour * weekday_share[i % 7] * hour_share[h] *
				      real_exp(effect[i] + (lift ? lift[i] : 0));
			int k = i * TRIAL_HOURS + h;

			den[k] = hour_share[h] > 0;
			num[k] = den[k] > 0 ? made_count(r, mean, s->hour_sd) : 0;
		}
}
