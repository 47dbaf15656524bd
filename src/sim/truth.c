/* SPDX-License-Identifier: Apache-2.0 */
/* truth.c -- follows everybody through the store and writes down what happened. */
#include "sim/truth.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/real.h"
#include "base/str.h"
#include "base/vec.h"
#include "sim/indoors.h"
#include "sim/truth_measure.h"
#include "sim/truth_path.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Somebody who is there. */
struct person {
	struct persona who;
	int64_t came_us, last_us;
	struct pt_m at;
	bool in_store;
	int till; /* queued at, or -1 */
	int64_t joined_us, head_us;
	struct line_truth *line; /* of each place of the plan; unused for the other kind */
	struct zone_truth *zone;
	struct trail trail;
};

/* Something that happened to somebody, for any of the files. */
struct row {
	int64_t t_us;    /* by which it is sorted */
	int64_t to_us;   /* visits, queue: end; people: CLOCK_NONE: still there */
	int64_t head_us; /* queue */
	int place;       /* of the plan, or till */
	int dir;         /* crossings: 1 in */
	bool open;
	struct persona who;
};
struct rows {
	struct row *v;
	size_t n, cap;
};

enum file {
	PEOPLE,
	CROSSINGS,
	VISITS,
	QUEUE,
	N_LISTS,
	FLOOR = N_LISTS,
	OCCUPANCY,
	MEASURES,
	N_FILES
};
static const char *const file_names[N_FILES] = {
	"people.csv", "crossings.csv", "visits.csv",   "queue.csv",
	"floor.csv",  "occupancy.csv", "measures.csv",
};

struct truth {
	const struct scene *scene;
	struct true_place *place; /* n_places of them */
	int n_places;
	struct indoors *indoors;
	char *dir; /* NULL: measures.csv is the only file */
	struct file_out file[N_FILES];
	struct file_out boxes[SCENE_MAX]; /* of cameras; opened with the first frame */
	struct rows list[N_LISTS];
	struct truth_measures *measures;
	struct err err; /* the first that went wrong between open and close */
	int64_t now_us;
	VEC(struct person *) there; /* ordered by id */
	VEC(struct person *) next;
};

static const char *const who_names[] = { "", "shopper", "passer", "staff" };
static const char *const body_names[] = { "", "adult", "child", "wheelchair" };
static const char *const doing_names[] = { "", "walk", "look", "queue", "pay", "work", "wait" };

/* ---- Fields ---- */

/* "2026-03-14T08:30:00.012Z,1800.012,"; buf of TIMES_BYTES. */
#define TIMES_BYTES 64
static const char *times(const struct truth *t, int64_t t_us, char *buf)
{
	int64_t ms = (t_us - t->scene->start_us) / 1000;
	char text[CLOCK_TEXT];

	clock_text_utc(t_us, text);
	snprintf(buf, TIMES_BYTES, "%.19s.%03dZ,%" PRId64 ".%03d,", text,
		 (int)(t_us / 1000 % 1000), ms / 1000, (int)(ms % 1000));
	return buf;
}

static void put_time(FILE *f, const struct truth *t, int64_t t_us)
{
	char buf[TIMES_BYTES];

	fputs(times(t, t_us, buf), f);
}

/* Metres to the millimetre, without a "-0.000". */
static void put_metres(FILE *f, double m)
{
	long mm = lrint(m * 1000);

	fprintf(f, "%s%ld.%03ld,", mm < 0 ? "-" : "", labs(mm) / 1000, labs(mm) % 1000);
}

static void put_person(FILE *f, const struct persona *who)
{
	fprintf(f, "%" PRId64 ",%" PRId64 ",%s", who->id, who->group, who_names[who->kind]);
}

static void put_span(FILE *f, int64_t from_us, int64_t to_us)
{
	int64_t ms = (to_us - from_us) / 1000;

	fprintf(f, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

/* ---- Somebody ---- */

static void add_row(struct truth *t, enum file list, const struct person *p, struct row row)
{
	if (!t->dir)
		return;
	row.who = p->who;
	*VEC_PUSH(&t->list[list]) = row;
}

static void crossed(struct truth *t, struct person *p, int place, int dir, int64_t t_us)
{
	if (!dir)
		return;
	add_row(t, CROSSINGS, p, (struct row){ .t_us = t_us, .place = place, .dir = dir });
	truth_measures_crossed(t->measures, &p->trail, place, dir, t_us);
}

static void visited(struct truth *t, const struct person *p, int place, struct stay stay,
		    bool open)
{
	add_row(t, VISITS, p,
		(struct row){ .t_us = stay.from_us,
			      .to_us = stay.to_us,
			      .place = place,
			      .open = open });
}

static void step_places(struct truth *t, struct person *p, const struct step *s)
{
	struct stay stay[ZONE_STAYS];
	int64_t t_us = 0;

	for (int i = 0; i < t->n_places; i++) {
		const struct true_place *place = &t->place[i];

		if (place->place->kind == PLACE_LINE) {
			int dir = line_truth_step(&p->line[i], place, s, &t_us);

			crossed(t, p, i, dir, t_us);
			continue;
		}
		if (place->place->kind != PLACE_ZONE || !t->dir)
			continue;
		for (int n = zone_truth_step(&p->zone[i], place, s, stay), k = 0; k < n; k++)
			visited(t, p, i, stay[k], false);
	}
}

static void step_doors(struct truth *t, struct person *p, const struct step *s)
{
	for (int i = 0; i < t->scene->n_doors; i++) {
		const struct scene_door *d = &t->scene->door[i];
		int net = segment_crossed(d->at[0], d->at[1], s);

		if (net)
			p->in_store = net > 0;
	}
}

static void leave_till(struct truth *t, struct person *p, int64_t t_us, bool open)
{
	if (p->till < 0)
		return;
	add_row(t, QUEUE, p,
		(struct row){ .t_us = p->joined_us,
			      .to_us = t_us,
			      .head_us = p->head_us,
			      .place = p->till,
			      .open = open });
	truth_measures_queued(t->measures, p->till, p->joined_us, p->head_us,
			      open ? CLOCK_NONE : t_us);
	p->till = -1;
}

static void step_till(struct truth *t, struct person *p, const struct actor *a, int64_t t_us)
{
	bool queues = (a->doing == DOING_QUEUE || a->doing == DOING_PAY) && a->till >= 0;

	if (p->till >= 0 && (!queues || a->till != p->till))
		leave_till(t, p, t_us, false);
	if (!queues)
		return;
	if (p->till < 0) {
		p->till = a->till;
		p->joined_us = t_us;
		p->head_us = CLOCK_NONE;
	}
	if (a->doing == DOING_PAY && p->head_us == CLOCK_NONE)
		p->head_us = t_us;
}

static struct person *came(const struct truth *t, const struct actor *a, int64_t t_us)
{
	struct person *p = xcalloc(1, sizeof(*p));

	p->who = a->who;
	p->came_us = p->last_us = t_us;
	p->at = a->at;
	p->in_store = indoors_at(t->indoors, a->at);
	p->till = -1;
	p->trail.who = a->who;
	p->trail.from_us = t_us;
	p->line = xcalloc((size_t)t->n_places + 1, sizeof(*p->line));
	p->zone = xcalloc((size_t)t->n_places + 1, sizeof(*p->zone));
	return p;
}

static void free_person(struct person *p)
{
	free(p->line);
	free(p->zone);
	trail_clear(&p->trail);
	free(p);
}

/* open: the scene ended, not he. */
static void went(struct truth *t, struct person *p, bool open)
{
	int64_t t_us = 0;

	for (int i = 0; i < t->n_places; i++) {
		struct zone_truth *z = &p->zone[i];

		if (t->place[i].place->kind == PLACE_LINE) {
			int dir = line_truth_end(&p->line[i], &t_us);

			crossed(t, p, i, dir, t_us);
		} else if (z->on) {
			visited(t, p, i, (struct stay){ z->from_us, z->to_us },
				open && z->inside);
		}
	}
	leave_till(t, p, p->last_us, open);
	truth_measures_went(t->measures, &p->trail);
	add_row(t, PEOPLE, p,
		(struct row){ .t_us = p->came_us, .to_us = open ? CLOCK_NONE : p->last_us });
	free_person(p);
}

static void step_person(struct truth *t, struct person *p, const struct actor *a, int64_t t_us)
{
	struct step s = { p->at, a->at, p->last_us, t_us };

	*VEC_PUSH(&p->trail.point) = (struct trail_point){ a->at, a->facing };
	step_places(t, p, &s);
	step_doors(t, p, &s);
	step_till(t, p, a, t_us);
	p->at = a->at;
	p->last_us = t_us;
}

/* ---- Every second ---- */

static int degrees(double radians)
{
	long d = lrint(radians * 180 / REAL_PI) % 360;

	return (int)(d < 0 ? d + 360 : d);
}

static void put_floor(struct truth *t, const struct actor *actors, int n)
{
	FILE *f = t->file[FLOOR].f;
	char now[TIMES_BYTES];

	times(t, t->now_us, now);
	for (int i = 0; i < n; i++) {
		const struct actor *a = &actors[i];

		fprintf(f, "%s%" PRId64 ",", now, a->who.id);
		put_metres(f, a->at.x);
		put_metres(f, a->at.y);
		fprintf(f, "%d,%.2f,%s,%s,%s,%d\n", degrees(a->facing), a->speed_m_s,
			doing_names[a->doing], a->till >= 0 ? t->scene->till[a->till].name : "",
			a->shelf >= 0 ? t->scene->shelf[a->shelf].name : "",
			t->there.v[i]->in_store);
	}
}

static void put_occupancy(struct truth *t)
{
	int in_store = 0, staff = 0, in_zone[PLAN_MAX_PLACES] = { 0 };
	FILE *f = t->file[OCCUPANCY].f;

	for (size_t i = 0; i < t->there.n; i++) {
		const struct person *p = t->there.v[i];

		in_store += p->in_store;
		staff += p->in_store && p->who.kind == PERSON_STAFF;
		for (int k = 0; k < t->n_places; k++)
			in_zone[k] += p->zone[k].inside;
	}
	put_time(f, t, t->now_us);
	fprintf(f, "%d,%d", in_store, staff);
	for (int k = 0; k < t->n_places; k++)
		if (t->place[k].place->kind == PLACE_ZONE)
			fprintf(f, ",%d", in_zone[k]);
	fputc('\n', f);
}

void truth_tick(struct truth *t, int64_t t_us, const struct actor *actors, int n)
{
	size_t old = 0;

	t->now_us = t_us;
	t->next.n = 0;
	for (int i = 0; i < n; i++) {
		struct person *p = NULL;

		while (old < t->there.n && t->there.v[old]->who.id < actors[i].who.id)
			went(t, t->there.v[old++], false);
		if (old < t->there.n && t->there.v[old]->who.id == actors[i].who.id)
			p = t->there.v[old++];
		else
			p = came(t, &actors[i], t_us);
		step_person(t, p, &actors[i], t_us);
		*VEC_PUSH(&t->next) = p;
	}
	while (old < t->there.n)
		went(t, t->there.v[old++], false);
	t->there.n = 0;
	for (size_t i = 0; i < t->next.n; i++)
		*VEC_PUSH(&t->there) = t->next.v[i];
	truth_measures_tick(t->measures, actors, n);
	if (t->dir && (t_us - t->scene->start_us) % CLOCK_SECOND_US == 0) {
		put_floor(t, actors, n);
		put_occupancy(t);
	}
}

/* ---- Boxes ---- */

static int open_file(const struct truth *t, struct file_out *o, const char *name,
		     const char *end, struct err *err)
{
	struct str path = STR_INIT;
	int rc;

	str_addf(&path, "%s/%s%s", t->dir, name, end);
	rc = file_out_open(o, path.s, err);
	str_clear(&path);
	return rc;
}

void truth_frame(struct truth *t, int camera, int64_t coded, const struct seen *seen, int n)
{
	struct file_out *o = &t->boxes[camera];

	if (t->err.code || !t->dir)
		return;
	if (!o->f && open_file(t, o, t->scene->camera[camera].name, ".gt.txt", &t->err) < 0)
		return;
	for (int i = 0; i < n; i++) {
		const struct seen *s = &seen[i];

		if (s->visible > 0)
			fprintf(o->f,
				"%" PRId64 ",%" PRId64
				",%.2f,%.2f,%.2f,%.2f,1,1,%.3f,%.3f,%.3f\n",
				coded + 1, s->id, s->box.x, s->box.y, s->box.w, s->box.h,
				s->visible, s->at.x, s->at.y);
	}
}

/* ---- Beginning and end ---- */

static void put_heads(struct truth *t)
{
	static const char *const heads[N_FILES] = {
		[PEOPLE] = "came_utc,came_s,went_utc,went_s,person,group,who,body,trolley,"
			   "height_m,low_contrast,walker",
		[CROSSINGS] = "t_utc,t_s,line,direction,person,group,who",
		[VISITS] = "from_utc,from_s,to_utc,to_s,zone,person,group,who,dwell_s,open",
		[QUEUE] = "joined_utc,joined_s,head_utc,head_s,left_utc,left_s,till,person,"
			  "group,who,wait_s,how",
		[FLOOR] = "t_utc,t_s,person,x_m,y_m,facing_deg,speed_m_s,doing,till,shelf,"
			  "in_store",
		[OCCUPANCY] = "t_utc,t_s,in_store,staff",
		[MEASURES] = "minute_utc,place,measure,key,by,value",
	};

	for (int i = 0; i < N_FILES; i++) {
		if (!t->file[i].f)
			continue;
		fputs(heads[i], t->file[i].f);
		for (int k = 0; i == OCCUPANCY && k < t->n_places; k++)
			if (t->place[k].place->kind == PLACE_ZONE)
				fprintf(t->file[i].f, ",zone %s", t->place[k].place->name);
		fputc('\n', t->file[i].f);
	}
}

static int open_files(struct truth *t, const char *measures, struct err *err)
{
	int rc = 0;

	if (!t->dir)
		return file_out_open(&t->file[MEASURES], measures, err);
	for (int i = 0; i < N_FILES && rc >= 0; i++)
		rc = open_file(t, &t->file[i], file_names[i], "", err);
	return rc;
}

int truth_open(struct truth **out, const char *dir, const char *measures,
	       const struct scene *scene, const struct plan *plan, struct err *err)
{
	struct truth *t;

	for (int i = 0; plan && i < plan->n; i++)
		if (plan->place[i].coords != PLAN_METRES)
			return err_set(err, ERR_CONFIG,
				       "'%s' is drawn on a picture; the truth needs places in "
				       "metres (\"coords\": \"metres\")",
				       plan->place[i].name);
	t = xcalloc(1, sizeof(*t));
	t->scene = scene;
	t->n_places = plan ? plan->n : 0;
	t->place = xcalloc((size_t)t->n_places + 1, sizeof(*t->place));
	for (int i = 0; i < t->n_places; i++)
		true_place_init(&t->place[i], &plan->place[i]);
	t->measures = truth_measures_new(scene, t->place, t->n_places);
	t->dir = dir ? xstrdup(dir) : NULL;
	if (open_files(t, measures, err) < 0) {
		truth_drop(t);
		return ERR_IO;
	}
	t->indoors = indoors_new(scene);
	put_heads(t);
	*out = t;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->who.id > y->who.id) - (x->who.id < y->who.id);
}

static void put_crossing(FILE *f, const struct truth *t, const struct row *r)
{
	put_time(f, t, r->t_us);
	fprintf(f, "%s,%s,", t->place[r->place].place->name, r->dir > 0 ? "in" : "out");
	put_person(f, &r->who);
}

static void put_visit(FILE *f, const struct truth *t, const struct row *r)
{
	put_time(f, t, r->t_us);
	put_time(f, t, r->to_us);
	fprintf(f, "%s,", t->place[r->place].place->name);
	put_person(f, &r->who);
	fputc(',', f);
	put_span(f, r->t_us, r->to_us);
	fprintf(f, ",%d", r->open);
}

static void put_queue(FILE *f, const struct truth *t, const struct row *r)
{
	bool paid = r->head_us != CLOCK_NONE;

	put_time(f, t, r->t_us);
	if (paid)
		put_time(f, t, r->head_us);
	else
		fputs(",,", f);
	put_time(f, t, r->to_us);
	fprintf(f, "%s,", t->scene->till[r->place].name);
	put_person(f, &r->who);
	fputc(',', f);
	put_span(f, r->t_us, paid ? r->head_us : r->to_us);
	fprintf(f, ",%s", r->open ? "open" : paid ? "paid" : "left");
}

static void put_persona(FILE *f, const struct truth *t, const struct row *r)
{
	const struct persona *who = &r->who;

	put_time(f, t, r->t_us);
	if (r->to_us == CLOCK_NONE)
		fputs(",,", f);
	else
		put_time(f, t, r->to_us);
	put_person(f, who);
	fprintf(f, ",%s,%d,%.2f,%d,%s", body_names[who->body], who->trolley, who->height_m,
		who->low_contrast, who->walker >= 0 ? t->scene->walker[who->walker].name : "");
}

static void put_list(struct truth *t, enum file list)
{
	static void (*const put[N_LISTS])(FILE *, const struct truth *,
					  const struct row *) = { put_persona, put_crossing,
								  put_visit, put_queue };
	struct rows *rows = &t->list[list];

	VEC_SORT(rows, by_time);
	for (size_t i = 0; i < rows->n; i++) {
		put[list](t->file[list].f, t, &rows->v[i]);
		fputc('\n', t->file[list].f);
	}
}

static void free_truth(struct truth *t)
{
	for (size_t i = 0; i < t->there.n; i++)
		free_person(t->there.v[i]);
	VEC_FREE(&t->there);
	VEC_FREE(&t->next);
	for (int i = 0; i < N_LISTS; i++)
		VEC_FREE(&t->list[i]);
	indoors_free(t->indoors);
	truth_measures_free(t->measures);
	free(t->place);
	free(t->dir);
	free(t);
}

int truth_close(struct truth *t, struct err *err)
{
	struct err e, first;

	if (!t)
		return 0;
	first = t->err;
	for (size_t i = 0; i < t->there.n; i++)
		went(t, t->there.v[i], true);
	t->there.n = 0;
	for (int i = 0; i < N_LISTS && t->dir; i++)
		put_list(t, (enum file)i);
	truth_measures_write(t->measures, t->file[MEASURES].f);
	for (int i = 0; i < N_FILES; i++)
		if (file_out_close(&t->file[i], &e) < 0 && !first.code)
			first = e;
	for (int i = 0; i < SCENE_MAX; i++)
		if (file_out_close(&t->boxes[i], &e) < 0 && !first.code)
			first = e;
	free_truth(t);
	return first.code ? err_set(err, first.code, "%s", first.msg) : 0;
}

void truth_drop(struct truth *t)
{
	if (!t)
		return;
	for (int i = 0; i < N_FILES; i++)
		file_out_drop(&t->file[i]);
	for (int i = 0; i < SCENE_MAX; i++)
		file_out_drop(&t->boxes[i]);
	free_truth(t);
}
