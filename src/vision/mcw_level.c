/* SPDX-License-Identifier: Apache-2.0 */
/* mcw_level.c -- which of MCW's pixel loops this processor gets. */
#include "vision/mcw.h"
#include "vision/mcw_kernel.h"

#include <stddef.h>

static enum mcw_level forced;

/* NULL: not built, or the processor cannot. */
static const struct mcw_ops *ops_of(enum mcw_level level)
{
	switch (level) {
	case MCW_SCALAR:
		return &mcw_scalar;
#if defined(__x86_64__)
	case MCW_SSE2:
		return &mcw_sse2; /* every x86-64 has it */
	case MCW_AVX2:
		return __builtin_cpu_supports("avx2") ? &mcw_avx2 : NULL;
#elif defined(__aarch64__)
	case MCW_NEON:
		return &mcw_neon; /* every aarch64 has it */
#endif
	default:
		return NULL;
	}
}

const struct mcw_ops *mcw_ops(void)
{
	static const enum mcw_level best_first[] = { MCW_AVX2, MCW_NEON, MCW_SSE2 };

	if (forced)
		return ops_of(forced);
	for (size_t i = 0; i < sizeof(best_first) / sizeof(*best_first); i++)
		if (ops_of(best_first[i]))
			return ops_of(best_first[i]);
	return &mcw_scalar;
}

bool mcw_set_level(enum mcw_level level)
{
	if (level != MCW_NONE && !ops_of(level))
		return false;
	forced = level;
	return true;
}

const char *mcw_level_name(void)
{
	return mcw_ops()->name;
}
