/* SPDX-License-Identifier: Apache-2.0 */
/* truth.h -- what really happened in a simulated store, as files.
 *
 * CSV with a head line, rows in order of time, then place, then person. Times are UTC, and
 * seconds since the scene's start, both to the millisecond; positions are metres on the plan.
 * Between ticks people go straight. who: shopper, passer or staff; group 0: alone.
 *   people.csv     came_utc,came_s,went_utc,went_s,person,group,who,body,trolley,height_m,
 *                  low_contrast,walker: went is empty for who is there at the end
 *   floor.csv      t_utc,t_s,person,x_m,y_m,facing_deg,speed_m_s,doing,till,shelf,in_store:
 *                  who was where, every second
 *   crossings.csv  t_utc,t_s,line,direction,person,group,who: each crossing of each line, in or
 *                  out. It counts once the person is clear of the line (0.3 m); its time is
 *                  when the foot point went over. Who appears or vanishes before he is clear
 *                  has crossed when the farthest he was from the line before and after add up
 *                  to that
 *   visits.csv     from_utc,from_s,to_utc,to_s,zone,person,group,who,dwell_s,open: the foot
 *                  point was in the zone, gaps under 3 s are the same visit; open 1: still
 *                  there at the end
 *   queue.csv      joined_utc,joined_s,head_utc,head_s,left_utc,left_s,till,person,group,who,
 *                  wait_s,how: head: when he began to pay, and wait until then. how: paid;
 *                  left: gave up, head is empty and wait is until then; open: there at the end
 *   occupancy.csv  t_utc,t_s,in_store,staff,zone NAME...: people in the shop, those of them who
 *                  are staff, and people in each zone, every second. A scene without doors is
 *                  all shop
 *   measures.csv  minute_utc,place,measure,key,by,value: what the measures of places were in
 *                  each minute (sim/truth_measure.h), by rule or by intent
 *   <camera>.gt.txt  MOTChallenge: frame from 1, person, box, 1, 1, visible share, x_m, y_m;
 *                  those of whom the picture shows anything. One for each camera with a frame
 */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include "floor/plan.h"
#include "sim/crowd.h"
#include "sim/view.h"

struct truth;

/* All files in dir, which exists; or, where dir is NULL, measures.csv alone, as the file
 * `measures`. plan: places in metres (others: ERR_CONFIG says which), or NULL; scene and plan
 * must live as long as the truth. ERR_IO. Files have their names from truth_close() on. */
int truth_open(struct truth **t, const char *dir, const char *measures,
	       const struct scene *scene, const struct plan *plan, struct err *err);
/* One tick of the crowd, in order. */
void truth_tick(struct truth *t, int64_t t_us, const struct actor *actors, int n);
/* One frame of a camera. coded: its number in the stream, from 0. */
void truth_frame(struct truth *t, int camera, int64_t coded, const struct seen *seen, int n);
/* Ends everything at the last tick and writes what is left. ERR_IO when any file is not whole.
 * NULL is allowed. */
int truth_close(struct truth *t, struct err *err);
void truth_drop(struct truth *t); /* without any file; NULL is allowed */

#endif
