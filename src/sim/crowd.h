/* SPDX-License-Identifier: Apache-2.0 */
/* crowd.h -- the people of a simulated store: who is where, doing what.
 *
 * The crowd moves in ticks. It knows nothing of cameras, and nothing that looks at it changes
 * it: the same scene and seed give the same people for any camera, frame rate or thread.
 */
#ifndef SIM_CROWD_H
#define SIM_CROWD_H

#include "sim/scene.h"

#define CROWD_TICK_US 100000

enum doing {
	DOING_WALK = 1, /* to the next thing */
	DOING_LOOK,     /* stands at a shelf, shifts weight, bends, reaches */
	DOING_QUEUE,    /* in the line of a till */
	DOING_PAY,      /* at the head of it */
	DOING_WORK,     /* staff at their post */
	DOING_WAIT,     /* stands somewhere: for companions, or as a walker was told */
};

enum person_kind { PERSON_SHOPPER = 1, PERSON_PASSER, PERSON_STAFF };

/* What never changes of a person. */
struct persona {
	int64_t id;    /* 1, 2, ... in order of appearance; never used again */
	int64_t group; /* people who came together share it; 0: alone */
	enum person_kind kind;
	enum body_kind body;
	bool trolley;
	double height_m;   /* standing */
	double shoulder_m; /* width over the shoulders */
	double step_m;     /* length of a step when walking */
	uint64_t look;     /* seed of clothes, hair, skin, things carried */
	bool low_contrast; /* in clothes of the floor's colour */
	int walker;        /* index of the scene's [walker], or -1 */
	int64_t born_us;
};

/* A person at a moment. */
struct actor {
	struct persona who;
	struct pt_m at; /* on the floor, under the middle of the body */
	double facing;  /* where the body points, radians from east, counter-clockwise */
	double speed_m_s;
	double walked_m; /* since he came: the phase of the gait */
	double bend;     /* 0 upright .. 1 bent down deep (a hand at the floor) */
	double reach;    /* 0 .. 1: an arm stretched to the front */
	double sway;     /* -1 .. 1: weight on the left or the right foot */
	double sit;      /* 0 .. 1 */
	enum doing doing;
	int till;  /* DOING_QUEUE, DOING_PAY, DOING_WORK at a till: which; else -1 */
	int shelf; /* DOING_LOOK: which; else -1 */
};

struct crowd;

/* scene must live as long as the crowd. seed takes the place of the scene's own. */
struct crowd *crowd_new(const struct scene *scene, uint64_t seed);
void crowd_free(struct crowd *c); /* NULL is allowed */

/* One tick forward; the first call brings the tick at scene->start_us. Returns its time.
 * *actors: everybody there is, ordered by id, owned by c, valid until its next call. */
int64_t crowd_step(struct crowd *c, const struct actor **actors, int *n);

/* Everybody at t_us, between ticks by linear interpolation (angles the short way round); who is
 * not there at both ticks around t_us is not there. t_us must not go back behind the tick
 * before the last crowd_at(); steps over as many ticks as it takes. Do not mix with
 * crowd_step(). */
void crowd_at(struct crowd *c, int64_t t_us, const struct actor **actors, int *n);

/* Whether p is on walkable floor. */
bool crowd_walkable(const struct crowd *c, struct pt_m p);

#endif
