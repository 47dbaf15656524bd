/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_counts.c -- what adds up, what takes another's place, and what is refused. */
#include "fixture.h"

#include "base/clock.h"
#include "base/vec.h"

#include <math.h>
#include <string.h>

#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"

static void near(double a, double b)
{
	if (!(fabs(a - b) < 1e-4))
		fail_msg("%.6f is not %.6f", a, b);
}

static void put_zone(struct writer *w, int i, int n_dwell, float dwell_s, double person_s)
{
	struct minute_zone m = { .place = 1,
				 .start_us = T0 + i * MINUTE,
				 .begun = n_dwell,
				 .ended = n_dwell,
				 .person_s = person_s,
				 .n_dwell = n_dwell };
	struct err err = { 0 };

	for (int k = 0; k < n_dwell; k++)
		m.dwell_s[k] = dwell_s;
	if (writer_zone(w, &m, &err) < 0)
		fail_msg("%s", err.msg);
}

static void put_levels(struct writer *w, int i, int min, int max, int p95)
{
	struct minute_zone m = {
		.place = 1, .start_us = T0 + i * MINUTE, .min = min, .max = max, .p95 = p95
	};

	assert_int_equal(writer_zone(w, &m, NULL), 0);
}

static void put_heat(struct writer *w, int i, int cell, float s)
{
	struct heat_cell c[] = { { (uint16_t)cell, s }, { (uint16_t)(cell + 5), 2 * s } };
	struct minute_heat m = { .start_us = T0 + i * MINUTE, .n = 2, .cells = c };
	struct err err = { 0 };

	if (writer_heat(w, &m, &err) < 0)
		fail_msg("%s", err.msg);
}

static void put_event(struct writer *w, int i, double s, enum event_kind kind, int place)
{
	struct event e = { .t_us = T0 + i * MINUTE + (int64_t)(s * 1e6),
			   .kind = kind,
			   .place = place,
			   .person = 7,
			   .dwell_s = kind == EVENT_ZONE_LEAVE ? 12.5 : 0 };
	struct err err = { 0 };

	if (writer_event(w, &e, &err) < 0)
		fail_msg("%s", err.msg);
}

/* A clip of three minutes with something of every kind. */
static void replay_clip(const char *path, const char *params_id)
{
	struct writer *w = open_run(path, params_id);

	for (int i = 0; i < 3; i++) {
		put_event(w, i, 10, EVENT_CROSS_IN, 0); /* known before the minute is over */
		put_cover(w, i, i == 0 ? 20 : 0, i == 2 ? 40 : 60);
		put_line(w, i, 2, 1);
		put_zone(w, i, 2, 7.5f, 30);
		put_heat(w, i, 100, 1.5f);
		put_event(w, i, 50, EVENT_ZONE_LEAVE, 1);
	}
	close_run(w);
}

static void assert_one_clip(const char *path)
{
	struct seen s = see(path);

	assert_int_equal(s.n_cover, 3);
	near(s.observed_s, 40 + 60 + 40);
	assert_int_equal(s.in, 6);
	assert_int_equal(s.out, 3);
	assert_int_equal(s.begun, 6);
	assert_int_equal(s.n_dwell, 6);
	near(s.dwell_s, 6 * 7.5);
	near(s.person_s, 90);
	near(s.heat_s, 3 * 4.5);
	assert_int_equal(sql_int(path, "SELECT count(*) FROM event"), 6);
}

static void what_goes_in_comes_out(void **state)
{
	struct minute_line line = { 0, T0, 5, 4, 3, 2, 1 };
	struct minute_zone zone = { .place = 1,
				    .start_us = T0,
				    .begun = 9,
				    .ended = 8,
				    .min = 1,
				    .max = 6,
				    .p95 = 5,
				    .person_s = 123.456,
				    .n_dwell = 2,
				    .dwell_s = { 0.25f, 61 } };
	struct writer *w = open_run(*state, A);
	struct seen s;

	put_cover(w, 0, 1.5, 59.25);
	assert_int_equal(writer_line(w, &line, NULL), 0);
	assert_int_equal(writer_zone(w, &zone, NULL), 0);
	close_run(w);
	s = see(*state);

	assert_true(s.cover.start_us == T0 && s.cover.from_us == T0 + 1500000);
	assert_true(s.cover.to_us == T0 + 59250000);
	near(s.cover.observed_s, 57.75);
	assert_int_equal(s.line.crossings_in, 5);
	assert_int_equal(s.line.crossings_out, 4);
	assert_int_equal(s.line.persons_in, 3);
	assert_int_equal(s.line.persons_out, 2);
	assert_int_equal(s.line.uturns, 1);
	assert_string_equal(s.params_id, A);
	assert_int_equal(s.zone.begun, 9);
	assert_int_equal(s.zone.ended, 8);
	assert_int_equal(s.zone.min, 1);
	assert_int_equal(s.zone.max, 6);
	assert_int_equal(s.zone.p95, 5);
	near(s.zone.person_s, 123.456);
	assert_int_equal(s.zone.n_dwell, 2);
	assert_true(s.zone.dwell_s[0] == 0.25f && s.zone.dwell_s[1] == 61.0f);
}

static void the_same_clip_twice_counts_once(void **state)
{
	replay_clip(*state, A);
	assert_one_clip(*state);
	replay_clip(*state, A);
	assert_one_clip(*state);
}

static int revision_of(const char *path, int i)
{
	struct query *q = open_query(path);
	struct seen s = see_query(q, T0 + i * MINUTE, T0 + (i + 1) * MINUTE);

	query_close(q);
	return s.cover.revision;
}

static void put_minutes(const char *path, int from, int to)
{
	struct writer *w = open_run(path, A);

	for (int i = from; i < to; i++)
		put_cover(w, i, 0, 60);
	close_run(w);
}

static void what_is_counted_anew_or_late_is_revised(void **state)
{
	put_minutes(*state, 0, 3);
	put_minutes(*state, 3, 5); /* in time */
	for (int i = 0; i < 5; i++)
		assert_int_equal(revision_of(*state, i), 0);
	put_minutes(*state, 2, 4); /* anew */
	put_minutes(*state, 2, 3);
	assert_int_equal(revision_of(*state, 1), 0);
	assert_int_equal(revision_of(*state, 2), 2);
	assert_int_equal(revision_of(*state, 3), 1);
	assert_int_equal(revision_of(*state, 4), 0);
	put_minutes(*state, -2, -1); /* never counted, but late */
	assert_int_equal(revision_of(*state, -2), 1);
	/* Another camera has a time of its own. */
	close_run(open_as(*state, "back", A, NULL, 0));
	put_minutes(*state, 5, 6);
	assert_int_equal(revision_of(*state, 5), 0);
}

/* A part of a minute that only touches what is there adds to it. */
static void halves_are_no_revision(void **state)
{
	struct writer *w = open_run(*state, A);

	put_cover(w, 0, 0, 30);
	close_run(w);
	w = open_run(*state, A);
	put_cover(w, 0, 30, 60);
	close_run(w);
	assert_int_equal(revision_of(*state, 0), 0);
}

static void other_parameters_take_the_place(void **state)
{
	struct query *q;
	char ids[64];

	replay_clip(*state, A);
	replay_clip(*state, B);
	assert_one_clip(*state);
	q = open_query(*state);
	assert_int_equal(query_params(q, 0, INT64_MIN, INT64_MAX, ids, sizeof(ids), NULL), 0);
	assert_string_equal(ids, B);
	query_close(q);
}

static void halves_of_a_minute_add_up(void **state)
{
	struct writer *w = open_run(*state, A);
	struct seen s;
	struct query *q;
	char ids[64];

	put_event(w, 0, 30, EVENT_CROSS_IN, 0);
	put_cover(w, 0, 0, 30);
	put_line(w, 0, 3, 1);
	put_levels(w, 0, 2, 4, 4);
	put_zone(w, 0, 1, 5, 90);
	put_heat(w, 0, 10, 1);
	close_run(w);
	w = open_run(*state, B);
	put_event(w, 0, 30, EVENT_CROSS_IN, 0);
	put_cover(w, 0, 30, 60); /* touches, does not overlap */
	put_line(w, 0, 4, 0);
	put_levels(w, 0, 1, 3, 2);
	put_zone(w, 0, 2, 6, 60);
	put_heat(w, 0, 10, 1);
	close_run(w);

	s = see(*state);
	assert_int_equal(s.n_cover, 1);
	near(s.observed_s, 60);
	assert_true(s.cover.from_us == T0 && s.cover.to_us == T0 + MINUTE);
	assert_int_equal(s.n_line, 1);
	assert_int_equal(s.in, 7);
	assert_int_equal(s.out, 1);
	assert_string_equal(s.params_id, B);
	assert_int_equal(s.n_zone, 1);
	assert_int_equal(s.begun, 3);
	near(s.person_s, 150);
	near(s.dwell_s, 5 + 6 + 6);
	assert_int_equal(s.zone.min, 1);
	assert_int_equal(s.zone.max, 4);
	assert_int_equal(s.zone.p95, 4);
	assert_int_equal(s.n_heat, 1);
	near(s.heat_s, 6);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM event"), 2);

	q = open_query(*state);
	assert_int_equal(query_params(q, 0, T0, T0 + MINUTE, ids, sizeof(ids), NULL), 0);
	assert_string_equal(ids, A "," B);
	assert_int_equal(query_params(q, 0, T0, T0 + MINUTE, ids, 20, NULL), ERR_RANGE);
	assert_int_equal(query_params(q, 0, T0 + MINUTE, INT64_MAX, ids, sizeof(ids), NULL), 0);
	assert_string_equal(ids, "");
	query_close(q);
}

static void halves_add_up_in_any_order(void **state)
{
	static const double spans[][2] = { { 40, 60 }, { 0, 20 }, { 20, 40 } };

	for (int i = 0; i < 3; i++) {
		struct writer *w = open_run(*state, A);

		put_cover(w, 0, spans[i][0], spans[i][1]);
		put_line(w, 0, 1, 0);
		close_run(w);
	}
	assert_int_equal(see(*state).in, 3);
	near(see(*state).observed_s, 60);
}

/* A run that saw nobody in its half: the zone was empty at times. */
static void an_empty_half_lowers_min_only(void **state)
{
	struct writer *w = open_run(*state, A);
	struct seen s;

	put_cover(w, 0, 0, 30);
	put_levels(w, 0, 2, 4, 4);
	close_run(w);
	w = open_run(*state, A);
	put_cover(w, 0, 30, 60);
	close_run(w);
	s = see(*state);
	assert_int_equal(s.n_zone, 1);
	assert_int_equal(s.zone.min, 0);
	assert_int_equal(s.zone.max, 4);
}

static void overlap_by_a_moment_takes_the_place(void **state)
{
	struct writer *w = open_run(*state, A);
	struct seen s;

	put_event(w, 0, 5, EVENT_CROSS_IN, 0);
	put_cover(w, 0, 0, 30);
	put_line(w, 0, 3, 1);
	put_zone(w, 0, 1, 5, 90);
	put_heat(w, 0, 10, 1);
	put_cover(w, 1, 0, 60);
	put_line(w, 1, 50, 0);
	put_event(w, 1, 5, EVENT_CROSS_IN, 0);
	close_run(w);
	w = open_run(*state, A);
	put_cover(w, 0, 29.999999, 60);
	put_line(w, 0, 4, 0);
	close_run(w);

	s = see(*state);
	assert_int_equal(s.n_cover, 2);
	assert_int_equal(s.in, 4 + 50); /* the other minute stays */
	assert_int_equal(s.begun, 0);
	assert_int_equal(s.n_heat, 0);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM event"), 1);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM line_minute"), 2);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM zone_minute"), 0);
}

static void another_camera_is_another_matter(void **state)
{
	const struct place_info line = { .name = "entry",
					 .kind = PLACE_LINE,
					 .geometry = "{}" };
	struct writer *w = open_run(*state, A);

	put_cover(w, 0, 0, 60);
	put_line(w, 0, 1, 0);
	close_run(w);
	w = open_as(*state, "back", A, &line, 1);
	put_cover(w, 0, 0, 60);
	put_line(w, 0, 10, 0);
	close_run(w);
	assert_int_equal(see(*state).in, 11);
	assert_int_equal(see(*state).n_line, 2);
}

/* A person's net count is known when the visit ends, minutes later. */
static void late_parts_add(void **state)
{
	struct minute_line late = { .place = 0, .start_us = T0, .persons_out = 1, .uturns = 2 };
	struct writer *w = open_run(*state, A);
	struct seen s;

	put_cover(w, 0, 0, 60);
	put_line(w, 0, 1, 1);
	put_levels(w, 0, 1, 3, 2);
	put_heat(w, 0, 10, 1);
	put_cover(w, 1, 0, 60);
	assert_int_equal(writer_commit(w, NULL), 0);
	assert_int_equal(writer_line(w, &late, NULL), 0);
	put_zone(w, 0, MINUTE_DWELLS, 4, 0);
	put_zone(w, 0, 1, 6, 0);
	put_heat(w, 0, 12, 1);
	close_run(w);

	s = see(*state);
	assert_int_equal(s.persons_in, 1);
	assert_int_equal(s.persons_out, 1);
	assert_int_equal(s.uturns, 2);
	near(s.heat_s, 6);
	assert_int_equal(s.n_zone, 2 + 1); /* one minute in two calls, and an empty one */
	assert_int_equal(s.begun, MINUTE_DWELLS + 1);
	assert_int_equal(s.n_dwell, MINUTE_DWELLS + 1);
	near(s.dwell_s, 4 * MINUTE_DWELLS + 6);
	assert_int_equal(sql_int(*state, "SELECT min * 100 + max * 10 + p95 FROM zone_minute"),
			 132);
}

static void a_minute_needs_its_cover(void **state)
{
	struct minute_line line = { .place = 0, .start_us = T0 };
	struct writer *w = open_run(*state, A), *w2;
	struct err err = { 0 };

	assert_int_equal(writer_line(w, &line, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "no cover"));
	put_cover(w, 0, 0, 60);
	assert_int_equal(writer_line(w, &line, NULL), 0);
	assert_int_equal(writer_commit(w, NULL), 0);
	w2 = open_run(*state, A);
	put_cover(w2, 0, 0, 60);
	close_run(w2);
	assert_int_equal(writer_line(w, &line, &err), ERR_STATE); /* it is the other's now */
	close_run(w);
}

static void what_cannot_be_is_refused(void **state)
{
	struct heat_cell cell = { HEAT_COLS * HEAT_ROWS, 1 };
	struct minute_cover covers[] = {
		{ .start_us = T0 + 1, .from_us = T0 + 1, .to_us = T0 + 9, .observed_s = 1 },
		{ .start_us = T0, .from_us = T0 - 1, .to_us = T0 + MINUTE, .observed_s = 1 },
		{ .start_us = T0, .from_us = T0, .to_us = T0 + MINUTE + 1, .observed_s = 1 },
		{ .start_us = T0, .from_us = T0 + 5, .to_us = T0 + 5, .observed_s = 1 },
		{ .start_us = T0, .from_us = T0, .to_us = T0 + MINUTE, .observed_s = 0 },
		{ .start_us = T0, .from_us = T0, .to_us = T0 + MINUTE, .observed_s = 60.5 },
		{ .start_us = T0, .from_us = T0, .to_us = T0 + MINUTE, .observed_s = NAN },
	};
	struct minute_line lines[] = { { .place = 2, .start_us = T0 },
				       { .place = -1, .start_us = T0 },
				       { .place = 1, .start_us = T0 }, /* a zone */
				       { .place = 0, .start_us = T0 + 1 },
				       { .place = 0, .start_us = T0, .uturns = -1 } };
	struct minute_zone zones[] = {
		{ .place = 0, .start_us = T0 }, /* a line */
		{ .place = 1, .start_us = T0, .min = 2, .max = 1 },
		{ .place = 1, .start_us = T0, .person_s = NAN },
		{ .place = 1, .start_us = T0, .n_dwell = MINUTE_DWELLS + 1 },
		{ .place = 1, .start_us = T0, .n_dwell = 1, .dwell_s = { -1 } },
	};
	struct minute_heat heat = { .start_us = T0, .n = 1, .cells = &cell };
	struct event none = { .t_us = T0, .kind = EVENT_NONE };
	struct writer *w = open_run(*state, A);
	struct seen s;

	for (size_t i = 0; i < sizeof(covers) / sizeof(covers[0]); i++)
		assert_int_equal(writer_cover(w, &covers[i], NULL), ERR_RANGE);
	put_cover(w, 0, 0, 60);
	put_line(w, 0, 1, 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(writer_line(w, &lines[i], NULL), ERR_RANGE);
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		assert_int_equal(writer_zone(w, &zones[i], NULL), ERR_RANGE);
	assert_int_equal(writer_heat(w, &heat, NULL), ERR_RANGE);
	assert_int_equal(writer_event(w, &none, NULL), ERR_RANGE);
	assert_int_equal(writer_plate(w, T0, "", 0, NULL), ERR_RANGE);
	close_run(w);
	s = see(*state); /* what was right stays */
	assert_int_equal(s.in, 1);
	assert_int_equal(s.n_cover, 1);
	near(s.observed_s, 60);
}

static void more_than_a_minute_in_a_minute_is_refused(void **state)
{
	struct minute_cover m = {
		.start_us = T0, .from_us = T0, .to_us = T0 + MINUTE, .observed_s = 0.5
	};
	struct writer *w = open_run(*state, A);

	put_cover(w, 0, 0, 30);
	put_cover(w, 0, 30, 60); /* the same run went on */
	assert_int_equal(writer_cover(w, &m, NULL), ERR_RANGE);
	close_run(w);
	near(see(*state).observed_s, 60);
	assert_int_equal(see(*state).n_cover, 1);
}

static void watched_and_empty_is_not_unwatched(void **state)
{
	const struct place_info later[] = {
		{ .name = "entry", .kind = PLACE_LINE, .geometry = "{}" },
		{ .name = "new", .kind = PLACE_LINE, .geometry = "{}" },
	};
	struct writer *w = open_as(*state, "door", A, later, 1);
	struct query *q;

	put_cover(w, 0, 0, 60);
	close_run(w);
	w = open_as(*state, "door", B, later, 2);
	put_cover(w, 1, 0, 60);
	close_run(w);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM line_minute"), 0);
	q = open_query(*state);
	assert_int_equal(see_query(q, T0, T0 + MINUTE).n_line, 1);
	assert_int_equal(see_query(q, T0 + MINUTE, T0 + 2 * MINUTE).n_line, 2);
	assert_int_equal(see_query(q, T0 + 1, T0 + MINUTE).n_cover, 0);
	assert_int_equal(see_query(q, T0 - 1, T0 + 1).n_cover, 1);
	query_close(q);
}

static void a_line_that_becomes_a_zone_is_another_place(void **state)
{
	const struct place_info line = { .name = "x", .kind = PLACE_LINE, .geometry = "{}" };
	const struct place_info zone = { .name = "x", .kind = PLACE_ZONE, .geometry = "{}" };
	const struct query_place *p;
	struct writer *w = open_as(*state, "door", A, &line, 1);
	struct query *q;

	put_cover(w, 0, 0, 60);
	put_line(w, 0, 4, 0);
	close_run(w);
	close_run(open_as(*state, "door", B, &zone, 1));
	q = open_query(*state);
	assert_int_equal(query_places(q, &p, NULL), 2);
	assert_int_equal(p[0].info.kind, PLACE_LINE);
	assert_int_equal(p[1].info.kind, PLACE_ZONE);
	assert_int_not_equal(p[0].id, p[1].id);
	query_close(q);
	assert_int_equal(see(*state).in, 4);
}

static void places_are_as_last_drawn(void **state)
{
	struct place_info p = { .name = "entry",
				.kind = PLACE_LINE,
				.role = LINE_ENTRY,
				.in_label = "in",
				.out_label = "out",
				.geometry = "{\"a\":1}" };
	struct place_info two[2];
	const struct query_place *v;
	struct store_info info;
	struct query *q;
	struct writer *w = NULL;
	struct run_info run = {
		.camera = "door", .params_id = A, .params = "{\"other\":1}", .version = ""
	};
	struct err err = { 0 };

	close_run(open_as(*state, "door", A, &p, 1));
	p.role = LINE_OUTSIDE;
	p.geometry = "{\"a\":2}";
	memcpy(p.in_label, "north", 6);
	close_run(open_as(*state, "door", B, &p, 1));
	q = open_query(*state);
	assert_int_equal(query_places(q, &v, NULL), 1);
	assert_int_equal(v[0].info.role, LINE_OUTSIDE);
	assert_string_equal(v[0].info.geometry, "{\"a\":2}");
	assert_string_equal(v[0].info.in_label, "north");
	assert_int_equal(query_store(q, &info, NULL), 0);
	assert_string_equal(info.name, "corner shop");
	assert_string_equal(info.zone, "Europe/Berlin");
	assert_int_equal(info.business_day_start_s, 14400);
	query_close(q);

	two[0] = two[1] = p;
	assert_int_equal(writer_open(&w, *state, &info, &run, &p, 1, NULL, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, A)); /* one hash, two texts */
	run.params = "{}";
	assert_int_equal(writer_open(&w, *state, &info, &run, two, 2, NULL, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "'entry'"));
	assert_null(w);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM run"), 2);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM params"), 2);
}

static void any_name_is_a_name(void **state)
{
	static const char *const names[] = {
		"'; DROP TABLE cover; --", "\"quoted\"", "Eingang Süd", "入口", "a\nb", "%s?1",
	};
	const int n = sizeof(names) / sizeof(names[0]);
	const struct query_camera *c;
	const struct query_place *p;
	struct query *q;

	for (int i = 0; i < n; i++) {
		struct place_info place = { .kind = PLACE_LINE, .geometry = names[i] };
		struct writer *w;

		snprintf(place.name, sizeof(place.name), "%s", names[i]);
		w = open_as(*state, names[i], A, &place, 1);
		put_cover(w, 0, 0, 60);
		put_line(w, 0, 1, 0);
		close_run(w);
	}
	q = open_query(*state);
	assert_int_equal(query_cameras(q, &c, NULL), n);
	assert_int_equal(query_places(q, &p, NULL), n);
	for (int i = 0; i < n; i++) {
		int found = 0;

		for (int k = 0; k < n; k++)
			found += !strcmp(c[k].name, names[i]) +
				 !strcmp(p[k].info.name, names[i]) +
				 !strcmp(p[k].info.geometry, names[i]);
		assert_int_equal(found, 3);
		if (i)
			assert_true(strcmp(c[i - 1].name, c[i].name) < 0);
	}
	query_close(q);
	assert_int_equal(see(*state).in, n);
}

static void events_are_kept_as_they_came(void **state)
{
	struct writer *w = open_run(*state, A);

	put_event(w, 0, 1.25, EVENT_CROSS_IN, 0);
	put_event(w, 0, 1.25, EVENT_CROSS_IN, 0); /* the same again is one more */
	put_event(w, 0, 59.999999, EVENT_ZONE_LEAVE, 1);
	put_event(w, -1, 30, EVENT_ZONE_ENTER, 1);
	close_run(w);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM event"), 4);
	assert_int_equal(sql_int(*state, "SELECT max(seq) FROM event"), 3);
	assert_int_equal(sql_int(*state, "SELECT max(minute * 60000000 + t_us) FROM event"),
			 T0 + 59999999);
	assert_int_equal(sql_int(*state, "SELECT sum(dwell_ms) FROM event"), 12500);
	assert_int_equal(sql_int(*state, "SELECT sum(person) FROM event"), 28);
}

/* A run that died left events of a minute it did not finish; the next run has the minute. */
static void events_of_a_minute_never_stored_do_not_stay(void **state)
{
	struct writer *w = open_run(*state, A);

	put_cover(w, 0, 0, 60);
	put_event(w, 0, 30, EVENT_CROSS_IN, 0);
	put_event(w, 1, 10, EVENT_CROSS_IN, 0);
	close_run(w);
	w = open_run(*state, A);
	put_event(w, 1, 10, EVENT_CROSS_IN, 0);
	put_cover(w, 1, 0, 60);
	close_run(w);
	assert_int_equal(sql_int(*state, "SELECT count(*) FROM event"), 2);
}

static void the_plate_is_the_last_one(void **state)
{
	const struct query_camera *c;
	struct writer *w = open_run(*state, A);
	char big[70000];
	struct query *q;
	int64_t t_us;
	size_t len;
	void *png;

	memset(big, 'x', sizeof(big));
	assert_int_equal(writer_plate(w, T0, "\x89PNG\r\n\0first", 12, NULL), 0);
	assert_int_equal(writer_commit(w, NULL), 0);
	q = open_query(*state);
	assert_int_equal(query_cameras(q, &c, NULL), 1);
	assert_int_equal(query_plate(q, c[0].id, &png, &len, &t_us, NULL), 0);
	assert_int_equal(len, 12);
	assert_memory_equal(png, "\x89PNG\r\n\0first", 12);
	free(png);
	assert_int_equal(writer_plate(w, T0 + 1, big, sizeof(big), NULL), 0);
	close_run(w);
	assert_int_equal(query_plate(q, c[0].id, &png, &len, &t_us, NULL), 0);
	assert_int_equal(len, sizeof(big));
	assert_true(t_us == T0 + 1);
	assert_memory_equal(png, big, len);
	free(png);
	assert_int_equal(query_plate(q, 99, &png, &len, &t_us, NULL), 0);
	assert_null(png);
	query_close(q);
}

static void the_span_is_what_was_observed(void **state)
{
	struct writer *w = open_run(*state, A);
	int64_t from_us, to_us;
	struct query *q = open_query(*state);

	assert_int_equal(query_span(q, &from_us, &to_us, NULL), 0);
	assert_true(from_us == CLOCK_NONE && to_us == CLOCK_NONE);
	put_cover(w, 5, 0, 17.5);
	put_cover(w, -3, 40, 60);
	close_run(w);
	assert_int_equal(query_span(q, &from_us, &to_us, NULL), 0);
	assert_true(from_us == T0 - 3 * MINUTE + 40000000);
	assert_true(to_us == T0 + 5 * MINUTE + 17500000);
	query_close(q);
}

/* Times before 1970 and at its start: a recorder without a clock says so. */
static void the_epoch_is_a_time(void **state)
{
	struct minute_cover m = {
		.start_us = -MINUTE, .from_us = -MINUTE, .to_us = 0, .observed_s = 60
	};
	struct event e = { .t_us = -1, .kind = EVENT_CROSS_IN };
	struct writer *w = open_run(*state, A);

	assert_int_equal(writer_cover(w, &m, NULL), 0);
	assert_int_equal(writer_event(w, &e, NULL), 0);
	close_run(w);
	assert_true(see(*state).cover.start_us == -MINUTE);
	assert_int_equal(sql_int(*state, "SELECT minute * 60000000 + t_us FROM event"), -1);
}

struct order {
	int64_t start_us;
	int rank, key, stop_after;
};

static int in_order(struct order *o, int64_t start_us, int rank, int key)
{
	assert_true(start_us > o->start_us ||
		    (start_us == o->start_us &&
		     (rank > o->rank || (rank == o->rank && key > o->key))));
	*o = (struct order){ start_us, rank, key, o->stop_after - 1 };
	return o->stop_after == 0 ? 77 : 0;
}

static int order_cover(void *o, const struct minute_cover *m)
{
	return in_order(o, m->start_us, 0, m->camera);
}

static int order_line(void *o, const struct minute_line *m, const char *params_id)
{
	(void)params_id;
	return in_order(o, m->start_us, 1, m->place);
}

static int order_zone(void *o, const struct minute_zone *m, const char *params_id)
{
	(void)params_id;
	return in_order(o, m->start_us, 2, m->place);
}

static int order_heat(void *o, const struct minute_heat *m)
{
	return in_order(o, m->start_us, 3, m->camera);
}

static void minutes_come_in_order_and_stop_when_told(void **state)
{
	const struct place_info places[] = {
		{ .name = "b", .kind = PLACE_LINE, .geometry = "" },
		{ .name = "z", .kind = PLACE_ZONE, .geometry = "" },
		{ .name = "a", .kind = PLACE_LINE, .geometry = "" },
	};
	struct order o = { .start_us = INT64_MIN };
	struct query_minutes fn = { .cover = order_cover,
				    .line = order_line,
				    .zone = order_zone,
				    .heat = order_heat,
				    .arg = &o };
	struct query_minutes lines_only = { .line = order_line, .arg = &o };
	struct query *q;

	for (int cam = 0; cam < 3; cam++) {
		struct writer *w = open_as(*state, cam == 1 ? "x" : "y", A, places, 3);

		for (int i = 5; i >= 0; i--) {
			put_cover(w, i, cam == 2 ? 30 : 0, cam == 2 ? 60 : 30);
			put_line(w, i, 1, 0);
			put_heat(w, i, i, 1);
		}
		close_run(w);
	}
	q = open_query(*state);
	assert_int_equal(query_minutes(q, INT64_MIN, INT64_MAX, &fn, NULL), 0);
	assert_int_equal(-o.stop_after, 6 * (2 + 4 + 2 + 2));
	o = (struct order){ .start_us = INT64_MIN, .stop_after = 3 };
	assert_int_equal(query_minutes(q, INT64_MIN, INT64_MAX, &fn, NULL), 77);
	o = (struct order){ .start_us = INT64_MIN };
	assert_int_equal(query_minutes(q, T0, T0 + MINUTE, &lines_only, NULL), 0);
	assert_int_equal(-o.stop_after, 4);
	query_close(q);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_goes_in_comes_out),
		T(the_same_clip_twice_counts_once),
		T(what_is_counted_anew_or_late_is_revised),
		T(halves_are_no_revision),
		T(other_parameters_take_the_place),
		T(halves_of_a_minute_add_up),
		T(halves_add_up_in_any_order),
		T(an_empty_half_lowers_min_only),
		T(overlap_by_a_moment_takes_the_place),
		T(another_camera_is_another_matter),
		T(late_parts_add),
		T(a_minute_needs_its_cover),
		T(what_cannot_be_is_refused),
		T(more_than_a_minute_in_a_minute_is_refused),
		T(watched_and_empty_is_not_unwatched),
		T(a_line_that_becomes_a_zone_is_another_place),
		T(places_are_as_last_drawn),
		T(any_name_is_a_name),
		T(events_are_kept_as_they_came),
		T(events_of_a_minute_never_stored_do_not_stay),
		T(the_plate_is_the_last_one),
		T(the_span_is_what_was_observed),
		T(the_epoch_is_a_time),
		T(minutes_come_in_order_and_stop_when_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
