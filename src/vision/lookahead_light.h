/* SPDX-License-Identifier: Apache-2.0 */
/* lookahead_light.h -- how the light of one picture differs from another's, with people in
 * both.
 *
 * A lamp changes brightness smoothly from place to place and keeps what is seen; people do
 * neither. So the light is followed from where most of the picture agrees, from block to block,
 * over blocks that are the same but for one factor, as long as the factor changes little.
 */
#ifndef VISION_LOOKAHEAD_LIGHT_H
#define VISION_LOOKAHEAD_LIGHT_H

#include "video/image.h"
#include "vision/mcw_light.h"

#include <stdbool.h>

/* Sets the ratios of picture to model in light, of the same size. False, and they mean nothing:
 * no part of the picture could be recognised. */
bool lookahead_light(struct light *light, const struct yuv *picture, const struct yuv *model);

#endif
