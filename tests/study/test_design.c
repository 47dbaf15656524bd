/* SPDX-License-Identifier: Apache-2.0 */
/* test_design.c -- study files: what is read, and one line for what cannot be. */
#include "base/sha256.h"
#include "base/str.h"
#include "base/vec.h"
#include "mutate.h"
#include "study/design.h"
#include "study/study.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES TESTS_DIR "/../../samples/studies/"

/* FIPS 180-4's own examples (NIST, "Example Values"), and a length on the padding's edge. */
static void fingerprints(void **state)
{
	char text[SHA256_TEXT], zeros[64] = { 0 };

	(void)state;
	assert_string_equal(sha256_text("abc", 3, text),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(sha256_text("", 0, text),
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(
		sha256_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
			    text),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	assert_string_equal(sha256_text(zeros, 64, text),
			    "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

static void samples(void **state)
{
	struct design d = { 0 };
	struct err err;
	char date[11];
	enum arm arm;
	int block, a = 0, b = 0, n;

	(void)state;
	if (design_read(&d, SAMPLES "window.ini", &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(d.kind, DESIGN_SWITCH_BACK);
	assert_true(d.by_lot);
	assert_int_equal(d.n_metric, 2);
	assert_string_equal(d.metric[0].label, "Capture rate");
	assert_int_equal(d.metric[0].of.kind, MEASURE_OF_CAPTURE);
	assert_true(d.target > 0.0999 && d.target < 0.1001);
	assert_int_equal(d.washout_h, 1);
	for (n = 0; design_day(&d, n, date, &arm, &block); n++) {
		a += arm == ARM_A;
		b += arm == ARM_B;
		assert_int_equal(block, n / 2);
		/* Each pair of blocks has one of each. */
		assert_true(design_arm(&d, block) != design_arm(&d, block ^ 1));
	}
	assert_int_equal(n, 56);
	assert_int_equal(a, 28);
	assert_int_equal(b, 28);
	assert_string_equal(excluded_find(&d.excluded, "2026-03-19", 12)->why,
			    "power cut in the street");
	assert_null(excluded_find(&d.excluded, "2026-03-19", 13));
	assert_true(excluded_find(&d.excluded, "2026-04-03", 9)->holiday);
	design_clear(&d);

	if (design_read(&d, SAMPLES "fruit-control.ini", &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(d.kind, DESIGN_CONTROL);
	assert_string_equal(d.metric[0].control.place, "bread");
	assert_int_equal(design_blocks(&d), 8);
	/* The days between are no part of it. */
	assert_true(design_day(&d, 28, date, &arm, &block));
	assert_string_equal(date, "2026-03-02");
	assert_int_equal(arm, ARM_NONE);
	assert_true(design_day(&d, 35, date, &arm, &block));
	assert_int_equal(arm, ARM_B);
	assert_int_equal(block, 4);
	assert_false(design_day(&d, 63, date, &arm, &block));
	design_clear(&d);
}

/* The lot is fair and another seed draws another order. */
static void lot(void **state)
{
	struct design d = { .kind = DESIGN_SWITCH_BACK, .by_lot = true };
	int b_first = 0, same = 0;

	(void)state;
	for (int pair = 0; pair < 1000; pair++) {
		enum arm first;

		d.seed = 1;
		first = design_arm(&d, 2 * pair);
		b_first += first == ARM_B;
		d.seed = 2;
		same += design_arm(&d, 2 * pair) == first;
	}
	assert_in_range(b_first, 450, 550);
	assert_in_range(same, 450, 550);
}

/* A sample with one line replaced by another; what the message says. */
static void refused(const char *sample, const char *line, const char *by, const char *says)
{
	struct str path = STR_INIT, text = STR_INIT;
	struct design d = { .n_metric = -7 };
	struct err err = { 0 };
	bool found = false;
	char row[256];
	FILE *f;

	str_addf(&path, SAMPLES "%s", sample);
	f = fopen(path.s, "r");
	assert_non_null(f);
	while (fgets(row, sizeof(row), f)) {
		row[strcspn(row, "\n")] = '\0';
		if (!strcmp(row, line)) {
			found = true;
			str_addf(&text, "%s\n", by);
		} else {
			str_addf(&text, "%s\n", row);
		}
	}
	fclose(f);
	assert_true(found);
	if (design_parse(&d, "my.ini", text.s, text.len, &err) >= 0)
		fail_msg("'%s' was taken", by);
	assert_int_equal(d.n_metric, -7);
	assert_int_equal(err.code, ERR_CONFIG);
	if (!strstr(err.msg, says))
		fail_msg("'%s': %s", by, err.msg);
	str_clear(&path);
	str_clear(&text);
}

static void wrong_lines(void **state)
{
	(void)state;
	refused("window.ini", "alpha = 5 %", "alpha = 0.05",
		"my.ini:11: [study] alpha: '0.05'; expected 0.1 % to 20 %");
	refused("window.ini", "hours = 9-21", "hours = 21-9",
		"my.ini:10: [study] hours: '21-9'; expected hours like 9-21");
	refused("window.ini", "design = switch-back", "design = switchback",
		"my.ini:9: [study] design: 'switchback'; expected before-after, switch-back "
		"or matched-control");
	refused("window.ini", "from = 2026-03-02", "from = 2026-02-30",
		"my.ini:20: [schedule] from: '2026-02-30'; expected a day like 2026-03-02");
	refused("window.ini", "blocks = 28", "blocks = 10",
		"[schedule] blocks: the orders of 5 pairs cannot give a p-value of 5 % or less");
	refused("window.ini", "blocks = 28", "blocks = 27", "expected an even number");
	refused("window.ini", "order = lot", "order = by hand", "expected lot");
	refused("window.ini", "order = lot", "oder = lot",
		"[schedule] oder: unknown key; did you mean 'order'?");
	refused("window.ini", "order = lot", "", "[schedule] order: missing; expected lot");
	refused("window.ini", "Capture rate = capture", "Capture rate = captured",
		"[metrics] Capture rate: 'captured' is no measure; expected one of entries");
	refused("window.ini", "Capture rate = capture", "Capture rate = visits",
		"'visits': expected visits:PLACE or :CAMERA/PLACE");
	refused("window.ini", "2026-03-19 10-13 = power cut in the street",
		"2026-03-19 13-10 = power cut", "expected hours like 10-12, from 0 to 24");
	refused("window.ini", "2026-03-19 10-13 = power cut in the street",
		"2026-03-19 =", "expected the reason");
	refused("window.ini", "2026-04-03 = Good Friday", "2026-04-03 10-12 = Good Friday",
		"expected a whole day");
	refused("window.ini", "[schedule]", "[shedule]", "did you mean 'schedule'");
	refused("fruit.ini", "to = 2026-03-01", "to = 2026-02-28",
		"[before] to: 27 days; expected at least two whole blocks of 7 days");
	refused("fruit.ini", "from = 2026-03-09", "from = 2026-03-01",
		"[after] to: 36 days; expected at least two whole blocks of 7 days");
	refused("fruit.ini", "design = before-after", "design = matched-control",
		"[control] Visits of fruit per entry: missing");
	refused("fruit-control.ini", "design = matched-control", "design = before-after",
		"[control]: only for a matched-control study");
	refused("fruit-control.ini", "Visits of fruit per entry = visit_rate:bread",
		"Visits of fruit per entry = visits:bread", "a count needs a count");
}

/* Files a few bytes away from the samples: read or refused in one line with a line number, and
 * what is read can be laid out. */
static int n_read, n_refused;

static void check(const char *text, size_t len)
{
	struct design d = { .n_metric = -7 };
	struct err err = { 0 };
	struct str plan = STR_INIT;
	char date[11];
	enum arm arm;
	int block, n = 0;

	if (design_parse(&d, "my.ini", text, len, &err) < 0) {
		n_refused++;
		assert_int_equal(d.n_metric, -7);
		assert_int_equal(strncmp(err.msg, "my.ini:", 7), 0);
		assert_true(strtol(err.msg + 7, NULL, 10) > 0);
		for (const char *s = err.msg; *s; s++)
			assert_true((unsigned char)*s >= ' ');
		return;
	}
	n_read++;
	assert_in_range(d.n_metric, 1, DESIGN_METRICS);
	assert_true(d.from_h < d.to_h && d.alpha > 0 && d.power > 0 && d.target > 0);
	for (; design_day(&d, n, date, &arm, &block); n++)
		assert_true(block < design_blocks(&d) && (block < 0) == (arm == ARM_NONE));
	assert_in_range(n, 2, DESIGN_DAYS);
	study_plan_text(&d, &plan);
	assert_non_null(strstr(plan.s, d.hash));
	str_clear(&plan);
	design_clear(&d);
}

static void mutated(void **state)
{
	(void)state;
	for_mutations(SAMPLES "window.ini", 2500, check);
	for_mutations(SAMPLES "fruit.ini", 1500, check);
	for_mutations(SAMPLES "fruit-control.ini", 2500, check);
	assert_true(n_read > 100);
	assert_true(n_refused > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingerprints), cmocka_unit_test(samples),
		cmocka_unit_test(lot),          cmocka_unit_test(wrong_lines),
		cmocka_unit_test(mutated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
