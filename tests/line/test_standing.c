/* SPDX-License-Identifier: Apache-2.0 */
/* test_standing.c -- nobody who stands still is forgotten. */
#include "shop.h"

#define WAIT_S "1200"
#define PATIENT \
	"[walker patient]\nstart = 20\npath = 0.4,6 5,4 9.6,6\nwait = 0 " WAIT_S " 0\n" \
	"speed = 1.2\nclothes = 60 140 110\n" \
	"[walker first]\nstart = 300\npath = 0.4,6 2,6 2,3 8,3 8,6 9.6,6\n" \
	"[walker second]\nstart = 700\npath = 9.6,6 8,6 8,3 2,3 2,6 0.4,6\n"
#define STANDS_S 27 /* when he surely stands there */
#define LEAVES_S 1223
#define MOST 0.85 /* of a person's pixels; some have the floor's colours */

/* The confirmed track whose box has the middle of where, or 0. */
static int64_t track_at(const struct shop *s, const struct image *where)
{
	double x0 = 0, y0 = 0;
	int n = 0;

	for (int y = 0; y < where->h; y++)
		for (int x = 0; x < where->w; x++)
			if (image_row(where, y)[x])
				x0 += x, y0 += y, n++;
	for (int i = 0; i < s->out.n_track; i++) {
		const struct box_px *b = &s->out.track[i].at.box;

		if (s->out.track[i].confirmed && x0 / n >= b->x && x0 / n < b->x + b->w &&
		    y0 / n >= b->y && y0 / n < b->y + b->h)
			return s->out.track[i].id;
	}
	return 0;
}

/* Pictures until the person has left every pixel of where; the last one shows the place free
 * for the first time. */
static void until_free(struct shop *s, const struct image *where)
{
	bool there;

	do {
		struct image now;

		shop_step(s);
		shop_people(s, &now);
		there = false;
		for (int y = 0; y < now.h; y++)
			for (int x = 0; x < now.w; x++)
				there |= image_row(&now, y)[x] && image_row(where, y)[x];
		image_clear(&now);
	} while (there);
}

static void who_stands_for_20_minutes_is_foreground_and_leaves_no_ghost(void **state)
{
	struct image where;
	struct shop s;
	int64_t id;

	(void)state;
	shop_open(&s, PATIENT);
	shop_until(&s, STANDS_S);
	shop_people(&s, &where);
	id = track_at(&s, &where);
	assert_true(id > 0);
	assert_true(shop_share(&s, &where) > MOST);

	shop_until(&s, LEAVES_S);
	assert_int_equal(track_at(&s, &where), id);
	assert_true(shop_share(&s, &where) > MOST);

	until_free(&s, &where);
	shop_step(&s);
	assert_true(shop_share(&s, &where) < 0.05);
	image_clear(&where);
	shop_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_stands_for_20_minutes_is_foreground_and_leaves_no_ghost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
