/* SPDX-License-Identifier: Apache-2.0 */
/* test_progress.c -- the progress line says what it should in the width it has. */
#include "base/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void is(struct progress p, int width, const char *expected)
{
	char buf[PROGRESS_TEXT];

	assert_string_equal(progress_text(&p, width, buf), expected);
}

static void says_how_far_how_fast_how_long(void **state)
{
	struct progress p = { .share = 0.25, .frames = 1000, .media_s = 100, .elapsed_s = 10 };

	(void)state;
	is(p, 79, " 25 % [#######.......................]  100 frames/s  10.0x  0:30 left");
	is(p, 60, " 25 % [#####...............]  100 frames/s  10.0x  0:30 left");
	p.share = 0.001;
	is(p, 79, "  0 % [..............................]  100 frames/s  10.0x  2:46:30 left");
	p.share = 1.5;
	is(p, 79, "100 % [##############################]  100 frames/s  10.0x  0:00 left");
}

static void leaves_out_what_does_not_fit(void **state)
{
	struct progress p = { .share = 0.25, .frames = 1000, .media_s = 100, .elapsed_s = 10 };

	(void)state;
	is(p, 40, " 25 %  100 frames/s  10.0x  0:30 left");
	is(p, 30, " 25 %  100 frames/s  0:30 left");
	is(p, 17, " 25 %  0:30 left");
	is(p, 6, " 25 %");
	is(p, 3, "");
	is(p, 0, "");
	is(p, -1, "");
}

static void never_wider_than_the_terminal(void **state)
{
	(void)state;
	for (int width = 0; width < 300; width++) {
		for (int i = 0; i < 12; i++) {
			struct progress p = { .share = (i - 1) / 10.0,
					      .frames = i * INT64_C(123456789012345),
					      .media_s = i * 1e9,
					      .elapsed_s = i * 1e3 };
			char buf[PROGRESS_TEXT];

			assert_true((int)strlen(progress_text(&p, width, buf)) <= width);
		}
	}
}

static void says_less_when_less_is_known(void **state)
{
	(void)state;
	is((struct progress){ .share = -1, .frames = 50, .media_s = 2, .elapsed_s = 4 }, 79,
	   "50 frames  12 frames/s  0.5x");
	is((struct progress){ .share = 0 }, 79, "  0 % [..............................]");
	/* No guess in the first second. */
	is((struct progress){ .share = 0.5, .frames = 10, .media_s = 1, .elapsed_s = 0.5 }, 30,
	   " 50 %  20 frames/s  2.0x");
}

static void draws_nothing_without_a_terminal(void **state)
{
	(void)state;
	progress_end();
	progress_begin();
	progress_step(&(struct progress){ .share = 0.5 });
	progress_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_how_far_how_fast_how_long),
		cmocka_unit_test(leaves_out_what_does_not_fit),
		cmocka_unit_test(never_wider_than_the_terminal),
		cmocka_unit_test(says_less_when_less_is_known),
		cmocka_unit_test(draws_nothing_without_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
