/* SPDX-License-Identifier: Apache-2.0 */
/* test_scene.c -- scenes: what is read of them, and the one line that each mistake gets. */
#include "base/clock.h"
#include "base/str.h"
#include "sim/indoors.h"
#include "sim/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* As little as a scene may be; lines 1 to 5. */
#define BASE \
	"[floor]\n" \
	"box = 0,0 10,8\n" \
	"[camera one]\n" \
	"at = 5, 1, 3\n" \
	"to = 5, 5, 0\n"
/* With a street in the north and a door; lines 6 to 11. */
#define SHOP \
	BASE "[portal street]\n" \
	     "at = 0.1,7 0.1,7.8\n" \
	     "[wall front]\n" \
	     "points = 0,6 4,6\n" \
	     "[wall front 2]\n" \
	     "points = 6,6 10,6\n" \
	     "[door main]\n" \
	     "at = 4,6 6,6\n"

static struct scene *read_text(const char *text)
{
	struct err err = { 0 };
	struct scene *s = scene_parse(text, strlen(text), "dir/shop.ini", &err);

	if (!s)
		fail_msg("%s", err.msg);
	return s;
}

static void told(const char *text, const char *expected)
{
	struct err err = { 0 };
	struct scene *s = scene_parse(text, strlen(text), "s.ini", &err);

	assert_null(s);
	assert_int_equal(err.code, ERR_CONFIG);
	assert_string_equal(err.msg, expected);
}

static void what_is_left_out_has_its_default(void **state)
{
	struct scene *s = read_text(BASE);

	(void)state;
	assert_string_equal(s->name, "shop");
	assert_string_equal(s->time_zone, "UTC");
	assert_int_equal(s->start_us, INT64_C(1773478800000000)); /* 2026-03-14T09:00:00Z */
	assert_true(s->seconds == 600);
	assert_int_equal(s->seed, 1);
	assert_null(s->plan);
	assert_int_equal(s->n_cameras, 1);
	assert_string_equal(s->camera[0].name, "one");
	assert_int_equal(s->camera[0].w, 640);
	assert_int_equal(s->camera[0].lens.w, 640);
	assert_true(s->people.shoppers_h[12] == 0);
	assert_true(s->people.speed_m_s == 1.34);
	assert_true(s->picture.hand.to <= s->picture.hand.from);
	assert_true(s->tracks.miss == 0);
	scene_free(s);
}

static void every_form_of_value_is_taken(void **state)
{
	struct scene *s = read_text(
		SHOP "[scene]\n"
		     "name = Käufer & Söhne\n"
		     "time_zone = Europe/Berlin\n"
		     "start = 2026-03-14T09:00:00\n"
		     "seed = 9223372036854775807\n"
		     "[shelf a]\n"
		     "box = 4, 4.8  3,4\n"
		     "[shelf b]\n"
		     "corners = 1,1 1,2 2,2 2,1 ; clockwise\n"
		     "[light lamp]\nat = 1,1,3\noff = 60 90.5\n"
		     "[sun]\npatch = 0,0 1,0 1,1\n[sun 2]\npatch = 2,0 3,0 3,1\n"
		     "[camera two]\nat = 5,1,3\nto = 5,5,0\nsize = 320x240\n"
		     "[walker w]\npath = 1,5 5,5 5,7\nwait = 0 20\nclothes = 200 100 140\n"
		     "[people]\nshoppers = 9:40 12:110 20:0\npassers = 0\ngroup = 1 2 3 4\n");

	(void)state;
	assert_string_equal(s->name, "Käufer & Söhne");
	assert_int_equal(s->start_us, INT64_C(1773475200000000)); /* one hour east of UTC */
	assert_true(s->seed == INT64_MAX);
	assert_true(s->shelf[0].corner[0].x == 3 && s->shelf[0].corner[0].y == 4);
	assert_true(s->shelf[0].corner[1].x == 4 && s->shelf[0].corner[1].y == 4);
	assert_true(s->shelf[0].corner[2].x == 4 && s->shelf[0].corner[2].y == 4.8);
	assert_true(s->shelf[1].corner[0].x == 2 && s->shelf[1].corner[0].y == 1);
	assert_true(s->shelf[1].corner[1].x == 2 && s->shelf[1].corner[1].y == 2);
	assert_true(s->light[0].off.from == 60 && s->light[0].off.to == 90.5);
	assert_int_equal(s->n_suns, 2);
	assert_true(s->sun[1].patch.n == 3 && s->sun[1].patch.at[0].x == 2);
	assert_true(s->sun[0].when.from < 0 && s->sun[0].when.to > 1e8);
	assert_true(s->camera[1].w == 320 && s->camera[1].h == 240);
	assert_true(s->walker[0].path.n == 3 && s->walker[0].wait_s[1] == 20);
	assert_true(s->walker[0].coloured && s->walker[0].clothes.v == 140);
	assert_true(s->people.shoppers_h[8] == 0 && s->people.shoppers_h[9] == 40);
	assert_true(s->people.shoppers_h[19] == 110 && s->people.shoppers_h[20] == 0);
	assert_true(s->people.group[3] == 4);
	scene_free(s);
}

static void the_process_keeps_its_time_zone(void **state)
{
	struct scene *s;

	(void)state;
	assert_int_equal(clock_set_zone("Asia/Tokyo", NULL), 0);
	s = read_text(BASE "[scene]\ntime_zone = Europe/Berlin\n");
	assert_string_equal(clock_zone(), "Asia/Tokyo");
	assert_string_equal(s->time_zone, "Europe/Berlin");
	scene_free(s);
	assert_int_equal(clock_set_zone("UTC", NULL), 0);
}

static void hours_are_those_of_the_scene(void **state)
{
	struct scene *s = read_text(BASE "[scene]\ntime_zone = Europe/Berlin\n"
					 "start = 2026-03-28T09:00:00\n");
	int64_t night; /* when clocks go forward */

	(void)state;
	assert_int_equal(clock_parse("2026-03-29T01:00:00Z", &night, NULL), 0);
	assert_true(scene_hour(s, s->start_us) == 9);
	assert_true(scene_hour(s, night - 60 * CLOCK_SECOND_US) == 1 + 59 / 60.0);
	assert_true(scene_hour(s, night) == 3);
	assert_true(scene_hour(s, s->start_us + 24 * 60 * CLOCK_MINUTE_US) == 10);
	scene_free(s);
	s = read_text(BASE);
	assert_true(scene_hour(s, s->start_us + 15 * 60 * CLOCK_MINUTE_US) == 0);
	scene_free(s);
}

static void wrong_values_are_told_what_was_expected(void **state)
{
	static const char *const cases[][2] = {
		{ "[camera two]\nfps = 0\n",
		  "s.ini:7: [camera two] fps: expected a number from 0.1 to 240 pictures a "
		  "second, found '0'" },
		{ "[camera two]\nsize = 20000 x 10\n",
		  "s.ini:7: [camera two] size: expected width x height, at most 33 million "
		  "together, each from 16 to 16384 px, found '20000 x 10'" },
		{ "[camera two]\nsize = 16000 x 16000\n",
		  "s.ini:7: [camera two] size: expected width x height, at most 33 million "
		  "together, each from 16 to 16384 px, found '16000 x 16000'" },
		{ "[camera two]\nat = 1, 2\n",
		  "s.ini:7: [camera two] at: expected x, y, z with each from -500 to 500 m, "
		  "found '1, 2'" },
		{ "[wall w]\npoints = 1,2\n",
		  "s.ini:7: [wall w] points: expected 2 to 32 places x,y with blanks between, "
		  "no two alike in a row, each number from -500 to 500 m, found '1,2'" },
		{ "[shelf x]\nbox = 1,2 1,4\n",
		  "s.ini:7: [shelf x] box: expected opposite corners x,y x,y, each number from "
		  "-500 to 500 m, found '1,2 1,4'" },
		{ "[shelf x]\ncorners = 0,0 2,2 2,0 0,2\n",
		  "s.ini:7: [shelf x] corners: expected the four corners x,y x,y x,y x,y of a "
		  "convex figure in order, each number from -500 to 500 m, found "
		  "'0,0 2,2 2,0 0,2'" },
		{ "[shelf x]\ngoods = maybe\n",
		  "s.ini:7: [shelf x] goods: expected yes or no, found 'maybe'" },
		{ "[portal x]\nkind = roof\n",
		  "s.ini:7: [portal x] kind: expected street or staff, found 'roof'" },
		{ "[people]\nshoppers = 9:10 8:20\n",
		  "s.ini:7: [people] shoppers: expected a number, or some hour:number with "
		  "rising hours 0 to 23, each number from 0 to 20000 an hour, found "
		  "'9:10 8:20'" },
		{ "[people]\ngroup = 0 0 0 0\n",
		  "s.ini:7: [people] group: expected four numbers, not all 0, each from 0 to 1000, "
		  "found '0 0 0 0'" },
		{ "[picture]\nhand = 10 5\n",
		  "s.ini:7: [picture] hand: expected never, always or two rising numbers, each "
		  "from 0 to 31622400 s, found '10 5'" },
		{ "[floor]\n", "s.ini:6: [floor] is already in line 1" },
		{ "[camera one]\n", "s.ini:6: [camera one] is already in line 3" },
		{ "[camera]\n",
		  "s.ini:6: [camera]: expected [camera NAME], a name of letters, digits, "
		  "blanks, '-', '_' and '.'" },
		{ "[camera ../x]\n",
		  "s.ini:6: [camera ../x]: expected [camera NAME], a name of letters, digits, "
		  "blanks, '-', '_' and '.'" },
		{ "[people all]\n",
		  "s.ini:6: [people all]: expected [people], there is only one" },
		{ "[cammera two]\n",
		  "s.ini:6: unknown section [cammera two]; did you mean [camera]?" },
		{ "[people]\nshopers = 1\n",
		  "s.ini:7: unknown key 'shopers' in [people]; did you mean 'shoppers'?" },
		{ "[shelf x]\n",
		  "s.ini:6: [shelf x]: 'box' is missing; expected opposite corners x,y x,y, "
		  "each number from -500 to 500 m" },
		{ "[shelf x]\nbox = 0,0 1,1\ncorners = 0,0 1,0 1,1 0,1\n",
		  "s.ini:8: [shelf x] corners: there is 'box' in line 7 already" },
		{ "[scene]\ntime_zone = Mars/Base\n",
		  "s.ini:7: [scene] time_zone: time zone 'Mars/Base' is not known on this "
		  "machine; expected a name like Europe/Berlin or UTC (package tzdata)" },
		{ "[scene]\nstart = noon\n",
		  "s.ini:7: [scene] start: 'noon' is not a time; expected one like "
		  "2026-03-14T09:30:00, with or without Z or +01:00" },
		{ "[scene]\nseed = -1\n",
		  "s.ini:7: [scene] seed: expected a whole number from 0 on, found '-1'" },
		{ "[scene]\nplan = nowhere.json\n",
		  "s.ini:7: [scene] plan: cannot open 'nowhere.json': No such file or "
		  "directory" },
		{ "nonsense\n", "s.ini:6: expected 'key = value' or [section]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1000];

		snprintf(text, sizeof(text), BASE "%s", cases[i][0]);
		told(text, cases[i][1]);
	}
	told("box = 1\n", "s.ini:1: 'box' stands before the first [section]");
	told("", "s.ini: [floor]: 'box' is missing; expected opposite corners x,y x,y, each "
		 "number from -500 to 500 m");
	told("[floor]\nbox = 0,0 9,9\n", "s.ini: there is no [camera NAME]");
}

static void what_cannot_be_is_told(void **state)
{
	static const char *const cases[][2] = {
		{ "[shelf x]\nbox = 4,0 6,2\nheight = 3.5\n",
		  "s.ini:4: [camera one] at: is inside shelf 'x'" },
		{ "[wall x]\npoints = 0,1 9,1\nheight = 3.5\n",
		  "s.ini:4: [camera one] at: is inside wall 'x'; move it 0.03 m off" },
		{ "[camera x]\nat = 5,1,3\nto = 5,1,3\n",
		  "s.ini:16: [camera x] to: is where the camera is" },
		{ "[camera x]\nat = 5,1,3\nto = 5,-9,3\nfov = 20\n",
		  "s.ini:16: [camera x] to: it sees nothing of the floor" },
		{ "[portal x]\nat = 9,7 12,7\n",
		  "s.ini:15: [portal x] at: 12,7 is not on the floor (0,0 10,8 of [floor] box)" },
		{ "[shelf x]\nbox = 4.5,5.8 5,6.2\n",
		  "s.ini:13: [door main] at: at 4.1,6 to 5.9,6 stands shelf 'x'" },
		{ "[wall x]\npoints = 3,6 7,6\n",
		  "s.ini:13: [door main] at: at 4.1,6 to 5.9,6 stands wall 'x'" },
		{ "[shelf x]\nbox = 0,7 2,7.5\n",
		  "s.ini:7: [portal street] at: at 0.1,7 to 0.1,7.8 stands shelf 'x'" },
		{ "[door x]\nat = 4,3 6,3\n",
		  "s.ini:15: [door x] at: there is no way to it from a street portal that does "
		  "not pass a door" },
		{ "[till x]\ncustomer = 2,2\ncashier = 2,1\nqueue = 2,2 2,4\n[shelf x]\n"
		  "box = 1,3 3,3.5\n",
		  "s.ini:17: [till x] queue: at 2,2 to 2,4 stands shelf 'x'" },
		{ "[till x]\ncustomer = 2,2\ncashier = 2,1\nqueue = 6,2 8,2\n",
		  "s.ini:17: [till x] queue: begins more than 2 m from the customer's place; it "
		  "goes backwards from there" },
		{ "[walker x]\npath = 1,1 5,7\n", NULL }, /* through the door */
		{ "[walker x]\npath = 1,1 1,7\n",
		  "s.ini:15: [walker x] path: at 1,1 to 1,7 stands wall 'front'" },
		{ "[walker x]\npath = 1,1\n",
		  "s.ini:14: [walker x] wait: a path of one point needs one above 0" },
		{ "[walker x]\npath = 1,1 2,2\nwait = 1 2 3\n",
		  "s.ini:16: [walker x] wait: there are more waits than the path's 2 points" },
		{ "[screen x]\nat = 1,1 2,1\ntop = 1\n",
		  "s.ini:16: [screen x] top: expected more than bottom" },
		{ "[people]\npassers = 10\n",
		  "s.ini:15: [people] passers: passers-by need two [portal NAME] of kind "
		  "street, with a share above 0" },
		{ "[people]\nstop_min = 60\n",
		  "s.ini:14: [people] stop: expected stop_min <= stop <= stop_max, found 60, "
		  "20, 600" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1000];

		snprintf(text, sizeof(text), SHOP "%s", cases[i][0]);
		if (cases[i][1])
			told(text, cases[i][1]);
		else
			scene_free(read_text(text));
	}
	told(BASE "[portal street]\nat = 0.1,7 0.1,7.8\n[wall front]\npoints = 0,6 4,6\n"
		  "[wall front 2]\npoints = 6,6 10,6\n[door main]\nat = 6,6 4,6\n",
	     "s.ini:13: [door main] at: leads from the shop to the street; swap its two places");
	told(BASE "[portal street]\nat = 0.1,7 0.1,7.8\n[wall front]\npoints = 0,6 4,6\n"
		  "[door main]\nat = 4,6 6,6\n",
	     "s.ini:11: [door main] at: the floor behind it can be reached from the street "
	     "without a door; close the walls around the shop");
	told(BASE "[people]\nshoppers = 10\n",
	     "s.ini:7: [people] shoppers: shoppers need a [portal NAME] of kind street and a "
	     "[door NAME] with a share above 0");
}

static void there_are_limits(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	str_add(&text, BASE);
	for (int i = 0; i <= SCENE_MAX; i++)
		str_addf(&text, "[wall %d]\npoints = 0,%d 1,%d\n", i, i, i);
	told(text.s, "s.ini:134: [wall 64]: more than 64 of this kind");
	str_clear(&text);
}

static void cameras_are_found_by_name(void **state)
{
	struct scene *one = read_text(BASE), *two;
	struct err err;

	(void)state;
	two = read_text(BASE "[camera two]\nat = 5,1,3\nto = 5,5,0\n");
	assert_int_equal(scene_camera(one, NULL, &err), 0);
	assert_int_equal(scene_camera(one, "", &err), 0);
	assert_int_equal(scene_camera(two, "two", &err), 1);
	assert_int_equal(scene_camera(two, "", &err), ERR_USAGE);
	assert_string_equal(err.msg,
			    "'dir/shop.ini' has several cameras, name one of: one, two");
	assert_int_equal(scene_camera(two, "three", &err), ERR_USAGE);
	assert_string_equal(err.msg, "'dir/shop.ini' has no camera 'three', only: one, two");
	scene_free(one);
	scene_free(two);
}

static void the_street_is_what_the_portals_reach(void **state)
{
	struct scene *s = read_text(SHOP);
	struct indoors *in = indoors_new(s);

	(void)state;
	assert_false(indoors_at(in, (struct pt_m){ 0.1, 7.4 }));
	assert_false(indoors_at(in, (struct pt_m){ 9.9, 6.4 }));
	assert_true(indoors_at(in, (struct pt_m){ 0.1, 5.6 }));
	assert_true(indoors_at(in, (struct pt_m){ 10, 0 }));
	assert_false(indoors_at(in, (struct pt_m){ 5, 6.05 })); /* in the door, nearly */
	assert_true(indoors_at(in, (struct pt_m){ 5, 5.95 }));
	assert_false(indoors_at(in, (struct pt_m){ 10.2, 0 }));
	indoors_free(in);
	scene_free(s);
}

static void the_help_names_every_key(void **state)
{
	struct str help = STR_INIT;

	(void)state;
	scene_keys(&help);
	assert_non_null(strstr(help.s, "[camera NAME]  A camera"));
	assert_non_null(strstr(help.s, "  shoppers\n    How many come in an hour. Expected: a "
				       "number"));
	assert_non_null(strstr(help.s, "default: 640 x 360."));
	str_clear(&help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_out_has_its_default),
		cmocka_unit_test(every_form_of_value_is_taken),
		cmocka_unit_test(the_process_keeps_its_time_zone),
		cmocka_unit_test(hours_are_those_of_the_scene),
		cmocka_unit_test(wrong_values_are_told_what_was_expected),
		cmocka_unit_test(what_cannot_be_is_told),
		cmocka_unit_test(there_are_limits),
		cmocka_unit_test(cameras_are_found_by_name),
		cmocka_unit_test(the_street_is_what_the_portals_reach),
		cmocka_unit_test(the_help_names_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
