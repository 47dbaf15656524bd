/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c -- a day in long form: one value a row, for spreadsheets and databases. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/metric.h"

#include <string.h>

static const char header[] = "start_utc,end_utc,start_local,end_local,length_s,store,camera,"
			     "kind,name,metric,value,unit,lo,hi,coverage_s,params_id\n";

/* A text from outside as a cell. */
static void add_cell(struct str *out, const char *s)
{
	bool formula = *s && strchr("=+-@\t\r", *s);

	if (!formula && !s[strcspn(s, ",\"\r\n")]) {
		str_add(out, s);
		return;
	}
	str_add(out, formula ? "\"'" : "\"");
	for (; *s; s++)
		str_add_n(out, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
	str_add(out, "\"");
}

struct subject {
	enum metric_of of;
	const char *camera, *name, *params;
	const void *row;
};

/* All metrics of one subject in one bucket. when: the cells up to the camera's. */
static void add_rows(struct str *out, const char *when, const struct subject *s)
{
	int n;
	const struct metric *m = metric_table(s->of, &n);

	for (int i = 0; i < n; i++) {
		str_add(out, when);
		add_cell(out, s->camera);
		str_addf(out, ",%s,", metric_kind[s->of]);
		add_cell(out, s->name);
		str_addf(out, ",%s,", m[i].name);
		metric_add(out, &m[i], s->row);
		/* lo and hi stay empty until the place was audited. */
		str_addf(out, ",%s,,,%.1f,", m[i].unit, metric_observed_s(s->row));
		add_cell(out, s->params);
		str_add(out, "\n");
	}
}

static void add_when(struct str *out, const struct day *d, const struct day_bucket *b)
{
	char text[CLOCK_TEXT];

	str_addf(out, "%s,", clock_text_utc(b->from_us, text));
	str_addf(out, "%s,", clock_text_utc(b->to_us, text));
	str_addf(out, "%s,", clock_text_local(b->from_us, text));
	str_addf(out, "%s,", clock_text_local(b->to_us, text));
	str_addf(out, "%lld,", (long long)((b->to_us - b->from_us) / CLOCK_SECOND_US));
	add_cell(out, d->store.name);
	str_add(out, ",");
}

static void add_places(struct str *out, const char *when, const struct day *d, int b,
		       enum place_kind kind)
{
	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];
		const struct day_camera *c = &d->camera[p->camera];
		bool line = p->line != NULL;

		if (line != (kind == PLACE_LINE))
			continue;
		add_rows(out, when,
			 &(struct subject){
				 .of = line ? METRIC_LINE : METRIC_ZONE,
				 .camera = c->camera.name,
				 .name = p->place.info.name,
				 .params = c->params[b],
				 .row = line ? (const void *)&p->line[b] : &p->zone[b],
			 });
	}
}

static void add_bucket(struct str *out, const struct day *d, int b)
{
	struct str when = STR_INIT;

	add_when(&when, d, &d->bucket[b]);
	if (d->has_inside)
		add_rows(out, when.s,
			 &(struct subject){ .of = METRIC_STORE,
					    .camera = "",
					    .name = d->store.name,
					    .params = d->inside[b].observed_s > 0 ? d->params
										  : "",
					    .row = &d->inside[b] });
	for (int i = 0; i < d->n_camera; i++) {
		const struct day_camera *c = &d->camera[i];

		add_rows(out, when.s,
			 &(struct subject){ METRIC_CAMERA, c->camera.name, c->camera.name,
					    c->params[b], &c->view[b] });
	}
	add_places(out, when.s, d, b, PLACE_LINE);
	add_places(out, when.s, d, b, PLACE_ZONE);
	str_clear(&when);
}

int day_csv(const struct day *d, struct str *out, struct err *err)
{
	(void)err;
	str_add(out, header);
	for (int b = 0; b < d->n_bucket; b++)
		add_bucket(out, d, b);
	return 0;
}
