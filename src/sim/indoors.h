/* SPDX-License-Identifier: Apache-2.0 */
/* indoors.h -- which part of a scene's floor is the shop, and which is the street before it.
 *
 * The street is what can be reached from the street portals with all doors shut. Gaps between
 * walls of less than about 0.3 m count as shut. A scene without doors is all shop.
 */
#ifndef SIM_INDOORS_H
#define SIM_INDOORS_H

#include "sim/scene.h"

struct indoors;
struct indoors *indoors_new(const struct scene *s); /* s must live as long */
void indoors_free(struct indoors *in);              /* NULL is allowed */

/* Whether p is in the shop. False off the floor. */
bool indoors_at(const struct indoors *in, struct pt_m p);

#endif
