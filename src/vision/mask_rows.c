/* SPDX-License-Identifier: Apache-2.0 */
/* mask_rows.c -- the loops of mask.c for every processor, and which ones this one gets. */
#define MASK_ROWS mask_rows_plain
#include "vision/mask_loops.h"
#include "vision/mcw_kernel.h"

const struct mask_rows *mask_rows(void)
{
#if defined(__x86_64__)
	if (mcw_ops() == &mcw_avx2)
		return &mask_rows_avx2;
#endif
	return &mask_rows_plain;
}
