/* SPDX-License-Identifier: Apache-2.0 */
/* test_pets.c -- real people's paths (PETS 2009 S2.L1, where it is to be had) over a line,
 * against crossings counted from the same annotations by somebody else's rule.
 */
#include "base/file.h"
#include "rig.h"

#include <stdlib.h>

#define DIR SHARED_DIR "/data/pets2009_s2l1/"
#define FPS 7
#define PICTURE_H 576.0
#define MAX_IN_FRAME 64

/* The number at *s, and what follows the comma after it. */
static double next(const char **s)
{
	char *end;
	double x = strtod(*s, &end);

	*s = *end == ',' ? end + 1 : end;
	return x;
}

static void next_line(const char **s)
{
	*s += strcspn(*s, "\n");
	*s += **s == '\n';
}

static int64_t frame_us(int frame0)
{
	return MIDNIGHT_US + frame0 * CLOCK_SECOND_US / FPS;
}

/* gt.txt: frame (from 1), id, left, top, width, height, ...; ordered by frame and id. */
static void play(struct rig *r, const char *gt)
{
	struct sighting who[MAX_IN_FRAME];
	int frame0 = 0, n = 0;

	while (*gt) {
		int at = (int)next(&gt) - 1;
		int64_t id = (int64_t)next(&gt);
		double left = next(&gt), top = next(&gt), w = next(&gt), h = next(&gt);

		while (frame0 < at) {
			rig_frame(r, frame_us(frame0), CLOCK_SECOND_US / FPS, who, n);
			n = 0;
			frame0++;
		}
		assert_true(n < MAX_IN_FRAME);
		who[n++] = (struct sighting){
			.camera = 3,
			.track = id,
			.t_us = frame_us(frame0),
			.at = { (left + w / 2) / PICTURE_H, (top + h) / PICTURE_H },
			.body = 8 / PICTURE_H /* so that the hysteresis is theirs */
		};
		next_line(&gt);
	}
	rig_frame(r, frame_us(frame0), CLOCK_SECOND_US / FPS, who, n);
	rig_end(r);
}

/* counts.csv: frame (from 0), line, direction, person; each must be an event of ours, not later
 * than then (they say when the person is past the hysteresis, we when he crosses). */
static int compare(const struct rig *r, const char *counts)
{
	int n = 0;

	for (next_line(&counts); *counts; next_line(&counts), n++) {
		int frame0 = (int)next(&counts), found = 0;
		bool left;

		counts += strcspn(counts, ",") + 1;
		left = *counts == 'l';
		counts += strcspn(counts, ",") + 1;
		int64_t person = (int64_t)next(&counts);

		for (size_t i = 0; i < r->event.n; i++) {
			const struct event *e = &r->event.v[i];

			found += e->person == person &&
				 e->kind == (left ? EVENT_CROSS_IN : EVENT_CROSS_OUT) &&
				 e->t_us <= frame_us(frame0) &&
				 e->t_us > frame_us(frame0) - 3 * CLOCK_SECOND_US;
		}
		if (found != 1)
			fail_msg("person %d in frame %d: %d events", (int)person, frame0,
				 found);
	}
	return n;
}

static void crossings_of_real_people(void **state)
{
	/* From the top of the picture down: "in" is to the left. Longer than the picture is
	 * high, because their line has no ends: person 4 walks round the lower one. */
	static const struct pt_floor line[] = { { 384 / PICTURE_H, -1 },
						{ 384 / PICTURE_H, 2 } };
	struct count_opts o = COUNT_OPTS_DEFAULT;
	char *gt = NULL, *counts = NULL;
	size_t len;
	struct rig r;
	(void)state;

	if (file_read(DIR "gt.txt", 1 << 20, &gt, &len, NULL) < 0 ||
	    file_read(DIR "counts.csv", 1 << 20, &counts, &len, NULL) < 0) {
		print_message("%s is not there: skipped\n", DIR);
		free(gt);
		skip();
	}
	o.hysteresis_body = 1;
	rig_init(&r);
	rig_add(&r, PLACE_LINE, line, 2);
	rig_start(&r, &o, false);
	play(&r, gt);
	assert_int_equal(compare(&r, counts), r.event.n);
	assert_near(rig_observed_s(&r), 795.0 / FPS, 1e-3);
	rig_clear(&r);
	free(gt);
	free(counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(crossings_of_real_people) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
