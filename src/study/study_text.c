/* SPDX-License-Identifier: Apache-2.0 */
/* study_text.c -- a study for a terminal. */
#include "base/clock.h"
#include "report/words.h"
#include "study/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 96

/* Words wrapped at WIDTH, the first line after "mark". */
static void add_wrapped(struct str *out, const char *mark, const char *text)
{
	int indent = (int)strlen(mark), at = indent;

	str_add(out, mark);
	for (const char *s = text; *s;) {
		int len = (int)strcspn(s, " ");

		if (at > indent && at + 1 + len > WIDTH) {
			str_addf(out, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			str_add(out, " ");
			at++;
		}
		str_add_n(out, s, (size_t)len);
		at += len;
		s += len + (s[len] == ' ');
	}
	str_add(out, "\n");
}

static void say(void *arg, enum study_tone tone, const char *text)
{
	add_wrapped(arg,
		    tone == STUDY_LOUD  ? "  !!       "
		    : tone == STUDY_MAY ? "  may      "
					: "  may not  ",
		    text);
}

static void add_cell(struct str *out, double share, int width)
{
	struct str s = STR_INIT;

	study_percent(&s, share, 1);
	/* The minus sign has three bytes. */
	str_addf(out, "%*s", width + (isfinite(share) && share < 0 ? 2 : 0), s.s);
	str_clear(&s);
}

static void add_level(struct str *out, double v)
{
	str_addf(out, fabs(v) >= 100 ? " %9.0f" : fabs(v) >= 1 ? " %9.2f" : " %9.4f", v);
}

static void add_row(struct str *out, const struct study_row *r)
{
	str_add(out, "  ");
	words_column(out, r->label, 24);
	if (!r->known) {
		str_addf(out, "  %s\n", r->why_not);
		return;
	}
	add_level(out, r->effect.level[0]);
	add_level(out, r->effect.level[1]);
	add_cell(out, r->effect.ratio, 10);
	add_cell(out, r->effect.lo, 10);
	add_cell(out, r->effect.hi, 10);
	if (!isnan(r->effect.p_holm) && r->effect.p_holm > 0)
		str_addf(out, " %8.4f", r->effect.p_holm);
	str_addf(out, "  %s\n", measure_unit(r->of.kind));
}

static void add_missing(struct str *out, const struct study *s)
{
	size_t shown = s->missing.n > 12 ? 10 : s->missing.n;

	if (!s->missing.n)
		return;
	str_add(out, "\nleft out:\n");
	for (size_t i = 0; i < shown; i++) {
		const struct study_missing *m = &s->missing.v[i];

		str_addf(out, "  %s %02d-%02d  %s\n", m->date, m->from_h, m->to_h, m->why);
	}
	if (shown < s->missing.n)
		str_addf(out, "  and %zu more (the page and the JSON name all)\n",
			 s->missing.n - shown);
}

static void add_head(struct str *out, const struct design *d)
{
	str_addf(out, "%s\n  %s, blocks of %d day%s, hours %d-%d\n  design %s\n", d->name,
		 design_kind_word[d->kind], d->block_days, d->block_days == 1 ? "" : "s",
		 d->from_h, d->to_h, d->hash);
}

void study_text(const struct study *s, struct str *out)
{
	const struct design *d = s->design;

	add_head(out, d);
	str_addf(out, "  %s%s%s, %s\n\n", s->store.name, *s->control.name ? " against " : "",
		 s->control.name, s->store.zone);
	str_addf(out, "  %-24s %9s %9s%10s%10s%10s %8s  unit\n", "", "A", "B", "effect", "from",
		 "to", "p (Holm)");
	for (int i = 0; i < d->n_metric; i++)
		add_row(out, &s->row[i]);
	str_add(out, "\nwhat may and what may not be concluded:\n");
	study_says(s, say, out);
	add_missing(out, s);
}

void study_plan_text(const struct design *d, struct str *out)
{
	char date[11];
	enum arm arm, last = ARM_NONE;
	int block;

	add_head(out, d);
	for (int a = 0; a < 2 && d->kind != DESIGN_SWITCH_BACK; a++)
		str_addf(out, "  %-7s %s to %s\n", a ? "after" : "before", d->period[a].from,
			 d->period[a].to);
	for (int n = 0; d->kind == DESIGN_SWITCH_BACK && design_day(d, n, date, &arm, &block);
	     n++, last = arm)
		if (arm != last)
			str_addf(out, "  %s from the morning on: layout %s\n", date,
				 arm == ARM_B ? "B" : "A");
}

void study_expect_text(const struct study *s, struct str *out)
{
	const struct design *d = s->design;
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	str_addf(out, "\nwhat it may find, judged by %.10s to %.10s:\n",
		 clock_text_local(s->from_us, from), clock_text_local(s->to_us - 1, to));
	for (int i = 0; i < d->n_metric; i++) {
		const struct study_row *r = &s->row[i];

		str_add(out, "  ");
		words_column(out, r->label, 24);
		if (!r->known) {
			str_addf(out, "  %s\n", r->why_not);
			continue;
		}
		str_add(out, "  finds ");
		study_percent(out, r->effect.mde, 1);
		str_addf(out, " with %g %% probability, and %g %% with %.0f %%\n",
			 100 * d->power, 100 * d->target, 100 * r->effect.power_target);
	}
}
