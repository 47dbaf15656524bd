/* SPDX-License-Identifier: Apache-2.0 */
/* test_mask.c -- shadows go, people stay; specks go, holes close. */
#include "vision/mask.h"
#include "vision/mcw.h"

#include "cv/cv.h"
#include "vision/mask_blobs.h"

#include "picture.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#define W 160
#define H 120

struct stage {
	struct mask_opts o;
	struct mask_work *work;
	struct yuv in, plate;
	struct image mask;
};

static void begin(struct stage *s)
{
	s->o = (struct mask_opts)MASK_OPTS_DEFAULT;
	s->work = mask_work_new(W, H);
	yuv_init(&s->in, W, H);
	yuv_init(&s->plate, W, H);
	image_init(&s->mask, W, H);
	draw_floor(&s->in);
	draw_floor(&s->plate);
}

static void end(struct stage *s)
{
	mask_work_free(s->work);
	yuv_clear(&s->in);
	yuv_clear(&s->plate);
	image_clear(&s->mask);
}

/* Makes a 30 x 20 patch of the floor at 50,50 darker (in percent), all of it foreground. */
static void shade(struct stage *s, int percent)
{
	for (int y = 50; y < 70; y++)
		for (int x = 50; x < 80; x++)
			image_row(&s->in.y, y)[x] =
				(uint8_t)(image_row(&s->in.y, y)[x] * percent / 100);
	fill(&s->mask, 50, 50, 30, 20, 255);
}

static void even_shadow_goes(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	shade(&s, 70);
	mask_shadows(s.work, &s.mask, &s.in, &s.plate, &s.o);
	/* the rim, where a window holds both, may stay */
	assert_int_equal(count(&s.mask, 53, 53, 24, 14), 0);
	assert_true(count(&s.mask, 0, 0, W, H) < 200);
	end(&s);
}

static void not_a_shadow_stays(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	shade(&s, 30); /* too dark */
	mask_shadows(s.work, &s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	draw_floor(&s.in);
	shade(&s, 120); /* brighter */
	mask_shadows(s.work, &s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	draw_floor(&s.in);
	shade(&s, 70);
	fill(&s.in.u, 50, 50, 30, 20, 150); /* coloured */
	mask_shadows(s.work, &s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	draw_floor(&s.in);
	shade(&s, 70);
	for (int y = 50; y < 70; y++) /* a pattern of its own */
		for (int x = 50; x < 80; x += 2)
			image_row(&s.in.y, y)[x] = (uint8_t)(image_row(&s.in.y, y)[x] + 30);
	mask_shadows(s.work, &s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 53, 53, 24, 14), 24 * 14);
	end(&s);
}

static void shadows_can_stay(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	s.o.shadows = false;
	shade(&s, 70);
	mask_shadows(s.work, &s.mask, &s.in, &s.plate, &s.o);
	assert_int_equal(count(&s.mask, 50, 50, 30, 20), 600);
	end(&s);
}

static void cleaning_keeps_what_matters(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	fill(&s.mask, 20, 20, 20, 50, 255); /* a body */
	fill(&s.mask, 27, 40, 5, 6, 0);     /* with a hole */
	fill(&s.mask, 80, 20, 1, 1, 255);   /* a speck */
	fill(&s.mask, 100, 20, 5, 5, 255);  /* too small */
	fill(&s.mask, 90, 50, 60, 60, 255); /* a ring: its inside is too large for a hole */
	fill(&s.mask, 100, 60, 40, 40, 0);
	mask_clean(s.work, &s.mask, &s.o);
	assert_int_equal(count(&s.mask, 24, 24, 12, 42), 12 * 42);
	assert_int_equal(count(&s.mask, 78, 15, 40, 20), 0);
	assert_int_equal(count(&s.mask, 104, 64, 32, 32), 0);
	assert_true(count(&s.mask, 92, 52, 56, 6) > 300);
	end(&s);
}

static void edges_of_the_picture(void **state)
{
	struct stage s;
	(void)state;

	begin(&s);
	mask_clean(s.work, &s.mask, &s.o);
	assert_int_equal(count(&s.mask, 0, 0, W, H), 0);
	fill(&s.mask, 0, 0, W, H, 255);
	mask_shadows(s.work, &s.mask, &s.in, &s.plate,
		     &s.o); /* as bright as the scene: no shadow */
	assert_int_equal(count(&s.mask, 0, 0, W, H), W * H);
	mask_clean(s.work, &s.mask, &s.o);
	assert_int_equal(count(&s.mask, 0, 0, W, H), W * H);
	end(&s);
}

/* ---- the same by the definition, pixel by pixel ---- */

static int at(const struct image *im, int x, int y)
{
	x = x < 0 ? 0 : x >= im->w ? im->w - 1 : x;
	y = y < 0 ? 0 : y >= im->h ? im->h - 1 : y;
	return image_row(im, y)[x];
}

static int window(const struct image *im, int x, int y, int reach)
{
	int sum = 0;

	for (int dy = -reach; dy <= reach; dy++)
		for (int dx = -reach; dx <= reach; dx++)
			sum += at(im, x + dx, y + dy);
	return sum;
}

static void plain_shadows(struct image *mask, const struct yuv *in, const struct yuv *plate,
			  const struct mask_opts *o)
{
	const int dark = (int)lround(o->shadow_dark * 1024);
	const int bright = (int)lround(0.97 * 1024);
	struct image rest;

	image_init(&rest, mask->w, mask->h);
	for (int y = 0; y < mask->h; y++)
		for (int x = 0; x < mask->w; x++) {
			int sb = window(&plate->y, x, y, 2);
			float r = (float)at(&plate->y, x, y) * (float)window(&in->y, x, y, 2) /
				  (float)(sb ? sb : 1);

			r = floorf(fabsf((float)at(&in->y, x, y) - r) + 0.5F);
			image_row(&rest, y)[x] = (uint8_t)fminf(r, 255);
		}
	for (int y = 0; y < mask->h; y++)
		for (int x = 0; x < mask->w; x++) {
			int sy = 1024 * window(&in->y, x, y, 2);
			int sb = window(&plate->y, x, y, 2);

			if (sy >= dark * sb && sy <= bright * sb &&
			    abs(at(&in->u, x, y) - at(&plate->u, x, y)) <= o->shadow_chroma &&
			    abs(at(&in->v, x, y) - at(&plate->v, x, y)) <= o->shadow_chroma &&
			    window(&rest, x, y, 2) < 25 * 8)
				image_row(mask, y)[x] = 0;
		}
	image_clear(&rest);
}

/* Whether the ellipse around x,y has a pixel of value v; outside the picture there is none. */
static bool ellipse_has(const struct image *im, int x, int y, int r, int v)
{
	for (int dy = -r; dy <= r; dy++) {
		int reach = (int)lrint(sqrt(r * r - dy * dy));

		for (int dx = -reach; dx <= reach; dx++)
			if (x + dx >= 0 && x + dx < im->w && y + dy >= 0 && y + dy < im->h &&
			    image_row(im, y + dy)[x + dx] == v)
				return true;
	}
	return false;
}

/* Marks the component of x,y with 1 where to says it is; its size, 0 when it reaches the border
 * and must not. */
static int flood(const struct image *im, struct image *to, int x0, int y0, bool inside)
{
	const int v = image_row(im, y0)[x0];
	bool border = false, more = true;
	int n = 1;

	for (int y = 0; y < to->h; y++)
		memset(image_row(to, y), 0, (size_t)to->w);
	image_row(to, y0)[x0] = 1;
	while (more) {
		more = false;
		for (int y = 0; y < im->h; y++)
			for (int x = 0; x < im->w; x++) {
				bool by = false;

				if (image_row(to, y)[x] || image_row(im, y)[x] != v)
					continue;
				for (int k = 0; k < 9; k++)
					by |= at(to, x + k % 3 - 1, y + k / 3 - 1) != 0;
				image_row(to, y)[x] = by;
				more |= by;
				n += by;
			}
	}
	for (int y = 0; y < im->h; y++)
		for (int x = 0; x < im->w; x++)
			border |= image_row(to, y)[x] &&
				  (x == 0 || y == 0 || x == im->w - 1 || y == im->h - 1);
	return inside && border ? INT_MAX : n;
}

/* Components of v with fewer than min_px pixels become the other colour. */
static void plain_drop(struct image *mask, int v, int min_px, bool inside)
{
	struct image done, one;

	image_init(&done, mask->w, mask->h);
	image_init(&one, mask->w, mask->h);
	for (int y = 0; y < mask->h; y++)
		for (int x = 0; x < mask->w; x++) {
			bool drop;

			if (image_row(mask, y)[x] != v || image_row(&done, y)[x])
				continue;
			drop = flood(mask, &one, x, y, inside) < min_px;
			for (int k = 0; k < mask->w * mask->h; k++) {
				int i = k / mask->w, j = k % mask->w;

				if (!image_row(&one, i)[j])
					continue;
				image_row(&done, i)[j] = 1;
				if (drop)
					image_row(mask, i)[j] = (uint8_t)~v;
			}
		}
	image_clear(&done);
	image_clear(&one);
}

static void plain_clean(struct image *mask, const struct mask_opts *o)
{
	const int r = o->close_px / 2, n = o->median_px * o->median_px;
	struct image was;

	image_init(&was, mask->w, mask->h);
	for (int step = 0; step < 3; step++) {
		image_copy(&was, mask);
		for (int y = 0; y < mask->h; y++)
			for (int x = 0; x < mask->w; x++) {
				bool set = at(&was, x, y) != 0;

				if (step == 0 && n > 1)
					set = 2 * window(&was, x, y, o->median_px / 2) >
					      255 * n;
				else if (step == 1 && r > 0)
					set = ellipse_has(&was, x, y, r, 255);
				else if (step == 2 && r > 0)
					set = !ellipse_has(&was, x, y, r, 0);
				image_row(mask, y)[x] = set ? 255 : 0;
			}
	}
	plain_drop(mask, 0, mask->w * mask->h / 500, true);
	plain_drop(mask, 255, o->min_area_px, false);
	image_clear(&was);
}

static unsigned below(unsigned *seed, int n)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (unsigned)(((uint64_t)*seed * (unsigned)n) >> 32);
}

static void draw_at_random(struct image *im, unsigned *seed)
{
	for (int i = (int)below(seed, 8); i >= 0; i--)
		fill(im, (int)below(seed, im->w + 9) - 9, (int)below(seed, im->h + 9) - 9,
		     (int)below(seed, im->w / 2) + 1, (int)below(seed, im->h / 2) + 1,
		     i % 3 ? 255 : 0);
	for (int i = (int)below(seed, im->w * im->h / 4 + 1); i > 0; i--) {
		uint8_t *p = image_row(im, (int)below(seed, im->h)) + below(seed, im->w);

		*p = (uint8_t) ~*p;
	}
}

/* A plate of patches, and the same in a shadow, in noise, elsewhere black. */
static void shade_at_random(struct yuv *in, struct yuv *plate, unsigned *seed)
{
	const unsigned noise = below(seed, 24) + 1, dark = 40 + below(seed, 65);
	const unsigned patch = below(seed, 9) + 1;

	for (int y = 0; y < in->y.h; y++)
		for (int x = 0; x < in->y.w; x++) {
			unsigned v =
				((unsigned)x / patch * 37 + (unsigned)y / patch * 71) % 230;

			v = x < in->y.w / 8 ? 0 : v;
			image_row(&plate->y, y)[x] = (uint8_t)v;
			v = v * dark / 100 + below(seed, (int)noise);
			image_row(&in->y, y)[x] = (uint8_t)(v > 255 ? 255 : v);
			image_row(&plate->u, y)[x] = (uint8_t)below(seed, 12);
			image_row(&in->u, y)[x] = (uint8_t)below(seed, 12);
			image_row(&plate->v, y)[x] = (uint8_t)(244 + below(seed, 12));
			image_row(&in->v, y)[x] = (uint8_t)(244 + below(seed, 12));
		}
}

static void same_masks(const struct image *a, const struct image *b, int round)
{
	for (int y = 0; y < a->h; y++)
		if (memcmp(image_row(a, y), image_row(b, y), (size_t)a->w) != 0)
			fail_msg("round %d, %dx%d: row %d is another", round, a->w, a->h, y);
}

static void fast_is_as_by_definition_at(enum mcw_level level)
{
	static const int size[][2] = { { 61, 47 }, { 90, 70 }, { 1, 1 },   { 2, 3 },
				       { 7, 5 },   { 3, 40 },  { 150, 4 }, { 300, 190 } };
	static const int median[] = { 5, 0, 3, 9, 31 }, closing[] = { 3, 0, 1, 2, 7, 12 };
	unsigned seed = 1;

	if (!mcw_set_level(level))
		return; /* another processor's */
	for (int i = 0; i < 8; i++) {
		struct mask_work *work = mask_work_new(size[i][0], size[i][1]);
		struct image a, b;
		struct yuv in, plate;

		image_init(&a, size[i][0], size[i][1]);
		image_init(&b, size[i][0], size[i][1]);
		yuv_init(&in, size[i][0], size[i][1]);
		yuv_init(&plate, size[i][0], size[i][1]);
		for (int round = 0; round < 30; round++) {
			struct mask_opts o = MASK_OPTS_DEFAULT;

			o.shadow_dark = 0.4 + below(&seed, 50) / 100.0;
			o.median_px = median[round % 5];
			o.close_px = closing[round % 6];
			o.min_area_px = (int)below(&seed, 30);
			fill(&a, 0, 0, a.w, a.h, 0);
			draw_at_random(&a, &seed);
			shade_at_random(&in, &plate, &seed);
			image_copy(&b, &a);
			mask_shadows(work, &a, &in, &plate, &o);
			plain_shadows(&b, &in, &plate, &o);
			same_masks(&a, &b, round);
			mask_clean(work, &a, &o);
			plain_clean(&b, &o);
			same_masks(&a, &b, round);
		}
		mask_work_free(work);
		image_clear(&a);
		image_clear(&b);
		yuv_clear(&in);
		yuv_clear(&plate);
	}
	mcw_set_level(MCW_NONE);
}

/* With every instruction set, on pictures with one island and with many. */
static void fast_is_as_by_definition(void **state)
{
	(void)state;
	for (int level = MCW_NONE; level <= MCW_NEON; level++)
		fast_is_as_by_definition_at((enum mcw_level)level);
}

static bool is_among(const struct mask_blob *b, const struct cv_blob *all, int n)
{
	for (int i = 0; i < n; i++)
		if (b->x == all[i].x && b->y == all[i].y && b->w == all[i].w &&
		    b->h == all[i].h && b->area_px == all[i].area_px)
			return true;
	return false;
}

/* The components are those that OpenCV finds (in an order of its own), and of too many the
 * largest. */
static void components_are_as_opencv_finds_them(void **state)
{
	struct mask_blobs *b = mask_blobs_new(H);
	struct mask_blob mine[4096];
	struct cv_blob theirs[4096];
	struct image mask;
	unsigned seed = 7;
	(void)state;

	image_init(&mask, W, H);
	for (int round = 0; round < 200; round++) {
		int n, few, least = INT_MAX, larger = 0;

		draw_at_random(&mask, &seed);
		n = mask_blobs_find(b, &mask, mine, 4096);
		assert_int_equal(n, cv_components(&mask, theirs, 4096, NULL, NULL));
		for (int i = 0; i < n; i++)
			assert_true(is_among(&mine[i], theirs, n));
		if (n < 3)
			continue;
		few = mask_blobs_find(b, &mask, mine, n / 2);
		assert_int_equal(few, n / 2);
		for (int i = 0; i < few; i++)
			least = mine[i].area_px < least ? mine[i].area_px : least;
		for (int i = 0; i < n; i++)
			larger += theirs[i].area_px > least;
		assert_true(larger <= few);
	}
	image_clear(&mask);
	mask_blobs_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(even_shadow_goes),
		cmocka_unit_test(not_a_shadow_stays),
		cmocka_unit_test(shadows_can_stay),
		cmocka_unit_test(cleaning_keeps_what_matters),
		cmocka_unit_test(edges_of_the_picture),
		cmocka_unit_test(fast_is_as_by_definition),
		cmocka_unit_test(components_are_as_opencv_finds_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
