/* SPDX-License-Identifier: Apache-2.0 */
/* same_bytes.c -- people, pictures and phones of a simulated store, as numbers that were
 * written down once: every machine, compiler and set of instructions must find the same ones.
 * Needs no library, so that same_bytes.sh can run it for another processor. Prints what it
 * finds and ends with 1 where that is something else. */
#include "base/rng.h"
#include "base/str.h"
#include "sim/crowd.h"
#include "sim/radio.h"
#include "sim/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKS 1200
#define W 320
#define H 180

static const uint64_t expected[3] = { UINT64_C(0xbb74fb89b229a974),
				      UINT64_C(0xec2117a74859d2bc),
				      UINT64_C(0xff3f2252c8c30e90) };

/* A shop of 8 x 8 m with the street to the north, and something of everything. */
static void furnish(struct scene *s)
{
	static const struct colour grey = { 150, 126, 130 };
	struct scene_camera *c = &s->camera[0];

	s->seconds = 120;
	s->ground = grey;
	s->ambient = 1;
	s->floor = (struct scene_floor){
		.to = { 8, 8 }, .kind = FLOOR_MARBLE, .colour = grey, .gloss = 0.2
	};
	s->n_walls = 2;
	s->walls[0] = (struct scene_wall){ .line = { 2, { { 0, 6 }, { 3, 6 } } },
					   .height_m = 3,
					   .colour = grey };
	s->walls[1] = (struct scene_wall){ .line = { 2, { { 5, 6 }, { 8, 6 } } },
					   .height_m = 3,
					   .colour = grey,
					   .glass = true };
	s->n_shelves = 1;
	s->shelf[0] =
		(struct scene_shelf){ .corner = { { 1, 2 }, { 2, 2 }, { 2, 4 }, { 1, 4 } },
				      .height_m = 1.2,
				      .colour = grey,
				      .goods = true,
				      .browse = 1 };
	s->n_portals = 2;
	s->portal[0] = (struct scene_portal){ .kind = PORTAL_STREET,
					      .at = { { 0.3, 6.8 }, { 0.3, 7.6 } },
					      .share = 1 };
	s->portal[1] = (struct scene_portal){ .kind = PORTAL_STREET,
					      .at = { { 7.7, 6.8 }, { 7.7, 7.6 } },
					      .share = 1 };
	s->n_doors = 1;
	s->door[0] =
		(struct scene_door){ .at = { { 3, 6 }, { 5, 6 } }, .glass = true, .share = 1 };
	s->n_lights = 1;
	s->light[0] = (struct scene_light){ .at = { 4, 3, 3 }, .strength = 1 };
	s->n_cameras = 1;
	*c = (struct scene_camera){ .at = { 4, 0.5, 2.8 },
				    .to = { 4, 5, 0.5 },
				    .fov_deg = 90,
				    .k1 = -0.1,
				    .roll_deg = 3,
				    .w = W,
				    .h = H,
				    .fps = 10 };
	lens_look(&c->lens, W, H, c->fov_deg, c->k1, c->at, c->to, c->roll_deg);
	s->n_receivers = 2;
	s->receiver[0] = (struct scene_receiver){ .at = { 1, 1, 3 }, .monitor = true };
	s->receiver[1] = (struct scene_receiver){ .at = { 7, 5, 3 } };
}

static void populate(struct scene *s)
{
	for (int h = 0; h < SCENE_HOURS; h++)
		s->people.shoppers_h[h] = s->people.passers_h[h] = 600;
	s->people.group[0] = s->people.group[1] = 1;
	s->people.speed_m_s = 1.3;
	s->people.speed_sd = 0.2;
	s->people.child = s->people.trolley = s->people.wheelchair = s->people.u_turn = 0.1;
	s->people.low_contrast = 0.1;
	s->people.stops = 2;
	s->people.stop_s = 8;
	s->people.stop_sigma = 0.5;
	s->people.stop_min_s = 3;
	s->people.stop_max_s = 60;
	s->picture = (struct scene_picture){ .noise = 2,
					     .noise_chroma = 1,
					     .shadows = 0.5,
					     .shadow_soft_m = 0.1,
					     .exposure = 0.1,
					     .white_balance = 3,
					     .shake_px = 0.5,
					     .flicker = 0.05 };
	s->radio = (struct scene_radio){ .phones = 1,
					 .joined = 0.5,
					 .p0_dbm = -42,
					 .n = 2.4,
					 .shadow_db = 4,
					 .shadow_m = 2,
					 .fading_db = 3,
					 .device_db = 4,
					 .floor_dbm = -90,
					 .report_s = 5,
					 .join_s = 10,
					 .bursts_min = 1,
					 .clock_sd_s = 1 };
}

static void add_plane(uint64_t *h, const struct image *im)
{
	for (int y = 0; y < im->h; y++)
		*h = str_hash(*h, image_row(im, y), (size_t)im->w);
}

static void add_number(uint64_t *h, double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof(bits));
	*h = rng_hash(*h, bits);
}

static void add_people(uint64_t *h, const struct actor *a, int n)
{
	for (int i = 0; i < n; i++) {
		add_number(h, a[i].at.x);
		add_number(h, a[i].at.y);
		add_number(h, a[i].facing);
		add_number(h, a[i].who.height_m);
	}
}

int main(void)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct frame f = { 0 };
	uint64_t found[3] = { 0, STR_HASH_INIT, 0 };
	struct radio_sim *radio;
	struct crowd *crowd;
	struct view *view;
	int bad = 0;

	if (!s)
		return 1;
	furnish(s);
	populate(s);
	crowd = crowd_new(s, 3);
	view = view_new(s, 0, 3);
	radio = radio_sim_new(s, 3);
	image_init(&f.y, W, H);
	image_init(&f.u, W / 2, H / 2);
	image_init(&f.v, W / 2, H / 2);
	for (int k = 0; k < TICKS; k++) {
		const struct radio_report *r;
		const struct actor *a;
		int n, n_reports;
		int64_t t_us = crowd_step(crowd, &a, &n);

		add_people(&found[0], a, n);
		if (k % 10 == 0) {
			view_draw(view, t_us, k, a, n, &f, NULL, NULL);
			add_plane(&found[1], &f.y);
			add_plane(&found[1], &f.u);
			add_plane(&found[1], &f.v);
		}
		n_reports = radio_sim_tick(radio, t_us, a, n, &r);
		for (int i = 0; i < n_reports; i++) {
			found[2] = rng_hash(found[2], (uint64_t)r[i].true_us);
			add_number(&found[2], r[i].rssi_dbm);
		}
	}
	for (int i = 0; i < 3; i++) {
		static const char *const what[] = { "people", "pictures", "phones" };

		printf("%s: 0x%016" PRIx64 "\n", what[i], found[i]);
		bad |= found[i] != expected[i];
	}
	image_clear(&f.y);
	image_clear(&f.u);
	image_clear(&f.v);
	radio_sim_free(radio);
	view_free(view);
	crowd_free(crowd);
	free(s);
	return bad;
}
