/* SPDX-License-Identifier: Apache-2.0 */
/* metric_measure.c -- what is exported of the store's measures. */
#include "report/metric_measure.h"

#include "base/str.h"
#include "store/measure.h"

#include <stddef.h>

#define M(m) .measure = MEASURE_##m
#define SUM(n, u, m) \
	{ \
		.name = n, .unit = u, M(m), .stat = METRIC_SUM \
	}
#define KEY(n, u, m, k) \
	{ \
		.name = n, .unit = u, M(m), .stat = METRIC_KEY, .key = k \
	}
#define STAT(n, u, d, m, s) \
	{ \
		.name = n, .unit = u, .decimals = d, M(m), .stat = METRIC_##s \
	}
/* A list of lengths of time: how many, and how long. */
#define TIMES(n, u, m) \
	STAT(n, u, 0, m, N), STAT(n "_mean", "seconds", 1, m, MEAN), \
		STAT(n "_p50", "seconds", 1, m, P50), STAT(n "_p90", "seconds", 1, m, P90), \
		STAT(n "_max", "seconds", 1, m, LONGEST)
#define LEVEL(n, k) \
	{ \
		.name = n, .unit = "seconds", .decimals = 1, M(QUEUE_LEVEL), \
		.stat = METRIC_LEVEL_S, .key = k \
	}
#define SHARE(n, s, a, b, text) \
	{ \
		.name = n, .unit = "share", .decimals = 4, M(a), .of = MEASURE_##b, \
		.stat = METRIC_##s, .definition = text \
	}

static const struct metric of_line[] = {
	SUM("entered", "persons", ENTERED),
	SUM("passed_by", "persons", PASSED_BY),
	KEY("passed_by_in", "persons", PASSED_BY, WAY_IN),
	KEY("passed_by_out", "persons", PASSED_BY, WAY_OUT),
	SUM("groups", "groups", GROUPS),
	KEY("groups_1", "groups", GROUPS, 1),
	KEY("groups_2", "groups", GROUPS, 2),
	KEY("groups_3", "groups", GROUPS, 3),
	KEY("groups_4", "groups", GROUPS, 4),
	{ .name = "groups_5_or_more",
	  .unit = "groups",
	  M(GROUPS),
	  .stat = METRIC_OR_MORE,
	  .key = 5 },
	STAT("group_size_mean", "persons", 2, GROUPS, KEY_MEAN),
	SUM("staff_in", "crossings", STAFF_IN),
	SUM("staff_out", "crossings", STAFF_OUT),
	{ .name = "shoppers_in",
	  .unit = "crossings",
	  .measure = TALLY_CROSSED_IN,
	  .of = MEASURE_STAFF_IN,
	  .stat = METRIC_LESS,
	  .definition = "Crossings inwards by persons who are not staff by rule." },
	{ .name = "shoppers_out",
	  .unit = "crossings",
	  .measure = TALLY_CROSSED_OUT,
	  .of = MEASURE_STAFF_OUT,
	  .stat = METRIC_LESS,
	  .definition = "Crossings outwards by persons who are not staff by rule." },
};

static const struct metric of_zone[] = {
	SUM("exposed", "persons", EXPOSED),
	SUM("stopped", "persons", STOPPED),
	SUM("engaged", "persons", ENGAGED),
	SHARE("stopped_share", SHARE, STOPPED, EXPOSED, "stopped / exposed."),
	SHARE("engaged_share", SHARE, ENGAGED, EXPOSED, "engaged / exposed."),
	TIMES("staff_visits", "visits", STAFF_VISITS),
};

static const struct metric of_gate[] = {
	SUM("gate_in", "passages", GATE_IN),
	SUM("gate_out", "passages", GATE_OUT),
	SUM("gate_turned", "persons", GATE_TURNED),
	KEY("gate_turned_outside", "persons", GATE_TURNED, TURNED_OUTSIDE),
	KEY("gate_turned_inside", "persons", GATE_TURNED, TURNED_INSIDE),
};

static const struct metric of_queue[] = {
	SUM("queue_joined", "persons", QUEUE_JOINED),
	STAT("queue_length_max", "persons", 0, QUEUE_LEVEL, TOP),
	STAT("queue_length_mean", "persons", 3, QUEUE_LEVEL, LEVEL_MEAN),
	LEVEL("queue_length_0", 0),
	LEVEL("queue_length_1", 1),
	LEVEL("queue_length_2", 2),
	LEVEL("queue_length_3", 3),
	LEVEL("queue_length_4", 4),
	{ .name = "queue_length_5_or_more",
	  .unit = "seconds",
	  .decimals = 1,
	  M(QUEUE_LEVEL),
	  .stat = METRIC_LEVEL_MORE_S,
	  .key = 5 },
	TIMES("queue_wait", "persons", QUEUE_WAIT),
	TIMES("queue_service", "persons", QUEUE_SERVICE),
	TIMES("queue_abandoned", "persons", QUEUE_ABANDONED),
	SHARE("abandonment_share", SHARE_2, QUEUE_ABANDONED, QUEUE_WAIT,
	      "Of those whose wait ended in sight, the share who left without reaching the "
	      "head: queue_abandoned / (queue_abandoned + queue_wait)."),
	SUM("queue_lost", "persons", QUEUE_LOST),
	SUM("queue_front", "persons", QUEUE_FRONT),
};

static const struct metric of_fixture[] = {
	SUM("stops", "stops", STOPS),
	KEY("stops_left", "stops", STOPS, SIDE_LEFT),
	KEY("stops_right", "stops", STOPS, SIDE_RIGHT),
	SUM("stopped_facing", "stops", FACING),
	TIMES("stopped_facing_left", "stops", FACING_LEFT),
	TIMES("stopped_facing_right", "stops", FACING_RIGHT),
};

static const struct metric of_staff[] = {
	SUM("staff", "persons", STAFF),
	KEY("staff_door", "persons", STAFF, STAFF_DOOR),
	KEY("staff_counter", "persons", STAFF, STAFF_COUNTER),
	KEY("staff_hours", "persons", STAFF, STAFF_HOURS),
};

#define TABLE(t) \
	{ \
		t, (int)(sizeof(t) / sizeof((t)[0])) \
	}

const struct metric *metric_of_measures(enum metric_of of, int *n)
{
	static const struct {
		const struct metric *v;
		int n;
	} tables[METRIC_OF_END] = {
		[METRIC_STAFF] = TABLE(of_staff),    [METRIC_LINE_MORE] = TABLE(of_line),
		[METRIC_ZONE_MORE] = TABLE(of_zone), [METRIC_GATE] = TABLE(of_gate),
		[METRIC_QUEUE] = TABLE(of_queue),    [METRIC_FIXTURE] = TABLE(of_fixture),
	};

	*n = tables[of].n;
	return tables[of].v;
}

enum metric_of metric_of_place(const struct place_info *info)
{
	static const enum metric_of of[] = {
		[PLACE_LINE] = METRIC_LINE_MORE,  [PLACE_ZONE] = METRIC_ZONE_MORE,
		[PLACE_GATE] = METRIC_GATE,       [PLACE_QUEUE] = METRIC_QUEUE,
		[PLACE_FIXTURE] = METRIC_FIXTURE,
	};

	return of[info->kind];
}

bool metric_applies(const struct metric *m, const struct place_info *info)
{
	const struct measure_info *of = m->get ? NULL : measure_info((enum measure)m->measure);

	return !info || !of || of->of != PLACE_LINE || of->any_role ||
	       (int)of->role == info->role;
}

static bool times_value(const struct metric *m, const struct tally_row *r, double *v)
{
	struct tally_times t = tally_times(r, m->measure);

	*v = m->stat == METRIC_N      ? (double)t.n
	     : m->stat == METRIC_MEAN ? t.mean_s
	     : m->stat == METRIC_P50  ? t.p50_s
	     : m->stat == METRIC_P90  ? t.p90_s
				      : t.max_s;
	return m->stat == METRIC_N || t.n > 0;
}

static bool level_value(const struct metric *m, const struct tally_row *r, double *v)
{
	double above_s = (double)tally_sum(r, m->measure) / 1000;

	if (m->stat == METRIC_LEVEL_MEAN)
		*v = (double)tally_weighted(r, m->measure) / 1000 / r->observed_s;
	else if (m->stat == METRIC_LEVEL_S && m->key == 0)
		*v = above_s < r->observed_s ? r->observed_s - above_s : 0;
	else
		*v = (double)tally_at(r, m->measure, m->key, m->stat == METRIC_LEVEL_MORE_S) /
		     1000;
	return true;
}

/* part / whole, when there is a whole. */
static bool share(double part, double whole, double *v)
{
	*v = whole > 0 ? part / whole : 0;
	return whole > 0;
}

bool metric_of_tally(const struct metric *m, const struct tally_row *r, double *v)
{
	double sum = (double)tally_sum(r, m->measure);

	switch (m->stat) {
	case METRIC_SUM:
		*v = sum;
		return true;
	case METRIC_KEY:
	case METRIC_OR_MORE:
		*v = (double)tally_at(r, m->measure, m->key, m->stat == METRIC_OR_MORE);
		return true;
	case METRIC_TOP:
		*v = tally_most(r, m->measure);
		return true;
	case METRIC_KEY_MEAN:
		return share((double)tally_weighted(r, m->measure), sum, v);
	case METRIC_SHARE:
		return share(sum, (double)tally_sum(r, m->of), v);
	case METRIC_SHARE_2:
		return share(sum, sum + (double)tally_sum(r, m->of), v);
	case METRIC_LESS:
		sum -= (double)tally_sum(r, m->of);
		*v = sum > 0 ? sum : 0;
		return true;
	case METRIC_LEVEL_MEAN:
	case METRIC_LEVEL_S:
	case METRIC_LEVEL_MORE_S:
		return level_value(m, r, v);
	default:
		return times_value(m, r, v);
	}
}

void metric_define(struct str *out, const struct metric *m)
{
	static const char *const front[] = {
		[METRIC_OR_MORE] = "This many or more. ",
		[METRIC_N] = "How many. ",
		[METRIC_MEAN] = "Mean. ",
		[METRIC_P50] = "Median, by nearest rank. ",
		[METRIC_P90] = "90th percentile, by nearest rank. ",
		[METRIC_LONGEST] = "Longest. ",
		[METRIC_TOP] = "Most at once. ",
		[METRIC_KEY_MEAN] = "Mean size. ",
		[METRIC_LEVEL_MEAN] = "Mean over the observed time. ",
		[METRIC_LEVEL_S] = "Seconds at this length. ",
		[METRIC_LEVEL_MORE_S] = "Seconds at this length or more. ",
	};
	const struct measure_info *of = m->get ? NULL : measure_info((enum measure)m->measure);
	const char *word =
		m->stat == METRIC_KEY ? measure_word((enum measure)m->measure, m->key) : NULL;

	if (m->definition || !of) {
		str_add(out, m->definition ? m->definition : "");
		return;
	}
	if (m->stat < sizeof(front) / sizeof(front[0]) && front[m->stat])
		str_add(out, front[m->stat]);
	if (word)
		str_addf(out, "Of the key '%s'. ", word);
	else if (m->stat == METRIC_KEY)
		str_addf(out, "Of %d. ", m->key);
	str_add(out, of->definition);
}
