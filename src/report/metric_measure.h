/* SPDX-License-Identifier: Apache-2.0 */
/* metric_measure.h -- metric.c's other half: what is exported of the store's measures. */
#ifndef REPORT_METRIC_MEASURE_H
#define REPORT_METRIC_MEASURE_H

#include "report/metric.h"

const struct metric *metric_of_measures(enum metric_of of, int *n);
bool metric_of_tally(const struct metric *m, const struct tally_row *r, double *v);

#endif
