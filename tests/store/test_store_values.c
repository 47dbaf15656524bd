/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_values.c -- measures of places and the floor's cells: what adds up, what takes
 * another's place, and what is refused.
 */
#include "fixture.h"

#include "base/clock.h"
#include "base/vec.h"
#include "store/blob.h"
#include "store/measure.h"

#include <string.h>

#define A "aaaaaaaaaaaaaaaa"

#define WHOLE 5 /* minutes after T0 a quarter of an hour begins */

enum { DOOR, TILL, LINE, FRUIT, GATE, QUEUE, TABLE, N };
static const struct place_info places[N] = {
	[DOOR] = { .name = "door", .kind = PLACE_LINE, .role = LINE_ENTRY, .geometry = "" },
	[TILL] = { .name = "till", .kind = PLACE_ZONE, .geometry = "" },
	[LINE] = { .name = "line", .kind = PLACE_ZONE, .geometry = "" },
	[FRUIT] = { .name = "fruit", .kind = PLACE_ZONE, .role = ZONE_COUNTER, .geometry = "" },
	[GATE] = { .name = "gate", .kind = PLACE_GATE, .geometry = "" },
	[QUEUE] = { .name = "queue", .kind = PLACE_QUEUE, .geometry = "" },
	[TABLE] = { .name = "table", .kind = PLACE_FIXTURE, .geometry = "" },
};

static struct writer *open_all(const char *path)
{
	return open_as(path, "door", A, places, N);
}

/* One value of minute i. */
static int put(struct writer *w, int i, int place, enum measure m, int key, int64_t value)
{
	struct minute_value v = { 0, place, T0 + i * MINUTE, m, key, value };

	return writer_values(w, &v, 1, NULL);
}

struct got {
	VEC(struct minute_value) value;
	VEC(struct floor_cell) cell;
	VEC(int64_t) floor_us;
	int watched;
	int id[N]; /* of places[] */
};

static int got_value(void *arg, const struct minute_value *m)
{
	struct got *g = arg;

	*VEC_PUSH(&g->value) = *m;
	return 0;
}

static int got_floor(void *arg, const struct minute_floor *m)
{
	struct got *g = arg;

	*VEC_PUSH(&g->floor_us) = m->start_us;
	for (int i = 0; i < m->n; i++)
		*VEC_PUSH(&g->cell) = m->cells[i];
	return 0;
}

static int got_watched(void *arg, int camera, int place, int64_t start_us)
{
	struct got *g = arg;

	assert_int_equal(camera, 1);
	assert_true(place >= 1 && start_us >= T0);
	g->watched++;
	return 0;
}

static struct got read_all(const char *path)
{
	struct got g = { 0 };
	struct query_minutes fn = {
		.value = got_value, .floor = got_floor, .watched = got_watched, .arg = &g
	};
	const struct query_place *p;
	struct query *q = open_query(path);
	struct err err = { 0 };
	int n = query_places(q, &p, NULL);

	for (int i = 0; i < n; i++)
		for (int k = 0; k < N; k++)
			if (!strcmp(p[i].info.name, places[k].name)) {
				g.id[k] = p[i].id;
				assert_int_equal(p[i].info.kind, places[k].kind);
				assert_int_equal(p[i].info.role, places[k].role);
			}
	if (query_minutes(q, INT64_MIN, INT64_MAX, &fn, &err) < 0)
		fail_msg("%s", err.msg);
	query_close(q);
	return g;
}

static void got_clear(struct got *g)
{
	VEC_FREE(&g->value);
	VEC_FREE(&g->cell);
	VEC_FREE(&g->floor_us);
}

static int64_t value_of(const struct got *g, int i, int place, enum measure m, int key)
{
	for (size_t k = 0; k < g->value.n; k++) {
		const struct minute_value *v = &g->value.v[k];

		if (v->start_us == T0 + i * MINUTE && v->measure == m && v->key == key &&
		    v->place == (place < 0 ? -1 : g->id[place]))
			return v->value;
	}
	return 0;
}

static void values_come_back_in_order(void **state)
{
	struct writer *w = open_all(*state);
	struct got g;

	put_cover(w, 0, 0, 60);
	put_cover(w, 1, 0, 60);
	assert_int_equal(put(w, 1, -1, MEASURE_STAFF, STAFF_DOOR, 1), 0);
	assert_int_equal(put(w, 0, TABLE, MEASURE_STOPS, SIDE_RIGHT, 300), 0);
	assert_int_equal(put(w, 0, QUEUE, MEASURE_QUEUE_WAIT, 61234, 2), 0);
	assert_int_equal(put(w, 0, QUEUE, MEASURE_QUEUE_WAIT, 0, 1), 0);
	assert_int_equal(put(w, 0, GATE, MEASURE_GATE_IN, 0, 5), 0);
	assert_int_equal(put(w, 0, FRUIT, MEASURE_NEXT, TILL, 7), 0);
	assert_int_equal(put(w, 0, FRUIT, MEASURE_FIRST_FROM, DOOR, 3), 0);
	close_run(w);
	g = read_all(*state);
	assert_int_equal(g.value.n, 7);
	assert_int_equal(g.watched, 2 * N);
	for (size_t i = 1; i < g.value.n; i++)
		assert_true(g.value.v[i].start_us > g.value.v[i - 1].start_us ||
			    blob_value_order(&g.value.v[i - 1], &g.value.v[i]) < 0);
	assert_int_equal(value_of(&g, 0, FRUIT, MEASURE_NEXT, g.id[TILL]), 7);
	assert_int_equal(value_of(&g, 0, FRUIT, MEASURE_FIRST_FROM, g.id[DOOR]), 3);
	assert_int_equal(value_of(&g, 0, QUEUE, MEASURE_QUEUE_WAIT, 61234), 2);
	assert_int_equal(value_of(&g, 0, QUEUE, MEASURE_QUEUE_WAIT, 0), 1);
	assert_int_equal(value_of(&g, 0, TABLE, MEASURE_STOPS, SIDE_RIGHT), 300);
	assert_int_equal(value_of(&g, 1, -1, MEASURE_STAFF, STAFF_DOOR), 1);
	assert_int_equal(g.value.v[0].camera, 1);
	got_clear(&g);
}

/* Of one run in parts, and of runs that only touch. */
static void parts_and_halves_add_up(void **state)
{
	struct writer *w = open_all(*state);
	struct got g;

	put_cover(w, 0, 0, 30);
	put(w, 0, TILL, MEASURE_EXPOSED, 0, 2);
	assert_int_equal(writer_commit(w, NULL), 0);
	put(w, 0, TILL, MEASURE_EXPOSED, 0, 3);
	put(w, 0, TILL, MEASURE_STOPPED, 0, 1);
	close_run(w);
	w = open_all(*state);
	put_cover(w, 0, 30, 60);
	put(w, 0, TILL, MEASURE_EXPOSED, 0, 10);
	put(w, 0, LINE, MEASURE_EXPOSED, 0, 1);
	close_run(w);
	g = read_all(*state);
	assert_int_equal(g.value.n, 3);
	assert_int_equal(g.watched, N);
	assert_int_equal(value_of(&g, 0, TILL, MEASURE_EXPOSED, 0), 15);
	assert_int_equal(value_of(&g, 0, TILL, MEASURE_STOPPED, 0), 1);
	assert_int_equal(value_of(&g, 0, LINE, MEASURE_EXPOSED, 0), 1);
	got_clear(&g);
}

static void put_cells(struct writer *w, int i, int x, int y, uint32_t ms, int stops)
{
	struct floor_cell c[] = { { (int16_t)x, (int16_t)y, ms, (uint16_t)stops },
				  { (int16_t)(x + 1), (int16_t)y, 10, 0 } };
	struct minute_floor m = { .start_us = T0 + i * MINUTE, .n = 2, .cells = c };
	struct err err = { 0 };

	if (writer_floor(w, &m, &err) < 0)
		fail_msg("%s", err.msg);
}

static void taken_minutes_take_their_values(void **state)
{
	struct writer *w = open_all(*state);
	struct got g;

	for (int i = WHOLE; i < WHOLE + 20; i++) {
		put_cover(w, i, 0, 60);
		put(w, i, TILL, MEASURE_EXPOSED, 0, 1);
		put_cells(w, i, 5, 5, 1000, 0);
	}
	close_run(w);
	w = open_all(*state);
	put_cover(w, WHOLE + 3, 0, 60);
	put(w, WHOLE + 3, TILL, MEASURE_EXPOSED, 0, 100);
	put_cells(w, WHOLE + 3, 9, 9, 70, 0);
	close_run(w);
	g = read_all(*state);
	assert_int_equal(g.value.n, 20);
	assert_int_equal(value_of(&g, WHOLE + 3, TILL, MEASURE_EXPOSED, 0), 100);
	assert_int_equal(value_of(&g, WHOLE + 4, TILL, MEASURE_EXPOSED, 0), 1);
	/* Of the first quarter only the new run's cells are left, the second is as it was. */
	assert_int_equal(g.floor_us.n, 2);
	assert_true(g.floor_us.v[0] == T0 + WHOLE * MINUTE);
	assert_true(g.floor_us.v[1] == T0 + (WHOLE + 15) * MINUTE);
	assert_int_equal(g.cell.n, 4);
	assert_int_equal(g.cell.v[0].person_ms, 70);
	assert_int_equal(g.cell.v[2].person_ms, 5000);
	got_clear(&g);
}

static void the_floor_adds_up_in_quarters(void **state)
{
	struct writer *w = open_all(*state);
	struct got g;

	put_cover(w, WHOLE, 0, 60);
	put_cover(w, WHOLE + 14, 0, 60);
	put_cover(w, WHOLE + 15, 0, 60);
	put_cells(w, WHOLE, -4096, -4096, 600, 1);
	put_cells(w, WHOLE + 14, -4096, -4096, 400, 2);
	put_cells(w, WHOLE + 14, 0, 3, 20, 0);
	put_cells(w, WHOLE + 15, 0, 3, 30, 0);
	close_run(w);
	w = open_all(*state);
	put_cover(w, WHOLE + 13, 0, 60); /* another run, other minutes of the quarter */
	put_cells(w, WHOLE + 13, 0, 3, 500, 0);
	close_run(w);
	g = read_all(*state);
	assert_int_equal(g.floor_us.n, 2);
	assert_int_equal(g.cell.n, 4 + 2);
	assert_int_equal(g.cell.v[0].x, -4096);
	assert_int_equal(g.cell.v[0].person_ms, 1000);
	assert_int_equal(g.cell.v[0].stops, 3);
	assert_int_equal(g.cell.v[1].person_ms, 20);
	assert_int_equal(g.cell.v[2].y, 3);
	assert_int_equal(g.cell.v[2].person_ms, 520);
	assert_int_equal(g.cell.v[4].person_ms, 30);
	got_clear(&g);
}

static void what_cannot_be_is_refused(void **state)
{
	static const struct {
		int place;
		enum measure m;
		int key;
		int64_t value;
	} wrong[] = {
		{ DOOR, MEASURE_EXPOSED, 0, 1 }, /* of zones */
		{ -1, MEASURE_EXPOSED, 0, 1 },
		{ DOOR, MEASURE_STAFF, STAFF_DOOR, 1 }, /* of the camera */
		{ N, MEASURE_ENTERED, 0, 1 },
		{ DOOR, MEASURE_ENTERED, 1, 1 }, /* has no keys */
		{ DOOR, MEASURE_ENTERED, 0, 0 },
		{ DOOR, MEASURE_ENTERED, 0, -1 },
		{ DOOR, MEASURE_ENTERED, 0, INT64_C(1) << 32 },
		{ DOOR, MEASURE_TURNS, 4, 1 }, /* left, straight, right */
		{ TILL, MEASURE_NEXT, N, 1 },
		{ QUEUE, MEASURE_QUEUE_WAIT, -1, 1 },
		{ DOOR, (enum measure)7, 0, 1 }, /* none */
		{ DOOR, MEASURE_END, 0, 1 },
		{ DOOR, MEASURE_NONE, 0, 1 },
	};
	struct floor_cell c[] = { { 1, 0, 10, 0 }, { 0, 0, 10, 0 } };
	struct minute_floor unordered = { .start_us = T0, .n = 2, .cells = c };
	struct writer *w = open_all(*state);
	struct got g;

	put_cover(w, 0, 0, 60);
	assert_int_equal(put(w, 0, DOOR, MEASURE_ENTERED, 0, 2), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			put(w, 0, wrong[i].place, wrong[i].m, wrong[i].key, wrong[i].value),
			ERR_RANGE);
	assert_int_equal(put(w, 0, DOOR, MEASURE_ENTERED, 0, UINT32_MAX), ERR_RANGE); /* sum */
	assert_int_equal(put(w, 1, DOOR, MEASURE_ENTERED, 0, 1), ERR_STATE); /* no cover */
	assert_int_equal(writer_floor(w, &unordered, NULL), ERR_RANGE);
	c[1].x = FLOOR_CELL_LIMIT;
	assert_int_equal(writer_floor(w, &unordered, NULL), ERR_RANGE);
	close_run(w);
	g = read_all(*state);
	assert_int_equal(g.value.n, 1);
	assert_int_equal(value_of(&g, 0, DOOR, MEASURE_ENTERED, 0), 2);
	assert_int_equal(g.cell.n, 0);
	got_clear(&g);
}

/* A file of before there were measures: of its minutes nobody knows them, they are not 0. */
static void minutes_of_before_were_not_watched(void **state)
{
	struct writer *w = open_all(*state);
	struct got g;

	put_cover(w, 0, 0, 60);
	close_run(w);
	sql_run(*state, "DROP TABLE audit_window; DROP TABLE audit; DROP TABLE value_minute; "
			"DROP TABLE floor_quarter; "
			"ALTER TABLE run DROP COLUMN measured; PRAGMA user_version = 2");
	w = open_all(*state);
	put_cover(w, 1, 0, 60);
	put(w, 1, DOOR, MEASURE_ENTERED, 0, 1);
	close_run(w);
	g = read_all(*state);
	assert_int_equal(g.watched, N);
	assert_int_equal(value_of(&g, 1, DOOR, MEASURE_ENTERED, 0), 1);
	got_clear(&g);
}

static void damage_is_an_error(void **state)
{
	static const char *const harm[] = {
		"UPDATE value_minute SET rows = x'80'",
		"UPDATE value_minute SET rows = x'01010000'",         /* a value of 0 */
		"UPDATE value_minute SET rows = x'07010001'",         /* no such measure */
		"UPDATE value_minute SET rows = x'0101000100000001'", /* twice the same */
		"UPDATE floor_quarter SET cells = x'00'",
		"UPDATE floor_quarter SET cells = x'ffffffff0f02'",
	};

	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		struct got g = { 0 };
		struct query_minutes fn = { .value = got_value, .floor = got_floor, .arg = &g };
		struct writer *w = open_all(*state);
		struct err err = { 0 };
		struct query *q;

		put_cover(w, 0, 0, 60);
		put(w, 0, DOOR, MEASURE_ENTERED, 0, 1);
		put_cells(w, 0, 1, 1, 100, 1);
		close_run(w);
		sql_run(*state, harm[i]);
		q = open_query(*state);
		assert_int_equal(query_minutes(q, INT64_MIN, INT64_MAX, &fn, &err), ERR_FORMAT);
		assert_non_null(strstr(err.msg, "is damaged"));
		query_close(q);
		got_clear(&g);
	}
}

static void the_table_knows_every_measure(void **state)
{
	int n = 0;
	(void)state;

	for (int m = 0; m <= MEASURE_END; m++) {
		const struct measure_info *i = measure_info((enum measure)m);

		if (!i)
			continue;
		n++;
		assert_int_equal(measure_named(i->name), m);
		assert_true(i->unit && i->form && i->definition && *i->definition);
		assert_int_equal(i->key == MEASURE_KEY_WORD,
				 measure_word((enum measure)m, 1) != NULL);
		assert_int_equal(i->form == MEASURE_LIST, i->key == MEASURE_KEY_MS);
		assert_null(measure_word((enum measure)m, 0));
		assert_null(measure_word((enum measure)m, 9));
	}
	assert_int_equal(n, 28);
	assert_int_equal(measure_named("nothing"), MEASURE_NONE);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(values_come_back_in_order),
		T(parts_and_halves_add_up),
		T(taken_minutes_take_their_values),
		T(the_floor_adds_up_in_quarters),
		T(what_cannot_be_is_refused),
		T(minutes_of_before_were_not_watched),
		T(damage_is_an_error),
		T(the_table_knows_every_measure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
