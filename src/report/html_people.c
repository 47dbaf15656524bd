/* SPDX-License-Identifier: Apache-2.0 */
/* html_people.c -- the page's tables of measures: who came, where they stopped. */
#include "report/page.h"
#include "report/words.h"

#include <string.h>

/* A table of places of a kind; columns are metrics of theirs (metric_measure.c). */
struct listing {
	const char *caption, *first;
	enum place_kind kind;
	bool one_role; /* of lines: those of a role only */
	int role;
	struct {
		const char *head, *metric;
	} column[14];
};

static bool is_listed(const struct listing *l, const struct day_place *p)
{
	return p->place.info.kind == l->kind && (!l->one_role || p->place.info.role == l->role);
}

static bool any_listed(const struct page *p, const struct listing *l)
{
	for (int i = 0; i < p->d->n_place; i++)
		if (is_listed(l, &p->d->place[i]))
			return true;
	return false;
}

static const struct metric *find_metric(const struct day_place *p, const char *name)
{
	int n;
	const struct metric *m = metric_table(metric_of_place(&p->place.info), &n);

	for (int i = 0; i < n; i++)
		if (strcmp(m[i].name, name) == 0)
			return &m[i];
	return m;
}

/* "left: window side", where the plan has words of its own. */
static void add_sides(struct str *out, const struct place_info *info)
{
	if (info->kind != PLACE_FIXTURE ||
	    (strcmp(info->in_label, "left") == 0 && strcmp(info->out_label, "right") == 0))
		return;
	str_addf(out, "left: %s; right: %s", info->in_label, info->out_label);
}

static void add_row(struct page *p, const struct listing *l, const struct day_place *place)
{
	const struct tally_row *row = &place->tally.total;
	struct str below = STR_INIT;

	add_sides(&below, &place->place.info);
	if (!below.len && p->d->n_camera > 1)
		str_add(&below, p->d->camera[place->camera].camera.name);
	page_row_head(p, place->place.info.name, below.s);
	for (int k = 0; l->column[k].head; k++)
		page_cell_metric(p, find_metric(place, l->column[k].metric), row);
	page_cell_observed(p, row->observed_s);
	str_add(p->out, "</tr>\n");
	str_clear(&below);
}

static void add_listing(struct page *p, const struct listing *l)
{
	const char *heads[16] = { l->first };
	int n = 1;

	if (!any_listed(p, l))
		return;
	for (int k = 0; l->column[k].head; k++)
		heads[n++] = l->column[k].head;
	heads[n++] = "observed";
	page_table_head(p, l->caption, heads, n);
	for (int i = 0; i < p->d->n_place; i++)
		if (is_listed(l, &p->d->place[i]))
			add_row(p, l, &p->d->place[i]);
	str_add(p->out, "</tbody></table></div>\n");
}

/* ---- Who came ---- */

static const struct listing entries = { "People and parties that came in",
					"Entry",
					PLACE_LINE,
					true,
					LINE_ENTRY,
					{ { "persons", "entered" },
					  { "parties", "groups" },
					  { "mean size", "group_size_mean" },
					  { "of 1", "groups_1" },
					  { "of 2", "groups_2" },
					  { "of 3", "groups_3" },
					  { "of 4", "groups_4" },
					  { "of 5 or more", "groups_5_or_more" },
					  { "crossings in by shoppers", "shoppers_in" },
					  { "by staff", "staff_in" },
					  { "out by shoppers", "shoppers_out" },
					  { "by staff", "staff_out" } } };
static const struct listing outsides = {
	"Passers-by: who crossed an outside line and did not come in",
	"Line",
	PLACE_LINE,
	true,
	LINE_OUTSIDE,
	{ { "persons", "passed_by" },
	  { "one way", "passed_by_in" },
	  { "the other way", "passed_by_out" } }
};
static const struct listing gates = { "Gates: two lines in their order",
				      "Gate",
				      PLACE_GATE,
				      false,
				      0,
				      { { "in", "gate_in" },
					{ "out", "gate_out" },
					{ "turned back", "gate_turned" },
					{ "from outside", "gate_turned_outside" },
					{ "from inside", "gate_turned_inside" } } };

static void add_street(struct page *p)
{
	const struct day_street *t = &p->d->street_total;

	if (!p->d->street || !t->outside || t->observed_s <= 0)
		return;
	str_add(p->out, "Of ");
	words_count(p->out, (int64_t)t->entered + t->passed_by);
	str_add(p->out, " persons who were in front of the store, ");
	words_count(p->out, t->entered);
	str_add(p->out, " came in: a capture rate of ");
	page_percent(p->out, t->entered, (double)t->entered + t->passed_by);
	if (t->passed_by > 0)
		str_addf(p->out, ", or %.2f for each who passed by (turn-in ratio)",
			 (double)t->entered / t->passed_by);
	str_add(p->out, "; observed ");
	words_duration(p->out, t->observed_s);
	str_add(p->out, ". ");
}

static void add_staff(struct page *p)
{
	int64_t staff = 0;
	double s = 0;

	for (int i = 0; i < p->d->n_camera; i++) {
		staff += tally_sum(&p->d->camera[i].tally.total, MEASURE_STAFF);
		s = p->d->camera[i].tally.total.observed_s > s
			    ? p->d->camera[i].tally.total.observed_s
			    : s;
	}
	if (s <= 0)
		return;
	words_count(p->out, staff);
	str_addf(
		p->out,
		" %s out to be staff by rule (from a staff door, behind a counter, or there for "
		"hours); they stay in all figures that do not say otherwise.",
		staff == 1 ? "person turned" : "persons turned");
}

void page_people(struct page *p)
{
	static const struct listing *const lists[] = { &entries, &outsides, &gates };
	bool any = false;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		any |= any_listed(p, lists[i]);
	if (!any)
		return;
	str_add(p->out, "<section aria-labelledby=\"people\"><h2 id=\"people\">Who came</h2>\n"
			"<p class=\"lead\">");
	add_street(p);
	add_staff(p);
	str_add(p->out, "</p>\n<div class=\"grid one\">");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		add_listing(p, lists[i]);
	str_add(p->out, "</div></section>\n");
}

/* ---- Where they stopped ---- */

static const struct listing fixtures = { "Fixtures: who stopped at them, and for how long",
					 "Fixture",
					 PLACE_FIXTURE,
					 false,
					 0,
					 { { "stops", "stops" },
					   { "left", "stops_left" },
					   { "right", "stops_right" },
					   { "facing it", "stopped_facing" },
					   { "left", "stopped_facing_left" },
					   { "median", "stopped_facing_left_p50" },
					   { "90th perc.", "stopped_facing_left_p90" },
					   { "right", "stopped_facing_right" },
					   { "median", "stopped_facing_right_p50" },
					   { "90th perc.", "stopped_facing_right_p90" } } };

static void add_bars(struct page *p, const struct tally_row *row)
{
	static const enum measure steps[] = { MEASURE_EXPOSED, MEASURE_STOPPED,
					      MEASURE_ENGAGED };
	double all = (double)tally_sum(row, MEASURE_EXPOSED);

	str_add(p->out, "<td class=\"funnel\" aria-hidden=\"true\">");
	for (int i = 0; i < 3 && all > 0; i++)
		str_addf(p->out, "<i style=\"--v:%.3f\"></i>",
			 (double)tally_sum(row, (int)steps[i]) / all);
	str_add(p->out, "</td>");
}

static void add_funnel(struct page *p)
{
	static const char *const heads[] = { "Zone",       "exposed",      "",
					     "stopped",    "of exposed",   "engaged",
					     "of exposed", "staff visits", "observed" };
	static const char *const names[] = { "stopped", "stopped_share", "engaged",
					     "engaged_share", "staff_visits" };

	page_table_head(p, "Who was near, who stopped, who stayed", heads, 9);
	for (int i = 0; i < p->d->n_place; i++) {
		const struct day_place *z = &p->d->place[i];

		if (!z->zone)
			continue;
		page_row_head(p, z->place.info.name, p->d->camera[z->camera].camera.name);
		page_cell_metric(p, find_metric(z, "exposed"), &z->tally.total);
		add_bars(p, &z->tally.total);
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			page_cell_metric(p, find_metric(z, names[k]), &z->tally.total);
		page_cell_observed(p, z->tally.total.observed_s);
		str_add(p->out, "</tr>\n");
	}
	str_add(p->out, "</tbody></table></div>\n");
}

void page_stays(struct page *p)
{
	if (!p->n_zones && !any_listed(p, &fixtures))
		return;
	str_add(p->out,
		"<section aria-labelledby=\"stays\"><h2 id=\"stays\">Where they stopped</h2>\n"
		"<p class=\"lead\">Exposed: came within 1.5 m. Stopped: slower than 0.3 m/s for "
		"2 s. Engaged: stopped, and in the zone for at least as long as its threshold. A "
		"fixture is faced by who stops for 4 s and stands and came as somebody does who "
		"looks at it; never by a face.</p>\n<div class=\"grid one\">");
	if (p->n_zones)
		add_funnel(p);
	add_listing(p, &fixtures);
	str_add(p->out, "</div></section>\n");
}
