/* SPDX-License-Identifier: Apache-2.0 */
/* paint.c -- what the surfaces of a simulated store look like. */
#include "sim/paint.h"

#include "base/real.h"
#include "base/rng.h"

#include <math.h>

#define TILE_M 0.45
#define JOINT_M 0.008
#define PLANK_M 0.14
#define PLANK_LONG_M 1.7
#define BOARD_M 0.36 /* from shelf board to shelf board */
#define MULLION_M 1.5
#define FRAME_M 0.05

static double unit(uint64_t h)
{
	return (double)(h >> 40) * 0x1p-24;
}

/* -1..1 */
static double lattice(uint64_t seed, int64_t x, int64_t y)
{
	return 2 * unit(rng_hash(seed + (uint64_t)x * 0x632be5abu, (uint64_t)y)) - 1;
}

static double smooth(double x)
{
	return x * x * (3 - 2 * x);
}

double paint_noise(uint64_t seed, double x, double y)
{
	double fx = floor(x), fy = floor(y), kx = smooth(x - fx), ky = smooth(y - fy);
	int64_t ix = (int64_t)fx, iy = (int64_t)fy;
	double top = lattice(seed, ix, iy), bottom = lattice(seed, ix, iy + 1);

	top += kx * (lattice(seed, ix + 1, iy) - top);
	bottom += kx * (lattice(seed, ix + 1, iy + 1) - bottom);
	return top + ky * (bottom - top);
}

/* Noise with bumps of size m, gone where a sample is as wide as they are. */
static double grain(uint64_t seed, double x, double y, double m, double wide)
{
	double keep = 1 - wide / m;

	return keep <= 0 ? 0 : keep * paint_noise(seed, x / m, y / m);
}

/* How much of a stretch of length wide around x lies on stripes of width thick that begin at
 * every multiple of period. */
static double stripes(double x, double period, double thick, double wide)
{
	double a = (x - wide / 2) / period, b = (x + wide / 2) / period, t = thick / period;
	double fa = floor(a), fb = floor(b);

	return (fb * t + fmin(b - fb, t) - fa * t - fmin(a - fa, t)) * period / wide;
}

static double tiles(double x, double y, double wide)
{
	double jx = stripes(x, TILE_M, JOINT_M, wide), jy = stripes(y, TILE_M, JOINT_M, wide);
	double joint = jx + jy - jx * jy;
	double tile = lattice(11, (int64_t)floor(x / TILE_M), (int64_t)floor(y / TILE_M));

	return (1 + 0.03 * tile + 0.02 * grain(12, x, y, 0.2, wide)) * (1 - 0.35 * joint);
}

static double planks(double x, double y, double wide)
{
	double row = floor(y / PLANK_M), shift = unit(rng_hash(21, (uint64_t)(int64_t)row));
	double along = x + shift * PLANK_LONG_M;
	double tint = lattice(22, (int64_t)row, (int64_t)floor(along / PLANK_LONG_M));
	double joint = stripes(y, PLANK_M, 0.004, wide);

	joint += (1 - joint) * stripes(along, PLANK_LONG_M, 0.004, wide);
	return (1 + 0.09 * tint + 0.07 * grain(23, x / 9, y, 0.025, wide) +
		0.04 * grain(24, x / 5, y, 0.07, wide)) *
	       (1 - 0.45 * joint);
}

static double marble(double x, double y, double wide)
{
	double bend =
		paint_noise(31, x / 1.3, y / 1.3) + 0.5 * paint_noise(32, x / 0.5, y / 0.5);
	/* Slanting veins that wander, come and go. */
	double vein = fabs(paint_noise(33, (x + y) / 0.8 + 0.5 * bend, (x - y) / 6));
	double there = paint_noise(35, x / 0.9, y / 0.9) + 0.2;
	double slab = stripes(x, 1.2, 0.004, wide);

	vein = vein < 0.1 && there > 0 ? (0.1 - vein) / 0.1 * fmin(2 * there, 1) : 0;
	slab += (1 - slab) * stripes(y, 1.2, 0.004, wide);
	return (1 + 0.05 * bend + 0.02 * grain(34, x, y, 0.06, wide)) * (1 - 0.18 * vein) *
	       (1 - 0.25 * slab);
}

static double floor_texture(enum floor_kind kind, double x, double y, double wide)
{
	double stain = 0.025 * paint_noise(41, x / 1.7, y / 1.7);

	switch (kind) {
	case FLOOR_TILES:
		return tiles(x, y, wide) + stain;
	case FLOOR_WOOD:
		return planks(x, y, wide) + stain;
	case FLOOR_CARPET:
		return 1 + 2 * stain + 0.10 * grain(42, x, y, 0.03, wide) +
		       0.06 * grain(43, x, y, 0.11, wide);
	case FLOOR_MARBLE:
		return marble(x, y, wide);
	default:
		return 1 + stain;
	}
}

static struct tone shade(struct colour c, double k)
{
	return (struct tone){ 16 + (c.y - 16.0) * k, c.u, c.v };
}

/* The goods of half a metre of a board are of one kind: one colour, width and height. */
static struct tone goods(const struct hit *h, double wide)
{
	double z = h->at.z - h->face->z0, up = z - floor(z / BOARD_M) * BOARD_M;
	uint64_t level = (uint64_t)(z / BOARD_M), kind, run;
	double each, high, seam, label;
	struct colour c;

	if (up < 0.03)
		return shade(h->face->colour, 1.1);
	run = (uint64_t)(h->s / 0.5 + 3 * unit(rng_hash(h->face->seed, level)));
	kind = rng_hash(h->face->seed * 31 + level, run);
	each = 0.06 + 0.09 * unit(kind);
	high = 0.15 + 0.16 * unit(kind << 8);
	high += 0.02 * lattice(kind, (int64_t)(h->s / each), 1);
	if (up > high)
		return shade(h->face->colour, 0.30);
	c = (struct colour){ (uint8_t)(60 + 140 * unit(kind << 16)),
			     (uint8_t)(128 + 28 * lattice(kind, 2, 0)),
			     (uint8_t)(128 + 28 * lattice(kind, 3, 0)) };
	seam = stripes(h->s, each, 0.008, wide);
	label = up > high * 0.35 && up < high * 0.6 ? 0.35 : 0;
	return (struct tone){ 16 + (c.y - 16) * (1 - 0.5 * seam) + label * (200 - c.y),
			      c.u + label * (128 - c.u), c.v + label * (128 - c.v) };
}

static struct tone wall(const struct hit *h, double wide)
{
	double foot = h->at.z < 0.09 ? 0.55 : 1;

	return shade(h->face->colour,
		     foot * (1 + 0.02 * grain(h->face->seed, h->s, h->at.z, 0.8, wide)));
}

static struct tone door(const struct hit *h)
{
	double z = h->at.z, edge = h->face->z1 - z < 0.06 ? 0.6 : 1;
	bool plate = z > 0.95 && z < 1.1 && h->s > 0.08 && h->s < 0.2;

	return plate ? (struct tone){ 190, 128, 128 } : shade(h->face->colour, 0.72 * edge);
}

static struct tone leaves(const struct hit *h)
{
	double n = paint_noise(h->face->seed, h->s / 0.05, h->at.z / 0.05);

	return shade(h->face->colour, 0.8 + 0.45 * n);
}

struct tone paint_at(const struct hit *h, const struct scene_floor *floor, double wide)
{
	const struct face *f = h->face;

	switch (f->paint) {
	case PAINT_FLOOR:
		return shade(f->colour, floor_texture(floor->kind, h->at.x, h->at.y, wide));
	case PAINT_GROUND:
		return shade(f->colour, 1 + 0.05 * paint_noise(51, h->at.x, h->at.y) +
						0.05 * grain(52, h->at.x, h->at.y, 0.15, wide));
	case PAINT_WALL:
		return wall(h, wide);
	case PAINT_GOODS:
		return goods(h, wide);
	case PAINT_DOOR:
		return door(h);
	case PAINT_LEAVES:
		return leaves(h);
	case PAINT_GLASS:
		return shade(f->colour, 0.6); /* its frame */
	case PAINT_LAMP:
		return (struct tone){ 235, 128, 128 };
	default:
		return shade(f->colour, 1 + 0.012 * grain(f->seed, h->at.x + h->s,
							  h->at.y + h->at.z, 0.4, wide));
	}
}

static bool on_frame(const struct hit *h)
{
	const struct face *f = h->face;
	double lengthwise = h->s - floor(h->s / MULLION_M) * MULLION_M;

	return h->at.z < f->z0 + FRAME_M || h->at.z > f->z1 - FRAME_M || lengthwise < FRAME_M;
}

static bool on_leaf(const struct hit *h)
{
	const struct face *f = h->face;
	double wide = real_hypot(f->at[1].x - f->at[0].x, f->at[1].y - f->at[0].y) / 2;
	double x = (h->s - wide) / wide, y = 2 * (h->at.z - f->z0) / (f->z1 - f->z0) - 1;
	double round = x * x + y * y;

	return round < 1 &&
	       paint_noise(f->seed ^ 7, h->s / 0.07, h->at.z / 0.07) > 1.3 * round - 0.75;
}

bool paint_solid(const struct hit *h)
{
	switch (h->face->paint) {
	case PAINT_GLASS:
		return on_frame(h);
	case PAINT_LEAVES:
		return on_leaf(h);
	default:
		return true;
	}
}

struct tone paint_pane(const struct hit *h)
{
	struct tone t = shade(h->face->colour, 1);

	/* The far side of the room in it: blurred, brighter to the top. */
	t.y += 25 * paint_noise(61, h->at.x / 2 + h->at.y / 2, h->at.z) + 12 * h->at.z;
	return t;
}
