/* SPDX-License-Identifier: Apache-2.0 */
/* radio_rig.h -- a store with receivers and people who stand where a test puts them. */
#ifndef RADIO_RIG_H
#define RADIO_RIG_H

#include "base/vec.h"
#include "sim/radio.h"

#define RIG_START_US (INT64_C(1773478800) * 1000000) /* 2026-03-14T09:00:00Z */

/* 40 m x 30 m, no door, no receiver yet; radio as in a store, all clocks right. */
struct scene *rig_scene(void);
void rig_receiver(struct scene *s, const char *name, double x, double y, double z,
		  bool monitor);
/* That with two access points and two monitors, in this order, that hear everything; half of
 * the phones join. */
struct scene *rig_store(void);
/* A wall at x = 10 with a door for y from 10 to 12; the street is in the west. */
void rig_door(struct scene *s);

/* Somebody who stands there, an adult customer. */
struct actor rig_actor(int64_t id, double x, double y);
/* n of them at places by chance, all over the floor; to be freed. */
struct actor *rig_crowd(int n, uint64_t seed);

struct heard {
	VEC(struct radio_report) report;
};
/* Nobody moves for so many seconds. The reports are added to *h. */
void rig_stand(struct heard *h, struct radio_sim *r, int64_t *t_us, const struct actor *a,
	       int n, double seconds);
/* The same with a simulation of its own. */
struct heard rig_hear(const struct scene *s, uint64_t seed, const struct actor *a, int n,
		      double seconds);
void heard_clear(struct heard *h);
/* Leaves those of one receiver (-1: all), device by device, each in order of time. */
void heard_sort(struct heard *h, int receiver);
int heard_by_device(const void *a, const void *b); /* of struct radio_report, for qsort() */
bool same_device(const struct radio_report *a, const struct radio_report *b);

/* Distance from the i-th receiver to a's phone. */
double rig_distance(const struct scene *s, int receiver, const struct actor *a);

/* Fails the test otherwise. */
void assert_near(double x, double expected, double within);

struct moments {
	double n, sum, square;
};
void moments_add(struct moments *m, double x);
double moments_mean(const struct moments *m);
double moments_sd(const struct moments *m);

#endif
