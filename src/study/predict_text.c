/* SPDX-License-Identifier: Apache-2.0 */
/* predict_text.c -- the coming days for a terminal, as CSV and as JSON. */
#include "base/clock.h"
#include "report/words.h"
#include "study/predict.h"

#include <math.h>

/* ---- Terminal ---- */

static void text_value(struct str *out, const struct forecast_value *v)
{
	if (v->known)
		str_addf(out, "%9.0f  %6.0f to %-6.0f", v->expected, v->lo, v->hi);
	else
		str_addf(out, "%9s  %16s", "-", "");
}

static void text_day(struct str *out, const struct predict *p, int i)
{
	const struct predict_day *d = &p->day[i];

	words_day(out, d->from_us);
	str_addf(out, "%s%s%s\n", d->holiday ? " (" : "", d->holiday ? d->holiday : "",
		 d->holiday ? ")" : "");
	for (int k = 0; k < p->n_hour; k++) {
		const struct predict_hour *h = &p->hour[k];

		if (h->day != i)
			continue;
		str_add(out, "  ");
		words_time(out, h->from_us);
		text_value(out, &h->v);
		if (h->staff)
			str_addf(out, "  %4d to %d", h->staff, h->staff_hi);
		str_add(out, "\n");
	}
	str_add(out, "  day  ");
	text_value(out, &d->v);
	if (d->staff_h)
		str_addf(out, "  %4d to %d hours", d->staff_h, d->staff_hi_h);
	str_add(out, "\n");
}

static void text_score(struct str *out, const char *of, const struct forecast_score *s)
{
	if (!s->n)
		return;
	str_addf(out, "  %-5s  off by %.1f %%, last week's by %.1f %%", of, 100 * s->wape,
		 100 * s->naive_wape);
	if (!isnan(s->mase))
		str_addf(out, "; MASE %.2f", s->mase);
	if (!isnan(s->inside))
		str_addf(out, "; %.0f %% came within the interval", 100 * s->inside);
	str_add(out, "\n");
}

void predict_text(const struct predict *p, struct str *out)
{
	str_addf(out, "%s, ", p->store.name);
	predict_what(p, out);
	str_addf(out, ", local time (%s), learned from %s to %s\n", p->store.zone, p->first,
		 p->last);
	str_addf(out, "expected, and from .. to in %.0f %% of cases%s\n\n",
		 100 * p->opts.interval,
		 p->opts.per_associate > 0 ? "; associates for the expected and for the most"
					   : "");
	for (int i = 0; i < p->opts.days; i++)
		text_day(out, p, i);
	str_addf(out, "\nthe last %d days, forecast as if they had not been yet:\n",
		 p->f.test_days);
	text_score(out, "hours", &p->f.hours);
	text_score(out, "days", &p->f.days);
}

/* ---- CSV ---- */

static const char header[] = "store,measure,kind,date,start_utc,start_local,offset,length_s,"
			     "expected,lo,hi,staff,staff_hi,holiday\n";

static void csv_row(struct str *out, const struct predict *p, const char *kind,
		    const struct predict_day *d, int64_t from_us, int64_t to_us,
		    const struct forecast_value *v, int staff, int staff_hi)
{
	char utc[CLOCK_TEXT], local[CLOCK_TEXT];
	struct str what = STR_INIT;

	predict_what(p, &what);
	words_csv(out, p->store.name);
	str_add(out, ",");
	words_csv(out, what.s);
	clock_text_utc(from_us, utc);
	clock_text_local(from_us, local);
	str_addf(out, ",%s,%s,%s,%.19s,%s,%lld,", kind, d->date, utc, local, local + 19,
		 (long long)((to_us - from_us) / CLOCK_SECOND_US));
	if (v->known)
		str_addf(out, "%.2f,%.2f,%.2f,", v->expected, v->lo, v->hi);
	else
		str_add(out, ",,,");
	if (staff)
		str_addf(out, "%d,%d,", staff, staff_hi);
	else
		str_add(out, ",,");
	words_csv(out, d->holiday ? d->holiday : "");
	str_add(out, "\n");
	str_clear(&what);
}

void predict_csv(const struct predict *p, struct str *out)
{
	int k = 0;

	str_add(out, header);
	for (int i = 0; i < p->opts.days; i++) {
		const struct predict_day *d = &p->day[i];

		for (; k < p->n_hour && p->hour[k].day == i; k++)
			csv_row(out, p, "hour", d, p->hour[k].from_us, p->hour[k].to_us,
				&p->hour[k].v, p->hour[k].staff, p->hour[k].staff_hi);
		csv_row(out, p, "day", d, d->from_us, d->to_us, &d->v, d->staff_h,
			d->staff_hi_h);
	}
}

/* ---- JSON ---- */

static void json_real(struct str *out, const char *key, double v)
{
	if (isfinite(v))
		str_addf(out, ", \"%s\": %.6g", key, v);
	else
		str_addf(out, ", \"%s\": null", key);
}

static void json_span(struct str *out, int64_t from_us, int64_t to_us)
{
	char text[CLOCK_TEXT];

	str_addf(out, "\"start_utc\": \"%s\"", clock_text_utc(from_us, text));
	str_addf(out, ", \"start_local\": \"%s\"", clock_text_local(from_us, text));
	str_addf(out, ", \"length_s\": %lld", (long long)((to_us - from_us) / CLOCK_SECOND_US));
}

static void json_values(struct str *out, const struct forecast_value *v, int staff,
			int staff_hi)
{
	json_real(out, "expected", v->known ? v->expected : NAN);
	json_real(out, "lo", v->known ? v->lo : NAN);
	json_real(out, "hi", v->known ? v->hi : NAN);
	if (staff)
		str_addf(out, ", \"staff\": %d, \"staff_hi\": %d", staff, staff_hi);
	else
		str_add(out, ", \"staff\": null, \"staff_hi\": null");
}

static void json_day(struct str *out, const struct predict *p, int i, int *k)
{
	const struct predict_day *d = &p->day[i];
	int n = 0;

	str_addf(out, "%s\n    { \"date\": \"%s\", ", i ? "," : "", d->date);
	json_span(out, d->from_us, d->to_us);
	json_values(out, &d->v, d->staff_h, d->staff_hi_h);
	str_add(out, ", \"holiday\": ");
	if (d->holiday)
		str_add_json(out, d->holiday);
	else
		str_add(out, "null");
	str_add(out, ", \"hours\": [");
	for (; *k < p->n_hour && p->hour[*k].day == i; ++*k) {
		const struct predict_hour *h = &p->hour[*k];

		str_add(out, n++ ? ",\n        { " : "\n        { ");
		json_span(out, h->from_us, h->to_us);
		json_values(out, &h->v, h->staff, h->staff_hi);
		str_add(out, " }");
	}
	str_add(out, "\n      ] }");
}

static void json_score(struct str *out, const char *key, const struct forecast_score *s)
{
	bool any = s->n > 0;

	str_addf(out, ", \"%s\": { \"n\": %d", key, s->n);
	json_real(out, "wape", any ? s->wape : NAN);
	json_real(out, "last_week_wape", any ? s->naive_wape : NAN);
	json_real(out, "mase", any ? s->mase : NAN);
	json_real(out, "within_interval", any ? s->inside : NAN);
	str_add(out, " }");
}

void predict_json(const struct predict *p, struct str *out)
{
	struct str what = STR_INIT;
	int k = 0;

	predict_what(p, &what);
	str_add(out, "{\n  \"format\": \"footfall-forecast-1\",\n  \"store\": ");
	str_add_json(out, p->store.name);
	str_add(out, ",\n  \"time_zone\": ");
	str_add_json(out, p->store.zone);
	str_add(out, ",\n  \"measure\": ");
	str_add_json(out, what.s);
	str_add(out, ",\n  \"unit\": ");
	str_add_json(out, measure_unit(p->opts.of.kind));
	str_addf(out,
		 ",\n  \"learned_from\": \"%s\",\n  \"learned_to\": \"%s\",\n  \"interval\": "
		 "%.4g",
		 p->first, p->last, p->opts.interval);
	json_real(out, "per_associate",
		  p->opts.per_associate > 0 ? p->opts.per_associate : NAN);
	str_addf(out, ",\n  \"smoothing\": { \"level\": %g, \"weekday\": %g, \"hour\": %g }",
		 p->f.level_by, p->f.weekday_by, p->f.hour_by);
	json_real(out, "holiday_factor", p->f.holiday_factor);
	str_addf(out, ",\n  \"back_test\": { \"days\": %d", p->f.test_days);
	json_score(out, "by_hour", &p->f.hours);
	json_score(out, "by_day", &p->f.days);
	str_add(out, " },\n  \"days\": [");
	for (int i = 0; i < p->opts.days; i++)
		json_day(out, p, i, &k);
	str_add(out, "\n  ]\n}\n");
	str_clear(&what);
}
