/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_neon.c -- the pixel loops of MCW for NEON: 16 pixels at a time. */
#include <arm_neon.h>
#include <stdint.h>
#include <string.h>

#define VEC_NAME "neon"
#define VEC_OPS mcw_neon
#define VEC_N 16
typedef uint8x16_t vec;

/* A shift by a variable is one to the left, by minus as much. */
static inline vec vec_shr(vec a, int n)
{
	return vshlq_u8(a, vdupq_n_s8((int8_t)-n));
}

#define vec_load(p) vld1q_u8(p)
#define vec_loadu(p) vld1q_u8(p)
#define vec_store(p, a) vst1q_u8(p, a)
#define vec_storeu(p, a) vst1q_u8(p, a)
#define vec_set(b) vdupq_n_u8(b)
#define vec_adds(a, b) vqaddq_u8(a, b)
#define vec_subs(a, b) vqsubq_u8(a, b)
#define vec_min(a, b) vminq_u8(a, b)
#define vec_max(a, b) vmaxq_u8(a, b)
#define vec_eq(a, b) vceqq_u8(a, b)
#define vec_and(a, b) vandq_u8(a, b)
#define vec_or(a, b) vorrq_u8(a, b)
#define vec_xor(a, b) veorq_u8(a, b)
#define vec_andnot(a, b) vbicq_u8(b, a)
#define vec_all(a) (vminvq_u8(a) == 255)

#define VEC_FLOATS 4
static inline float32x4_t vec_floats(const uint8_t *p)
{
	uint32_t four;

	memcpy(&four, p, sizeof(four));
	return vcvtq_f32_u32(
		vmovl_u16(vget_low_u16(vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(four))))));
}

#include "vision/mcw_vector.h"
