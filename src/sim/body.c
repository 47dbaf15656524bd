/* SPDX-License-Identifier: Apache-2.0 */
/* body.c -- an actor as limbs: his joints (body_pose.c) in his clothes (body_look.c). */
#include "sim/body_parts.h"

#include "base/real.h"

static void in_cloth(struct limb *l, enum cloth cloth, int shade)
{
	l->pattern = (uint8_t)cloth;
	l->shade = (uint8_t)shade;
}

/* One of several side by side that make one surface. */
static void in_trunk(struct limb *l, enum cloth cloth)
{
	in_cloth(l, cloth, 255);
	l->flat = 150;
}

static bool same_colour(struct colour a, struct colour b)
{
	return a.y == b.y && a.u == b.u && a.v == b.v;
}

static double head_r(const struct build *b)
{
	return (b->height - b->chin_z) * 0.385;
}

static void add_head(struct limbs *l, const struct build *b, const struct pose *p,
		     const struct look *k)
{
	const struct axes *at = &p->head;
	double h = b->height, base = b->shoulder_z + 0.01 * h;
	double top = h - base, chin = b->chin_z - base, r = head_r(b);
	bool bald = k->hair_kind == HAIR_NONE;

	limb_add(l, axes_put(at, 0.22 * r, 0, chin + 0.72 * r), 0.72 * r,
		 axes_put(at, 0.14 * r, 0, top - (bald ? 1 : 1.22) * r), r, k->skin);
	limb_add(l, axes_put(at, -0.32 * r, 0, top - 1.25 * r), bald ? 0.9 * r : r,
		 axes_put(at, -0.08 * r, 0, top - (bald ? 1.2 : 0.96) * r), 0.96 * r, k->hair);
}

/* Long hair, a scarf's ends, a bun, a cap's peak. */
static void add_hair(struct limbs *l, const struct build *b, const struct pose *p,
		     const struct look *k)
{
	const struct axes *at = &p->head;
	double h = b->height, top = 0.99 * h - b->shoulder_z, r = head_r(b);
	bool scarf = k->hair_kind == HAIR_SCARF;

	if (k->hair_kind == HAIR_LONG || scarf)
		limb_add(l, axes_put(at, -0.45 * r, 0, top - 1.3 * r), 0.92 * r,
			 axes_put(&p->chest, -0.055 * h, 0, -0.01 * h), (scarf ? 1.1 : 0.8) * r,
			 k->hair);
	if (k->hair_kind == HAIR_BUN)
		limb_add(l, axes_put(at, -1.0 * r, 0, top - 1.0 * r), 0.45 * r,
			 axes_put(at, -1.2 * r, 0, top - 0.95 * r), 0.42 * r, k->hair);
	if (k->hair_kind == HAIR_CAP)
		limb_add(l, axes_put(at, 0.95 * r, 0.4 * r, top - 0.62 * r), 0.18 * r,
			 axes_put(at, 0.95 * r, -0.4 * r, top - 0.62 * r), 0.18 * r, k->hair);
}

static void add_neck(struct limbs *l, const struct build *b, const struct pose *p,
		     const struct look *k)
{
	double h = b->height;

	limb_add(l, axes_put(&p->chest, -0.01 * h, 0, 0), 0.034 * h,
		 axes_put(&p->head, 0, 0, b->chin_z - b->shoulder_z), 0.031 * h, k->skin);
}

static void add_legs(struct limbs *l, const struct build *b, const struct pose *p,
		     const struct look *k)
{
	double g = b->height * b->girth, thigh = (k->skirt ? 0.045 : 0.055) * g;

	for (int i = 0; i < 2; i++)
		in_cloth(limb_add(l, p->hip[i], thigh, p->knee[i], 0.036 * g,
				  k->skirt ? k->calf : k->bottom),
			 k->bottom_cloth, 245);
	for (int i = 0; i < 2; i++)
		in_cloth(limb_add(l, p->knee[i], 0.034 * g, p->ankle[i], 0.028 * g, k->calf),
			 same_colour(k->calf, k->bottom) ? k->bottom_cloth : CLOTH_PLAIN, 240);
	for (int i = 0; i < 2; i++)
		limb_add(l, p->heel[i], b->heel_r, p->toe[i], b->toe_r, k->shoe);
}

static void add_arms(struct limbs *l, const struct build *b, const struct pose *p,
		     const struct look *k)
{
	double h = b->height, g = h * b->girth;
	bool bare = same_colour(k->sleeve, k->skin);

	for (int i = 0; i < 2; i++)
		in_cloth(limb_add(l, p->shoulder[i], 0.031 * g, p->elbow[i], 0.027 * g, k->top),
			 k->top_cloth, 235);
	for (int i = 0; i < 2; i++)
		in_cloth(limb_add(l, p->elbow[i], 0.025 * g, p->wrist[i], 0.018 * g, k->sleeve),
			 bare ? CLOTH_PLAIN : k->top_cloth, 235);
	for (int i = 0; i < 2; i++)
		limb_add(l, vec_mix(p->wrist[i], p->fingers[i], 0.2), 0.019 * h, p->fingers[i],
			 0.017 * h, k->skin);
}

/* Chest and belly as upright cones side by side: wide, and flat from front to back. */
static void add_trunk(struct limbs *l, const struct build *b, const struct pose *p,
		      const struct look *k)
{
	double h = b->height, g = h * b->girth, y = b->shoulder_y, in = b->hip_y;

	in_trunk(limb_add(l, axes_put(&p->chest, 0, 0.86 * y, 0), 0.036 * g,
			  axes_put(&p->chest, 0, -0.86 * y, 0), 0.036 * g, k->top),
		 k->top_cloth);
	add_neck(l, b, p, k);
	for (int i = -1; i <= 1; i += 2)
		in_trunk(limb_add(l, axes_put(&p->chest, 0, 0.60 * y * i, -0.035 * h),
				  0.050 * g, axes_put(&p->pelvis, 0, 0.95 * in * i, 0.045 * h),
				  0.049 * g, k->top),
			 k->top_cloth);
	in_trunk(limb_add(l, axes_put(&p->chest, 0.004 * h, 0, -0.045 * h), 0.063 * g,
			  axes_put(&p->pelvis, 0.004 * h, 0, 0.07 * h), 0.063 * g, k->top),
		 k->top_cloth);
	in_trunk(limb_add(l, axes_put(&p->pelvis, -0.008 * h, 0.9 * in, 0.012 * h), 0.056 * g,
			  axes_put(&p->pelvis, -0.008 * h, -0.9 * in, 0.012 * h), 0.056 * g,
			  k->coat ? k->top : k->bottom),
		 k->coat ? k->top_cloth : k->bottom_cloth);
}

/* A skirt to the knee, or a coat to the middle of the thigh. */
static void add_hem(struct limbs *l, const struct build *b, const struct pose *p,
		    const struct look *k)
{
	double g = b->height * b->girth, far = k->skirt ? 1.05 : 0.65;
	struct colour c = k->skirt ? k->bottom : k->top;
	enum cloth cloth = k->skirt ? k->bottom_cloth : k->top_cloth;
	struct pt_room end[2];

	for (int i = 0; i < 2; i++) {
		end[i] = vec_add(vec_mix(p->hip[i], p->knee[i], far),
				 vec(0, (i == LEFT ? 0.01 : -0.01) * g, 0));
		in_trunk(limb_add(l, p->hip[i], 0.060 * g, end[i], 0.050 * g, c), cloth);
	}
	in_trunk(limb_add(l, p->pelvis.at, 0.060 * g, vec_mix(end[0], end[1], 0.5), 0.050 * g,
			  c),
		 cloth);
	in_trunk(limb_add(l, end[0], 0.046 * g, end[1], 0.046 * g, c), cloth);
}

/* From the body's own frame to where the actor stands. */
static void to_room(struct limb *limb, int n, const struct actor *a)
{
	double c = real_cos(a->facing), s = real_sin(a->facing);

	for (int i = 0; i < n; i++) {
		struct pt_room *p[2] = { &limb[i].a, &limb[i].b };

		for (int k = 0; k < 2; k++)
			*p[k] = vec(a->at.x + c * p[k]->x - s * p[k]->y,
				    a->at.y + s * p[k]->x + c * p[k]->y, p[k]->z);
		limb[i].turn = a->facing;
	}
}

int body_limbs(const struct actor *actor, const struct scene *s, struct limb limb[BODY_LIMBS])
{
	struct actor a = *actor;
	struct limbs l = { .limb = limb };
	struct build b;
	struct look k;
	struct pose p;

	if (a.who.body == BODY_WHEELCHAIR) {
		a.sit = 1;
		a.bend = 0;
		a.who.trolley = false;
	}
	build_of(&a.who, &b);
	look_of(&a.who, s, &k);
	pose_of(&a, &b, k.side, k.load_hand, &p);
	add_head(&l, &b, &p, &k);
	add_legs(&l, &b, &p, &k);
	add_arms(&l, &b, &p, &k);
	add_trunk(&l, &b, &p, &k);
	add_hair(&l, &b, &p, &k);
	if (k.skirt || k.coat)
		add_hem(&l, &b, &p, &k);
	gear_load(&l, &b, &p, &k);
	if (a.who.trolley)
		gear_trolley(&l, &a, &k);
	if (a.who.body == BODY_WHEELCHAIR)
		gear_chair(&l, &a, &b, &k);
	to_room(limb, l.n, &a);
	return l.n;
}
