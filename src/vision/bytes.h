/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h -- numbers in saved models: 64 bits, low byte first. For vision/ only. */
#ifndef VISION_BYTES_H
#define VISION_BYTES_H

#include <stdint.h>

/* Both move the pointer on. */
static inline void bytes_put(uint8_t **to, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		*(*to)++ = (uint8_t)(v >> (8 * i));
}

static inline uint64_t bytes_get(const uint8_t **from)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v |= (uint64_t) * (*from)++ << (8 * i);
	return v;
}

#endif
