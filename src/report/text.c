/* SPDX-License-Identifier: Apache-2.0 */
/* text.c -- a day as a small table for a terminal. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/metric.h"
#include "report/words.h"

#include <math.h>
#include <string.h>

#define NAME_COLUMNS 30

/* Appends cell, padded on the left, and empties it. */
static void add_right(struct str *out, struct str *cell, int width)
{
	str_addf(out, "%*s", width, cell->s);
	str_clear(cell);
}

static void add_count(struct str *out, double observed_s, int n, int width)
{
	struct str cell = STR_INIT;

	if (observed_s > 0)
		words_count(&cell, n);
	else
		str_add(&cell, "-");
	add_right(out, &cell, width);
}

static void add_duration(struct str *out, bool known, double s, int width)
{
	struct str cell = STR_INIT;

	if (known)
		words_duration(&cell, s);
	else
		str_add(&cell, "-");
	add_right(out, &cell, width);
}

/* Two cameras may have a place of one name each. */
static void add_name(struct str *out, const struct day *d, const struct day_place *p)
{
	struct str name = STR_INIT;

	str_add(&name, p->place.info.name);
	if (d->n_camera > 1)
		str_addf(&name, " (%s)", d->camera[p->camera].camera.name);
	str_add(out, "  ");
	words_column(out, name.s, NAME_COLUMNS);
	str_clear(&name);
}

static void add_line(struct str *out, const struct day *d, const struct day_place *p)
{
	const struct day_line *t = &p->line_total;
	double s = t->observed_s;

	add_name(out, d, p);
	add_count(out, s, day_passages(t, true), 11);
	add_count(out, s, day_passages(t, false), 12);
	add_count(out, s, t->crossings_in, 10);
	add_count(out, s, t->crossings_out, 10);
	add_count(out, s, t->uturns, 8);
	add_duration(out, true, s, 13);
	str_add(out, "\n");
}

static void add_zone(struct str *out, const struct day *d, const struct day_place *p)
{
	const struct day_zone *t = &p->zone_total;
	double s = t->observed_s;
	struct str cell = STR_INIT;

	add_name(out, d, p);
	add_count(out, s, t->begun, 8);
	add_duration(out, s > 0 && t->n_dwell, t->dwell_p50_s, 14);
	add_duration(out, s > 0 && t->n_dwell, t->dwell_p90_s, 14);
	if (s > 0)
		str_addf(&cell, "%.2f", t->mean);
	else
		str_add(&cell, "-");
	add_right(out, &cell, 9);
	add_count(out, s, t->max, 6);
	add_duration(out, true, s, 13);
	str_add(out, "\n");
}

static void add_heading(struct str *out, const char *what)
{
	str_add(out, "\n  ");
	words_column(out, what, NAME_COLUMNS);
}

/* A table of places: its heading, its columns, and how a row is written. */
struct places {
	enum place_kind kind;
	const char *heading, *columns;
	void (*add)(struct str *out, const struct day *d, const struct day_place *p);
};

static void add_places(struct str *out, const struct day *d, const struct places *t)
{
	bool any = false;

	for (int i = 0; i < d->n_place; i++) {
		if (d->place[i].place.info.kind != t->kind)
			continue;
		if (!any)
			add_heading(out, t->heading);
		str_add(out, any ? "" : t->columns);
		any = true;
		t->add(out, d, &d->place[i]);
	}
}

/* The metrics called names, of the measures of a place, each width columns wide. */
static void add_metrics(struct str *out, const struct day_place *p, const char *const *names,
			int width)
{
	int n;
	const struct metric *m = metric_table(metric_of_place(&p->place.info), &n);

	for (; *names; names++)
		for (int i = 0; i < n; i++) {
			struct str cell = STR_INIT;
			double v;

			if (strcmp(m[i].name, *names) != 0)
				continue;
			if (!metric_value(&m[i], &p->tally.total, &v))
				str_add(&cell, "-");
			else if (strcmp(m[i].unit, "seconds") == 0)
				words_duration(&cell, v);
			else if (strcmp(m[i].unit, "share") == 0)
				words_percent(&cell, v, 1);
			else if (m[i].decimals)
				str_addf(&cell, "%.2f", v);
			else
				words_count(&cell, (int64_t)v);
			add_right(out, &cell, width);
		}
}

static void add_measured(struct str *out, const struct day_place *p)
{
	add_duration(out, true, p->tally.total.observed_s, 13);
	str_add(out, "\n");
}

static void add_funnel(struct str *out, const struct day *d, const struct day_place *p)
{
	static const char *const names[] = { "exposed", "stopped", "engaged", NULL };

	add_name(out, d, p);
	add_metrics(out, p, names, 10);
	add_measured(out, p);
}

static void add_gate(struct str *out, const struct day *d, const struct day_place *p)
{
	static const char *const names[] = { "gate_in", "gate_out", "gate_turned", NULL };

	add_name(out, d, p);
	add_metrics(out, p, names, 10);
	add_measured(out, p);
}

static void add_queue(struct str *out, const struct day *d, const struct day_place *p)
{
	static const char *const counts[] = { "queue_joined", "queue_length_max", NULL };
	static const char *const waits[] = { "queue_wait_p50", "queue_wait_p90", NULL };
	static const char *const share[] = { "abandonment_share", NULL };

	add_name(out, d, p);
	add_metrics(out, p, counts, 8);
	add_metrics(out, p, waits, 14);
	add_metrics(out, p, share, 6);
	add_measured(out, p);
}

static void add_fixture(struct str *out, const struct day *d, const struct day_place *p)
{
	static const char *const counts[] = { "stops", "stopped_facing", NULL };
	static const char *const times[] = { "stopped_facing_left_p50",
					     "stopped_facing_right_p50", NULL };

	add_name(out, d, p);
	add_metrics(out, p, counts, 8);
	add_metrics(out, p, times, 13);
	add_measured(out, p);
}

static const struct places tables[] = {
	{ PLACE_LINE, "Line",
	  "  walked in  walked out  cross in cross out U-turns     observed\n", add_line },
	{ PLACE_ZONE, "Zone",
	  "  visits     dwell p50     dwell p90     mean   max     observed\n", add_zone },
	{ PLACE_ZONE, "Zone: who stayed", "   exposed   stopped   engaged     observed\n",
	  add_funnel },
	{ PLACE_GATE, "Gate", "        in       out    turned     observed\n", add_gate },
	{ PLACE_QUEUE, "Queue",
	  "  joined longest      wait p50      wait p90  left     observed\n", add_queue },
	{ PLACE_FIXTURE, "Fixture", "   stops  facing     p50 left    p50 right     observed\n",
	  add_fixture },
};

/* Who came in of those who passed. */
static void add_street(struct str *out, const struct day *d)
{
	const struct day_street *t = &d->street_total;

	if (!d->street || t->observed_s <= 0 || !t->outside)
		return;
	str_add(out, "\n  Entered ");
	words_count(out, t->entered);
	str_add(out, ", passed by ");
	words_count(out, t->passed_by);
	str_add(out, ": capture rate ");
	words_percent(out, t->entered, t->entered + t->passed_by);
	str_add(out, " (observed ");
	words_duration(out, t->observed_s);
	str_add(out, ")\n");
}

static void add_withheld(struct str *out, const struct day *d)
{
	int n = 0;

	for (int i = 0; i < d->journeys.n; i++)
		n += d->journeys.v[i].n_hidden;
	if (n)
		str_addf(out,
			 "\n  Of people's ways %d cell%s withheld: fewer than %d people, or "
			 "enough to work\n  such a cell out.\n",
			 n, n == 1 ? " is" : "s are", d->journeys.k);
}

/* ", so 640 to 661 of 650 crossings". */
static void add_range(struct str *out, const struct day *d, const struct day_place *p, bool in)
{
	const struct day_line *t = &p->line_total;
	int n = in ? t->crossings_in : t->crossings_out;
	double lo, hi;

	if (t->observed_s <= 0 ||
	    !audit_interval(&d->audits, p->place.id, in, d->to_us - 1, n, &lo, &hi))
		return;
	str_add(out, "; of ");
	words_count(out, n);
	str_add(out, " crossings, ");
	words_count(out, (int64_t)floor(lo));
	str_add(out, " to ");
	words_count(out, (int64_t)ceil(hi));
	str_add(out, " (95 %)");
}

/* What the last audits say of the lines' counts. */
static void add_audits(struct str *out, const struct day *d)
{
	bool any = false;

	for (int i = 0; i < d->n_place; i++)
		for (int in = 1; in >= 0 && d->place[i].line; in--) {
			const struct audit *a =
				audits_at(&d->audits, d->place[i].place.id, in, d->to_us - 1);

			if (!a)
				continue;
			str_add(out, any ? "" : "\n");
			any = true;
			str_addf(out, "  Audit of %s, %s: ", d->place[i].place.info.name,
				 in ? "in" : "out");
			audit_words(out, a);
			add_range(out, d, &d->place[i], in);
			str_add(out, "\n");
		}
}

static void add_cameras(struct str *out, const struct day *d)
{
	add_heading(out, "Camera");
	str_addf(out, "%13s%12s%22s\n", "observed", "of the day", "people in view (mean)");
	for (int i = 0; i < d->n_camera; i++) {
		const struct day_camera *c = &d->camera[i];
		struct str cell = STR_INIT;

		str_add(out, "  ");
		words_column(out, c->camera.name, NAME_COLUMNS);
		add_duration(out, true, c->observed_total_s, 13);
		words_percent(&cell, c->observed_total_s,
			      (double)(d->to_us - d->from_us) / 1e6);
		add_right(out, &cell, 12);
		if (c->observed_total_s > 0)
			str_addf(out, "%22.2f\n", c->view_total.mean);
		else
			str_addf(out, "%22s\n", "-");
	}
}

int day_text(const struct day *d, struct str *out)
{
	struct str name = STR_INIT;

	words_column(&name, d->store.name, 44);
	while (name.len && name.s[name.len - 1] == ' ')
		name.s[--name.len] = '\0';
	str_addf(out, "%s, ", name.s);
	words_day(out, d->from_us);
	if (d->n_date > 1) {
		str_add(out, " to ");
		words_day(out, d->dates[d->n_date - 1].from_us);
	}
	str_addf(out, " (%s)\n", d->store.zone);
	str_clear(&name);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		add_places(out, d, &tables[i]);
		if (tables[i].kind == PLACE_LINE) {
			add_street(out, d);
			add_audits(out, d);
		}
	}
	add_withheld(out, d);
	if (d->n_place == 0)
		str_add(out, "\n  No lines or zones: draw them in a plan and replay with "
			     "--plan.\n");
	add_cameras(out, d);
	return 0;
}
