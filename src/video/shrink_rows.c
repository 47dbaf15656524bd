/* SPDX-License-Identifier: Apache-2.0 */
/* shrink_rows.c -- the loops of shrink.c for every processor. */
#include <stdint.h>

#define SHRINK_TABLE shrink_rows_plain

static void pick_3(uint8_t *restrict out, const uint8_t *restrict from, int n)
{
	for (int i = 0; i < n; i++)
		out[i] = from[3 * i];
}

#include "video/shrink_loops.h"
