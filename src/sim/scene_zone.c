/* SPDX-License-Identifier: Apache-2.0 */
/* scene_zone.c -- local time in a scene, whatever the process's own zone is. */
#include "base/clock.h"
#include "sim/scene_table.h"

#define HOUR_US (60 * CLOCK_MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define DAYS 800 /* longer than any scene */

static int offset_at(int64_t t_us)
{
	struct civil c;

	clock_local(t_us, &c);
	return c.offset_s;
}

/* The first minute at which the offset is no longer that of from_us; it is another at to_us. */
static int64_t change_between(int64_t from_us, int64_t to_us)
{
	int was = offset_at(from_us);

	while (to_us - from_us > CLOCK_MINUTE_US) {
		int64_t mid =
			from_us + (to_us - from_us) / CLOCK_MINUTE_US / 2 * CLOCK_MINUTE_US;

		if (offset_at(mid) == was)
			from_us = mid;
		else
			to_us = mid;
	}
	return to_us;
}

void scene_find_offsets(struct scene *s)
{
	/* Clocks change at whole minutes. */
	int64_t t = (s->start_us / DAY_US - 1) * DAY_US;

	s->offset[0] = (struct scene_offset){ t, offset_at(t) };
	s->n_offsets = 1;
	for (int day = 0; day < DAYS && s->n_offsets < SCENE_OFFSETS; day++, t += DAY_US)
		if (offset_at(t + DAY_US) != s->offset[s->n_offsets - 1].offset_s)
			s->offset[s->n_offsets++] =
				(struct scene_offset){ change_between(t, t + DAY_US),
						       offset_at(t + DAY_US) };
}

double scene_hour(const struct scene *s, int64_t t_us)
{
	int64_t local = t_us;

	for (int i = s->n_offsets - 1; i >= 0; i--) {
		if (i == 0 || t_us >= s->offset[i].from_us) {
			local += s->offset[i].offset_s * CLOCK_SECOND_US;
			break;
		}
	}
	return (double)((local % DAY_US + DAY_US) % DAY_US) / (double)HOUR_US;
}
