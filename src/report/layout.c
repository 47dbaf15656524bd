/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c -- counts in the layouts of other makers' counters, which BI systems load already.
 */
#include "report/layout.h"

#include "base/clock.h"
#include "base/str.h"
#include "report/metric.h"

#include <math.h>
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

#define AXIS_REGIONS 3 /* of a camera */
#define AXIS_MID 2     /* people waiting: fewer are low ... */
#define AXIS_HIGH 5    /* ... and from here on high */

/* Minutes at high, mid and low, of what was observed. */
static void add_axis_region(struct str *out, const struct day_place *q, int bucket)
{
	const struct tally_row *r = q ? &q->tally.row[bucket] : NULL;
	double high, mid;

	if (!r || r->observed_s <= 0) {
		str_add(out, ",,,");
		return;
	}
	high = (double)tally_at(r, MEASURE_QUEUE_LEVEL, AXIS_HIGH, true) / 60000;
	mid = (double)tally_at(r, MEASURE_QUEUE_LEVEL, AXIS_MID, true) / 60000 - high;
	str_addf(out, ",%.0f,%.0f,%.0f", high, mid, fmax(0, r->observed_s / 60 - high - mid));
}

/* The next queues of a camera from place *at on, at most AXIS_REGIONS; false when there are
 * none left. */
static bool next_queues(const struct day *d, int camera, int *at,
			const struct day_place *v[AXIS_REGIONS])
{
	int n = 0;

	for (int i = 0; i < AXIS_REGIONS; i++)
		v[i] = NULL;
	for (; *at < d->n_place && n < AXIS_REGIONS; ++*at) {
		const struct day_place *p = &d->place[*at];

		if (p->camera == camera && p->place.info.kind == PLACE_QUEUE)
			v[n++] = p;
	}
	return n > 0;
}

/* The rows of up to three queues. */
static void add_axis_queues(struct str *out, const struct day *d,
			    const struct day_place *const v[AXIS_REGIONS])
{
	const char *camera = d->camera[v[0]->camera].camera.name;

	for (int b = 0; b < d->n_bucket; b++) {
		double seen_s = 0;

		for (int i = 0; i < AXIS_REGIONS && v[i]; i++)
			seen_s += v[i]->tally.row[b].observed_s;
		if (seen_s <= 0)
			continue;
		add_time(out, d->bucket[b].from_us, ' ');
		str_add(out, ",");
		add_time(out, d->bucket[b].to_us, ' ');
		str_add(out, ",");
		add_name(out, camera);
		str_add(out, ",");
		for (int i = 0; i < AXIS_REGIONS && v[i]; i++) {
			str_add(out, i ? " + " : "");
			add_name(out, v[i]->place.info.name);
		}
		for (int i = 0; i < AXIS_REGIONS; i++)
			add_axis_region(out, v[i], b);
		str_add(out, "\n");
	}
}

/* The queue monitor's export-csv-minutes, at the same address: whole minutes at high, mid and
 * low of three regions a camera. Its own limits are settings; here low is up to one person
 * waiting, high from five on. A region is a queue; more than three make further rows. */
static void write_axis_queue(const struct day *d, struct str *out)
{
	str_add(out, "Interval start,Interval stop,Camera serial number,Name,Region1 High,"
		     "Region1 Mid,Region1 Low,Region2 High,Region2 Mid,Region2 Low,"
		     "Region3 High,Region3 Mid,Region3 Low\n");
	for (int c = 0; c < d->n_camera; c++) {
		const struct day_place *v[AXIS_REGIONS];
		int at = 0;

		while (next_queues(d, c, &at, v))
			add_axis_queues(out, d, v);
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
	{ "axis-queue", "AXIS queue monitor: minutes at each length of each queue", false,
	  write_axis_queue },
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
