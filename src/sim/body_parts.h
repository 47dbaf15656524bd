/* SPDX-License-Identifier: Apache-2.0 */
/* body_parts.h -- what the parts of body.h share: joints, measures, clothes.
 *
 * All is in the body's own frame: x to the front, y to the left, z up, metres, from the point
 * on the floor under the middle of the body. Pairs are left, right.
 */
#ifndef SIM_BODY_PARTS_H
#define SIM_BODY_PARTS_H

#include "base/rng.h"
#include "sim/body.h"

#include <math.h>

enum { LEFT, RIGHT };

/* The first limbs of every actor, whatever he wears or pushes. Left is even, right is odd where
 * there are two. */
enum body_part {
	PART_HEAD,
	PART_HAIR,
	PART_THIGH_L,
	PART_THIGH_R,
	PART_SHIN_L,
	PART_SHIN_R,
	PART_FOOT_L,
	PART_FOOT_R,
	PART_UPPER_ARM_L,
	PART_UPPER_ARM_R,
	PART_FOREARM_L,
	PART_FOREARM_R,
	PART_HAND_L,
	PART_HAND_R,
	PART_SHOULDERS,
	PARTS /* neck, trunk, and the rest */
};

/* How long and thick somebody is, metres. */
struct build {
	double height;
	double hip, thigh, shin, ankle;  /* hip: height of the joint when upright */
	double heel, toe, heel_r, toe_r; /* foot: from the ankle backwards, and to the front */
	double shoulder_z;               /* height of the joint when upright */
	double shoulder_y, hip_y;        /* from the middle */
	double upper_arm, forearm, hand;
	double chin_z;
	double girth; /* about 1: thickness of trunk and limbs relative to the mean */
};
void build_of(const struct persona *p, struct build *b);

/* A place with directions of its own, of length 1. */
struct axes {
	struct pt_room at, x, y, z;
};

/* Where the joints are. */
struct pose {
	struct axes pelvis; /* at: between the hip joints */
	struct axes chest;  /* at: between the shoulder joints */
	struct axes head;   /* at: where the neck begins; up is out of the crown */
	struct pt_room hip[2], knee[2], ankle[2], heel[2], toe[2];
	struct pt_room shoulder[2], elbow[2], wrist[2], fingers[2];
};
/* side: the hand that reaches. loaded: the hand that carries something, or -1. */
void pose_of(const struct actor *a, const struct build *b, int side, int loaded,
	     struct pose *p);

enum hair_kind { HAIR_SHORT = 1, HAIR_LONG, HAIR_BUN, HAIR_NONE, HAIR_CAP, HAIR_SCARF };
enum load_kind { LOAD_NONE, LOAD_BACKPACK, LOAD_SHOULDER_BAG, LOAD_CARRIER, LOAD_BASKET };

/* Kinds of cloth, as limb.pattern. */
enum cloth { CLOTH_PLAIN, CLOTH_FOLDS, CLOTH_RINGS, CLOTH_STRIPES, CLOTH_CHECKS, CLOTH_PRINT };

/* What somebody looks like. */
struct look {
	struct colour skin, hair, top, sleeve, bottom, calf, shoe, load, frame;
	enum cloth top_cloth, bottom_cloth;
	enum hair_kind hair_kind;
	enum load_kind load_kind;
	bool skirt, coat;
	int side;      /* the better hand: it reaches */
	int load_hand; /* the hand that carries something, or -1 */
};
void look_of(const struct persona *p, const struct scene *s, struct look *l);

/* A list of limbs that is being filled in. */
struct limbs {
	struct limb *limb;
	int n;
};
/* One more, plain, in this colour; where there is no room for it, the last is overwritten. */
struct limb *limb_add(struct limbs *l, struct pt_room a, double ra, struct pt_room b, double rb,
		      struct colour c);

/* What is carried, pushed and sat in. */
void gear_load(struct limbs *l, const struct build *b, const struct pose *p,
	       const struct look *k);
void gear_trolley(struct limbs *l, const struct actor *a, const struct look *k);
void gear_chair(struct limbs *l, const struct actor *a, const struct build *b,
		const struct look *k);
/* Where a hand holds the trolley's handle. */
struct pt_room gear_handle(int side);
/* Where a hand is on the rim of the wheelchair that has rolled so far. */
struct pt_room gear_rim(const struct build *b, double walked_m, int side);

static inline struct pt_room vec(double x, double y, double z)
{
	return (struct pt_room){ x, y, z };
}

static inline struct pt_room vec_add(struct pt_room a, struct pt_room b)
{
	return vec(a.x + b.x, a.y + b.y, a.z + b.z);
}

static inline struct pt_room vec_sub(struct pt_room a, struct pt_room b)
{
	return vec(a.x - b.x, a.y - b.y, a.z - b.z);
}

static inline struct pt_room vec_scale(struct pt_room a, double k)
{
	return vec(a.x * k, a.y * k, a.z * k);
}

static inline double vec_dot(struct pt_room a, struct pt_room b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct pt_room vec_cross(struct pt_room a, struct pt_room b)
{
	return vec(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}

static inline double vec_len(struct pt_room a)
{
	return sqrt(vec_dot(a, a));
}

/* t = 0: a, t = 1: b. */
static inline struct pt_room vec_mix(struct pt_room a, struct pt_room b, double t)
{
	return vec(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t);
}

/* The point at x, y, z of a place's own directions. */
static inline struct pt_room axes_put(const struct axes *a, double x, double y, double z)
{
	return vec(a->at.x + a->x.x * x + a->y.x * y + a->z.x * z,
		   a->at.y + a->x.y * x + a->y.y * y + a->z.y * z,
		   a->at.z + a->x.z * x + a->y.z * y + a->z.z * z);
}

static inline double clamp01(double x)
{
	return x > 0 ? x < 1 ? x : 1 : 0; /* not a number: 0 */
}

/* 0..1 to 0..1, level at both ends. */
static inline double ease(double x)
{
	x = clamp01(x);
	return x * x * (3 - 2 * x);
}

#endif
