/* SPDX-License-Identifier: Apache-2.0 */
/* shrink_avx2.c -- the loops of shrink.c once more, compiled for AVX2. */
#include <immintrin.h>
#include <stdint.h>

#define SHRINK_TABLE shrink_rows_avx2

/* Out of three times 16 bytes come 6, 5 and 5. */
static inline __m128i pick_16(const uint8_t *from)
{
	const __m128i a =
		_mm_setr_epi8(0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
	const __m128i b =
		_mm_setr_epi8(-1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14, -1, -1, -1, -1, -1);
	const __m128i c =
		_mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 4, 7, 10, 13);
	const __m128i *p = (const __m128i *)(const void *)from;

	return _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(_mm_loadu_si128(p), a),
					 _mm_shuffle_epi8(_mm_loadu_si128(p + 1), b)),
			    _mm_shuffle_epi8(_mm_loadu_si128(p + 2), c));
}

static void pick_3(uint8_t *restrict out, const uint8_t *restrict from, int n)
{
	int i = 0;

	/* the last of 16 is at byte 45; what follows it must be there, too */
	for (; i + 17 <= n; i += 16)
		_mm_storeu_si128((__m128i *)(void *)(out + i), pick_16(from + 3 * i));
	for (; i < n; i++)
		out[i] = from[3 * i];
}

#include "video/shrink_loops.h"
