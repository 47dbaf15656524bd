/* SPDX-License-Identifier: Apache-2.0 */
/* study_says.c -- what may and may not be concluded, in plain words. */
#include "base/clock.h"
#include "study/study.h"

#include <math.h>
#include <string.h>

#define MANY_LEFT_OUT 0.2 /* of the planned hours: worth a loud word */

struct saying {
	const struct study *s;
	void (*say)(void *arg, enum study_tone tone, const char *text);
	void *arg;
	struct str text; /* of the sentence that is being made */
	int n;
};

static void end_sentence(struct saying *y, enum study_tone tone)
{
	y->say(y->arg, tone, y->text.s);
	str_clear(&y->text);
	y->n++;
}

void study_percent(struct str *out, double share, int decimals)
{
	double v = 100 * share;

	if (isnan(v))
		str_add(out, "-");
	else if (!(fabs(v) < 1e6))
		str_add(out, v > 0 ? "without end" : "-100 %");
	else
		str_addf(out, "%s%.*f %%", v < 0 ? "\xe2\x88\x92" : "+", decimals, fabs(v));
}

static const char *arm_name(const struct study *s, int arm)
{
	if (s->design->kind == DESIGN_SWITCH_BACK)
		return arm ? "under layout B" : "under layout A";
	return arm ? "after" : "before";
}

static void add_day(struct str *out, int64_t t_us)
{
	char text[CLOCK_TEXT];

	str_addf(out, "%.10s", clock_text_local(t_us, text));
}

/* ---- How it was set up ---- */

static void say_register(struct saying *y)
{
	const struct study_register *r = &y->s->reg;
	const char *hash = y->s->design->hash;
	bool changed = r->n && strcmp(r->first_hash, hash) != 0;

	if (!r->n)
		str_add(&y->text, "This design was never registered: nobody can tell whether "
				  "it was written before or after the data was looked at. Take "
				  "the results as a hint, not as a test.");
	else if (!r->is_registered)
		str_addf(&y->text,
			 "THE DESIGN WAS CHANGED: %.12s... was registered, this one is "
			 "%.12s... and is not. The results are no test of what was planned.",
			 r->first_hash, hash);
	else if (changed) {
		str_addf(&y->text, "THE DESIGN WAS CHANGED: %.12s... was registered first, on ",
			 r->first_hash);
		add_day(&y->text, r->first_us);
		str_addf(&y->text, "; this one, %.12s..., only on ", hash);
		add_day(&y->text, r->t_us);
		str_add(&y->text, ".");
	}
	if (y->text.len)
		end_sentence(y, STUDY_LOUD);
	if (r->is_registered && r->t_us >= y->s->b_us) {
		str_add(&y->text, "The design was registered on ");
		add_day(&y->text, r->t_us);
		str_addf(&y->text, ", %s: the data could have been looked at before.",
			 r->t_us >= y->s->to_us ? "after the study's last day"
						: "when B had begun already");
		end_sentence(y, STUDY_LOUD);
	}
}

static void say_hours(struct saying *y)
{
	const struct study *s = y->s;

	for (int i = 0; i < s->design->n_metric; i++)
		for (int a = 0; a < 2; a++) {
			const struct study_row *r = &s->row[i];
			int missing = r->hours_planned[a] - r->hours[a];

			if (missing <= MANY_LEFT_OUT * r->hours_planned[a])
				continue;
			str_addf(&y->text,
				 "%s: %d of the %d hours %s had to be left out (the list below "
				 "says why). What happened in them is not in the result.",
				 r->label, missing, r->hours_planned[a], arm_name(s, a));
			end_sentence(y, STUDY_LOUD);
		}
}

/* ---- Each metric ---- */

static void add_interval(struct str *out, const struct study *s, const struct effect *e)
{
	str_addf(out, "%g %% interval: ", 100 * (1 - s->design->alpha));
	study_percent(out, e->lo, 1);
	str_add(out, " to ");
	study_percent(out, e->hi, 1);
}

static void say_found(struct saying *y, const struct study_row *r)
{
	const struct effect *e = &r->effect;

	str_addf(&y->text, "%s: %.1f %% %s %s than %s", r->label, 100 * fabs(e->ratio),
		 e->ratio < 0 ? "lower" : "higher", arm_name(y->s, 1), arm_name(y->s, 0));
	if (y->s->design->kind == DESIGN_CONTROL)
		str_add(&y->text, ", beyond what its control did,");
	str_add(&y->text, " (");
	add_interval(&y->text, y->s, e);
	str_addf(&y->text, "). Chance alone makes a difference this large with p = %.3g%s.",
		 e->p_holm,
		 y->s->design->n_metric > 1 ? ", corrected for the number of metrics" : "");
	end_sentence(y, STUDY_MAY);
}

static void say_not_found(struct saying *y, const struct study_row *r)
{
	const struct design *d = y->s->design;
	const struct effect *e = &r->effect;

	str_addf(&y->text, "That \xe2\x80\x9c%s\xe2\x80\x9d changed: ", r->label);
	if (e->p <= d->alpha)
		str_addf(&y->text,
			 "alone, its difference (p = %.3g) would have counted, but among %d "
			 "metrics chance makes one like it too easily (corrected p = %.3g). It "
			 "is a reason for another study, no finding (",
			 e->p, d->n_metric, e->p_holm);
	else
		str_add(&y->text, "the difference seen may be chance. Nor that it stayed the "
				  "same (");
	add_interval(&y->text, y->s, e);
	str_addf(&y->text, "; this study finds a change with %g %% probability only from ",
		 100 * d->power);
	study_percent(&y->text, e->mde, 1);
	str_add(&y->text, " on).");
	end_sentence(y, STUDY_MAY_NOT);
	if (e->hi < d->target && e->lo > 1 / (1 + d->target) - 1) {
		str_addf(&y->text, "%s: a change by %g %% or more, up or down, is ruled out.",
			 r->label, 100 * d->target);
		end_sentence(y, STUDY_MAY);
	}
}

static void say_metric(struct saying *y, const struct study_row *r)
{
	if (!r->known) {
		str_addf(&y->text, "Anything about \xe2\x80\x9c%s\xe2\x80\x9d: %s.", r->label,
			 r->why_not);
		end_sentence(y, STUDY_MAY_NOT);
	} else if (r->effect.p_holm <= y->s->design->alpha) {
		say_found(y, r);
	} else {
		say_not_found(y, r);
	}
}

/* ---- What no number says ---- */

static bool found_any(const struct study *s)
{
	for (int i = 0; i < s->design->n_metric; i++)
		if (s->row[i].known && s->row[i].effect.p_holm <= s->design->alpha)
			return true;
	return false;
}

static void say_cause(struct saying *y)
{
	const struct design *d = y->s->design;

	if (!found_any(y->s))
		return;
	if (d->kind == DESIGN_SWITCH_BACK && d->by_lot) {
		str_add(&y->text, "That the layout is the cause: which days had which layout "
				  "was decided by lot, so weather, season and weekdays are no "
				  "explanation.");
		end_sentence(y, STUDY_MAY);
	} else if (d->kind == DESIGN_SWITCH_BACK) {
		str_add(&y->text, "That the layout is the cause, for certain: the order was "
				  "fixed and not drawn by lot, so whatever has the same rhythm "
				  "would look alike.");
		end_sentence(y, STUDY_MAY_NOT);
	} else if (d->kind == DESIGN_CONTROL) {
		str_add(&y->text, "That the change is the cause, unless the control would have "
				  "gone the same way without it: what touched only one of the "
				  "two (a local event, stock, staff) looks the same.");
		end_sentence(y, STUDY_MAY_NOT);
	} else {
		str_add(&y->text,
			"That the change is the cause: season, prices, advertising, "
			"weather and neighbours changed from before to after as well, "
			"and nothing here tells them apart. A switch-back or a matched "
			"control can.");
		end_sentence(y, STUDY_MAY_NOT);
	}
}

static void say_rest(struct saying *y)
{
	str_add(&y->text, "Anything from the flows and the maps alone: they were not part of "
			  "the test. Among many places some always differ.");
	end_sentence(y, STUDY_MAY_NOT);
	str_add(&y->text, "Anything about sales, or about other stores and seasons.");
	end_sentence(y, STUDY_MAY_NOT);
}

int study_says(const struct study *s,
	       void (*say)(void *arg, enum study_tone tone, const char *text), void *arg)
{
	struct saying y = { .s = s, .say = say, .arg = arg, .text = STR_INIT };

	say_register(&y);
	say_hours(&y);
	for (int i = 0; i < s->design->n_metric; i++)
		say_metric(&y, &s->row[i]);
	say_cause(&y);
	say_rest(&y);
	str_clear(&y.text);
	return y.n;
}
