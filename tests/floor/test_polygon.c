/* SPDX-License-Identifier: Apache-2.0 */
/* test_polygon.c -- what counting relies on, on thousands of paths that touch everything. */
#include "floor/polygon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#define ROUNDS 20000
#define MAX_POINTS 24

/* xorshift64*: the same numbers everywhere. */
static uint64_t seed;

static int upto(int n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (int)((seed * UINT64_C(2685821657736338717) >> 33) % (unsigned)n);
}

/* On a coarse grid, so that points fall on corners, edges and each other all the time. */
static struct pt_floor grid_point(int size)
{
	struct pt_floor p = { upto(size) - size / 2, upto(size) - size / 2 };

	return p;
}

static int grid_points(struct pt_floor *p, int size, int min)
{
	int n = min + upto(MAX_POINTS - min);

	for (int i = 0; i < n; i++)
		p[i] = grid_point(size);
	return n;
}

static int path_net(const struct pt_floor *v, int n, const struct pt_floor *path, int n_path,
		    bool y_down)
{
	int net = 0;

	for (int i = 1; i < n_path; i++)
		net += polyline_cross(v, n, path[i - 1], path[i], y_down);
	return net;
}

/* A simple polygon on the grid; false when the draw was none. */
static bool grid_polygon(struct pt_floor *v, int *n, int size)
{
	*n = 3 + upto(5);
	for (int i = 0; i < *n; i++)
		v[i] = grid_point(size);
	return polygon_simple(v, *n);
}

static void directions_are_as_documented(void **state)
{
	struct pt_floor picture[] = { { 0, .5 }, { 1, .5 } }, plan[] = { { 0, 0 }, { 4, 0 } };
	struct pt_floor up = { .5, .4 }, down = { .5, .6 };
	struct pt_floor north = { 2, 1 }, south = { 2, -1 };
	(void)state;

	assert_int_equal(polyline_cross(picture, 2, up, down, true), 1);
	assert_int_equal(polyline_cross(picture, 2, down, up, true), -1);
	assert_int_equal(polyline_cross(plan, 2, north, south, false), 1);
	assert_int_equal(polyline_cross(plan, 2, south, north, false), -1);
}

/* The finite line, not the endless one through it. */
static void beside_the_line_is_no_crossing(void **state)
{
	struct pt_floor line[] = { { 0, 0 }, { 4, 0 } };
	struct pt_floor a = { 5, 1 }, b = { 5, -1 }, c = { -3, 7 }, d = { -.001, -7 };
	(void)state;

	assert_int_equal(polyline_cross(line, 2, a, b, false), 0);
	assert_int_equal(polyline_cross(line, 2, c, d, false), 0);
}

static void through_a_vertex_is_one_crossing(void **state)
{
	struct pt_floor line[] = { { -2, 0 }, { 0, 0 }, { 2, 1 } };
	struct pt_floor path[] = { { 0, 2 }, { 0, 1 }, { 0, 0 }, { 0, 0 }, { 0, -1 } };
	struct pt_floor touch[] = { { -1, 2 }, { -1, 0 }, { 0, 0 }, { -2, 0 }, { -1, 2 } };
	(void)state;

	assert_int_equal(polyline_cross(line, 3, path[0], path[4], false), 1);
	assert_int_equal(path_net(line, 3, path, 5, false), 1);
	assert_int_equal(path_net(line, 3, touch, 5, false), 0);
}

/* The one that makes counts and occupancy agree. */
static void closed_line_counts_the_change_of_inside(void **state)
{
	struct pt_floor v[8], ring[9], path[MAX_POINTS];
	int n, n_path, done = 0;
	(void)state;

	for (seed = 1; done < ROUNDS;) {
		int in, size = 4 + upto(8);
		bool clockwise;
		double turned = 0;

		if (!grid_polygon(v, &n, size))
			continue;
		done++;
		for (int i = 0; i <= n; i++)
			ring[i] = v[i % n];
		for (int i = 0; i < n; i++)
			turned += ring[i].x * ring[i + 1].y - ring[i + 1].x * ring[i].y;
		clockwise = turned < 0; /* to the right is inside */
		n_path = grid_points(path, size + 2, 2);
		in = polygon_inside(v, n, path[n_path - 1]) - polygon_inside(v, n, path[0]);
		assert_int_equal(path_net(ring, n + 1, path, n_path, false),
				 clockwise ? in : -in);
	}
}

static void reversing_path_or_line_negates(void **state)
{
	struct pt_floor v[MAX_POINTS], w[MAX_POINTS], path[MAX_POINTS], back[MAX_POINTS];
	(void)state;

	seed = 2;
	for (int round = 0; round < ROUNDS; round++) {
		int n = grid_points(v, 6, 2), n_path = grid_points(path, 6, 2);
		int net = path_net(v, n, path, n_path, false);

		for (int i = 0; i < n_path; i++)
			back[i] = path[n_path - 1 - i];
		for (int i = 0; i < n; i++)
			w[i] = v[n - 1 - i];
		assert_int_equal(path_net(v, n, back, n_path, false), -net);
		assert_int_equal(path_net(w, n, path, n_path, false), -net);
		assert_int_equal(path_net(v, n, path, n_path, true), -net);
	}
}

/* A straight step and the same step in pieces are the same. */
static void cut_steps_count_the_same(void **state)
{
	struct pt_floor v[MAX_POINTS];
	(void)state;

	seed = 3;
	for (int round = 0; round < ROUNDS; round++) {
		int n = grid_points(v, 8, 2), k = 2 + upto(5);
		struct pt_floor a = grid_point(8), d = grid_point(4), b, p, q;
		int net = 0;

		b = (struct pt_floor){ a.x + k * d.x, a.y + k * d.y };
		for (int i = 0; i < k; i++) {
			p = (struct pt_floor){ a.x + i * d.x, a.y + i * d.y };
			q = (struct pt_floor){ p.x + d.x, p.y + d.y };
			net += polyline_cross(v, n, p, q, false);
		}
		assert_int_equal(net, polyline_cross(v, n, a, b, false));
	}
}

/* From wall to wall: the net count is the change of side, however wild the path. */
static void line_from_wall_to_wall_counts_the_change_of_side(void **state)
{
	struct pt_floor line[] = { { -100, 0 }, { -2, 0 }, { 0, 1 }, { 1, -1 }, { 100, -1 } };
	struct pt_floor far_left = { 0, 50 }, far_right = { 0, -50 }, path[MAX_POINTS + 2];
	(void)state;

	seed = 4;
	for (int round = 0; round < ROUNDS; round++) {
		int n = grid_points(path + 1, 8, 1);
		bool there = upto(2);

		path[0] = far_left;
		path[n + 1] = there ? far_right : far_left;
		assert_int_equal(path_net(line, 5, path, n + 2, false), there);
	}
}

static void mirrored_plan_mirrors(void **state)
{
	struct pt_floor v[MAX_POINTS], path[MAX_POINTS];
	(void)state;

	seed = 5;
	for (int round = 0; round < ROUNDS; round++) {
		int n = 2 + upto(4), n_path = 2 + upto(8), net;

		for (int i = 0; i < n; i++)
			v[i] = (struct pt_floor){ upto(1000003) / 1e5, upto(1000003) / 1e5 };
		for (int i = 0; i < n_path; i++)
			path[i] = (struct pt_floor){ upto(999983) / 1e5, upto(999983) / 1e5 };
		net = path_net(v, n, path, n_path, false);
		for (int i = 0; i < n; i++)
			v[i].x = -v[i].x;
		for (int i = 0; i < n_path; i++)
			path[i].x = -path[i].x;
		assert_int_equal(path_net(v, n, path, n_path, false), -net);
	}
}

/* Two zones that share an edge, and the floor beyond: each point is in exactly one. */
static void neighbours_share_no_point(void **state)
{
	struct pt_floor a[] = { { 0, 0 }, { 4, 0 }, { 2, 2 }, { 4, 4 }, { 0, 4 } };
	struct pt_floor b[] = { { 4, 0 }, { 8, 0 }, { 8, 4 }, { 4, 4 }, { 2, 2 } };
	struct pt_floor both[] = { { 0, 0 }, { 4, 0 }, { 8, 0 }, { 8, 4 }, { 4, 4 }, { 0, 4 } };
	(void)state;

	for (int y = -2; y <= 10; y++) {
		for (int x = -2; x <= 18; x++) {
			struct pt_floor p = { x / 2.0, y / 2.0 };

			assert_int_equal(polygon_inside(a, 5, p) + polygon_inside(b, 5, p),
					 polygon_inside(both, 6, p));
		}
	}
}

static void distances_and_areas(void **state)
{
	struct pt_floor v[] = { { 0, 0 }, { 4, 0 }, { 4, 3 } };
	struct pt_floor p = { -3, -4 }, q = { 2, 1 }, r = { 0, 3 };
	(void)state;

	assert_float_equal(polyline_distance(v, 3, p), 5, 1e-12);
	assert_float_equal(polyline_distance(v, 3, q), 1, 1e-12);
	assert_float_equal(polyline_distance(v, 3, r), 3, 1e-12);
	assert_float_equal(polygon_distance(v, 3, r), 2.4, 1e-12); /* the closing edge */
	assert_float_equal(polygon_area(v, 3), 6, 1e-12);
	assert_float_equal(polyline_length(v, 3), 7, 1e-12);
}

static void only_simple_polygons_are_simple(void **state)
{
	struct pt_floor square[] = { { 0, 0 }, { 2, 0 }, { 2, 2 }, { 0, 2 } };
	struct pt_floor bow[] = { { 0, 0 }, { 2, 2 }, { 2, 0 }, { 0, 2 } };
	struct pt_floor spike[] = {
		{ 0, 0 }, { 2, 0 }, { 2, 2 }, { 2, 3 }, { 2, 1 }, { 0, 2 }
	};
	struct pt_floor flat[] = { { 0, 0 }, { 1, 0 }, { 2, 0 } };
	struct pt_floor pinch[] = { { 0, 0 }, { 4, 0 }, { 4, 2 }, { 2, 0 }, { 0, 2 } };
	struct pt_floor twice[] = { { 0, 0 }, { 2, 0 }, { 2, 0 }, { 0, 2 } };
	struct pt_floor straight[] = { { 0, 0 }, { 1, 0 }, { 2, 0 }, { 0, 2 } };
	(void)state;

	assert_true(polygon_simple(square, 4));
	assert_true(polygon_simple(straight, 4));
	assert_false(polygon_simple(bow, 4));
	assert_false(polygon_simple(spike, 6));
	assert_false(polygon_simple(flat, 3));
	assert_false(polygon_simple(pinch, 5));
	assert_false(polygon_simple(twice, 4));
}

/* Nothing overflows at the limits, and what is no number has a place. */
static void extremes_are_harmless(void **state)
{
	struct pt_floor v[] = { { -1e300, -1e300 }, { 1e300, 1e300 } };
	struct pt_floor a = { -1e9, 1e9 }, b = { 1e9, -1e9 }, none = { NAN, NAN };
	(void)state;

	assert_int_equal(polyline_cross(v, 2, a, b, false), 1);
	assert_int_equal(polyline_cross(v, 2, b, a, false), -1);
	assert_int_equal(polyline_cross(v, 2, none, none, false), 0);
	assert_int_equal(polyline_cross(v, 0, a, b, false), 0);
	assert_false(polygon_inside(v, 2, a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directions_are_as_documented),
		cmocka_unit_test(beside_the_line_is_no_crossing),
		cmocka_unit_test(through_a_vertex_is_one_crossing),
		cmocka_unit_test(closed_line_counts_the_change_of_inside),
		cmocka_unit_test(reversing_path_or_line_negates),
		cmocka_unit_test(cut_steps_count_the_same),
		cmocka_unit_test(line_from_wall_to_wall_counts_the_change_of_side),
		cmocka_unit_test(mirrored_plan_mirrors),
		cmocka_unit_test(neighbours_share_no_point),
		cmocka_unit_test(distances_and_areas),
		cmocka_unit_test(only_simple_polygons_are_simple),
		cmocka_unit_test(extremes_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
