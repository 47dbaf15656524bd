/* SPDX-License-Identifier: Apache-2.0 */
/* motfile.c -- confirmed tracks as a MOTChallenge text file. */
#include "run/motfile.h"

#include "base/vec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
	int64_t t_us, frame, id;
	double x, y, w, h; /* camera pixels */
};

/* Which picture a time belongs to, for the past of tracks that are confirmed late. */
struct number {
	int64_t t_us, coded;
};

struct motfile {
	FILE *f;
	char *path;
	int64_t late_us;
	VEC(struct line) line;
	VEC(struct number) number;
};

int motfile_open(struct motfile **out, const char *path, double late_s, struct err *err)
{
	FILE *f = fopen(path, "we");
	struct motfile *m;

	if (!f)
		return err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
	m = xcalloc(1, sizeof(*m));
	m->f = f;
	m->path = xstrdup(path);
	m->late_us = (int64_t)(late_s * 1e6);
	*out = m;
	return 0;
}

static void add(struct motfile *m, const struct track_point *p, int64_t coded, int64_t id,
		int factor)
{
	*VEC_PUSH(&m->line) = (struct line){ .t_us = p->t_us,
					     .frame = coded + 1,
					     .id = id,
					     .x = p->box.x * factor,
					     .y = p->box.y * factor,
					     .w = p->box.w * factor,
					     .h = p->box.h * factor };
}

static int64_t number_of(const struct motfile *m, int64_t t_us)
{
	for (size_t i = m->number.n; i-- > 0;)
		if (m->number.v[i].t_us == t_us)
			return m->number.v[i].coded;
	return -1;
}

static int by_frame(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Writes the lines of frames before t_us; no more can come for them. */
static void flush_before(struct motfile *m, int64_t t_us)
{
	size_t kept = 0;

	qsort(m->line.v, m->line.n, sizeof(*m->line.v), by_frame);
	for (size_t i = 0; i < m->line.n; i++) {
		const struct line *l = &m->line.v[i];

		if (l->t_us < t_us)
			fprintf(m->f,
				"%" PRId64 ",%" PRId64 ",%.2f,%.2f,%.2f,%.2f,1,-1,-1,-1\n",
				l->frame, l->id, l->x, l->y, l->w, l->h);
		else
			m->line.v[kept++] = *l;
	}
	m->line.n = kept;
	kept = 0;
	for (size_t i = 0; i < m->number.n; i++)
		if (m->number.v[i].t_us >= t_us)
			m->number.v[kept++] = m->number.v[i];
	m->number.n = kept;
}

void motfile_step(struct motfile *m, int64_t t_us, int64_t coded, const struct track *tracks,
		  int n, int factor)
{
	*VEC_PUSH(&m->number) = (struct number){ t_us, coded };
	for (int i = 0; i < n; i++) {
		const struct track *t = &tracks[i];

		if (!t->confirmed)
			continue;
		for (int k = 0; k < t->n_past; k++) {
			int64_t past = number_of(m, t->past[k].t_us);

			if (past >= 0)
				add(m, &t->past[k], past, t->id, factor);
		}
		if (t->seen)
			add(m, &t->at, coded, t->id, factor);
	}
	if (m->number.n >= 1024 && t_us - m->number.v[0].t_us > 2 * m->late_us)
		flush_before(m, t_us - m->late_us);
}

int motfile_close(struct motfile *m, struct err *err)
{
	int rc = 0;

	if (!m)
		return 0;
	flush_before(m, INT64_MAX);
	if (ferror(m->f) | fclose(m->f))
		rc = err_set(err, ERR_IO, "cannot write '%s'", m->path);
	free(m->path);
	VEC_FREE(&m->line);
	VEC_FREE(&m->number);
	free(m);
	return rc;
}
