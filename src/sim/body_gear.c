/* SPDX-License-Identifier: Apache-2.0 */
/* body_gear.c -- what people carry, push and sit in. */
#include "sim/body_parts.h"

#include "base/real.h"

struct limb *limb_add(struct limbs *l, struct pt_room a, double ra, struct pt_room b, double rb,
		      struct colour c)
{
	struct limb *to = &l->limb[l->n < BODY_LIMBS ? l->n++ : BODY_LIMBS - 1];

	*to = (struct limb){ .a = a, .b = b, .ra = ra, .rb = rb, .colour = c, .shade = 255 };
	return to;
}

static void backpack(struct limbs *l, const struct build *b, const struct pose *p,
		     const struct look *k)
{
	double h = b->height, back = -0.105 * h * b->girth;

	for (int i = -1; i <= 1; i += 2)
		limb_add(l, axes_put(&p->chest, back, 0.035 * h * i, -0.01 * h), 0.050 * h,
			 axes_put(&p->chest, back - 0.01 * h, 0.035 * h * i, -0.19 * h),
			 0.062 * h, k->load)
			->flat = 120;
}

static void shoulder_bag(struct limbs *l, const struct build *b, const struct pose *p,
			 const struct look *k)
{
	double h = b->height, out = k->side == LEFT ? -1 : 1; /* on the other side */
	double y = out * (b->hip_y + 0.075 * h), x = 0.045 * h;
	struct pt_room front = axes_put(&p->pelvis, 0.5 * x, y, -0.01 * h),
		       rear = axes_put(&p->pelvis, -1.5 * x, y, -0.01 * h);

	limb_add(l, front, 0.042 * h, rear, 0.042 * h, k->load);
	limb_add(l, axes_put(&p->pelvis, 0, y, 0.02 * h), 0.006 * h,
		 axes_put(&p->chest, 0, 0.6 * out * b->shoulder_y, 0.045 * h), 0.006 * h,
		 k->load);
}

/* A carrier bag or a basket; a hand near the floor puts it down. */
static void in_hand(struct limbs *l, const struct build *b, const struct pose *p,
		    const struct look *k)
{
	struct pt_room hand = p->fingers[k->load_hand];
	bool basket = k->load_kind == LOAD_BASKET;
	double h = b->height, r = (basket ? 0.042 : 0.030) * h, y = basket ? 0.04 * h : 0;
	double low = hand.z - (basket ? 0.20 : 0.18) * h, x = (basket ? 0.085 : 0.055) * h;

	low = low > r ? low : r;
	for (int i = -1; i <= 1; i += 2) {
		limb_add(l, hand, 0.005 * h, vec(hand.x + 0.8 * x * i, hand.y, low + 0.08 * h),
			 0.005 * h, k->load);
		for (int up = 0; up < 2; up++) {
			double z = low + 0.07 * h * up, long_x = x * (1 + 0.1 * up);

			limb_add(l, vec(hand.x - long_x, hand.y + y * i, z), r,
				 vec(hand.x + long_x, hand.y + y * i, z), r, k->load)
				->flat = 180;
		}
	}
}

void gear_load(struct limbs *l, const struct build *b, const struct pose *p,
	       const struct look *k)
{
	switch (k->load_kind) {
	case LOAD_BACKPACK:
		backpack(l, b, p, k);
		break;
	case LOAD_SHOULDER_BAG:
		shoulder_bag(l, b, p, k);
		break;
	case LOAD_CARRIER:
	case LOAD_BASKET:
		in_hand(l, b, p, k);
		break;
	case LOAD_NONE:
		break;
	}
}

/* A shop's trolley of about 100 litres. */
#define HANDLE_X 0.42
#define HANDLE_Z 1.00
#define WIRE 0.009

struct pt_room gear_handle(int side)
{
	return vec(HANDLE_X - 0.05, side == LEFT ? 0.17 : -0.17, HANDLE_Z + 0.03);
}

static void wire(struct limbs *l, struct pt_room a, struct pt_room b, struct colour c)
{
	limb_add(l, a, WIRE, b, WIRE, c);
}

static void trolley_wheels(struct limbs *l)
{
	static const double at[4][2] = {
		{ 0.50, 0.24 }, { 0.50, -0.24 }, { 1.15, 0.19 }, { 1.15, -0.19 }
	};
	struct colour black = { 34, 128, 128 };

	for (int i = 0; i < 4; i++)
		limb_add(l, vec(at[i][0], at[i][1], 0.046), 0.045,
			 vec(at[i][0] + 0.01, at[i][1], 0.046), 0.045, black);
}

static void trolley_goods(struct limbs *l, const struct actor *a)
{
	int n = (int)(a->who.look >> 20 & 3);

	for (int i = 0; i < n; i++) {
		uint64_t x = rng_hash(a->who.look, 200 + (uint64_t)i);
		struct colour c = { (uint8_t)(60 + (x & 127)), (uint8_t)(88 + (x >> 8 & 79)),
				    (uint8_t)(88 + (x >> 16 & 79)) };
		double y = ((double)(x >> 24 & 255) / 255 - 0.5) * 0.2;

		limb_add(l, vec(0.62 + 0.18 * i, y, 0.62), 0.09, vec(0.68 + 0.18 * i, y, 0.72),
			 0.08, c);
	}
}

void gear_trolley(struct limbs *l, const struct actor *a, const struct look *k)
{
	/* The basket's corners from the handle forwards: below, above. */
	static const double x[2][2] = { { 0.56, 0.47 }, { 1.18, 1.28 } },
			    z[2][2] = { { 0.56, 0.94 }, { 0.62, 0.88 } },
			    y[2][2] = { { 0.20, 0.28 }, { 0.16, 0.22 } };
	struct colour grip = { 80, 110, 180 };
	struct pt_room c[2][2][2]; /* side, near or far, below or above */

	for (int i = 0; i < 8; i++) {
		int side = i & 1, far = i >> 1 & 1, up = i >> 2;

		c[side][far][up] = vec(x[far][up], side ? -y[far][up] : y[far][up], z[far][up]);
	}
	limb_add(l, vec(HANDLE_X, 0.26, HANDLE_Z), 0.018, vec(HANDLE_X, -0.26, HANDLE_Z), 0.018,
		 grip);
	for (int i = 0; i < 2; i++) {
		struct pt_room middle[2] = { vec_mix(c[i][0][0], c[i][0][1], 0.5),
					     vec_mix(c[i][1][0], c[i][1][1], 0.5) };

		for (int up = 0; up < 2; up++) {
			wire(l, c[i][0][up], c[i][1][up], k->frame);
			wire(l, c[i][up][0], c[i][up][1], k->frame);
			wire(l, c[0][i][up], c[1][i][up], k->frame);
		}
		wire(l, middle[0], middle[1], k->frame);
		wire(l, vec_mix(c[i][0][0], c[i][1][0], 0.5),
		     vec_mix(c[i][0][1], c[i][1][1], 0.5), k->frame);
		wire(l, vec_mix(c[0][0][0], c[1][0][0], 0.33 * (i + 1)),
		     vec_mix(c[0][1][0], c[1][1][0], 0.33 * (i + 1)), k->frame);
		wire(l, vec_mix(c[0][0][0], c[0][1][0], 0.33 * (i + 1)),
		     vec_mix(c[1][0][0], c[1][1][0], 0.33 * (i + 1)), k->frame);
		wire(l, vec(HANDLE_X, i ? -0.26 : 0.26, HANDLE_Z),
		     vec(0.50, i ? -0.24 : 0.24, 0.10), k->frame);
		wire(l, vec(0.50, i ? -0.24 : 0.24, 0.14), vec(1.15, i ? -0.19 : 0.19, 0.12),
		     k->frame);
	}
	trolley_wheels(l);
	trolley_goods(l, a);
}

#define RIM 8

/* A big wheel: a rim that turns as far as it has rolled. */
static void wheel(struct limbs *l, double y, double r, double rolled, double thick)
{
	struct colour tyre = { 40, 128, 128 }, spoke = { 120, 128, 128 };
	struct pt_room at[RIM];

	for (int i = 0; i < RIM; i++) {
		double angle = 2 * REAL_PI * i / RIM - rolled / r;

		at[i] = vec((r - thick) * real_sin(angle) - 0.03, y,
			    r + (r - thick) * real_cos(angle));
	}
	for (int i = 0; i < RIM; i++)
		limb_add(l, at[i], thick, at[(i + 1) % RIM], thick, tyre);
	limb_add(l, at[0], thick / 2, at[RIM / 2], thick / 2, spoke);
}

struct pt_room gear_rim(const struct build *b, double walked_m, int side)
{
	double h = b->height, angle = 0.55 * real_sin(walked_m * 2.6) + 0.25, r = 0.172 * h;

	return vec(r * real_sin(angle) - 0.03, (side == LEFT ? 0.16 : -0.16) * h,
		   r + r * real_cos(angle) + 0.02 * h);
}

/* A wheelchair of usual size for adults, smaller for children. */
void gear_chair(struct limbs *l, const struct actor *a, const struct build *b,
		const struct look *k)
{
	double h = b->height;
	struct colour cloth = { 36, 128, 128 };

	for (int i = -1; i <= 1; i += 2) {
		double y = 0.15 * h * i, in = 0.07 * h * i;

		wheel(l, y, 0.172 * h, a->walked_m, 0.013 * h);
		limb_add(l, vec(0.23 * h, 0.12 * h * i, 0.036 * h), 0.035 * h,
			 vec(0.235 * h, 0.12 * h * i, 0.036 * h), 0.035 * h, cloth);
		limb_add(l, vec(-0.12 * h, in, 0.265 * h), 0.022 * h,
			 vec(0.12 * h, in, 0.265 * h), 0.022 * h, cloth);
		limb_add(l, vec(-0.145 * h, in, 0.28 * h), 0.022 * h,
			 vec(-0.165 * h, in, 0.50 * h), 0.022 * h, cloth);
		limb_add(l, vec(-0.165 * h, 0.12 * h * i, 0.53 * h), 0.012 * h,
			 vec(-0.21 * h, 0.12 * h * i, 0.53 * h), 0.012 * h, cloth);
		limb_add(l, vec(0.12 * h, 0.12 * h * i, 0.27 * h), 0.009 * h,
			 vec(0.26 * h, 0.09 * h * i, 0.08 * h), 0.009 * h, k->frame);
		limb_add(l, vec(0.20 * h, 0.06 * h * i, 0.06 * h), 0.012 * h,
			 vec(0.30 * h, 0.06 * h * i, 0.07 * h), 0.012 * h, k->frame);
	}
}
