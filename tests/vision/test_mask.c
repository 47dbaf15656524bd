/* SPDX-License-Identifier: Apache-2.0 */
/* test_mask.c -- shadows go, people stay; specks go, holes close. */
#include "vision/mask.h"

#include "picture.h"

#define W 160
#define H 120

struct stage {
	struct mask_opts o;
	struct yuv in, plate;
	struct image mask;
};

static void begin(struct stage *s)
{
	s->o = (struct mask_opts)MASK_OPTS_DEFAULT;
	yuv_init(&s->in, W, H);
	yuv_init(&s->plate, W, H);
	image_init(&s->mask, W, H);
	draw_floor(&s->in);
	draw_floor(&s->plate);
}

static void end(struct stage *s)
{
	yuv_clear(&s->in);
	yuv_clear(&s->plate);
	image_clear(&s->mask);
}

/* Makes a 30 x 20 patch of the floor at 50,50 darker (in percent), all of it foreground. */
static void shade(struct stage *s, int percent)
{
	for (int y = 50; y < 70; y++)
		for (int x = 50; x < 80; x++)
			image_row(&s->in.y, y)[x] =
				(uint8_t)(image_row(&s->in.y, y)[x] * percent / 100);
	fill(&s->mask, 50, 50, 30, 20, 255);
}

static void even_shadow_goes(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	shade(&s, 70);
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o);
	/* the rim, where a window holds both, may stay */
	assert_int_equal(count(&s.mask, 53, 53, 24, 14), 0);
	assert_true(count(&s.mask, 0, 0, W, H) < 200);
	end(&s);
}

static void not_a_shadow_stays(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	shade(&s, 30); /* too dark */
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	draw_floor(&s.in);
	shade(&s, 120); /* brighter */
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	draw_floor(&s.in);
	shade(&s, 70);
	fill(&s.in.u, 50, 50, 30, 20, 150); /* coloured */
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	draw_floor(&s.in);
	shade(&s, 70);
	for (int y = 50; y < 70; y++) /* a pattern of its own */
		for (int x = 50; x < 80; x += 2)
			image_row(&s.in.y, y)[x] = (uint8_t)(image_row(&s.in.y, y)[x] + 30);
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 53, 53, 24, 14), 24 * 14);
	end(&s);
}

static void shadows_can_stay(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	s.o.shadows = false;
	shade(&s, 70);
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	end(&s);
}

static void cleaning_keeps_what_matters(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	fill(&s.mask, 20, 20, 20, 50, 255); /* a body */
	fill(&s.mask, 27, 40, 5, 6, 0);     /* with a hole */
	fill(&s.mask, 80, 20, 1, 1, 255);   /* a speck */
	fill(&s.mask, 100, 20, 5, 5, 255);  /* too small */
	fill(&s.mask, 90, 50, 60, 60, 255); /* a ring: its inside is too large for a hole */
	fill(&s.mask, 100, 60, 40, 40, 0);
	assert_int_equal(mask_clean(&s.mask, &s.o, NULL), 0);
	assert_int_equal(count(&s.mask, 24, 24, 12, 42), 12 * 42);
	assert_int_equal(count(&s.mask, 78, 15, 40, 20), 0);
	assert_int_equal(count(&s.mask, 104, 64, 32, 32), 0);
	assert_true(count(&s.mask, 92, 52, 56, 6) > 300);
	end(&s);
}

static void edges_of_the_picture(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	assert_int_equal(mask_clean(&s.mask, &s.o, NULL), 0);
	assert_int_equal(count(&s.mask, 0, 0, W, H), 0);
	fill(&s.mask, 0, 0, W, H, 255);
	mask_shadows(&s.mask, &s.in, &s.plate, &s.o); /* as bright as the scene: no shadow */
	assert_int_equal(count(&s.mask, 0, 0, W, H), W * H);
	assert_int_equal(mask_clean(&s.mask, &s.o, NULL), 0);
	assert_int_equal(count(&s.mask, 0, 0, W, H), W * H);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(even_shadow_goes),
		cmocka_unit_test(not_a_shadow_stays),
		cmocka_unit_test(shadows_can_stay),
		cmocka_unit_test(cleaning_keeps_what_matters),
		cmocka_unit_test(edges_of_the_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
