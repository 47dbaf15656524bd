/* SPDX-License-Identifier: Apache-2.0 */
/* motfile.c -- confirmed tracks as a MOTChallenge text file. */
#include "run/motfile.h"

#include "base/vec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct line {
	int64_t t_us, frame, id;
	double x, y, w, h; /* camera pixels */
	struct pt_floor at;
	bool placed;
};

/* Which picture a time belongs to, for what becomes known about a frame later. */
struct number {
	int64_t t_us, coded;
};

/* A live track, where it was seen last. */
struct last {
	int64_t id;
	struct track_point at;
	struct pt_floor floor; /* where `placed` */
	bool placed, live;
};

struct motfile {
	FILE *f;
	char *path;
	int64_t late_us;
	VEC(struct line) line;
	VEC(struct number) number;
	VEC(struct last) last;
	const struct sighting *who; /* of this step, n_who of them */
	int n_who;
};

/* Whether there is a file that begins otherwise than MOTChallenge text: a clip, most likely,
 * whose place in the command line was mistaken. */
static bool holds_else(const char *path)
{
	struct stat st;
	char head[64];
	size_t n = 0;
	FILE *f;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || !(f = fopen(path, "rbe")))
		return false;
	n = fread(head, 1, sizeof(head) - 1, f);
	fclose(f);
	head[n] = '\0';
	return strspn(head, "0123456789.,- \r\n") < n;
}

int motfile_open(struct motfile **out, const char *path, double late_s, struct err *err)
{
	struct motfile *m;
	FILE *f;

	if (holds_else(path))
		return err_set(err, ERR_STATE,
			       "'%s' is there and is no file of tracks; it is not overwritten",
			       path);
	f = fopen(path, "we");
	if (!f)
		return err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
	m = xcalloc(1, sizeof(*m));
	m->f = f;
	m->path = xstrdup(path);
	m->late_us = (int64_t)(late_s * 1e6) + MOTFILE_GAP_US;
	*out = m;
	return 0;
}

void motfile_places(struct motfile *m, const struct sighting *who, int n)
{
	m->who = who;
	m->n_who = n;
}

/* A moment of a track. */
struct moment {
	struct track_point at;
	struct pt_floor floor;
	bool placed;
};

static struct moment moment_of(const struct motfile *m, int64_t id, const struct track_point *p)
{
	struct moment now = { .at = *p };

	for (int i = 0; i < m->n_who && !now.placed; i++) {
		const struct sighting *s = &m->who[i];

		now.placed = s->track == id && s->t_us == p->t_us;
		now.floor = s->at;
	}
	return now;
}

static void add(struct motfile *m, const struct moment *p, int64_t coded, int64_t id,
		int factor)
{
	const struct box_px *b = &p->at.box;

	*VEC_PUSH(&m->line) = (struct line){ .t_us = p->at.t_us,
					     .frame = coded + 1,
					     .id = id,
					     .x = b->x * factor,
					     .y = b->y * factor,
					     .w = b->w * factor,
					     .h = b->h * factor,
					     .at = p->floor,
					     .placed = p->placed };
}

/* The index of the frame at t_us, or of the first after it. */
static size_t number_at(const struct motfile *m, int64_t t_us)
{
	size_t i = m->number.n;

	while (i > 0 && m->number.v[i - 1].t_us >= t_us)
		i--;
	return i;
}

static double between(double a, double b, double s)
{
	return a + s * (b - a);
}

/* A track that was out of sight for a moment was somewhere between. */
static void fill_gap(struct motfile *m, const struct last *last, const struct moment *now,
		     int factor)
{
	const struct track_point *a = &last->at, *b = &now->at;
	double length = (double)(b->t_us - a->t_us);

	if (b->t_us - a->t_us > MOTFILE_GAP_US)
		return;
	for (size_t i = number_at(m, a->t_us + 1);
	     i < m->number.n && m->number.v[i].t_us < b->t_us; i++) {
		double s = (double)(m->number.v[i].t_us - a->t_us) / length;
		struct moment p = { .at = { .t_us = m->number.v[i].t_us,
					    .box = { between(a->box.x, b->box.x, s),
						     between(a->box.y, b->box.y, s),
						     between(a->box.w, b->box.w, s),
						     between(a->box.h, b->box.h, s) } },
				    .floor = { between(last->floor.x, now->floor.x, s),
					       between(last->floor.y, now->floor.y, s) },
				    .placed = last->placed && now->placed };

		add(m, &p, m->number.v[i].coded, last->id, factor);
	}
}

static struct last *last_of(struct motfile *m, int64_t id)
{
	for (size_t i = 0; i < m->last.n; i++)
		if (m->last.v[i].id == id)
			return &m->last.v[i];
	*VEC_PUSH(&m->last) = (struct last){ .id = id, .at = { .t_us = INT64_MIN / 2 } };
	return &m->last.v[m->last.n - 1];
}

static void forget_ended(struct motfile *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->last.n; i++)
		if (m->last.v[i].live)
			m->last.v[kept++] = m->last.v[i];
	m->last.n = kept;
}

static void seen_at(struct motfile *m, struct last *last, const struct track_point *p,
		    int factor)
{
	size_t i = number_at(m, p->t_us);
	struct moment now;

	if (i == m->number.n || m->number.v[i].t_us != p->t_us)
		return;
	now = moment_of(m, last->id, p);
	fill_gap(m, last, &now, factor);
	add(m, &now, m->number.v[i].coded, last->id, factor);
	last->at = now.at;
	last->floor = now.floor;
	last->placed = now.placed;
}

static int by_frame(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static void write_line(FILE *f, const struct line *l)
{
	fprintf(f, "%" PRId64 ",%" PRId64 ",%.2f,%.2f,%.2f,%.2f,1,", l->frame, l->id, l->x,
		l->y, l->w, l->h);
	if (l->placed)
		fprintf(f, "%.3f,%.3f,0\n", l->at.x, l->at.y);
	else
		fputs("-1,-1,-1\n", f);
}

/* Writes the lines of frames before t_us; no more can come for them. */
static void flush_before(struct motfile *m, int64_t t_us)
{
	size_t kept = 0;

	qsort(m->line.v, m->line.n, sizeof(*m->line.v), by_frame);
	for (size_t i = 0; i < m->line.n; i++) {
		const struct line *l = &m->line.v[i];

		if (l->t_us < t_us)
			write_line(m->f, l);
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
	for (size_t i = 0; i < m->last.n; i++)
		m->last.v[i].live = false;
	for (int i = 0; i < n; i++) {
		const struct track *t = &tracks[i];
		struct last *last;

		if (!t->confirmed)
			continue;
		last = last_of(m, t->id);
		last->live = true;
		for (int k = 0; k < t->n_past; k++)
			seen_at(m, last, &t->past[k], factor);
		if (t->seen)
			seen_at(m, last, &t->at, factor);
	}
	forget_ended(m);
	motfile_places(m, NULL, 0);
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
	VEC_FREE(&m->last);
	free(m);
	return rc;
}
