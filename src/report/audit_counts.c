/* SPDX-License-Identifier: Apache-2.0 */
/* audit_counts.c -- what people counted, as CSV, against what the machine counted. */
#include "report/audit_counts.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/audit.h"
#include "report/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 1000000
#define ROWS_MAX 10000

/* ---- the file ---- */

enum { LINE, START, IN, OUT, CAMERA, MINUTES, STRATUM, WEIGHT, N_COLUMNS };
static const char *const columns[N_COLUMNS] = {
	[LINE] = "line",        [START] = "start",    [IN] = "in",
	[OUT] = "out",          [CAMERA] = "?camera", [MINUTES] = "?minutes",
	[STRATUM] = "?stratum", [WEIGHT] = "?weight",
};

static int read_count(const struct table *t, int column, int64_t *v, struct err *err)
{
	*v = AUDIT_NOT_COUNTED;
	if (!*t->cell[column])
		return 0;
	if (!str_to_i64(t->cell[column], v) || *v < 0 || *v > COUNT_MAX)
		return table_err(t, column, "a whole number from 0 on, or nothing", err);
	return 0;
}

static int read_row(const struct table *t, struct audit_row *r, struct err *err)
{
	int64_t minutes = 15, stratum = 1;

	if (!*t->cell[LINE] || !str_copy(r->line, sizeof(r->line), t->cell[LINE]))
		return table_err(t, LINE, "the name of a line", err);
	if (!str_copy(r->camera, sizeof(r->camera), t->cell[CAMERA]))
		return table_err(t, CAMERA, "the name of a camera", err);
	if (clock_parse(t->cell[START], &r->start_us, NULL) < 0 ||
	    r->start_us % CLOCK_MINUTE_US != 0)
		return table_err(t, START, "a time on the minute like 2026-03-14 09:30", err);
	if (*t->cell[MINUTES] &&
	    (!str_to_i64(t->cell[MINUTES], &minutes) || minutes < 1 || minutes > 60))
		return table_err(t, MINUTES, "a whole number from 1 to 60", err);
	if (*t->cell[STRATUM] &&
	    (!str_to_i64(t->cell[STRATUM], &stratum) || stratum < 1 || stratum > 1000))
		return table_err(t, STRATUM, "a whole number from 1 to 1000", err);
	if (*t->cell[WEIGHT] && (!str_to_double(t->cell[WEIGHT], &r->weight) ||
				 !(r->weight > 0 && r->weight <= 1e6)))
		return table_err(t, WEIGHT, "a number above 0", err);
	r->minutes = (int)minutes;
	r->stratum = (int)stratum;
	if (read_count(t, IN, &r->in, err) < 0)
		return ERR_FORMAT;
	return read_count(t, OUT, &r->out, err);
}

int audit_rows_read(struct audit_rows *r, const char *path, struct err *err)
{
	size_t had = r->n;
	struct table t;
	int rc = table_open(&t, path, columns, N_COLUMNS, err);

	if (rc < 0)
		return rc;
	while ((rc = table_next(&t, err)) > 0) {
		struct audit_row row = { .weight = 1, .path = path, .at = t.line };

		if (r->n >= ROWS_MAX)
			rc = err_set(err, ERR_FORMAT, "%s:%d: more than %d samples", path,
				     t.line, ROWS_MAX);
		else
			rc = read_row(&t, &row, err);
		if (rc < 0)
			break;
		*VEC_PUSH(r) = row;
	}
	table_close(&t);
	if (rc < 0)
		r->n = had;
	return rc;
}

void audit_rows_clear(struct audit_rows *r)
{
	VEC_FREE(r);
}

static void add_cell(struct str *out, const char *s)
{
	if (!s[strcspn(s, ",;\"\r\n")]) {
		str_add(out, s);
		return;
	}
	str_add(out, "\"");
	for (; *s; s++)
		str_add_n(out, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
	str_add(out, "\"");
}

static void add_count(struct str *out, int64_t n)
{
	str_add(out, ",");
	if (n != AUDIT_NOT_COUNTED)
		str_addf(out, "%lld", (long long)n);
}

void audit_rows_csv(const struct audit_rows *r, struct str *out)
{
	char text[CLOCK_TEXT], weight[STR_DOUBLE];

	str_add(out, "camera,line,start,minutes,stratum,weight,in,out\n");
	for (size_t i = 0; i < r->n; i++) {
		const struct audit_row *row = &r->v[i];

		add_cell(out, row->camera);
		str_add(out, ",");
		add_cell(out, row->line);
		str_addf(out, ",%s,%d,%d,%s", clock_text_local(row->start_us, text),
			 row->minutes, row->stratum, str_double(row->weight, weight));
		add_count(out, row->in);
		add_count(out, row->out);
		str_add(out, "\n");
	}
}

/* ---- lines ---- */

static int row_err(const struct audit_row *r, struct err *err, const char *what)
{
	return err_set(err, ERR_FORMAT, "%s:%d: line '%s'%s%s%s %s", r->path, r->at, r->line,
		       *r->camera ? " of camera '" : "", r->camera, *r->camera ? "'" : "",
		       what);
}

static const char *camera_name(struct query *q, int id)
{
	const struct query_camera *v;
	int n = query_cameras(q, &v, NULL);

	for (int i = 0; i < n; i++)
		if (v[i].id == id)
			return v[i].name;
	return "";
}

static int find_line(struct audit_row *r, struct query *q, struct err *err)
{
	const struct query_place *v;
	int n = query_places(q, &v, err);

	if (n < 0)
		return n;
	r->place = 0;
	for (int i = 0; i < n; i++) {
		if (v[i].info.kind != PLACE_LINE || strcmp(v[i].info.name, r->line) != 0 ||
		    (*r->camera && strcmp(camera_name(q, v[i].camera), r->camera) != 0))
			continue;
		if (r->place)
			return row_err(r, err,
				       "is one of several cameras; expected a column camera "
				       "that says which");
		r->place = v[i].id;
		r->camera_id = v[i].camera;
	}
	return r->place ? 0 : row_err(r, err, "is not in the database");
}

int audit_rows_find(struct audit_rows *r, struct query *q, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < r->n && rc >= 0; i++)
		rc = find_line(&r->v[i], q, err);
	return rc;
}

/* ---- against the machine ---- */

struct counted {
	const struct audit_row *row;
	double observed_s;
	int64_t in, out;
	char params_id[17];
};

static int on_cover(void *arg, const struct minute_cover *m)
{
	struct counted *c = arg;

	if (m->camera == c->row->camera_id)
		c->observed_s += m->observed_s;
	return 0;
}

static int on_line(void *arg, const struct minute_line *m, const char *params_id)
{
	struct counted *c = arg;

	if (m->place != c->row->place)
		return 0;
	c->in += m->crossings_in;
	c->out += m->crossings_out;
	str_copy(c->params_id, sizeof(c->params_id), params_id);
	return 0;
}

static int64_t end_of(const struct audit_row *r)
{
	return r->start_us + r->minutes * CLOCK_MINUTE_US;
}

static int count_row(struct counted *c, struct query *q, struct err *err)
{
	struct query_minutes fn = { .cover = on_cover, .line = on_line, .arg = c };

	return query_minutes(q, c->row->start_us, end_of(c->row), &fn, err);
}

static int by_line_and_time(const void *a, const void *b)
{
	const struct audit_row *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

static int check_overlap(const struct audit_rows *r, struct err *err)
{
	for (size_t i = 1; i < r->n; i++) {
		const struct audit_row *a = &r->v[i - 1], *b = &r->v[i];

		if (a->place == b->place && b->start_us < end_of(a))
			return err_set(err, ERR_FORMAT,
				       "%s:%d: the same time of line '%s' is counted in "
				       "%s:%d, too",
				       b->path, b->at, b->line, a->path, a->at);
	}
	return 0;
}

/* What is being put together: all counted rows, then audits of stretches of them. */
struct job {
	struct counted *v;
	size_t n;
	struct audit_set set;
	size_t n_window;
	double margin;
};

/* The audit of counted rows [from, to), all of one line, in one direction. */
static void add_audit(struct job *j, size_t from, size_t to, bool in)
{
	struct audit_window *w = j->set.window + j->n_window;
	struct equiv_sample *s = xcalloc(to - from, sizeof(*s));
	struct audit a = { .place = j->v[from].row->place, .in = in, .margin = j->margin };
	struct equiv e;

	for (size_t i = from; i < to; i++) {
		const struct audit_row *r = j->v[i].row;
		int64_t manual = in ? r->in : r->out;

		if (manual == AUDIT_NOT_COUNTED)
			continue;
		w[a.samples] = (struct audit_window){
			.start_us = r->start_us,
			.length_s = r->minutes * 60,
			.stratum = r->stratum,
			.weight = r->weight,
			.manual = manual,
			.machine = in ? j->v[i].in : j->v[i].out,
		};
		s[a.samples] = (struct equiv_sample){ manual, w[a.samples].machine, r->stratum,
						      r->weight };
		if (a.samples++ == 0)
			a.from_us = r->start_us;
		a.to_us = end_of(r);
		str_copy(a.params_id, sizeof(a.params_id), j->v[i].params_id);
	}
	if (a.samples > 0) {
		equiv_test(&e, s, a.samples, j->margin);
		a.manual = e.manual;
		a.machine = e.machine;
		a.bias = e.bias;
		a.lo = e.lo;
		a.hi = e.hi;
		a.unbalanced = e.unbalanced;
		a.spread = e.spread;
		a.df = e.df;
		a.verdict = e.verdict;
		a.more = e.more;
		a.window = w;
		str_copy(a.method, sizeof(a.method), AUDIT_METHOD);
		j->set.v[j->set.n++] = a;
		j->n_window += (size_t)a.samples;
	}
	free(s);
}

static int count_all(struct job *j, const struct audit_rows *r, struct query *q,
		     struct str *left_out, struct err *err)
{
	char text[CLOCK_TEXT];

	for (size_t i = 0; i < r->n; i++) {
		const struct audit_row *row = &r->v[i];
		struct counted c = { .row = row };
		int rc = count_row(&c, q, err);

		if (rc < 0)
			return rc;
		if (c.observed_s >= AUDIT_OBSERVED * row->minutes * 60) {
			j->v[j->n++] = c;
			continue;
		}
		str_addf(left_out,
			 "%s:%d: left out: of line '%s' at %s only %.0f s of %d min were "
			 "observed\n",
			 row->path, row->at, row->line, clock_text_local(row->start_us, text),
			 c.observed_s, row->minutes);
	}
	if (!j->n)
		return err_set(err, ERR_STATE, "%s",
			       r->n ? "none of the samples was observed by the machine"
				    : "there are no samples");
	return 0;
}

int audit_compare(struct audit_set *out, struct audit_rows *r, struct query *q, double margin,
		  struct str *left_out, struct err *err)
{
	struct job j = { .margin = margin };
	int rc;

	if (r->n)
		qsort(r->v, r->n, sizeof(*r->v), by_line_and_time);
	if ((rc = check_overlap(r, err)) < 0)
		return rc;
	j.v = xcalloc(r->n + 1, sizeof(*j.v));
	j.set.v = xcalloc(2 * r->n + 1, sizeof(*j.set.v));
	j.set.window = xcalloc(2 * r->n + 1, sizeof(*j.set.window));
	rc = count_all(&j, r, q, left_out, err);
	for (size_t from = 0, to; from < j.n && rc >= 0; from = to) {
		for (to = from; to < j.n && j.v[to].row->place == j.v[from].row->place;)
			to++;
		add_audit(&j, from, to, true);
		add_audit(&j, from, to, false);
	}
	if (rc >= 0 && !j.set.n)
		rc = err_set(err, ERR_STATE, "no sample has a number in 'in' or 'out'");
	free(j.v);
	if (rc < 0) {
		audit_set_clear(&j.set);
		return rc;
	}
	*out = j.set;
	return 0;
}

void audit_set_clear(struct audit_set *s)
{
	free(s->v);
	free(s->window);
	*s = (struct audit_set){ 0 };
}

/* ---- what came of it ---- */

static const struct query_place *place_of(struct query *q, int id)
{
	const struct query_place *v;
	int n = query_places(q, &v, NULL);

	for (int i = 0; i < n; i++)
		if (v[i].id == id)
			return &v[i];
	return NULL;
}

void audit_text(const struct audit_set *s, struct query *q, struct str *out)
{
	str_addf(out, "%-20s %-4s %7s %7s %8s %7s %9s\n", "line", "way", "samples", "by hand",
		 "machine", "bias", "unbalanced");
	for (int i = 0; i < s->n; i++) {
		const struct audit *a = &s->v[i];
		const struct query_place *p = place_of(q, a->place);

		str_addf(out, "%-20s %-4s %7d %7lld %8lld", p ? p->info.name : "",
			 a->in ? "in" : "out", a->samples, (long long)a->manual,
			 (long long)a->machine);
		if (a->manual > 0)
			str_addf(out, " %+6.1f%% %8.1f%%\n", a->bias * 100,
				 a->unbalanced * 100);
		else
			str_addf(out, " %7s %9s\n", "-", "-");
		str_add(out, "    ");
		audit_words(out, a);
		str_add(out, "\n");
	}
}

static void add_json_text(struct str *out, const char *s)
{
	str_add(out, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			str_addf(out, "\\%c", *s);
		else
			str_add_n(out, s, 1);
	}
	str_add(out, "\"");
}

static void add_json_window(struct str *out, const struct audit_window *w)
{
	char text[CLOCK_TEXT], weight[STR_DOUBLE];

	str_addf(out,
		 "{\"start_utc\": \"%s\", \"length_s\": %d, \"stratum\": %d, \"weight\": %s, "
		 "\"manual\": %lld, \"machine\": %lld}",
		 clock_text_utc(w->start_us, text), w->length_s, w->stratum,
		 str_double(w->weight, weight), (long long)w->manual, (long long)w->machine);
}

void audit_json(const struct audit_set *s, struct query *q, struct str *out)
{
	char text[CLOCK_TEXT];

	str_add(out, "{\"format\": \"footfall-audit-1\", \"audits\": [");
	for (int i = 0; i < s->n; i++) {
		const struct audit *a = &s->v[i];
		const struct query_place *p = place_of(q, a->place);

		str_add(out, i ? ",\n{\"camera\": " : "\n{\"camera\": ");
		add_json_text(out, p ? camera_name(q, p->camera) : "");
		str_add(out, ", \"line\": ");
		add_json_text(out, p ? p->info.name : "");
		str_addf(out, ", \"direction\": \"%s\"", a->in ? "in" : "out");
		str_addf(out, ", \"from_utc\": \"%s\"", clock_text_utc(a->from_us, text));
		str_addf(out, ", \"to_utc\": \"%s\"", clock_text_utc(a->to_us, text));
		str_addf(out,
			 ", \"params_id\": \"%s\", \"method\": \"%s\",\n  \"verdict\": \"%s\", "
			 "\"margin\": %.4f, \"more\": %d, \"samples\": %d, \"manual\": %lld, "
			 "\"machine\": %lld,\n  \"bias\": %.6f, \"lo\": %.6f, \"hi\": %.6f, "
			 "\"balanced\": %.6f, \"unbalanced\": %.6f,\n  \"windows\": [",
			 a->params_id, a->method, equiv_verdict_name(a->verdict), a->margin,
			 a->more, a->samples, (long long)a->manual, (long long)a->machine,
			 a->bias, a->lo, a->hi, a->bias < 0 ? -a->bias : a->bias,
			 a->unbalanced);
		for (int k = 0; k < a->samples; k++) {
			str_add(out, k ? ",\n    " : "\n    ");
			add_json_window(out, &a->window[k]);
		}
		str_add(out, "]}");
	}
	str_add(out, "\n]}\n");
}
