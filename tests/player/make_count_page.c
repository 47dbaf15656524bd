/* SPDX-License-Identifier: Apache-2.0 */
/* make_count_page.c FILE -- a page to count on, for count_page.sh: a block walks over the line
 * once in each of four quarters of a minute, and between 30 and 33 s there are no pictures. */
#include "base/err.h"
#include "player/player.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define START (INT64_C(1773478800) * SECOND) /* 2026-03-14T09:00:00Z */

int main(int argc, char **argv)
{
	const struct player_sample sample = { .camera = "cam, left",
					      .line = "door",
					      .in_label = "into the shop",
					      .out_label = "to the street",
					      .start = "2026-03-14T10:00:00+01:00",
					      .minutes = 1,
					      .stratum = 2,
					      .weight = 3.5,
					      .file = "door-2026-03-14-1000.csv" };
	struct player *p = player_new(&(struct player_opts){
		.title = "door", .fps = 10, .max_bytes = 1 << 20, .count = &sample });
	struct pt_img line[2] = { { 0.5, 1 }, { 0.5, 0 } };
	struct image m;
	struct err err;

	image_init(&m, 64, 48);
	player_place(p, PLACE_LINE, "door", line, 2);
	for (int i = 0; i < 600; i++) {
		int left = i % 150 * 60 / 150;

		for (int y = 0; y < m.h; y++)
			memset(image_row(&m, y), 0, (size_t)m.w);
		for (int y = 20; y < 40; y++)
			memset(image_row(&m, y) + left, 255, 4);
		if (i < 300 || i >= 330)
			player_frame(p, START + i * SECOND / 10, &m, NULL, 0);
	}
	image_clear(&m);
	if (argc != 2 || player_write(p, argv[1], &err) < 0)
		return 1;
	player_free(p);
	return 0;
}
