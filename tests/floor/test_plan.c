/* SPDX-License-Identifier: Apache-2.0 */
/* test_plan.c -- plans that are right, plans that are wrong and what is said about them. */
#include "base/file.h"
#include "base/json.h"
#include "floor/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <unistd.h>

#define FILE_NAME "test_plan.json"

static int read_text(struct plan *p, const char *text, struct err *err)
{
	int rc;

	assert_int_equal(file_write(FILE_NAME, text, strlen(text), NULL), 0);
	rc = plan_read(p, FILE_NAME, err);
	assert_int_equal(unlink(FILE_NAME), 0);
	return rc;
}

#define LINES(s) "{\"format\":\"footfall-plan-1\",\"lines\":[" s "]}"
#define ZONES(s) "{\"format\":\"footfall-plan-1\",\"zones\":[" s "]}"
#define FIXTURES(s) "{\"format\":\"footfall-plan-1\",\"fixtures\":[" s "]}"
/* Lines "outer", "inner" and "beside", "in" to the south; zones "head", "tail" and "far". */
#define GATES(s) \
	"{\"format\":\"footfall-plan-1\",\"lines\":[" \
	"{\"name\":\"outer\",\"camera\":\"c\",\"points\":[[0.1,0.2],[0.9,0.2]]}," \
	"{\"name\":\"inner\",\"camera\":\"c\",\"points\":[[0.1,0.4],[0.9,0.4]]}," \
	"{\"name\":\"back\",\"camera\":\"c\",\"points\":[[0.9,0.4],[0.1,0.4]]}," \
	"{\"name\":\"near\",\"camera\":\"c\",\"points\":[[0.1,0.21],[0.9,0.21]]}," \
	"{\"name\":\"other\",\"camera\":\"d\",\"points\":[[0.1,0.4],[0.9,0.4]]}]," \
	"\"gates\":[" s "]}"
#define QUEUES(s) \
	"{\"format\":\"footfall-plan-1\",\"zones\":[" \
	"{\"name\":\"head\",\"points\":[[0.1,0.1],[0.3,0.1],[0.3,0.3],[0.1,0.3]]}," \
	"{\"name\":\"tail\",\"points\":[[0.1,0.3],[0.3,0.3],[0.3,0.8],[0.1,0.8]]}," \
	"{\"name\":\"far\",\"points\":[[0.6,0.6],[0.8,0.6],[0.8,0.8],[0.6,0.8]]}]," \
	"\"queues\":[" s "]}"

static void the_example_is_a_plan(void **state)
{
	struct plan p;
	struct err err = { 0 };
	char buf[512];
	(void)state;

	assert_int_equal(plan_read(&p, TESTS_DIR "/../../calib/shop-plan.json", &err), 0);
	assert_int_equal(p.n, 12);
	assert_string_equal(p.place[0].name, "door");
	assert_int_equal(p.place[0].kind, PLACE_LINE);
	assert_int_equal(p.place[0].role, LINE_ENTRY);
	assert_string_equal(p.place[0].in_label, "into the shop");
	assert_int_equal(p.place[1].coords, PLAN_METRES);
	assert_int_equal(p.place[4].kind, PLACE_ZONE);
	assert_true(p.place[4].engaged_s == 20);
	assert_true(p.place[4].xy[1][0] == 0.4 && p.place[4].xy[1][1] == 0.6);
	assert_int_equal(p.place[5].n, 4);
	assert_true(p.place[5].xy[3][0] == 0.25 && p.place[5].xy[3][1] == 0.8);
	assert_int_equal(p.place[plan_find(&p, PLACE_LINE, "back room")].role, LINE_STAFF);
	assert_int_equal(p.place[plan_find(&p, PLACE_ZONE, "behind the till")].role,
			 ZONE_COUNTER);
	for (int i = 0; i < p.n; i++)
		assert_null(plan_lint(&p, i, 0, buf, sizeof(buf)));
	plan_clear(&p);
}

static void gates_queues_and_fixtures(void **state)
{
	struct plan p;
	int part[2];
	(void)state;

	assert_int_equal(read_text(&p,
				   GATES("{\"name\":\"g\",\"first\":\"outer\","
					 "\"second\":\"inner\"}"),
				   NULL),
			 0);
	assert_int_equal(p.place[5].kind, PLACE_GATE);
	assert_string_equal(p.place[5].camera, "c"); /* its lines' */
	plan_parts(&p, &p.place[5], part);
	assert_int_equal(part[0], 0);
	assert_int_equal(part[1], 1);
	plan_clear(&p);

	assert_int_equal(
		read_text(&p, QUEUES("{\"name\":\"q\",\"tail\":\"tail\",\"head\":\"head\"}"),
			  NULL),
		0);
	assert_int_equal(p.place[3].kind, PLACE_QUEUE);
	plan_parts(&p, &p.place[3], part);
	assert_int_equal(part[0], 0);
	assert_int_equal(part[1], 1);
	p.place[1].name[0] = 'x';
	plan_parts(&p, &p.place[3], part);
	assert_int_equal(part[1], -1);
	plan_clear(&p);

	assert_int_equal(
		read_text(&p, FIXTURES("{\"name\":\"f\",\"points\":[[0,0.5],[1,0.5]]}"), NULL),
		0);
	assert_int_equal(p.place[0].kind, PLACE_FIXTURE);
	assert_string_equal(p.place[0].in_label, "left");
	assert_string_equal(p.place[0].out_label, "right");
	plan_clear(&p);
}

static void defaults(void **state)
{
	struct plan p;
	(void)state;

	assert_int_equal(
		read_text(&p, LINES("{\"name\":\"T\xc3\xbcr 1\",\"points\":[[0,0.5],[1,0.5]]}"),
			  NULL),
		0);
	assert_string_equal(p.place[0].camera, "");
	assert_int_equal(p.place[0].role, LINE_INNER);
	assert_int_equal(p.place[0].coords, PLAN_IMAGE);
	assert_string_equal(p.place[0].in_label, "in");
	assert_string_equal(p.place[0].out_label, "out");
	plan_clear(&p);
	assert_int_equal(read_text(&p, LINES(""), NULL), 0);
	assert_int_equal(p.n, 0);
	plan_clear(&p);
}

static void a_closing_corner_is_the_first(void **state)
{
	struct plan p;
	(void)state;

	assert_int_equal(
		read_text(&p, ZONES("{\"name\":\"a\",\"coordinates\":\"0,0, 1,0, 1,1, 0,0\"}"),
			  NULL),
		0);
	assert_int_equal(p.place[0].n, 3);
	assert_true(p.place[0].engaged_s == 30);
	plan_clear(&p);
}

struct wrong {
	const char *text;
	const char *says; /* part of the message */
};

static const struct wrong wrongs[] = {
	{ "", "test_plan.json" },
	{ "[]", "expected an object" },
	{ "7", "expected an object" },
	{ "{\"format\":\"footfall-plan-2\",\"lines\":[]}", "format: expected one of "
							   "'footfall-plan-1', found "
							   "'footfall-plan-2'" },
	{ "{\"lines\":[]}", "'format' is missing" },
	{ "{\"format\":\"footfall-plan-1\"}", "expected 'lines', 'zones' or 'fixtures'" },
	{ "{\"format\":\"footfall-plan-1\",\"line\":[]}", "did you mean 'lines'" },
	{ "{\"format\":\"footfall-plan-1\",\"lines\":{}}", "lines: expected a list" },
	{ LINES("7"), "lines[0]" },
	{ LINES("{}"), "lines[0]: 'name' is missing" },
	{ LINES("{\"name\":7}"), "lines[0].name" },
	{ LINES("{\"name\":\"a\"}"), "lines[0]: 'points' is missing" },
	{ LINES("{\"name\":\"a/b\",\"points\":[[0,0],[1,1]]}"),
	  "lines[0].name: 'a/b' may have" },
	{ LINES("{\"name\":\" a\",\"points\":[[0,0],[1,1]]}"), "lines[0].name" },
	{ LINES("{\"name\":\"a\xe2\x80\xae\",\"points\":[[0,0],[1,1]]}"), "lines[0].name" },
	{ LINES("{\"name\":\"a\",\"in\":\"x\\ny\",\"points\":[[0,0],[1,1]]}"), "lines[0].in" },
	{ LINES("{\"name\":\"a\",\"rolle\":\"entry\",\"points\":[[0,0],[1,1]]}"),
	  "did you mean 'role'" },
	{ LINES("{\"name\":\"a\",\"role\":\"exit\",\"points\":[[0,0],[1,1]]}"),
	  "lines[0].role: expected one of 'inner', 'entry', 'outside', 'staff', found 'exit'" },
	{ LINES("{\"name\":\"a\",\"coords\":1,\"points\":[[0,0],[1,1]]}"), "lines[0].coords" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0]]}"),
	  "a line has 2 points or more, found 1" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[0,0]]}"), "point 2 repeats point 1" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1]]}"),
	  "lines[0].points[1]: expected a point" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1,\"1\"]]}"), "lines[0].points[1]" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],{\"x\":1,\"z\":1}]}"), "unknown key 'z'" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1,640]]}"), "divide pixels" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1,-0.1]]}"), "is not within 0 .. 1" },
	{ LINES("{\"name\":\"a\",\"coords\":\"metres\",\"points\":[[0,0],[1,5000]]}"),
	  "farther than 1000 m" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1,1]],\"coordinates\":\"0,0,1,1\"}"),
	  "has both" },
	{ LINES("{\"name\":\"a\",\"coordinates\":\"0,0,1\"}"), "pair 2 is none" },
	{ LINES("{\"name\":\"a\",\"coordinates\":\"0,0,,1\"}"), "pair 2 is none" },
	{ LINES("{\"name\":\"a\",\"coordinates\":\"0,0,nan,1\"}"), "pair 2 is none" },
	{ LINES("{\"name\":\"a\",\"coordinates\":7}"), "lines[0].coordinates" },
	{ LINES("{\"name\":\"a\",\"coords\":\"metres\",\"coordinates\":\"0,0,1,1\"}"),
	  "use 'points' for metres" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1,1]]},"
		"{\"name\":\"a\",\"points\":[[0,0],[1,1]]}"),
	  "lines[1].name: 'a' is the name of another line" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0],[1,1]],\"engaged_s\":3}"), "engaged_s" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[1,1]]}"), "a zone has 3 points or more" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[1,1],[1,0],[0,1]]}"),
	  "crosses or touches" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[0.5,0],[1,0]]}"), "crosses or touches" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[1,1],[1,0]],\"engaged_s\":-1}"),
	  "engaged_s" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[1,1],[1,0]],\"role\":\"entry\"}"),
	  "zones[0].role: expected one of 'open', 'counter', found 'entry'" },
	{ FIXTURES("{\"name\":\"a\",\"points\":[[0,0]]}"),
	  "a fixture has 2 points or more, found 1" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\"}"), "gates[0]: 'second' is missing" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"iner\"}"),
	  "gates[0].second: there is no line 'iner'" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"outer\"}"),
	  "'first' and 'second' are the same line" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"other\"}"),
	  "'outer' is of camera 'c' and 'other' of camera 'd'" },
	{ GATES("{\"name\":\"outer\",\"first\":\"outer\",\"second\":\"inner\"}"),
	  "gates[0].name: 'outer' is the name of another line" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"inner\",\"points\":[]}"),
	  "unknown key 'points'" },
	{ QUEUES("{\"name\":\"q\",\"head\":\"head\",\"tail\":\"tale\"}"),
	  "queues[0].tail: there is no zone 'tale'" },
};

static void what_is_wrong_is_said(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct plan p = { .n = 77 };
		struct err err = { 0 };

		assert_true(read_text(&p, wrongs[i].text, &err) < 0);
		assert_int_equal(p.n, 77); /* untouched */
		if (!strstr(err.msg, wrongs[i].says) || !strstr(err.msg, FILE_NAME))
			fail_msg("'%s' does not have '%s'", err.msg, wrongs[i].says);
	}
	assert_int_equal(plan_read(&(struct plan){ 0 }, "no/such/file", NULL) < 0, 1);
}

static void too_many_points_and_places(void **state)
{
	char text[32768] = "";
	size_t n = 0;
	struct plan p;
	struct err err = { 0 };
	(void)state;

	n += (size_t)snprintf(text, sizeof(text), "%s",
			      "{\"format\":\"footfall-plan-1\",\"lines\":[{\"name\":\"a\","
			      "\"points\":[");
	for (int i = 0; i <= PLAN_MAX_POINTS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s[%.3f,0.5]", i ? "," : "",
				      i * 0.01);
	snprintf(text + n, sizeof(text) - n, "]}]}");
	assert_int_equal(read_text(&p, text, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "lines[0].points[64]: more than 64 points"));

	n = (size_t)snprintf(text, sizeof(text), "{\"format\":\"footfall-plan-1\",\"lines\":[");
	for (int i = 0; i <= PLAN_MAX_PLACES; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
				      "%s{\"name\":\"l%d\",\"points\":[[0,0],[1,1]]}",
				      i ? "," : "", i);
	snprintf(text + n, sizeof(text) - n, "]}");
	assert_int_equal(read_text(&p, text, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "lines[256]: more than 256"));
}

/* The same place however it was written; another place, another text. */
static void place_text_is_canonical(void **state)
{
	struct plan a, b;
	char *s, *t;
	(void)state;

	assert_int_equal(
		read_text(
			&a,
			LINES("{\"points\":[[-0.0,0.50],[1e0,0.1]],\"name\":\"a\",\"in\":\"x\"}"),
			NULL),
		0);
	assert_int_equal(read_text(&b,
				   LINES("{\"name\":\"a\",\"coordinates\":\"0,0.5,1,0.1\"},"
					 "{\"name\":\"b\",\"coordinates\":\"0,0.5,1,0.1\"}"),
				   NULL),
			 0);
	s = place_text(&a.place[0]);
	t = place_text(&b.place[0]);
	assert_string_equal(s, t);
	assert_string_equal(s, "{\"name\":\"a\",\"camera\":\"\",\"kind\":\"line\","
			       "\"role\":\"inner\",\"coords\":\"image\","
			       "\"points\":[[0,0.5],[1,0.1]]}");
	free(t);
	t = place_text(&b.place[1]);
	assert_string_not_equal(s, t);
	free(s);
	free(t);
	plan_clear(&a);
	plan_clear(&b);
}

/* Gates and queues have no points of their own: what they are made of is part of them. */
static void a_gate_as_text(void **state)
{
	struct plan p;
	char *s;
	(void)state;

	assert_int_equal(read_text(&p,
				   GATES("{\"name\":\"g\",\"first\":\"outer\","
					 "\"second\":\"inner\"}"),
				   NULL),
			 0);
	s = place_text(&p.place[5]);
	assert_string_equal(s, "{\"name\":\"g\",\"camera\":\"c\",\"kind\":\"gate\","
			       "\"first\":\"outer\",\"second\":\"inner\"}");
	free(s);
	plan_clear(&p);
}

struct advice {
	const char *text;
	int place;
	const char *says; /* part of the first warning; NULL: none */
};

static const struct advice advices[] = {
	{ LINES("{\"name\":\"a\",\"points\":[[0.01,0.2],[0.02,0.9]]}"), 0, "left edge" },
	{ LINES("{\"name\":\"a\",\"points\":[[0.5,0.5],[0.98,0.5],[0.99,0.9]]}"), 0,
	  "from point 2 to 3 it lies at the picture's right edge" },
	{ LINES("{\"name\":\"a\",\"points\":[[0.1,0.99],[0.9,0.98]]}"), 0, "bottom edge" },
	{ LINES("{\"name\":\"a\",\"points\":[[0.1,0.05],[0.9,0.05]]}"), 0, "top edge" },
	{ LINES("{\"name\":\"a\",\"points\":[[0,0.5],[1,0.5]]}"), 0, NULL },
	{ LINES("{\"name\":\"a\",\"points\":[[0.5,0.5],[0.52,0.5]]}"), 0, "walk round it" },
	{ LINES("{\"name\":\"a\",\"in\":\"x\",\"out\":\"x\",\"points\":[[0,0.5],[1,0.5]]}"), 0,
	  "both directions" },
	{ LINES("{\"name\":\"a\",\"role\":\"entry\",\"points\":[[0.1,0.5],[0.9,0.5]]},"
		"{\"name\":\"b\",\"role\":\"entry\",\"points\":[[0.9,0.51],[0.2,0.51]]}"),
	  1, "runs along entry line 'a'" },
	{ LINES("{\"name\":\"a\",\"role\":\"entry\",\"points\":[[0.1,0.5],[0.9,0.5]]},"
		"{\"name\":\"b\",\"role\":\"entry\",\"points\":[[0.5,0.1],[0.5,0.9]]}"),
	  1, NULL },
	{ LINES("{\"name\":\"a\",\"role\":\"entry\",\"camera\":\"x\","
		"\"points\":[[0.1,0.5],[0.9,0.5]]},"
		"{\"name\":\"b\",\"role\":\"entry\",\"camera\":\"y\","
		"\"points\":[[0.1,0.5],[0.9,0.5]]}"),
	  1, NULL },
	{ LINES("{\"name\":\"a\",\"camera\":\"x\",\"points\":[[0.1,0.5],[0.9,0.5]]},"
		"{\"name\":\"b\",\"points\":[[0.1,0.7],[0.9,0.7]]}"),
	  1, "names no camera" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0.5,0.5],[0.53,0.5],[0.53,0.55]]}"), 0,
	  "smaller than" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[1,0],[1,0.07],[0,0.07]]}"), 0, "top edge" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0,0],[1,0],[1,1],[0,1]]}"), 0, NULL },
	{ ZONES("{\"name\":\"a\",\"points\":[[0.1,0.1],[0.9,0.1],[0.5,0.9]]},"
		"{\"name\":\"b\",\"points\":[[0.5,0.9],[0.9,0.11],[0.1,0.11]]}"),
	  1, "nearly the same floor as zone 'a'" },
	{ ZONES("{\"name\":\"a\",\"points\":[[0.1,0.1],[0.9,0.1],[0.5,0.9]]},"
		"{\"name\":\"b\",\"points\":[[0.4,0.2],[0.6,0.2],[0.5,0.5]]}"),
	  1, NULL },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"inner\"}"), 5, NULL },
	{ GATES("{\"name\":\"g\",\"first\":\"inner\",\"second\":\"outer\"}"), 5,
	  "swap 'first' and 'second'" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"back\"}"), 5,
	  "turn one of the lines round" },
	{ GATES("{\"name\":\"g\",\"first\":\"outer\",\"second\":\"near\"}"), 5,
	  "nearer to each other than a step" },
	{ QUEUES("{\"name\":\"q\",\"head\":\"head\",\"tail\":\"tail\"}"), 3, NULL },
	{ QUEUES("{\"name\":\"q\",\"head\":\"head\",\"tail\":\"far\"}"), 3,
	  "let the tail begin where the head ends" },
	{ FIXTURES("{\"name\":\"f\",\"points\":[[0.5,0.5],[0.51,0.5]]}"), 0,
	  "along the whole front" },
	{ LINES("{\"name\":\"a\",\"role\":\"outside\",\"points\":[[0.1,0.5],[0.9,0.5]]}"), 0,
	  NULL },
	{ LINES("{\"name\":\"a\",\"role\":\"outside\",\"camera\":\"c\","
		"\"points\":[[0.1,0.3],[0.9,0.3]]},"
		"{\"name\":\"b\",\"role\":\"entry\",\"camera\":\"d\","
		"\"points\":[[0.1,0.6],[0.9,0.6]]}"),
	  0, "draw them on one camera" },
	{ LINES("{\"name\":\"a\",\"role\":\"outside\",\"points\":[[0.1,0.3],[0.9,0.3]]},"
		"{\"name\":\"b\",\"role\":\"entry\",\"points\":[[0.1,0.6],[0.9,0.6]]}"),
	  0, NULL },
};

static void a_careful_installer_is_told(void **state)
{
	char buf[512];
	(void)state;

	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		struct plan p;
		const char *said;

		assert_int_equal(read_text(&p, advices[i].text, NULL), 0);
		said = plan_lint(&p, advices[i].place, 0, buf, sizeof(buf));
		if (!said != !advices[i].says || (said && !strstr(said, advices[i].says)))
			fail_msg("%s: '%s' does not have '%s'", advices[i].text,
				 said ? said : "-", advices[i].says ? advices[i].says : "-");
		plan_clear(&p);
	}
}

static void warnings_are_walked_one_by_one(void **state)
{
	struct plan p;
	char buf[512];
	(void)state;

	assert_int_equal(read_text(&p,
				   LINES("{\"name\":\"a\",\"in\":\"x\",\"out\":\"x\","
					 "\"points\":[[0.01,0.5],[0.01,0.52]]}"),
				   NULL),
			 0);
	assert_non_null(strstr(plan_lint(&p, 0, 0, buf, sizeof(buf)), "left edge"));
	assert_non_null(strstr(plan_lint(&p, 0, 1, buf, sizeof(buf)), "walk round it"));
	assert_non_null(strstr(plan_lint(&p, 0, 2, buf, sizeof(buf)), "both directions"));
	assert_null(plan_lint(&p, 0, 3, buf, sizeof(buf)));
	plan_clear(&p);
}

static void schemas_are_json(void **state)
{
	static const char *const names[] = { "plan.schema.json", "camera.schema.json" };
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		char *path = file_join(TESTS_DIR "/../../calib", names[i]);
		struct json *root = json_read(path, 1 << 20, NULL);

		assert_non_null(root);
		json_free(root);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_is_a_plan),
		cmocka_unit_test(gates_queues_and_fixtures),
		cmocka_unit_test(defaults),
		cmocka_unit_test(a_closing_corner_is_the_first),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(too_many_points_and_places),
		cmocka_unit_test(place_text_is_canonical),
		cmocka_unit_test(a_gate_as_text),
		cmocka_unit_test(a_careful_installer_is_told),
		cmocka_unit_test(warnings_are_walked_one_by_one),
		cmocka_unit_test(schemas_are_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
