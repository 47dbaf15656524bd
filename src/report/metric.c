/* SPDX-License-Identifier: Apache-2.0 */
/* metric.c -- the names, units and values of everything that is exported, in one table. */
#include "report/metric.h"

#include "base/str.h"

#include <stddef.h>

/* metric_observed_s() reads the first member of whatever row it is given. */
_Static_assert(offsetof(struct day_line, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_zone, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_view, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_inside, observed_s) == 0, "observed_s comes first");

const char *const metric_kind[METRIC_OF_END] = {
	[METRIC_STORE] = "store",
	[METRIC_CAMERA] = "camera",
	[METRIC_LINE] = "line",
	[METRIC_ZONE] = "zone",
};

#define GETTER(type, field, known) \
	static bool type##_##field(const void *row, double *v) \
	{ \
		const struct day_##type *r = row; \
\
		*v = (double)r->field; \
		return known; \
	}

GETTER(inside, crossings_in, true)
GETTER(inside, crossings_out, true)
GETTER(inside, max, true)
GETTER(inside, crossings_in_closed, r->crossings_in_closed >= 0)
GETTER(inside, crossings_out_closed, r->crossings_out_closed >= 0)
GETTER(line, persons_in_closed, r->persons_in_closed >= 0)
GETTER(line, persons_out_closed, r->persons_out_closed >= 0)
GETTER(zone, begun_closed, r->begun_closed >= 0)
GETTER(view, person_s, true)
GETTER(view, mean, true)
GETTER(line, crossings_in, true)
GETTER(line, crossings_out, true)
GETTER(line, persons_in, true)
GETTER(line, persons_out, true)
GETTER(line, uturns, true)
GETTER(zone, begun, true)
GETTER(zone, ended, true)
GETTER(zone, min, true)
GETTER(zone, max, true)
GETTER(zone, mean, true)
GETTER(zone, p95, true)
GETTER(zone, person_s, true)
GETTER(zone, dwell_mean_s, r->n_dwell > 0)
GETTER(zone, dwell_p50_s, r->n_dwell > 0)
GETTER(zone, dwell_p90_s, r->n_dwell > 0)
GETTER(zone, dwell_max_s, r->n_dwell > 0)
GETTER(zone, engaged, true)

static const struct metric of_store[] = {
	{ "crossings_in", "crossings", 0, inside_crossings_in },
	{ "crossings_out", "crossings", 0, inside_crossings_out },
	{ "crossings_in_closed", "crossings", 0, inside_crossings_in_closed },
	{ "crossings_out_closed", "crossings", 0, inside_crossings_out_closed },
	{ "occupancy_max", "persons", 0, inside_max },
};

static const struct metric of_camera[] = {
	{ "person_time", "person-seconds", 1, view_person_s },
	{ "occupancy_mean", "persons", 3, view_mean },
};

static const struct metric of_line[] = {
	{ "crossings_in", "crossings", 0, line_crossings_in },
	{ "crossings_out", "crossings", 0, line_crossings_out },
	{ "persons_in", "persons", 0, line_persons_in },
	{ "persons_out", "persons", 0, line_persons_out },
	{ "uturns", "uturns", 0, line_uturns },
	{ "persons_in_closed", "persons", 0, line_persons_in_closed },
	{ "persons_out_closed", "persons", 0, line_persons_out_closed },
};

static const struct metric of_zone[] = {
	{ "visits_begun", "visits", 0, zone_begun },
	{ "visits_ended", "visits", 0, zone_ended },
	{ "visits_engaged", "visits", 0, zone_engaged },
	{ "visits_begun_closed", "visits", 0, zone_begun_closed },
	{ "occupancy_min", "persons", 0, zone_min },
	{ "occupancy_max", "persons", 0, zone_max },
	{ "occupancy_mean", "persons", 3, zone_mean },
	{ "occupancy_p95", "persons", 0, zone_p95 },
	{ "person_time", "person-seconds", 1, zone_person_s },
	{ "dwell_mean", "seconds", 1, zone_dwell_mean_s },
	{ "dwell_p50", "seconds", 1, zone_dwell_p50_s },
	{ "dwell_p90", "seconds", 1, zone_dwell_p90_s },
	{ "dwell_max", "seconds", 1, zone_dwell_max_s },
};

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

const struct metric *metric_table(enum metric_of of, int *n)
{
	switch (of) {
	case METRIC_STORE:
		*n = COUNT(of_store);
		return of_store;
	case METRIC_CAMERA:
		*n = COUNT(of_camera);
		return of_camera;
	case METRIC_LINE:
		*n = COUNT(of_line);
		return of_line;
	default:
		*n = COUNT(of_zone);
		return of_zone;
	}
}

double metric_observed_s(const void *row)
{
	return *(const double *)row;
}

bool metric_add(struct str *out, const struct metric *m, const void *row)
{
	double v;

	if (metric_observed_s(row) <= 0 || !m->get(row, &v))
		return false;
	str_addf(out, "%.*f", m->decimals, v);
	return true;
}
