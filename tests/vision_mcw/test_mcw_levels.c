/* SPDX-License-Identifier: Apache-2.0 */
/* test_mcw_levels.c -- every instruction set gives the bytes of the plain C reference. */
#include "noise.h"
#include "vision/mcw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES 300

struct run {
	struct mcw *m;
	struct image mask;
	struct yuv plate;
};

static void run_init(struct run *r, int w, int h)
{
	struct background_opts o = BACKGROUND_OPTS_DEFAULT;

	o.absorb_s = 6; /* much happens in few frames */
	r->m = mcw_new(&o, w, h);
	image_init(&r->mask, w, h);
	yuv_init(&r->plate, w, h);
}

static void run_clear(struct run *r)
{
	mcw_free(r->m);
	image_clear(&r->mask);
	yuv_clear(&r->plate);
}

static void same(const struct image *a, const struct image *b, int frame, const char *what)
{
	for (int y = 0; y < a->h; y++)
		if (memcmp(image_row(a, y), image_row(b, y), (size_t)a->w) != 0)
			fail_msg("%s differs from the reference in row %d of frame %d", what, y,
				 frame);
}

typedef void picture(struct yuv *p, struct image *feedback, int frame, uint32_t *state);

/* A room, noisy; things that come, stay and go; light that changes; feedback of all kinds. */
static void lively(struct yuv *p, struct image *feedback, int frame, uint32_t *state)
{
	struct yuv clean;
	int w = p->y.w, h = p->y.h, x = frame % (w / 2), gain = frame > 200 ? 170 : 256;

	yuv_init(&clean, w, h);
	room(&clean);
	fill_box(&clean.y, x, h / 4, w / 4, h / 2, 220);
	fill_box(&clean.v, w / 2, 0, w / 4, frame / 40 % 2 ? h : 1, 150);
	for (int y = 0; y < h; y++)
		for (int c = 0; c < w; c++)
			image_row(&clean.y, y)[c] =
				(uint8_t)(image_row(&clean.y, y)[c] * (gain + c % 8) / 264);
	with_noise(p, &clean, 4, state);
	yuv_clear(&clean);
	fill(feedback, 0);
	fill_box(feedback, 0, h / 2, w / 2, h / 4, FEEDBACK_PROTECT);
	fill_box(feedback, w / 2, 0, w / 4, h / 2, FEEDBACK_ABSORB);
	fill_box(feedback, w - 3, 0, 3, h, FEEDBACK_IGNORE | FEEDBACK_PROTECT);
}

/* Bytes without sense, now and then the same picture again, extremes side by side. */
static void hostile(struct yuv *p, struct image *feedback, int frame, uint32_t *state)
{
	static const uint8_t extremes[] = { 0, 1, 16, 17, 119, 120, 121, 249, 250, 254, 255 };
	struct image *planes[4] = { &p->y, &p->u, &p->v, feedback };
	uint32_t again = 1 + (uint32_t)frame / 5, *s = frame % 3 ? &again : state;

	for (int i = 0; i < 4; i++)
		for (int y = 0; y < p->y.h; y++)
			for (int x = 0; x < p->y.w; x++)
				image_row(planes[i], y)[x] =
					frame % 2 ? (uint8_t)noise_next(s)
						  : extremes[noise_next(s) % 11];
}

static void compare(enum mcw_level level, int w, int h, picture *draw)
{
	struct run ref, run;
	struct yuv in;
	struct image feedback;
	uint32_t state = (uint32_t)(w * h);

	run_init(&ref, w, h);
	run_init(&run, w, h);
	yuv_init(&in, w, h);
	image_init(&feedback, w, h);
	for (int i = 0; i < FRAMES; i++) {
		double dt_s = i % 7 == 3 ? 0.4 : 0.04; /* the bootstrap ends half way */
		const struct image *f = i % 10 ? &feedback : NULL;

		draw(&in, &feedback, i, &state);
		assert_true(mcw_set_level(MCW_SCALAR));
		mcw_step(ref.m, dt_s, &in, f, &ref.mask);
		assert_true(mcw_set_level(level));
		mcw_step(run.m, dt_s, &in, f, &run.mask);
		same(&run.mask, &ref.mask, i, "the mask");
		mcw_plate(ref.m, &ref.plate);
		mcw_plate(run.m, &run.plate);
		same(&run.plate.y, &ref.plate.y, i, "the model's luma");
		same(&run.plate.u, &ref.plate.u, i, "the model's chroma");
		same(&run.plate.v, &ref.plate.v, i, "the model's chroma");
	}
	run_clear(&ref);
	run_clear(&run);
	yuv_clear(&in);
	image_clear(&feedback);
}

static void compare_sizes(enum mcw_level level)
{
	static const int sizes[][2] = { { 64, 48 }, { 63, 31 }, { 65, 17 }, { 7, 40 },
					{ 1, 1 },   { 97, 3 },  { 2, 66 },  { 321, 18 } };

	if (!mcw_set_level(level)) {
		print_message("this machine does not have it\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		if (sizes[i][0] > 6)
			compare(level, sizes[i][0], sizes[i][1], lively);
		compare(level, sizes[i][0], sizes[i][1], hostile);
	}
	assert_true(mcw_set_level(MCW_NONE));
}

static void sse2_is_the_reference(void **state)
{
	(void)state;
	compare_sizes(MCW_SSE2);
}

static void avx2_is_the_reference(void **state)
{
	(void)state;
	compare_sizes(MCW_AVX2);
}

static void neon_is_the_reference(void **state)
{
	(void)state;
	compare_sizes(MCW_NEON);
}

static void a_level_can_be_chosen(void **state)
{
	(void)state;
	assert_true(mcw_set_level(MCW_SCALAR));
	assert_string_equal(mcw_level_name(), "scalar");
	assert_false(mcw_set_level((enum mcw_level)99));
	assert_string_equal(mcw_level_name(), "scalar");
	assert_true(mcw_set_level(MCW_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sse2_is_the_reference),
		cmocka_unit_test(avx2_is_the_reference),
		cmocka_unit_test(neon_is_the_reference),
		cmocka_unit_test(a_level_can_be_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
