/* SPDX-License-Identifier: Apache-2.0 */
/* test_view.c -- people and things in the pictures of a simulated store: where they are, what
 * hides them, what of them is seen. Light and the camera's own effects: test_view_light.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "shot.h"

#include <math.h>
#include <stdlib.h>

static int nearly(double a, double b, double by)
{
	return fabs(a - b) <= by;
}

/* The box holds every pixel that a person changes, and no more than a rim; the foot is where
 * the lens says. */
static void boxes_fit(void **state)
{
	struct scene *s = shot_scene();
	static const double at[4][2] = { { 5, 3 }, { 2.5, 5 }, { 7, 4 }, { 5, 1.6 } };
	(void)state;

	for (int i = 0; i < 4; i++) {
		struct actor a = shot_actor(1 + i, at[i][0], at[i][1]);
		struct pt_room foot = { a.at.x, a.at.y, 0 };
		struct seen seen = { 0 };
		struct box_px changed;
		double px[2];

		shot_changed(shot(s, 1, NULL, 0), shot_seen(s, 1, &a, 1, &seen), 3, &changed);
		assert_int_equal(seen.id, a.who.id);
		assert_true(nearly(seen.box.x, changed.x, 2.5));
		assert_true(nearly(seen.box.y, changed.y, 2.5));
		assert_true(nearly(seen.box.x + seen.box.w, changed.x + changed.w, 2.5));
		assert_true(nearly(seen.box.y + seen.box.h, changed.y + changed.h, 2.5));
		assert_true(seen.visible > 0.999);
		assert_true(lens_project(&s->camera[0].lens, foot, px, NULL));
		assert_true(nearly(seen.foot.x, px[0], 1e-9));
		assert_true(nearly(seen.foot.y, px[1], 1e-9));
		/* Between the feet. */
		assert_true(nearly(seen.foot.x, changed.x + changed.w / 2, 0.3 * changed.w));
		assert_true(nearly(seen.foot.y, changed.y + changed.h, 0.12 * changed.h));
	}
	free(s);
}

/* How much of a person is seen over a shelf, measured as the pixels that he changes with and
 * without it. */
static void shelves_hide(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 5);
	struct seen alone = { 0 }, behind = { 0 }, before = { 0 };
	int whole, part;
	(void)state;

	shot_aim(s, (struct pt_room){ 5, -1, 1.7 }, (struct pt_room){ 5, 5, 1 });
	whole = shot_changed(shot(s, 1, NULL, 0), shot_seen(s, 1, &a, 1, &alone), 3, NULL);
	s->shelf[0] =
		(struct scene_shelf){ .corner = { { 3, 4 }, { 7, 4 }, { 7, 4.5 }, { 3, 4.5 } },
				      .height_m = 1,
				      .colour = { 200, 128, 128 } };
	s->n_shelves = 1;
	part = shot_changed(shot(s, 1, NULL, 0), shot_seen(s, 1, &a, 1, &behind), 3, NULL);
	assert_true(part > whole / 5 && part < whole * 4 / 5);
	assert_true(nearly(behind.visible, (double)part / whole, 0.06));
	assert_true(behind.box.x == alone.box.x && behind.box.h == alone.box.h);
	a.at.y = 3.4;
	shot_seen(s, 1, &a, 1, &before);
	assert_true(before.visible > 0.999);
	free(s);
}

static void people_hide_people(void **state)
{
	struct scene *s = shot_scene();
	struct actor a[2] = { shot_actor(1, 5, 5), shot_actor(2, 5, 4.2) };
	struct actor turned[2] = { shot_actor(2, 5, 4.2), shot_actor(1, 5, 5) };
	struct seen far = { 0 }, near = { 0 };
	(void)state;

	shot_aim(s, (struct pt_room){ 5, -1, 1.6 }, (struct pt_room){ 5, 5, 1 });
	shot_seen(s, 1, a, 2, &far);
	shot_seen(s, 1, turned, 2, &near);
	assert_true(far.visible < 0.35);
	assert_true(near.visible > 0.999);
	free(s);
}

/* Half of him is over the edge: the box goes on, and half counts as seen. */
static void edges_cut(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 4);
	struct seen seen = { 0 };
	double px[2] = { 0, 0 };
	(void)state;

	shot_aim(s, (struct pt_room){ 5, -1, 1.2 }, (struct pt_room){ 5, 4, 1 });
	for (a.at.x = 5; a.at.x < 10; a.at.x += 0.01) {
		lens_project(&s->camera[0].lens, (struct pt_room){ a.at.x, 4, 1 }, px, NULL);
		if (px[0] >= SHOT_W)
			break;
	}
	shot_seen(s, 1, &a, 1, &seen);
	assert_true(seen.box.x < SHOT_W && seen.box.x + seen.box.w > SHOT_W);
	assert_true(nearly(seen.visible, 0.5, 0.15));
	a.at.x += 2;
	seen.id = 0;
	shot_seen(s, 1, &a, 1, &seen);
	assert_int_equal(seen.id, 0);
	free(s);
}

static void objects_come_and_go(void **state)
{
	struct scene *s = shot_scene();
	struct actor behind = shot_actor(1, 5, 4.5), before = shot_actor(1, 5, 3.3);
	const struct frame *without = shot(s, 5, NULL, 0);
	struct seen seen = { 0 };
	struct box_px box;
	(void)state;

	s->object[0] = (struct scene_object){
		.corner = { { 4.6, 3.8 }, { 5.4, 3.8 }, { 5.4, 4.1 }, { 4.6, 4.1 } },
		.top_m = 0.9,
		.colour = { 60, 150, 110 },
		.when = { 4, 6 },
	};
	s->n_objects = 1;
	assert_true(shot_same(without, shot(s, 3.99, NULL, 0)));
	assert_true(shot_same(without, shot(s, 6, NULL, 0)));
	assert_true(shot_changed(without, shot(s, 4, NULL, 0), 20, &box) > 100);
	shot_seen(s, 5, &behind, 1, &seen);
	assert_true(seen.visible > 0.4 && seen.visible < 0.9);
	shot_seen(s, 3, &behind, 1, &seen);
	assert_true(seen.visible > 0.999);
	shot_seen(s, 5, &before, 1, &seen);
	assert_true(seen.visible > 0.999);
	free(s);
}

static void screens_change(void **state)
{
	struct scene *s = shot_scene();
	const struct frame *without = shot_keep(shot(s, 1, NULL, 0)), *last;
	struct view *v;
	int changes = 0;
	(void)state;

	s->screen[0] = (struct scene_screen){
		.at = { { 4, 6 }, { 6, 6 } }, .bottom_m = 0.5, .top_m = 1.5, .change_s = 2
	};
	s->n_screens = 1;
	v = view_new(s, 0, 1);
	last = shot_keep(shot_draw(v, 0, 0, NULL, 0, NULL));
	for (int i = 1; i < 1000; i++) {
		const struct frame *f = shot_draw(v, i * 0.04, i, NULL, 0, NULL);
		struct box_px box;

		if (shot_same(f, last))
			continue;
		changes++;
		shot_changed(f, without, 2, &box);
		assert_true(box.x > 60 && box.x + box.w < 180 && box.h < 60);
		last = shot_keep(f);
	}
	view_free(v);
	assert_true(changes >= 18 && changes <= 21); /* 40 s */
	s->screen[0].change_s = 0;
	v = view_new(s, 0, 1);
	last = shot_draw(v, 0, 0, NULL, 0, NULL);
	for (int i = 1; i < 20; i++) {
		const struct frame *f = shot_draw(v, i * 0.04, i, NULL, 0, NULL);

		assert_false(shot_same(f, last));
		last = f;
	}
	view_free(v);
	free(s);
}

static void plants_sway(void **state)
{
	struct scene *s = shot_scene();
	struct box_px box;
	double px[2];
	(void)state;

	s->shelf[0] = (struct scene_shelf){
		.corner = { { 4.6, 4 }, { 5.4, 4 }, { 5.4, 4.8 }, { 4.6, 4.8 } },
		.height_m = 1.6,
		.colour = { 90, 112, 112 },
		.draught = true
	};
	s->n_shelves = 1;
	assert_true(shot_changed(shot(s, 1, NULL, 0), shot(s, 1.4, NULL, 0), 5, &box) > 30);
	lens_project(&s->camera[0].lens, (struct pt_room){ 5, 4.4, 0 }, px, NULL);
	assert_true(box.x > px[0] - 30 && box.x + box.w < px[0] + 30);
	assert_true(box.y + box.h < px[1] + 4);
	assert_true(shot_same(shot(s, 1, NULL, 0), shot(s, 1, NULL, 0)));
	free(s);
}

/* Glass leaves stand in the way until somebody is near, who may stand behind them. */
static void doors_open(void **state)
{
	struct scene *s = shot_scene();
	struct actor far = shot_actor(1, 1, 9), near = shot_actor(1, 5, 5.6);
	const struct frame *shut, *open, *no_door;
	struct pt_room middle = { 5, 5, 1 };
	double px[2];
	(void)state;

	s->walls[0] = (struct scene_wall){ .line = { 2, { { 0, 5 }, { 10, 5 } } },
					   .height_m = 2.8,
					   .colour = { 180, 128, 128 } };
	s->n_walls = 1;
	s->door[0] = (struct scene_door){ .at = { { 4, 5 }, { 6, 5 } } };
	s->n_doors = 1;
	no_door = shot(s, 1, &far, 1);
	s->door[0].glass = true;
	shut = shot(s, 1, &far, 1);
	lens_project(&s->camera[0].lens, middle, px, NULL);
	assert_true(abs(shot_luma(shut, px[0], px[1]) - shot_luma(no_door, px[0], px[1])) > 15);
	/* The glass itself lets most through. */
	middle.x = 4.5;
	lens_project(&s->camera[0].lens, middle, px, NULL);
	assert_true(abs(shot_luma(shut, px[0], px[1]) - shot_luma(no_door, px[0], px[1])) < 25);
	assert_false(shot_same(shut, no_door));
	near.at.x = 5.4;
	open = shot(s, 1, &near, 1);
	middle.x = 4.7;
	lens_project(&s->camera[0].lens, middle, px, NULL);
	assert_int_equal(shot_luma(open, px[0], px[1]), shot_luma(no_door, px[0], px[1]));
	free(s);
}

static void glass_tints(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5.3, 6);
	struct seen seen = { 0 };
	const struct frame *bare, *behind;
	double px[2], pure, tinted;
	(void)state;

	bare = shot_seen(s, 1, &a, 1, &seen);
	s->walls[0] = (struct scene_wall){ .line = { 2, { { 0, 5 }, { 10, 5 } } },
					   .height_m = 2.8,
					   .colour = { 200, 128, 128 },
					   .glass = true };
	s->n_walls = 1;
	behind = shot_seen(s, 1, &a, 1, &seen);
	lens_project(&s->camera[0].lens, (struct pt_room){ 5.3, 6, 1.2 }, px, NULL);
	pure = shot_luma(bare, px[0], px[1]);
	tinted = shot_luma(behind, px[0], px[1]);
	/* 16 % of the pane's own light, which is brighter than clothes. */
	assert_true(fabs(tinted - pure) > 2 && fabs(tinted - pure) < 45);
	assert_true(seen.visible > 0.85);
	free(s);
}

/* A mirror under the floor: below the feet, weaker than the person, only where there is floor.
 */
static void floors_mirror(void **state)
{
	struct scene *s = shot_scene();
	struct actor a = shot_actor(1, 5, 5);
	struct seen seen = { 0 };
	struct box_px box;
	const struct frame *empty = shot(s, 1, NULL, 0);
	(void)state;

	shot_changed(empty, shot_seen(s, 1, &a, 1, &seen), 1, &box);
	assert_true(box.y + box.h < seen.foot.y + 6);
	s->floor.gloss = 0.5;
	shot_changed(shot(s, 1, NULL, 0), shot(s, 1, &a, 1), 1, &box);
	assert_true(box.y + box.h > seen.foot.y + 0.4 * seen.box.h);
	free(s);
}

/* Everything at once: any frame is the same alone, in any order, and with a part of the work
 * left out. */
static void order_does_not_matter(void **state)
{
	struct scene *s = shot_scene();
	struct actor a[10][4];
	static const int order[] = { 7, 3, 9, 0, 3 };
	struct view *v, *w;
	const struct seen *seen, *bare;
	int n_seen, n_bare;
	(void)state;

	s->picture = (struct scene_picture){ .noise = 2,
					     .noise_chroma = 1,
					     .shadows = 0.4,
					     .shadow_soft_m = 0.2,
					     .exposure = 0.1,
					     .white_balance = 3,
					     .shake_px = 1,
					     .flicker = 0.05,
					     .infrared = { 0.25, 0.4 },
					     .hand = { 0.1, 0.2 } };
	s->floor.gloss = 0.3;
	s->light[0] = (struct scene_light){
		.at = { 3, 3, 4 }, .strength = 1, .off = { 0.1, 0.3 }, .ramp_s = 0.05
	};
	s->sun[0] = (struct scene_sun){ .patch = { 3, { { 4, 3 }, { 6, 3 }, { 5, 5 } } },
					.strength = 0.5,
					.m_per_h = { 300, 0 },
					.when = { -20, 20 } };
	s->n_suns = 1;
	s->object[0] =
		(struct scene_object){ .corner = { { 3, 3 }, { 4, 3 }, { 4, 4 }, { 3, 4 } },
				       .top_m = 0.8,
				       .colour = { 99, 99, 140 },
				       .when = { 0.2, 0.5 } };
	s->n_objects = 1;
	for (int i = 0; i < 10; i++)
		for (int k = 0; k < 4; k++) {
			a[i][k] = shot_actor(k + 1, 3 + k + 0.05 * i, 2 + k);
			a[i][k].walked_m = 0.05 * i;
		}
	v = view_new(s, 0, 5);
	w = view_new(s, 0, 5);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		int at = order[i], n = 1 + at % 4;
		const struct frame *mixed = shot_draw(w, at * 0.04, at, a[at], n, NULL), *row;

		for (int k = 0; k < at; k++)
			view_draw(v, SHOT_START_US + k * 40000, k, a[k], 1 + k % 4, NULL, NULL,
				  NULL);
		row = shot_draw(v, at * 0.04, at, a[at], n, NULL);
		assert_true(shot_same(mixed, row));
		view_draw(v, SHOT_START_US + at * 40000, at, a[at], n, NULL, &bare, &n_bare);
		shot_draw(w, at * 0.04, at, a[at], n, NULL);
		view_draw(w, SHOT_START_US + at * 40000, at, a[at], n, NULL, &seen, &n_seen);
		assert_int_equal(n_bare, n_seen);
		for (int k = 0; k < n_seen; k++)
			assert_true(bare[k].visible == seen[k].visible &&
				    bare[k].box.x == seen[k].box.x);
	}
	view_free(v);
	view_free(w);
	free(s);
}

static void frames_have_times(void **state)
{
	struct scene *s = shot_scene();
	int lost = 0;
	(void)state;

	assert_int_equal(view_time(s, 0, 0, 1000), 1000);
	assert_int_equal(view_time(s, 0, 25, 1000), 1001000);
	s->camera[0].fps = 30000 / 1001.0;
	assert_int_equal(view_time(s, 0, 1, 0), 33367);
	assert_int_equal(view_time(s, 0, 3000000, 0), INT64_C(100100000000)); /* no drift */
	for (int i = 0; i < 20000; i++)
		assert_true(view_arrives(s, 0, 1, i));
	s->picture.lost = 0.1;
	for (int i = 0; i < 20000; i++)
		lost += !view_arrives(s, 0, 1, i);
	assert_true(abs(lost - 2000) < 4 * 43); /* 4 sd of a binomial */
	free(s);
}

static int end(void **state)
{
	(void)state;
	shot_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_fit),
		cmocka_unit_test(shelves_hide),
		cmocka_unit_test(people_hide_people),
		cmocka_unit_test(edges_cut),
		cmocka_unit_test(objects_come_and_go),
		cmocka_unit_test(screens_change),
		cmocka_unit_test(plants_sway),
		cmocka_unit_test(doors_open),
		cmocka_unit_test(glass_tints),
		cmocka_unit_test(floors_mirror),
		cmocka_unit_test(order_does_not_matter),
		cmocka_unit_test(frames_have_times),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
