/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_blob.c -- the packed columns: what goes in comes out, and any bytes are taken. */
#include "store/blob.h"

#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* xorshift64*, Vigna 2014: the same numbers on every machine. */
static uint64_t next(uint64_t *s)
{
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return *s * UINT64_C(2685821657736338717) >> 32;
}

static void dwells_come_back(void **state)
{
	const float in[] = { 0, 0.001f, 0.127f, 0.128f, 16.384f, 59.9f, 3600, 86400, 4e6f };
	const int n = sizeof(in) / sizeof(in[0]);
	struct blob b = { 0 };
	struct dwells d = { 0 };

	(void)state;
	assert_true(blob_put_dwells(&b, in, n));
	assert_true(blob_get_dwells(b.v, b.n, &d));
	assert_int_equal(d.n, n);
	for (int i = 0; i < n; i++)
		assert_true(d.v[i] == in[i]);
	VEC_FREE(&b);
	VEC_FREE(&d);
}

static void dwells_out_of_range_are_refused(void **state)
{
	const float bad[] = { -0.1f, 4.1e6f, __builtin_inff(), __builtin_nanf("") };
	struct blob b = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		const float two[] = { 1, bad[i] };

		assert_false(blob_put_dwells(&b, two, 2));
		assert_int_equal(b.n, 0);
	}
	VEC_FREE(&b);
}

static void heat_comes_back(void **state)
{
	static uint64_t in[HEAT_CELLS], out[HEAT_CELLS];
	uint64_t seed = 1;
	struct blob b = { 0 };

	(void)state;
	for (int round = 0; round < 50; round++) {
		memset(out, 0, sizeof(out));
		for (int i = 0; i < HEAT_CELLS; i++)
			in[i] = next(&seed) % 7 ? 0 : next(&seed) >> (next(&seed) % 32);
		in[0] = (uint64_t)round;
		in[HEAT_CELLS - 1] = UINT32_MAX;
		b.n = 0;
		blob_put_heat(&b, in);
		assert_true(blob_get_heat(b.v, b.n, out));
		assert_memory_equal(in, out, sizeof(in));
	}
	VEC_FREE(&b);
}

static void floor_cells_come_back(void **state)
{
	const struct floor_cell in[] = {
		{ -4096, -4096, 10, 1 }, { -4095, -4096, 630, 0 },     { 4095, -1, 640, 65535 },
		{ 0, 0, 0, 3 },          { 1, 0, UINT32_MAX - 15, 0 }, { 4095, 4095, 60000, 0 },
	};
	const int n = sizeof(in) / sizeof(in[0]);
	struct blob b = { 0 };
	struct floor_cells out = { 0 };

	(void)state;
	assert_true(blob_put_floor(&b, in, 2));
	assert_int_equal(b.n, 3 + 2); /* one that was walked through takes two bytes */
	b.n = 0;
	assert_true(blob_put_floor(&b, in, n));
	assert_true(blob_get_floor(b.v, b.n, &out));
	assert_int_equal(out.n, n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(out.v[i].x, in[i].x);
		assert_int_equal(out.v[i].y, in[i].y);
		assert_int_equal(out.v[i].person_ms, in[i].person_ms);
		assert_int_equal(out.v[i].stops, in[i].stops);
	}
	b.n = 0;
	assert_true(
		blob_put_floor(&b, (struct floor_cell[]){ { 0, 0, 4, 0 } }, 1)); /* rounds */
	assert_int_equal(b.n, 0);
	assert_false(blob_put_floor(&b, (struct floor_cell[]){ { 0, 4096, 10, 0 } }, 1));
	assert_false(blob_put_floor(&b, (struct floor_cell[]){ { 0, 0, UINT32_MAX, 0 } }, 1));
	assert_int_equal(b.n, 0);
	VEC_FREE(&b);
	VEC_FREE(&out);
}

static void values_of_places_come_back(void **state)
{
	const struct minute_value in[] = {
		{ .place = 0, .measure = MEASURE_STAFF, .key = 1, .value = 1 },
		{ .place = 3, .measure = MEASURE_STAFF, .key = 0, .value = UINT32_MAX },
		{ .place = 3, .measure = MEASURE_STAFF, .key = INT32_MAX, .value = 2 },
		{ .place = INT32_MAX, .measure = MEASURE_STAFF, .key = 5, .value = 3 },
	};
	const int n = sizeof(in) / sizeof(in[0]);
	struct blob b = { 0 };
	struct values out = { 0 };

	(void)state;
	assert_true(blob_put_values(&b, in, n));
	assert_true(blob_get_values(b.v, b.n, &out));
	assert_int_equal(out.n, n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(blob_value_order(&out.v[i], &in[i]), 0);
		assert_int_equal(out.v[i].value, in[i].value);
	}
	b.n = 0;
	assert_false(blob_put_values(&b, (struct minute_value[]){ in[1], in[0] }, 2));
	assert_false(blob_put_values(&b, (struct minute_value[]){ in[1], in[1] }, 2));
	assert_int_equal(b.n, 0);
	VEC_FREE(&b);
	VEC_FREE(&out);
}

static void malformed_blobs_are_refused(void **state)
{
	static uint64_t ms[HEAT_CELLS];
	struct dwells d = { 0 };

	(void)state;
	assert_false(blob_get_dwells("\x80", 1, &d));                     /* no end */
	assert_false(blob_get_dwells("\xff\xff\xff\xff\x1f", 5, &d));     /* over 32 bits */
	assert_false(blob_get_dwells("\x80\x80\x80\x80\x80\x01", 6, &d)); /* too long */
	assert_false(blob_get_heat("\x01", 1, ms));                       /* half a pair */
	assert_false(blob_get_heat("\x01\x00", 2, ms));                   /* nothing in it */
	assert_false(blob_get_heat("\x80\x18\x01", 3, ms));               /* cell 3072 */
	assert_true(blob_get_heat("\xff\x17\x01", 3, ms));                /* cell 3071 */
	assert_false(blob_get_heat("\xff\x17\x01\x00\x01", 5, ms));       /* one more */
	assert_true(blob_get_heat(NULL, 0, ms));
	assert_true(blob_get_dwells(NULL, 0, &d));
	VEC_FREE(&d);
}

/* What is taken, is well formed: packing it again gives the same meaning. */
static void any_bytes_are_an_error_or_valid(void **state)
{
	static uint64_t ms[HEAT_CELLS], again[HEAT_CELLS];
	uint64_t seed = 42;
	int taken = 0, refused = 0;
	struct blob b = { 0 };
	struct dwells d = { 0 };
	struct floor_cells floor = { 0 };
	struct values values = { 0 };

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t n = next(&seed) % 24;
		unsigned char *bytes =
			xmalloc(n + !n); /* its exact size: one too far is seen */

		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char)(next(&seed) >> (next(&seed) % 8));
		d.n = 0;
		if (blob_get_dwells(bytes, n, &d))
			assert_true(d.n <= n);
		b.n = floor.n = values.n = 0;
		if (blob_get_floor(bytes, n, &floor))
			assert_true(blob_put_floor(&b, floor.v, (int)floor.n));
		b.n = 0;
		if (blob_get_values(bytes, n, &values))
			assert_true(blob_put_values(&b, values.v, (int)values.n));
		memset(ms, 0, sizeof(ms));
		if (!blob_get_heat(bytes, n, ms)) {
			refused++;
			free(bytes);
			continue;
		}
		taken++;
		b.n = 0;
		blob_put_heat(&b, ms);
		memset(again, 0, sizeof(again));
		assert_true(blob_get_heat(b.v, b.n, again));
		assert_memory_equal(ms, again, sizeof(ms));
		free(bytes);
	}
	assert_true(taken > 100 && refused > 100);
	VEC_FREE(&b);
	VEC_FREE(&floor);
	VEC_FREE(&values);
	VEC_FREE(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dwells_come_back),
		cmocka_unit_test(dwells_out_of_range_are_refused),
		cmocka_unit_test(heat_comes_back),
		cmocka_unit_test(floor_cells_come_back),
		cmocka_unit_test(values_of_places_come_back),
		cmocka_unit_test(malformed_blobs_are_refused),
		cmocka_unit_test(any_bytes_are_an_error_or_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
