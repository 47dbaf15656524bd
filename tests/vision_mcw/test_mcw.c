/* SPDX-License-Identifier: Apache-2.0 */
/* test_mcw.c -- what the background model MCW promises, whatever the scene. */
#include "noise.h"
#include "vision/mcw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { W = 150, H = 90, FPS = 25 };
/* The object: big enough that the majority vote takes nothing off its inside. */
enum { BX = 60, BY = 20, BW = 24, BH = 48, INSIDE = (BW - 4) * (BH - 4) };

struct scene {
	struct mcw *m;
	struct yuv clean, in;
	struct image mask, feedback;
	uint32_t noise;
};

static void scene_init(struct scene *s, double absorb_s)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;

	o.absorb_s = absorb_s;
	s->m = mcw_new(&o, W, H);
	yuv_init(&s->clean, W, H);
	yuv_init(&s->in, W, H);
	image_init(&s->mask, W, H);
	image_init(&s->feedback, W, H);
	s->noise = 99;
	room(&s->clean);
}

static void scene_clear(struct scene *s)
{
	mcw_free(s->m);
	yuv_clear(&s->clean);
	yuv_clear(&s->in);
	image_clear(&s->mask);
	image_clear(&s->feedback);
}

/* The empty room, or with the object, noisy; one frame. */
static void look(struct scene *s, double dt_s, bool object)
{
	with_noise(&s->in, &s->clean, 3, &s->noise);
	if (object)
		fill_box(&s->in.y, BX, BY, BW, BH, 215);
	mcw_step(s->m, dt_s, &s->in, &s->feedback, &s->mask);
}

static void look_for(struct scene *s, double seconds, double dt_s, bool object)
{
	int n = (int)(seconds / dt_s + 0.5);

	for (int i = 0; i < n; i++)
		look(s, dt_s, object);
}

static int seen(const struct scene *s)
{
	return count_set_box(&s->mask, BX + 2, BY + 2, BW - 4, BH - 4);
}

static void settled(struct scene *s, double absorb_s)
{
	scene_init(s, absorb_s);
	look_for(s, 12, 1. / FPS, false);
	assert_int_equal(count_set(&s->mask), 0);
}

static void identical_frames_change_no_label(void **state)
{
	struct scene s;
	struct image first;
	(void)state;

	settled(&s, 1000);
	image_init(&first, W, H);
	with_noise(&s.in, &s.clean, 9, &s.noise); /* some of it beyond the threshold */
	fill_box(&s.in.y, BX, BY, BW, BH, 215);
	mcw_step(s.m, 0.04, &s.in, NULL, &first);
	for (int i = 0; i < 20 * FPS; i++) {
		mcw_step(s.m, 0.04, &s.in, NULL, &s.mask);
		for (int y = 0; y < H; y++)
			assert_memory_equal(image_row(&s.mask, y), image_row(&first, y), W);
	}
	image_clear(&first);
	scene_clear(&s);
}

static void what_stands_under_a_track_is_never_absorbed(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 5);
	fill_box(&s.feedback, BX - 2, BY - 2, BW + 4, BH + 4, FEEDBACK_PROTECT);
	look_for(&s, 60, 1. / FPS, true);
	assert_int_equal(seen(&s), INSIDE);
	fill(&s.feedback, 0);
	look(&s, 1. / FPS, false);
	assert_int_equal(count_set(&s.mask), 0);
	scene_clear(&s);
}

static void a_track_lost_for_a_moment_loses_nothing(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 20);
	for (int i = 0; i < 10; i++) {
		fill_box(&s.feedback, BX - 2, BY - 2, BW + 4, BH + 4, FEEDBACK_PROTECT);
		look_for(&s, 10, 1. / FPS, true);
		fill(&s.feedback, 0);
		look_for(&s, 3, 1. / FPS, true);
		assert_int_equal(seen(&s), INSIDE);
	}
	scene_clear(&s);
}

/* After absorb_s, within a tick of absorb_s / 120 and a frame, whatever the frame rate. */
static void what_stands_still_is_absorbed_in_time(void **state)
{
	static const double rates[] = { 30, 25, 10, 4, 1 };
	(void)state;

	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		double dt_s = 1 / rates[i], absorb_s = 12, slack_s = absorb_s / 120 * 3 + dt_s;
		struct scene s;

		settled(&s, absorb_s);
		look_for(&s, absorb_s - slack_s, dt_s, true);
		assert_int_equal(seen(&s), INSIDE);
		look_for(&s, 2 * slack_s, dt_s, true);
		assert_int_equal(seen(&s), 0);
		scene_clear(&s);
	}
}

static void what_was_covered_is_known_at_once(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 6);
	look_for(&s, 7, 1. / FPS, true);
	assert_int_equal(seen(&s), 0); /* absorbed */
	look(&s, 1. / FPS, false);
	assert_int_equal(count_set(&s.mask), 0);
	look(&s, 1. / FPS, true);
	assert_int_equal(count_set(&s.mask), 0); /* and so is what was absorbed */
	scene_clear(&s);
}

static void a_pause_absorbs_nothing(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 20);
	look(&s, 1. / FPS, true);
	look(&s, 3600, true);
	assert_int_equal(seen(&s), INSIDE);
	scene_clear(&s);
}

static void a_ghost_goes_when_told_to(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 1000);
	look(&s, 1. / FPS, true);
	fill_box(&s.feedback, BX, BY, BW, BH, FEEDBACK_ABSORB);
	look_for(&s, 0.1, 1. / FPS, true);
	assert_int_equal(seen(&s), 0);
	scene_clear(&s);
}

/* Someone stood there when the model was new. Once gone, the wall is known for the wall, even
 * under a track; he himself, when he is back, is not scene any more. */
static void where_someone_stood_at_first_is_soon_scene(void **state)
{
	(void)state;
	for (int track = 0; track < 2; track++) {
		struct scene s;

		scene_init(&s, 40);
		look_for(&s, 5, 1. / FPS, true);
		assert_int_equal(count_set(&s.mask), 0);
		look(&s, 1. / FPS, false);
		assert_int_equal(seen(&s), INSIDE);
		if (track)
			fill_box(&s.feedback, BX, BY, BW, BH, FEEDBACK_PROTECT);
		look_for(&s, track ? 8 : 4, 1. / FPS, false);
		assert_int_equal(count_set(&s.mask), 0);
		look(&s, 1. / FPS, true);
		assert_int_equal(seen(&s), INSIDE);
		scene_clear(&s);
	}
}

/* It stood there from the first frame and is scene, until somebody takes it. */
static void a_thing_taken_away_leaves_no_ghost(void **state)
{
	struct scene s;
	(void)state;

	scene_init(&s, 60);
	look_for(&s, 300, 0.1, true);
	assert_int_equal(count_set(&s.mask), 0);
	look(&s, 0.1, false);
	assert_int_equal(seen(&s), INSIDE);
	look_for(&s, 5, 0.1, false);
	assert_int_equal(count_set(&s.mask), 0);
	look_for(&s, 60, 0.1, false);
	assert_int_equal(count_set(&s.mask), 0);
	scene_clear(&s);
}

/* Foreground until it has stood for absorb_s, scene then. Once fetched, the floor is scene at
 * once, or, when it was hidden for long, soon. */
static void a_trolley_is_parked_and_fetched(void **state)
{
	static const struct {
		double parked_s, soon_s;
	} cases[] = { { 200, 0.1 }, { 1800, 5 } };
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct scene s;

		settled(&s, 60);
		look_for(&s, 60, 0.1, false);
		look_for(&s, 50, 0.1, true); /* no ghost: unlike the floor it has an outline */
		assert_int_equal(seen(&s), INSIDE);
		look_for(&s, cases[i].parked_s - 50, 0.1, true);
		assert_int_equal(count_set(&s.mask), 0);
		look_for(&s, cases[i].soon_s, 0.1, false);
		assert_int_equal(count_set(&s.mask), 0);
		look_for(&s, 900, 0.5, false);
		assert_int_equal(count_set(&s.mask), 0);
		look(&s, 0.1, true); /* parked again, it is a thing like any other */
		assert_int_equal(seen(&s), INSIDE);
		scene_clear(&s);
	}
}

/* It stays for good: from absorb_s on it is the wall, and people in front of it are seen. */
static void a_poster_becomes_the_wall(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 60);
	look_for(&s, 65, 0.1, true);
	for (int i = 0; i < 600; i++) {
		look(&s, 1, true);
		assert_int_equal(count_set(&s.mask), 0);
	}
	look(&s, 0.1, true);
	with_noise(&s.in, &s.clean, 3, &s.noise);
	fill_box(&s.in.y, BX, BY, BW, BH, 60);
	mcw_step(s.m, 0.1, &s.in, NULL, &s.mask);
	assert_int_equal(seen(&s), INSIDE);
	scene_clear(&s);
}

static void what_is_ignored_is_never_foreground(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 1000);
	fill_box(&s.feedback, BX - 2, BY - 2, BW + 4, BH + 4, FEEDBACK_IGNORE);
	look(&s, 1. / FPS, true);
	assert_int_equal(count_set(&s.mask), 0);
	scene_clear(&s);
}

static void scale(struct yuv *p, int percent, bool colours)
{
	for (int y = 0; y < p->y.h; y++)
		for (int x = 0; x < p->y.w; x++) {
			uint8_t *py = image_row(&p->y, y) + x;
			uint8_t *pu = image_row(&p->u, y) + x, *pv = image_row(&p->v, y) + x;

			*py = (uint8_t)(*py * percent / 100);
			if (colours) {
				*pu = (uint8_t)(128 + (*pu - 128) * percent / 100);
				*pv = (uint8_t)(128 + (*pv - 128) * percent / 100);
			}
		}
}

/* All at once brighter or darker by the same factor: lamps and exposure take the colours along,
 * a camera's brightness does not. */
static void the_light_changes_as_a_whole(void **state)
{
	(void)state;
	for (int percent = 50; percent <= 160; percent += 5)
		for (int colours = 0; colours < 2; colours++) {
			struct scene s;

			settled(&s, 1000);
			scale(&s.clean, percent, colours);
			for (int i = 0; i < 10; i++) {
				look(&s, 1. / FPS, false);
				if (count_set(&s.mask) * 100 >= W * H)
					fail_msg("%d %% light: %d of %d pixels changed",
						 percent, count_set(&s.mask), W * H);
			}
			scene_clear(&s);
		}
}

/* Brighter by a third, so that a wall is as bright as the camera can tell; someone in pale blue
 * before it, whom it can tell from the wall, is as bright as white is for other cameras. */
static void white_is_where_the_camera_has_it(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 1000);
	fill(&s.clean.u, 128);
	fill_box(&s.clean.y, 0, 0, W, H / 2, 140);
	fill_box(&s.clean.y, 0, H / 2, W, H - H / 2, 205);
	look_for(&s, 12, 1. / FPS, false);
	fill_box(&s.clean.y, 0, 0, W, H / 2, 182);
	fill_box(&s.clean.y, 0, H / 2, W, H - H / 2, 255);
	look_for(&s, 1, 1. / FPS, false);
	assert_int_equal(count_set(&s.mask), 0);
	with_noise(&s.in, &s.clean, 3, &s.noise);
	fill_box(&s.in.y, BX, H / 2 + 4, BW, BW, 238);
	fill_box(&s.in.u, BX, H / 2 + 4, BW, BW, 150);
	mcw_step(s.m, 1. / FPS, &s.in, &s.feedback, &s.mask);
	assert_true(count_set_box(&s.mask, BX + 2, H / 2 + 6, BW - 4, BW - 4) >
		    (BW - 4) * (BW - 4) * 9 / 10);
	scene_clear(&s);
}

/* A shadow keeps the floor's texture; a thing in dark clothes does not. */
static void shadows_are_scene_and_dark_things_are_not(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 1000);
	with_noise(&s.in, &s.clean, 1, &s.noise);
	for (int y = BY; y < BY + BH; y++)
		for (int x = BX; x < BX + BW; x++)
			image_row(&s.in.y, y)[x] = (uint8_t)(image_row(&s.in.y, y)[x] * 7 / 10);
	mcw_step(s.m, 1. / FPS, &s.in, NULL, &s.mask);
	assert_in_range(seen(&s), 0, INSIDE / 50);

	fill_box(&s.in.y, BX, BY, BW, BH, 30);
	mcw_step(s.m, 1. / FPS, &s.in, NULL, &s.mask);
	assert_in_range(seen(&s), INSIDE * 9 / 10, INSIDE);
	scene_clear(&s);
}

static void a_seeded_model_needs_no_bootstrap(void **state)
{
	struct scene s;
	struct yuv plate;
	(void)state;

	scene_init(&s, 1000);
	yuv_init(&plate, W, H);
	mcw_seed(s.m, &s.clean);
	mcw_plate(s.m, &plate);
	assert_memory_equal(image_row(&plate.v, H / 2), image_row(&s.clean.v, H / 2), W);
	look(&s, 0, true); /* there from the very first frame */
	assert_int_equal(seen(&s), INSIDE);
	look(&s, 1. / FPS, false);
	assert_int_equal(count_set(&s.mask), 0);
	yuv_clear(&plate);
	scene_clear(&s);
}

/* The plate shows the room, not who stands in it. */
static void the_plate_is_empty(void **state)
{
	struct scene s;
	struct yuv plate;
	(void)state;

	settled(&s, 60);
	yuv_init(&plate, W, H);
	look_for(&s, 40, 1. / FPS, true);
	mcw_plate(s.m, &plate);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			assert_in_range(image_row(&plate.y, y)[x],
					image_row(&s.clean.y, y)[x] - 4,
					image_row(&s.clean.y, y)[x] + 4);
	yuv_clear(&plate);
	scene_clear(&s);
}

/* The room as an infrared lamp beside the camera shows it: grey, and other things are bright.
 */
static void by_night(struct scene *s)
{
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image_row(&s->clean.y, y)[x] = (uint8_t)(60 + (x * 5 + y * 3) % 11 +
								 (x / 30 + y / 30) % 2 * 60);
	fill(&s->clean.u, 128);
	fill(&s->clean.v, 128);
}

/* The second night and day are known from the first, with whoever stands there. */
static void day_and_night_are_two_scenes(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 1000);
	for (int round = 0; round < 2; round++) {
		by_night(&s);
		look_for(&s, round ? 1 : 2.5, 1. / FPS, round > 0);
		look(&s, 1. / FPS, true);
		assert_int_equal(seen(&s), INSIDE);
		look_for(&s, 20, 1. / FPS, false);
		assert_int_equal(count_set(&s.mask), 0);

		room(&s.clean);
		look_for(&s, 1, 1. / FPS, true);
		look(&s, 1. / FPS, true);
		assert_int_equal(seen(&s), INSIDE);
		look(&s, 1. / FPS, false);
		assert_int_equal(count_set(&s.mask), 0);
		look_for(&s, 20, 1. / FPS, false);
	}
	scene_clear(&s);
}

/* A grey moment, as of a picture that did not decode well, is no night. */
static void a_grey_moment_is_no_night(void **state)
{
	struct scene s;
	(void)state;

	settled(&s, 1000);
	by_night(&s);
	look_for(&s, 0.5, 1. / FPS, false);
	room(&s.clean);
	look(&s, 1. / FPS, false);
	assert_int_equal(count_set(&s.mask), 0);
	scene_clear(&s);
}

static void it_is_a_backend(void **state)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;
	struct scene s;
	struct background *bg;
	(void)state;

	scene_init(&s, 40);
	o.backend = (char[]){ "mcw" };
	bg = background_new(&o, W, H, NULL);
	assert_non_null(bg);
	assert_true(background_seed(bg, &s.clean));
	image_copy(&s.in.y, &s.clean.y);
	image_copy(&s.in.u, &s.clean.u);
	image_copy(&s.in.v, &s.clean.v);
	fill_box(&s.in.y, BX, BY, BW, BH, 215);
	assert_int_equal(background_step(bg, 1000, &s.in, NULL, &s.mask, NULL), 0);
	assert_int_equal(seen(&s), INSIDE); /* a seeded model sees in its first frame */
	background_free(bg);

	o.backend = (char[]){ "knn" };
	bg = background_new(&o, W, H, NULL);
	assert_non_null(bg);
	assert_false(background_seed(bg, &s.clean));
	background_free(bg);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identical_frames_change_no_label),
		cmocka_unit_test(what_stands_under_a_track_is_never_absorbed),
		cmocka_unit_test(a_track_lost_for_a_moment_loses_nothing),
		cmocka_unit_test(what_stands_still_is_absorbed_in_time),
		cmocka_unit_test(what_was_covered_is_known_at_once),
		cmocka_unit_test(a_pause_absorbs_nothing),
		cmocka_unit_test(a_ghost_goes_when_told_to),
		cmocka_unit_test(where_someone_stood_at_first_is_soon_scene),
		cmocka_unit_test(a_thing_taken_away_leaves_no_ghost),
		cmocka_unit_test(a_trolley_is_parked_and_fetched),
		cmocka_unit_test(a_poster_becomes_the_wall),
		cmocka_unit_test(what_is_ignored_is_never_foreground),
		cmocka_unit_test(the_light_changes_as_a_whole),
		cmocka_unit_test(white_is_where_the_camera_has_it),
		cmocka_unit_test(shadows_are_scene_and_dark_things_are_not),
		cmocka_unit_test(a_seeded_model_needs_no_bootstrap),
		cmocka_unit_test(the_plate_is_empty),
		cmocka_unit_test(day_and_night_are_two_scenes),
		cmocka_unit_test(a_grey_moment_is_no_night),
		cmocka_unit_test(it_is_a_backend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
