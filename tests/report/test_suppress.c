/* SPDX-License-Identifier: Apache-2.0 */
/* test_suppress.c -- what a reader of a table can work out from what is shown. */
#include "base/rng.h"
#include "report/suppress.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N_MAX 7
#define CELLS ((N_MAX + 1) * (N_MAX + 1))
#define K 5

struct shown {
	int rows, cols; /* without totals */
	int64_t v[CELLS];
	bool known[CELLS]; /* to every reader; rows x cols, without totals */
	bool hidden[CELLS];
};

static int at(const struct shown *s, int r, int c)
{
	return r * (s->cols + 1) + c;
}

static int64_t value(const struct shown *s, int r, int c)
{
	int64_t sum = 0;

	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->cols; j++)
			if ((r == s->rows || r == i) && (c == s->cols || c == j))
				sum += s->v[i * s->cols + j];
	return sum;
}

/* The attacker: Gauss-Jordan on the equations of rows and columns in the hidden cells. A cell
 * is known when an equation is left with it alone. */
static bool can_work_out(const struct shown *s, int *which)
{
	double m[2 * N_MAX + 2][CELLS] = { { 0 } };
	int n = 0, eq = s->rows + s->cols + 2, id[CELLS], done = 0;

	for (int r = 0; r <= s->rows; r++)
		for (int c = 0; c <= s->cols; c++) {
			bool known = r < s->rows && c < s->cols && s->known[r * s->cols + c];

			id[at(s, r, c)] = s->hidden[at(s, r, c)] && !known ? n++ : -1;
		}
	for (int r = 0; r <= s->rows; r++)
		for (int c = 0; c <= s->cols; c++)
			if (id[at(s, r, c)] >= 0) {
				m[r][id[at(s, r, c)]] = c == s->cols ? -1 : 1;
				m[s->rows + 1 + c][id[at(s, r, c)]] = r == s->rows ? -1 : 1;
			}
	for (int col = 0; col < n && done < eq; col++) {
		int pivot = done;

		while (pivot < eq && fabs(m[pivot][col]) < 1e-9)
			pivot++;
		if (pivot == eq)
			continue;
		for (int k = 0; k < n; k++) {
			double t = m[pivot][k];

			m[pivot][k] = m[done][k];
			m[done][k] = t;
		}
		for (int r = 0; r < eq; r++) {
			double f = r == done ? 0 : m[r][col] / m[done][col];

			for (int k = 0; k < n && f != 0; k++)
				m[r][k] -= f * m[done][k];
		}
		done++;
	}
	for (int r = 0; r < done; r++) {
		int terms = 0, last = -1;

		for (int k = 0; k < n; k++)
			if (fabs(m[r][k]) > 1e-9) {
				terms++;
				last = k;
			}
		if (terms == 1) {
			*which = last;
			return true;
		}
	}
	return false;
}

/* Whether what is hidden of a line with a shown total is fewer than K people. */
static bool few_hidden(const struct shown *s, bool row, int line)
{
	int64_t sum = 0;
	int n = row ? s->cols : s->rows, any = 0;

	if (s->hidden[row ? at(s, line, n) : at(s, n, line)])
		return false;
	for (int i = 0; i < n; i++) {
		int r = row ? line : i, c = row ? i : line;

		if (s->hidden[at(s, r, c)]) {
			any++;
			sum += value(s, r, c);
		}
	}
	return any && sum < K;
}

static void check(const struct shown *s)
{
	int which;

	for (int r = 0; r <= s->rows; r++)
		for (int c = 0; c <= s->cols; c++) {
			int64_t v = value(s, r, c);

			assert_true(s->hidden[at(s, r, c)] || v == 0 || v >= K);
		}
	assert_false(can_work_out(s, &which));
	for (int r = 0; r <= s->rows; r++)
		assert_false(few_hidden(s, true, r));
	for (int c = 0; c <= s->cols; c++)
		assert_false(few_hidden(s, false, c));
}

static void nothing_gives_a_small_cell_away(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 6, 0);
	for (int n = 0; n < 5000; n++) {
		struct shown s = { .rows = 1 + (int)rng_below(&rng, N_MAX),
				   .cols = 1 + (int)rng_below(&rng, N_MAX) };
		uint32_t most = 1 + rng_below(&rng, 40);

		for (int i = 0; i < s.rows * s.cols; i++)
			s.v[i] = rng_below(&rng, 3) ? (int64_t)rng_below(&rng, most) : 0;
		suppress_table(s.v, NULL, s.rows, s.cols, K, s.hidden);
		check(&s);
	}
}

/* As of a table from zone to zone, whose diagonal everybody knows to be 0. */
static void what_all_know_hides_nothing(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 7, 0);
	for (int n = 0; n < 5000; n++) {
		int size = 2 + (int)rng_below(&rng, N_MAX - 1);
		struct shown s = { .rows = size, .cols = size };
		uint32_t most = 1 + rng_below(&rng, 40);

		for (int i = 0; i < size * size; i++) {
			s.known[i] = i % (size + 1) == 0;
			s.v[i] = !s.known[i] && rng_below(&rng, 3)
					 ? (int64_t)rng_below(&rng, most)
					 : 0;
		}
		suppress_table(s.v, s.known, size, size, K, s.hidden);
		check(&s);
	}
}

static void hides_no_more_than_it_must(void **state)
{
	static const int64_t large[] = { 10, 20, 0, 30, 7, 5 };
	static const int64_t one[] = { 9, 3, 40, 8, 50, 60, 70, 80, 90 };
	bool hidden[16];
	int n = 0;

	(void)state;
	suppress_table(large, NULL, 2, 3, K, hidden);
	for (int i = 0; i < 12; i++)
		assert_false(hidden[i]);
	/* 3 in the first row: 9 in the row, and a rectangle with the cheapest row below */
	suppress_table(one, NULL, 3, 3, K, hidden);
	for (int i = 0; i < 16; i++)
		n += hidden[i];
	assert_int_equal(n, 4);
	assert_true(hidden[0] && hidden[1] && hidden[4] && hidden[5]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_gives_a_small_cell_away),
		cmocka_unit_test(what_all_know_hides_nothing),
		cmocka_unit_test(hides_no_more_than_it_must),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
