/* SPDX-License-Identifier: Apache-2.0 */
/* test_player.c -- outlines are the mask, and the page holds numbers and no picture of anybody.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/rng.h"
#include "player/outline.h"
#include "player/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define W 40
#define H 30
#define SECOND INT64_C(1000000)
#define START (INT64_C(1773478800) * SECOND) /* 2026-03-14T09:00:00Z */

/* ---- outlines ---- */

/* Whether the middle of pixel x, y lies in the outlines, by the even-odd rule: edges to its
 * left are counted. */
static bool inside(const struct outlines *o, int x, int y)
{
	bool in = false;
	size_t from = 0;

	for (size_t i = 0; i < o->n_v; from = o->v[i++].at)
		for (size_t k = from; k < o->v[i].at; k++) {
			struct corner a = o->corner[k];
			struct corner b = o->corner[k + 1 < o->v[i].at ? k + 1 : from];
			double py = y + 0.5, at;

			if ((a.y > py) == (b.y > py))
				continue;
			at = a.x + (py - a.y) / (b.y - a.y) * (b.x - a.x);
			in ^= at < x + 0.5;
		}
	return in;
}

static void fill_randomly(struct image *m, struct rng *r, uint32_t share)
{
	for (int y = 0; y < m->h; y++)
		for (int x = 0; x < m->w; x++)
			image_row(m, y)[x] = rng_below(r, 100) < share ? 255 : 0;
}

static void outlines_are_the_mask(void **state)
{
	struct outlines o = { 0 };
	struct image m;
	struct rng r;
	(void)state;

	image_init(&m, W, H);
	rng_init(&r, 1, 1);
	for (uint32_t share = 0; share <= 100; share += 5) {
		fill_randomly(&m, &r, share);
		outlines_find(&o, &m, 0);
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++)
				assert_int_equal(inside(&o, x, y), image_row(&m, y)[x] != 0);
	}
	/* All of it is one outline of four corners. */
	assert_int_equal(o.n_v, 1);
	assert_int_equal(o.n, 4);
	outlines_clear(&o);
	image_clear(&m);
}

static void a_disc_needs_few_corners(void **state)
{
	struct outlines exact = { 0 }, fewer = { 0 };
	struct image m;
	int off = 0;
	(void)state;

	image_init(&m, W, H);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			image_row(&m, y)[x] =
				(x - 20) * (x - 20) + (y - 15) * (y - 15) <= 144 ? 255 : 0;
	outlines_find(&exact, &m, 0);
	outlines_find(&fewer, &m, 0.8);
	assert_int_equal(fewer.n_v, 1);
	assert_true(fewer.n * 3 <= exact.n);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			off += inside(&fewer, x, y) != (image_row(&m, y)[x] != 0);
	assert_true(off < 452 / 8); /* of the disc's pixels */
	outlines_clear(&exact);
	outlines_clear(&fewer);
	image_clear(&m);
}

/* ---- the page ---- */

static char path[] = "/tmp/footfall-page-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static struct player *player_of(double fps, double from_s, double seconds, size_t max_bytes)
{
	return player_new(&(struct player_opts){ .title = "door </script> & \"co\"",
						 .fps = fps,
						 .from_s = from_s,
						 .seconds = seconds,
						 .max_bytes = max_bytes });
}

/* A block of 4x8 pixels that goes right, as pixels of this value; 25 frames a second. */
static int64_t play(struct player *p, int frames, bool grey)
{
	struct track t = { .id = 7, .confirmed = true, .seen = true };
	struct image m;

	image_init(&m, W, H);
	for (int i = 0; i < frames; i++) {
		int left = i % (W - 4);

		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++)
				image_row(&m, y)[x] =
					x < left || x >= left + 4 || y < 10 || y >= 18 ? 0
					: grey ? (uint8_t)(1 + (x * 7 + y * 31) % 255)
					       : 255;
		t.at.t_us = START + i * SECOND / 25;
		t.at.box = (struct box_px){ left, 10, 4, 8 };
		t.at.foot = (struct pt_px){ left + 2.3, 18 };
		if (!player_frame(p, t.at.t_us, &m, &t, 1))
			break;
	}
	image_clear(&m);
	return player_frames(p);
}

static char *page_of(struct player *p)
{
	static char *text;
	struct err err;
	size_t len;

	if (player_write(p, path, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(file_read(path, 1 << 24, &text, &len, NULL), 0);
	player_free(p);
	return text;
}

static struct json *data_of(const char *page)
{
	static const char mark[] = "<script type=\"application/json\" id=\"data\">";
	const char *from = strstr(page, mark), *to;
	struct json *root;
	struct err err;

	assert_non_null(from);
	from += strlen(mark);
	to = strstr(from, "</script>");
	root = json_parse(from, (size_t)(to - from), &err);
	if (!root)
		fail_msg("%s", err.msg);
	return root;
}

static double number(const struct json *list, size_t i)
{
	double v = -1;

	assert_int_equal(json_value_double(json_at(list, i), -1e9, 1e9, &v, NULL), 0);
	return v;
}

static void frames_are_kept_at_the_rate(void **state)
{
	struct player *p = player_of(5, 1, 2, 1 << 20);
	struct pt_img line[2] = { { 0.25, 0.5 }, { 0.75, 0.5 } };
	struct json *root;
	const struct json *frames, *track, *outline;
	char *page;
	(void)state;

	player_place(p, PLACE_LINE, "till", line, 2);
	assert_int_equal(play(p, 250, false), 10); /* from 1 s to 3 s, 5 a second */
	player_event(p, START + SECOND / 2, "till", "in", 7, 0);
	player_event(p, START + 2 * SECOND, "till", "leave", 7, 1.5);
	page = page_of(p);
	root = data_of(page);
	frames = json_get(root, "frames");
	assert_int_equal(json_count(frames), 10);
	assert_true(number(json_at(frames, 0), 0) == 0);
	assert_true(number(json_at(frames, 9), 0) == 1800);
	/* Of the first frame, the 26th of the clip: the block's outline, its track. */
	outline = json_at(json_at(json_at(frames, 0), 1), 0);
	assert_int_equal(json_count(outline), 8);
	assert_true(number(outline, 0) >= 25 && number(outline, 0) <= 29);
	track = json_at(json_at(json_at(frames, 0), 2), 0);
	assert_true(number(track, 0) == 7 && number(track, 2) == 25 &&
		    number(track, 6) == 27.3);
	/* What happened before the part that is shown is left out. */
	assert_int_equal(json_count(json_get(root, "events")), 1);
	assert_true(number(json_at(json_get(root, "events"), 0), 0) == 1000);
	assert_int_equal(json_count(json_get(root, "places")), 1);
	json_free(root);
	free(page);
}

/* The one way for a pixel into the page would be by its value: there is none. */
static void no_pixel_of_anybody_gets_in(void **state)
{
	struct player *p = player_of(10, 0, 0, 1 << 20);
	char *flat, *grey;
	(void)state;

	play(p, 100, false);
	flat = page_of(p);
	p = player_of(10, 0, 0, 1 << 20);
	play(p, 100, true);
	grey = page_of(p);
	assert_string_equal(flat, grey);
	assert_null(strstr(flat, "\"plate\":\"i"));
	/* Nothing is fetched, and there is no picture but the one made of "plate". */
	assert_null(strstr(flat, "://"));
	assert_null(strstr(flat, "<img"));
	assert_null(strstr(flat, "src="));
	assert_non_null(strstr(flat, "default-src 'none'; img-src data:"));
	free(flat);
	free(grey);
}

static void names_cannot_leave_their_place(void **state)
{
	struct player *p = player_of(10, 0, 0, 1 << 20);
	struct json *root;
	char *page, title[64];
	(void)state;

	play(p, 1, false);
	page = page_of(p);
	root = data_of(page);
	assert_int_equal(json_text(root, "title", title, sizeof(title), NULL), 0);
	assert_string_equal(title, "door </script> & \"co\"");
	assert_non_null(strstr(page, "<title>door &#60;/script&#62; &#38; &#34;co&#34; - "));
	json_free(root);
	free(page);
}

static void a_full_page_says_so(void **state)
{
	struct player *p = player_of(25, 0, 0, 1000);
	struct json *root;
	bool full = false;
	double at_s;
	char *page;
	(void)state;

	assert_false(player_full(p, &at_s));
	play(p, 250, false);
	assert_true(player_full(p, &at_s));
	assert_true(at_s > 0 && at_s < 5);
	page = page_of(p);
	root = data_of(page);
	assert_int_equal(json_bool(root, "full", &full, NULL), 0);
	assert_true(full);
	assert_true(strlen(page) < strlen(player_page) + strlen(player_stage) + 2500);
	json_free(root);
	free(page);
}

static void the_plate_is_shown_as_it_is(void **state)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', 0xff };
	struct player *p = player_of(10, 0, 0, 1 << 20);
	char *page;
	(void)state;

	play(p, 1, false);
	player_plate(p, png, sizeof(png), 0.25);
	page = page_of(p);
	assert_non_null(strstr(page, "\"plate_share\":0.250,\"plate\":\"iVBOR/8=\""));
	free(page);
}

/* On the page to count on nothing tells what the machine made of it. */
static void the_page_to_count_on_is_blind(void **state)
{
	static const struct player_sample sample = { .camera = "cam",
						     .line = "door </script>",
						     .in_label = "in",
						     .out_label = "out",
						     .start = "2026-03-14T10:00:00+01:00",
						     .minutes = 15,
						     .stratum = 3,
						     .weight = 2.5,
						     .file = "door.csv" };
	struct player *p = player_new(&(struct player_opts){
		.title = "door", .fps = 10, .max_bytes = 1 << 20, .count = &sample });
	struct pt_img line[2] = { { 0.25, 0.5 }, { 0.75, 0.5 } };
	struct json *root;
	const struct json *frames;
	char *page, text[64];
	double weight;
	(void)state;

	player_place(p, PLACE_LINE, "door </script>", line, 2);
	play(p, 100, false);
	page = page_of(p);
	assert_null(strstr(page, "@STAGE@"));
	assert_null(strstr(page, "://"));
	assert_non_null(strstr(page, "default-src 'none'; img-src data:"));
	root = data_of(page);
	frames = json_get(root, "frames");
	assert_true(json_count(frames) > 30);
	for (size_t i = 0; i < json_count(frames); i++)
		assert_int_equal(json_count(json_at(json_at(frames, i), 2)), 0);
	assert_int_equal(json_text(json_get(root, "sample"), "line", text, sizeof(text), NULL),
			 0);
	assert_string_equal(text, "door </script>");
	assert_int_equal(json_double(json_get(root, "sample"), "weight", 0, 10, &weight, NULL),
			 0);
	assert_true(weight == 2.5);
	json_free(root);
	free(page);
}

static void no_page_without_a_picture(void **state)
{
	struct player *p = player_of(10, 100, 0, 1 << 20);
	struct err err = { 0 };
	(void)state;

	assert_int_equal(play(p, 50, false), 0);
	assert_int_equal(player_write(p, path, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "no picture"));
	player_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outlines_are_the_mask),
		cmocka_unit_test(a_disc_needs_few_corners),
		cmocka_unit_test(frames_are_kept_at_the_rate),
		cmocka_unit_test(no_pixel_of_anybody_gets_in),
		cmocka_unit_test(names_cannot_leave_their_place),
		cmocka_unit_test(a_full_page_says_so),
		cmocka_unit_test(the_plate_is_shown_as_it_is),
		cmocka_unit_test(the_page_to_count_on_is_blind),
		cmocka_unit_test(no_page_without_a_picture),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
