/* SPDX-License-Identifier: Apache-2.0 */
/* text.c -- a day as a small table for a terminal. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/words.h"

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

static void add_places(struct str *out, const struct day *d, bool lines)
{
	bool any = false;

	for (int i = 0; i < d->n_place; i++) {
		if ((d->place[i].line != NULL) != lines)
			continue;
		if (!any && lines) {
			add_heading(out, "Line");
			str_addf(out, "%11s%12s%10s%10s%8s%13s\n", "walked in", "walked out",
				 "cross in", "cross out", "U-turns", "observed");
		} else if (!any) {
			add_heading(out, "Zone");
			str_addf(out, "%8s%14s%14s%9s%6s%13s\n", "visits", "dwell p50",
				 "dwell p90", "mean", "max", "observed");
		}
		any = true;
		if (lines)
			add_line(out, d, &d->place[i]);
		else
			add_zone(out, d, &d->place[i]);
	}
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
	add_places(out, d, true);
	add_audits(out, d);
	add_places(out, d, false);
	if (d->n_place == 0)
		str_add(out, "\n  No lines or zones: draw them in a plan and replay with "
			     "--plan.\n");
	add_cameras(out, d);
	return 0;
}
