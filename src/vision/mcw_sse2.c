/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_sse2.c -- the pixel loops of MCW for SSE2: 16 pixels at a time. */
#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

#define VEC_NAME "sse2"
#define VEC_OPS mcw_sse2
#define VEC_N 16
typedef __m128i vec;

static inline vec vec_load(const uint8_t *p)
{
	return _mm_load_si128((const __m128i *)(const void *)p);
}

static inline vec vec_loadu(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline void vec_store(uint8_t *p, vec a)
{
	_mm_store_si128((__m128i *)(void *)p, a);
}

static inline void vec_storeu(uint8_t *p, vec a)
{
	_mm_storeu_si128((__m128i *)(void *)p, a);
}

static inline vec vec_set(uint8_t b)
{
	return _mm_set1_epi8((char)b);
}

/* There is no shift of bytes: of pairs, and what came over from the other byte goes. */
static inline vec vec_shr(vec a, int n)
{
	return _mm_and_si128(_mm_srli_epi16(a, n), vec_set((uint8_t)(255 >> n)));
}

#define vec_adds(a, b) _mm_adds_epu8(a, b)
#define vec_subs(a, b) _mm_subs_epu8(a, b)
#define vec_min(a, b) _mm_min_epu8(a, b)
#define vec_max(a, b) _mm_max_epu8(a, b)
#define vec_eq(a, b) _mm_cmpeq_epi8(a, b)
#define vec_and(a, b) _mm_and_si128(a, b)
#define vec_or(a, b) _mm_or_si128(a, b)
#define vec_xor(a, b) _mm_xor_si128(a, b)
#define vec_andnot(a, b) _mm_andnot_si128(a, b)
#define vec_all(a) (_mm_movemask_epi8(a) == 0xffff)

#define VEC_FLOATS 4
static inline __m128 vec_floats(const uint8_t *p)
{
	const __m128i zero = _mm_setzero_si128();
	int32_t four;

	memcpy(&four, p, sizeof(four));
	return _mm_cvtepi32_ps(
		_mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(four), zero), zero));
}

#include "vision/mcw_vector.h"
