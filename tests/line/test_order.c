/* SPDX-License-Identifier: Apache-2.0 */
/* test_order.c -- frames and late sightings come out in order, each once. */
#include "base/vec.h"
#include "run/motfile.h"
#include "run/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAME_US 100000

static struct sighting seen(int64_t track, int frame)
{
	return (struct sighting){ .track = track, .t_us = frame * FRAME_US };
}

/* A track confirmed in frame 5 tells that it was in frames 2 to 4: lines see it there. */
static void late_sightings_join_their_frames(void **state)
{
	struct order *o = order_new(1.0);
	struct order_frame f;
	int out = 0;
	(void)state;

	for (int i = 0; i < 30; i++) {
		order_frame(o, i * FRAME_US, FRAME_US);
		struct sighting s = seen(9, i);
		assert_true(order_sighting(o, &s, i));
		if (i == 5)
			for (int k = 2; k <= 4; k++) {
				s = seen(3, k);
				assert_true(order_sighting(o, &s, 100 + k));
			}
		while (order_next(o, false, &f)) {
			bool both = out >= 2 && out <= 4;

			assert_int_equal(f.t_us, out * FRAME_US);
			assert_int_equal(f.n, both ? 2 : 1);
			assert_int_equal(f.who[f.n - 1].track, 9);
			assert_int_equal(f.heat_cell[f.n - 1], out);
			if (both) {
				assert_int_equal(f.who[0].track, 3);
				assert_int_equal(f.heat_cell[0], 100 + out);
			}
			out++;
		}
	}
	assert_int_equal(out, 30 - 11); /* one second is still held back */
	while (order_next(o, true, &f))
		assert_int_equal(f.t_us, out++ * FRAME_US);
	assert_int_equal(out, 30);
	order_free(o);
}

static void a_sighting_of_no_waiting_frame_is_refused(void **state)
{
	struct order *o = order_new(0.5);
	struct order_frame f;
	struct sighting s;
	(void)state;

	for (int i = 0; i < 20; i++) {
		order_frame(o, i * FRAME_US, FRAME_US);
		while (order_next(o, false, &f))
			;
	}
	s = seen(1, 2); /* long gone */
	assert_false(order_sighting(o, &s, 0));
	s = seen(1, 40); /* never was */
	assert_false(order_sighting(o, &s, 0));
	s = seen(1, 19);
	s.t_us += 1; /* between frames */
	assert_false(order_sighting(o, &s, 0));
	s = seen(1, 19);
	assert_true(order_sighting(o, &s, 0));
	order_free(o);
}

static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = xcalloc(1, 1 << 20);

	assert_non_null(f);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	fclose(f);
	return text;
}

/* The file is ordered by frame, then track, also where a track's beginning became known late,
 * and counts from 1 over all pictures, those that did not decode included. */
static void mot_lines_are_ordered_and_in_camera_pixels(void **state)
{
	struct track_point past[2] = { { .t_us = 0, .box = { 1, 2, 3, 4 } },
				       { .t_us = FRAME_US, .box = { 2, 2, 3, 4 } } };
	struct track t[2] = {
		{ .id = 1, .confirmed = true, .seen = true, .at = { .box = { 5, 5, 5, 5 } } },
		{ .id = 2, .confirmed = true, .seen = true, .past = past, .n_past = 2 },
	};
	struct motfile *m;
	char path[] = "/tmp/footfall-mot-XXXXXX", *text;
	int fd = mkstemp(path);
	(void)state;

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(motfile_open(&m, path, 1, NULL), 0);
	t[0].at.t_us = 0;
	motfile_step(m, 0, 0, t, 1, 2, NULL, 0);
	t[0].at.t_us = FRAME_US;
	motfile_step(m, FRAME_US, 1, t, 1, 2, NULL, 0);
	/* picture 2 did not decode */
	t[0].at.t_us = t[1].at.t_us = 3 * FRAME_US;
	t[1].at.box = (struct box_px){ 3, 2, 3, 4 };
	motfile_step(m, 3 * FRAME_US, 3, t, 2, 2, NULL, 0);
	assert_int_equal(motfile_close(m, NULL), 0);

	text = read_text(path);
	assert_string_equal(text, "1,1,10.00,10.00,10.00,10.00,1,-1,-1,-1\n"
				  "1,2,2.00,4.00,6.00,8.00,1,-1,-1,-1\n"
				  "2,1,10.00,10.00,10.00,10.00,1,-1,-1,-1\n"
				  "2,2,4.00,4.00,6.00,8.00,1,-1,-1,-1\n"
				  "4,1,10.00,10.00,10.00,10.00,1,-1,-1,-1\n"
				  "4,2,6.00,4.00,6.00,8.00,1,-1,-1,-1\n");
	free(text);
	unlink(path);
}

/* Out of sight for less than a second: put between. For longer: nobody knows. */
static void mot_gaps_are_bridged_up_to_a_second(void **state)
{
	struct track t = { .id = 1, .confirmed = true, .seen = true };
	struct motfile *m;
	char path[] = "/tmp/footfall-mot-XXXXXX", *text;
	int fd = mkstemp(path);
	(void)state;

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(motfile_open(&m, path, 1, NULL), 0);
	for (int i = 0; i < 40; i++) {
		t.seen = i == 0 || i == 4 || i == 20;
		t.at = (struct track_point){ .t_us = i * FRAME_US, .box = { i, 0, 2, 4 } };
		motfile_step(m, i * FRAME_US, i, &t, 1, 1, NULL, 0);
	}
	assert_int_equal(motfile_close(m, NULL), 0);
	text = read_text(path);
	assert_string_equal(text, "1,1,0.00,0.00,2.00,4.00,1,-1,-1,-1\n"
				  "2,1,1.00,0.00,2.00,4.00,1,-1,-1,-1\n"
				  "3,1,2.00,0.00,2.00,4.00,1,-1,-1,-1\n"
				  "4,1,3.00,0.00,2.00,4.00,1,-1,-1,-1\n"
				  "5,1,4.00,0.00,2.00,4.00,1,-1,-1,-1\n"
				  "21,1,20.00,0.00,2.00,4.00,1,-1,-1,-1\n");
	free(text);
	unlink(path);
}

/* A recording in which nobody was. */
static void mot_of_nobody_is_an_empty_file(void **state)
{
	struct motfile *m;
	char path[] = "/tmp/footfall-mot-XXXXXX";
	struct stat st;
	int fd = mkstemp(path);
	(void)state;

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(motfile_open(&m, path, 1, NULL), 0);
	motfile_step(m, 0, 0, NULL, 0, 1, NULL, 0);
	assert_int_equal(motfile_close(m, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_sightings_join_their_frames),
		cmocka_unit_test(a_sighting_of_no_waiting_frame_is_refused),
		cmocka_unit_test(mot_lines_are_ordered_and_in_camera_pixels),
		cmocka_unit_test(mot_gaps_are_bridged_up_to_a_second),
		cmocka_unit_test(mot_of_nobody_is_an_empty_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
