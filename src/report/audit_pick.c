/* SPDX-License-Identifier: Apache-2.0 */
/* audit_pick.c -- which windows of time to count by hand: a stratified sample. */
#include "report/audit_pick.h"

#include "base/clock.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct window {
	int64_t start_us;
	double observed_s;
	int64_t traffic; /* both ways, by the machine */
	uint64_t luck;   /* those with the least are drawn */
	int stratum;
};

struct scan {
	const struct audit_pick_opts *o;
	int place, camera;
	VEC(struct window) window; /* in order of time */
};

/* Windows begin at whole multiples of their length of local time since midnight. */
static int64_t window_start(int64_t t_us, int minutes)
{
	struct civil c;
	int64_t since_us;

	clock_local(t_us, &c);
	since_us = (c.hour * 60 + c.minute) % minutes * CLOCK_MINUTE_US +
		   c.second * CLOCK_SECOND_US + c.us;
	return t_us - since_us;
}

static struct window *window_at(struct scan *s, int64_t t_us)
{
	int64_t start_us = window_start(t_us, s->o->minutes);

	if (!s->window.n || s->window.v[s->window.n - 1].start_us != start_us)
		*VEC_PUSH(&s->window) = (struct window){ .start_us = start_us };
	return &s->window.v[s->window.n - 1];
}

static int on_cover(void *arg, const struct minute_cover *m)
{
	struct scan *s = arg;

	if (m->camera == s->camera)
		window_at(s, m->start_us)->observed_s += m->observed_s;
	return 0;
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	struct scan *s = arg;

	(void)params_id;
	if (m->place == s->place)
		window_at(s, m->start_us)->traffic += m->crossings_in + m->crossings_out;
	return 0;
}

/* Of the windows [from, to) of one day, those between its first and its last person that were
 * observed go to the end of the array's kept part. */
static void keep_day(struct scan *s, size_t from, size_t to, size_t *kept)
{
	int64_t length_us = s->o->minutes * CLOCK_MINUTE_US;

	while (from < to && s->window.v[from].traffic == 0)
		from++;
	while (from < to && s->window.v[to - 1].traffic == 0)
		to--;
	for (; from < to; from++) {
		const struct window w = s->window.v[from];

		if (w.observed_s >= AUDIT_OBSERVED * s->o->minutes * 60 &&
		    w.start_us >= s->o->from_us && w.start_us + length_us <= s->o->to_us)
			s->window.v[(*kept)++] = w;
	}
}

static void keep_samples(struct scan *s, int day_start_s)
{
	size_t kept = 0;

	for (size_t from = 0, to; from < s->window.n; from = to) {
		char day[16], other[16];

		clock_day_of(s->window.v[from].start_us, day_start_s, day);
		for (to = from + 1; to < s->window.n; to++)
			if (strcmp(clock_day_of(s->window.v[to].start_us, day_start_s, other),
				   day) != 0)
				break;
		keep_day(s, from, to, &kept);
	}
	s->window.n = kept;
}

static int by_traffic(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	if (x->traffic != y->traffic)
		return x->traffic < y->traffic ? -1 : 1;
	return (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

static int by_luck(const void *a, const void *b)
{
	const struct window *x = a, *y = b;

	if (x->stratum != y->stratum)
		return x->stratum - y->stratum;
	return (x->luck > y->luck) - (x->luck < y->luck);
}

static int by_start(const void *a, const void *b)
{
	const struct audit_row *x = a, *y = b;

	return (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

/* An error's standard deviation, but for a factor: one person more than counted, as one who was
 * not counted at all is an error, too. */
static double sigma(const struct window *w)
{
	return sqrt((double)w->traffic + 1);
}

/* Cuts the windows, ordered by traffic, where the sums of sigma are alike. */
static void stratify(struct window *v, size_t n)
{
	double all = 0, below = 0;

	for (size_t i = 0; i < n; i++)
		all += sigma(&v[i]);
	for (size_t i = 0; i < n; i++) {
		double middle = below + sigma(&v[i]) / 2;

		v[i].stratum = 1 + (int)(middle / all * AUDIT_STRATA);
		below += sigma(&v[i]);
	}
}

/* How many of the strata's n[k] windows are drawn: alike, as far as there are so many. */
static void allocate(const int n[AUDIT_STRATA], int samples, int drawn[AUDIT_STRATA])
{
	int left = samples;

	memset(drawn, 0, AUDIT_STRATA * sizeof(*drawn));
	for (bool any = true; any && left > 0;) {
		any = false;
		/* The busy ones first: what is left over goes to them. */
		for (int k = AUDIT_STRATA - 1; k >= 0 && left > 0; k--)
			if (drawn[k] < n[k]) {
				drawn[k]++;
				left--;
				any = true;
			}
	}
}

static void draw(struct audit_rows *r, struct scan *s, const struct audit_row *like)
{
	int n[AUDIT_STRATA] = { 0 }, drawn[AUDIT_STRATA], taken[AUDIT_STRATA] = { 0 };
	size_t had = r->n;

	qsort(s->window.v, s->window.n, sizeof(*s->window.v), by_traffic);
	stratify(s->window.v, s->window.n);
	for (size_t i = 0; i < s->window.n; i++)
		n[s->window.v[i].stratum - 1]++;
	allocate(n, s->o->samples, drawn);
	qsort(s->window.v, s->window.n, sizeof(*s->window.v), by_luck);
	for (size_t i = 0; i < s->window.n; i++) {
		const struct window *w = &s->window.v[i];
		struct audit_row row = *like;
		int k = w->stratum - 1;

		if (taken[k]++ >= drawn[k])
			continue;
		row.start_us = w->start_us;
		row.stratum = w->stratum;
		row.weight = (double)n[k] / drawn[k];
		*VEC_PUSH(r) = row;
	}
	qsort(r->v + had, r->n - had, sizeof(*r->v), by_start);
}

static int read_windows(struct scan *s, struct query *q, const char *name, struct err *err)
{
	struct query_minutes fn = { .cover = on_cover, .line = on_line, .arg = s };
	uint64_t seed = rng_hash(s->o->seed, str_hash(STR_HASH_INIT, name, strlen(name)));
	struct store_info store;
	int rc = query_store(q, &store, err);

	if (rc >= 0)
		rc = query_minutes(q, s->o->from_us, s->o->to_us, &fn, err);
	if (rc < 0)
		return rc;
	keep_samples(s, store.business_day_start_s);
	for (size_t i = 0; i < s->window.n; i++)
		s->window.v[i].luck = rng_hash(seed, (uint64_t)s->window.v[i].start_us);
	if (!s->window.n)
		return err_set(err, ERR_STATE,
			       "line '%s': no %d minutes in that time were observed and have "
			       "anybody in them",
			       name, s->o->minutes);
	return 0;
}

int audit_pick(struct audit_rows *r, struct query *q, const struct query_place *line,
	       const struct audit_pick_opts *o, struct err *err)
{
	struct scan s = { .o = o, .place = line->id, .camera = line->camera };
	struct audit_row like = { .minutes = o->minutes,
				  .in = AUDIT_NOT_COUNTED,
				  .out = AUDIT_NOT_COUNTED,
				  .place = line->id,
				  .camera_id = line->camera };
	const struct query_camera *cameras;
	int n = query_cameras(q, &cameras, err);
	int rc = n < 0 ? n : read_windows(&s, q, line->info.name, err);

	if (rc >= 0) {
		str_copy(like.line, sizeof(like.line), line->info.name);
		for (int i = 0; i < n; i++)
			if (cameras[i].id == line->camera)
				str_copy(like.camera, sizeof(like.camera), cameras[i].name);
		draw(r, &s, &like);
	}
	VEC_FREE(&s.window);
	return rc < 0 ? rc : 0;
}
