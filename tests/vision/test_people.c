/* SPDX-License-Identifier: Apache-2.0 */
/* test_people.c -- how many people a mask shows, and where they stand. */
#include "vision/people.h"

#include "picture.h"

#include <math.h>

#define W 320
#define H 240

static double height_at(double foot_y)
{
	return 20 + 0.3 * foot_y;
}

/* A walker's silhouette: head, body, legs. */
static void draw_person(struct image *m, double x, double foot_y)
{
	double h = height_at(foot_y), top = foot_y - h;

	fill(m, (int)(x - 0.07 * h), (int)top, (int)(0.14 * h), (int)(0.18 * h), 255);
	fill(m, (int)(x - 0.16 * h), (int)(top + 0.16 * h), (int)(0.32 * h), (int)(0.38 * h),
	     255);
	fill(m, (int)(x - 0.11 * h), (int)(top + 0.5 * h), (int)(0.22 * h),
	     (int)foot_y - (int)(top + 0.5 * h), 255);
}

struct stage {
	struct people *p;
	struct image mask;
	const struct detection *det;
};

static int step(struct stage *s)
{
	int n = people_step(s->p, &s->mask, NULL, &s->det);

	assert_true(n >= 0);
	return n;
}

static void begin(struct stage *s)
{
	struct people_opts o = PEOPLE_OPTS_DEFAULT;

	s->p = people_new(&o, W, H, NULL);
	image_init(&s->mask, W, H);
}

static void clear(struct stage *s)
{
	fill(&s->mask, 0, 0, W, H, 0);
}

/* One lone walker after the other, all over the floor. */
static void teach(struct stage *s)
{
	for (int row = 90; row <= 220; row += 26)
		for (int x = 40; x < 280; x += 6) {
			clear(s);
			draw_person(&s->mask, x, row + x % 12);
			step(s);
		}
	clear(s);
}

static void end(struct stage *s)
{
	people_free(s->p);
	image_clear(&s->mask);
}

static void assert_person(const struct detection *d, double x, double foot_y)
{
	double h = height_at(foot_y);

	assert_true(fabs(d->foot.x - x) < 0.1 * h);
	assert_true(fabs(d->foot.y - foot_y) < 0.1 * h);
	assert_true(fabs(d->box.h - h) < 0.15 * h);
	assert_true(d->score > 0.3 && d->score <= 1 && d->area_px > 0);
}

static void one_is_found_at_once(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	assert_int_equal(step(&s), 0);
	draw_person(&s.mask, 100, 180);
	assert_int_equal(step(&s), 1);
	assert_person(&s.det[0], 100, 180);
	end(&s);
}

static void pieces_are_one(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	for (int taught = 0; taught < 2; taught++) {
		clear(&s);
		draw_person(&s.mask, 100, 180);
		fill(&s.mask, 80, 126, 40, 3, 0);
		fill(&s.mask, 80, 144, 40, 4, 0);
		assert_int_equal(step(&s), 1);
		assert_person(&s.det[0], 100, 180);
		if (!taught)
			teach(&s);
	}
	end(&s);
}

static void groups_are_taken_apart(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	teach(&s);
	draw_person(&s.mask, 100, 180); /* side by side, arms touching */
	draw_person(&s.mask, 121, 182);
	draw_person(&s.mask, 220, 200); /* half behind each other */
	draw_person(&s.mask, 236, 170);
	assert_int_equal(step(&s), 4);
	assert_person(&s.det[1], 100, 180);
	assert_person(&s.det[2], 121, 182);
	assert_true(fabs(s.det[0].foot.x - 236) < 9 && fabs(s.det[3].foot.x - 220) < 9);
	for (int i = 1; i < 4; i++)
		assert_true(s.det[i - 1].foot.y <= s.det[i].foot.y);
	end(&s);
}

static void cut_off_by_the_border(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	teach(&s);
	draw_person(&s.mask, 100, 265);
	assert_int_equal(step(&s), 1);
	assert_true(s.det[0].box.y + s.det[0].box.h <= H);
	assert_true(fabs(s.det[0].foot.x - 100) < 10);
	end(&s);
}

static void small_things_are_nobody(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	fill(&s.mask, 30, 30, 6, 6, 255);
	assert_int_equal(step(&s), 0);
	teach(&s);
	fill(&s.mask, 100, 200, 14, 10, 255);
	assert_int_equal(step(&s), 0);
	end(&s);
}

static void same_masks_same_people(void **state)
{
	struct stage a, b;
	(void)state;

	begin(&a);
	begin(&b);
	teach(&a);
	teach(&b);
	for (int i = 0; i < 20; i++) {
		int n;

		clear(&a);
		draw_person(&a.mask, 60 + 5 * i, 150);
		draw_person(&a.mask, 160 - 3 * i, 154 + i);
		image_copy(&b.mask, &a.mask);
		n = step(&a);
		assert_int_equal(step(&b), n);
		assert_memory_equal(a.det, b.det, (size_t)n * sizeof(*a.det));
	}
	end(&a);
	end(&b);
}

static void anything_goes_in(void **state)
{
	struct people_opts o = PEOPLE_OPTS_DEFAULT;
	unsigned seed = 1;
	struct stage s;
	(void)state;

	begin(&s);
	people_free(s.p);
	o.max_people = 3;
	s.p = people_new(&o, W, H, NULL);
	teach(&s);
	for (int i = 0; i < 30; i++) {
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++) {
				seed = seed * 1664525U + 1013904223U;
				image_row(&s.mask, y)[x] =
					(seed >> 28) < (unsigned)i / 2 ? 255 : 0;
			}
		assert_true(step(&s) <= 3);
	}
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_found_at_once),
		cmocka_unit_test(pieces_are_one),
		cmocka_unit_test(groups_are_taken_apart),
		cmocka_unit_test(cut_off_by_the_border),
		cmocka_unit_test(small_things_are_nobody),
		cmocka_unit_test(same_masks_same_people),
		cmocka_unit_test(anything_goes_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
