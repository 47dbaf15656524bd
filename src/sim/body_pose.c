/* SPDX-License-Identifier: Apache-2.0 */
/* body_pose.c -- where the joints of a body are: measures, gait, and what it does standing.
 *
 * Lengths are shares of the body's height (Drillis & Contini, "Body Segment Parameters", 1966,
 * as in Winter, "Biomechanics and Motor Control of Human Movement", 4th ed., 2009, fig. 4.1).
 * Small children have larger heads and shorter legs: at 0.9 m a head is a fifth to a sixth of
 * the height (Snyder et al., "Anthropometry of Infants, Children and Youths", 1977).
 *
 * Gait (Winter, ch. 2 to 5, and "The Biomechanics and Motor Control of Human Gait", 1991): a
 * cycle is two steps and starts when the heel touches; the foot is flat from 7 to 35 %, leaves
 * the floor with its toe at 60 % and swings a centimetre or two over it. A foot on the floor
 * stays where it is: relative to the body it goes back as fast as the body walks. The pelvis is
 * lowest when both feet are down, and goes towards the foot that carries. Pelvis and shoulders
 * turn against each other, and an arm swings with the other side's leg. Knees and elbows follow
 * from where hip and ankle, shoulder and wrist are.
 */
#include "sim/body_parts.h"

#include "base/real.h"

#define DEG (REAL_PI / 180)
#define TOE_OFF 0.6

/* How much of a small child's proportions somebody has: 0 for adults, 1 at 0.9 m. */
static double childhood(const struct persona *p, double height)
{
	return p->body == BODY_CHILD ? clamp01((1.6 - height) / 0.7) : 0;
}

void build_of(const struct persona *p, struct build *b)
{
	double h = p->height_m > 0.3 ? p->height_m : 0.3, k = childhood(p, h);
	double ankle = 0.039 * h, hip = (0.530 - 0.045 * k) * h;

	*b = (struct build){ .height = h, .hip = hip, .ankle = ankle };
	b->thigh = b->shin = (hip - ankle) / 2;
	b->heel = 0.028 * h;
	b->toe = 0.080 * h;
	b->heel_r = 0.025 * h;
	b->toe_r = 0.021 * h;
	b->hip_y = 0.050 * h;
	b->shoulder_z = (0.818 - 0.040 * k) * h;
	b->shoulder_y = (p->shoulder_m > 0 ? p->shoulder_m : 0.259 * h) / 2 - 0.031 * h;
	b->upper_arm = (0.186 - 0.020 * k) * h;
	b->forearm = (0.146 - 0.016 * k) * h;
	b->hand = (0.070 - 0.006 * k) * h;
	b->chin_z = (0.870 - 0.058 * k) * h;
	b->girth = 0.92 + 0.16 * (double)(rng_hash(p->look, 101) >> 11) * 0x1p-53;
}

/* The joint between a and *c, l1 from a and l2 from *c, on the side of pole. What is out of
 * reach is not reached, and *c is brought back, unless stretch: then the bones get longer. */
static struct pt_room joint(struct pt_room a, struct pt_room *c, double l1, double l2,
			    struct pt_room pole, bool stretch)
{
	struct pt_room d = vec_sub(*c, a), across;
	double len = vec_len(d), longest = 0.9995 * (l1 + l2), along, aside2, aside, n;

	if (len < 1e-6)
		return vec_add(a, vec_scale(pole, l1));
	if (len > longest) {
		if (stretch)
			return vec_mix(a, *c, l1 / (l1 + l2));
		*c = vec_add(a, vec_scale(d, longest / len));
		d = vec_sub(*c, a);
		len = longest;
	}
	along = (len * len + l1 * l1 - l2 * l2) / (2 * len);
	aside2 = l1 * l1 - along * along;
	d = vec_scale(d, 1 / len);
	across = vec_sub(pole, vec_scale(d, vec_dot(pole, d)));
	n = vec_len(across);
	if (n < 1e-6 || aside2 <= 0)
		return vec_add(a, vec_scale(d, along));
	/* sqrt(aside2), but without its steep beginning: a knee does not snap straight. */
	aside = aside2 / sqrt(aside2 + 0.015 * l1 * l1);
	return vec_add(vec_add(a, vec_scale(d, along)), vec_scale(across, aside / n));
}

/* Axes turned to the left by yaw, bowed by pitch, left side up by roll. */
static struct axes axes_turned(struct pt_room at, double yaw, double pitch, double roll)
{
	double cy = real_cos(yaw), sy = real_sin(yaw), cp = real_cos(pitch),
	       sp = real_sin(pitch), cr = real_cos(roll), sr = real_sin(roll);
	struct pt_room front = { cy * cp, sy * cp, -sp }, left = { -sy, cy, 0 },
		       up = { cy * sp, sy * sp, cp };

	return (struct axes){ at, front, vec_add(vec_scale(left, cr), vec_scale(up, sr)),
			      vec_sub(vec_scale(up, cr), vec_scale(left, sr)) };
}

/* The foot's pitch over the cycle, heel up, radians. */
static double foot_pitch(double phase)
{
	static const struct {
		double at, deg;
	} key[] = { { 0, -20 },  { 0.07, 0 }, { 0.35, 0 },   { TOE_OFF, 60 },
		    { 0.7, 62 }, { 0.87, 4 }, { 0.96, -20 }, { 1, -20 } };
	int i = 0;

	while (phase >= key[i + 1].at && i < 6)
		i++;
	return DEG *
	       (key[i].deg + (key[i + 1].deg - key[i].deg) *
				     ease((phase - key[i].at) / (key[i + 1].at - key[i].at)));
}

/* Where a flat foot's ankle is before the hip, in strides: with the floor while it is down. */
static double foot_ahead(double phase)
{
	double t = (phase - TOE_OFF) / (1 - TOE_OFF), from = 0.25 - TOE_OFF, to = 0.25,
	       slope = -0.6 * (1 - TOE_OFF), t2 = t * t, t3 = t2 * t;

	if (phase < TOE_OFF)
		return 0.25 - phase;
	return (2 * t3 - 3 * t2 + 1) * from + (t3 - 2 * t2 + t) * slope +
	       (3 * t2 - 2 * t3) * to + (t3 - t2) * slope;
}

static double foot_lift(double phase)
{
	double t = (phase - TOE_OFF) / (1 - TOE_OFF);

	return phase < TOE_OFF ? 0 : 4 * t * (1 - t);
}

/* A foot with its flat ankle at x, y, lifted by z, turned outwards, and rolled over toe (heel
 * up) or heel. */
static void place_foot(struct pose *p, int side, const struct build *b, struct pt_room flat,
		       double pitch)
{
	double c = real_cos(pitch), s = real_sin(pitch), out = side == LEFT ? 0.12 : -0.12;
	double px = pitch > 0 ? b->toe : -b->heel, pz = pitch > 0 ? b->toe_r : b->heel_r;
	const double part[3][2] = { { 0, b->ankle },
				    { -b->heel, b->heel_r },
				    { b->toe, b->toe_r } };
	struct pt_room *to[3] = { &p->ankle[side], &p->heel[side], &p->toe[side] };

	for (int i = 0; i < 3; i++) {
		double dx = part[i][0] - px, dz = part[i][1] - pz;
		double x = px + c * dx + s * dz, z = pz + c * dz - s * dx;

		*to[i] = vec_add(flat, vec(x, x * out, z));
	}
}

/* A gait at a moment. */
struct gait {
	double on; /* 0 stands .. 1 walks */
	double stride;
	double phase[2];  /* of each leg, 0..1 */
	double angle;     /* of the left leg's cycle */
	double high, low; /* of the hip joints when one foot and when both are down */
};

static struct gait gait_of(const struct actor *a, const struct build *b)
{
	double step = a->who.step_m > 0.05 ? a->who.step_m : 0.41 * b->height;
	double cycle = a->walked_m / (2 * step), leg = 0.995 * (b->thigh + b->shin), dx;
	struct gait g = { .stride = 2 * step };

	g.on = a->who.body == BODY_WHEELCHAIR ? 0 : ease(fabs(a->speed_m_s) / 0.4);
	g.on *= 1 - clamp01(a->sit);
	g.phase[LEFT] = cycle - floor(cycle);
	g.phase[RIGHT] = cycle + 0.5 - floor(cycle + 0.5);
	g.angle = 2 * REAL_PI * g.phase[LEFT];
	dx = step / 2 - 0.033 * b->height;
	dx = dx < 0.8 * leg ? dx : 0.8 * leg;
	g.high = b->ankle + leg;
	g.low = 0.048 * b->height + sqrt(leg * leg - dx * dx);
	g.low = g.low < g.high ? g.low : g.high;
	return g;
}

/* Where the pelvis is and how it is turned. */
static void pose_pelvis(const struct actor *a, const struct build *b, const struct gait *g,
			struct pose *p)
{
	double h = b->height, bend = clamp01(a->bend), sit = clamp01(a->sit);
	double sway = a->sway * (1 - g->on) * (1 - sit), c2 = real_cos(2 * g->angle);
	double z = (g->high + g->low) / 2 - (g->high - g->low) / 2 * c2;
	struct pt_room at;

	z = g->high + g->on * (z - g->high) - 0.008 * h * sway * sway;
	at = vec(0, 0.012 * h * g->on * real_sin(g->angle) - 0.035 * h * sway, z);
	at = vec_add(at, vec(-0.10 * h * bend, 0, -0.22 * h * bend * (1 - sit)));
	at = vec_mix(at, vec(-0.06 * h, 0, 0.34 * h), sit);
	p->pelvis = axes_turned(at, -5 * DEG * g->on * real_cos(g->angle),
				DEG * (30 * bend * (1 - sit) - 6 * sit),
				DEG * (2 * g->on * real_sin(g->angle) - 3 * sway));
	for (int i = 0; i < 2; i++)
		p->hip[i] = axes_put(&p->pelvis, 0, i == LEFT ? b->hip_y : -b->hip_y, 0);
}

static void pose_legs(const struct actor *a, const struct build *b, const struct gait *g,
		      struct pose *p)
{
	double h = b->height, sit = clamp01(a->sit);
	double raised = a->who.body == BODY_WHEELCHAIR ? 0.075 * h * sit : 0;

	for (int i = 0; i < 2; i++) {
		double apart = (0.044 - 0.014 * g->on + 0.01 * sit) * h;
		double x = g->on * foot_ahead(g->phase[i]) * g->stride - 0.025 * h;
		struct pt_room pole = vec(1, i == LEFT ? 0.12 : -0.12, 0);

		x += (0.215 * h - x) * sit;
		place_foot(p, i, b,
			   vec(x, i == LEFT ? apart : -apart,
			       raised + 0.020 * h * g->on * foot_lift(g->phase[i])),
			   g->on * foot_pitch(g->phase[i]));
		p->knee[i] = joint(p->hip[i], &p->ankle[i], b->thigh, b->shin, pole, true);
	}
}

static void pose_trunk(const struct actor *a, const struct build *b, const struct gait *g,
		       struct pose *p)
{
	double bend = clamp01(a->bend), sit = clamp01(a->sit), still = 1 - g->on;
	double lean = 2 + 2.5 * g->on * fmin(fabs(a->speed_m_s), 2.5) + 70 * bend - 8 * sit +
		      6 * clamp01(a->reach) + (a->who.trolley ? 5 : 0);
	double turn = 6 * DEG * g->on * real_cos(g->angle), waist = 0.07 * b->height;
	double look = real_sin(2.2 * a->sway + (double)(a->who.look & 7)) * still;
	double glance = real_sin(0.8 * a->walked_m + (double)(a->who.look >> 8 & 7)) * g->on;
	struct pt_room at = axes_put(&p->pelvis, 0, 0, waist);

	p->chest = axes_turned(at, turn, DEG * lean, 1.5 * DEG * a->sway * still);
	p->chest.at = axes_put(&p->chest, 0, 0, b->shoulder_z - b->hip - waist);
	p->head = axes_turned(axes_put(&p->chest, 0, 0, 0.01 * b->height),
			      DEG * (28 * look + 9 * glance),
			      DEG * (0.45 * lean + 4 + 6 * still * (1 - sit)), 0);
	for (int i = 0; i < 2; i++)
		p->shoulder[i] =
			axes_put(&p->chest, 0, i == LEFT ? b->shoulder_y : -b->shoulder_y, 0);
}

/* Where a hand is that hangs and swings: the wrist. */
static struct pt_room arm_hangs(const struct build *b, const struct gait *g,
				const struct pose *p, int side, bool loaded)
{
	double wave = real_cos(2 * REAL_PI * g->phase[1 - side]) * g->on * (loaded ? 0.35 : 1);
	double swing = DEG * (13 * wave - 5), out = (side == LEFT ? 1 : -1) * 9 * DEG;
	double elbow = loaded ? 8 * DEG : DEG * (14 + 10 * g->on + 12 * wave);
	double l1 = b->upper_arm, l2 = b->forearm;
	double len = sqrt(l1 * l1 + l2 * l2 + 2 * l1 * l2 * real_cos(elbow));

	return vec_add(p->shoulder[side],
		       vec(len * real_sin(swing + elbow * 0.4), len * real_sin(out),
			   -len * real_cos(swing + elbow * 0.4)));
}

static void pose_arms(const struct actor *a, const struct build *b, const struct gait *g,
		      int side, int loaded, struct pose *p)
{
	double h = b->height, bend = clamp01(a->bend), sit = clamp01(a->sit);

	for (int i = 0; i < 2; i++) {
		double left = i == LEFT ? 1 : -1, l2 = b->forearm;
		struct pt_room to = arm_hangs(b, g, p, i, loaded == i), from = p->shoulder[i];
		struct pt_room pole = vec(-0.8, 0.45 * left, -0.5), d;
		double len;

		to = vec_mix(to, vec_add(p->knee[i], vec(-0.06 * h, 0, 0.07 * h)), sit);
		to = vec_mix(to, vec(0.20 * h, 0.07 * h * left, (i == side ? 0.068 : 0.30) * h),
			     bend);
		if (a->who.body == BODY_WHEELCHAIR)
			to = gear_rim(b, a->walked_m, i);
		if (i == side)
			to = vec_mix(to,
				     axes_put(&p->chest, 0.9 * (b->upper_arm + l2),
					      0.6 * left * b->shoulder_y, 0.01 * h),
				     clamp01(a->reach));
		if (a->who.trolley)
			to = vec_mix(gear_handle(i), to,
				     i == side ? clamp01(a->reach + bend) : 0);
		p->elbow[i] = joint(from, &to, b->upper_arm, l2, pole, false);
		p->wrist[i] = to;
		d = vec_sub(to, p->elbow[i]);
		len = vec_len(d);
		p->fingers[i] = vec_add(to, vec_scale(d, b->hand / (len > 0.01 ? len : 0.01)));
	}
}

void pose_of(const struct actor *a, const struct build *b, int side, int loaded, struct pose *p)
{
	struct gait g = gait_of(a, b);

	pose_pelvis(a, b, &g, p);
	pose_legs(a, b, &g, p);
	pose_trunk(a, b, &g, p);
	pose_arms(a, b, &g, side, loaded, p);
}
