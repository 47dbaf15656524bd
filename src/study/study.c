/* SPDX-License-Identifier: Apache-2.0 */
/* study.c -- a design carried out: which hours count, each metric's effect, flows, heat. */
#include "study/study.h"

#include "base/clock.h"
#include "report/calendar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Days of the design ---- */

/* The design laid over the days of a file. */
struct plan {
	const struct design *d;
	int n_day;
	struct trial_day *day;
	bool *change; /* per day: its arm is not that of the day before */
};

static int lay_out(struct plan *p, const struct design *d)
{
	char date[11];
	enum arm arm, last = ARM_NONE;
	int n = 0, block, first;

	while (design_day(d, n, date, &arm, &block))
		n++;
	*p = (struct plan){ .d = d, .n_day = n };
	p->day = xcalloc((size_t)n + 1, sizeof(*p->day));
	p->change = xcalloc((size_t)n + 1, sizeof(*p->change));
	first = excluded_day((design_day(d, 0, date, &arm, &block), date));
	for (int i = 0; i < n; i++) {
		design_day(d, i, date, &arm, &block);
		p->day[i] = (struct trial_day){ arm, block, calendar_weekday(first + i) };
		p->change[i] = arm != ARM_NONE && last != ARM_NONE && arm != last;
		last = arm;
	}
	return first;
}

/* The days before a design: all of them arm A, in blocks of its length that end where it
 * begins. Pairs need an even number of blocks. */
static int lay_history(struct plan *p, const struct design *d, int first, int begin)
{
	int length = d->block_days * (d->kind == DESIGN_SWITCH_BACK ? 2 : 1);
	int n = (begin - first) / length * length;

	n = n > DESIGN_DAYS ? DESIGN_DAYS / length * length : n;
	n = n > 0 ? n : 0;
	*p = (struct plan){ .d = d, .n_day = n };
	p->day = xcalloc((size_t)n + 1, sizeof(*p->day));
	p->change = xcalloc((size_t)n + 1, sizeof(*p->change));
	for (int i = 0; i < n; i++)
		p->day[i] = (struct trial_day){ ARM_A, i / d->block_days,
						calendar_weekday(begin - n + i) };
	return begin - n;
}

static void plan_clear(struct plan *p)
{
	free(p->day);
	free(p->change);
}

/* ---- Which hours count ---- */

static void add_missing(struct study *s, const char *date, int hour, unsigned metric,
			enum arm arm, const char *why)
{
	/* Grown by the next hour, or shared by another metric. */
	for (size_t i = s->missing.n; i-- > 0 && !strcmp(s->missing.v[i].date, date);) {
		struct study_missing *m = &s->missing.v[i];

		if (!strcmp(m->why, why) && m->metrics == metric && m->to_h == hour) {
			m->to_h++;
			return;
		}
	}
	struct study_missing *m = VEC_PUSH(&s->missing);

	*m = (struct study_missing){
		.from_h = hour, .to_h = hour + 1, .metrics = metric, .arm = arm
	};
	str_copy(m->date, sizeof(m->date), date);
	str_copy(m->why, sizeof(m->why), why);
}

static int by_day(const void *a, const void *b)
{
	const struct study_missing *x = a, *y = b;
	int c = strcmp(x->date, y->date);

	if (!c)
		c = (x->from_h > y->from_h) - (x->from_h < y->from_h);
	if (!c)
		c = (x->to_h > y->to_h) - (x->to_h < y->to_h);
	return c ? c : strcmp(x->why, y->why);
}

/* The same hours missing for the same reason in several metrics are one line. */
static void join_missing(struct study *s)
{
	size_t n = 0;

	if (s->missing.n)
		qsort(s->missing.v, s->missing.n, sizeof(*s->missing.v), by_day);
	for (size_t i = 0; i < s->missing.n; i++)
		if (n && !by_day(&s->missing.v[n - 1], &s->missing.v[i]))
			s->missing.v[n - 1].metrics |= s->missing.v[i].metrics;
		else
			s->missing.v[n++] = s->missing.v[i];
	s->missing.n = n;
}

/* Why an hour of the design may not be used; "" when it may. wash: counted hours of this block
 * that came before. */
static void judge_hour(const struct plan *p, int i, int h, const char *date, int wash,
		       double observed_s, double length_s, char why[160])
{
	const struct excluded_row *row = excluded_find(&p->d->excluded, date, h);

	*why = '\0';
	if (row)
		snprintf(why, 160, "%s%s", row->holiday ? "holiday: " : "", row->why);
	else if (!(length_s > 0))
		snprintf(why, 160, "clocks went forward");
	else if (p->change[i] && wash < p->d->washout_h)
		snprintf(why, 160, "after the change of layout");
	else if (!(observed_s > 0))
		snprintf(why, 160, "not observed");
	else if (observed_s < p->d->coverage * length_s - 1e-6)
		snprintf(why, 160, "observed in part only");
}

/* The panel of one metric: what may not be used gets den 0, and days with fewer than half of
 * their hours no arm. */
struct made {
	struct trial_day *day;
	struct hours_measure v, control;
	bool has_control;
};

static void made_clear(struct made *m)
{
	free(m->day);
	hours_measure_clear(&m->v);
	hours_measure_clear(&m->control);
}

static void leave_out_hour(struct made *m, int k)
{
	m->v.den[k] = m->v.num[k] = 0;
	if (m->has_control)
		m->control.den[k] = m->control.num[k] = 0;
}

static void leave_out_day(struct made *m, int i, const struct design *d)
{
	for (int h = d->from_h; h < d->to_h; h++)
		leave_out_hour(m, i * TRIAL_HOURS + h);
	m->day[i].arm = ARM_NONE;
	m->day[i].block = -1;
}

/* Adds the hours that are too few for a day. Returns how many were used. */
static int judge_day(struct study *s, const struct plan *p, const struct hours *h,
		     struct made *m, int i, unsigned bit)
{
	const struct design *d = p->d;
	int used = 0, planned = d->to_h - d->from_h;
	char date[11], why[160];
	bool ok[TRIAL_HOURS] = { false };

	clock_date_text(h->first + i, date);
	for (int k = 0; k < TRIAL_HOURS; k++) {
		int at = i * TRIAL_HOURS + k;
		double seen = m->v.observed_s[at];

		if (k < d->from_h || k >= d->to_h) {
			leave_out_hour(m, at);
			continue;
		}
		if (m->has_control)
			seen = fmin(seen, m->control.observed_s[at]);
		judge_hour(p, i, k, date, k - d->from_h, seen, (double)h->length_s[at], why);
		ok[k] = !*why;
		used += ok[k];
		if (*why) {
			leave_out_hour(m, at);
			add_missing(s, date, k, bit, p->day[i].arm, why);
		}
	}
	if (2 * used >= planned)
		return used;
	for (int k = d->from_h; k < d->to_h; k++)
		if (ok[k])
			add_missing(s, date, k, bit, p->day[i].arm,
				    "fewer than half of the day's hours are left");
	leave_out_day(m, i, d);
	return 0;
}

/* Blocks with fewer than half of their days are left out as a whole. */
static void judge_blocks(struct study *s, const struct plan *p, const struct hours *h,
			 struct made *m, unsigned bit, int *hours)
{
	for (int i = 0, to; i < p->n_day; i = to) {
		int used = 0, block = p->day[i].block;

		for (to = i; to < p->n_day && p->day[to].block == block; to++)
			used += m->day[to].arm != ARM_NONE;
		if (block < 0 || 2 * used >= to - i)
			continue;
		for (int k = i; k < to; k++) {
			char date[11];

			if (m->day[k].arm == ARM_NONE)
				continue;
			clock_date_text(h->first + k, date);
			for (int hour = p->d->from_h; hour < p->d->to_h; hour++) {
				if (!(m->v.den[k * TRIAL_HOURS + hour] > 0))
					continue;
				hours[p->day[k].arm]--;
				add_missing(s, date, hour, bit, p->day[k].arm,
					    "fewer than half of the block's days are left");
			}
			leave_out_day(m, k, p->d);
		}
	}
}

/* ---- One metric ---- */

/* Both files, read over the same days. */
struct files {
	struct hours own, control;
	bool has_control;
};

static int make(struct made *m, struct study *s, const struct plan *p, const struct files *f,
		struct study_row *row, const struct measure_of *control, unsigned bit,
		struct err *err)
{
	const struct hours *other = f->has_control ? &f->control : &f->own;
	int rc = hours_measure(&f->own, &row->of, &m->v, err);

	if (rc == 0 && control->kind) {
		rc = hours_measure(other, control, &m->control, err);
		m->has_control = rc == 0;
	}
	if (rc < 0) {
		err_ctx(err, "%s", row->label);
		return rc;
	}
	m->day = xcalloc((size_t)p->n_day + 1, sizeof(*m->day));
	memcpy(m->day, p->day, (size_t)p->n_day * sizeof(*m->day));
	for (int i = 0; i < p->n_day; i++) {
		if (p->day[i].arm == ARM_NONE) {
			leave_out_day(m, i, p->d);
			continue;
		}
		row->hours_planned[p->day[i].arm] += p->d->to_h - p->d->from_h;
		row->hours[p->day[i].arm] += judge_day(s, p, &f->own, m, i, bit);
	}
	judge_blocks(s, p, &f->own, m, bit, row->hours);
	return 0;
}

static struct trial trial_of(const struct plan *p, const struct made *m, int n_block)
{
	const struct design *d = p->d;

	return (struct trial){ .n_day = p->n_day,
			       .day = m->day,
			       .n_block = n_block,
			       .paired = d->kind == DESIGN_SWITCH_BACK,
			       .alpha = d->alpha,
			       .power = d->power,
			       .target = d->target,
			       .seed = d->seed };
}

/* expect: n_block of a design to come, or NULL. */
static int judge(struct study *s, const struct plan *p, const struct files *f,
		 struct study_row *row, const struct measure_of *control, unsigned bit,
		 const int *expect, struct err *err)
{
	struct made m = { 0 };
	struct err why = { 0 };
	struct trial t;
	int rc = make(&m, s, p, f, row, control, bit, err);

	if (rc == 0) {
		struct panel own = { m.v.num, m.v.den };
		struct panel other = { m.control.num, m.control.den };
		const struct panel *taken_off = m.has_control ? &other : NULL;

		t = trial_of(p, &m, expect ? p->n_day / p->d->block_days : design_blocks(p->d));
		row->known =
			(expect ? trial_plan(&t, &own, taken_off, expect, &row->effect, &why)
				: trial_effect(&t, &own, taken_off, &row->effect, &why)) == 0;
		str_copy(row->why_not, sizeof(row->why_not), why.msg);
	}
	made_clear(&m);
	return rc;
}

static int judge_metrics(struct study *s, const struct plan *p, const struct files *f,
			 const int *expect, struct err *err)
{
	struct effect tests[DESIGN_METRICS];
	const struct design *d = p->d;
	int rc = 0;

	for (int i = 0; i < d->n_metric && rc == 0; i++) {
		str_copy(s->row[i].label, sizeof(s->row[i].label), d->metric[i].label);
		s->row[i].of = d->metric[i].of;
		rc = judge(s, p, f, &s->row[i], &d->metric[i].control, 1u << i, expect, err);
		tests[i] = s->row[i].effect;
		tests[i].p = s->row[i].known ? tests[i].p : NAN;
	}
	trial_holm(tests, rc == 0 ? d->n_metric : 0);
	for (int i = 0; i < d->n_metric && rc == 0; i++)
		s->row[i].effect.p_holm = tests[i].p_holm;
	join_missing(s);
	return rc;
}

/* ---- Flows: every line and zone, outside of the tests ---- */

static void add_flow(struct study *s, const struct plan *p, const struct files *f,
		     const struct hours_place *at, enum measure_kind kind)
{
	const struct measure_of none = { MEASURE_NOTHING, "", "" };
	struct study scratch = { 0 };
	struct study_row row = { .of = { .kind = kind } };

	str_copy(row.of.place, sizeof(row.of.place), at->place.info.name);
	str_copy(row.of.camera, sizeof(row.of.camera), at->camera);
	snprintf(row.label, sizeof(row.label), "%s, %s", at->place.info.name,
		 kind == MEASURE_IN    ? at->place.info.in_label
		 : kind == MEASURE_OUT ? at->place.info.out_label
				       : "visits");
	if (judge(&scratch, p, f, &row, &none, 0, NULL, NULL) == 0)
		s->flow[s->n_flow++] = row;
	VEC_FREE(&scratch.missing);
}

static void add_flows(struct study *s, const struct plan *p, const struct files *f)
{
	s->flow = xcalloc(2 * (size_t)f->own.n_place + 1, sizeof(*s->flow));
	for (int i = 0; i < f->own.n_place; i++) {
		const struct hours_place *at = &f->own.place[i];

		if (!at->watched)
			continue;
		if (at->place.info.kind == PLACE_ZONE) {
			add_flow(s, p, f, at, MEASURE_VISITS);
		} else {
			add_flow(s, p, f, at, MEASURE_IN);
			add_flow(s, p, f, at, MEASURE_OUT);
		}
	}
}

/* ---- Heat ---- */

struct heat_pass {
	struct study *s;
	const struct plan *p;
	const struct hours *h;
	int64_t quarter; /* the one that arm is of */
	enum arm arm;
};

/* The arm of a minute in counted hours, exclusions apart; coverage needs no rule here, as it is
 * divided by. */
static enum arm arm_of(struct heat_pass *pass, int64_t start_us)
{
	int day, hour;
	char date[11];

	if (start_us / (15 * CLOCK_MINUTE_US) == pass->quarter)
		return pass->arm;
	pass->quarter = start_us / (15 * CLOCK_MINUTE_US);
	pass->arm = ARM_NONE;
	if (hours_slot(pass->h, start_us, &day, &hour) && hour >= pass->p->d->from_h &&
	    hour < pass->p->d->to_h &&
	    !excluded_find(&pass->p->d->excluded, clock_date_text(pass->h->first + day, date),
			   hour) &&
	    !(pass->p->change[day] && hour - pass->p->d->from_h < pass->p->d->washout_h))
		pass->arm = pass->p->day[day].arm;
	return pass->arm;
}

static struct study_heat *heat_of(struct study *s, int camera)
{
	for (int i = 0; i < s->n_heat; i++)
		if (s->heat[i].camera.id == camera)
			return &s->heat[i];
	return NULL;
}

static int on_heat_cover(void *arg, const struct minute_cover *m)
{
	struct heat_pass *pass = arg;
	struct study_heat *heat = heat_of(pass->s, m->camera);
	enum arm arm = arm_of(pass, m->start_us);

	if (heat && arm != ARM_NONE)
		heat->observed_h[arm] += m->observed_s / 3600;
	return 0;
}

static int on_heat(void *arg, const struct minute_heat *m)
{
	struct heat_pass *pass = arg;
	struct study_heat *heat = heat_of(pass->s, m->camera);
	enum arm arm = arm_of(pass, m->start_us);

	for (int i = 0; heat && arm != ARM_NONE && i < m->n; i++)
		if (m->cells[i].cell < HEAT_COLS * HEAT_ROWS)
			heat->cells[arm][m->cells[i].cell] += m->cells[i].person_s;
	return 0;
}

static int add_heat(struct study *s, const struct plan *p, const struct hours *h,
		    struct query *q, struct err *err)
{
	struct heat_pass pass = { .s = s, .p = p, .h = h, .quarter = -1, .arm = ARM_NONE };
	const struct query_minutes fn = { .cover = on_heat_cover,
					  .heat = on_heat,
					  .arg = &pass };
	const struct query_camera *camera;
	int n = query_cameras(q, &camera, err), rc;

	if (n < 0)
		return n;
	s->heat = xcalloc((size_t)n + 1, sizeof(*s->heat));
	for (; s->n_heat < n; s->n_heat++) {
		s->heat[s->n_heat].camera = camera[s->n_heat];
		for (int a = 0; a < 2; a++)
			s->heat[s->n_heat].cells[a] =
				xcalloc(HEAT_COLS * HEAT_ROWS, sizeof(float));
	}
	rc = query_minutes(q, h->from_us[0], h->from_us[h->n_day], &fn, err);
	for (int i = 0; i < s->n_heat && rc >= 0; i++)
		for (int a = 0; a < 2; a++)
			for (int k = 0; k < HEAT_COLS * HEAT_ROWS; k++)
				if (s->heat[i].observed_h[a] > 0)
					s->heat[i].cells[a][k] /=
						(float)s->heat[i].observed_h[a];
	return rc < 0 ? rc : 0;
}

/* ---- All together ---- */

static int read_files(struct study *s, struct files *f, int first, int n_day, struct query *q,
		      struct query *control, struct err *err)
{
	int rc = hours_read(&f->own, q, first, n_day, err);

	if (rc < 0)
		return rc;
	s->store = f->own.store;
	s->from_us = f->own.from_us[0];
	s->to_us = f->own.from_us[n_day];
	rc = query_params(q, 0, s->from_us, s->to_us, s->params, sizeof(s->params), err);
	if (rc < 0 || !control)
		return rc < 0 ? rc : 0;
	if ((rc = hours_read(&f->control, control, first, n_day, err)) < 0)
		return rc;
	f->has_control = true;
	s->control = f->control.store;
	if (f->control.from_us[0] != s->from_us || strcmp(s->store.zone, s->control.zone) != 0)
		return err_set(err, ERR_STATE,
			       "the control store's days are not the store's: its zone is %s "
			       "and its day begins %d s after midnight",
			       s->control.zone, s->control.business_day_start_s);
	rc = query_params(control, 0, s->from_us, s->to_us, s->control_params,
			  sizeof(s->control_params), err);
	return rc < 0 ? rc : 0;
}

static int none_used(const struct study *s, const struct design *d, struct err *err)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	for (int i = 0; i < d->n_metric; i++)
		if (s->row[i].hours[0] + s->row[i].hours[1] > 0)
			return 0;
	return err_set(err, ERR_STATE,
		       "not one hour of the study (%.10s to %.10s) could be used; first: %s",
		       clock_text_local(s->from_us, from), clock_text_local(s->to_us - 1, to),
		       s->missing.n ? s->missing.v[0].why : "no hour is planned");
}

int study_run(struct study *s, const struct design *design, struct query *q,
	      struct query *control, struct err *err)
{
	struct study made = { .design = design };
	struct files f = { 0 };
	struct plan p = { 0 };
	int first = lay_out(&p, design), rc;

	if ((rc = read_files(&made, &f, first, p.n_day, q, control, err)) < 0 ||
	    (rc = judge_metrics(&made, &p, &f, NULL, err)) < 0 ||
	    (rc = none_used(&made, design, err)) < 0)
		goto out;
	add_flows(&made, &p, &f);
	rc = add_heat(&made, &p, &f.own, q, err);
out:
	hours_clear(&f.own);
	hours_clear(&f.control);
	plan_clear(&p);
	if (rc < 0)
		study_clear(&made);
	else
		*s = made;
	return rc;
}

int study_expect(struct study *s, const struct design *design, struct query *q,
		 struct query *control, struct err *err)
{
	struct study made = { .design = design };
	struct files f = { 0 };
	struct plan p = { 0 };
	int n = design_blocks(design), first, last, begin, rc;
	int n_block[2] = { n / 2, n / 2 };
	char date[11];
	enum arm arm;

	design_day(design, 0, date, &arm, &n);
	begin = excluded_day(date);
	if (design->kind != DESIGN_SWITCH_BACK) {
		/* What was before is known when a design is made: it is history. */
		begin = excluded_day(design->period[0].to) + 1;
		n_block[0] =
			(begin - excluded_day(design->period[0].from)) / design->block_days;
		n_block[1] = design_blocks(design) - n_block[0];
	}
	if ((rc = hours_span(q, &first, &last, err)) < 0)
		return rc;
	first = lay_history(&p, design, first, begin < last + 1 ? begin : last + 1);
	if (!p.n_day)
		rc = err_set(err, ERR_STATE, "no whole block of days lies before the study");
	if (rc == 0 && (rc = read_files(&made, &f, first, p.n_day, q, control, err)) == 0)
		rc = judge_metrics(&made, &p, &f, n_block, err);
	hours_clear(&f.own);
	hours_clear(&f.control);
	plan_clear(&p);
	if (rc < 0)
		study_clear(&made);
	else
		*s = made;
	return rc;
}

void study_clear(struct study *s)
{
	for (int i = 0; i < s->n_heat; i++)
		for (int a = 0; a < 2; a++)
			free(s->heat[i].cells[a]);
	free(s->heat);
	free(s->flow);
	VEC_FREE(&s->missing);
	*s = (struct study){ 0 };
}
