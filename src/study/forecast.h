/* SPDX-License-Identifier: Apache-2.0 */
/* forecast.h -- how many will come in each hour of the coming days, and how sure that is.
 *
 * Pure: numbers in, numbers out.
 *
 * Method. What is expected in an hour is level * season(weekday, hour). The season begins as
 * weekday * hour, fitted to the first two weeks by iterative proportional scaling; then each
 * observed day moves the level, its weekday and its hours a little towards what was counted:
 * exponential smoothing with multiplicative seasons (Holt-Winters without trend; Hyndman and
 * Athanasopoulos, Forecasting: Principles and Practice, 8.3; two seasons as in Taylor, J. Oper.
 * Res. Soc. 54, 2003). How little, is chosen from a grid by the past absolute errors of
 * forecasts 1 to 7 days ahead.
 * Intervals: empirical quantiles of past errors as many weeks ahead, over sqrt(f + k f^2)
 * (Poisson and what varies beyond it; k by moments), as in split conformal prediction (Lei et
 * al., J. Am. Stat. Assoc. 113, 2018).
 * Back-test: the last weeks as if they had not been yet. Each day of them is forecast from
 * every day before (up to the horizon), with nothing chosen or measured on later days, and
 * compared with "as the same weekday last week". WAPE: sum of errors / sum counted. MASE: mean
 * error / mean error of last week's forecast in the days before the back-test (Hyndman and
 * Koehler, Int. J. Forecasting 22, 2006).
 *
 * Holidays are not learned from. A coming one is forecast by the factor of those there were,
 * when they were at least FORECAST_HOLIDAYS. An hour that was not observed moves nothing.
 */
#ifndef STUDY_FORECAST_H
#define STUDY_FORECAST_H

#include "base/err.h"
#include "study/trial.h"

#include <stdbool.h>

#define FORECAST_WEEKS 3 /* of history, at least */
#define FORECAST_DAYS_MAX 28
#define FORECAST_HOLIDAYS 3

/* Days one after the other, history first. */
struct forecast_days {
	int n_past, n_next;
	const int *weekday; /* 0 = Monday; n_past + n_next, and so the following */
	const bool *holiday;
	const bool *open; /* per hour: whether it is forecast at all; * TRIAL_HOURS */
	/* Of the past: counted, and observed hours; 0: not observed. * TRIAL_HOURS */
	const double *num, *den;
};

struct forecast_value {
	bool known;
	double expected, lo, hi;
};

struct forecast_score {
	int n; /* forecasts compared; 0: too short for a back-test */
	double wape, naive_wape, mase;
	double inside; /* share of intervals that held what came */
};

struct forecast {
	double interval;                      /* share of cases that lo..hi is to hold */
	double level_by, weekday_by, hour_by; /* what was chosen */
	struct forecast_value *hour;          /* n_next * TRIAL_HOURS */
	struct forecast_value *day;           /* n_next; over its open hours */
	int test_days;                        /* of the back-test */
	struct forecast_score hours, days;
	double holiday_factor; /* NaN: too few */
};

/* interval: 0.5 .. 0.99. ERR_STATE "needs at least 3 weeks of observed days; has 1.4". Free
 * with forecast_clear(). */
int forecast_make(struct forecast *f, const struct forecast_days *d, double interval,
		  struct err *err);
void forecast_clear(struct forecast *f); /* an all-zero one is allowed */

#endif
