/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c -- a day in long form: one value a row, for spreadsheets and databases. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/metric.h"
#include "report/words.h"

#include <string.h>

static const char header[] =
	"store,camera,kind,name,metric,start_utc,start_local,offset,length_s,"
	"value,lo,hi,coverage_s,params_id,revision,unit\n";

struct subject {
	enum metric_of of;
	const char *camera, *name, *params;
	const void *row;
	int revision;
	const struct day_place *place; /* of a line; else NULL */
};

/* What all rows of a bucket have in the middle. */
struct when {
	const struct day *day;
	const char *store;
	struct str span;
	int64_t to_us;
};

/* ",lo,hi": they stay empty until the place was audited. */
static void add_range(struct str *out, const struct when *when, const struct subject *s,
		      const struct metric *m)
{
	int64_t lo, hi;

	if (metric_range(m, s->row, when->day, s->place, when->to_us, &lo, &hi))
		str_addf(out, ",%lld,%lld", (long long)lo, (long long)hi);
	else
		str_add(out, ",,");
}

/* All metrics of one subject in one bucket. */
static void add_rows(struct str *out, const struct when *when, const struct subject *s)
{
	int n;
	const struct metric *m = metric_table(s->of, &n);

	for (int i = 0; i < n; i++) {
		words_csv(out, when->store);
		str_add(out, ",");
		words_csv(out, s->camera);
		str_addf(out, ",%s,", metric_kind[s->of]);
		words_csv(out, s->name);
		str_addf(out, ",%s,%s", m[i].name, when->span.s);
		metric_add(out, &m[i], s->row);
		add_range(out, when, s, &m[i]);
		str_addf(out, ",%.1f,", metric_observed_s(s->row));
		words_csv(out, s->params);
		str_addf(out, ",%d,%s\n", s->revision, m[i].unit);
	}
}

/* start_utc, start_local, offset, length_s */
static void add_span(struct str *out, const struct day_bucket *b)
{
	char utc[CLOCK_TEXT], local[CLOCK_TEXT];

	clock_text_utc(b->from_us, utc);
	clock_text_local(b->from_us, local);
	str_addf(out, "%s,%.19s,%s,%lld,", utc, local, local + 19,
		 (long long)((b->to_us - b->from_us) / CLOCK_SECOND_US));
}

static void add_places(struct str *out, const struct when *when, const struct day *d, int b,
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
				 .revision = c->revision[b],
				 .place = line ? p : NULL,
			 });
	}
}

static void add_bucket(struct str *out, const struct day *d, int b)
{
	struct when when = { d, d->store.name, STR_INIT, d->bucket[b].to_us };

	add_span(&when.span, &d->bucket[b]);
	if (d->has_inside)
		add_rows(out, &when,
			 &(struct subject){
				 .of = METRIC_STORE,
				 .camera = "",
				 .name = d->store.name,
				 .params = d->inside[b].observed_s > 0 ? d->params : "",
				 .row = &d->inside[b],
				 .revision = d->bucket[b].revision,
			 });
	if (d->sales)
		add_rows(out, &when,
			 &(struct subject){
				 .of = METRIC_SALES,
				 .camera = "",
				 .name = d->store.name,
				 .params = d->inside[b].observed_s > 0 ? d->params : "",
				 .row = &d->sales[b],
				 .revision = d->bucket[b].revision,
			 });
	for (int i = 0; i < d->n_camera; i++) {
		const struct day_camera *c = &d->camera[i];

		add_rows(out, &when,
			 &(struct subject){ METRIC_CAMERA, c->camera.name, c->camera.name,
					    c->params[b], &c->view[b], c->revision[b], NULL });
	}
	add_places(out, &when, d, b, PLACE_LINE);
	add_places(out, &when, d, b, PLACE_ZONE);
	str_clear(&when.span);
}

int day_csv(const struct day *d, struct str *out, struct err *err)
{
	(void)err;
	str_add(out, header);
	for (int b = 0; b < d->n_bucket; b++)
		add_bucket(out, d, b);
	return 0;
}
