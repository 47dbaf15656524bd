/* SPDX-License-Identifier: Apache-2.0 */
/* eval_measures.c -- footfall eval measures: what was counted of all places against the truth.
 */
#include "cmd/eval.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/measure.h"
#include "store/query.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 30)
#define QUARTER_US (15 * CLOCK_MINUTE_US)

/* What lines and zones have beside the measures of measure.h: numbers from MEASURE_END on. */
enum classic {
	CROSSINGS_IN = MEASURE_END,
	CROSSINGS_OUT,
	UTURNS,
	PERSONS_IN,
	PERSONS_OUT,
	VISITS,
	DWELL,
	N_MEASURES
};
static const char *const classic_names[] = { "crossings_in", "crossings_out", "uturns",
					     "persons_in",   "persons_out",   "visits_begun",
					     "dwell" };

enum by { COUNTED, RULE, INTENT, N_BY };

/* A value of a place, key and quarter of an hour. The key is a name, a number, or 0. */
struct cell {
	int measure;
	enum by by;
	int place;
	int64_t key, quarter, value;
};

struct names {
	char **v;
	size_t n, cap;
};

struct measures_eval {
	struct names name;
	VEC(struct cell) cell;
	VEC(int) place; /* names, by database id */
};

static int64_t name_index(struct measures_eval *e, const char *s)
{
	for (size_t i = 0; i < e->name.n; i++)
		if (!strcmp(e->name.v[i], s))
			return (int64_t)i;
	*VEC_PUSH(&e->name) = xstrdup(s);
	return (int64_t)e->name.n - 1;
}

static const char *measure_name(int m)
{
	if (m >= MEASURE_END)
		return classic_names[m - MEASURE_END];
	return measure_info((enum measure)m) ? measure_info((enum measure)m)->name : NULL;
}

static bool is_list(int m)
{
	if (m >= MEASURE_END)
		return m == DWELL;
	return measure_info((enum measure)m)->form == MEASURE_LIST;
}

static void add(struct measures_eval *e, int measure, enum by by, int place, int64_t key,
		int64_t t_us, int64_t value)
{
	if (value > 0)
		*VEC_PUSH(&e->cell) = (struct cell){
			measure, by, place, key, t_us / QUARTER_US - (t_us % QUARTER_US < 0),
			value
		};
}

/* ---- the truth ---- */

enum { COL_TIME, COL_PLACE, COL_MEASURE, COL_KEY, COL_BY, COL_VALUE, N_COLUMNS };
static const char head[] = "minute_utc,place,measure,key,by,value";

/* A key is a name, unless it is a number. */
static int64_t read_key(struct measures_eval *e, int measure, const char *s)
{
	enum measure_key kind = measure < MEASURE_END ? measure_info((enum measure)measure)->key
						      : MEASURE_KEY_MS;
	int64_t n = 0;

	if (kind == MEASURE_KEY_PLACE || kind == MEASURE_KEY_WORD)
		return name_index(e, s);
	return str_to_i64(s, &n) ? n : 0;
}

static int read_row(struct measures_eval *e, char *row, struct err *err)
{
	char *field[N_COLUMNS];
	int64_t t_us, value;
	int n = 0, m = 1, rc;

	for (char *p = row; n < N_COLUMNS; p += strlen(p) + 1) {
		size_t len = strcspn(p, ",");
		bool more = p[len] == ',';

		p[len] = '\0';
		field[n++] = p;
		if (!more)
			break;
	}
	if (n < N_COLUMNS)
		return err_set(err, ERR_FORMAT, "expected %d fields, found %d", N_COLUMNS, n);
	if ((rc = clock_parse(field[COL_TIME], &t_us, err)) < 0)
		return rc;
	while (m < N_MEASURES &&
	       (!measure_name(m) || strcmp(measure_name(m), field[COL_MEASURE]) != 0))
		m++;
	if (m == N_MEASURES)
		return err_set(err, ERR_FORMAT, "there is no measure '%.40s'",
			       field[COL_MEASURE]);
	if (!str_to_i64(field[COL_VALUE], &value) || value < 1)
		return err_set(err, ERR_FORMAT,
			       "expected a whole number above 0, found '%.40s'",
			       field[COL_VALUE]);
	add(e, m, strcmp(field[COL_BY], "rule") ? INTENT : RULE,
	    (int)name_index(e, field[COL_PLACE]), read_key(e, m, field[COL_KEY]), t_us, value);
	return 0;
}

static int read_truth(struct measures_eval *e, const char *path, struct err *err)
{
	char *text, *row;
	size_t len;
	int rc = file_read(path, FILE_MAX_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	row = text;
	for (size_t line = 1; *row && rc >= 0; line++) {
		char *next = row + strcspn(row, "\n");

		if (*next)
			*next++ = '\0';
		if (line > 1)
			rc = read_row(e, row, err);
		else if (strcmp(row, head) != 0)
			rc = err_set(err, ERR_FORMAT, "expected the head line '%s'", head);
		if (rc < 0)
			err_ctx(err, "'%s' line %zu", path, line);
		row = next;
	}
	free(text);
	return rc;
}

/* ---- what was counted ---- */

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	const int n[] = { m->crossings_in, m->crossings_out, m->uturns, m->persons_in,
			  m->persons_out };
	struct measures_eval *e = arg;

	(void)params_id;
	for (int i = 0; i < 5; i++)
		add(e, CROSSINGS_IN + i, COUNTED, e->place.v[m->place], 0, m->start_us, n[i]);
	return 0;
}

static int on_zone(void *arg, const struct minute_zone *m, const char *params_id)
{
	struct measures_eval *e = arg;
	int place = e->place.v[m->place];

	(void)params_id;
	add(e, VISITS, COUNTED, place, 0, m->start_us, m->begun);
	for (int i = 0; i < m->n_dwell; i++)
		add(e, DWELL, COUNTED, place, llround((double)m->dwell_s[i] * 1000),
		    m->start_us, 1);
	return 0;
}

static int on_value(void *arg, const struct minute_value *m)
{
	struct measures_eval *e = arg;
	int64_t key = m->key;

	switch (measure_info(m->measure)->key) {
	case MEASURE_KEY_PLACE:
		key = e->place.v[m->key];
		break;
	case MEASURE_KEY_WORD:
		key = name_index(e, measure_word(m->measure, m->key));
		break;
	default:
		break;
	}
	add(e, (int)m->measure, COUNTED,
	    m->place < 0 ? (int)name_index(e, "") : e->place.v[m->place], key, m->start_us,
	    m->value);
	return 0;
}

static int read_counted(struct measures_eval *e, const char *path, struct err *err)
{
	struct query_minutes fn = {
		.line = on_line, .zone = on_zone, .value = on_value, .arg = e
	};
	const struct query_place *place;
	struct query *q;
	int rc = query_open(&q, path, err), n;

	if (rc < 0)
		return rc;
	n = rc = query_places(q, &place, err);
	for (int i = 0; i < n; i++) {
		while (e->place.n <= (size_t)place[i].id)
			*VEC_PUSH(&e->place) = 0;
		e->place.v[place[i].id] = (int)name_index(e, place[i].info.name);
	}
	if (rc >= 0)
		rc = query_minutes(q, INT64_MIN / 4, INT64_MAX / 4, &fn, err);
	query_close(q);
	return rc;
}

/* ---- the comparison ---- */

/* One measure. */
struct score {
	int64_t sum[N_BY], wrong[N_BY];
	int64_t p50[N_BY], p90[N_BY]; /* lists */
};

static int by_cell(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->place != y->place)
		return x->place - y->place;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->quarter > y->quarter) - (x->quarter < y->quarter);
}

static int by_key(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* By nearest rank; v ordered by key. */
static int64_t percentile(const struct cell *v, size_t n, enum by by, int64_t sum, int p)
{
	int64_t rank = (sum * p + 99) / 100, so_far = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].by != by)
			continue;
		so_far += v[i].value;
		if (so_far >= rank)
			return v[i].key;
	}
	return 0;
}

/* Sum of the differences of cells, v ordered by_cell: those of `by` against those counted. */
static int64_t wrong(const struct cell *v, size_t n, enum by by)
{
	int64_t sum = 0, diff = 0;

	for (size_t i = 0; i < n; i++) {
		if (i && by_cell(&v[i - 1], &v[i])) {
			sum += diff < 0 ? -diff : diff;
			diff = 0;
		}
		if (v[i].by == by || v[i].by == COUNTED)
			diff += v[i].by == by ? v[i].value : -v[i].value;
	}
	return sum + (diff < 0 ? -diff : diff);
}

/* What intent says has no keys; and of lists only how many there are can be compared. */
static void drop_keys(struct cell *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i].key = 0;
	qsort(v, n, sizeof(*v), by_cell);
}

static struct score score_of(struct cell *v, size_t n)
{
	bool list = is_list(v[0].measure);
	struct score s = { 0 };

	for (size_t i = 0; i < n; i++)
		s.sum[v[i].by] += v[i].value;
	qsort(v, n, sizeof(*v), by_key);
	for (int by = 0; by < N_BY; by++) {
		s.p50[by] = percentile(v, n, (enum by)by, s.sum[by], 50);
		s.p90[by] = percentile(v, n, (enum by)by, s.sum[by], 90);
	}
	if (list)
		drop_keys(v, n);
	else
		qsort(v, n, sizeof(*v), by_cell);
	s.wrong[RULE] = wrong(v, n, RULE);
	drop_keys(v, n);
	s.wrong[INTENT] = wrong(v, n, INTENT);
	return s;
}

static void add_percent(struct str *b, int64_t part, int64_t all)
{
	if (all)
		str_addf(b, " %8.1f%%", 100 * (double)part / (double)all);
	else
		str_addf(b, " %9s", part ? "-" : "0.0%");
}

static void add_row(struct str *b, int measure, const struct score *s, enum by by)
{
	str_addf(b, "%-22s %-6s %9" PRId64 " %9" PRId64, measure_name(measure),
		 by == RULE ? "rule" : "intent", s->sum[by], s->sum[COUNTED]);
	add_percent(b, s->sum[COUNTED] - s->sum[by], s->sum[by]);
	add_percent(b, s->wrong[by], s->sum[by]);
	if (is_list(measure) && s->sum[by])
		str_addf(b, " %8.1f %8.1f %8.1f %8.1f", (double)s->p50[by] / 1000,
			 (double)s->p50[COUNTED] / 1000, (double)s->p90[by] / 1000,
			 (double)s->p90[COUNTED] / 1000);
	str_add(b, "\n");
}

static void add_json(struct str *b, int measure, const struct score *s, enum by by, bool first)
{
	str_addf(b,
		 "%s{\"measure\": \"%s\", \"by\": \"%s\", \"truth\": %" PRId64
		 ", \"counted\": %" PRId64 ", \"wrong\": %" PRId64,
		 first ? "" : ",\n", measure_name(measure), by == RULE ? "rule" : "intent",
		 s->sum[by], s->sum[COUNTED], s->wrong[by]);
	if (is_list(measure))
		str_addf(b,
			 ", \"p50_ms\": [%" PRId64 ", %" PRId64 "], \"p90_ms\": [%" PRId64
			 ", %" PRId64 "]",
			 s->p50[by], s->p50[COUNTED], s->p90[by], s->p90[COUNTED]);
	str_add(b, "}");
}

static int by_measure(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	/* Lines and zones first, as everywhere. */
	int p = x->measure >= MEASURE_END ? x->measure - N_MEASURES : x->measure;
	int q = y->measure >= MEASURE_END ? y->measure - N_MEASURES : y->measure;

	return p - q;
}

static void compare(struct measures_eval *e, bool json, struct str *b)
{
	struct cell *v = e->cell.v;
	size_t n = e->cell.n, to;
	bool first = true;

	if (n)
		qsort(v, n, sizeof(*v), by_measure);
	if (json)
		str_add(b, "{\"format\": \"footfall-eval-1\", \"what\": \"measures\", "
			   "\"measures\": [\n");
	else
		str_addf(b, "%-22s %-6s %9s %9s %9s %9s %8s %8s %8s %8s\n", "measure", "by",
			 "truth", "counted", "bias", "WAPE", "p50 s", "counted", "p90 s",
			 "counted");
	for (size_t i = 0; i < n; i = to) {
		struct score s;
		int measure = v[i].measure;

		for (to = i + 1; to < n && v[to].measure == measure;)
			to++;
		s = score_of(v + i, to - i);
		for (int by = RULE; by <= INTENT; by++) {
			if (!s.sum[by] && (by == INTENT || s.sum[INTENT]))
				continue;
			if (json)
				add_json(b, measure, &s, (enum by)by, first);
			else
				add_row(b, measure, &s, (enum by)by);
			first = false;
		}
	}
	if (json)
		str_add(b, "]}\n");
}

int eval_measures(const struct cmd_args *a, struct err *err)
{
	const char *truth = cmd_value(a, "truth"), *db = cmd_value(a, "db");
	struct measures_eval e = { 0 };
	struct str text = STR_INIT;
	int rc;

	if (!truth || !db)
		return err_set(err, ERR_USAGE, "expected --truth and --db");
	name_index(&e, "");
	rc = read_truth(&e, truth, err);
	if (rc >= 0)
		rc = read_counted(&e, db, err);
	if (rc >= 0) {
		compare(&e, cmd_has(a, "json"), &text);
		rc = eval_print(&text, err);
	}
	for (size_t i = 0; i < e.name.n; i++)
		free(e.name.v[i]);
	VEC_FREE(&e.name);
	VEC_FREE(&e.cell);
	VEC_FREE(&e.place);
	str_clear(&text);
	return rc;
}
