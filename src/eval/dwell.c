/* SPDX-License-Identifier: Apache-2.0 */
/* dwell.c -- how well visits to zones are found, and how long they last. */
#include "eval/dwell.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "eval/csv.h"
#include "track/assign.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_US (15 * CLOCK_MINUTE_US)

void visits_clear(struct visits *v)
{
	VEC_FREE(v);
}

/* ---- reading ---- */

struct columns {
	int from, to, zone;     /* of visits */
	int kind, event, dwell; /* of events, whose time is `to`; kind: -1 otherwise */
};

static int find_columns(const struct csv *csv, struct columns *c, struct err *err)
{
	c->kind = csv_find(csv, "kind");
	if (c->kind < 0) {
		if ((c->from = csv_need(csv, "from_utc", NULL, err)) < 0)
			return c->from;
		if ((c->to = csv_need(csv, "to_utc", NULL, err)) < 0)
			return c->to;
		return c->zone = csv_need(csv, "zone", NULL, err);
	}
	if ((c->to = csv_need(csv, "t_utc", NULL, err)) < 0)
		return c->to;
	if ((c->event = csv_need(csv, "event", NULL, err)) < 0)
		return c->event;
	if ((c->dwell = csv_need(csv, "dwell_s", NULL, err)) < 0)
		return c->dwell;
	return c->zone = csv_need(csv, "name", NULL, err);
}

static int read_row(struct visits *out, struct names *names, const struct csv *csv,
		    const struct columns *c, struct err *err)
{
	char *const *f = csv->field;
	struct visit v;
	double dwell_s;
	int rc;

	if (c->kind >= 0 && (strcmp(f[c->kind], "zone") != 0 || strcmp(f[c->event], "leave")))
		return 0;
	rc = clock_parse(f[c->to], &v.to_us, err);
	if (rc >= 0 && c->kind < 0)
		rc = clock_parse(f[c->from], &v.from_us, err);
	if (rc < 0)
		return rc;
	if (c->kind >= 0) {
		if (!str_to_double(f[c->dwell], &dwell_s) || dwell_s < 0 || dwell_s > 1e7)
			return err_set(err, ERR_FORMAT,
				       "dwell_s is '%.40s', expected a number of seconds",
				       f[c->dwell]);
		v.from_us = v.to_us - llrint(dwell_s * 1e6);
	}
	if (v.to_us < v.from_us)
		return err_set(err, ERR_RANGE, "to_utc is before from_utc");
	v.zone = names_index(names, f[c->zone], err);
	if (v.zone < 0)
		return v.zone;
	*VEC_PUSH(out) = v;
	return 0;
}

static int by_zone_and_time(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;

	if (x->zone != y->zone)
		return x->zone < y->zone ? -1 : 1;
	if (x->from_us != y->from_us)
		return x->from_us < y->from_us ? -1 : 1;
	return (x->to_us > y->to_us) - (x->to_us < y->to_us);
}

int visits_read(struct visits *out, struct names *names, const char *path, struct err *err)
{
	struct visits visits = { 0 };
	struct csv csv = { 0 };
	struct columns c = { 0 };
	int rc = csv_open(&csv, path, err);

	if (rc < 0)
		return rc;
	rc = find_columns(&csv, &c, err);
	while (rc >= 0 && (rc = csv_next(&csv, err)) > 0)
		if ((rc = read_row(&visits, names, &csv, &c, err)) < 0)
			err_ctx(err, "line %zu", csv.line);
	csv_close(&csv);
	if (rc < 0) {
		err_ctx(err, "'%s'", path);
		visits_clear(&visits);
		return rc;
	}
	if (visits.n)
		qsort(visits.v, visits.n, sizeof(*visits.v), by_zone_and_time);
	*out = visits;
	return 0;
}

/* ---- pairs ---- */

/* A true and a counted visit that overlap enough. */
struct pair {
	size_t t, c;
	double share;
};

struct pairs {
	struct pair *v;
	size_t n, cap;
};

static double share_of(const struct visit *a, const struct visit *b)
{
	int64_t from = a->from_us > b->from_us ? a->from_us : b->from_us;
	int64_t to = a->to_us < b->to_us ? a->to_us : b->to_us;
	int64_t first = a->from_us < b->from_us ? a->from_us : b->from_us;
	int64_t last = a->to_us > b->to_us ? a->to_us : b->to_us;

	if (a->zone != b->zone || to < from)
		return 0;
	return last > first ? (double)(to - from) / (double)(last - first) : 1;
}

/* Visits are by zone and beginning: of those behind `c` none can overlap `t` any more. */
static bool is_past(const struct visit *t, const struct visit *c)
{
	return c->zone > t->zone || (c->zone == t->zone && c->from_us > t->to_us);
}

static void find_pairs(struct pairs *out, const struct visits *truth,
		       const struct visits *counted)
{
	size_t first = 0;

	for (size_t t = 0; t < truth->n; t++) {
		const struct visit *a = &truth->v[t];

		while (first < counted->n && counted->v[first].zone < a->zone)
			first++;
		for (size_t c = first; c < counted->n && !is_past(a, &counted->v[c]); c++) {
			double share = share_of(a, &counted->v[c]);

			if (share >= DWELL_OVERLAP)
				*VEC_PUSH(out) = (struct pair){ t, c, share };
		}
	}
}

static size_t root_of(size_t *parent, size_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* One group of visits that have only each other to be paired with: p[0 .. n-1], by t. to: by
 * true visit the counted one, or -1; column: by counted visit, for this function alone. */
static void pair_group(const struct pair *p, size_t n, ptrdiff_t *to, int *column)
{
	int rows = 0, columns = 0, *match;
	double *cost;
	size_t *row_t = xcalloc(n, sizeof(*row_t)), *column_c = xcalloc(n, sizeof(*column_c));

	for (size_t i = 0; i < n; i++) {
		if (!rows || row_t[rows - 1] != p[i].t)
			row_t[rows++] = p[i].t;
		if (column[p[i].c] < 0) {
			column_c[columns] = p[i].c;
			column[p[i].c] = columns++;
		}
	}
	cost = xcalloc((size_t)rows * (size_t)columns, sizeof(*cost));
	match = xcalloc((size_t)rows, sizeof(*match));
	for (size_t i = 0, r = 0; i < n; i++) {
		r += row_t[r] != p[i].t;
		cost[r * (size_t)columns + (size_t)column[p[i].c]] = -p[i].share;
	}
	assign(cost, rows, columns, match);
	for (int r = 0; r < rows; r++)
		if (match[r] >= 0 && cost[r * columns + match[r]] < 0)
			to[row_t[r]] = (ptrdiff_t)column_c[match[r]];
	free(match);
	free(cost);
	free(row_t);
	free(column_c);
}

/* By root of the group, then by true visit. */
struct rooted {
	size_t root;
	struct pair pair;
};

static int by_root(const void *a, const void *b)
{
	const struct rooted *x = a, *y = b;

	if (x->root != y->root)
		return x->root < y->root ? -1 : 1;
	if (x->pair.t != y->pair.t)
		return x->pair.t < y->pair.t ? -1 : 1;
	return (x->pair.c > y->pair.c) - (x->pair.c < y->pair.c);
}

/* Puts pairs of one group side by side; *root: of each pair. */
static size_t *group_pairs(struct pairs *p, size_t n_truth, size_t n_counted)
{
	size_t *parent = xcalloc(n_truth + n_counted + 1, sizeof(*parent));
	size_t *root = xcalloc(p->n + 1, sizeof(*root));
	struct rooted *v = xcalloc(p->n + 1, sizeof(*v));

	for (size_t i = 0; i < n_truth + n_counted; i++)
		parent[i] = i;
	for (size_t i = 0; i < p->n; i++)
		parent[root_of(parent, p->v[i].t)] = root_of(parent, n_truth + p->v[i].c);
	for (size_t i = 0; i < p->n; i++)
		v[i] = (struct rooted){ root_of(parent, p->v[i].t), p->v[i] };
	qsort(v, p->n, sizeof(*v), by_root);
	for (size_t i = 0; i < p->n; i++) {
		p->v[i] = v[i].pair;
		root[i] = v[i].root;
	}
	free(v);
	free(parent);
	return root;
}

/* By true visit: its counted one, or -1. The caller frees. */
static ptrdiff_t *pair_visits(const struct visits *truth, const struct visits *counted)
{
	ptrdiff_t *to = xcalloc(truth->n + 1, sizeof(*to));
	int *column = xcalloc(counted->n + 1, sizeof(*column));
	struct pairs p = { 0 };
	size_t *root;

	for (size_t i = 0; i < truth->n; i++)
		to[i] = -1;
	for (size_t i = 0; i < counted->n; i++)
		column[i] = -1;
	find_pairs(&p, truth, counted);
	root = group_pairs(&p, truth->n, counted->n);
	for (size_t i = 0, end; i < p.n; i = end) {
		for (end = i; end < p.n && root[end] == root[i]; end++)
			;
		pair_group(p.v + i, end - i, to, column);
	}
	free(root);
	VEC_FREE(&p);
	free(column);
	return to;
}

/* ---- figures ---- */

/* A quarter of an hour. */
struct quarter {
	double n, truth, off, diff, truth_s;
};

struct lengths {
	double off, relative, diff, truth;
};

static struct lengths add_up(const double *t, const double *c, size_t n)
{
	struct lengths s = { 0 };

	for (size_t i = 0; i < n; i++) {
		s.off += fabs(c[i] - t[i]);
		s.relative += t[i] > 0 ? fabs(c[i] - t[i]) / t[i] : 0;
		s.diff += c[i] - t[i];
		s.truth += t[i];
	}
	return s;
}

void dwell_score_pairs(struct dwell_score *s, const double *truth_s, const double *counted_s,
		       size_t n)
{
	struct lengths sum = add_up(truth_s, counted_s, n);
	double all = n ? (double)n : (double)NAN;

	s->mae_s = sum.off / all;
	s->mape = sum.relative / all;
	s->wape = sum.truth > 0 ? sum.off / sum.truth : (double)NAN;
	s->bias_s = sum.diff / all;
}

struct quarters {
	struct quarter *v;
	size_t n;
};

static void figures(void *ctx, const size_t *pick, double *out)
{
	const struct quarters *all = ctx;
	struct quarter s = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		const struct quarter *q = &all->v[pick[i]];

		s.n += q->n;
		s.truth += q->truth;
		s.off += q->off;
		s.diff += q->diff;
		s.truth_s += q->truth_s;
	}
	out[0] = s.n > 0 ? s.off / s.n : (double)NAN;
	out[1] = s.truth_s > 0 ? s.off / s.truth_s : (double)NAN;
	out[2] = s.n > 0 ? s.diff / s.n : (double)NAN;
	out[3] = s.truth > 0 ? s.n / s.truth : (double)NAN;
}

static void set_ranges(struct dwell_score *s, const struct visits *truth,
		       const struct visits *counted, const ptrdiff_t *to, int zone)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	struct quarters all = { 0 };
	struct interval v[4];

	for (size_t i = 0; i < truth->n; i++) {
		int64_t t = truth->v[i].from_us / BLOCK_US;

		first = t < first ? t : first;
		last = t > last ? t : last;
	}
	all.n = truth->n ? (size_t)(last - first) + 1 : 0;
	all.v = xcalloc(all.n + 1, sizeof(*all.v));
	for (size_t i = 0; i < truth->n; i++) {
		const struct visit *t = &truth->v[i], *c;
		struct quarter *q = &all.v[t->from_us / BLOCK_US - first];
		double t_s, c_s;

		if (zone >= 0 && t->zone != zone)
			continue;
		q->truth++;
		if (to[i] < 0)
			continue;
		c = &counted->v[to[i]];
		t_s = (double)(t->to_us - t->from_us) / 1e6;
		c_s = (double)(c->to_us - c->from_us) / 1e6;
		q->n++;
		q->off += fabs(c_s - t_s);
		q->diff += c_s - t_s;
		q->truth_s += t_s;
	}
	resample(all.n, 4, figures, &all, v);
	s->mae_range = v[0];
	s->wape_range = v[1];
	s->bias_range = v[2];
	s->recall_range = v[3];
	free(all.v);
}

static double ratio(int64_t a, int64_t b)
{
	return b ? (double)a / (double)b : 1;
}

void dwell_score(struct dwell_score *s, const struct visits *truth,
		 const struct visits *counted, int zone)
{
	ptrdiff_t *to = pair_visits(truth, counted);
	double *t_s = xcalloc(truth->n + 1, sizeof(*t_s));
	double *c_s = xcalloc(truth->n + 1, sizeof(*c_s));
	size_t n = 0;

	*s = (struct dwell_score){ 0 };
	for (size_t i = 0; i < counted->n; i++)
		s->counted += zone < 0 || counted->v[i].zone == zone;
	for (size_t i = 0; i < truth->n; i++) {
		const struct visit *t = &truth->v[i], *c;

		if (zone >= 0 && t->zone != zone)
			continue;
		s->truth++;
		if (to[i] < 0)
			continue;
		c = &counted->v[to[i]];
		t_s[n] = (double)(t->to_us - t->from_us) / 1e6;
		c_s[n++] = (double)(c->to_us - c->from_us) / 1e6;
	}
	s->matched = (int64_t)n;
	s->precision = ratio(s->matched, s->counted);
	s->recall = ratio(s->matched, s->truth);
	dwell_score_pairs(s, t_s, c_s, n);
	set_ranges(s, truth, counted, to, zone);
	free(to);
	free(t_s);
	free(c_s);
}
