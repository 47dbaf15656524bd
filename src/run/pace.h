/* SPDX-License-Identifier: Apache-2.0 */
/* pace.h -- how many pictures a second are looked at, the same for all cameras.
 *
 * When one of them cannot keep up, all become slower alike, down to PACE_LEAST; when all have
 * kept up for a while they become faster again.
 */
#ifndef RUN_PACE_H
#define RUN_PACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PACE_LEAST 4.0      /* pictures a second */
#define PACE_LATE_US 700000 /* a picture that is looked at so late: not kept up */

struct pace {
	double most, now;         /* pictures a second; one thread's */
	int good;                 /* steps in a row */
	_Atomic int64_t every_us; /* for the cameras' threads */
};

void pace_init(struct pace *p, double most);
/* Every few seconds: whether any camera could not keep up. True when it became another. */
bool pace_step(struct pace *p, bool overloaded);
static inline int64_t pace_every_us(struct pace *p)
{
	return atomic_load(&p->every_us);
}

#endif
