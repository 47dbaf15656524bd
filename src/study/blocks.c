/* SPDX-License-Identifier: Apache-2.0 */
/* blocks.c -- days made comparable and put together in blocks. */
#include "study/blocks.h"

#include "base/real.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIT_ROUNDS 100 /* at most; it is good enough when nothing moves by FIT_MOVE */
#define FIT_MOVE 1e-9

/* ---- Level: what is expected of each day ---- */

struct factors {
	double arm[2], weekday[7], hour[TRIAL_HOURS];
};

static double expected(const struct factors *f, const struct trial_day *d, int h, double den)
{
	return den * f->arm[d->arm] * f->weekday[d->weekday] * f->hour[h];
}

/* Where a factor of hour h on a day is kept: turn 0 arm, 1 weekday, 2 hour. */
static double *factor(struct factors *f, int turn, const struct trial_day *d, int h)
{
	return turn == 0 ? &f->arm[d->arm] : turn == 1 ? &f->weekday[d->weekday] : &f->hour[h];
}

static void ones(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = 1;
}

#define N_FACTORS (sizeof(struct factors) / sizeof(double))

static double counted(const struct level_model *how, const struct trial_day *d, double num)
{
	return d->arm == ARM_B ? num * how->b_times : num;
}

/* One margin is made to fit: each of its factors times (sum counted / sum expected). Returns
 * how much the one that moved most did. */
static double scale(struct factors *f, int turn, const struct level_model *how,
		    const struct trial *t, const struct panel *p)
{
	struct factors seen = { 0 }, want = { 0 };
	double moved = 0;

	for (int i = 0; i < t->n_day; i++)
		for (int h = 0; t->day[i].arm != ARM_NONE && h < TRIAL_HOURS; h++) {
			int k = i * TRIAL_HOURS + h;

			if (!(p->den[k] > 0))
				continue;
			*factor(&seen, turn, &t->day[i], h) +=
				counted(how, &t->day[i], p->num[k]);
			*factor(&want, turn, &t->day[i], h) +=
				expected(f, &t->day[i], h, p->den[k]);
		}
	for (size_t i = 0; i < N_FACTORS; i++)
		if (((double *)&want)[i] > 0) {
			double by = ((double *)&seen)[i] / ((double *)&want)[i];

			((double *)f)[i] *= by;
			moved = fmax(moved, fabs(by - 1));
		}
	return moved;
}

/* y: counted, m: expected without the arm, per day; both 0 for a day that is left out. */
static void fit(const struct trial *t, const struct panel *p, const struct level_model *how,
		double *y, double *m)
{
	double moved = 1;
	struct factors f;

	ones((double *)&f, N_FACTORS);
	for (int i = 0; i < FIT_ROUNDS && moved > FIT_MOVE; i++) {
		moved = how->arm ? scale(&f, 0, how, t, p) : 0;
		moved = fmax(moved, scale(&f, 1, how, t, p));
		moved = fmax(moved, scale(&f, 2, how, t, p));
	}
	f.arm[ARM_A] = f.arm[ARM_B] = 1;
	for (int i = 0; i < t->n_day; i++) {
		y[i] = m[i] = 0;
		for (int h = 0; t->day[i].arm != ARM_NONE && h < TRIAL_HOURS; h++) {
			int k = i * TRIAL_HOURS + h;

			if (!(p->den[k] > 0))
				continue;
			y[i] += counted(how, &t->day[i], p->num[k]);
			m[i] += expected(&f, &t->day[i], h, p->den[k]);
		}
	}
}

/* ---- Blocks ---- */

void blocks_clear(struct blocks *b)
{
	free(b->v);
	free(b->arm);
	free(b->residual);
}

/* Adds sign * log(y / m) to the blocks' values and the days' residuals. */
static int add_levels(struct blocks *b, const struct trial *t, const struct panel *p,
		      const struct level_model *how, double sign, struct err *err)
{
	double *y = xcalloc((size_t)t->n_day + 1, sizeof(*y)),
	       *m = xcalloc((size_t)t->n_day + 1, sizeof(*m)),
	       *sum = xcalloc((size_t)t->n_block + 1, 2 * sizeof(*sum));
	int rc = 0;

	fit(t, p, how, y, m);
	for (int i = 0; i < t->n_day; i++) {
		bool used = t->day[i].arm != ARM_NONE && m[i] > 0;

		b->residual[i] += used && y[i] > 0 ? sign * real_log(y[i] / m[i]) : NAN;
		if (!used)
			continue;
		sum[2 * t->day[i].block] += y[i];
		sum[2 * t->day[i].block + 1] += m[i];
		b->arm[t->day[i].block] = t->day[i].arm;
	}
	for (int g = 0; g < t->n_block && rc == 0; g++) {
		if (sum[2 * g + 1] > 0 && !(sum[2 * g] > 0))
			rc = err_set(err, ERR_STATE,
				     "a block of days has nothing counted at all; this needs "
				     "longer blocks or a busier place");
		b->v[g] +=
			sum[2 * g + 1] > 0 ? sign * real_log(sum[2 * g] / sum[2 * g + 1]) : NAN;
	}
	free(y);
	free(m);
	free(sum);
	return rc;
}

int blocks_of(struct blocks *b, const struct trial *t, const struct panel *p,
	      const struct panel *control, const struct level_model *how, struct err *err)
{
	const struct level_model as_it_is = { how->arm, 1 };
	int rc;

	*b = (struct blocks){ .n = t->n_block, .n_day = t->n_day };
	b->v = xcalloc((size_t)t->n_block + 1, sizeof(*b->v));
	b->arm = xcalloc((size_t)t->n_block + 1, sizeof(*b->arm));
	b->residual = xcalloc((size_t)t->n_day + 1, sizeof(*b->residual));
	for (int g = 0; g < b->n; g++)
		b->arm[g] = ARM_NONE;
	rc = add_levels(b, t, p, how, 1, err);
	if (rc == 0 && control)
		rc = add_levels(b, t, control, &as_it_is, -1, err);
	return rc;
}

/* ---- What days have in common ---- */

double blocks_correlation(const struct blocks *b, const struct trial *t)
{
	double mean[2] = { 0, 0 }, var = 0, cov = 0, rho;
	int n[2] = { 0, 0 }, pairs = 0, days;

	for (int i = 0; i < t->n_day; i++)
		if (!isnan(b->residual[i])) {
			mean[t->day[i].arm] += b->residual[i];
			n[t->day[i].arm]++;
		}
	days = n[0] + n[1];
	for (int a = 0; a < 2; a++)
		mean[a] = n[a] ? mean[a] / n[a] : 0;
	for (int i = 0; i < t->n_day; i++) {
		double r;

		if (isnan(b->residual[i]))
			continue;
		r = b->residual[i] - mean[t->day[i].arm];
		var += r * r;
		if (i + 1 < t->n_day && !isnan(b->residual[i + 1])) {
			cov += r * (b->residual[i + 1] - mean[t->day[i + 1].arm]);
			pairs++;
		}
	}
	if (pairs < 4 || !(var > 0))
		return 0;
	rho = cov / pairs / (var / days);
	/* Two means taken off pull it down by about (1 + 3 rho) / n each half: Kendall. */
	rho += (1 + 3 * rho) / days * (n[1] ? 2 : 1);
	return fmin(fmax(rho, 0), 0.8);
}

void blocks_variances(const struct block_layout *l, double rho, double *of_difference,
		      double *within)
{
	int n_arm[2] = { 0, 0 };
	int *size = xcalloc((size_t)l->n_block + 1, sizeof(*size));
	int last = l->n ? l->at[l->n - 1] : 0;
	double *fade = xcalloc((size_t)last + 1, sizeof(*fade));
	double arm_sum[2] = { 0, 0 }, own = 0, across = 0;

	fade[0] = 1;
	for (int i = 1; i <= last; i++)
		fade[i] = fade[i - 1] * rho;
	for (int i = 0; i < l->n; i++)
		size[l->block[i]]++;
	for (int g = 0; g < l->n_block; g++)
		if (l->arm[g] != ARM_NONE)
			n_arm[l->arm[g]]++;
	for (int i = 0; i < l->n; i++)
		for (int k = 0; k < l->n; k++) {
			int g = l->block[i], h = l->block[k];
			double c = fade[abs(l->at[i] - l->at[k])];

			if (l->arm[g] == ARM_NONE || l->arm[h] == ARM_NONE)
				continue;
			c /= (double)size[g] * size[h];
			own += g == h ? c : 0;
			if (l->arm[g] == l->arm[h])
				arm_sum[l->arm[g]] += c;
			else
				across += c / n_arm[0] / n_arm[1];
		}
	*of_difference = -across;
	*within = own;
	for (int a = 0; a < 2; a++)
		if (n_arm[a]) {
			*of_difference += arm_sum[a] / n_arm[a] / n_arm[a];
			*within -= arm_sum[a] / n_arm[a];
		}
	*within /= n_arm[0] + n_arm[1] - (n_arm[0] > 0) - (n_arm[1] > 0);
	free(size);
	free(fade);
}

struct block_layout blocks_layout(const struct trial *t, const struct blocks *b)
{
	struct block_layout l = { .n_block = b->n, .arm = b->arm };

	l.at = xcalloc((size_t)t->n_day + 1, sizeof(*l.at));
	l.block = xcalloc((size_t)t->n_day + 1, sizeof(*l.block));
	for (int i = 0; i < t->n_day; i++)
		if (!isnan(b->residual[i])) {
			l.at[l.n] = i;
			l.block[l.n++] = t->day[i].block;
		}
	return l;
}

void blocks_layout_clear(struct block_layout *l)
{
	free(l->at);
	free(l->block);
}
