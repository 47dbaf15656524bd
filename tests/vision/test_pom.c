/* SPDX-License-Identifier: Apache-2.0 */
/* test_pom.c -- who stands where on a floor that is known, from a mask. */
#include "base/rng.h"
#include "vision/pom.h"

#include "picture.h"

#include <math.h>

#define W 320
#define H 240
#define MAX_BLOBS 512
#define MAX_PEOPLE 64

struct scene {
	struct lens lens;
	struct grid grid;
	struct pom *pom;
	struct image mask;
	struct mask_blobs *work;
	struct mask_blob blob[MAX_BLOBS];
};

enum { LEVEL, OBLIQUE, ROLLED, WIDE, STEEP, OVERHEAD, N_CAMERAS };

static const struct {
	double fov, k1, roll;
	struct pt_room at, to;
	struct pt_m near, far; /* corners of a floor where people are wholly in the picture */
} cameras[N_CAMERAS] = {
	[LEVEL] = { 60, 0, 0, { 0, 0, 2 }, { 0, 10, 1 }, { -1.5, 5 }, { 1.5, 9 } },
	[OBLIQUE] = { 80, 0, 0, { 0, 0, 3 }, { 0, 5, 0.6 }, { -2, 3.5 }, { 2, 7.5 } },
	[ROLLED] = { 80, 0, 20, { 0, 0, 3 }, { 0, 5, 0.6 }, { -1, 4 }, { 1, 6 } },
	[WIDE] = { 110, -0.08, 0, { 0, 0, 3 }, { 0, 4, 0.6 }, { -2, 3 }, { 2, 6 } },
	[STEEP] = { 90, 0, 0, { 0, 0, 3.4 }, { 0, 2, 0 }, { -1, 1 }, { 1, 2.8 } },
	[OVERHEAD] = { 95, -0.05, 0, { 0, 0, 3.4 }, { 0, 0, 0 }, { -1.2, -0.8 }, { 1.2, 0.8 } },
};

static void begin(struct scene *s, int camera)
{
	struct grid_opts o = { W, H, W, H, 1, 0.1, 16 };

	lens_look(&s->lens, W, H, cameras[camera].fov, cameras[camera].k1, cameras[camera].at,
		  cameras[camera].to, cameras[camera].roll);
	grid_init(&s->grid, &s->lens, &o);
	s->pom = pom_new(&s->grid, W, H, MAX_PEOPLE);
	s->work = mask_blobs_new(H);
	image_init(&s->mask, W, H);
}

static void end(struct scene *s)
{
	pom_free(s->pom);
	grid_clear(&s->grid);
	mask_blobs_free(s->work);
	image_clear(&s->mask);
}

static void clear(struct scene *s)
{
	fill(&s->mask, 0, 0, W, H, 0);
}

/* A ball of the room. */
static void draw_ball(struct scene *s, double x, double y, double z, double r)
{
	double px[2], depth, size;

	if (!lens_project(&s->lens, (struct pt_room){ x, y, z }, px, &depth))
		return;
	size = r * s->lens.f_px / depth;
	for (int v = (int)(px[1] - size); v <= px[1] + size; v++)
		for (int u = (int)(px[0] - size); u <= px[0] + size; u++)
			if (hypot(u + 0.5 - px[0], v + 0.5 - px[1]) <= size)
				fill(&s->mask, u, v, 1, 1, 255);
}

/* A body of balls, not of the grid's own cylinders. */
static void draw_person(struct scene *s, double x, double y, double height)
{
	for (double z = 0.05; z < 0.5; z += 0.02) {
		draw_ball(s, x - 0.09, y, z * height, 0.08);
		draw_ball(s, x + 0.09, y, z * height, 0.08);
	}
	for (double z = 0.47; z < 0.8; z += 0.02)
		for (double dx = -0.12; dx <= 0.12; dx += 0.06)
			draw_ball(s, x + dx, y, z * height, 0.1);
	draw_ball(s, x, y, height - 0.11, 0.11);
}

static int look(struct scene *s, const struct pom_person **who)
{
	int n = mask_blobs_find(s->work, &s->mask, s->blob, MAX_BLOBS);

	return pom_step(s->pom, &s->mask, s->blob, n, NULL, who);
}

static double metres_off(const struct scene *s, const struct pom_person *p, double x, double y)
{
	struct pt_m at;

	if (!lens_floor(&s->lens, p->foot.x, p->foot.y, &at))
		return HUGE_VAL;
	return hypot(at.x - x, at.y - y);
}

static void one_is_found_where_he_stands(void **state)
{
	(void)state;

	for (int k = 0; k < N_CAMERAS; k++) {
		struct pt_m a = cameras[k].near, b = cameras[k].far;
		const struct pom_person *who;
		struct scene s;

		begin(&s, k);
		for (int i = 0; i < 49; i++) {
			double x = a.x + (b.x - a.x) * (i % 7) / 6, off;
			double y = a.y + (b.y - a.y) * (i / 7) / 6;

			clear(&s);
			draw_person(&s, x, y, GRID_PERSON_M);
			if (look(&s, &who) != 1)
				fail_msg("camera %d, at %g, %g: not one person", k, x, y);
			off = metres_off(&s, &who[0], x, y);
			/* Nearly level, how far away somebody is can hardly be seen. */
			if (!(off <= (k == LEVEL ? 0.2 * y : 0.35)))
				fail_msg("camera %d, at %g, %g: %g m off", k, x, y, off);
			assert_true(who[0].score > 0.5 && who[0].score <= POM_FULL);
		}
		end(&s);
	}
}

static void assert_both(struct scene *s, double x0, double y0, double x1, double y1)
{
	const struct pom_person *who;
	double straight, crossed;

	clear(s);
	draw_person(s, x0, y0, 1.7);
	draw_person(s, x1, y1, 1.75);
	if (look(s, &who) != 2)
		fail_msg("at %g, %g and %g, %g: not two people", x0, y0, x1, y1);
	straight = fmax(metres_off(s, &who[0], x0, y0), metres_off(s, &who[1], x1, y1));
	crossed = fmax(metres_off(s, &who[1], x0, y0), metres_off(s, &who[0], x1, y1));
	if (!(fmin(straight, crossed) < 0.6))
		fail_msg("at %g, %g and %g, %g: %g m off", x0, y0, x1, y1,
			 fmin(straight, crossed));
}

static void two_are_two(void **state)
{
	struct scene s;
	(void)state;

	begin(&s, OBLIQUE);
	assert_both(&s, -0.3, 5, 0.3, 5);
	assert_both(&s, 0, 4.5, 0.3, 6.5); /* one behind the other */
	end(&s);
	begin(&s, OVERHEAD);
	assert_both(&s, -0.35, 0, 0.35, 0);
	assert_both(&s, 0.6, -0.4, 0.6, 0.4);
	end(&s);
}

static void who_is_cut_off_by_the_border_is_found(void **state)
{
	const struct pom_person *who;
	struct scene s;
	(void)state;

	begin(&s, OVERHEAD);
	draw_person(&s, 2, 0, 1.72); /* his head is outside */
	assert_int_equal(look(&s, &who), 1);
	assert_true(metres_off(&s, &who[0], 2, 0) < 0.4);
	end(&s);
}

static void noise_is_nobody(void **state)
{
	struct rng rng;
	const struct pom_person *who;
	struct scene s;
	(void)state;

	rng_init(&rng, 7, 0);
	for (int k = 0; k < N_CAMERAS; k++) {
		begin(&s, k);
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++)
				image_row(&s.mask, y)[x] = rng_unit(&rng) < 0.1 ? 255 : 0;
		assert_int_equal(look(&s, &who), 0);
		clear(&s);
		assert_int_equal(look(&s, &who), 0);
		end(&s);
	}
}

/* As a shadow that was not taken out. */
static void what_lies_on_the_floor_is_nobody(void **state)
{
	const struct pom_person *who;
	struct scene s;
	(void)state;

	begin(&s, OBLIQUE);
	for (double x = -0.8; x <= 0.8; x += 0.02)
		for (double y = 4.7; y <= 5.2; y += 0.02)
			draw_ball(&s, x, y, 0, 0.02);
	assert_int_equal(look(&s, &who), 0);
	end(&s);
}

static void same_mask_same_people(void **state)
{
	struct pom_person first[MAX_PEOPLE];
	const struct pom_person *who;
	struct scene s;
	int n;
	(void)state;

	begin(&s, OBLIQUE);
	for (int i = 0; i < 40; i++)
		draw_person(&s, -2.5 + i % 8 * 0.7, 3.6 + i / 8 * 1.1, 1.5 + i % 5 * 0.1);
	n = look(&s, &who);
	assert_true(n > 20 && n <= MAX_PEOPLE);
	memcpy(first, who, (size_t)n * sizeof(*who));
	clear(&s);
	look(&s, &who);
	for (int i = 0; i < 40; i++)
		draw_person(&s, -2.5 + i % 8 * 0.7, 3.6 + i / 8 * 1.1, 1.5 + i % 5 * 0.1);
	assert_int_equal(look(&s, &who), n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(who[i].cell, first[i].cell);
		assert_true(who[i].foot.x == first[i].foot.x);
		assert_true(who[i].foot.y == first[i].foot.y);
	}
	end(&s);
}

static void no_more_than_asked_for(void **state)
{
	const struct pom_person *who;
	struct scene s;
	(void)state;

	begin(&s, OBLIQUE);
	pom_free(s.pom);
	s.pom = pom_new(&s.grid, W, H, 3);
	fill(&s.mask, 0, 0, W, H, 255);
	assert_int_equal(look(&s, &who), 3);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_found_where_he_stands),
		cmocka_unit_test(two_are_two),
		cmocka_unit_test(who_is_cut_off_by_the_border_is_found),
		cmocka_unit_test(noise_is_nobody),
		cmocka_unit_test(what_lies_on_the_floor_is_nobody),
		cmocka_unit_test(same_mask_same_people),
		cmocka_unit_test(no_more_than_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
