/* SPDX-License-Identifier: Apache-2.0 */
/* test_map.c -- pixels to the floor, with and without a calibration. */
#include "base/file.h"
#include "base/str.h"
#include "floor/map.h"
#include "floor/polygon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#define CALIB_DIR TESTS_DIR "/../../calib"
#define FILE_NAME "test_map.json"
#define assert_near(a, b, eps) assert_true(fabs((a) - (b)) <= (eps))

static int read_text(struct calib *c, const char *text, struct err *err)
{
	int rc;

	assert_int_equal(file_write(FILE_NAME, text, strlen(text), NULL), 0);
	rc = calib_read(c, FILE_NAME, err);
	assert_int_equal(unlink(FILE_NAME), 0);
	return rc;
}

static struct track_point foot_at(double x, double y)
{
	return (struct track_point){ .box = { x - 10, y - 60, 20, 60 }, .foot = { x, y } };
}

/* 1280x720, analysed at half size; picture heights both ways. */
static void without_calibration_the_floor_is_the_picture(void **state)
{
	struct map *m = map_new(NULL, 1280, 720, 640, 360, 2);
	struct track_point p = foot_at(320, 270);
	struct place line = { .kind = PLACE_LINE,
			      .coords = PLAN_IMAGE,
			      .n = 2,
			      .xy = { { 0, 0.5 }, { 1, 0.5 } } };
	struct pt_floor at, v[PLAN_MAX_POINTS];
	struct err err = { 0 };
	double body;
	(void)state;

	assert_false(map_metric(m));
	assert_true(map_locate(m, &p, &at, &body));
	assert_near(at.x, 640 / 720., 1e-12);
	assert_near(at.y, 0.75, 1e-12);
	assert_near(body, 40 / 720., 1e-12);
	assert_int_equal(map_place(m, &line, v, &err), 0);
	assert_near(v[1].x, 1280 / 720., 1e-12);
	assert_near(v[1].y, 0.5, 1e-12);
	line.coords = PLAN_METRES;
	str_copy(line.name, sizeof(line.name), "door");
	assert_int_equal(map_place(m, &line, v, &err), ERR_STATE);
	assert_non_null(strstr(err.msg, "line 'door' is in metres"));
	map_free(m);
}

/* The camera of calib/: 3 m high at (4, -1), looking north. */
static void with_calibration_the_floor_is_metres(void **state)
{
	static const char *const files[] = { CALIB_DIR "/entrance-camera.json",
					     CALIB_DIR "/entrance-camera-pairs.json" };
	(void)state;

	for (int i = 0; i < 2; i++) {
		struct calib c;
		struct err err = { 0 };
		struct map *m;
		struct track_point bottom = foot_at(320, 360), high = foot_at(320, -180);
		struct track_point horizon = foot_at(320, -360 * 0.161947);
		struct pt_floor at = { 77, 77 };
		double body;

		assert_int_equal(calib_read(&c, files[i], &err), 0);
		m = map_new(&c, 1280, 720, 640, 360, 2);
		assert_true(map_metric(m));
		assert_false(map_locate(m, &high, &at, &body));
		assert_false(map_locate(m, &horizon, &at, &body));
		assert_true(at.x == 77);
		assert_true(map_locate(m, &bottom, &at, &body));
		assert_near(at.x, 4, 0.02);
		assert_near(at.y, 0.928, 0.02);
		assert_true(body == 0.5);
		map_free(m);
	}
}

/* A line drawn on the picture counts the same way on the floor: right stays right. */
static void calibration_keeps_directions(void **state)
{
	struct calib c;
	struct place line = { .kind = PLACE_LINE,
			      .coords = PLAN_IMAGE,
			      .n = 2,
			      .xy = { { 0.1, 0.6 }, { 0.9, 0.6 } } };
	struct track_point far = foot_at(320, 160), near = foot_at(330, 300);
	(void)state;

	assert_int_equal(calib_read(&c, CALIB_DIR "/entrance-camera.json", NULL), 0);
	for (int metric = 0; metric < 2; metric++) {
		struct map *m = map_new(metric ? &c : NULL, 640, 360, 640, 360, 1);
		struct pt_floor v[PLAN_MAX_POINTS], a, b;
		double body;

		assert_int_equal(map_place(m, &line, v, NULL), 0);
		assert_true(map_locate(m, &far, &a, &body));
		assert_true(map_locate(m, &near, &b, &body));
		assert_int_equal(polyline_cross(v, 2, a, b, !metric), 1);
		map_free(m);
	}
}

static void a_place_above_the_horizon_is_refused(void **state)
{
	/* The horizon is at y = 0.5. */
	struct calib c = { .floor_from_img = { 1, 0, 0, 0, 0, 1, 0, 2, -1 } };
	struct map *m = map_new(&c, 640, 360, 640, 360, 1);
	struct place zone = { .name = "shelf",
			      .kind = PLACE_ZONE,
			      .coords = PLAN_IMAGE,
			      .n = 3,
			      .xy = { { 0.1, 0.9 }, { 0.9, 0.9 }, { 0.5, 0.4 } } };
	struct pt_floor v[PLAN_MAX_POINTS] = { { 77, 77 } };
	struct err err = { 0 };
	(void)state;

	assert_int_equal(map_place(m, &zone, v, &err), ERR_RANGE);
	assert_non_null(strstr(err.msg, "zone 'shelf': point 3"));
	assert_true(v[0].x == 77);
	map_free(m);
}

/* A matrix is the same with every number's sign turned round. */
static void the_sign_of_the_matrix_means_nothing(void **state)
{
	struct calib c, d = { 0 };
	struct track_point p = foot_at(100, 300);
	struct pt_floor a, b;
	struct map *m, *n;
	double body;
	(void)state;

	assert_int_equal(calib_read(&c, CALIB_DIR "/entrance-camera.json", NULL), 0);
	for (int i = 0; i < 9; i++)
		d.floor_from_img[i] = -c.floor_from_img[i];
	m = map_new(&c, 640, 360, 640, 360, 1);
	n = map_new(&d, 640, 360, 640, 360, 1);
	assert_true(map_locate(m, &p, &a, &body) && map_locate(n, &p, &b, &body));
	assert_true(a.x == b.x && a.y == b.y);
	map_free(m);
	map_free(n);
}

static void heat_cells(void **state)
{
	struct map *m = map_new(NULL, 641, 361, 320, 180, 2);
	struct track_point first = foot_at(0, 0), last = foot_at(320.5, 180.5);
	struct track_point left = foot_at(-0.1, 90), middle = foot_at(160.25, 90.25);
	(void)state;

	assert_int_equal(map_heat_cell(m, &first), 0);
	assert_int_equal(map_heat_cell(m, &last), HEAT_COLS * HEAT_ROWS - 1);
	assert_int_equal(map_heat_cell(m, &middle), HEAT_ROWS / 2 * HEAT_COLS + HEAT_COLS / 2);
	assert_int_equal(map_heat_cell(m, &left), -1);
	map_free(m);
}

struct wrong {
	const char *text;
	const char *says;
};

#define CAMERA(s) "{\"format\":\"footfall-camera-1\"," s "}"
#define PAIR(x, y, mx, my) "{\"img\":[" #x "," #y "],\"m\":[" #mx "," #my "]}"

#define SEES "\"size\":[640,360],\"at\":[0,0,3],\"to\":[0,4,0]"

static const struct wrong wrongs[] = {
	{ "[]", "expected an object" },
	{ "{\"floor_from_img\":[1,0,0,0,-1,0,0,0,1]}", "'format' is missing" },
	{ "{\"format\":\"x\"}", "expected 'footfall-camera-1', found 'x'" },
	{ "{\"format\":\"footfall-camera-1\"}", "floor_from_img" },
	{ CAMERA("\"floor_from_image\":[]"), "did you mean 'floor_from_img'" },
	{ CAMERA("\"floor_from_img\":[1,0,0,0,-1,0,0,0]"), "expected 9 numbers, found 8" },
	{ CAMERA("\"floor_from_img\":[1,0,0,0,-1,0,0,0,1e10]"), "floor_from_img[8]" },
	{ CAMERA("\"floor_from_img\":[1,2,3,2,4,6,0,0,1]"), "to a line" },
	{ CAMERA("\"floor_from_img\":[0,0,0,0,0,0,0,0,0]"), "to a line" },
	{ CAMERA("\"floor_from_img\":[1,0,0,0,0,1,0,1,-1]"),
	  "horizon at the picture's bottom" },
	{ CAMERA("\"floor_from_img\":[1,0,0,0,1,0,0,0,1]"), "as in a mirror" },
	{ CAMERA("\"floor_from_img\":[1,0,0,0,-1,0,0,0,1],\"pairs\":[]"), "more than one" },
	{ CAMERA("\"pairs\":7"), "pairs: expected a list" },
	{ CAMERA("\"pairs\":[" PAIR(0, 0, 0, 1) "]"), "pairs: expected a list of 4" },
	{ CAMERA("\"pairs\":[" PAIR(0, 0, 0, 1) "," PAIR(1, 0, 1, 1) "," PAIR(
		  1, 1, 1, 0) "," PAIR(0, 640, 0, 0) "]"),
	  "pairs[3].img" },
	{ CAMERA("\"pairs\":[" PAIR(0, 0, 0, 1) "," PAIR(1, 0, 1, 1) "," PAIR(
		  1, 1, 1, 0) ",{\"img\":[0,1]}]"),
	  "pairs[3]: 'm' is missing" },
	{ CAMERA("\"pairs\":[" PAIR(0, 0, 0, 0) "," PAIR(0.2, 0.2, 1, 1) "," PAIR(
		  0.4, 0.4, 2, 2) "," PAIR(1, 1, 5, 5) "]"),
	  "pairs" },
	/* A fifth one that is 8 m off. */
	{ CAMERA("\"pairs\":[" PAIR(0, 0, 0, 9) "," PAIR(1, 0, 9, 9) "," PAIR(
		  1, 1, 9, 0) "," PAIR(0, 1, 0, 0) "," PAIR(0.5, 0.5, 4.5, 12.5) "]"),
	  "measure it" },
	{ CAMERA("\"camera\":7"), "camera" },
	{ CAMERA("\"camera\":{" SEES ",\"hfov_degs\":70}"), "did you mean 'hfov_deg'" },
	{ CAMERA("\"camera\":{" SEES "}"), "'hfov_deg' is missing" },
	{ CAMERA("\"camera\":{" SEES ",\"hfov_deg\":180}"), "hfov_deg" },
	{ CAMERA("\"camera\":{\"size\":[640,360],\"at\":[0,0,-3],\"to\":[0,4,0],"
		 "\"hfov_deg\":70}"),
	  "not above the floor" },
	{ CAMERA("\"camera\":{\"size\":[640,360],\"at\":[0,0,3],\"to\":[0,0,3],"
		 "\"hfov_deg\":70}"),
	  "is where the camera is" },
	{ CAMERA("\"camera\":{\"size\":[640,0.5],\"at\":[0,0,3],\"to\":[0,4,0],"
		 "\"hfov_deg\":70}"),
	  "camera.size[1]" },
	{ CAMERA("\"camera\":{\"size\":[640,360],\"at\":[0,0,3],\"to\":[0,4,6],"
		 "\"hfov_deg\":40}"),
	  "does not see the floor" },
};

/* The same camera as a homography and as itself; and a wide lens, which no homography is. */
static void a_camera_may_be_given_as_itself(void **state)
{
	static const char text[] = CAMERA("\"camera\":{\"size\":[1280,720],\"at\":[4,-1,3],"
					  "\"to\":[4,3.8,0],\"hfov_deg\":70,\"k1\":%s}");
	const double rows[] = { 120, 180, 240, 300, 359 };
	struct calib flat = { 0 }, wide = { 0 };
	struct map *m;
	char buf[512];
	struct pt_floor at, twice;
	double body;
	(void)state;

	snprintf(buf, sizeof(buf), text, "0");
	assert_int_equal(read_text(&flat, buf, NULL), 0);
	snprintf(buf, sizeof(buf), text, "-0.2");
	assert_int_equal(read_text(&wide, buf, NULL), 0);
	for (int wide_lens = 0; wide_lens < 2; wide_lens++) {
		const struct calib *c = wide_lens ? &wide : &flat;
		struct map *half = map_new(c, 640, 360, 640, 360, 1);

		m = map_new(c, 1280, 720, 640, 360, 2);
		for (int i = 0; i < 5; i++)
			for (double x = 10; x < 640; x += 155) {
				struct track_point p = foot_at(x, rows[i]);
				double px[2];

				assert_true(map_locate(m, &p, &at, &body));
				assert_true(lens_project(
					&c->lens, (struct pt_room){ at.x, at.y, 0 }, px, NULL));
				assert_near(px[0], 2 * x, 1e-6);
				assert_near(px[1], 2 * rows[i], 1e-6);
				/* A smaller stream of the same camera sees the same floor. */
				assert_true(map_locate(half, &p, &twice, &body));
				assert_near(twice.x, at.x, 1e-9);
			}
		map_free(m);
		map_free(half);
	}
}

/* What a number was made with is in its params_id: different cameras have different texts. */
static void every_calibration_has_its_text(void **state)
{
	struct calib c[3] = { 0 };
	char *text[3];
	(void)state;

	assert_int_equal(calib_read(&c[0], CALIB_DIR "/entrance-camera.json", NULL), 0);
	assert_int_equal(calib_read(&c[1], CALIB_DIR "/entrance-camera-lens.json", NULL), 0);
	c[2] = c[1];
	c[2].lens.k1 += 0.01;
	for (int i = 0; i < 3; i++)
		text[i] = calib_text(&c[i]);
	assert_string_not_equal(text[0], text[1]);
	assert_string_not_equal(text[1], text[2]);
	for (int i = 0; i < 3; i++)
		free(text[i]);
}

/* A camera at the south wall looks to the north. */
static void the_picture_shows_what_lies_before_the_camera(void **state)
{
	const struct pt_floor ahead[] = { { 4, 4 }, { 6, 4 } },
			      beside[] = { { -9, 2 }, { -8, 2 } };
	const struct pt_floor behind[] = { { 4, -5 }, { 6, -5 } };
	const struct pt_floor part[] = { { -90, 4 }, { 6, 4 } };
	const struct pt_floor round[] = { { -50, -50 }, { 50, -50 }, { 50, 50 }, { -50, 50 } };
	/* As itself, and as a homography. */
	static const char *const cameras[] = {
		CAMERA("\"camera\":{\"size\":[1280,720],\"at\":[5,-1,3],\"to\":[5,5,1],"
		       "\"hfov_deg\":70}"),
		NULL,
	};
	(void)state;

	for (int i = 0; i < 2; i++) {
		struct calib c = { 0 };
		struct map *m;

		if (cameras[i])
			assert_int_equal(read_text(&c, cameras[i], NULL), 0);
		else
			assert_int_equal(
				calib_read(&c, CALIB_DIR "/entrance-camera.json", NULL), 0);
		m = map_new(&c, 640, 360, 640, 360, 1);
		assert_true(map_shows(m, PLACE_LINE, ahead, 2));
		assert_true(map_shows(m, PLACE_LINE, part, 2));
		assert_false(map_shows(m, PLACE_LINE, beside, 2));
		assert_false(map_shows(m, PLACE_LINE, behind, 2));
		assert_true(map_shows(m, PLACE_ZONE, round, 4)); /* the picture is all inside */
		map_free(m);
	}
}

static void what_is_wrong_is_said(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct calib c = { .floor_from_img = { 77 } };
		struct err err = { 0 };

		assert_true(read_text(&c, wrongs[i].text, &err) < 0);
		assert_true(c.floor_from_img[0] == 77);
		if (!strstr(err.msg, wrongs[i].says) || !strstr(err.msg, FILE_NAME))
			fail_msg("'%s' does not have '%s'", err.msg, wrongs[i].says);
	}
}

/* A real camera's calibration, where there is one to be had: people's feet as annotated in
 * pixels and as surveyed in metres. */
static void pets_view_1_agrees_with_its_survey(void **state)
{
	const char *dir = SHARED_DIR "/data/pets2009_s2l1";
	char *path = file_join(dir, "homography_px_to_m.txt"), *text = NULL, *end;
	struct calib c = { 0 };
	size_t len;
	(void)state;

	if (file_read(path, 4096, &text, &len, NULL) < 0) {
		print_message("%s is not there: skipped\n", path);
		free(path);
		skip();
	}
	free(path);
	end = text;
	for (int i = 0; i < 9; i++) {
		double to_px[3] = { 768, 576, 1 };

		c.floor_from_img[i] = strtod(end, &end) * to_px[i % 3];
	}
	free(text);
	/* The first person of gt_mot15_world.txt in frame 1. */
	struct map *m = map_new(&c, 768, 576, 384, 288, 2);
	struct track_point p = foot_at((499 + 31.03 / 2) / 2, (158 + 75.17) / 2);
	struct pt_floor at;
	double body;

	assert_true(map_locate(m, &p, &at, &body));
	assert_near(at.x, -4.155, 0.2);
	assert_near(at.y, -7.359, 0.2);
	map_free(m);
}

/* Each annotated person of the PETS clip stands where the survey says: the boxes' feet, by the
 * camera's own file, are the positions in metres that the same file once gave. */
static void a_camera_of_tsais_form_is_read(void **state)
{
	char *xml = file_join(SHARED_DIR "/data/pets2009_s2l1", "View_001.xml");
	struct calib c;
	struct err err = { 0 };
	struct map *m;
	struct track_point p = foot_at((499.20 + 31.03 / 2) / 2, (157.69 + 75.17) / 2);
	struct pt_floor at;
	double body;
	(void)state;

	if (access(xml, R_OK) < 0) {
		print_message("%s is not there: skipped\n", xml);
		free(xml);
		skip();
	}
	assert_int_equal(calib_read(&c, xml, &err), 0);
	free(xml);
	assert_true(c.has_lens);
	assert_near(c.lens.at.z, 7.066, 0.001);
	/* The first person of gt_world.csv in frame 1. */
	m = map_new(&c, 768, 576, 384, 288, 2);
	assert_true(map_locate(m, &p, &at, &body));
	assert_near(at.x, -4.212, 0.02);
	assert_near(at.y, -7.432, 0.02);
	map_free(m);
}

#define GEOMETRY "<Geometry width=\"768\" height=\"576\" dpx=\"5e-3\" dpy=\"5e-3\"/>"
#define INTRINSIC(k) "<Intrinsic focal=\"5\" kappa1=\"" k "\" cx=\"384\" cy=\"288\" sx=\"1\"/>"
#define EXTRINSIC(tz) \
	"<Extrinsic tx=\"0\" ty=\"0\" tz=\"" tz "\" rx=\"3.14159265\" ry=\"0\" rz=\"0\"/>"

/* A camera 4 m above the floor that looks straight down, as Tsai's file and as ours. */
static void tsais_form_means_the_same(void **state)
{
	struct calib c, d;
	struct map *m, *n;
	struct err err = { 0 };
	(void)state;

	assert_int_equal(read_text(&c,
				   "<?xml version=\"1.0\"?>\n<Camera>" GEOMETRY INTRINSIC("0")
					   EXTRINSIC("4000") "</Camera>",
				   &err),
			 0);
	assert_int_equal(
		read_text(&d,
			  CAMERA("\"camera\":{\"size\":[768,576],\"at\":[0,0,4],\"to\":"
				 "[0,0,0],\"hfov_deg\":42.02}"),
			  &err),
		0);
	m = map_new(&c, 768, 576, 768, 576, 1);
	n = map_new(&d, 768, 576, 768, 576, 1);
	for (double x = 0; x <= 768; x += 96) {
		struct track_point p = foot_at(x, 100);
		struct pt_floor a, b;
		double body;

		assert_true(map_locate(m, &p, &a, &body) && map_locate(n, &p, &b, &body));
		assert_near(a.x, b.x, 0.001);
		assert_near(a.y, b.y, 0.001);
	}
	map_free(m);
	map_free(n);
	assert_true(read_text(&c, "<Camera>" GEOMETRY "</Camera>", &err) < 0);
	assert_non_null(strstr(err.msg, "element 'Intrinsic' with the attribute 'focal'"));
	assert_true(read_text(&c, GEOMETRY INTRINSIC("x") EXTRINSIC("4000"), &err) < 0);
	assert_non_null(strstr(err.msg, "Intrinsic kappa1: expected a number, found 'x'"));
	assert_true(read_text(&c, GEOMETRY INTRINSIC("9") EXTRINSIC("4000"), &err) < 0);
	assert_non_null(strstr(err.msg, "kappa1: such a lens"));
	assert_true(read_text(&c, GEOMETRY INTRINSIC("0") EXTRINSIC("-4000"), &err) < 0);
	assert_non_null(strstr(err.msg, "below the floor"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_calibration_the_floor_is_the_picture),
		cmocka_unit_test(with_calibration_the_floor_is_metres),
		cmocka_unit_test(calibration_keeps_directions),
		cmocka_unit_test(a_place_above_the_horizon_is_refused),
		cmocka_unit_test(the_sign_of_the_matrix_means_nothing),
		cmocka_unit_test(heat_cells),
		cmocka_unit_test(a_camera_may_be_given_as_itself),
		cmocka_unit_test(every_calibration_has_its_text),
		cmocka_unit_test(the_picture_shows_what_lies_before_the_camera),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(pets_view_1_agrees_with_its_survey),
		cmocka_unit_test(a_camera_of_tsais_form_is_read),
		cmocka_unit_test(tsais_form_means_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
