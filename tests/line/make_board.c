/* SPDX-License-Identifier: Apache-2.0 */
/* make_board.c -- a clip (Y4M) of a checkerboard of 9x6 inner corners, squares of 0.06 m,
 * before a camera: "make_board views" holds it up in many places, "make_board floor" lays it
 * flat, its first inner corner at 0, 0. */
#include "floor/lens.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define W 640
#define H 360
#define SQUARE .06
#define SHARP 3 /* rays a pixel, either way */

/* Where the board is: its first inner corner, its columns' and its rows' direction. */
struct board {
	struct pt_room at, col, row;
};

static struct pt_room plus(struct pt_room a, struct pt_room b, double times)
{
	return (struct pt_room){ a.x + times * b.x, a.y + times * b.y, a.z + times * b.z };
}

static double dot(struct pt_room a, struct pt_room b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

/* The brightness that a ray from the camera meets. */
static int meets(const struct board *b, struct pt_room from, struct pt_room ray)
{
	struct pt_room n = { b->col.y * b->row.z - b->col.z * b->row.y,
			     b->col.z * b->row.x - b->col.x * b->row.z,
			     b->col.x * b->row.y - b->col.y * b->row.x };
	double far = dot(plus(b->at, from, -1), n) / dot(ray, n);
	struct pt_room hit = plus(plus(from, ray, far), b->at, -1);
	double c = dot(hit, b->col) / SQUARE, r = dot(hit, b->row) / SQUARE;

	if (!(far > 0) || c < -2 || c > 10 || r < -2 || r > 7)
		return 110;
	if (c < -1 || c > 9 || r < -1 || r > 6)
		return 235;
	return ((int)floor(c) + (int)floor(r)) % 2 ? 235 : 16;
}

static void picture(const struct lens *l, const struct board *b)
{
	puts("FRAME");
	for (int i = 0; i < W * H; i++) {
		int sum = 0;

		for (int k = 0; k < SHARP * SHARP; k++) {
			struct pt_room ray;

			if (lens_ray(l, i % W + (k % SHARP + .5) / SHARP,
				     i / W + (k / SHARP + .5) / SHARP, &ray))
				sum += meets(b, l->at, ray);
		}
		putchar(sum / (SHARP * SHARP));
	}
	for (int i = 0; i < W * H / 2; i++)
		putchar(128);
}

/* Held up, tilted this way and that, in the parts of the picture one after the other. */
static void held(const struct lens *l, int i)
{
	const double *t = l->turn;
	double side = .2 * (i % 4 - 1.5), down = .13 * (i / 4 - 1);
	double lean = .5 * ((i * 7) % 5 - 2) / 2, turn = .5 * ((i * 3) % 5 - 2) / 2;
	struct pt_room x = { t[0], t[1], t[2] }, y = { t[3], t[4], t[5] },
		       z = { t[6], t[7], t[8] };
	struct pt_room at = plus(plus(plus(l->at, z, 1), x, side), y, down);
	struct board b = { .col = { 0 }, .row = { 0 } };

	b.col = plus(plus(b.col, x, cos(turn)), z, sin(turn));
	b.row = plus(plus(b.row, y, cos(lean)), z, sin(lean));
	b.row = plus(b.row, b.col, -dot(b.row, b.col));
	b.row = plus((struct pt_room){ 0, 0, 0 }, b.row, 1 / sqrt(dot(b.row, b.row)));
	b.at = plus(plus(at, b.col, -4 * SQUARE), b.row, -2.5 * SQUARE);
	picture(l, &b);
}

int main(int argc, char **argv)
{
	const struct board flat = { { 0, 0, 0 }, { 1, 0, 0 }, { 0, -1, 0 } };
	struct lens l;

	lens_look(&l, W, H, 75, -.12, (struct pt_room){ .2, -1, 1.2 },
		  (struct pt_room){ .25, -.2, 0 }, 2);
	puts("YUV4MPEG2 W640 H360 F1:1 Ip A1:1 C420jpeg");
	if (argc == 2 && !strcmp(argv[1], "floor"))
		picture(&l, &flat);
	else
		for (int i = 0; i < 12; i++)
			held(&l, i);
	return 0;
}
