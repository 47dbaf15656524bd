/* SPDX-License-Identifier: Apache-2.0 */
/* make_clip.c -- writes a small synthetic clip of people walking through a shop, as YUV4MPEG2
 * (4:2:0, limited range). The same options give the same bytes. Prints who walks where, as CSV,
 * so that there is something to count against. */
#include "base/str.h"
#include "base/vec.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE_MAX 100

struct colour {
	int y, u, v;
};

struct person {
	double start_s, walk_s; /* enters, and how long it walks */
	double foot_y, height;  /* pixels */
	int direction;          /* 1: left to right, -1: right to left */
	struct colour shirt, trousers;
};

struct clip {
	int w, h, fps, seconds, people, seed;
	const char *path;
	uint32_t random;
	uint8_t *scene[3], *plane[3]; /* without people; as written */
	struct person person[PEOPLE_MAX];
};

static uint32_t draw(struct clip *c)
{
	c->random = c->random * 1664525u + 1013904223u; /* Numerical Recipes, ch. 7 */
	return c->random >> 16;
}

static int between(struct clip *c, int lo, int hi)
{
	return lo + (int)(draw(c) % (uint32_t)(hi - lo + 1));
}

/* --- the shop --- */

/* Grey level that depends on the place only, for a grain that stays. */
static int grain(int x, int y)
{
	uint32_t n = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u;

	n = (n ^ (n >> 13)) * 1274126177u;
	return (int)((n >> 24) & 7) - 3;
}

static struct colour shelf_at(double x, double y)
{
	static const struct colour goods[] = {
		{ 120, 100, 165 }, { 150, 140, 110 }, { 95, 150, 105 },
		{ 170, 90, 145 },  { 110, 128, 128 },
	};
	int row = (int)(y * 4), column = (int)(x * 40);

	if (y * 4 - row > 0.86)
		return (struct colour){ 70, 122, 134 };
	return goods[(column * 7 + row * 3) % 5];
}

/* x, y in 0..1 of the picture: a wall with a door and shelves, a tiled floor below. */
static struct colour scene_at(double x, double y)
{
	double depth, across;
	int tile;

	if (y < 0.34) {
		if (x > 0.44 && x < 0.56 && y > 0.05)
			return (struct colour){ 196 - (int)(60 * fabs(x - 0.5) / 0.06), 132,
						124 };
		if (y > 0.08 && y < 0.32 && ((x > 0.04 && x < 0.40) || (x > 0.60 && x < 0.96)))
			return shelf_at(x, (y - 0.08) / 0.24);
		return (struct colour){ 158 + (int)(30 * y), 124, 132 };
	}
	depth = 1 / (y - 0.20);
	across = (x - 0.5) * depth;
	tile = ((int)floor(depth * 2.2) + (int)floor(across * 3.0 + 100)) & 1;
	return (struct colour){ 104 + tile * 14 + (int)(26 * (y - 0.34)), 126, 131 };
}

static int chroma_w(const struct clip *c)
{
	return (c->w + 1) / 2;
}

static int chroma_h(const struct clip *c)
{
	return (c->h + 1) / 2;
}

static size_t plane_bytes(const struct clip *c, int i)
{
	return i ? (size_t)chroma_w(c) * (size_t)chroma_h(c) : (size_t)c->w * (size_t)c->h;
}

static void paint(struct clip *c, uint8_t *const plane[3], int x, int y, struct colour k)
{
	plane[0][(size_t)y * (size_t)c->w + (size_t)x] = (uint8_t)k.y;
	if (x % 2 == 0 && y % 2 == 0) {
		size_t at = (size_t)(y / 2) * (size_t)chroma_w(c) + (size_t)(x / 2);

		plane[1][at] = (uint8_t)k.u;
		plane[2][at] = (uint8_t)k.v;
	}
}

static void paint_scene(struct clip *c)
{
	for (int y = 0; y < c->h; y++) {
		for (int x = 0; x < c->w; x++) {
			struct colour k = scene_at((x + 0.5) / c->w, (y + 0.5) / c->h);

			k.y += grain(x, y);
			paint(c, c->scene, x, y, k);
		}
	}
}

/* --- people --- */

static double from_segment(double x, double y, double x0, double y0, double x1, double y1)
{
	double dx = x1 - x0, dy = y1 - y0;
	double t = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypot(x - x0 - t * dx, y - y0 - t * dy);
}

/* A walker seen from the side; u to the front, v up, in body heights from between the feet.
 * swing -1..1 is where the near leg is. False outside. */
static bool body_at(const struct person *p, double u, double v, double swing, struct colour *k)
{
	static const struct colour skin = { 170, 112, 148 }, hair = { 52, 126, 131 };
	struct colour far_leg = p->trousers, far_arm = p->shirt;
	double lift = 0.03 * (1 - fabs(swing));

	far_leg.y = far_leg.y * 3 / 4;
	far_arm.y = far_arm.y * 3 / 4;
	if (hypot(u / 0.058, (v - 0.915) / 0.082) < 1)
		*k = v > 0.945 || u < -0.03 ? hair : skin;
	else if (from_segment(u, v, 0, 0.78, -0.16 * swing, 0.50) < 0.028)
		*k = p->shirt;
	else if (from_segment(u, v, 0, 0.55, 0, 0.77) < 0.085)
		*k = p->shirt;
	else if (from_segment(u, v, 0, 0.50, 0.17 * swing, 0.03) < 0.046)
		*k = p->trousers;
	else if (from_segment(u, v, 0, 0.50, -0.17 * swing, 0.03 + lift) < 0.046)
		*k = far_leg;
	else if (from_segment(u, v, 0, 0.78, 0.16 * swing, 0.50) < 0.028)
		*k = far_arm;
	else
		return false;
	return true;
}

static double triangle(double t)
{
	t -= floor(t);
	return t < 0.5 ? 4 * t - 1 : 3 - 4 * t;
}

static double walker_x(const struct clip *c, const struct person *p, double t)
{
	double way = c->w + p->height, done = (t - p->start_s) / p->walk_s * way;

	return (p->direction > 0 ? done : way - done) - p->height / 2;
}

static struct colour beneath(const struct clip *c, int x, int y)
{
	size_t at = (size_t)(y / 2) * (size_t)chroma_w(c) + (size_t)(x / 2);

	return (struct colour){ c->plane[0][(size_t)y * (size_t)c->w + (size_t)x],
				c->plane[1][at], c->plane[2][at] };
}

/* One pixel of a walker at centre x, from four samples. */
static void blend(struct clip *c, const struct person *p, double cx, double swing, int x, int y)
{
	struct colour under = beneath(c, x, y), sum = { 2, 2, 2 }, k;
	double v = (p->foot_y - y - 0.5) / p->height;
	double shade = hypot((x + 0.5 - cx) / 0.24 / p->height, v / 0.035);

	if (shade < 1)
		under.y = under.y * 3 / 4;
	for (int i = 0; i < 4; i++) {
		double u = (x + 0.25 + 0.5 * (i & 1) - cx) / p->height * p->direction;

		v = (p->foot_y - y - 0.25 - 0.5 * (i >> 1)) / p->height;
		if (!body_at(p, u, v, swing, &k))
			k = under;
		sum.y += k.y;
		sum.u += k.u;
		sum.v += k.v;
	}
	paint(c, c->plane, x, y, (struct colour){ sum.y / 4, sum.u / 4, sum.v / 4 });
}

static void paint_walker(struct clip *c, const struct person *p, double t)
{
	double cx = walker_x(c, p, t), swing = triangle(cx / (0.8 * p->height));
	int x0 = (int)floor(cx - 0.3 * p->height), x1 = (int)ceil(cx + 0.3 * p->height);
	int y0 = (int)floor(p->foot_y - 1.02 * p->height);
	int y1 = (int)ceil(p->foot_y + 0.05 * p->height);

	if (t < p->start_s || t > p->start_s + p->walk_s)
		return;
	for (int y = y0 < 0 ? 0 : y0; y < y1 && y < c->h; y++)
		for (int x = x0 < 0 ? 0 : x0; x < x1 && x < c->w; x++)
			blend(c, p, cx, swing, x, y);
}

/* The far ones first in person[], so that near ones are painted over them. */
static void cast_people(struct clip *c)
{
	double walk_s = c->seconds < 12 ? c->seconds * 0.6 : 7.0;

	for (int i = 0; i < c->people; i++) {
		struct person *p = &c->person[i];
		double near = (i + 0.5) / c->people;
		/* Spread over the clip, but not in the order of their distance. */
		int turn = (int)((int64_t)i * 7 % c->people);

		if (c->people % 7 == 0)
			turn = i;
		p->walk_s = walk_s * (0.9 + 0.01 * between(c, 0, 10));
		p->start_s = (c->seconds - walk_s) * (turn + 0.5) / c->people;
		p->foot_y = c->h * (0.52 + 0.42 * near);
		p->height = c->h * (0.26 + 0.24 * near);
		p->direction = draw(c) & 1 ? 1 : -1;
		p->shirt = (struct colour){ between(c, 40, 215), between(c, 90, 165),
					    between(c, 90, 165) };
		p->trousers = (struct colour){ between(c, 30, 75), between(c, 120, 140),
					       between(c, 120, 134) };
	}
}

/* --- the clip --- */

static void add_noise(struct clip *c)
{
	size_t n = plane_bytes(c, 0);

	for (size_t i = 0; i < n; i++)
		c->plane[0][i] = (uint8_t)(c->plane[0][i] + (int)(draw(c) & 3) - 1);
}

static bool write_clip(struct clip *c)
{
	FILE *f = fopen(c->path, "wb");
	bool ok;

	if (!f)
		return false;
	fprintf(f, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420mpeg2\n", c->w, c->h, c->fps);
	for (int n = 0; n < c->seconds * c->fps; n++) {
		for (int i = 0; i < 3; i++)
			memcpy(c->plane[i], c->scene[i], plane_bytes(c, i));
		for (int i = 0; i < c->people; i++)
			paint_walker(c, &c->person[i], (double)n / c->fps);
		add_noise(c);
		fputs("FRAME\n", f);
		for (int i = 0; i < 3; i++)
			fwrite(c->plane[i], 1, plane_bytes(c, i), f);
	}
	ok = !ferror(f);
	return fclose(f) == 0 && ok;
}

static void print_truth(const struct clip *c)
{
	printf("person,from_s,to_s,direction,foot_y_px,height_px\n");
	for (int i = 0; i < c->people; i++) {
		const struct person *p = &c->person[i];

		printf("%d,%.2f,%.2f,%s,%.0f,%.0f\n", i + 1, p->start_s, p->start_s + p->walk_s,
		       p->direction > 0 ? "right" : "left", p->foot_y, p->height);
	}
}

static bool number(const char *s, int min, int max, int *v)
{
	int64_t x;

	if (!str_to_i64(s, &x) || x < min || x > max)
		return false;
	*v = (int)x;
	return true;
}

static bool size(const char *s, struct clip *c)
{
	const char *cross = strchr(s, 'x');
	char *w = cross ? xstrndup(s, (size_t)(cross - s)) : NULL;
	bool ok = w && number(w, 16, 4096, &c->w) && number(cross + 1, 16, 4096, &c->h);

	free(w);
	return ok;
}

static bool arguments(struct clip *c, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *v = i + 1 < argc ? argv[i + 1] : "";
		bool ok;

		if (*argv[i] != '-') {
			c->path = argv[i];
			continue;
		}
		if (!strcmp(argv[i], "--size"))
			ok = size(v, c);
		else if (!strcmp(argv[i], "--fps"))
			ok = number(v, 1, 120, &c->fps);
		else if (!strcmp(argv[i], "--seconds"))
			ok = number(v, 1, 3600, &c->seconds);
		else if (!strcmp(argv[i], "--people"))
			ok = number(v, 0, PEOPLE_MAX, &c->people);
		else if (!strcmp(argv[i], "--seed"))
			ok = number(v, 0, 1000000, &c->seed);
		else
			ok = false;
		if (!ok)
			return false;
		i++;
	}
	return c->path;
}

int main(int argc, char **argv)
{
	static struct clip c = { .w = 640, .h = 360, .fps = 15, .seconds = 30, .people = 8 };
	bool ok;

	if (!arguments(&c, argc, argv)) {
		fprintf(stderr, "usage: make_clip [--size WxH] [--fps N] [--seconds S] "
				"[--people N] [--seed N] FILE.y4m\n");
		return 2;
	}
	c.random = (uint32_t)c.seed * 2654435761u + 1;
	for (int i = 0; i < 3; i++) {
		c.scene[i] = xalign(plane_bytes(&c, i));
		c.plane[i] = xalign(plane_bytes(&c, i));
	}
	paint_scene(&c);
	cast_people(&c);
	ok = write_clip(&c);
	if (ok)
		print_truth(&c);
	else
		fprintf(stderr, "make_clip: cannot write '%s'\n", c.path);
	for (int i = 0; i < 3; i++) {
		free(c.scene[i]);
		free(c.plane[i]);
	}
	return ok ? 0 : 1;
}
