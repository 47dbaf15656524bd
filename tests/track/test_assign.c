/* SPDX-License-Identifier: Apache-2.0 */
/* test_assign.c -- the pairing is the best one there is. */
#include "track/assign.h"

#include "base/vec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SIDE 6

static uint64_t seed = 1;

/* SplitMix64. */
static uint64_t next_random(void)
{
	uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct best {
	int pairs;
	double cost;
};

/* Tries every pairing of the rows from row on; used: bit per column. */
static void try_all(const double *cost, int rows, int cols, int row, unsigned used,
		    struct best now, struct best *best)
{
	if (row == rows) {
		if (now.pairs > best->pairs ||
		    (now.pairs == best->pairs && now.cost < best->cost))
			*best = now;
		return;
	}
	try_all(cost, rows, cols, row + 1, used, now, best);
	for (int c = 0; c < cols; c++) {
		double x = cost[row * cols + c];

		if (used & 1u << c || x >= ASSIGN_FORBIDDEN)
			continue;
		try_all(cost, rows, cols, row + 1, used | 1u << c,
			(struct best){ now.pairs + 1, now.cost + x }, best);
	}
}

/* What a pairing is worth; also checks that it is one. */
static struct best worth(const double *cost, int rows, int cols, const int *row_to_col)
{
	struct best b = { 0, 0 };
	unsigned used = 0;

	for (int r = 0; r < rows; r++) {
		int c = row_to_col[r];

		if (c < 0)
			continue;
		assert_in_range(c, 0, cols - 1);
		assert_false(used & 1u << c);
		assert_true(cost[r * cols + c] < ASSIGN_FORBIDDEN);
		used |= 1u << c;
		b.pairs++;
		b.cost += cost[r * cols + c];
	}
	return b;
}

static void random_costs(double *cost, int n)
{
	uint64_t forbidden = next_random() % 10, kind = next_random() % 3;

	for (int i = 0; i < n; i++) {
		cost[i] = kind == 0 ? (double)(next_random() % 4)
				    : (double)(next_random() % 2000001) / 1000 - 1000;
		if (kind == 2)
			cost[i] *= 1e5;
		if (next_random() % 10 < forbidden)
			cost[i] = ASSIGN_FORBIDDEN;
	}
}

static void equals_brute_force(void **state)
{
	struct assign_work *w = assign_work_new(SIDE, SIDE);
	double cost[SIDE * SIDE];
	int got[SIDE];

	(void)state;
	for (int i = 0; i < 6000; i++) {
		int rows = (int)(next_random() % SIDE) + 1;
		int cols = (int)(next_random() % SIDE) + 1;
		struct best best = { -1, 0 }, mine;

		random_costs(cost, rows * cols);
		assign_with(w, cost, rows, cols, got);
		mine = worth(cost, rows, cols, got);
		try_all(cost, rows, cols, 0, 0, (struct best){ 0, 0 }, &best);
		assert_int_equal(mine.pairs, best.pairs);
		assert_true(fabs(mine.cost - best.cost) <= 1e-9 * (1 + fabs(best.cost)));
	}
	assign_work_free(w);
}

/* As many pairs as possible come before a low cost. */
static void more_pairs_beat_cheaper_ones(void **state)
{
	const double cost[] = { -1e6,
				5e8,
				ASSIGN_FORBIDDEN, /**/
				7,
				ASSIGN_FORBIDDEN,
				ASSIGN_FORBIDDEN };
	int got[2];

	(void)state;
	assign(cost, 2, 3, got);
	assert_int_equal(got[0], 1);
	assert_int_equal(got[1], 0);
}

static void ties_go_to_the_lower_index(void **state)
{
	double cost[5 * 5] = { 0 };
	int got[5];

	(void)state;
	assign(cost, 3, 5, got);
	for (int i = 0; i < 3; i++)
		assert_int_equal(got[i], i);
	assign(cost, 5, 3, got);
	for (int i = 0; i < 5; i++)
		assert_int_equal(got[i], i < 3 ? i : -1);
}

static void nothing_to_pair(void **state)
{
	const double none[4] = { ASSIGN_FORBIDDEN, ASSIGN_FORBIDDEN, 2e9, INFINITY };
	int got[2] = { 7, 7 };

	(void)state;
	assign(none, 2, 2, got);
	assert_int_equal(got[0], -1);
	assert_int_equal(got[1], -1);
	got[0] = 7;
	assign(none, 1, 0, got);
	assert_int_equal(got[0], -1);
	assign(none, 0, 1, got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_brute_force),
		cmocka_unit_test(more_pairs_beat_cheaper_ones),
		cmocka_unit_test(ties_go_to_the_lower_index),
		cmocka_unit_test(nothing_to_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
