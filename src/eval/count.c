/* SPDX-License-Identifier: Apache-2.0 */
/* count.c -- how well crossings are counted. */
#include "eval/count.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

void count_score_bins(struct count_score *s, const int64_t *truth, const int64_t *counted,
		      size_t n)
{
	int64_t abs_sum = 0, sum = 0;
	double square = 0;

	*s = (struct count_score){ .bins = (int64_t)n };
	for (size_t i = 0; i < n; i++) {
		int64_t off = counted[i] - truth[i], a = off < 0 ? -off : off;

		s->truth += truth[i];
		s->counted += counted[i];
		s->empty_bins += truth[i] == 0 && counted[i] == 0;
		s->max_error = a > s->max_error ? a : s->max_error;
		abs_sum += a;
		sum += off;
		square += (double)a * (double)a;
	}
	if (n) {
		s->mae = (double)abs_sum / (double)n;
		s->rmse = sqrt(square / (double)n);
	}
	if (abs_sum) {
		s->wape = s->truth ? (double)abs_sum / (double)s->truth : NAN;
		s->bias = s->truth ? (double)sum / (double)s->truth : NAN;
	}
}

double count_closure(int64_t in, int64_t out)
{
	int64_t most = in > out ? in : out, off = in > out ? in - out : out - in;

	return most ? (double)off / (double)most : 0;
}

/* ---- one by one ---- */

/* Pairs so far, and the time between them. */
struct pairs {
	int64_t n, off_us;
};

static bool better(struct pairs a, struct pairs b)
{
	return a.n > b.n || (a.n == b.n && a.off_us < b.off_us);
}

/* The best pairs of two lists of times in order. On a line pairs need never cross each other,
 * so that the best of the first i and the first k follows from the best of fewer. */
static struct pairs pair_up(const int64_t *t, size_t n, const int64_t *c, size_t m,
			    int64_t tolerance_us)
{
	struct pairs *row = xcalloc(m + 1, sizeof(*row)), diagonal, best;

	for (size_t i = 0; i < n; i++) {
		diagonal = row[0];
		for (size_t k = 0; k < m; k++) {
			struct pairs above = row[k + 1];
			int64_t off = t[i] < c[k] ? c[k] - t[i] : t[i] - c[k];

			best = better(row[k], above) ? row[k] : above;
			if (off <= tolerance_us) {
				struct pairs p = { diagonal.n + 1, diagonal.off_us + off };

				best = better(p, best) ? p : best;
			}
			row[k + 1] = best;
			diagonal = above;
		}
	}
	best = row[m];
	free(row);
	return best;
}

/* One quarter of an hour, of all lines and directions that are asked for. */
struct quarter {
	int64_t off, diff, truth;            /* sums of |p - t|, p - t and t */
	int64_t matched, n_truth, n_counted; /* of the groups of crossings that begin in it */
};

static int64_t bin_of(int64_t t_us)
{
	int64_t q = t_us / COUNT_BIN_US;

	return t_us % COUNT_BIN_US < 0 ? q - 1 : q;
}

/* Where nothing lies within the tolerance of what follows, the lists fall apart: each part is
 * paired for itself. quarter: from first on. */
static struct pairs pair_all(const int64_t *t, size_t n, const int64_t *c, size_t m,
			     int64_t tolerance_us, struct quarter *quarter, int64_t first)
{
	struct pairs sum = { 0 };
	size_t i = 0, k = 0;

	while (i < n || k < m) {
		size_t from_i = i, from_k = k;
		int64_t end = k == m || (i < n && t[i] < c[k]) ? t[i] : c[k];
		struct quarter *q = &quarter[bin_of(end) - first];
		struct pairs p;

		while ((i < n && t[i] - end <= tolerance_us) ||
		       (k < m && c[k] - end <= tolerance_us)) {
			if (i < n && (k == m || t[i] <= c[k]))
				end = t[i++];
			else
				end = c[k++];
		}
		p = pair_up(t + from_i, i - from_i, c + from_k, k - from_k, tolerance_us);
		sum.n += p.n;
		sum.off_us += p.off_us;
		q->matched += p.n;
		q->n_truth += (int64_t)(i - from_i);
		q->n_counted += (int64_t)(k - from_k);
	}
	return sum;
}

/* ---- all of it ---- */

struct count_span count_span_of(const struct crossings *truth, const struct crossings *counted)
{
	const struct crossings *both[] = { truth, counted };
	struct count_span s = { INT64_MAX, INT64_MIN };

	for (int i = 0; i < 2; i++) {
		if (!both[i]->n)
			continue;
		s.from_us = both[i]->v[0].t_us < s.from_us ? both[i]->v[0].t_us : s.from_us;
		if (both[i]->v[both[i]->n - 1].t_us > s.to_us)
			s.to_us = both[i]->v[both[i]->n - 1].t_us;
	}
	return s;
}

/* The times of one line and direction, and how many fall into each bin. */
static size_t choose(const struct crossings *c, int line, bool in, int64_t first_bin,
		     int64_t *t, int64_t *bins)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (c->v[i].line != line || c->v[i].in != in)
			continue;
		t[n++] = c->v[i].t_us;
		bins[bin_of(c->v[i].t_us) - first_bin]++;
	}
	return n;
}

static double ratio(int64_t a, int64_t b)
{
	return b ? (double)a / (double)b : 1;
}

static void add_quarters(struct quarter *q, const int64_t *t, const int64_t *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t off = c[i] - t[i];

		q[i].off += off < 0 ? -off : off;
		q[i].diff += off;
		q[i].truth += t[i];
	}
}

static void figures(void *ctx, const size_t *pick, double *out)
{
	struct quarter *const *all = ctx, *end = all[1], sum = { 0 };

	for (struct quarter *at = all[0]; at < end; at++) {
		const struct quarter *q = all[0] + *pick++;

		sum.off += q->off;
		sum.diff += q->diff;
		sum.truth += q->truth;
		sum.matched += q->matched;
		sum.n_truth += q->n_truth;
		sum.n_counted += q->n_counted;
	}
	*out++ = !sum.off ? 0 : sum.truth ? (double)sum.off / (double)sum.truth : NAN;
	*out++ = !sum.diff ? 0 : sum.truth ? (double)sum.diff / (double)sum.truth : NAN;
	*out++ = ratio(2 * sum.matched, sum.n_truth + sum.n_counted);
}

static void set_ranges(struct count_score *s, struct quarter *quarter, size_t n)
{
	struct quarter *all[2] = { quarter, quarter + n };
	struct interval v[3];

	resample(n, 3, figures, all, v);
	s->wape_range = v[0];
	s->bias_range = v[1];
	s->f1_range = v[2];
}

void count_score(struct count_score *s, const struct crossings *truth,
		 const struct crossings *counted, int n_lines, int line, int in,
		 struct count_span span, double tolerance_s)
{
	int64_t tolerance_us = llrint(tolerance_s * 1e6), first = 0;
	size_t n_bins = 0, used = 0;
	int64_t *t = xcalloc(truth->n + 1, sizeof(*t)), *t_bin;
	int64_t *c = xcalloc(counted->n + 1, sizeof(*c)), *c_bin;
	struct pairs pairs = { 0 };
	struct quarter *quarter;

	if (span.from_us <= span.to_us) {
		first = bin_of(span.from_us);
		n_bins = (size_t)(bin_of(span.to_us) - first + 1);
	}
	t_bin = xcalloc(n_bins * 2 * (size_t)n_lines + 1, sizeof(*t_bin));
	c_bin = xcalloc(n_bins * 2 * (size_t)n_lines + 1, sizeof(*c_bin));
	quarter = xcalloc(n_bins + 1, sizeof(*quarter));
	for (int l = 0; l < n_lines; l++)
		for (int way = 0; way < 2; way++) {
			struct pairs p;
			size_t n, m;

			if ((line >= 0 && l != line) || (in >= 0 && way != in))
				continue;
			n = choose(truth, l, way, first, t, t_bin + used);
			m = choose(counted, l, way, first, c, c_bin + used);
			add_quarters(quarter, t_bin + used, c_bin + used, n_bins);
			used += n_bins;
			p = pair_all(t, n, c, m, tolerance_us, quarter, first);
			pairs.n += p.n;
			pairs.off_us += p.off_us;
		}
	count_score_bins(s, t_bin, c_bin, used);
	s->matched = pairs.n;
	s->precision = ratio(pairs.n, s->counted);
	s->recall = ratio(pairs.n, s->truth);
	s->f1 = ratio(2 * pairs.n, s->counted + s->truth);
	s->off_s = pairs.n ? (double)pairs.off_us / 1e6 / (double)pairs.n : 0;
	free(t);
	free(c);
	set_ranges(s, quarter, n_bins);
	free(t_bin);
	free(c_bin);
	free(quarter);
}
