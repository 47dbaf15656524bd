/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c -- counts in the layouts of other makers' counters, which BI systems load already.
 */
#include "report/layout.h"

#include "base/clock.h"
#include "base/str.h"
#include "report/metric.h"

#include <string.h>

/* A text in a cell: what would break the line is a blank. */
static void add_name(struct str *out, const char *s)
{
	for (; *s; s++)
		str_add_n(out, strchr(",;\"\r\n", *s) ? " " : s, 1);
}

/* "2017-05-01 00:00:00", local */
static void add_time(struct str *out, int64_t t_us, char between)
{
	char text[CLOCK_TEXT];

	clock_text_local(t_us, text);
	str_addf(out, "%.10s%c%.8s", text, between, text + 11);
}

/* AXIS's counters ("Queue monitor API" and "People counter API", developer.axis.com/vapix/
 * applications): the queue monitor's export-csv-minutes begins its rows with "Interval start,
 * Interval stop,Camera serial number,Name", times local as 2017-05-01 00:00:00; the people
 * counter's live-sum.json calls its counts "in" and "out". A line stands for a camera; its
 * serial number is our camera's name. */
static void write_axis_counter(const struct day *d, struct str *out)
{
	str_add(out, "Interval start,Interval stop,Camera serial number,Name,In,Out\n");
	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];

		for (int b = 0; p->line && b < d->n_bucket; b++) {
			if (p->line[b].observed_s <= 0)
				continue;
			add_time(out, d->bucket[b].from_us, ' ');
			str_add(out, ",");
			add_time(out, d->bucket[b].to_us, ' ');
			str_add(out, ",");
			add_name(out, d->camera[p->camera].camera.name);
			str_add(out, ",");
			add_name(out, p->place.info.name);
			str_addf(out, ",%d,%d\n", day_passages(&p->line[b], true),
				 day_passages(&p->line[b], false));
		}
	}
}

/* Hikvision's counting/search (ISAPI, CountingStatisticsResult): hours from HH:00:00 to
 * HH:59:59 without a zone, startTime, endTime, enterCount, exitCount; with the line's name in
 * front, since there the channel is part of the address. */
static void write_hikvision(const struct day *d, struct str *out)
{
	str_add(out, "channelName,startTime,endTime,enterCount,exitCount\n");
	for (int i = 0; i < d->n_place; i++) {
		const struct day_place *p = &d->place[i];

		for (int b = 0; p->line && b < d->n_bucket; b++) {
			if (p->line[b].observed_s <= 0)
				continue;
			add_name(out, p->place.info.name);
			str_add(out, ",");
			add_time(out, d->bucket[b].from_us, 'T');
			str_add(out, ",");
			add_time(out, d->bucket[b].to_us - CLOCK_SECOND_US, 'T');
			str_addf(out, ",%d,%d\n", day_passages(&p->line[b], true),
				 day_passages(&p->line[b], false));
		}
	}
}

const struct layout layouts[] = {
	{ "axis-counter", "AXIS people counter: in and out of each line", false,
	  write_axis_counter },
	{ "hikvision", "Hikvision counting: in and out of each line and hour", true,
	  write_hikvision },
	{ 0 },
};

const struct layout *layout_find(const char *name)
{
	for (const struct layout *l = layouts; l->name; l++)
		if (strcmp(l->name, name) == 0)
			return l;
	return NULL;
}
