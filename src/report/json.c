/* SPDX-License-Identifier: Apache-2.0 */
/* json.c -- a day as one document; its form is in report.schema.json. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/metric.h"

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

/* What of a row depends on the audits of its line. */
struct audited {
	const struct day *d;
	const struct day_place *line; /* NULL: the rows are not a line's */
};

/* ", "ranges": {"crossings_in": [55, 62], ...}", of a line that was audited. */
static void add_ranges(struct str *out, const struct audited *a, const struct metric *m, int n,
		       const void *row, int64_t to_us)
{
	bool any = false;

	for (int i = 0; i < n; i++) {
		int64_t lo, hi;

		if (!metric_range(&m[i], row, a->d, a->line, to_us, &lo, &hi))
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

static void add_units(struct str *out)
{
	str_add(out, "  \"units\": {");
	for (enum metric_of of = METRIC_STORE; of < METRIC_OF_END; of++) {
		int n;
		const struct metric *m = metric_table(of, &n);

		str_addf(out, "%s\n    \"%s\": {", of > METRIC_STORE ? "," : "",
			 metric_kind[of]);
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
		str_add(out, "\n    }");
	}
	str_add(out, "\n  ],\n");
}

static const char *role_word(enum line_role role)
{
	return role == LINE_ENTRY ? "entry" : role == LINE_OUTSIDE ? "outside" : "inner";
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

static void add_place(struct str *out, const struct day *d, const struct day_place *p)
{
	const struct place_info *info = &p->place.info;

	add_member(out, "name", info->name);
	str_add(out, ", ");
	add_member(out, "camera", d->camera[p->camera].camera.name);
	str_add(out, ", ");
	if (p->line) {
		add_member(out, "role", role_word(info->role));
		str_add(out, ", ");
		add_member(out, "in_label", info->in_label);
		str_add(out, ", ");
		add_member(out, "out_label", info->out_label);
		str_add(out, ",\n      ");
		add_audits(out, d, p);
		add_rows(out, METRIC_LINE, &(struct audited){ d, p }, &p->line_total, p->line,
			 sizeof(*p->line));
	} else {
		str_addf(out, "\"engaged_s\": %.1f,\n      ", info->engaged_s);
		add_rows(out, METRIC_ZONE, &(struct audited){ d, NULL }, &p->zone_total,
			 p->zone, sizeof(*p->zone));
	}
}

static void add_places(struct str *out, const struct day *d, bool lines)
{
	const char *between = "";

	str_addf(out, "  \"%s\": [", lines ? "lines" : "zones");
	for (int i = 0; i < d->n_place; i++) {
		if ((d->place[i].line != NULL) != lines)
			continue;
		str_addf(out, "%s\n    {", between);
		add_place(out, d, &d->place[i]);
		str_add(out, "\n    }");
		between = ",";
	}
	str_addf(out, "\n  ]%s\n", lines ? "," : "");
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
	str_add(out, "{\n  \"format\": \"footfall-day\",\n  \"version\": 2,\n  \"store\": {");
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
	add_sales(out, d);
	add_cameras(out, d);
	add_places(out, d, true);
	add_places(out, d, false);
	str_add(out, "}\n");
	return 0;
}
