/* SPDX-License-Identifier: Apache-2.0 */
/* prof.h -- how long each stage of a pipeline takes. Results never depend on it. */
#ifndef BASE_PROF_H
#define BASE_PROF_H

#include <stdbool.h>
#include <stdint.h>

#define PROF_STAGES 16

/* All zero to start with. One thread each. */
struct prof {
	bool on; /* set by the owner; off: a mark costs a test */
	int n;
	struct {
		const char *name; /* static text; its address is the key */
		int64_t sum_us, max_us, calls;
	} stage[PROF_STAGES];
	int64_t last_us;
};

/* Begins a frame. */
void prof_start(struct prof *p);
/* Books the time since the start or the last mark under name. */
void prof_mark(struct prof *p, const char *name);
/* Adds from's stages to p's, by name. */
void prof_add(struct prof *p, const struct prof *from);

#endif
