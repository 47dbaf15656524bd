/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_ops.c -- the pixel loops that this processor gets against the plain C reference, on bytes
 * without sense and extremes side by side. Needs no library: neon.sh runs it for another
 * processor. Says what differs and ends with 1, or names the loops and ends with 0. */
#include "noise.h"
#include "vision/mcw.h"
#include "vision/mcw_kernel.h"

#include <stdio.h>
#include <string.h>

enum { N = 10 * MCW_ALIGN, PLANES = 8 + 4 * MCW_WORDS, ROUNDS = 300 };

struct side {
	_Alignas(MCW_ALIGN) uint8_t plane[PLANES][N];
};

static uint32_t state = 1;
static struct side vectors, reference;

static uint8_t byte(int round)
{
	static const uint8_t extremes[] = {
		0, 1, 2, 23, 24, 119, 120, 127, 128, 136, 254, 255
	};
	uint32_t n = noise_next(&state);

	return round % 2 ? extremes[n % sizeof(extremes)] : (uint8_t)(n >> 8);
}

static struct mcw_row row_of(struct side *s)
{
	struct mcw_row r = { .y = s->plane[0],
			     .u = s->plane[1],
			     .v = s->plane[2],
			     .ctl = s->plane[3],
			     .voted = s->plane[4],
			     .label = s->plane[5],
			     .noise = s->plane[6],
			     .flicker = s->plane[7],
			     .n = N };

	for (int k = 0; k < MCW_WORDS; k++)
		r.word[k] = (struct mcw_word){ s->plane[8 + 4 * k], s->plane[9 + 4 * k],
					       s->plane[10 + 4 * k], s->plane[11 + 4 * k] };
	return r;
}

static void draw(int round)
{
	for (int p = 0; p < PLANES; p++)
		for (int i = 0; i < N; i++)
			vectors.plane[p][i] = byte(round);
	/* near the codewords, too */
	for (int p = 0; p < 3; p++)
		for (int i = 0; i < N; i += 2)
			vectors.plane[p][i] = (uint8_t)(vectors.plane[8 + p][i] + byte(0) % 9);
	/* a mask, labels and counters have their limits */
	for (int i = 0; i < N; i++) {
		static const uint8_t labels[] = { MCW_BG, MCW_SHADOW, MCW_FG };

		vectors.plane[4][i] = vectors.plane[4][i] & 1 ? 255 : 0;
		vectors.plane[5][i] = labels[vectors.plane[5][i] % 3];
		vectors.plane[6][i] %= MCW_NOISE_MAX + 1;
		vectors.plane[7][i] %= MCW_FLICKER_MAX + 1;
	}
	reference = vectors;
}

static bool model_differs(const struct mcw_ops *ops, int round)
{
	struct mcw_tick t = { .boot = round % 5 ? 0 : 255,
			      .grow = byte(0) % 4,
			      .fade = byte(0) % 4,
			      .drift = byte(0) % 2 ? 255 : 0,
			      .noise = byte(0) % 2 ? 255 : 0,
			      .calm = byte(0) % 2 ? 255 : 0,
			      .t_min = byte(0) % (MCW_T_MAX + 1) };
	struct mcw_row a = row_of(&vectors), b = row_of(&reference);

	draw(round);
	ops->row(&a, &t);
	mcw_scalar.row(&b, &t);
	return memcmp(&vectors, &reference, sizeof(vectors)) != 0;
}

static bool light_differs(const struct mcw_ops *ops, int round)
{
	static uint16_t gain[N];
	static uint8_t a[N], b[N];
	static uint16_t sums[2][3][N];
	bool bad;

	draw(round);
	for (int i = 0; i < N; i++)
		gain[i] = (uint16_t)(noise_next(&state) % 1024);
	ops->relight(a, vectors.plane[0], gain, N - round % 40);
	mcw_scalar.relight(b, vectors.plane[0], gain, N - round % 40);
	bad = memcmp(a, b, N) != 0;
	ops->rechroma(a, vectors.plane[1], gain, N - round % 40);
	mcw_scalar.rechroma(b, vectors.plane[1], gain, N - round % 40);
	bad |= memcmp(a, b, N) != 0;
	memset(sums, 0, sizeof(sums));
	for (int i = 0; i < 2; i++)
		(i ? ops : &mcw_scalar)
			->light(vectors.plane[0], vectors.plane[1], vectors.plane[5],
				N - round % 40, (uint8_t)(round * 37), sums[i][0], sums[i][1],
				sums[i][2]);
	return bad || memcmp(sums[0], sums[1], sizeof(sums[0])) != 0;
}

static bool evenly_differs(const struct mcw_ops *ops, int round)
{
	enum { STRIDE = MCW_ABREAST + MCW_SIDE };
	bool a[MCW_ABREAST], b[MCW_ABREAST];

	draw(round);
	for (int k = 0; k + MCW_SIDE * STRIDE <= N; k += STRIDE) {
		/* a shadow of the other, more or less */
		for (int i = 0; i < MCW_SIDE * STRIDE; i++)
			vectors.plane[0][k + i] =
				(uint8_t)(vectors.plane[1][k + i] * (60 + round % 40) / 100 -
					  byte(0) % (1 + round % 9));
		ops->evenly(a, vectors.plane[0] + k, vectors.plane[1] + k, STRIDE);
		mcw_scalar.evenly(b, vectors.plane[0] + k, vectors.plane[1] + k, STRIDE);
		if (memcmp(a, b, sizeof(a)) != 0)
			return true;
	}
	return false;
}

static bool majority_differs(const struct mcw_ops *ops)
{
	static uint8_t rows[5][N + 4 * MCW_ALIGN], a[N], b[N];
	const uint8_t *in[5];

	for (int k = 0; k < 5; k++) {
		for (size_t i = 0; i < sizeof(rows[k]); i++)
			rows[k][i] = noise_next(&state) & 64 ? 255 : 0;
		in[k] = rows[k] + MCW_ALIGN;
	}
	ops->majority(a, in, N);
	mcw_scalar.majority(b, in, N);
	return memcmp(a, b, N) != 0;
}

int main(void)
{
	const struct mcw_ops *ops = mcw_ops();

	for (int round = 0; round < ROUNDS; round++) {
		const char *what = model_differs(ops, round)    ? "row"
				   : light_differs(ops, round)  ? "light, relight or rechroma"
				   : evenly_differs(ops, round) ? "evenly"
				   : majority_differs(ops)      ? "majority"
								: NULL;

		if (what) {
			printf("%s: %s differs from plain C in round %d\n", ops->name, what,
			       round);
			return 1;
		}
	}
	printf("%s\n", ops->name);
	return 0;
}
