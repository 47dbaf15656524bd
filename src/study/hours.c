/* SPDX-License-Identifier: Apache-2.0 */
/* hours.c -- a store's hours, in one pass over its minutes. */
#include "study/hours.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "study/excluded.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool hours_slot(const struct hours *h, int64_t t_us, int *day, int *hour)
{
	int lo = 0, hi = h->n_day;
	struct civil c;

	if (t_us < h->from_us[0] || t_us >= h->from_us[h->n_day])
		return false;
	while (hi - lo > 1) {
		int middle = (lo + hi) / 2;

		if (t_us >= h->from_us[middle])
			lo = middle;
		else
			hi = middle;
	}
	clock_local(t_us, &c);
	*day = lo;
	*hour = c.hour;
	return true;
}

/* ---- One pass ---- */

struct pass {
	struct hours *h;
	int64_t start_us; /* of the minute that is read */
	int k;            /* its day * TRIAL_HOURS + hour; -1: none */
	int n_camera;
	int *camera;     /* database ids */
	double *cover_s; /* of each in this minute */
	int last_place;  /* index, to begin the next search at */
};

static int camera_index(const struct pass *p, int id)
{
	for (int i = 0; i < p->n_camera; i++)
		if (p->camera[i] == id)
			return i;
	return -1;
}

/* A new minute: hours change at whole quarters of UTC everywhere, so most need no calendar. */
static void begin_minute(struct pass *p, int64_t start_us)
{
	const int64_t quarter = 15 * CLOCK_MINUTE_US;
	int day, hour;

	if (start_us == p->start_us)
		return;
	if (p->start_us == CLOCK_NONE || start_us / quarter != p->start_us / quarter)
		p->k = hours_slot(p->h, start_us, &day, &hour) ? day * TRIAL_HOURS + hour : -1;
	p->start_us = start_us;
	memset(p->cover_s, 0, (size_t)p->n_camera * sizeof(*p->cover_s));
}

static int on_cover(void *arg, const struct minute_cover *m)
{
	struct pass *p = arg;
	int i = camera_index(p, m->camera);

	begin_minute(p, m->start_us);
	if (i >= 0)
		p->cover_s[i] += m->observed_s;
	return 0;
}

/* The hour of a place in this minute, with the minute's time put to it once. */
static struct hour *hour_of(struct pass *p, int place, int64_t start_us, bool new_row)
{
	for (int n = 0; n < p->h->n_place; n++) {
		int i = (p->last_place + n) % p->h->n_place;
		struct hours_place *at = &p->h->place[i];
		int camera;

		if (at->place.id != place)
			continue;
		p->last_place = i;
		camera = camera_index(p, at->place.camera);
		if (p->k < 0 || camera < 0 || start_us != p->start_us)
			return NULL;
		if (new_row)
			at->hour[p->k].observed_s += p->cover_s[camera];
		at->watched = true;
		return &at->hour[p->k];
	}
	return NULL;
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	struct hour *h = hour_of(arg, m->place, m->start_us, true);

	(void)params_id;
	if (h) {
		h->in += m->persons_in;
		h->out += m->persons_out;
	}
	return 0;
}

static int on_zone(void *arg, const struct minute_zone *m, const char *params_id)
{
	struct pass *p = arg;
	/* More than MINUTE_DWELLS visits come as further calls for the same minute. */
	bool again = p->h->n_place && p->h->place[p->last_place].place.id == m->place &&
		     m->n_dwell > 0 && m->begun == 0 && m->ended == 0;
	struct hour *h = hour_of(p, m->place, m->start_us, !again);

	(void)params_id;
	if (!h)
		return 0;
	h->begun += m->begun;
	h->ended += m->ended;
	h->person_s += m->person_s;
	for (int i = 0; i < m->n_dwell && i < MINUTE_DWELLS; i++)
		h->dwell_s += (double)m->dwell_s[i];
	return 0;
}

static int add_places(struct hours *h, struct pass *p, struct query *q, struct err *err)
{
	const struct query_camera *camera;
	const struct query_place *place;
	int n_camera = query_cameras(q, &camera, err), n;

	if (n_camera < 0)
		return n_camera;
	p->camera = xcalloc((size_t)n_camera + 1, sizeof(*p->camera));
	p->cover_s = xcalloc((size_t)n_camera + 1, sizeof(*p->cover_s));
	for (p->n_camera = 0; p->n_camera < n_camera; p->n_camera++)
		p->camera[p->n_camera] = camera[p->n_camera].id;
	if ((n = query_places(q, &place, err)) < 0)
		return n;
	h->place = xcalloc((size_t)n + 1, sizeof(*h->place));
	for (; h->n_place < n; h->n_place++) {
		struct hours_place *at = &h->place[h->n_place];
		int c = camera_index(p, place[h->n_place].camera);

		at->place = place[h->n_place];
		if (c >= 0)
			str_copy(at->camera, sizeof(at->camera), camera[c].name);
		at->hour = xcalloc((size_t)h->n_day * TRIAL_HOURS, sizeof(*at->hour));
	}
	return 0;
}

static int lay_days(struct hours *h, struct err *err)
{
	char date[11];
	int64_t to_us;
	int rc, day, hour;

	h->from_us = xcalloc((size_t)h->n_day + 1, sizeof(*h->from_us));
	h->length_s = xcalloc((size_t)h->n_day * TRIAL_HOURS, sizeof(*h->length_s));
	for (int i = 0; i < h->n_day; i++) {
		rc = clock_day(clock_date_text(h->first + i, date),
			       h->store.business_day_start_s, &h->from_us[i], &to_us, err);
		if (rc < 0)
			return rc;
		h->from_us[i + 1] = to_us;
	}
	for (int64_t t = h->from_us[0]; t < h->from_us[h->n_day]; t += 15 * CLOCK_MINUTE_US)
		if (hours_slot(h, t, &day, &hour))
			h->length_s[day * TRIAL_HOURS + hour] += 900;
	return 0;
}

static int read_all(struct hours *h, struct query *q, struct err *err)
{
	struct pass p = { .h = h, .start_us = CLOCK_NONE, .k = -1 };
	const struct query_minutes fn = {
		.cover = on_cover, .line = on_line, .zone = on_zone, .arg = &p
	};
	int rc;

	if ((rc = query_store(q, &h->store, err)) < 0 ||
	    (rc = clock_set_zone(h->store.zone, err)) < 0 || (rc = lay_days(h, err)) < 0 ||
	    (rc = add_places(h, &p, q, err)) < 0)
		goto out;
	rc = query_minutes(q, h->from_us[0], h->from_us[h->n_day], &fn, err);
out:
	free(p.camera);
	free(p.cover_s);
	return rc < 0 ? rc : 0;
}

int hours_read(struct hours *h, struct query *q, int first, int n_day, struct err *err)
{
	struct hours made = { .first = first, .n_day = n_day };
	int rc = read_all(&made, q, err);

	if (rc < 0) {
		hours_clear(&made);
		return rc;
	}
	*h = made;
	return 0;
}

void hours_clear(struct hours *h)
{
	for (int i = 0; i < h->n_place; i++)
		free(h->place[i].hour);
	free(h->place);
	free(h->from_us);
	free(h->length_s);
	*h = (struct hours){ 0 };
}

int hours_span(struct query *q, int *first, int *last, struct err *err)
{
	struct store_info store;
	int64_t from_us, to_us;
	char date[11];
	int rc;

	if ((rc = query_store(q, &store, err)) < 0 ||
	    (rc = clock_set_zone(store.zone, err)) < 0 ||
	    (rc = query_span(q, &from_us, &to_us, err)) < 0)
		return rc;
	if (from_us == CLOCK_NONE)
		return err_set(err, ERR_STATE, "nothing was observed yet: there is no day");
	*first = excluded_day(clock_day_of(from_us, store.business_day_start_s, date));
	*last = excluded_day(clock_day_of(to_us > from_us ? to_us - 1 : to_us,
					  store.business_day_start_s, date));
	return 0;
}

/* ---- Measures ---- */

/* What is summed over which places. */
enum part {
	PART_NONE,
	PART_IN,
	PART_OUT,
	PART_BOTH,
	PART_BEGUN,
	PART_ENDED,
	PART_DWELL,
	PART_PERSON
};

static double part_of(const struct hour *h, enum part part)
{
	switch (part) {
	case PART_NONE:
		break;
	case PART_IN:
		return h->in;
	case PART_OUT:
		return h->out;
	case PART_BOTH:
		return h->in + h->out;
	case PART_BEGUN:
		return h->begun;
	case PART_ENDED:
		return h->ended;
	case PART_DWELL:
		return h->dwell_s;
	case PART_PERSON:
		return h->person_s;
	}
	return 0;
}

/* Adds a place's part to sum (may be NULL); what is observed is at most what it was. */
static void add_place(const struct hours *h, const struct hours_place *p, enum part part,
		      double *sum, double *observed_s)
{
	for (int k = 0; k < h->n_day * TRIAL_HOURS; k++) {
		if (sum)
			sum[k] += part_of(&p->hour[k], part);
		observed_s[k] = fmin(observed_s[k], p->hour[k].observed_s);
	}
}

/* All lines of a role. */
static int add_role(const struct hours *h, enum line_role role, enum part part, double *sum,
		    double *observed_s, struct err *err)
{
	int n = 0;

	for (int i = 0; i < h->n_place; i++) {
		const struct hours_place *p = &h->place[i];

		if (p->place.info.kind != PLACE_LINE || p->place.info.role != (int)role ||
		    !p->watched)
			continue;
		add_place(h, p, part, sum, observed_s);
		n++;
	}
	if (!n)
		return err_set(err, ERR_STATE, "no %s line was watched in these days",
			       role == LINE_ENTRY ? "entry" : "outside");
	return 0;
}

static int no_place(const struct hours *h, const struct measure_of *m, enum place_kind kind,
		    int found, struct err *err)
{
	struct str s = STR_INIT;

	for (int i = 0; i < h->n_place; i++)
		if (h->place[i].place.info.kind == kind)
			str_addf(&s, "%s'%s/%s'", *s.s ? ", " : "", h->place[i].camera,
				 h->place[i].place.info.name);
	err_set(err, ERR_STATE, "%s %s is called '%s%s%s'; there %s %.300s",
		found ? "more than one" : "no", kind == PLACE_LINE ? "line" : "zone", m->camera,
		*m->camera ? "/" : "", m->place, *s.s ? "are" : "is", *s.s ? s.s : "none");
	str_clear(&s);
	return ERR_STATE;
}

static int find_place(const struct hours *h, const struct measure_of *m, enum place_kind kind,
		      const struct hours_place **p, struct err *err)
{
	int found = 0;

	for (int i = 0; i < h->n_place; i++) {
		const struct hours_place *at = &h->place[i];

		if (at->place.info.kind != kind || strcmp(at->place.info.name, m->place) != 0 ||
		    (*m->camera && strcmp(at->camera, m->camera) != 0))
			continue;
		*p = at;
		found++;
	}
	return found == 1 ? 0 : no_place(h, m, kind, found, err);
}

/* What a measure is made of: a place or role above, a place, a role or time below. */
static const struct {
	enum part num;
	enum place_kind place;
	enum line_role role;
	enum part den;
	enum line_role den_role;
} made_of[] = {
	[MEASURE_NOTHING] = { PART_NONE, PLACE_NONE, LINE_INNER, PART_NONE, LINE_INNER },
	[MEASURE_ENTRIES] = { PART_IN, PLACE_NONE, LINE_ENTRY, PART_NONE, LINE_INNER },
	[MEASURE_PASSERS] = { PART_BOTH, PLACE_NONE, LINE_OUTSIDE, PART_NONE, LINE_INNER },
	[MEASURE_CAPTURE] = { PART_IN, PLACE_NONE, LINE_ENTRY, PART_BOTH, LINE_OUTSIDE },
	[MEASURE_IN] = { PART_IN, PLACE_LINE, LINE_INNER, PART_NONE, LINE_INNER },
	[MEASURE_OUT] = { PART_OUT, PLACE_LINE, LINE_INNER, PART_NONE, LINE_INNER },
	[MEASURE_VISITS] = { PART_BEGUN, PLACE_ZONE, LINE_INNER, PART_NONE, LINE_INNER },
	[MEASURE_VISIT_RATE] = { PART_BEGUN, PLACE_ZONE, LINE_INNER, PART_IN, LINE_ENTRY },
	[MEASURE_DWELL] = { PART_DWELL, PLACE_ZONE, LINE_INNER, PART_ENDED, LINE_INNER },
	[MEASURE_TIME] = { PART_PERSON, PLACE_ZONE, LINE_INNER, PART_IN, LINE_ENTRY },
};

static int measure(const struct hours *h, const struct measure_of *m, struct hours_measure *v,
		   struct err *err)
{
	const struct hours_place *place = NULL;
	int rc;

	if (made_of[m->kind].place)
		rc = find_place(h, m, made_of[m->kind].place, &place, err);
	else
		rc = add_role(h, made_of[m->kind].role, made_of[m->kind].num, v->num,
			      v->observed_s, err);
	if (rc < 0)
		return rc;
	if (place)
		add_place(h, place, made_of[m->kind].num, v->num, v->observed_s);
	if (made_of[m->kind].den_role)
		return add_role(h, made_of[m->kind].den_role, made_of[m->kind].den, v->den,
				v->observed_s, err);
	if (place && made_of[m->kind].den)
		add_place(h, place, made_of[m->kind].den, v->den, v->observed_s);
	return 0;
}

int hours_measure(const struct hours *h, const struct measure_of *m, struct hours_measure *out,
		  struct err *err)
{
	size_t n = (size_t)h->n_day * TRIAL_HOURS;
	struct hours_measure v = { xcalloc(n, sizeof(double)), xcalloc(n, sizeof(double)),
				   xcalloc(n, sizeof(double)) };
	int rc;

	for (size_t k = 0; k < n; k++)
		v.observed_s[k] = HUGE_VAL;
	rc = measure(h, m, &v, err);
	if (rc < 0) {
		hours_measure_clear(&v);
		return rc;
	}
	for (size_t k = 0; k < n; k++) {
		if (m->kind == MEASURE_CAPTURE)
			v.den[k] += v.num[k];
		else if (measure_is_count(m->kind))
			v.den[k] = v.observed_s[k] / 3600;
	}
	*out = v;
	return 0;
}

void hours_measure_clear(struct hours_measure *m)
{
	free(m->num);
	free(m->den);
	free(m->observed_s);
	*m = (struct hours_measure){ 0 };
}
