/* SPDX-License-Identifier: Apache-2.0 */
/* test_overlay.c -- the time that a camera burns into its pictures is no person. */
#include "shop.h"

enum { DIGITS = 6, LEFT = 200, TOP = 4, PITCH = 9, GAP = 6, PAPER = 3, HIGH = 11, WIDE = 6 };

#define PASSER_S 300
#define PASSER "[walker one]\nstart = 300\npath = 0.4,6 9.6,6\nclothes = 60 140 110\n"

static void bar(struct frame *f, int x0, int y0, int w, int h, uint8_t luma)
{
	for (int y = y0; y < y0 + h; y++)
		for (int x = x0; x < x0 + w; x++) {
			image_row(&f->y, y)[x] = luma;
			image_row(&f->u, y / 2)[x / 2] = 128;
			image_row(&f->v, y / 2)[x / 2] = 128;
		}
}

static void digit(struct frame *f, int x, int d)
{
	/* top, top left, top right, middle, bottom left, bottom right, bottom */
	static const struct {
		int x, y, w, h;
	} bars[7] = { { 0, 0, WIDE, 2 }, { 0, 0, 2, 6 }, { 4, 0, 2, 6 },   { 0, 5, WIDE, 2 },
		      { 0, 5, 2, 6 },    { 4, 5, 2, 6 }, { 0, 9, WIDE, 2 } };
	static const uint8_t lit[10] = { 0x77, 0x24, 0x5d, 0x6d, 0x2e,
					 0x6b, 0x7b, 0x25, 0x7f, 0x6f };

	for (int i = 0; i < 7; i++)
		if (lit[d] >> i & 1)
			bar(f, x + bars[i].x, TOP + bars[i].y, bars[i].w, bars[i].h, 230);
}

/* From 10:00:00 on. */
static void draw_time(struct frame *f, double t_s)
{
	int s = 36000 + (int)t_s;
	const int d[DIGITS] = { s / 36000,   s / 3600 % 10, s / 600 % 6,
				s / 60 % 10, s / 10 % 6,    s % 10 };

	for (int i = 0; i < DIGITS; i++)
		digit(f, LEFT + i * PITCH + i / 2 * GAP, d[i]);
}

static void draw_time_on_paper(struct frame *f, double t_s)
{
	bar(f, LEFT - PAPER, TOP - PAPER, DIGITS * PITCH + 2 * GAP + 2 * PAPER,
	    HIGH + 2 * PAPER, 16);
	draw_time(f, t_s);
}

static int foreground_in_clock(const struct image *mask)
{
	int n = 0;

	for (int y = 0; y < TOP + HIGH + 2; y++)
		for (int x = LEFT - 2; x < LEFT + DIGITS * PITCH + 2 * GAP; x++)
			n += image_row(mask, y)[x] != 0;
	return n;
}

/* Each digit changes at least once but the hours'. */
static void time_is_no_person(void (*burn)(struct frame *f, double t_s))
{
	struct shop s;
	bool passer = false;

	shop_open(&s, PASSER);
	s.burn = burn;
	while (s.t_s < 620) {
		shop_step(&s);
		assert_int_equal(foreground_in_clock(s.out.mask), 0);
		if (s.t_s < PASSER_S)
			assert_int_equal(s.out.n_track, 0);
		for (int i = 0; i < s.out.n_track; i++)
			passer |= s.out.track[i].confirmed;
	}
	assert_true(passer);
	shop_close(&s);
}

static void time_over_the_scene_is_no_person(void **state)
{
	(void)state;
	time_is_no_person(draw_time);
}

static void time_on_black_is_no_person(void **state)
{
	(void)state;
	time_is_no_person(draw_time_on_paper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_over_the_scene_is_no_person),
		cmocka_unit_test(time_on_black_is_no_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
