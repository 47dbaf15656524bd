/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_model.h -- what the MCW background model is made of, for mcw*.c only. */
#ifndef VISION_MCW_MODEL_H
#define VISION_MCW_MODEL_H

#include "vision/mcw.h"
#include "vision/mcw_kernel.h"
#include "vision/mcw_light.h"
#include "vision/mcw_shift.h"

#include <stdbool.h>
#include <stdint.h>

#define MCW_BOOT_US 1000000
#define MCW_LIGHT_MIN 141 /* .55: darker pictures, */
#define MCW_LIGHT_MAX 461 /* 1.8: and brighter ones than the model cannot be evened out */

/* A scene by day and by a camera's own infrared light are two scenes: one is in use, the other
 * is kept. */
struct mcw_slot {
	struct mcw_word word[MCW_WORDS];
	uint8_t *noise, *flicker;
	bool known;
};

/* Whether the picture is of the model's kind, grey or in colours. */
struct mcw_kind {
	int64_t due_us;   /* not yet spent */
	int64_t wrong_us; /* for so long it is not */
	int wrong;        /* and so many times in a row */
};

/* What is known of the camera's moves. */
struct mcw_moves {
	struct background_moves told;
	int64_t due_us; /* not yet spent */
	int bump;       /* looks that agreed on dx, dy */
	int dx, dy;
	int away, back; /* looks in a row at another scene; at the old one */
	struct shift_sums now, model, before; /* before: of the model, when the camera moved */
};

struct mcw {
	int w, h;
	int stride;      /* of the planes below, a multiple of MCW_ALIGN */
	uint8_t *memory; /* all planes */
	uint8_t *own[3]; /* for a picture whose light is evened out */
	uint8_t *cur[3]; /* within a step: the picture, light evened out; own or the caller's */
	uint8_t *label, *noise, *flicker;
	struct mcw_word word[MCW_WORDS];
	struct mcw_slot other; /* the scene by the other light, once known */
	uint8_t *raw; /* mask before the majority, with a rim; raw_stride bytes a row */
	int raw_stride;
	uint8_t *voted; /* mask */
	uint8_t *ctl;   /* a row */
	uint16_t *gain;
	struct light light;
	struct image doubt; /* where something new stands still */
	uint8_t *votes;     /* for its being a ghost */
	bool voting;        /* some have votes */
	int *work;

	uint8_t t_min;
	uint8_t still;                                /* weight of what stands still */
	int64_t weigh_us;                             /* what a unit of weight stands for */
	int64_t grow_us, fade_us, drift_us, ghost_us; /* not yet spent */
	int64_t boot_us, dark_us; /* of bootstrap left; of bad light so far */
	struct mcw_kind kind;
	struct mcw_moves moves;
	uint64_t frame;
};

/* How many whole periods are over, at most a weight's worth; *us is what is left. */
uint8_t mcw_spend(int64_t *us, int64_t dt_us, int64_t period_us);

/* Colours gone or back: changes the scene when that lasts. */
void mcw_watch_kind(struct mcw *m, const struct yuv *in, int64_t dt_us);
/* The scene in use is kept as the other one. The other one is used from now on if it is known
 * and fits the picture; otherwise the next second is a bootstrap. */
void mcw_change_slot(struct mcw *m, const struct yuv *in);

void mcw_moves_init(struct mcw *m);
void mcw_moves_clear(struct mcw *m);
/* At the end of a step. */
void mcw_watch_moves(struct mcw *m, int64_t dt_us);

#endif
