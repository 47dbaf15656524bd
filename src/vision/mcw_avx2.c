/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_avx2.c -- the pixel loops of MCW for AVX2: 32 pixels at a time. */
#include <immintrin.h>
#include <stdint.h>

#define VEC_NAME "avx2"
#define VEC_OPS mcw_avx2
#define VEC_N 32
typedef __m256i vec;

static inline vec vec_load(const uint8_t *p)
{
	return _mm256_load_si256((const __m256i *)(const void *)p);
}

static inline vec vec_loadu(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

static inline void vec_store(uint8_t *p, vec a)
{
	_mm256_store_si256((__m256i *)(void *)p, a);
}

static inline void vec_storeu(uint8_t *p, vec a)
{
	_mm256_storeu_si256((__m256i *)(void *)p, a);
}

static inline vec vec_set(uint8_t b)
{
	return _mm256_set1_epi8((char)b);
}

/* There is no shift of bytes: of pairs, and what came over from the other byte goes. */
static inline vec vec_shr(vec a, int n)
{
	return _mm256_and_si256(_mm256_srli_epi16(a, n), vec_set((uint8_t)(255 >> n)));
}

#define vec_adds(a, b) _mm256_adds_epu8(a, b)
#define vec_subs(a, b) _mm256_subs_epu8(a, b)
#define vec_min(a, b) _mm256_min_epu8(a, b)
#define vec_max(a, b) _mm256_max_epu8(a, b)
#define vec_eq(a, b) _mm256_cmpeq_epi8(a, b)
#define vec_and(a, b) _mm256_and_si256(a, b)
#define vec_or(a, b) _mm256_or_si256(a, b)
#define vec_xor(a, b) _mm256_xor_si256(a, b)
#define vec_andnot(a, b) _mm256_andnot_si256(a, b)
#define vec_all(a) (_mm256_movemask_epi8(a) == -1)

#define VEC_FLOATS 8
static inline __m256 vec_floats(const uint8_t *p)
{
	__m128i b = _mm_loadl_epi64((const __m128i *)(const void *)p);

	return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(b));
}

#include "vision/mcw_vector.h"
