/* SPDX-License-Identifier: Apache-2.0 */
/* truth.h -- what really happened in a simulated store, as the files that `footfall eval`
 * reads.
 *
 * All are CSV with a header line but the boxes, times in seconds since the scene's start and in
 * UTC, positions in metres on the plan:
 *   people.csv     a row per person: kind, body, height, group, trolley, came, went
 *   floor.csv      who was where: a row per person and truth tick (one second, and more often
 *                  when asked)
 *   crossings.csv  each crossing of each line, by the definitions of the README: a crossing
 *                  counts once the person is clear of the line (0.3 m); its time is when the
 *                  foot point crossed
 *   visits.csv     each visit to each zone: from, to, dwell; gaps under 3 s are the same visit
 *   queue.csv      each person who queued: till, joined, reached the head, left, and how
 *   occupancy.csv  a row per second: people in the store (inside the floor), and in each zone
 *   <camera>.gt.txt  MOTChallenge boxes: frame from 1, id, box, 1, 1, visible share
 *   wifi.csv       (radio.h) each report, with the owner of the device
 */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include "floor/plan.h"
#include "sim/crowd.h"
#include "sim/view.h"

struct truth;

/* Files in dir, which exists. plan: places in metres (others: ERR_CONFIG says which); both must
 * live as long as the truth. ERR_IO. Files appear under their names in truth_close() only. */
int truth_open(struct truth **t, const char *dir, const struct scene *scene,
	       const struct plan *plan, struct err *err);
/* One tick of the crowd, in order. */
void truth_tick(struct truth *t, int64_t t_us, const struct actor *actors, int n);
/* One frame of a camera. coded: its number in the stream, from 0. */
void truth_frame(struct truth *t, int camera, int64_t coded, const struct seen *seen, int n);
/* Ends all visits and writes what is left. ERR_IO when any file is not whole. */
int truth_close(struct truth *t, struct err *err);

#endif
