/* SPDX-License-Identifier: Apache-2.0 */
/* test_forms.c -- CSV, JSON, page and table of a day: exact where programs read them, honest
 * and sound where people do. GOLDEN_RENEW=1 writes the golden files anew. */
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "fake_query.h"
#include "report/day.h"
#include "report/words.h"
#include "video/png.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
	struct err err;
	int64_t t_us;

	if (clock_parse(text, &t_us, &err) < 0)
		fail_msg("%s", err.msg);
	return t_us;
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static void add_plate(int camera, int64_t t_us)
{
	struct rgba plate;
	uint8_t *png;
	size_t len;

	rgba_init(&plate, 64, 48);
	memset(plate.data, 200, (size_t)4 * 64 * 40); /* the last rows stay unknown */
	assert_int_equal(png_encode(&plate, &png, &len, NULL), 0);
	rgba_clear(&plate);
	fake_plate(camera, png, len, t_us);
}

/* 09 and 11 o'clock were observed, 10 was not; 11 only for half an hour. */
static struct query *small_store(const char *name, const char *place)
{
	struct query *q;
	int camera, line, zone;

	assert_int_equal(clock_set_zone("Europe/Berlin", NULL), 0);
	q = fake_new(name, "Europe/Berlin", 0);
	camera = fake_camera("door");
	line = fake_line(camera, place, LINE_ENTRY);
	zone = fake_zone(camera, "Shelf", 20);
	fake_geometry("{\"coords\":\"image\",\"points\":[[0.1,0.2],[0.5,0.2],[0.3,0.8]]}");
	fake_params(0, "0123456789abcdef");
	for (int m = 0; m < 180; m++) {
		int64_t t_us = at("2026-03-12T09:00") + m * CLOCK_MINUTE_US;

		if (m / 60 == 1 || m >= 150)
			continue;
		fake_cover(camera, t_us, 60);
		fake_heat(camera, t_us, 64 * 20 + 30, 6);
		if (m % 7 == 0)
			fake_lines(&(struct minute_line){ line, t_us, 3, 1, 2, 0, 1 });
		if (m % 10 == 3)
			fake_zones(&(struct minute_zone){ .place = zone,
							  .start_us = t_us,
							  .begun = 2,
							  .ended = 1,
							  .max = 2,
							  .p95 = 1,
							  .person_s = 45,
							  .n_dwell = 1,
							  .dwell_s = { 12.5F + (float)m } });
	}
	add_plate(camera, at("2026-03-12T08:00"));
	return q;
}

static struct day read_day(struct query *q, int bucket_s)
{
	struct err err;
	struct day d;

	if (day_read(&d, q, NULL, bucket_s, &err) < 0)
		fail_msg("%s", err.msg);
	return d;
}

static char *made(int (*form)(const struct day *, struct str *, struct err *), int bucket_s,
		  struct query *q)
{
	struct day d = read_day(q, bucket_s);
	struct str out = STR_INIT;

	assert_int_equal(form(&d, &out, NULL), 0);
	day_clear(&d);
	return str_take(&out);
}

static char *page(struct query *q)
{
	struct day d = read_day(q, 3600);
	struct str out = STR_INIT;
	struct err err;

	if (day_html(&d, q, NULL, &out, &err) < 0)
		fail_msg("%s", err.msg);
	day_clear(&d);
	return str_take(&out);
}

static void check_golden(const char *name, char *text)
{
	char *path = file_join(TESTS_DIR "/golden", name), *want;
	size_t len;

	if (getenv("GOLDEN_RENEW"))
		assert_int_equal(file_write(path, text, strlen(text), NULL), 0);
	assert_int_equal(file_read(path, 1 << 20, &want, &len, NULL), 0);
	assert_string_equal(text, want);
	free(want);
	free(path);
	free(text);
}

static void golden(void **state)
{
	struct query *q = small_store("Corner", "Main door");

	(void)state;
	check_golden("day.csv", made(day_csv, 86400, q));
	check_golden("hours.csv", made(day_csv, 3600, q));
	check_golden("day.json", made(day_json, 86400, q));
}

/* The n-th cell of a CSV row without quotes. */
static void cell(const char *row, int n, char *out, size_t size)
{
	size_t len;

	while (n--)
		row = strchr(row, ',') + 1;
	len = strcspn(row, ",\n");
	assert_true(len < size);
	memcpy(out, row, len);
	out[len] = '\0';
}

static void csv_has_no_number_for_what_was_not_observed(void **state)
{
	char *csv = made(day_csv, 3600, small_store("Corner", "Main door"));
	char value[32], coverage[32], utc[32];
	int empty = 0, rows = 0;

	(void)state;
	for (char *row = strchr(csv, '\n') + 1; *row; row = strchr(row, '\n') + 1) {
		cell(row, 5, utc, sizeof(utc));
		cell(row, 9, value, sizeof(value));
		cell(row, 12, coverage, sizeof(coverage));
		if (strcmp(coverage, "0.0") == 0) {
			assert_string_equal(value, "");
			empty++;
		}
		if (strcmp(utc, "2026-03-12T09:00:00Z") == 0)
			assert_string_equal(coverage, "0.0"); /* 10:00 in Berlin */
		rows++;
	}
	/* store 5, street 4, camera 2, line 9, zone 13 metrics; 22 of 24 hours unobserved. In
	 * the other two: staff 4, line 12, zone 10 of measures. */
	assert_int_equal(rows, 24 * 33 + 2 * 26);
	assert_int_equal(empty, 22 * 33);
	free(csv);
}

static void csv_quotes_what_it_must(void **state)
{
	char *csv = made(day_csv, 86400, small_store("Smith, \"Son\"\n& Co", "=1+1"));

	(void)state;
	assert_non_null(strstr(csv, "\n\"Smith, \"\"Son\"\"\n& Co\",door,line,\"'=1+1\","));
	free(csv);
}

static void json_says_null_not_zero(void **state)
{
	char *text = made(day_json, 3600, small_store("A \"b\" \\ \x01", "Main door"));
	struct err err;
	struct json *root = json_parse(text, strlen(text), &err), *zone, *line, *hour;
	double v;
	char name[64];

	(void)state;
	if (!root)
		fail_msg("%s", err.msg);
	assert_int_equal(json_string(json_get(root, "store"), "name", name, sizeof(name), &err),
			 0);
	assert_string_equal(name, "A \"b\" \\ \x01");
	zone = json_at(json_get(root, "zones"), 0);
	line = json_at(json_get(root, "lines"), 0);
	assert_int_equal(json_count(json_get(zone, "buckets")), 24);
	assert_int_equal(json_count(json_get(line, "buckets")), 24);
	for (size_t b = 0; b < 24; b++) {
		bool seen = b == 9 || b == 11;

		hour = json_at(json_get(line, "buckets"), b);
		assert_int_equal(json_is_number(json_get(hour, "persons_in")), seen);
		assert_int_equal(json_double(hour, "coverage_s", 0, 3600, &v, &err), 0);
		assert_float_equal(v, b == 9 ? 3600 : b == 11 ? 1800 : 0, 1e-6);
		hour = json_at(json_get(zone, "buckets"), b);
		assert_int_equal(json_is_number(json_get(hour, "occupancy_mean")), seen);
	}
	json_free(root);
	free(text);
}

/* Every element is closed, in order, and nothing else is. Attributes are quoted. */
static void check_nesting(const char *html)
{
	static const char *const empty[] = { "meta", "img", "!DOCTYPE" };
	char open[64][16];
	int depth = 0;

	for (const char *s = strchr(html, '<'); s; s = strchr(s + 1, '<')) {
		const char *name = s + 1 + (s[1] == '/'), *end = strchr(s, '>');
		size_t n = strcspn(name, " >/");
		bool none = false;
		char tag[16];

		assert_non_null(end);
		assert_true(n > 0 && n < sizeof(tag));
		memcpy(tag, name, n);
		tag[n] = '\0';
		for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
			none |= strcmp(tag, empty[i]) == 0;
		if (none || end[-1] == '/')
			continue;
		if (s[1] == '/') {
			assert_true(depth > 0);
			assert_string_equal(open[--depth], tag);
		} else {
			assert_true(depth < 64);
			memcpy(open[depth++], tag, sizeof(tag));
		}
	}
	assert_int_equal(depth, 0);
}

static int occurs(const char *text, const char *what)
{
	int n = 0;

	for (const char *s = strstr(text, what); s; s = strstr(s + 1, what))
		n++;
	return n;
}

static void page_is_sound_and_alone(void **state)
{
	char *html = page(small_store("Corner", "Main door"));

	(void)state;
	check_nesting(html);
	/* Nothing is fetched and nothing runs. */
	assert_int_equal(occurs(html, "http"), 0);
	assert_int_equal(occurs(html, "<script"), 0);
	assert_int_equal(occurs(html, "<link"), 0);
	assert_int_equal(occurs(html, "url(#"), occurs(html, "url("));
	assert_int_equal(occurs(html, "src="), occurs(html, "src=\"data:image/png;base64,"));
	assert_int_equal(occurs(html, "<html lang=\"en\">"), 1);
	assert_int_equal(occurs(html, "<h1>"), 1);
	assert_non_null(strstr(html, "Thursday 12 March 2026"));
	assert_non_null(strstr(html, "Europe/Berlin, UTC+01:00"));
	assert_non_null(strstr(html, "0123456789abcdef"));
	free(html);
}

/* Ids are what aria-labelledby points to: each once. */
static void page_ids_are_unique(void **state)
{
	char *html = page(small_store("Corner", "Main door"));

	(void)state;
	for (const char *s = strstr(html, " id=\""); s; s = strstr(s + 1, " id=\"")) {
		char id[64];
		size_t n = strcspn(s + 5, "\"") + 6;

		assert_true(n < sizeof(id));
		memcpy(id, s, n);
		id[n] = '\0';
		assert_int_equal(occurs(html, id), 1);
	}
	free(html);
}

static void page_marks_what_was_not_observed(void **state)
{
	static const char hour[] =
		"<th scope=\"row\">10:00\xe2\x80\x93"
		"11:00</th><td><span aria-hidden=\"true\">\xe2\x80\x93</span>"
		"<span class=\"unseen\">not observed</span></td>";
	char *html = page(small_store("Corner", "Main door"));

	(void)state;
	assert_non_null(strstr(html, hour));
	assert_non_null(strstr(html, "<title>not observed</title>"));
	assert_non_null(strstr(html, "class=\"partly\""));
	assert_null(strstr(html, "<title>10:00"));
	assert_non_null(strstr(html, "<title>09:00\xe2\x80\x93"
				     "10:00: 18 in, 0 out; observed 1 h of 1 h</title>"));
	free(html);
}

static void page_escapes(void **state)
{
	char *html = page(small_store("<b>&\"'\xff</b>", "<script>alert(1)</script>"));

	(void)state;
	check_nesting(html);
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<b>"));
	assert_non_null(strstr(html, "&lt;b&gt;&amp;&quot;&#39;\xef\xbf\xbd&lt;/b&gt;"));
	free(html);
}

/* One replayed clip without a plan. */
static void page_without_places(void **state)
{
	struct query *q;
	struct day d;
	struct str out = STR_INIT;
	char *html;
	int camera;

	(void)state;
	assert_int_equal(clock_set_zone("UTC", NULL), 0);
	q = fake_new("vtest", "UTC", 0);
	camera = fake_camera("vtest");
	fake_cover(camera, at("2026-03-12T14:00"), 60);
	fake_cover(camera, at("2026-03-12T14:01"), 19.5);
	fake_heat(camera, at("2026-03-12T14:00"), 100, 30);
	html = page(q);
	check_nesting(html);
	assert_non_null(strstr(html, "No lines or zones"));
	assert_non_null(strstr(html, "--plan"));
	assert_non_null(strstr(html, "<img "));
	assert_null(strstr(html, "id=\"traffic\""));
	free(html);
	d = read_day(q, 900);
	assert_int_equal(day_text(&d, &out), 0);
	assert_non_null(strstr(out.s, "--plan"));
	day_clear(&d);
	str_clear(&out);
}

/* Without an entry there is no total, but each line under its name. */
static void page_without_entries(void **state)
{
	struct query *q;
	char *html;
	int camera;

	(void)state;
	assert_int_equal(clock_set_zone("UTC", NULL), 0);
	q = fake_new("Corner", "UTC", 0);
	camera = fake_camera("hall");
	fake_lines(&(struct minute_line){ fake_line(camera, "North", LINE_INNER),
					  at("2026-03-12T14:00"), 3, 2, 3, 2, 0 });
	fake_line(camera, "South", LINE_INNER);
	fake_labels("<i>up", "<i>down");
	fake_cover(camera, at("2026-03-12T14:00"), 60);
	html = page(q);
	assert_non_null(strstr(html, "<h3>North</h3>"));
	assert_non_null(strstr(html, "<h3>South</h3>"));
	assert_non_null(strstr(html, "0 &lt;i&gt;up, 0 &lt;i&gt;down; observed"));
	assert_null(strstr(html, "<i>"));
	check_nesting(html);
	assert_non_null(strstr(html, "no line is marked as an entry"));
	assert_null(strstr(html, "id=\"inside\""));
	free(html);
}

static void text_fits_a_terminal(void **state)
{
	struct day d =
		read_day(small_store("A store with a very long name that goes on and on, too",
				     "A line whose name is longer than its column\x1b[31m"),
			 900);
	struct str out = STR_INIT;

	(void)state;
	assert_int_equal(day_text(&d, &out), 0);
	for (const char *s = out.s; *s; s += strcspn(s, "\n") + 1)
		assert_true(strcspn(s, "\n") <= 100);
	assert_null(strchr(out.s, '\x1b'));
	assert_non_null(strstr(out.s, "Shelf"));
	assert_non_null(strstr(out.s, "1 h 30 min"));
	str_clear(&out);
	day_clear(&d);
}

static void same_bytes_twice(void **state)
{
	char *one = page(small_store("Corner", "Main door"));
	char *two = page(small_store("Corner", "Main door"));

	(void)state;
	assert_string_equal(one, two);
	free(one);
	free(two);
}

static void words(void **state)
{
	static const struct {
		double s;
		const char *text;
	} durations[] = { { 0, "0 s" },           { 0.44, "0.4 s" },   { 9.96, "10 s" },
			  { 59.6, "1 min" },      { 61, "1 min 1 s" }, { 3599.6, "1 h" },
			  { 5400, "1 h 30 min" }, { 3629, "1 h" } };
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		words_duration(&out, durations[i].s);
		assert_string_equal(out.s, durations[i].text);
		str_clear(&out);
	}
	words_count(&out, 1234567);
	str_add(&out, "|");
	words_percent(&out, 999, 1000);
	str_add(&out, "|");
	words_percent(&out, 1, 1000);
	str_add(&out, "|");
	words_slug(&out, "  Caf\xc3\xa9 & Co. #7  ");
	str_add(&out, "|");
	words_slug(&out, "\xe5\xba\x97");
	str_add(&out, "|");
	words_column(&out, "Caf\xc3\xa9s", 4);
	assert_string_equal(out.s, "1,234,567|> 99 %|< 1 %|caf-co-7|store|Caf\xc3\xa9");
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(golden, teardown),
		cmocka_unit_test_teardown(csv_has_no_number_for_what_was_not_observed,
					  teardown),
		cmocka_unit_test_teardown(csv_quotes_what_it_must, teardown),
		cmocka_unit_test_teardown(json_says_null_not_zero, teardown),
		cmocka_unit_test_teardown(page_is_sound_and_alone, teardown),
		cmocka_unit_test_teardown(page_ids_are_unique, teardown),
		cmocka_unit_test_teardown(page_marks_what_was_not_observed, teardown),
		cmocka_unit_test_teardown(page_escapes, teardown),
		cmocka_unit_test_teardown(page_without_places, teardown),
		cmocka_unit_test_teardown(page_without_entries, teardown),
		cmocka_unit_test_teardown(text_fits_a_terminal, teardown),
		cmocka_unit_test_teardown(same_bytes_twice, teardown),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
