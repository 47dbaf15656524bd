/* SPDX-License-Identifier: Apache-2.0 */
/* test_moves.c -- a camera that is bumped or turned away, and one that shakes. */
#include "noise.h"
#include "vision/background.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { W = 160, H = 120, FPS = 25, RIM = 64 };
enum { BX = 60, BY = 40, BW = 24, BH = 48 }; /* a person */

struct camera {
	struct background *bg;
	struct yuv world, in; /* more than the camera sees, and what it sees */
	struct image mask;
	int dx, dy; /* things appear so much further right and down than at first */
	bool person, night;
	int light; /* percent */
	int frame;
	uint32_t noise;
};

/* Shelves, a floor, a door, things of many sizes. */
static void draw_world(struct yuv *p)
{
	uint32_t random = 3;

	fill(&p->y, 90);
	fill(&p->u, 118);
	fill(&p->v, 140);
	for (int i = 0; i < 150; i++) {
		int w = 4 + (int)(noise_next(&random) % 40);
		int h = 4 + (int)(noise_next(&random) % 30);
		int x = (int)(noise_next(&random) % (uint32_t)(p->y.w - w));
		int y = (int)(noise_next(&random) % (uint32_t)(p->y.h - h));

		fill_box(&p->y, x, y, w, h, (uint8_t)(40 + noise_next(&random) % 120));
		fill_box(&p->u, x, y, w, h, (uint8_t)(100 + noise_next(&random) % 50));
	}
}

static void camera_init(struct camera *c)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;

	*c = (struct camera){ .light = 100, .noise = 77 };
	o.backend = (char[]){ "mcw" };
	c->bg = background_new(&o, W, H, NULL);
	assert_non_null(c->bg);
	yuv_init(&c->world, W + 2 * RIM, H + 2 * RIM);
	yuv_init(&c->in, W, H);
	image_init(&c->mask, W, H);
	draw_world(&c->world);
}

static void camera_clear(struct camera *c)
{
	background_free(c->bg);
	yuv_clear(&c->world);
	yuv_clear(&c->in);
	image_clear(&c->mask);
}

static void crop(struct image *out, const struct image *in, int x0, int y0)
{
	for (int y = 0; y < out->h; y++)
		for (int x = 0; x < out->w; x++)
			image_row(out, y)[x] = image_row(in, y0 + y)[x0 + x];
}

static void look(struct camera *c)
{
	struct yuv clean;

	yuv_init(&clean, W, H);
	crop(&clean.y, &c->world.y, RIM - c->dx, RIM - c->dy);
	crop(&clean.u, &c->world.u, RIM - c->dx, RIM - c->dy);
	crop(&clean.v, &c->world.v, RIM - c->dx, RIM - c->dy);
	if (c->person)
		fill_box(&clean.y, BX, BY, BW, BH, 225);
	if (c->night) {
		fill(&clean.u, 128);
		fill(&clean.v, 128);
	}
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image_row(&clean.y, y)[x] =
				(uint8_t)(image_row(&clean.y, y)[x] * c->light / 100);
	with_noise(&c->in, &clean, 3, &c->noise);
	assert_int_equal(background_step(c->bg, (int64_t)++c->frame * (1000000 / FPS), &c->in,
					 NULL, &c->mask, NULL),
			 0);
	yuv_clear(&clean);
}

static void look_for(struct camera *c, double seconds)
{
	for (int i = 0; i < (int)(seconds * FPS); i++)
		look(c);
}

static void assert_clean(const struct camera *c)
{
	assert_in_range(count_set(&c->mask), 0, W * H / 200);
}

static void assert_moves(const struct camera *c, int bumps, int dx, int dy, bool moved)
{
	struct background_moves m = background_moved(c->bg);

	assert_int_equal(m.bumps, bumps);
	assert_int_equal(m.dx, dx);
	assert_int_equal(m.dy, dy);
	assert_int_equal(m.moved, moved);
}

/* The model moves along in two to three seconds; a person in the picture stays one. */
static void a_bump_is_made_good(void **state)
{
	static const int by[][2] = { { 2, 0 }, { -8, 5 }, { 0, -6 }, { 8, 8 }, { -3, -7 } };
	(void)state;

	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		for (int person = 0; person < 2; person++) {
			struct camera c;

			camera_init(&c);
			look_for(&c, 5);
			assert_moves(&c, 0, 0, 0, false);
			c.person = person;
			c.dx = by[i][0];
			c.dy = by[i][1];
			look_for(&c, 3);
			assert_moves(&c, 1, c.dx, c.dy, false);
			if (person)
				assert_true(
					count_set_box(&c.mask, BX + 2, BY + 2, BW - 4, BH - 4) >
					(BW - 4) * (BH - 4) * 9 / 10);
			c.person = false;
			look(&c);
			assert_clean(&c);

			c.dx = c.dy = 0; /* and put right again */
			look_for(&c, 3);
			assert_moves(&c, 2, 0, 0, false);
			assert_clean(&c);
			camera_clear(&c);
		}
}

/* The scene by the other light moves, too. */
static void a_bump_by_night_is_made_good_by_day(void **state)
{
	struct camera c;
	(void)state;

	camera_init(&c);
	look_for(&c, 5);
	c.night = true;
	look_for(&c, 5);
	c.dx = 5;
	look_for(&c, 3);
	assert_moves(&c, 1, 5, 0, false);
	c.night = false;
	look_for(&c, 1.2);
	assert_clean(&c);
	assert_moves(&c, 1, 5, 0, false);
	camera_clear(&c);
}

/* Turned by more than a bump: told within six seconds, until it is turned back. */
static void a_camera_turned_away_is_told(void **state)
{
	static const int by[][2] = { { 40, 0 }, { -30, 25 }, { 0, 50 } };
	(void)state;

	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		for (int minutes = 0; minutes < 2; minutes++) {
			struct camera c;

			camera_init(&c);
			look_for(&c, 5);
			c.dx = by[i][0];
			c.dy = by[i][1];
			look_for(&c, 6);
			assert_moves(&c, 0, 0, 0, true);
			look_for(&c,
				 minutes * 90); /* by then it is scene: moved all the same */
			assert_moves(&c, 0, 0, 0, true);
			c.dx = c.dy = 0;
			look_for(&c, 2);
			assert_moves(&c, 0, 0, 0, false);
			camera_clear(&c);
		}
}

/* Shaking, people, light that goes and comes, a short look elsewhere: the camera is in place.
 */
static void what_is_no_move_is_not_told(void **state)
{
	struct camera c;
	uint32_t random = 9;
	(void)state;

	camera_init(&c);
	look_for(&c, 5);
	for (int i = 0; i < 10 * FPS; i++) {
		c.dx = (int)(noise_next(&random) % 5) - 2;
		c.dy = (int)(noise_next(&random) % 3) - 1;
		look(&c);
	}
	c.dx = c.dy = 0;
	assert_moves(&c, 0, 0, 0, false);
	c.person = true;
	look_for(&c, 20);
	for (int i = 0; i < 10; i++) {
		c.light = i % 2 ? 100 : 65;
		look_for(&c, 3);
	}
	assert_moves(&c, 0, 0, 0, false);
	c.dx = 40;
	look_for(&c, 2);
	c.dx = 0;
	look_for(&c, 5);
	assert_moves(&c, 0, 0, 0, false);
	camera_clear(&c);
}

static void others_do_not_look_for_it(void **state)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct background *bg;
	(void)state;

	o.backend = (char[]){ "mog2" };
	bg = background_new(&o, W, H, NULL);
	assert_false(background_moved(bg).moved);
	background_free(bg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bump_is_made_good),
		cmocka_unit_test(a_bump_by_night_is_made_good_by_day),
		cmocka_unit_test(a_camera_turned_away_is_told),
		cmocka_unit_test(what_is_no_move_is_not_told),
		cmocka_unit_test(others_do_not_look_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
