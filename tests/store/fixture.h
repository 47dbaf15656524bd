/* SPDX-License-Identifier: Apache-2.0 */
/* fixture.h -- a store's file in a folder of its own, short ways to write and to read it. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "store/query.h"
#include "store/writer.h"

/* Order and need of these is cmocka's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE INT64_C(60000000)
#define T0 (INT64_C(29500000) * MINUTE) /* a day in 2026 */

/* For cmocka_unit_test_setup_teardown: *state is the path of a file that is not there yet, in a
 * new folder that goes away with all that is in it. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A run of camera "door" with line "entry" (place 0) and zone "till" (place 1). */
struct writer *open_run(const char *path, const char *params_id);
/* The same with all said; the test fails when it does not open. */
struct writer *open_as(const char *path, const char *camera, const char *params_id,
		       const struct place_info *places, int n);
int try_open_run(struct writer **w, const char *path, char **note, struct err *err);
void close_run(struct writer *w);
struct query *open_query(const char *path);

/* Seconds from .. to of minute i (counted from T0), all of it observed. */
void put_cover(struct writer *w, int i, double from_s, double to_s);
void put_line(struct writer *w, int i, int in, int out);

/* Everything in a file, added up or as it comes. */
struct seen {
	int n_cover, n_line, n_zone, n_heat;
	double observed_s;
	int in, out, persons_in, persons_out, uturns;
	int begun, ended, n_dwell;
	double person_s, heat_s, dwell_s;
	struct minute_cover cover; /* the last of each */
	struct minute_line line;
	struct minute_zone zone;
	char params_id[17];
};
/* Callbacks that add to *s. */
struct query_minutes seeing(struct seen *s);
struct seen see(const char *path);
struct seen see_query(struct query *q, int64_t from_us, int64_t to_us);

/* One number from the file by SQL, past the code under test. */
int64_t sql_int(const char *path, const char *sql);
void sql_run(const char *path, const char *sql);

#endif
