/* SPDX-License-Identifier: Apache-2.0 */
/* mask_avx2.c -- the loops of mask.c once more, compiled for AVX2. */
#define MASK_ROWS mask_rows_avx2
#include "vision/mask_loops.h"
