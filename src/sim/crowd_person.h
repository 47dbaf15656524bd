/* SPDX-License-Identifier: Apache-2.0 */
/* crowd_person.h -- what the crowd's files share: one person, and the store as people use it.
 */
#ifndef SIM_CROWD_PERSON_H
#define SIM_CROWD_PERSON_H

#include "base/rng.h"
#include "base/vec.h"
#include "sim/crowd.h"
#include "sim/way.h"

#define TICK_S (CROWD_TICK_US / 1e6)

enum task_kind {
	TASK_GO = 1, /* to a place */
	TASK_LOOK,   /* at a shelf, from where he stands, for some time */
	TASK_QUEUE,  /* find a till, queue and pay */
	TASK_WORK,   /* stand at the post for some time */
	TASK_END,    /* vanish */
};

struct task {
	enum task_kind kind;
	struct pt_m at;
	double facing; /* LOOK, WORK */
	double for_s;
	int shelf, till, spot; /* -1: none */
};

struct person {
	struct actor a;
	struct rng rng;
	VEC(struct task) task;
	size_t now; /* index of the task under way */
	const struct way *way;
	struct pt_m heads;    /* for now */
	int heads_ticks;      /* until that is looked at again */
	double task_s;        /* since it began */
	double best_left_m;   /* nearest to the goal so far */
	double stuck_s;       /* since that was so */
	struct pt_m vel, was; /* was: where he was a tick ago */
	double side, side_s;  /* passes others to the left (1) or right (-1), for so long */
	double want_m_s;      /* free speed */
	double radius_m;
	int64_t leader;        /* id of the companion whom he follows; 0: nobody */
	int place;             /* in the group: 1, 2, ... beside the leader */
	struct pt_m leader_at; /* where he was seen last */
	bool beside, straight; /* there is room beside the leader; nothing is in between */
	int looks_ticks;       /* until that is looked at again */
	struct pt_m behind_at;
	double waited_s; /* for them */
	double behind_m; /* how far the farthest of those who follow him is */
	bool there;      /* arrived where the task is done */
	bool over;       /* vanishes after this tick */
	double act_s;    /* until the next small movement while standing */
	double to_sway, to_bend, to_reach;
	double step_m, aside_m; /* a small step to the left to make; made since he stands */
	int post;               /* of the staff; and when the shift ends */
	int64_t until_us;
	int tries;      /* for a place in a line */
	double turn_to; /* facing while standing */
};

/* A place to stand at a shelf. */
struct spot {
	struct pt_m at;
	double facing, weight;
	int shelf;
	int64_t taken; /* by whom; 0: nobody */
};

struct till_line {
	VEC(struct pt_m) place; /* where they stand, from the head */
	VEC(int64_t) who;       /* ids in order; the first one pays */
	int64_t cashier;        /* 0: nobody */
	int heading;            /* people on their way to it */
};

struct crowd {
	const struct scene *scene;
	uint64_t seed;
	struct ways *ways;
	int64_t t_us; /* of the last tick */
	bool started;
	VEC(struct person) person; /* ordered by id */
	int64_t last_id, last_group;
	struct rng shoppers, passers, staff;
	VEC(struct spot) spot;
	double spot_weight;
	struct till_line till[SCENE_MAX];
	int64_t post[SCENE_MAX * 4]; /* staff posts: by whom held; 0: nobody */
	bool walker_came[SCENE_MAX];
	int *cell_first, *cell_next; /* people by cell of the neighbourhood grid */
	int cells_cap, next_cap, cell_cols, cell_rows;
	VEC(struct actor) out, before;
	int64_t before_us, now_us;
	bool asked;
};

/* crowd_plan.c: what people come for. */
void plan_places(struct crowd *c);
void plan_arrivals(struct crowd *c);
struct person *plan_person(struct crowd *c, int64_t id);
/* The next things that one of the staff does: at the till of his post or at the shelves, and a
 * walk through the shop; at the end of the shift, out. */
void plan_round(struct crowd *c, struct person *p);
/* Where to look next, by how much the shelves attract; there is one. And for how long. */
int plan_spot(const struct crowd *c, struct rng *r);
double plan_stop(const struct scene_people *o, struct rng *r);

/* crowd_do.c: what they do where they are. */
void do_tick(struct crowd *c, size_t i);

/* crowd_walk.c: how they get there. */
void walk_neighbours(struct crowd *c);
/* One tick towards `to` at most at speed m/s among the others. */
void walk_tick(struct crowd *c, size_t i, struct pt_m to, double speed);
/* The same without minding the others: in a line people let each other move up. */
void walk_move_up(struct crowd *c, struct person *p, struct pt_m to, double speed);
/* Turns the body towards a point, smoothly or at once. */
void walk_turn(struct person *p, struct pt_m to, bool at_once);
/* After everybody's tick: parts those who are in each other, and tells how fast all went. */
void walk_apart(struct crowd *c);
void walk_stand(struct crowd *c, struct person *p);
double angle_towards(double from, double to, double most);

#endif
