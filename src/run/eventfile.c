/* SPDX-License-Identifier: Apache-2.0 */
/* eventfile.c -- crossings and visits, one by one, as CSV. */
#include "run/eventfile.h"

#include "base/clock.h"
#include "base/vec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An event is known when it is settled, a visit's end seconds after it happened: so they are
 * kept, and written in the order in which they happened at the end. 40 bytes each. */
struct eventfile {
	FILE *f;
	char *path, *camera;
	const struct plan *plan;
	VEC(struct event) event;
};

int eventfile_open(struct eventfile **out, const char *path, const struct plan *plan,
		   const char *camera, struct err *err)
{
	FILE *f = fopen(path, "we");
	struct eventfile *e;

	if (!f)
		return err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
	e = xcalloc(1, sizeof(*e));
	e->f = f;
	e->path = xstrdup(path);
	e->camera = xstrdup(camera);
	e->plan = plan;
	fputs("t_utc,t_local,camera,kind,name,event,person,dwell_s\n", f);
	*out = e;
	return 0;
}

/* Names of places need no quotes (floor/plan.h); a camera's may. */
static void put_quoted(FILE *f, const char *s)
{
	if (!s[strcspn(s, ",\"\r\n")]) {
		fputs(s, f);
		return;
	}
	fputc('"', f);
	for (; *s; s++)
		fputs(*s == '"' ? "\"\"" : (char[]){ *s, '\0' }, f);
	fputc('"', f);
}

/* "2026-03-14T09:30:00" and what follows it, with milliseconds put between. */
static void put_time(FILE *f, const char *text, int ms)
{
	fprintf(f, "%.19s.%03d%s,", text, ms, text + 19);
}

void eventfile_add(struct eventfile *e, const struct event *ev)
{
	*VEC_PUSH(&e->event) = *ev;
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	/* A visit of no length begins before it ends. */
	return (int)x->kind - (int)y->kind;
}

void eventfile_sort(struct event *v, size_t n)
{
	vec_sort(v, n, sizeof(*v), by_time);
}

const char *eventfile_word(enum event_kind kind)
{
	static const char *const word[] = { "", "in", "out", "enter", "leave" };

	return word[kind];
}

static void put(const struct eventfile *e, const struct event *ev)
{
	static const char *const kind[] = { "", "line", "zone" };
	const struct place *p = &e->plan->place[ev->place];
	char text[CLOCK_TEXT];
	int ms = (int)(ev->t_us / 1000 % 1000);

	put_time(e->f, clock_text_utc(ev->t_us, text), ms);
	put_time(e->f, clock_text_local(ev->t_us, text), ms);
	put_quoted(e->f, e->camera);
	fprintf(e->f, ",%s,%s,%s,%" PRId64 ",", kind[p->kind], p->name,
		eventfile_word(ev->kind), ev->person);
	if (ev->kind == EVENT_ZONE_LEAVE)
		fprintf(e->f, "%.3f", ev->dwell_s);
	fputc('\n', e->f);
}

int eventfile_close(struct eventfile *e, struct err *err)
{
	int rc = 0;

	if (!e)
		return 0;
	eventfile_sort(e->event.v, e->event.n);
	for (size_t i = 0; i < e->event.n; i++)
		put(e, &e->event.v[i]);
	if (ferror(e->f) | fclose(e->f))
		rc = err_set(err, ERR_IO, "cannot write '%s'", e->path);
	VEC_FREE(&e->event);
	free(e->path);
	free(e->camera);
	free(e);
	return rc;
}
