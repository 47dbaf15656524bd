/* SPDX-License-Identifier: Apache-2.0 */
/* json.c -- a day as one document; its form is in report.schema.json. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/metric.h"
#include "store/measure.h"

#include <string.h>

static void add_member(struct str *out, const char *key, const char *value)
{
	str_addf(out, "\"%s\": ", key);
	str_add_json(out, value);
}

/* "start_utc": ... "length_s": ..., without braces. */
static void add_span(struct str *out, int64_t from_us, int64_t to_us)
{
	char text[CLOCK_TEXT];

	str_addf(out, "\"start_utc\": \"%s\", ", clock_text_utc(from_us, text));
	str_addf(out, "\"end_utc\": \"%s\", ", clock_text_utc(to_us, text));
	str_addf(out, "\"start_local\": \"%s\", ", clock_text_local(from_us, text));
	str_addf(out, "\"end_local\": \"%s\", ", clock_text_local(to_us, text));
	str_addf(out, "\"length_s\": %lld", (long long)((to_us - from_us) / CLOCK_SECOND_US));
}

/* A comma-separated list as an array of strings. */
static void add_list(struct str *out, const char *list)
{
	str_add(out, "[");
	while (*list) {
		size_t n = strcspn(list, ",");
		char id[32];

		str_copy(id, n + 1 < sizeof(id) ? n + 1 : sizeof(id), list);
		str_add_json(out, id);
		list += n + (list[n] == ',');
		if (*list)
			str_add(out, ", ");
	}
	str_add(out, "]");
}

/* Whose rows: what they have, and how sure they are, depends on it. */
struct audited {
	const struct day *d;
	const struct day_place *place; /* NULL: the store's or a camera's */
};

/* ", "ranges": {"crossings_in": [55, 62], ...}", of a line that was audited. */
static void add_ranges(struct str *out, const struct audited *a, const struct metric *m, int n,
		       const void *row, int64_t to_us)
{
	bool any = false;

	for (int i = 0; i < n; i++) {
		int64_t lo, hi;

		if (!metric_range(&m[i], row, a->d, a->place, to_us, &lo, &hi))
			continue;
		str_addf(out, "%s\"%s\": [%lld, %lld]", any ? ", " : ", \"ranges\": {",
			 m[i].name, (long long)lo, (long long)hi);
		any = true;
	}
	if (any)
		str_add(out, "}");
}

static void add_row(struct str *out, enum metric_of of, const struct audited *a,
		    const void *row, int64_t to_us)
{
	int n;
	const struct metric *m = metric_table(of, &n);

	str_addf(out, "{\"coverage_s\": %.1f", metric_observed_s(row));
	for (int i = 0; i < n; i++) {
		if (!metric_applies(&m[i], a->place ? &a->place->place.info : NULL))
			continue;
		str_addf(out, ", \"%s\": ", m[i].name);
		if (!metric_add(out, &m[i], row))
			str_add(out, "null");
	}
	add_ranges(out, a, m, n, row, to_us);
	str_add(out, "}");
}

/* "total": {...}, "buckets": [...]; the rows, one per bucket, are size bytes apart. */
static void add_rows(struct str *out, enum metric_of of, const struct audited *a,
		     const void *total, const void *rows, size_t size)
{
	const struct day *d = a->d;

	str_add(out, "\"total\": ");
	add_row(out, of, a, total, d->to_us);
	str_add(out, ",\n      \"buckets\": [");
	for (int b = 0; b < d->n_bucket; b++) {
		str_add(out, b ? ",\n        " : "\n        ");
		add_row(out, of, a, (const char *)rows + (size_t)b * size, d->bucket[b].to_us);
	}
	str_add(out, "\n      ]");
}

/* "measures": {...}: of the store's measures; their coverage may be less. */
static void add_measures(struct str *out, enum metric_of of, const struct audited *a,
			 const struct tally *t)
{
	str_add(out, "\"measures\": {");
	add_rows(out, of, a, &t->total, t->row, sizeof(*t->row));
	str_add(out, "}");
}

static void add_units(struct str *out)
{
	static const char *const own[METRIC_OF_END] = {
		[METRIC_LINE_MORE] = "line_measures", [METRIC_ZONE_MORE] = "zone_measures"
	};

	str_add(out, "  \"units\": {");
	for (enum metric_of of = METRIC_STORE; of < METRIC_OF_END; of++) {
		int n;
		const struct metric *m = metric_table(of, &n);

		str_addf(out, "%s\n    \"%s\": {", of > METRIC_STORE ? "," : "",
			 own[of] ? own[of] : metric_kind[of]);
		for (int i = 0; i < n; i++)
			str_addf(out, "%s\"%s\": \"%s\"", i ? ", " : "", m[i].name, m[i].unit);
		str_add(out, "}");
	}
	str_add(out, "\n  },\n");
}

static void add_cameras(struct str *out, const struct day *d)
{
	str_add(out, "  \"cameras\": [");
	for (int i = 0; i < d->n_camera; i++) {
		const struct day_camera *c = &d->camera[i];

		str_add(out, i ? ",\n    {" : "\n    {");
		add_member(out, "name", c->camera.name);
		str_add(out, ",\n      ");
		add_rows(out, METRIC_CAMERA, &(struct audited){ d, NULL }, &c->view_total,
			 c->view, sizeof(*c->view));
		str_add(out, ",\n      ");
		add_measures(out, METRIC_STAFF, &(struct audited){ d, NULL }, &c->tally);
		str_add(out, "\n    }");
	}
	str_add(out, "\n  ],\n");
}

static const char *role_word(enum line_role role)
{
	return role == LINE_ENTRY     ? "entry"
	       : role == LINE_OUTSIDE ? "outside"
	       : role == LINE_STAFF   ? "staff"
				      : "inner";
}

static void add_audit(struct str *out, const struct audit *a)
{
	char text[CLOCK_TEXT];

	str_addf(out, "{\"direction\": \"%s\", \"verdict\": \"%s\", \"margin\": %.4f, ",
		 a->in ? "in" : "out", equiv_verdict_name((enum equiv_verdict)a->verdict),
		 a->margin);
	str_addf(out, "\"more\": %d, \"samples\": %d, \"manual\": %lld, \"machine\": %lld, ",
		 a->more, a->samples, (long long)a->manual, (long long)a->machine);
	str_addf(out, "\"bias\": %.6f, \"lo\": %.6f, \"hi\": %.6f, \"unbalanced\": %.6f, ",
		 a->bias, a->lo, a->hi, a->unbalanced);
	str_addf(out, "\"from_utc\": \"%s\", ", clock_text_utc(a->from_us, text));
	str_addf(out, "\"to_utc\": \"%s\", ", clock_text_utc(a->to_us, text));
	add_member(out, "method", a->method);
	str_add(out, ", ");
	add_member(out, "params_id", a->params_id);
	str_add(out, "}");
}

/* The audits that hold at the end of the days. */
static void add_audits(struct str *out, const struct day *d, const struct day_place *p)
{
	const struct audit *in = audits_at(&d->audits, p->place.id, true, d->to_us - 1);
	const struct audit *away = audits_at(&d->audits, p->place.id, false, d->to_us - 1);

	if (!in && !away)
		return;
	str_add(out, "\"audits\": [");
	if (in)
		add_audit(out, in);
	if (in && away)
		str_add(out, ",\n        ");
	if (away)
		add_audit(out, away);
	str_add(out, "],\n      ");
}

static void add_labels(struct str *out, const struct place_info *info)
{
	add_member(out, "in_label", info->in_label);
	str_add(out, ", ");
	add_member(out, "out_label", info->out_label);
	str_add(out, ",\n      ");
}

static void add_line(struct str *out, const struct day *d, const struct day_place *p)
{
	add_member(out, "role", role_word((enum line_role)p->place.info.role));
	str_add(out, ", ");
	add_labels(out, &p->place.info);
	add_audits(out, d, p);
	add_rows(out, METRIC_LINE, &(struct audited){ d, p }, &p->line_total, p->line,
		 sizeof(*p->line));
	str_add(out, ",\n      ");
}

static void add_zone(struct str *out, const struct day *d, const struct day_place *p)
{
	str_addf(out, "\"engaged_s\": %.1f,\n      ", p->place.info.engaged_s);
	add_rows(out, METRIC_ZONE, &(struct audited){ d, NULL }, &p->zone_total, p->zone,
		 sizeof(*p->zone));
	str_add(out, ",\n      ");
}

static void add_place(struct str *out, const struct day *d, const struct day_place *p)
{
	const struct place_info *info = &p->place.info;

	add_member(out, "name", info->name);
	str_add(out, ", ");
	add_member(out, "camera", d->camera[p->camera].camera.name);
	str_add(out, ", ");
	if (p->line)
		add_line(out, d, p);
	if (p->zone)
		add_zone(out, d, p);
	if (info->kind == PLACE_FIXTURE)
		add_labels(out, info);
	add_measures(out, metric_of_place(info), &(struct audited){ d, p }, &p->tally);
}

static void add_places(struct str *out, const struct day *d, const char *name,
		       enum place_kind kind)
{
	const char *between = "";

	str_addf(out, "  \"%s\": [", name);
	for (int i = 0; i < d->n_place; i++) {
		if (d->place[i].place.info.kind != kind)
			continue;
		str_addf(out, "%s\n    {", between);
		add_place(out, d, &d->place[i]);
		str_add(out, "\n    }");
		between = ",";
	}
	str_add(out, "\n  ],\n");
}

/* ---- Ways ---- */

static void add_way_row(struct str *out, const struct journeys_table *t, int row)
{
	str_add(out, row ? ",\n        [" : "\n        [");
	for (int c = 0; c <= t->cols; c++) {
		str_add(out, c ? ", " : "");
		if (t->observed_s <= 0 || journeys_hidden(t, row, c))
			str_add(out, "null");
		else
			str_addf(out, "%lld", (long long)journeys_at(t, row, c));
	}
	str_add(out, "]");
}

static void add_way(struct str *out, const struct day *d, const struct journeys_table *t)
{
	add_member(out, "metric", measure_info(t->measure)->name);
	str_add(out, ", ");
	add_member(out, "camera", d->camera[t->camera].camera.name);
	str_add(out, ", ");
	add_member(out, "unit", measure_info(t->measure)->unit);
	str_addf(out,
		 ", \"coverage_s\": %.1f, \"k\": %d, \"withheld\": %d,\n      \"places\": [",
		 t->observed_s, d->journeys.k, t->observed_s > 0 ? t->n_hidden : 0);
	for (int r = 0; r < t->rows; r++) {
		str_add(out, r ? ", " : "");
		str_add_json(out, journeys_row_name(t, d, r));
	}
	str_add(out, "],\n      \"others\": [");
	for (int c = 0; c < t->cols; c++) {
		str_add(out, c ? ", " : "");
		str_add_json(out, journeys_col_name(t, d, c));
	}
	str_add(out, "],\n      \"cells\": [");
	for (int r = 0; r <= t->rows; r++)
		add_way_row(out, t, r);
	str_add(out, "\n      ]");
}

static void add_ways(struct str *out, const struct day *d)
{
	str_add(out, "  \"ways\": [");
	for (int i = 0; i < d->journeys.n; i++) {
		str_add(out, i ? ",\n    {" : "\n    {");
		add_way(out, d, &d->journeys.v[i]);
		str_add(out, "}");
	}
	str_add(out, "\n  ]\n");
}

static void add_date(struct str *out, const struct day *d, const struct day_date *t, int i)
{
	str_add(out, i ? ",\n    {" : "\n    {");
	add_member(out, "date", t->date);
	str_add(out, ", ");
	add_span(out, t->from_us, t->to_us);
	str_addf(out, ", \"iso_week\": \"%04d-W%02d\", \"retail_week\": ", t->iso.year,
		 t->iso.week);
	if (t->retail.year)
		str_addf(out, "{\"year\": %d, \"month\": %d, \"week\": %d}", t->retail.year,
			 t->retail.month, t->retail.week);
	else
		str_add(out, "null");
	str_add(out, ", \"holiday\": ");
	if (*t->holiday)
		str_add_json(out, t->holiday);
	else
		str_add(out, "null");
	if (d->has_hours)
		str_addf(out, ", \"open_s\": %.0f}", t->open_s);
	else
		str_add(out, ", \"open_s\": null}");
}

static void add_head(struct str *out, const struct day *d)
{
	str_add(out, "{\n  \"format\": \"footfall-day\",\n  \"version\": 3,\n  \"store\": {");
	add_member(out, "name", d->store.name);
	str_add(out, ", ");
	add_member(out, "zone", d->store.zone);
	str_addf(out, ", \"business_day_start_s\": %d},\n  \"day\": {",
		 d->store.business_day_start_s);
	add_member(out, "date", d->date);
	str_add(out, ", ");
	add_member(out, "last_date", d->last);
	str_add(out, ", ");
	add_span(out, d->from_us, d->to_us);
	str_add(out, "},\n  \"dates\": [");
	for (int i = 0; i < d->n_date; i++)
		add_date(out, d, &d->dates[i], i);
	str_add(out, "\n  ],\n  \"params_ids\": ");
	add_list(out, d->params);
	str_addf(out, ",\n  \"bucket_s\": %d,\n  \"buckets\": [", d->bucket_s);
	for (int b = 0; b < d->n_bucket; b++) {
		str_add(out, b ? ",\n    {" : "\n    {");
		add_span(out, d->bucket[b].from_us, d->bucket[b].to_us);
		str_addf(out, ", \"revision\": %d}", d->bucket[b].revision);
	}
	str_add(out, "\n  ],\n");
}

static void add_inside(struct str *out, const struct day *d)
{
	char text[CLOCK_TEXT];

	if (!d->has_inside) {
		str_add(out, "  \"inside\": null,\n");
		return;
	}
	str_addf(out, "  \"inside\": {\"corrections\": %d, \"peak_utc\": ", d->corrections);
	if (d->peak_us == CLOCK_NONE)
		str_add(out, "null");
	else
		str_addf(out, "\"%s\"", clock_text_utc(d->peak_us, text));
	str_add(out, ",\n      ");
	add_rows(out, METRIC_STORE, &(struct audited){ d, NULL }, &d->inside_total, d->inside,
		 sizeof(*d->inside));
	str_add(out, "\n  },\n");
}

static void add_street(struct str *out, const struct day *d)
{
	if (!d->street) {
		str_add(out, "  \"street\": null,\n");
		return;
	}
	str_add(out, "  \"street\": {");
	add_rows(out, METRIC_STREET, &(struct audited){ d, NULL }, &d->street_total, d->street,
		 sizeof(*d->street));
	str_add(out, "\n  },\n");
}

static void add_sales(struct str *out, const struct day *d)
{
	if (!d->sales) {
		str_add(out, "  \"sales\": null,\n");
		return;
	}
	str_add(out, "  \"sales\": {");
	add_rows(out, METRIC_SALES, &(struct audited){ d, NULL }, &d->sales_total, d->sales,
		 sizeof(*d->sales));
	str_add(out, "\n  },\n");
}

int day_json(const struct day *d, struct str *out, struct err *err)
{
	(void)err;
	add_head(out, d);
	add_units(out);
	add_inside(out, d);
	add_street(out, d);
	add_sales(out, d);
	add_cameras(out, d);
	add_places(out, d, "lines", PLACE_LINE);
	add_places(out, d, "zones", PLACE_ZONE);
	add_places(out, d, "gates", PLACE_GATE);
	add_places(out, d, "queues", PLACE_QUEUE);
	add_places(out, d, "fixtures", PLACE_FIXTURE);
	add_ways(out, d);
	str_add(out, "}\n");
	return 0;
}
