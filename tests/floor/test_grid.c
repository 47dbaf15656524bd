/* SPDX-License-Identifier: Apache-2.0 */
/* test_grid.c -- the cells of a floor, and what a person there covers of the picture. */
#include "floor/grid.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define W 320
#define H 180

static const struct grid_opts opts = {
	.img_w = 2 * W, .img_h = 2 * H, .w = W, .h = H, .factor = 2, .step_m = 0.2, .min_px = 16
};

static struct lens oblique(void)
{
	struct lens l;

	lens_look(&l, 2 * W, 2 * H, 80, 0, (struct pt_room){ 5, 0.4, 3 },
		  (struct pt_room){ 5, 5, 0.6 }, 0);
	return l;
}

static struct lens overhead(void)
{
	struct lens l;

	lens_look(&l, 2 * W, 2 * H, 95, -0.05, (struct pt_room){ 5, 5, 3.4 },
		  (struct pt_room){ 5, 5, 0 }, 0);
	return l;
}

static const struct grid_cell *cell_near(const struct grid *g, double x, double y)
{
	const struct grid_cell *best = NULL;
	double d = 0.15;

	for (int i = 0; i < g->n; i++)
		if (hypot(g->cell[i].at.x - x, g->cell[i].at.y - y) < d) {
			best = &g->cell[i];
			d = hypot(best->at.x - x, best->at.y - y);
		}
	return best;
}

/* Where a point of the room is in the analysis picture. */
static struct pt_px seen(const struct lens *l, struct pt_m at, double z)
{
	double px[2];

	assert_true(lens_project(l, (struct pt_room){ at.x, at.y, z }, px, NULL));
	return (struct pt_px){ px[0] / 2, px[1] / 2 };
}

static bool covers(const struct grid *g, const struct grid_cell *c, struct pt_px p)
{
	int row = (int)floor(p.y) - c->y0, x = (int)floor(p.x);
	const struct grid_span *s;

	if (row < 0 || row >= c->n_rows)
		return false;
	s = &g->span[c->first + row];
	return x >= s->x0 && x < s->x1;
}

static void a_person_is_from_his_feet_to_his_head(void **state)
{
	struct lens lens[] = { oblique(), overhead() };
	(void)state;

	for (int k = 0; k < 2; k++) {
		struct grid g;
		const struct grid_cell *c;

		grid_init(&g, &lens[k], &opts);
		c = cell_near(&g, 5.8, 5.6);
		assert_non_null(c);
		for (double z = 0.1; z < 1.7; z += 0.1)
			assert_true(covers(&g, c, seen(&lens[k], c->at, z)));
		assert_false(covers(&g, c, seen(&lens[k], c->at, 2.1)));
		assert_true(fabs(c->foot.x - seen(&lens[k], c->at, 0).x) < 1e-9);
		assert_true(c->area == c->visible);
		grid_clear(&g);
	}
}

static void spans_are_in_the_picture_and_their_core_in_them(void **state)
{
	struct lens lens[] = { oblique(), overhead() };
	(void)state;

	for (int k = 0; k < 2; k++) {
		struct grid g;

		grid_init(&g, &lens[k], &opts);
		assert_true(g.n > 100);
		for (int i = 0; i < g.n; i++) {
			const struct grid_cell *c = &g.cell[i];
			int n = 0;

			assert_ptr_equal(grid_at(&g, c->col, c->row), c);
			assert_true(c->y0 >= 0 && c->y0 + c->n_rows <= H);
			for (int r = 0; r < c->n_rows; r++) {
				struct grid_span s = g.span[c->first + r];

				assert_true(s.x0 >= 0 && s.x0 <= s.x1 && s.x1 <= W);
				assert_true(s.core0 >= 0 && s.core0 <= s.core1);
				if (s.core1 > s.core0)
					assert_true(s.x0 <= s.core0 && s.core1 <= s.x1);
				n += s.x1 - s.x0 + GRID_CORE * (s.core1 - s.core0);
			}
			assert_int_equal(n, c->visible);
			assert_true(c->visible <= c->area);
		}
		grid_clear(&g);
	}
}

/* The yardstick: as far across the view, at the foot, as a person is high. */
static void a_body_is_a_length_at_the_foot(void **state)
{
	struct lens l = overhead();
	const struct grid_cell *c;
	struct grid g;
	(void)state;

	grid_init(&g, &l, &opts);
	c = cell_near(&g, 5, 5);
	assert_non_null(c);
	assert_true(fabs(seen(&l, (struct pt_m){ 5.1, 5 }, 0).x -
			 seen(&l, (struct pt_m){ 4.9, 5 }, 0).x -
			 0.2 / GRID_PERSON_M * c->body) < 0.1);
	grid_clear(&g);
}

static void nobody_is_looked_for_behind_the_camera_or_too_far(void **state)
{
	struct lens l = oblique();
	struct grid g;
	(void)state;

	grid_init(&g, &l, &opts);
	for (int i = 0; i < g.n; i++) {
		assert_true(g.cell[i].at.y > 0.4);
		assert_true(fmax(g.cell[i].box.h, g.cell[i].box.w) >= 16);
	}
	assert_null(grid_at(&g, -1, 0));
	assert_null(grid_at(&g, 0, g.rows));
	grid_clear(&g);
}

/* A camera high above a large square: the cells get coarser, and none is left out. */
static void a_large_floor_has_coarser_cells(void **state)
{
	struct grid_opts o = opts;
	struct grid g;
	struct lens l;
	(void)state;

	lens_look(&l, 2 * W, 2 * H, 120, 0, (struct pt_room){ 0, 0, 20 },
		  (struct pt_room){ 0, 0, 0 }, 0);
	o.min_px = 1;
	o.step_m = 0.1;
	grid_init(&g, &l, &o);
	assert_true(g.step_m > 0.1);
	for (int x = -20; x <= 20; x += 5)
		for (int y = -10; y <= 10; y += 5) {
			const struct grid_cell *c = NULL;

			for (int i = 0; i < g.n && !c; i++)
				if (hypot(g.cell[i].at.x - x, g.cell[i].at.y - y) < g.step_m)
					c = &g.cell[i];
			assert_non_null(c);
		}
	grid_clear(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_person_is_from_his_feet_to_his_head),
		cmocka_unit_test(spans_are_in_the_picture_and_their_core_in_them),
		cmocka_unit_test(a_body_is_a_length_at_the_foot),
		cmocka_unit_test(nobody_is_looked_for_behind_the_camera_or_too_far),
		cmocka_unit_test(a_large_floor_has_coarser_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
