/* SPDX-License-Identifier: Apache-2.0 */
/* Whether people look and walk like people, and whether their pixels are where they are. */
#include "sim/body_parts.h"

#include "base/real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene = { .floor = { .colour = { 140, 124, 131 } }, .seed = 9 };

static struct actor person(uint64_t look)
{
	struct actor a = { .who = { .id = 1,
				    .kind = PERSON_SHOPPER,
				    .body = BODY_ADULT,
				    .height_m = 1.74,
				    .shoulder_m = 0.45,
				    .step_m = 0.71,
				    .look = look,
				    .walker = -1 } };

	return a;
}

static struct actor walking(uint64_t look, double walked_m)
{
	struct actor a = person(look);

	a.speed_m_s = 1.3;
	a.walked_m = walked_m;
	a.facing = 0.7;
	a.at = (struct pt_m){ 2 + walked_m * real_cos(a.facing),
			      3 + walked_m * real_sin(a.facing) };
	return a;
}

/* Any person who does anything that a crowd may let him do. */
static struct actor anybody(struct rng *r)
{
	struct actor a = person(rng_u32(r));
	double *share[] = { &a.bend, &a.reach, &a.sit };

	a.who.body = (enum body_kind)(1 + rng_below(r, 3));
	a.who.height_m = a.who.body == BODY_CHILD ? rng_between(r, 0.8, 1.5)
						  : rng_between(r, 1.45, 2.05);
	a.who.shoulder_m = 0.26 * a.who.height_m;
	a.who.step_m = rng_between(r, 0.3, 0.45) * a.who.height_m;
	a.who.kind = (enum person_kind)(1 + rng_below(r, 3));
	a.who.trolley = a.who.body == BODY_ADULT && rng_chance(r, 0.3);
	a.at = (struct pt_m){ rng_between(r, -3, 3), rng_between(r, -3, 3) };
	a.facing = rng_between(r, -4, 4);
	a.speed_m_s = rng_chance(r, 0.6) ? rng_between(r, 0, 2) : 0;
	a.walked_m = rng_between(r, 0, 500);
	a.sway = rng_between(r, -1, 1);
	if (a.speed_m_s == 0)
		*share[rng_below(r, 3)] = rng_unit(r);
	return a;
}

static double distance(struct pt_room a, struct pt_room b)
{
	return vec_len(vec_sub(a, b));
}

/* The longest way of any limb's end between two states of somebody. */
static double moved(const struct actor *a, const struct actor *b)
{
	struct limb one[BODY_LIMBS], two[BODY_LIMBS];
	int n = body_limbs(a, &scene, one);
	double most = 0;

	assert_int_equal(body_limbs(b, &scene, two), n);
	for (int i = 0; i < n; i++) {
		assert_memory_equal(&one[i].colour, &two[i].colour, sizeof(one[i].colour));
		most = fmax(most, distance(one[i].a, two[i].a));
		most = fmax(most, distance(one[i].b, two[i].b));
	}
	return most;
}

static void test_moves_without_jumps(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		double from, to;
	} member[] = {
		{ offsetof(struct actor, walked_m), 0, 4 },
		{ offsetof(struct actor, speed_m_s), 0, 2 },
		{ offsetof(struct actor, bend), 0, 1 },
		{ offsetof(struct actor, reach), 0, 1 },
		{ offsetof(struct actor, sit), 0, 1 },
		{ offsetof(struct actor, sway), -1, 1 },
		{ offsetof(struct actor, facing), -4, 4 },
	};
	struct rng r;

	rng_init(&r, 5, 0);
	for (size_t k = 0; k < 140; k++) {
		struct actor a = anybody(&r), b;
		size_t i = k % (sizeof(member) / sizeof(member[0]));
		double step = (member[i].to - member[i].from) / 2000;

		for (int t = 0; t < 2000; t++) {
			b = a;
			*(double *)((char *)&a + member[i].at) = member[i].from + step * t;
			*(double *)((char *)&b + member[i].at) =
				member[i].from + step * (t + 1);
			/* 2 cm; a knee bends fast when a straight leg begins to. */
			assert_true(moved(&a, &b) < 0.02);
		}
	}
}

static void test_never_too_many_limbs(void **state)
{
	(void)state;
	struct limb limb[BODY_LIMBS];
	struct rng r;

	rng_init(&r, 6, 0);
	for (int k = 0; k < 3000; k++) {
		struct actor a = anybody(&r);
		int n = body_limbs(&a, &scene, limb);

		/* One less than there is room for: nothing was left out. */
		assert_in_range(n, PARTS + 4, BODY_LIMBS - 1);
	}
}

static void test_nothing_is_below_the_floor(void **state)
{
	(void)state;
	struct limb limb[BODY_LIMBS];
	struct rng r;

	rng_init(&r, 7, 0);
	for (int k = 0; k < 3000; k++) {
		struct actor a = anybody(&r);
		int n = body_limbs(&a, &scene, limb);

		for (int i = 0; i < n; i++) {
			assert_true(limb[i].a.z - limb[i].ra > -0.012);
			assert_true(limb[i].b.z - limb[i].rb > -0.012);
		}
	}
}

/* Somebody walks 6 m in steps of 5 mm. While the ball at one end of a foot is at the floor it
 * stays at its spot, and one end of a foot always is. */
static void test_a_standing_foot_stays(void **state)
{
	(void)state;
	struct pt_room since[4] = { { 0 } };
	bool down[4] = { false };
	int landed = 0;

	for (int t = 0; t < 1200; t++) {
		struct actor a = walking(3, 0.005 * t);
		struct limb limb[BODY_LIMBS];
		bool any = false;

		body_limbs(&a, &scene, limb);
		for (int i = 0; i < 4; i++) {
			const struct limb *foot = &limb[PART_FOOT_L + i / 2];
			struct pt_room p = i % 2 ? foot->b : foot->a;
			bool now = p.z - (i % 2 ? foot->rb : foot->ra) < 0.003;

			if (now && !down[i])
				since[i] = p, landed++;
			if (now)
				assert_true(distance(p, since[i]) < 0.02);
			down[i] = now;
			any = any || now;
		}
		assert_true(any);
	}
	/* Heel and toe of each step: 6 m are eight steps and a bit. */
	assert_in_range(landed, 15, 20);
}

static void test_half_a_cycle_later_the_sides_have_changed(void **state)
{
	(void)state;
	for (int t = 0; t < 50; t++) {
		struct actor a = walking(0, 0.03 * t), b = walking(0, 0.03 * t);
		struct limb one[BODY_LIMBS], two[BODY_LIMBS];

		a.at = b.at = (struct pt_m){ 0, 0 };
		a.facing = b.facing = 0;
		b.walked_m += b.who.step_m;
		/* Somebody with both hands free. */
		for (a.who.look = 0;; a.who.look++) {
			struct look k;

			look_of(&a.who, &scene, &k);
			if (k.load_hand < 0)
				break;
		}
		b.who.look = a.who.look;
		body_limbs(&a, &scene, one);
		body_limbs(&b, &scene, two);
		for (int i = PART_THIGH_L; i <= PART_HAND_R; i++) {
			struct limb m = two[i ^ 1];

			m.a.y = -m.a.y;
			m.b.y = -m.b.y;
			assert_true(distance(one[i].a, m.a) < 1e-6);
			assert_true(distance(one[i].b, m.b) < 1e-6);
		}
	}
}

/* The arm swings with the other side's leg, the knees bend, and the feet clear the floor. */
static void test_walks_like_a_person(void **state)
{
	(void)state;
	double together = 0, knee_least = 10, knee_most = 0, lift = 0, high = 0, low = 10;

	for (int t = 0; t < 142; t++) {
		struct actor a = walking(2, 0.01 * t);
		struct limb limb[BODY_LIMBS];
		double knee;

		a.facing = 0;
		a.at = (struct pt_m){ 0, 0 };
		body_limbs(&a, &scene, limb);
		together +=
			limb[PART_HAND_L].b.x * (limb[PART_FOOT_R].a.x - limb[PART_FOOT_L].a.x);
		knee = distance(limb[PART_THIGH_L].a, limb[PART_SHIN_L].b);
		knee_least = fmin(knee_least, knee);
		knee_most = fmax(knee_most, knee);
		lift = fmax(lift, limb[PART_FOOT_L].a.z);
		high = fmax(high, limb[PART_HEAD].b.z);
		low = fmin(low, limb[PART_HEAD].b.z);
	}
	assert_true(together > 0);
	/* A thigh and a shin of 0.43 m: almost straight, and bent by more than 50 degrees. */
	assert_true(knee_most > 0.84 && knee_least < 0.77);
	assert_true(lift > 0.15 && lift < 0.40);
	/* The head goes up and down by about 4 cm. */
	assert_true(high - low > 0.02 && high - low < 0.06);
}

static double lowest_hand(const struct limb *limb)
{
	return fmin(limb[PART_HAND_L].b.z - limb[PART_HAND_L].rb,
		    limb[PART_HAND_R].b.z - limb[PART_HAND_R].rb);
}

static void test_bends_reaches_and_sits(void **state)
{
	(void)state;
	struct limb limb[BODY_LIMBS];
	struct rng r;

	rng_init(&r, 8, 0);
	for (int k = 0; k < 200; k++) {
		struct actor a = person(rng_u32(&r));
		double h = a.who.height_m = rng_between(&r, 1.5, 2.0), far;

		body_limbs(&a, &scene, limb);
		assert_true(lowest_hand(limb) > 0.35 * h && lowest_hand(limb) < 0.5 * h);
		a.bend = 1;
		body_limbs(&a, &scene, limb);
		assert_true(lowest_hand(limb) < 0.07);
		assert_true(limb[PART_HEAD].b.z < 0.7 * h);
		a.bend = 0;
		a.reach = 1;
		body_limbs(&a, &scene, limb);
		far = fmax(limb[PART_HAND_L].b.x, limb[PART_HAND_R].b.x);
		assert_true(far > 0.33 * h && far < 0.48 * h);
		assert_true(fmax(limb[PART_HAND_L].b.z, limb[PART_HAND_R].b.z) > 0.75 * h);
		a.reach = 0;
		a.sit = 1;
		body_limbs(&a, &scene, limb);
		/* Thighs level, as high as shins are long; head over the seat. */
		assert_true(fabs(limb[PART_THIGH_L].a.z - limb[PART_THIGH_L].b.z) < 0.08 * h);
		assert_true(limb[PART_THIGH_L].b.x - limb[PART_THIGH_L].a.x > 0.2 * h);
		assert_true(limb[PART_HEAD].b.z > 0.7 * h && limb[PART_HEAD].b.z < 0.82 * h);
	}
}

static struct lens camera(double x, double y, double z, struct pt_room to, double fov,
			  double k1)
{
	struct lens l;

	lens_look(&l, 640, 360, fov, k1, vec(x, y, z), to, 0);
	return l;
}

static const struct body_light lamp = { .luma = 1, .from = { 0.48, -0.6, 0.64 } };

static void blank(struct canvas *c)
{
	size_t n = (size_t)c->w * (size_t)c->h;

	memset(c->depth, 0xff, n * sizeof(*c->depth));
	memset(c->owner, 0, n * sizeof(*c->owner));
	for (int i = 0; i < c->h; i++) {
		memset(image_row(&c->y, i), 16, (size_t)c->w);
		memset(image_row(&c->u, i), 128, (size_t)c->w);
		memset(image_row(&c->v, i), 128, (size_t)c->w);
	}
}

static int draw(struct canvas *c, const struct lens *l, const struct actor *a, int owner)
{
	struct limb limb[BODY_LIMBS];
	int n = body_limbs(a, &scene, limb);

	body_draw(c, l, limb, n, &lamp, owner);
	return n;
}

static int pixels(const struct canvas *c, int owner)
{
	int n = 0;

	for (int i = 0; i < c->w * c->h; i++)
		n += c->owner[i] == owner;
	return n;
}

static void test_is_as_tall_as_said(void **state)
{
	(void)state;
	struct lens l = camera(0, -20, 1, vec(0, 0, 1), 20, 0);
	struct limb limb[BODY_LIMBS];
	struct box_px box;
	struct rng r;

	rng_init(&r, 10, 0);
	for (int k = 0; k < 300; k++) {
		struct actor a = person(rng_u32(&r));
		double h;

		if (k % 3 == 0)
			a.who.body = BODY_CHILD;
		h = a.who.height_m =
			k % 3 ? rng_between(&r, 1.5, 2.0) : rng_between(&r, 0.9, 1.4);
		a.who.step_m = 0.41 * h;
		a.who.shoulder_m = 0.26 * h;
		a.facing = rng_between(&r, -3, 3);
		if (k & 1) {
			a.speed_m_s = 1.2;
			a.walked_m = rng_between(&r, 0, 9);
		}
		assert_true(body_box(&l, limb, body_limbs(&a, &scene, limb), &box));
		assert_true(fabs(box.h * 20 / l.f_px - h) < 0.03 * h + 0.01);
	}
}

static void test_the_one_in_front_hides_the_other(void **state)
{
	(void)state;
	struct lens l = camera(0, -6, 1.5, vec(0, 0, 1), 50, 0);
	struct actor front = person(1), back = person(2);
	struct canvas c, d;
	size_t n = 640 * 360;
	int alone;

	canvas_init(&c, 640, 360);
	canvas_init(&d, 640, 360);
	back.at.y = 1;
	back.at.x = 0.2;
	blank(&c);
	draw(&c, &l, &front, 1);
	alone = pixels(&c, 1);
	draw(&c, &l, &back, 2);
	assert_true(alone > 2000);
	assert_int_equal(pixels(&c, 1), alone);
	assert_true(pixels(&c, 2) > 300 && pixels(&c, 2) < alone * 3 / 4);
	/* The order of drawing makes no difference. */
	blank(&d);
	draw(&d, &l, &back, 2);
	draw(&d, &l, &front, 1);
	assert_memory_equal(c.owner, d.owner, n * sizeof(*c.owner));
	assert_memory_equal(c.depth, d.depth, n * sizeof(*c.depth));
	for (int y = 0; y < 360; y++)
		assert_memory_equal(image_row(&c.y, y), image_row(&d.y, y), 640);
	canvas_clear(&c);
	canvas_clear(&d);
}

static void test_something_nearer_hides_him(void **state)
{
	(void)state;
	struct lens l = camera(0, -6, 1.5, vec(0, 0, 1), 50, 0);
	struct actor a = person(1);
	struct canvas c;

	canvas_init(&c, 640, 360);
	blank(&c);
	for (int i = 0; i < 640 * 360; i++)
		c.depth[i] = 5 * 500;
	draw(&c, &l, &a, 1);
	assert_int_equal(pixels(&c, 1), 0);
	for (int i = 0; i < 640 * 360; i++)
		c.depth[i] = 7 * 500;
	draw(&c, &l, &a, 1);
	assert_true(pixels(&c, 1) > 2000);
	for (int i = 0; i < 640 * 360; i++)
		if (c.owner[i])
			assert_in_range(c.depth[i], 5.3 * 500, 6.3 * 500);
	canvas_clear(&c);
}

/* From above a head is in the middle of the shoulders, and as near as it is high. */
static void test_from_above(void **state)
{
	(void)state;
	struct lens l = camera(0, 0, 3.5, vec(0, 0, 0), 80, -0.1);
	struct canvas c;

	canvas_init(&c, 640, 360);
	for (int k = 0; k < 20; k++) {
		struct actor a = person((uint64_t)k);
		struct limb limb[BODY_LIMBS];
		double head[2], left[2], right[2], wide, off;
		int top = 65535;

		a.facing = 0.3 * k;
		blank(&c);
		body_draw(&c, &l, limb, body_limbs(&a, &scene, limb), &lamp, 1);
		assert_true(lens_project(&l, limb[PART_HAIR].b, head, NULL));
		assert_true(lens_project(&l, limb[PART_SHOULDERS].a, left, NULL));
		assert_true(lens_project(&l, limb[PART_SHOULDERS].b, right, NULL));
		wide = real_hypot(left[0] - right[0], left[1] - right[1]);
		off = real_hypot((left[0] + right[0]) / 2 - head[0],
				 (left[1] + right[1]) / 2 - head[1]);
		assert_true(off < 0.4 * wide);
		for (int i = 0; i < 640 * 360; i++)
			top = c.owner[i] && c.depth[i] < top ? c.depth[i] : top;
		assert_true(fabs(top / 500.0 - (3.5 - a.who.height_m)) < 0.03);
	}
	canvas_clear(&c);
}

static void mark(void *arg, int y, int x0, int x1)
{
	struct canvas *c = arg;

	assert_true(y >= 0 && y < c->h && x0 >= 0 && x0 < x1 && x1 <= c->w);
	for (int x = x0; x < x1; x++)
		c->owner[(size_t)y * (size_t)c->w + (size_t)x] = 1;
}

/* Cameras near, far, above, within and behind people: what is drawn lies in the box, and is
 * what body_rows() says. */
static void test_any_camera(void **state)
{
	(void)state;
	struct canvas c, rows;
	struct rng r;
	int seen = 0;

	rng_init(&r, 11, 0);
	canvas_init(&c, 97, 61);
	canvas_init(&rows, 97, 61);
	for (int k = 0; k < 1500; k++) {
		struct actor a = anybody(&r);
		struct limb limb[BODY_LIMBS];
		int n = body_limbs(&a, &scene, limb);
		struct box_px box = { 0, 0, 0, 0 };
		struct lens l;
		bool any;

		lens_look(&l, 97, 61, rng_between(&r, 20, 130), rng_between(&r, -0.3, 0.1),
			  vec(rng_between(&r, -3, 3), rng_between(&r, -3, 3),
			      rng_between(&r, 0.1, 4)),
			  vec(a.at.x + rng_normal(&r), a.at.y + rng_normal(&r), rng_unit(&r)),
			  rng_between(&r, -180, 180));
		blank(&c);
		blank(&rows);
		any = body_box(&l, limb, n, &box);
		body_draw(&c, &l, limb, n, &lamp, 1);
		for (int i = 0; i < n; i++)
			body_rows(&l, &limb[i], 97, 61, mark, &rows);
		assert_memory_equal(c.owner, rows.owner, 97 * 61 * sizeof(*c.owner));
		for (int i = 0; i < 97 * 61; i++) {
			double x = i % 97 + 0.5, y = i / 97 + 0.5;

			if (!c.owner[i])
				continue;
			assert_true(any && x >= box.x && x <= box.x + box.w);
			assert_true(y >= box.y && y <= box.y + box.h);
		}
		seen += pixels(&c, 1) > 0;
	}
	assert_true(seen > 1000);
	canvas_clear(&c);
	canvas_clear(&rows);
}

static double strange(struct rng *r)
{
	static const double odd[] = { 0, 1e-9, 1e9, -1e9, 1e300, HUGE_VAL, NAN };

	return rng_chance(r, 0.2) ? odd[rng_below(r, 7)] : 3 * rng_normal(r);
}

static void test_strange_limbs_do_no_harm(void **state)
{
	(void)state;
	struct lens l = camera(0, -2, 1.5, vec(0, 0, 1), 90, -0.1);
	struct canvas c;
	struct box_px box;
	struct rng r;

	rng_init(&r, 12, 0);
	canvas_init(&c, 640, 360);
	blank(&c);
	for (int k = 0; k < 20000; k++) {
		struct limb limb = { .colour = { (uint8_t)rng_u32(&r), (uint8_t)rng_u32(&r),
						 (uint8_t)rng_u32(&r) },
				     .pattern = (uint8_t)rng_u32(&r),
				     .shade = (uint8_t)rng_u32(&r) };

		limb.a = vec(strange(&r), strange(&r), strange(&r));
		limb.b = vec(strange(&r), strange(&r), strange(&r));
		limb.ra = strange(&r);
		limb.rb = strange(&r);
		limb.turn = 3 * rng_normal(&r);
		body_draw(&c, &l, &limb, 1, &lamp, 1);
		body_rows(&l, &limb, 640, 360, mark, &c);
		if (body_box(&l, &limb, 1, &box))
			assert_true(box.w > 0 && box.h > 0 && box.w < 1e8 && box.h < 1e8);
	}
	for (int y = 0; y < 360; y++)
		for (int x = 0; x < 640; x++)
			assert_in_range(image_row(&c.y, y)[x], 16, 235);
	canvas_clear(&c);
}

/* A turned world looks the same: cloth is fixed to people, not to the room. */
static void test_cloth_moves_with_the_body(void **state)
{
	(void)state;
	struct body_light one = lamp, two = lamp;
	struct lens l = camera(0, -3, 1.8, vec(0, 0, 1), 50, 0);
	struct lens turned = camera(3, 0, 1.8, vec(0, 0, 1), 50, 0);
	struct canvas c, d;
	int differ = 0;

	canvas_init(&c, 640, 360);
	canvas_init(&d, 640, 360);
	two.from = vec(-one.from.y, one.from.x, one.from.z);
	for (uint64_t look = 0; look < 20; look++) {
		struct actor a = person(look), b = person(look);
		struct limb limb[BODY_LIMBS];

		a.at.x = b.at.y = 0.3;
		b.facing = REAL_PI / 2;
		blank(&c);
		blank(&d);
		body_draw(&c, &l, limb, body_limbs(&a, &scene, limb), &one, 1);
		body_draw(&d, &turned, limb, body_limbs(&b, &scene, limb), &two, 1);
		for (int y = 0; y < 360; y++)
			for (int x = 0; x < 640; x++)
				differ +=
					abs(image_row(&c.y, y)[x] - image_row(&d.y, y)[x]) > 2;
		assert_true(pixels(&c, 1) > 5000);
	}
	/* Rounding moves a pixel of an edge now and then. */
	assert_true(differ < 20 * 10);
	canvas_clear(&c);
	canvas_clear(&d);
}

static void assert_near(struct colour a, struct colour b, int luma, int chroma)
{
	assert_true(abs(a.y - b.y) <= luma);
	assert_true(abs(a.u - b.u) <= chroma && abs(a.v - b.v) <= chroma);
}

static const int clothes[] = { PART_THIGH_L,     PART_THIGH_R,   PART_UPPER_ARM_L,
			       PART_UPPER_ARM_R, PART_FOREARM_L, PART_SHOULDERS };

static void test_clothes_like_the_floor(void **state)
{
	(void)state;
	struct limb limb[BODY_LIMBS];

	for (uint64_t look = 0; look < 100; look++) {
		struct actor a = person(look);

		a.who.low_contrast = true;
		body_limbs(&a, &scene, limb);
		for (int i = 0; i < 6; i++)
			if (limb[clothes[i]].colour.y != limb[PART_HAND_L].colour.y)
				assert_near(limb[clothes[i]].colour, scene.floor.colour, 4, 2);
	}
}

static void test_clothes_as_told(void **state)
{
	(void)state;
	static struct scene told = { .n_walkers = 1 };
	struct limb limb[BODY_LIMBS];

	told.walker[0].coloured = true;
	told.walker[0].clothes = (struct colour){ 81, 90, 240 };
	for (uint64_t look = 0; look < 100; look++) {
		struct actor a = person(look);

		a.who.walker = 0;
		body_limbs(&a, &told, limb);
		for (int i = 0; i < 6; i++)
			assert_near(limb[clothes[i]].colour, told.walker[0].clothes, 0, 0);
	}
}

static void test_staff_wear_the_same_and_others_do_not(void **state)
{
	(void)state;
	struct limb limb[BODY_LIMBS];
	struct colour uniform = { 0, 0, 0 };
	bool used[256] = { false };
	int tones = 0;

	for (uint64_t look = 0; look < 100; look++) {
		struct actor a = person(look);

		body_limbs(&a, &scene, limb);
		tones += !used[limb[PART_SHOULDERS].colour.y];
		used[limb[PART_SHOULDERS].colour.y] = true;
		a.who.kind = PERSON_STAFF;
		body_limbs(&a, &scene, limb);
		if (look > 0)
			assert_near(limb[PART_SHOULDERS].colour, uniform, 0, 0);
		uniform = limb[PART_SHOULDERS].colour;
	}
	assert_true(tones > 30);
}

static void test_infrared_has_no_colour(void **state)
{
	(void)state;
	struct lens l = camera(0, -3, 1.8, vec(0, 0, 1), 50, 0);
	struct body_light night = { .luma = 1, .from = { 0, -0.8, 0.6 }, .infrared = true };
	struct actor a = person(4);
	struct limb limb[BODY_LIMBS];
	struct canvas c;

	canvas_init(&c, 640, 360);
	blank(&c);
	body_draw(&c, &l, limb, body_limbs(&a, &scene, limb), &night, 1);
	for (int y = 0; y < 360; y++) {
		for (int x = 0; x < 640; x++) {
			if (!c.owner[y * 640 + x])
				continue;
			assert_int_equal(image_row(&c.u, y)[x], 128);
			assert_int_equal(image_row(&c.v, y)[x], 128);
			assert_true(image_row(&c.y, y)[x] > 40);
		}
	}
	assert_true(pixels(&c, 1) > 5000);
	canvas_clear(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves_without_jumps),
		cmocka_unit_test(test_never_too_many_limbs),
		cmocka_unit_test(test_nothing_is_below_the_floor),
		cmocka_unit_test(test_a_standing_foot_stays),
		cmocka_unit_test(test_half_a_cycle_later_the_sides_have_changed),
		cmocka_unit_test(test_walks_like_a_person),
		cmocka_unit_test(test_bends_reaches_and_sits),
		cmocka_unit_test(test_is_as_tall_as_said),
		cmocka_unit_test(test_the_one_in_front_hides_the_other),
		cmocka_unit_test(test_something_nearer_hides_him),
		cmocka_unit_test(test_from_above),
		cmocka_unit_test(test_any_camera),
		cmocka_unit_test(test_strange_limbs_do_no_harm),
		cmocka_unit_test(test_cloth_moves_with_the_body),
		cmocka_unit_test(test_clothes_like_the_floor),
		cmocka_unit_test(test_clothes_as_told),
		cmocka_unit_test(test_staff_wear_the_same_and_others_do_not),
		cmocka_unit_test(test_infrared_has_no_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
