/* SPDX-License-Identifier: Apache-2.0 */
/* soften.h -- edges of people as soft as a lens makes them: drawn limbs have hard ones.
 */
#ifndef SIM_SOFTEN_H
#define SIM_SOFTEN_H

#include "sim/dirt.h"

/* Blurs the luma of c's pixels that have a neighbour of another owner, in the tiles marked in
 * where, and unmarks them. tmp: scratch of the same size. */
void soften(struct dirt *where, struct canvas *c, const struct image *tmp);

#endif
