/* SPDX-License-Identifier: Apache-2.0 */
/* metric.c -- the names, units and values of everything that is exported, in one table. */
#include "report/metric.h"

#include "base/str.h"
#include "report/metric_measure.h"

#include <math.h>
#include <stddef.h>

/* metric_observed_s() reads the first member of whatever row it is given. */
_Static_assert(offsetof(struct day_line, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_zone, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_view, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_sales, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_inside, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct day_street, observed_s) == 0, "observed_s comes first");
_Static_assert(offsetof(struct tally_row, observed_s) == 0, "observed_s comes first");

const char *const metric_kind[METRIC_OF_END] = {
	[METRIC_STORE] = "store", [METRIC_CAMERA] = "camera",  [METRIC_LINE] = "line",
	[METRIC_ZONE] = "zone",   [METRIC_SALES] = "sales",    [METRIC_STREET] = "street",
	[METRIC_STAFF] = "staff", [METRIC_LINE_MORE] = "line", [METRIC_ZONE_MORE] = "zone",
	[METRIC_GATE] = "gate",   [METRIC_QUEUE] = "queue",    [METRIC_FIXTURE] = "fixture",
};

#define GETTER(type, field, known) \
	static bool type##_##field(const void *row, double *v) \
	{ \
		const struct day_##type *r = row; \
\
		*v = (double)r->field; \
		return known; \
	}

/* One metric that a function works out. */
#define ROW(n, u, d, g, text) \
	{ \
		.name = n, .unit = u, .decimals = d, .get = g, .definition = text \
	}

GETTER(inside, crossings_in, true)
GETTER(inside, crossings_out, true)
GETTER(inside, max, true)
GETTER(inside, crossings_in_closed, r->hours)
GETTER(inside, crossings_out_closed, r->hours)
GETTER(zone, begun_closed, r->hours)
GETTER(view, person_s, true)
GETTER(view, mean, true)
GETTER(line, crossings_in, true)
GETTER(line, crossings_out, true)
GETTER(line, persons_in, true)
GETTER(line, persons_out, true)
GETTER(line, uturns, true)

static bool line_passages_in(const void *row, double *v)
{
	*v = day_passages(row, true);
	return true;
}

static bool line_passages_out(const void *row, double *v)
{
	*v = day_passages(row, false);
	return true;
}

/* A U-turn of which only the second crossing lies outside the hours may leave -1. */
static bool closed(const struct day_line *l, int n, double *v)
{
	*v = n > 0 ? n : 0;
	return l->hours;
}

static bool line_passages_in_closed(const void *row, double *v)
{
	const struct day_line *l = row;

	return closed(l, l->passages_in_closed, v);
}

static bool line_passages_out_closed(const void *row, double *v)
{
	const struct day_line *l = row;

	return closed(l, l->passages_out_closed, v);
}

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

GETTER(sales, walked_in, true)
GETTER(sales, transactions, r->has_sales)
GETTER(sales, amount, r->has_sales)
GETTER(sales, staff_h, r->has_staff)

static bool sales_conversion(const void *row, double *v)
{
	const struct day_sales *r = row;

	*v = r->walked_sold > 0 ? r->transactions_seen / r->walked_sold : 0;
	return r->has_sales && r->walked_sold > 0;
}

static bool sales_star(const void *row, double *v)
{
	const struct day_sales *r = row;

	*v = r->staff_seen_h > 0 ? r->walked_staffed / r->staff_seen_h : 0;
	return r->has_staff && r->staff_seen_h > 0;
}

GETTER(street, entered, true)
GETTER(street, passed_by, r->outside)

static bool street_capture(const void *row, double *v)
{
	const struct day_street *r = row;
	int all = r->entered + r->passed_by;

	*v = all > 0 ? (double)r->entered / all : 0;
	return r->outside && all > 0;
}

static bool street_turn_in(const void *row, double *v)
{
	const struct day_street *r = row;

	*v = r->passed_by > 0 ? (double)r->entered / r->passed_by : 0;
	return r->outside && r->passed_by > 0;
}

static const struct metric of_street[] = {
	ROW("entered", "persons", 0, street_entered,
	    "Persons who came in over any entry line, U-turns apart, each once."),
	ROW("passed_by", "persons", 0, street_passed_by,
	    "Persons who crossed an outside line and did not come in, each once."),
	ROW("capture_rate", "share", 4, street_capture, "entered / (entered + passed_by)."),
	ROW("turn_in_ratio", "ratio", 4, street_turn_in, "entered / passed_by."),
};

static const struct metric of_store[] = {
	ROW("crossings_in", "crossings", 0, inside_crossings_in,
	    "Crossings inwards over all entry lines."),
	ROW("crossings_out", "crossings", 0, inside_crossings_out,
	    "Crossings outwards over all entry lines."),
	ROW("crossings_in_closed", "crossings", 0, inside_crossings_in_closed,
	    "Of crossings_in, those in minutes outside the opening hours."),
	ROW("crossings_out_closed", "crossings", 0, inside_crossings_out_closed,
	    "Of crossings_out, those in minutes outside the opening hours."),
	ROW("occupancy_max", "persons", 0, inside_max,
	    "Most people inside at the end of any minute: in - out of all entry lines since the business day began."),
};

static const struct metric of_camera[] = {
	ROW("person_time", "person-seconds", 1, view_person_s,
	    "Time that people spent in the camera's view, added up over all of them."),
	ROW("occupancy_mean", "persons", 3, view_mean,
	    "People in view, mean over the observed time."),
};

static const struct metric of_line[] = {
	ROW("crossings_in", "crossings", 0, line_crossings_in,
	    "Each time a foot point crosses the line inwards and gets clear of it."),
	ROW("crossings_out", "crossings", 0, line_crossings_out,
	    "Each time a foot point crosses the line outwards and gets clear of it."),
	ROW("passages_in", "passages", 0, line_passages_in,
	    "Crossings inwards without those taken back at once (U-turns): who walked in."),
	ROW("passages_out", "passages", 0, line_passages_out,
	    "Crossings outwards without those taken back at once (U-turns): who walked out."),
	ROW("persons_in", "persons", 0, line_persons_in,
	    "Persons in, net: in - out of one person over the visit, at most one."),
	ROW("persons_out", "persons", 0, line_persons_out,
	    "Persons out, net: out - in of one person over the visit, at most one."),
	ROW("uturns", "uturns", 0, line_uturns,
	    "There and back over the line within the qualifier: neither in nor out."),
	ROW("passages_in_closed", "passages", 0, line_passages_in_closed,
	    "Of passages_in, those in minutes outside the opening hours."),
	ROW("passages_out_closed", "passages", 0, line_passages_out_closed,
	    "Of passages_out, those in minutes outside the opening hours."),
};

static const struct metric of_zone[] = {
	ROW("visits_begun", "visits", 0, zone_begun,
	    "Visits that began: a person's foot point came into the zone; gaps under the limit are the same visit."),
	ROW("visits_ended", "visits", 0, zone_ended, "Visits that ended."),
	ROW("visits_engaged", "visits", 0, zone_engaged,
	    "Of the visits that ended, those at least as long as the zone's threshold."),
	ROW("visits_begun_closed", "visits", 0, zone_begun_closed,
	    "Of visits_begun, those in minutes outside the opening hours."),
	ROW("occupancy_min", "persons", 0, zone_min, "Fewest people in the zone at once."),
	ROW("occupancy_max", "persons", 0, zone_max, "Most people in the zone at once."),
	ROW("occupancy_mean", "persons", 3, zone_mean,
	    "People in the zone, time-weighted mean over the observed time."),
	ROW("occupancy_p95", "persons", 0, zone_p95,
	    "People at once that minutes with 95 % of the observed time did not exceed."),
	ROW("person_time", "person-seconds", 1, zone_person_s,
	    "Time spent in the zone, added up over all people."),
	ROW("dwell_mean", "seconds", 1, zone_dwell_mean_s,
	    "Length of the visits that ended: mean."),
	ROW("dwell_p50", "seconds", 1, zone_dwell_p50_s,
	    "Length of the visits that ended: median, by nearest rank."),
	ROW("dwell_p90", "seconds", 1, zone_dwell_p90_s,
	    "Length of the visits that ended: 90th percentile, by nearest rank."),
	ROW("dwell_max", "seconds", 1, zone_dwell_max_s,
	    "Length of the visits that ended: longest."),
};

static const struct metric of_sales[] = {
	ROW("walked_in", "passages", 0, sales_walked_in,
	    "Passages in over all entry lines: crossings without U-turns."),
	ROW("transactions", "transactions", 0, sales_transactions,
	    "Transactions of the till's file that began in the bucket."),
	ROW("amount", "currency", 2, sales_amount,
	    "What they were worth, as the till's file says."),
	ROW("staff_hours", "hours", 2, sales_staff_h,
	    "Hours worked by all associates, of the roster's file."),
	ROW("conversion", "transactions per passage", 4, sales_conversion,
	    "Transactions per passage in, of minutes with all entry lines observed. Passages "
	    "include staff and companions, so it is below the share of parties that buy."),
	ROW("shoppers_per_associate", "passages per hour worked", 2, sales_star,
	    "Passages in per hour worked, of minutes with all entry lines observed."),
};

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

const struct metric *metric_table(enum metric_of of, int *n)
{
	static const struct {
		const struct metric *v;
		int n;
	} tables[METRIC_OF_END] = {
		[METRIC_STORE] = { of_store, COUNT(of_store) },
		[METRIC_CAMERA] = { of_camera, COUNT(of_camera) },
		[METRIC_LINE] = { of_line, COUNT(of_line) },
		[METRIC_ZONE] = { of_zone, COUNT(of_zone) },
		[METRIC_SALES] = { of_sales, COUNT(of_sales) },
		[METRIC_STREET] = { of_street, COUNT(of_street) },
	};

	if (!tables[of].v)
		return metric_of_measures(of, n);
	*n = tables[of].n;
	return tables[of].v;
}

double metric_observed_s(const void *row)
{
	return *(const double *)row;
}

bool metric_value(const struct metric *m, const void *row, double *v)
{
	if (metric_observed_s(row) <= 0)
		return false;
	return m->get ? m->get(row, v) : metric_of_tally(m, row, v);
}

bool metric_add(struct str *out, const struct metric *m, const void *row)
{
	double v;

	if (!metric_value(m, row, &v))
		return false;
	str_addf(out, "%.*f", m->decimals, v);
	return true;
}

bool metric_range(const struct metric *m, const void *row, const struct day *d,
		  const struct day_place *p, int64_t to_us, int64_t *lo, int64_t *hi)
{
	bool in = m->get == line_crossings_in || m->get == line_passages_in;
	double v, low, high;

	if (!p || !(in || m->get == line_crossings_out || m->get == line_passages_out) ||
	    !metric_value(m, row, &v) ||
	    !audit_interval(&d->audits, p->place.id, in, to_us - 1, (int64_t)v, &low, &high) ||
	    high > 1e15)
		return false;
	*lo = (int64_t)floor(low);
	*hi = (int64_t)ceil(high);
	return true;
}
