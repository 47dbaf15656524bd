/* SPDX-License-Identifier: Apache-2.0 */
/* feed.c -- frames of a source, read ahead by a thread of its own or in the caller's. */
#include "run/feed.h"

#include "base/queue.h"
#include "base/vec.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

/* Enough to even out key frames; each is a picture of the camera's size. */
#define AHEAD 4

struct fed {
	struct frame frame;
	double progress;
	int rc;
	struct err err;
};

struct feed {
	struct source *src;
	void (*on_note)(const char *line);
	struct prof prof;
	struct queue *q; /* NULL: no thread */
	pthread_t thread;
	bool running;
};

static void read_one(struct feed *f, struct fed *out)
{
	const char *note;

	*out = (struct fed){ 0 };
	prof_start(&f->prof);
	do {
		out->rc = source_read(f->src, &out->frame, 1000, &out->err);
	} while (out->rc == ERR_AGAIN);
	prof_mark(&f->prof, "decode");
	while ((note = source_note(f->src)) != NULL)
		f->on_note(note);
	out->progress = source_progress(f->src);
}

static void drop(void *item)
{
	frame_unref(&((struct fed *)item)->frame);
}

static void *read_all(void *arg)
{
	struct feed *f = arg;
	struct fed one;

	do {
		read_one(f, &one);
		if (!queue_push(f->q, &one)) {
			drop(&one);
			break;
		}
	} while (one.rc == 0);
	queue_close(f->q);
	return NULL;
}

struct feed *feed_new(struct source *src, bool threaded, void (*on_note)(const char *line))
{
	struct feed *f = xcalloc(1, sizeof(*f));

	f->src = src;
	f->on_note = on_note;
	f->prof.on = true;
	if (threaded) {
		f->q = queue_new(sizeof(struct fed), AHEAD,
				 source_live(src) ? QUEUE_DROP_OLDEST : QUEUE_WAIT, drop);
		/* Without a thread to be had, the caller's does it. */
		f->running = pthread_create(&f->thread, NULL, read_all, f) == 0;
		if (!f->running) {
			queue_free(f->q);
			f->q = NULL;
		}
	}
	return f;
}

void feed_stop(struct feed *f)
{
	if (!f->running)
		return;
	queue_close(f->q);
	pthread_join(f->thread, NULL);
	f->running = false;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	feed_stop(f);
	queue_free(f->q);
	source_close(f->src);
	free(f);
}

int feed_next(struct feed *f, struct frame *frame, double *progress, struct err *err)
{
	struct fed one;

	if (!f->q)
		read_one(f, &one);
	else if (!queue_pop(f->q, &one))
		return ERR_EOF;
	*progress = one.progress;
	if (one.rc < 0) {
		if (err)
			*err = one.err;
		return one.rc;
	}
	*frame = one.frame;
	return 0;
}

struct prof *feed_prof(struct feed *f)
{
	assert(!f->running);
	return &f->prof;
}
