/* SPDX-License-Identifier: Apache-2.0 */
/* study_json.c -- a study as one document; its form is in study.schema.json. */
#include "base/clock.h"
#include "study/study.h"

#include <math.h>
#include <string.h>

static void add_string(struct str *out, const char *s)
{
	str_add(out, "\"");
	for (; *s; s++)
		if (*s == '"' || *s == '\\')
			str_addf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			str_addf(out, "\\u%04x", (unsigned)*s);
		else
			str_add_n(out, s, 1);
	str_add(out, "\"");
}

static void add_text(struct str *out, const char *key, const char *value)
{
	str_addf(out, "\"%s\": ", key);
	add_string(out, value);
}

/* Ten digits: the rest is rounding, not knowledge. */
static void add_number(struct str *out, const char *key, double v)
{
	if (isfinite(v))
		str_addf(out, "\"%s\": %.10g", key, v);
	else
		str_addf(out, "\"%s\": null", key);
}

static void add_time(struct str *out, const char *key, int64_t t_us)
{
	char text[CLOCK_TEXT];

	str_addf(out, "\"%s\": \"%s\"", key, clock_text_utc(t_us, text));
}

static void add_numbers(struct str *out, const struct effect *e, bool test)
{
	const struct {
		const char *key;
		double v;
	} all[] = {
		{ "a", e->level[0] },
		{ "b", e->level[1] },
		{ "effect", e->ratio },
		{ "lo", e->lo },
		{ "hi", e->hi },
		{ "p", test ? e->p : NAN },
		{ "p_holm", test ? e->p_holm : NAN },
		{ "p_check", test ? e->check_p : NAN },
		{ "log_se", e->se },
		{ "df", e->df },
		{ "day_correlation", e->day_correlation },
		{ "minimum_detectable_effect", e->mde },
		{ "power_at_target", e->power_target },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		str_add(out, ", ");
		add_number(out, all[i].key, all[i].v);
	}
	str_addf(out, ", \"blocks_a\": %d, \"blocks_b\": %d, \"blocks_left_out\": %d",
		 e->n_block[0], e->n_block[1], e->n_dropped);
}

static void add_row(struct str *out, const struct study_row *r, bool test)
{
	str_add(out, "{ ");
	add_text(out, "label", r->label);
	str_add(out, ", ");
	add_text(out, "measure", measure_of_word(r->of.kind));
	str_add(out, ", ");
	add_text(out, "camera", r->of.camera);
	str_add(out, ", ");
	add_text(out, "place", r->of.place);
	str_add(out, ", ");
	add_text(out, "unit", measure_unit(r->of.kind));
	str_addf(out,
		 ", \"hours_a\": %d, \"hours_b\": %d, \"hours_planned_a\": %d, "
		 "\"hours_planned_b\": %d",
		 r->hours[0], r->hours[1], r->hours_planned[0], r->hours_planned[1]);
	if (r->known) {
		add_numbers(out, &r->effect, test);
	} else {
		str_add(out, ", ");
		add_text(out, "not_known_because", r->why_not);
	}
	str_add(out, " }");
}

static void add_register(struct str *out, const struct study *s)
{
	const struct study_register *r = &s->reg;

	str_addf(out, "  \"registered\": { \"this_design\": %s, \"changed\": %s",
		 r->is_registered ? "true" : "false",
		 r->n && strcmp(r->first_hash, s->design->hash) != 0 ? "true" : "false");
	if (r->is_registered) {
		str_add(out, ", ");
		add_time(out, "at_utc", r->t_us);
	}
	if (r->n) {
		str_add(out, ", ");
		add_text(out, "first_sha256", r->first_hash);
		str_add(out, ", ");
		add_time(out, "first_at_utc", r->first_us);
	}
	str_add(out, " },\n");
}

static void add_design(struct str *out, const struct design *d)
{
	str_add(out, "  \"design\": { ");
	add_text(out, "name", d->name);
	str_add(out, ", ");
	add_text(out, "kind", design_kind_word[d->kind]);
	str_add(out, ", ");
	add_text(out, "sha256", d->hash);
	str_addf(out,
		 ", \"alpha\": %g, \"power\": %g, \"target\": %g, \"coverage\": %g, "
		 "\"hours_from\": %d, \"hours_to\": %d, \"block_days\": %d, \"seed\": "
		 "%llu },\n",
		 d->alpha, d->power, d->target, d->coverage, d->from_h, d->to_h, d->block_days,
		 (unsigned long long)d->seed);
}

struct saying {
	struct str *out;
	int n;
};

static void say(void *arg, enum study_tone tone, const char *text)
{
	struct saying *y = arg;

	str_addf(y->out, "%s    { \"kind\": \"%s\", ", y->n++ ? ",\n" : "",
		 tone == STUDY_LOUD  ? "warning"
		 : tone == STUDY_MAY ? "may"
				     : "may_not");
	add_text(y->out, "text", text);
	str_add(y->out, " }");
}

static void add_missing(struct str *out, const struct study *s)
{
	str_add(out, "  \"left_out\": [");
	for (size_t i = 0; i < s->missing.n; i++) {
		const struct study_missing *m = &s->missing.v[i];
		int n = 0;

		str_addf(out,
			 "%s\n    { \"day\": \"%s\", \"from_hour\": %d, \"to_hour\": %d, "
			 "\"arm\": \"%s\", ",
			 i ? "," : "", m->date, m->from_h, m->to_h,
			 m->arm == ARM_B ? "b" : "a");
		add_text(out, "why", m->why);
		str_add(out, ", \"metrics\": [");
		for (int k = 0; k < s->design->n_metric; k++)
			if (m->metrics >> k & 1) {
				str_add(out, n++ ? ", " : "");
				add_string(out, s->design->metric[k].label);
			}
		str_add(out, "] }");
	}
	str_add(out, "\n  ]\n}\n");
}

void study_json(const struct study *s, struct str *out)
{
	struct saying y = { .out = out };

	str_add(out, "{\n  \"format\": \"footfall-study-1\",\n  ");
	add_text(out, "store", s->store.name);
	str_add(out, ",\n  ");
	add_text(out, "control_store", s->control.name);
	str_add(out, ",\n  ");
	add_text(out, "time_zone", s->store.zone);
	str_add(out, ",\n  ");
	add_time(out, "start_utc", s->from_us);
	str_add(out, ",\n  ");
	add_time(out, "end_utc", s->to_us);
	str_add(out, ",\n  ");
	add_text(out, "params_ids", s->params);
	str_add(out, ",\n  ");
	add_text(out, "control_params_ids", s->control_params);
	str_add(out, ",\n");
	add_design(out, s->design);
	add_register(out, s);
	str_add(out, "  \"says\": [\n");
	study_says(s, say, &y);
	str_add(out, "\n  ],\n  \"metrics\": [");
	for (int i = 0; i < s->design->n_metric; i++) {
		str_add(out, i ? ",\n    " : "\n    ");
		add_row(out, &s->row[i], true);
	}
	str_add(out, "\n  ],\n  \"flows\": [");
	for (int i = 0; i < s->n_flow; i++) {
		str_add(out, i ? ",\n    " : "\n    ");
		add_row(out, &s->flow[i], false);
	}
	str_add(out, "\n  ],\n");
	add_missing(out, s);
}
