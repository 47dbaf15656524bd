/* SPDX-License-Identifier: Apache-2.0 */
/* design.c -- reading a study file; a table says what may stand in it. */
#include "study/design.h"

#include "base/file.h"
#include "base/ini.h"
#include "base/rng.h"
#include "base/str.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const design_kind_word[] = { "", "before-after", "switch-back", "matched-control" };

enum key_type { KEY_TEXT, KEY_KIND, KEY_PERCENT, KEY_NUMBER, KEY_HOURS, KEY_DATE, KEY_ORDER };

/* For which designs a key is. */
enum {
	PERIODS = 1 << DESIGN_BEFORE_AFTER | 1 << DESIGN_CONTROL,
	SWITCHES = 1 << DESIGN_SWITCH_BACK,
	ALL = PERIODS | SWITCHES
};

struct key {
	const char *section, *name;
	enum key_type type;
	size_t at;
	int of; /* designs */
	bool must;
	double min, max; /* percent, number */
	const char *expect;
};

#define AT(member) offsetof(struct design, member)
#define A_DAY "a day like 2026-03-02"

static const struct key keys[] = {
	{ "study", "name", KEY_TEXT, AT(name), ALL, true, 0, 0, "1 to 95 plain characters" },
	{ "study", "design", KEY_KIND, AT(kind), ALL, true, 0, 0,
	  "before-after, switch-back or matched-control" },
	{ "study", "alpha", KEY_PERCENT, AT(alpha), ALL, false, 0.1, 20, "0.1 % to 20 %" },
	{ "study", "power", KEY_PERCENT, AT(power), ALL, false, 50, 99, "50 % to 99 %" },
	{ "study", "target", KEY_PERCENT, AT(target), ALL, false, 0.1, 500, "0.1 % to 500 %" },
	{ "study", "coverage", KEY_PERCENT, AT(coverage), ALL, false, 1, 100, "1 % to 100 %" },
	{ "study", "hours", KEY_HOURS, AT(from_h), ALL, true, 0, 0, "hours like 9-21" },
	{ "study", "block_days", KEY_NUMBER, AT(block_days), ALL, false, 1, 56,
	  "1 to 56 days" },
	{ "study", "seed", KEY_NUMBER, AT(seed), ALL, false, 0, 1e9, "0 to 1000000000" },
	{ "before", "from", KEY_DATE, AT(period[0].from), PERIODS, true, 0, 0, A_DAY },
	{ "before", "to", KEY_DATE, AT(period[0].to), PERIODS, true, 0, 0, A_DAY },
	{ "after", "from", KEY_DATE, AT(period[1].from), PERIODS, true, 0, 0, A_DAY },
	{ "after", "to", KEY_DATE, AT(period[1].to), PERIODS, true, 0, 0, A_DAY },
	{ "schedule", "from", KEY_DATE, AT(from), SWITCHES, true, 0, 0, A_DAY },
	{ "schedule", "blocks", KEY_NUMBER, AT(n_block), SWITCHES, true, 4, 400,
	  "an even number from 4 to 400" },
	{ "schedule", "order", KEY_ORDER, AT(by_lot), SWITCHES, true, 0, 0,
	  "lot (drawn from the seed, within pairs) or alternate" },
	{ "schedule", "washout_hours", KEY_NUMBER, AT(washout_h), SWITCHES, false, 0, 23,
	  "0 to 23" },
};

#define N_KEYS ((int)(sizeof(keys) / sizeof(keys[0])))

struct reading {
	struct design *d;
	int seen[N_KEYS]; /* line, 0: not seen */
	int control_line, metrics_line;
	VEC(struct ini_item) control; /* [control], until all metrics are known */
	int line;                     /* of the first problem; 0: none */
	struct err err;
};

static void problem(void *arg, int line, const char *why)
{
	struct reading *r = arg;

	if (r->line)
		return;
	r->line = line;
	err_set(&r->err, ERR_CONFIG, "%s", why);
}

/* "5 %" or "5%" */
static bool take_percent(const struct key *k, const char *value, double *share)
{
	size_t n = strlen(value);
	char *number = xstrndup(value, n ? n - 1 : 0);
	double v;
	bool ok;

	for (size_t i = strlen(number); i && number[i - 1] == ' '; i--)
		number[i - 1] = '\0';
	ok = n && value[n - 1] == '%' && str_to_double(number, &v) && v >= k->min &&
	     v <= k->max;
	if (ok)
		*share = v / 100;
	free(number);
	return ok;
}

static bool take_number(const struct key *k, const char *value, void *at)
{
	int64_t v;

	if (!str_to_i64(value, &v) || (double)v < k->min || (double)v > k->max)
		return false;
	if (k->at == AT(seed))
		*(uint64_t *)at = (uint64_t)v;
	else
		*(int *)at = (int)v;
	return true;
}

static bool take_hours(const char *value, int *hours)
{
	int from, to, end = 0;

	if (strspn(value, "0123456789-") != strlen(value) ||
	    sscanf(value, "%2d-%2d%n", &from, &to, &end) != 2 || value[end] || from < 0 ||
	    from >= to || to > 24)
		return false;
	hours[0] = from; /* from_h, to_h */
	hours[1] = to;
	return true;
}

_Static_assert(AT(to_h) == AT(from_h) + sizeof(int), "taken as a pair");

static bool take_word(const char *value, const char *const *words, int n, int *v)
{
	for (int i = 0; i < n; i++)
		if (*words[i] && !strcmp(value, words[i])) {
			*v = i;
			return true;
		}
	return false;
}

static bool take(const struct key *k, const char *value, struct design *d)
{
	static const char *const orders[] = { "alternate", "lot" };
	void *at = (char *)d + k->at;
	int word = 0;
	bool ok = false;

	switch (k->type) {
	case KEY_TEXT:
		ok = *value && str_is_clean(value) && str_copy(at, sizeof(d->name), value);
		break;
	case KEY_KIND:
		ok = take_word(value, design_kind_word, 4, &word);
		d->kind = (enum design_kind)word;
		break;
	case KEY_PERCENT:
		ok = take_percent(k, value, at);
		break;
	case KEY_NUMBER:
		ok = take_number(k, value, at);
		break;
	case KEY_HOURS:
		ok = take_hours(value, at);
		break;
	case KEY_DATE:
		ok = excluded_is_day(value) && str_copy(at, 11, value);
		break;
	case KEY_ORDER:
		ok = take_word(value, orders, 2, &word);
		d->by_lot = word == 1;
		break;
	}
	return ok;
}

static void take_metric(struct reading *r, const struct ini_item *it)
{
	struct design *d = r->d;
	struct design_metric m = { .label = "" };
	struct err e;

	r->metrics_line = it->line;
	if (d->n_metric == DESIGN_METRICS)
		problem(r, it->line, "[metrics]: expected at most 16 metrics");
	else if (!str_copy(m.label, sizeof(m.label), it->key) || !str_is_clean(it->key))
		problem(r, it->line, "[metrics]: expected a label of at most 63 characters");
	else if (measure_of_parse(&m.of, it->value, &e) < 0) {
		err_ctx(&e, "[metrics] %s", it->key);
		problem(r, it->line, e.msg);
	} else
		d->metric[d->n_metric++] = m;
}

static void keep_control(struct reading *r, const struct ini_item *it)
{
	r->control_line = it->line;
	*VEC_PUSH(&r->control) =
		(struct ini_item){ "control", xstrdup(it->key), xstrdup(it->value), it->line };
}

static void unknown_key(struct reading *r, const struct ini_item *it)
{
	static const char *const sections[] = { "study", "metrics",  "control", "before",
						"after", "schedule", "exclude", "holidays" };
	const char *names[N_KEYS], *near;
	size_t n = 0;
	struct str s = STR_INIT;

	for (int i = 0; i < N_KEYS; i++)
		if (!strcmp(keys[i].section, it->section))
			names[n++] = keys[i].name;
	near = n ? str_nearest(it->key, names, n) : str_nearest(it->section, sections, 8);
	str_addf(&s, n ? "[%s] %s: unknown key" : "[%s]: unknown section", it->section,
		 it->key);
	if (near)
		str_addf(&s, "; did you mean '%s'?", near);
	problem(r, it->line, s.s);
	str_clear(&s);
}

static void on_item(void *arg, const struct ini_item *it)
{
	struct reading *r = arg;
	struct err e;

	if (!strcmp(it->section, "metrics")) {
		take_metric(r, it);
		return;
	}
	if (!strcmp(it->section, "control")) {
		keep_control(r, it);
		return;
	}
	if (!strcmp(it->section, "exclude") || !strcmp(it->section, "holidays")) {
		if (excluded_add(&r->d->excluded, it->key, it->value, it->section[0] == 'h',
				 &e) < 0) {
			err_ctx(&e, "[%s]", it->section);
			problem(r, it->line, e.msg);
		}
		return;
	}
	for (int i = 0; i < N_KEYS; i++)
		if (!strcmp(keys[i].section, it->section) && !strcmp(keys[i].name, it->key)) {
			r->seen[i] = it->line;
			if (take(&keys[i], it->value, r->d))
				return;
			err_set(&e, ERR_CONFIG, "[%s] %s: '%.60s'; expected %s", it->section,
				it->key, it->value, keys[i].expect);
			problem(r, it->line, e.msg);
			return;
		}
	unknown_key(r, it);
}

/* ---- What the lines say together ---- */

static int line_of(const struct reading *r, size_t at)
{
	for (int i = 0; i < N_KEYS; i++)
		if (keys[i].at == at)
			return r->seen[i];
	return 0;
}

static void check_keys(struct reading *r)
{
	struct err e;

	for (int i = 0; i < N_KEYS && r->d->kind; i++) {
		const struct key *k = &keys[i];
		bool wanted = k->of >> r->d->kind & 1;

		if (wanted && k->must && !r->seen[i])
			err_set(&e, ERR_CONFIG, "[%s] %s: missing; expected %s", k->section,
				k->name, k->expect);
		else if (!wanted && r->seen[i])
			err_set(&e, ERR_CONFIG, "[%s] %s: not for a %s study", k->section,
				k->name, design_kind_word[r->d->kind]);
		else
			continue;
		problem(r, r->seen[i] ? r->seen[i] : line_of(r, AT(kind)), e.msg);
	}
}

static int days_between(const char *from, const char *to)
{
	return excluded_day(to) - excluded_day(from) + 1;
}

static void check_periods(struct reading *r)
{
	const struct design *d = r->d;
	struct err e;

	for (int a = 0; a < 2; a++) {
		int n = days_between(d->period[a].from, d->period[a].to);
		const char *name = a ? "after" : "before";

		if (n > 0 && n % d->block_days == 0 && n >= 2 * d->block_days)
			continue;
		err_set(&e, ERR_CONFIG,
			"[%s] to: %d days; expected at least two whole blocks of %d days", name,
			n, d->block_days);
		problem(r, line_of(r, AT(period[0].to) + (size_t)a * sizeof(d->period[0])),
			e.msg);
	}
	if (days_between(d->period[0].to, d->period[1].from) < 2)
		problem(r, line_of(r, AT(period[1].from)),
			"[after] from: expected a day after the end of [before]");
	if (days_between(d->period[0].from, d->period[1].to) > DESIGN_DAYS)
		problem(r, line_of(r, AT(period[1].to)),
			"[after] to: expected at most 800 days from begin to end");
}

static void check_schedule(struct reading *r)
{
	const struct design *d = r->d;
	struct err e;

	if (d->n_block % 2 || d->n_block * d->block_days > DESIGN_DAYS) {
		problem(r, line_of(r, AT(n_block)),
			"[schedule] blocks: expected an even number, of at most 800 days");
	} else if (trial_least_p(d->n_block / 2) > d->alpha) {
		err_set(&e, ERR_CONFIG,
			"[schedule] blocks: the orders of %d pairs cannot give a p-value of "
			"%g %% or less; expected more blocks",
			d->n_block / 2, 100 * d->alpha);
		problem(r, line_of(r, AT(n_block)), e.msg);
	}
}

static struct design_metric *metric_called(struct design *d, const char *label)
{
	for (int i = 0; i < d->n_metric; i++)
		if (!strcmp(d->metric[i].label, label))
			return &d->metric[i];
	return NULL;
}

static void check_controls(struct reading *r)
{
	struct design *d = r->d;
	struct err e;

	for (size_t i = 0; i < r->control.n; i++) {
		const struct ini_item *it = &r->control.v[i];
		struct design_metric *m = metric_called(d, it->key);

		if (d->kind != DESIGN_CONTROL)
			problem(r, it->line, "[control]: only for a matched-control study");
		else if (!m)
			problem(r, it->line, "[control]: expected a label of [metrics]");
		else if (measure_of_parse(&m->control, it->value, &e) < 0) {
			err_ctx(&e, "[control] %s", it->key);
			problem(r, it->line, e.msg);
		} else if (measure_is_count(m->of.kind) != measure_is_count(m->control.kind))
			problem(r, it->line,
				"[control]: a count needs a count, a ratio a ratio to be "
				"compared with");
	}
	for (int i = 0; i < d->n_metric && d->kind == DESIGN_CONTROL; i++)
		if (!d->metric[i].control.kind) {
			err_set(&e, ERR_CONFIG,
				"[control] %s: missing; expected what this metric is compared "
				"with",
				d->metric[i].label);
			problem(r, r->control_line ? r->control_line : r->metrics_line, e.msg);
		}
}

static void check(struct reading *r)
{
	struct design *d = r->d;

	if (!d->kind && !r->line)
		problem(r, 1,
			"[study] design: missing; expected before-after, switch-back or "
			"matched-control");
	check_keys(r);
	if (!d->n_metric)
		problem(r, line_of(r, AT(kind)), "[metrics]: expected at least one metric");
	if (!r->line && d->kind == DESIGN_SWITCH_BACK)
		check_schedule(r);
	else if (!r->line)
		check_periods(r);
	if (!r->line)
		check_controls(r);
}

int design_parse(struct design *d, const char *path, const char *text, size_t len,
		 struct err *err)
{
	struct design made = { .alpha = 0.05,
			       .power = 0.8,
			       .target = 0.1,
			       .coverage = 0.9,
			       .block_days = 7,
			       .seed = 1 };
	struct reading r = { .d = &made };
	const struct ini_sink sink = { .item = on_item, .problem = problem, .arg = &r };

	ini_text(text, len, &sink);
	check(&r);
	for (size_t i = 0; i < r.control.n; i++) {
		free((char *)r.control.v[i].key);
		free((char *)r.control.v[i].value);
	}
	VEC_FREE(&r.control);
	if (r.line) {
		design_clear(&made);
		return err_set(err, ERR_CONFIG, "%s:%d: %s", path, r.line, r.err.msg);
	}
	sha256_text(text, len, made.hash);
	*d = made;
	return 0;
}

int design_read(struct design *d, const char *path, struct err *err)
{
	char *text;
	size_t len;
	int rc = file_read(path, DESIGN_FILE_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	rc = design_parse(d, path, text, len, err);
	free(text);
	return rc;
}

void design_clear(struct design *d)
{
	excluded_clear(&d->excluded);
}

/* ---- Days ---- */

enum arm design_arm(const struct design *d, int g)
{
	bool b_first = d->by_lot && rng_hash(d->seed, (uint64_t)(g / 2)) & 1;

	return (g % 2 == 1) != b_first ? ARM_B : ARM_A;
}

int design_blocks(const struct design *d)
{
	int n = 0;

	if (d->kind == DESIGN_SWITCH_BACK)
		return d->n_block;
	for (int a = 0; a < 2; a++)
		n += days_between(d->period[a].from, d->period[a].to) / d->block_days;
	return n;
}

bool design_day(const struct design *d, int n, char date[11], enum arm *arm, int *block)
{
	bool switches = d->kind == DESIGN_SWITCH_BACK;
	int first = excluded_day(switches ? d->from : d->period[0].from), today = first + n;
	int before = 0;

	clock_date_text(today, date);
	*arm = ARM_NONE;
	*block = -1;
	if (switches) {
		*block = n / d->block_days;
		*arm = design_arm(d, *block);
		return *block < d->n_block;
	}
	for (int a = 0; a < 2; a++) {
		int from = excluded_day(d->period[a].from);

		if (today >= from && today <= excluded_day(d->period[a].to)) {
			*arm = (enum arm)a;
			*block = before + (today - from) / d->block_days;
		}
		before += days_between(d->period[a].from, d->period[a].to) / d->block_days;
	}
	return today <= excluded_day(d->period[1].to);
}
