/* SPDX-License-Identifier: Apache-2.0 */
/* samples.c -- a few pictures spread over a recording, at next to no cost. */
#include "video/samples.h"

#include "video/avfile.h"
#include "video/files.h"

/* Decoding all of it is allowed up to this: about a second of one core. */
#define WHOLE_PICTURE_PX 500000.0
#define WHOLE_RECORDING_PX 4e8
/* With so many pictures that stand alone in a recording, others tell nothing more. */
#define KEYS_ENOUGH 12
/* Between pictures of a file that does not say how long it is. */
#define UNKNOWN_STEP_US (10 * CLOCK_SECOND_US)

struct sampling {
	void (*take)(void *arg, const struct frame *f);
	void *arg;
	int64_t base_us, last_us; /* of the file's start, of the last picture */
	int taken;
};

static void hand_out(struct sampling *s, struct frame *f, int64_t stamp_us)
{
	f->t_us = s->base_us + stamp_us;
	if (!s->taken || f->t_us > s->last_us) {
		s->take(s->arg, f);
		s->last_us = f->t_us;
		s->taken++;
	}
	frame_unref(f);
}

/* Is a file, the used-th part of a recording, worth decoding as a whole? */
static bool decode_whole(struct avfile *a, double duration_s, const struct frame *first,
			 int used)
{
	double px = (double)first->y.w * first->y.h;

	return duration_s > 0 && px <= WHOLE_PICTURE_PX &&
	       px * duration_s * avfile_info(a)->fps <= WHOLE_RECORDING_PX &&
	       avfile_keys(a) * used < KEYS_ENOUGH;
}

/* Its share, n / used, of n pictures from an open file whose first picture is *f; takes over
 * *f. */
static void sample_file(struct sampling *s, struct avfile *a, struct frame *f, int n, int used,
			double duration_s)
{
	bool whole = decode_whole(a, duration_s, f, used);
	const int m = n / used;
	int64_t step_us =
		duration_s > 0 ? (int64_t)(duration_s * 1e6 / m) + 1 : UNKNOWN_STEP_US;
	int64_t at_us = 0, stamp_us = 0;
	int rc = 0;

	while (rc == 0) {
		if (stamp_us == CLOCK_NONE || stamp_us < at_us) {
			frame_unref(f);
		} else {
			hand_out(s, f, stamp_us);
			at_us += ((stamp_us - at_us) / step_us + 1) * step_us;
		}
		rc = whole ? avfile_next(a, f, &stamp_us, NULL)
			   : avfile_key(a, at_us, f, &stamp_us, NULL);
	}
}

int samples_read(const struct source_opts *o, int n,
		 void (*take)(void *arg, const struct frame *f), void *arg, struct err *err)
{
	struct sampling s = { .take = take, .arg = arg };
	struct files files = { 0 };
	int rc = files_find(o->specs, o->n_specs, &files, err);
	size_t used;

	if (rc < 0)
		return rc;
	used = files.n < (size_t)n ? files.n : (size_t)n;
	for (size_t i = 0; i < used; i++) {
		struct avfile *a = avfile_open(files.v[i * files.n / used], NULL);
		struct frame f = { 0 };
		int64_t stamp_us;
		double duration_s;

		if (!a)
			continue;
		duration_s = avfile_info(a)->duration_s;
		if (avfile_next(a, &f, &stamp_us, NULL) == 0)
			sample_file(&s, a, &f, n, (int)used, duration_s);
		s.base_us = s.last_us + 1;
		avfile_close(a);
	}
	files_clear(&files);
	return s.taken;
}
