/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c -- a day in long form: one value a row, for spreadsheets and databases. */
#include "base/clock.h"
#include "base/str.h"
#include "report/day.h"
#include "report/metric.h"
#include "report/words.h"
#include "store/measure.h"

#include <string.h>

static const char header[] =
	"store,camera,kind,name,metric,start_utc,start_local,offset,length_s,"
	"value,lo,hi,coverage_s,params_id,revision,unit\n";

struct subject {
	enum metric_of of;
	const char *camera, *name, *params;
	const void *row;
	int revision;
	const struct day_place *place; /* NULL: the store's or a camera's */
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
		if (!metric_applies(&m[i], s->place ? &s->place->place.info : NULL))
			continue;
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

/* A place's own rows, if it is a line or a zone, and those of its measures where they were
 * counted. */
static void add_place(struct str *out, const struct when *when, const struct day *d, int b,
		      const struct day_place *p)
{
	const struct day_camera *c = &d->camera[p->camera];
	struct subject s = { .of = p->line ? METRIC_LINE : METRIC_ZONE,
			     .camera = c->camera.name,
			     .name = p->place.info.name,
			     .params = c->params[b],
			     .revision = c->revision[b],
			     .place = p };

	s.row = p->line ? (const void *)&p->line[b] : p->zone ? &p->zone[b] : NULL;
	if (s.row)
		add_rows(out, when, &s);
	s.of = metric_of_place(&p->place.info);
	s.row = &p->tally.row[b];
	if (p->tally.row[b].observed_s > 0)
		add_rows(out, when, &s);
}

static void add_cameras(struct str *out, const struct when *when, const struct day *d, int b)
{
	for (int i = 0; i < d->n_camera; i++) {
		const struct day_camera *c = &d->camera[i];
		struct subject s = { METRIC_CAMERA, c->camera.name, c->camera.name,
				     c->params[b],  &c->view[b],    c->revision[b],
				     NULL };

		add_rows(out, when, &s);
		s.of = METRIC_STAFF;
		s.row = &c->tally.row[b];
		if (c->tally.row[b].observed_s > 0)
			add_rows(out, when, &s);
	}
}

/* Of the whole store. */
static void add_store(struct str *out, const struct when *when, const struct day *d, int b)
{
	const struct {
		enum metric_of of;
		const void *row;
	} rows[] = {
		{ METRIC_STORE, d->has_inside ? &d->inside[b] : NULL },
		{ METRIC_STREET, d->street ? &d->street[b] : NULL },
		{ METRIC_SALES, d->sales ? &d->sales[b] : NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].row)
			add_rows(out, when,
				 &(struct subject){
					 .of = rows[i].of,
					 .camera = "",
					 .name = d->store.name,
					 .params = metric_observed_s(rows[i].row) > 0
							   ? d->params
							   : "",
					 .row = rows[i].row,
					 .revision = d->bucket[b].revision,
				 });
}

static void add_bucket(struct str *out, const struct day *d, int b)
{
	struct when when = { d, d->store.name, STR_INIT, d->bucket[b].to_us };

	add_span(&when.span, &d->bucket[b]);
	add_store(out, &when, d, b);
	add_cameras(out, &when, d, b);
	for (enum place_kind kind = PLACE_LINE; kind <= PLACE_FIXTURE; kind++)
		for (int i = 0; i < d->n_place; i++)
			if (d->place[i].place.info.kind == kind)
				add_place(out, &when, d, b, &d->place[i]);
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

/* ---- Ways ---- */

static void add_way(struct str *out, const struct day *d, const struct journeys_table *t,
		    int row, int col, const struct str *span)
{
	bool hidden = journeys_hidden(t, row, col);
	const char *from = journeys_row_name(t, d, row), *to = journeys_col_name(t, d, col);

	words_csv(out, d->store.name);
	str_add(out, ",");
	words_csv(out, d->camera[t->camera].camera.name);
	str_addf(out, ",%s,", measure_info(t->measure)->name);
	words_csv(out, from ? from : "");
	str_add(out, ",");
	words_csv(out, to ? to : "");
	str_addf(out, ",%s,%s", row == t->rows || col == t->cols ? "total" : "cell", span->s);
	if (t->observed_s > 0 && !hidden)
		str_addf(out, "%lld", (long long)journeys_at(t, row, col));
	str_addf(out, ",%s,%d,%.1f,%s\n", t->observed_s > 0 && hidden ? "yes" : "no",
		 d->journeys.k, t->observed_s, measure_info(t->measure)->unit);
}

int day_ways_csv(const struct day *d, struct str *out, struct err *err)
{
	struct str span = STR_INIT;

	(void)err;
	add_span(&span, &(struct day_bucket){ d->from_us, d->to_us, 0 });
	str_add(out,
		"store,camera,metric,place,other,row,start_utc,start_local,offset,length_s,"
		"value,withheld,k,coverage_s,unit\n");
	for (int i = 0; i < d->journeys.n; i++)
		for (int r = 0; r <= d->journeys.v[i].rows; r++)
			for (int c = 0; c <= d->journeys.v[i].cols; c++)
				add_way(out, d, &d->journeys.v[i], r, c, &span);
	str_clear(&span);
	return 0;
}
