/* SPDX-License-Identifier: Apache-2.0 */
/* made_db.c -- a made store (made_store.h) as a store's file, for the scripts.
 *
 * usage: made_db FILE NAME SEED DAYS [LIFT_FROM LIFT_TO PERCENT]
 *
 * Days from Monday, 2 January 2062 on, open 10 to 20 o'clock, Europe/Berlin. Camera "hall" with
 * the entry line "door" and the zones "fruit" (a third of those who enter) and "bread" (a
 * quarter). In days LIFT_FROM .. LIFT_TO - 1 fruit has PERCENT more visits. Of day 9 the
 * camera saw only the first half; nothing of day 10's noon.
 */
#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "made_store.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>

static const struct made_store shop = {
	.an_hour = 50, .day_sd = 0.1, .day_keeps = 0.4, .hour_sd = 0.12
};

enum { DOOR, FRUIT, BREAD, N_PLACES };

static void must(int rc, const struct err *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "made_db: %s\n", err->msg);
	exit(1);
}

static bool seen(int day, int hour)
{
	return !(day == 9 && hour >= 15) && !(day == 10 && hour == 12);
}

static int share(int n, int minute)
{
	return n * (minute + 1) / 60 - n * minute / 60;
}

static void put_hour(struct writer *w, int64_t at_us, const int counts[N_PLACES])
{
	struct err err;

	for (int m = 0; m < 60; m++) {
		int64_t t = at_us + m * CLOCK_MINUTE_US;
		struct minute_cover cover = { .start_us = t,
					      .from_us = t,
					      .to_us = t + CLOCK_MINUTE_US,
					      .observed_s = 60 };
		struct minute_line line = { .place = DOOR, .start_us = t };

		line.crossings_in = line.persons_in = share(counts[DOOR], m);
		must(writer_cover(w, &cover, &err), &err);
		must(writer_line(w, &line, &err), &err);
		for (int z = FRUIT; z <= BREAD; z++) {
			struct minute_zone zone = { .place = z, .start_us = t };

			zone.begun = zone.ended = share(counts[z], m);
			for (zone.n_dwell = 0; zone.n_dwell < zone.begun; zone.n_dwell++)
				zone.dwell_s[zone.n_dwell] = (float)(10 + zone.n_dwell);
			zone.person_s = 12 * zone.begun;
			must(writer_zone(w, &zone, &err), &err);
		}
	}
}

/* What the command line says. */
struct asked {
	const char *path, *name;
	int64_t seed, days, lift_from, lift_to, percent;
};

static int parse(struct asked *a, int argc, char **argv)
{
	int64_t *numbers[] = { &a->seed, &a->days, &a->lift_from, &a->lift_to, &a->percent };

	*a = (struct asked){ .percent = 0 };
	if (argc != 5 && argc != 8)
		return -1;
	a->path = argv[1];
	a->name = argv[2];
	for (int i = 3; i < argc; i++)
		if (!str_to_i64(argv[i], numbers[i - 3]))
			return -1;
	return a->days > 0 && a->days <= 400 ? 0 : -1;
}

static void put_days(struct writer *w, const struct asked *a, const double *num,
		     const double *den)
{
	struct err err;
	struct rng r;

	rng_init(&r, (uint64_t)a->seed, 2);
	for (int day = 0; day < a->days; day++)
		for (int h = 0; h < TRIAL_HOURS; h++) {
			double n = num[day * TRIAL_HOURS + h], lift = 1;
			struct civil c;
			int counts[N_PLACES] = { (int)n };
			char date[11];
			int64_t at_us;

			if (day >= a->lift_from && day < a->lift_to)
				lift += (double)a->percent / 100;
			counts[FRUIT] = made_count(&r, n / 3 * lift, 0);
			counts[BREAD] = made_count(&r, n / 4, 0);
			if (!(den[day * TRIAL_HOURS + h] > 0) || !seen(day, h))
				continue;
			/* 2062-01-02 is day 33604. */
			clock_date_text(33604 + day, date);
			must(clock_parse(date, &at_us, &err), &err);
			clock_local(at_us, &c);
			c.hour = h;
			must(clock_from_local(&c, &at_us, &err), &err);
			put_hour(w, at_us, counts);
		}
}

int main(int argc, char **argv)
{
	static const struct place_info places[N_PLACES] = {
		{ .name = "door",
		  .kind = PLACE_LINE,
		  .role = LINE_ENTRY,
		  .in_label = "in",
		  .out_label = "out",
		  .geometry = "{}" },
		{ .name = "fruit", .kind = PLACE_ZONE, .geometry = "{}" },
		{ .name = "bread", .kind = PLACE_ZONE, .geometry = "{}" },
	};
	struct store_info info = { .zone = "Europe/Berlin" };
	const struct run_info run = { .camera = "hall",
				      .params_id = "0123456789abcdef",
				      .params = "{}",
				      .version = "test" };
	double *effect, *num, *den;
	struct writer *w;
	struct asked a;
	struct err err;
	struct rng r;

	if (parse(&a, argc, argv) < 0) {
		fputs("usage: made_db FILE NAME SEED DAYS [LIFT_FROM LIFT_TO PERCENT]\n",
		      stderr);
		return 2;
	}
	effect = xcalloc((size_t)a.days, sizeof(*effect));
	num = xcalloc((size_t)a.days * TRIAL_HOURS, sizeof(*num));
	den = xcalloc((size_t)a.days * TRIAL_HOURS, sizeof(*den));
	rng_init(&r, (uint64_t)a.seed, 1);
	made_days(&shop, &r, (int)a.days, effect);
	made_hours(&shop, &r, (int)a.days, effect, NULL, num, den);
	str_copy(info.name, sizeof(info.name), a.name);
	must(clock_set_zone(info.zone, &err), &err);
	must(writer_open(&w, a.path, &info, &run, places, N_PLACES, NULL, &err), &err);
	put_days(w, &a, num, den);
	must(writer_close(w, &err), &err);
	free(effect);
	free(num);
	free(den);
	return 0;
}
