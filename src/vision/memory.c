/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c -- a camera that is watched live remembers its last two hours. */
#include "vision/memory.h"

#include "base/clock.h"
#include "base/vec.h"
#include "vision/bytes.h"
#include "vision/lookahead.h"

#include <stdlib.h>

#define LOOK_MIN_US (CLOCK_SECOND_US / 10)
#define FIRST_US (2 * CLOCK_SECOND_US)
#define TIME_MAX ((uint64_t)INT64_MAX / 2)
#define EVERY_US (600 * CLOCK_SECOND_US)

struct memory {
	struct lookahead *ahead;
	bool begun;
	bool loaded; /* and no picture since: time may have been set back */
	int64_t start_us, look_us, next_us; /* first picture, last one taken, next comparison */
	struct yuv model, scene;
	struct image where;
};

struct memory *memory_new(int w, int h)
{
	struct memory *m = xcalloc(1, sizeof(*m));

	m->ahead = lookahead_new(w, h);
	yuv_init(&m->model, w, h);
	yuv_init(&m->scene, w, h);
	image_init(&m->where, w, h);
	return m;
}

void memory_free(struct memory *m)
{
	if (!m)
		return;
	lookahead_free(m->ahead);
	yuv_clear(&m->model);
	yuv_clear(&m->scene);
	image_clear(&m->where);
	free(m);
}

/* As far apart as is enough for the time that is remembered. */
static int64_t step_us(const struct memory *m, int64_t t_us)
{
	int64_t age_us = t_us - m->start_us;
	int64_t step = (age_us < MEMORY_SPAN_US ? age_us : MEMORY_SPAN_US) / LOOKAHEAD_MAX;

	return step > LOOK_MIN_US ? step : LOOK_MIN_US;
}

static int leave_out_tracks(struct image *where, const struct image *feedback)
{
	int n = 0;

	for (int y = 0; y < where->h; y++) {
		uint8_t *w = image_row(where, y);
		const uint8_t *f = feedback ? image_row(feedback, y) : NULL;

		for (int x = 0; x < where->w; x++) {
			if (f && f[x] & FEEDBACK_PROTECT)
				w[x] = 0;
			n += w[x] != 0;
		}
	}
	return n;
}

static int put_right(struct memory *m, struct background *bg, const struct image *feedback,
		     struct err *err)
{
	int rc = background_plate(bg, &m->model, err);

	if (rc < 0)
		return rc;
	if (!lookahead_surer(m->ahead, &m->model, &m->scene, &m->where))
		return 0;
	rc = leave_out_tracks(&m->where, feedback);
	return rc && background_correct(bg, &m->scene, &m->where) ? rc : 0;
}

int memory_step(struct memory *m, struct background *bg, int64_t t_us, const struct yuv *in,
		const struct image *feedback, struct err *err)
{
	int64_t wait_us;
	int rc;

	if (m->begun && t_us <= m->look_us && m->loaded) {
		lookahead_forget_all(m->ahead);
		m->begun = false;
	}
	m->loaded = false;
	if (!m->begun) {
		m->start_us = t_us;
		m->next_us = t_us + FIRST_US;
	} else if (t_us - m->look_us < step_us(m, t_us)) {
		return 0;
	}
	m->begun = true;
	m->look_us = t_us;
	lookahead_forget_before(m->ahead, t_us - MEMORY_SPAN_US);
	rc = lookahead_add(m->ahead, t_us, in, err);
	if (rc < 0 || t_us < m->next_us)
		return rc;
	wait_us = t_us - m->start_us < EVERY_US ? t_us - m->start_us : EVERY_US;
	m->next_us = t_us + wait_us;
	return put_right(m, bg, feedback, err);
}

/* Whether it has begun, three times, and what was seen. */
enum { NUMBERS_SIZE = 4 * 8 };

size_t memory_state_size(const struct memory *m)
{
	return NUMBERS_SIZE + lookahead_state_size(m->ahead);
}

void memory_save(const struct memory *m, uint8_t *to)
{
	bytes_put(&to, m->begun);
	bytes_put(&to, (uint64_t)m->start_us);
	bytes_put(&to, (uint64_t)m->look_us);
	bytes_put(&to, (uint64_t)m->next_us);
	lookahead_save(m->ahead, to);
}

bool memory_load(struct memory *m, const uint8_t *from)
{
	const uint64_t begun = bytes_get(&from), start = bytes_get(&from);
	const uint64_t look = bytes_get(&from), next = bytes_get(&from);

	if (begun > 1 || next > TIME_MAX || look > TIME_MAX || start > look ||
	    !lookahead_load(m->ahead, from) ||
	    lookahead_last_us(m->ahead) != (begun ? (int64_t)look : CLOCK_NONE))
		return false;
	m->begun = begun;
	m->loaded = true;
	m->start_us = (int64_t)start;
	m->look_us = (int64_t)look;
	m->next_us = (int64_t)next;
	return true;
}
