/* SPDX-License-Identifier: Apache-2.0 */
/* shop.c -- for tests of a camera's line over hours. */
#include "shop.h"

#include "base/clock.h"
#include "base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PERSON_LUMA 6 /* a person's pixel differs from the empty scene by more */

#define SHOP \
	"[scene]\nseconds = 7200\n" \
	"[floor]\nbox = 0,0 10,8\nkind = tiles\ncolour = 150 126 130\n" \
	"[portal west]\nat = 0.3,5.6 0.3,6.6\n[portal east]\nat = 9.7,5.6 9.7,6.6\n" \
	"[wall north]\npoints = 0,7.5 10,7.5\n" \
	"[shelf table]\nbox = 0.6,2 1.6,3.6\nheight = 0.9\ncolour = 110 118 140\n" \
	"[shelf rack]\nbox = 8.4,1.6 9,4.4\nheight = 1.6\ncolour = 100 134 122\n" \
	"[light one]\nat = 3,3,3\n[light two]\nat = 7,3,3\n" \
	"[picture]\nnoise = 1.5\n" \
	"[people]\nshoppers = 0\npassers = 0\n" \
	"[camera one]\nat = 5,-0.6,3\nto = 5,4.2,0.6\nfov = 84\nsize = 320 x 180\nfps = 4\n"

static void frame_make(struct frame *f, int w, int h)
{
	*f = (struct frame){ 0 };
	image_init(&f->y, w, h);
	image_init(&f->u, (w + 1) / 2, (h + 1) / 2);
	image_init(&f->v, (w + 1) / 2, (h + 1) / 2);
	f->matrix = YUV_BT601;
}

static void frame_end(struct frame *f)
{
	image_clear(&f->y);
	image_clear(&f->u);
	image_clear(&f->v);
}

void shop_open(struct shop *s, const char *people)
{
	struct err err = { 0 };
	struct str text = STR_INIT;

	*s = (struct shop){ 0 };
	str_addf(&text, "%s%s", SHOP, people);
	s->scene = scene_parse(text.s, text.len, "shop.ini", &err);
	str_clear(&text);
	if (!s->scene)
		fail_msg("%s", err.msg);
	s->crowd = crowd_new(s->scene, s->scene->seed);
	s->view = view_new(s->scene, 0, s->scene->seed);
	conf_init(&s->conf);
	s->camera = camera_new(&s->conf, NULL, 0);
	frame_make(&s->now, s->scene->camera[0].w, s->scene->camera[0].h);
	frame_make(&s->empty, s->scene->camera[0].w, s->scene->camera[0].h);
}

void shop_close(struct shop *s)
{
	camera_free(s->camera);
	conf_clear(&s->conf);
	view_free(s->view);
	crowd_free(s->crowd);
	scene_free(s->scene);
	frame_end(&s->now);
	frame_end(&s->empty);
}

void shop_step(struct shop *s)
{
	int64_t t_us = view_time(s->scene, 0, s->index, s->scene->start_us);
	const struct actor *actors;
	struct err err = { 0 };
	int n;

	crowd_at(s->crowd, t_us, &actors, &n);
	view_draw(s->view, t_us, s->index, actors, n, &s->now, NULL, NULL);
	s->now.t_us = t_us;
	s->now.index = s->now.coded = s->index++;
	s->t_s = (double)(t_us - s->scene->start_us) / CLOCK_SECOND_US;
	if (s->burn)
		s->burn(&s->now, s->t_s);
	if (camera_step(s->camera, &s->now, &s->out, &err) < 0)
		fail_msg("%s", err.msg);
}

void shop_until(struct shop *s, double t_s)
{
	while ((double)s->index / s->scene->camera[0].fps <= t_s)
		shop_step(s);
}

static void draw_empty(struct shop *s)
{
	view_draw(s->view, s->now.t_us, s->now.index, NULL, 0, &s->empty, NULL, NULL);
}

void shop_people(struct shop *s, struct image *where)
{
	draw_empty(s);
	image_init(where, s->now.y.w, s->now.y.h);
	for (int y = 0; y < where->h; y++)
		for (int x = 0; x < where->w; x++)
			image_row(where, y)[x] = abs(image_row(&s->now.y, y)[x] -
						     image_row(&s->empty.y, y)[x]) > PERSON_LUMA
							 ? 255
							 : 0;
}

double shop_share(const struct shop *s, const struct image *where)
{
	int n = 0, set = 0;

	for (int y = 0; y < where->h; y++)
		for (int x = 0; x < where->w; x++) {
			bool in = image_row(where, y)[x] != 0;

			n += in;
			set += in && image_row(s->out.mask, y)[x] != 0;
		}
	assert_true(n > 0);
	return (double)set / n;
}
