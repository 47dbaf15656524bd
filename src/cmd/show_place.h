/* SPDX-License-Identifier: Apache-2.0 */
/* show_place.h -- lines and zones on a page, where the picture shows them. */
#ifndef CMD_SHOW_PLACE_H
#define CMD_SHOW_PLACE_H

#include "floor/map.h"
#include "player/player.h"

/* calib: of a place in metres; else NULL will do. Parts that lie behind the camera are left
 * out.
 */
void show_place(struct player *player, const struct place *p, const struct calib *c);

#endif
