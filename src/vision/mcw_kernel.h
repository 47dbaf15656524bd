/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_kernel.h -- the pixel loops of the MCW background model, for mcw*.c and mask*.c only.
 *
 * Every loop exists as plain C (mcw_scalar.c), which says what the right result is, and as
 * vectors for some processors (mcw_avx2.c, mcw_sse2.c, mcw_neon.c), which give the same bytes.
 */
#ifndef VISION_MCW_KERNEL_H
#define VISION_MCW_KERNEL_H

#include "video/image.h"

#include <stdbool.h>
#include <stdint.h>

#define MCW_WORDS 3
#define MCW_ALIGN 64  /* planes begin there, and rows are a multiple of it */
#define MCW_BLOCK 16  /* side of an illumination block */
#define MCW_SIDE 5    /* of windows */
#define MCW_ABREAST 8 /* pixels whose windows are looked at together */

enum {
	MCW_TB = 120,           /* a codeword of this weight is background */
	MCW_SURE = MCW_TB + 16, /* weight of what is taken over as background */
	MCW_ABSORBED = MCW_TB + 8,
	MCW_HELD = MCW_TB * 3 / 4, /* most under a track: losing it for a moment is harmless */
	MCW_YOUNG = 24,            /* lighter codewords follow their pixel at every frame */
	MCW_NOISE_MAX = 40,
	MCW_FLICKER_MAX = 96,
	MCW_FLICKER_STEP = 12,
	MCW_T_BASE = 6, /* luma threshold: base + noise + flicker / 4, within limits */
	MCW_T_MAX = 48,
	MCW_T_CHROMA = 8,
	MCW_T_SHADOW = 6,       /* chroma, between a shadow and what it falls on */
	MCW_SHADOW_DARK = 13,   /* darkest shadow, twentieths of the background */
	MCW_SHADOW_RESIDUE = 8, /* levels that its pixels may miss its mean ratio by */
};

/* Bits of a control byte beside those of enum feedback. */
enum { MCW_HOLD = 1 << 7 }; /* the light is changing here: luma is not learned */

/* Labels. The first two are the mask's. */
enum { MCW_BG = 0, MCW_SHADOW = 127, MCW_FG = 255 };

/* A codeword's four planes. */
struct mcw_word {
	uint8_t *y, *u, *v, *w;
};

/* What the kernel works on: n pixels side by side, a multiple of MCW_ALIGN. */
struct mcw_row {
	const uint8_t *y, *u, *v; /* the picture, light evened out */
	const uint8_t *ctl;       /* enum feedback | MCW_HOLD */
	const uint8_t *voted;     /* mask of the frame before */
	uint8_t *label;           /* in: of the frame before; out: of this one */
	uint8_t *noise, *flicker;
	struct mcw_word word[MCW_WORDS];
	int n;
};

/* What is due in this frame. Masks are 0 or 255. */
struct mcw_tick {
	uint8_t boot;       /* mask: the heaviest codeword is background, whatever its weight */
	uint8_t grow, fade; /* added to a codeword that matched, taken off one that did not */
	uint8_t drift;      /* mask: old codewords follow their pixel by a level */
	uint8_t noise;      /* mask: the noise estimate follows */
	uint8_t calm;       /* mask: flicker counters fade */
	uint8_t t_min;      /* least luma threshold */
};

struct mcw_ops {
	const char *name;
	/* The model itself: label and new state. */
	void (*row)(const struct mcw_row *r, const struct mcw_tick *t);
	/* Column by column, adds up luma and the model's luma where a pixel is background,
	 * neither dark nor as bright as blown. Adds to sum, sum0 and count. */
	void (*light)(const uint8_t *y, const uint8_t *y0, const uint8_t *label, int n,
		      uint8_t blown, uint16_t *sum, uint16_t *sum0, uint16_t *count);
	/* n pixels times gain / 256, gain < 2^10: dst = (256 src + 128) gain >> 16, at most
	 * 255. rechroma the same about 128. */
	void (*relight)(uint8_t *dst, const uint8_t *src, const uint16_t *gain, int n);
	void (*rechroma)(uint8_t *dst, const uint8_t *src, const uint16_t *gain, int n);
	/* Is what is darker in a darker in the same proportion all over? With s and s0 the sums
	 * of a window over a and b: s > .65 s0 and mean |a - s/s0 b| < 8. a and b, of stride
	 * bytes a row, are at the upper left of the first of MCW_ABREAST windows. */
	void (*evenly)(bool evenly[MCW_ABREAST], const uint8_t *a, const uint8_t *b,
		       int stride);
	/* 5x5 majority of 0/255: in are the five rows, each readable from -2 to n + 1. */
	void (*majority)(uint8_t *out, const uint8_t *const in[5], int n);
};

extern const struct mcw_ops mcw_scalar;
/* Only where the program was built for them. */
extern const struct mcw_ops mcw_sse2, mcw_avx2, mcw_neon;

/* The loops now in use. */
const struct mcw_ops *mcw_ops(void);

#endif
