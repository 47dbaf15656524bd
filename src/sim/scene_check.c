/* SPDX-License-Identifier: Apache-2.0 */
/* scene_check.c -- what in a scene cannot be: found before anybody walks in it. */
#include "sim/indoors.h"
#include "sim/plane.h"
#include "sim/scene_table.h"

#include "floor/plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DOOR_MIN_M 0.5
#define DOOR_MAX_M 20
#define APART_M 0.5       /* from a door, where its two sides are looked at */
#define CAMERA_OFF_M 0.03 /* from a wall */
#define VIEW_STEPS 24

struct check {
	const struct scene *s;
	const struct scene_where *where;
	size_t n;
	struct err *err;
	const struct indoors *in;
};

int scene_key_line(const struct scene_where *w, const char *key)
{
	const struct scene_key *k = scene_key_of(w->section, key);

	return k ? w->key[k - w->section->key] : 0;
}

static const struct scene_where *find(const struct check *c, const char *section,
				      const void *thing)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->where[i].thing == thing && !strcmp(c->where[i].section->name, section))
			return &c->where[i];
	return NULL;
}

/* One line about a key (NULL: all of it) of a thing. */
static int bad(const struct check *c, const char *section, const void *thing, const char *key,
	       const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static int bad(const struct check *c, const char *section, const void *thing, const char *key,
	       const char *fmt, ...)
{
	const struct scene_where *w = find(c, section, thing);
	const char *name = w && w->section->named ? thing : "";
	int line = w && key ? scene_key_line(w, key) : 0;
	char text[300], at[24] = "";
	va_list ap;

	if (!line && w)
		line = w->line;
	if (line)
		snprintf(at, sizeof(at), ":%d", line);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(c->err, ERR_CONFIG, "%s%s: [%s%s%s]%s%s: %s", c->s->path, at, section,
		       *name ? " " : "", name, key ? " " : "", key ? key : "", text);
}

/* ---- Where things are ---- */

static bool on_floor(const struct scene *s, struct pt_m p)
{
	return p.x >= s->floor.from.x && p.x <= s->floor.to.x && p.y >= s->floor.from.y &&
	       p.y <= s->floor.to.y;
}

/* The shelf that any of a b lies in, or NULL. */
static const struct scene_shelf *shelf_on(const struct scene *s, struct pt_m a, struct pt_m b)
{
	for (int i = 0; i < s->n_shelves; i++)
		if (plane_hits_box(s->shelf[i].corner, a, b))
			return &s->shelf[i];
	return NULL;
}

/* The wall that a b meets, or NULL. */
static const struct scene_wall *wall_on(const struct scene *s, struct pt_m a, struct pt_m b)
{
	for (int i = 0; i < s->n_walls; i++)
		for (int k = 1; k < s->walls[i].line.n; k++)
			if (plane_meet(s->walls[i].line.at[k - 1], s->walls[i].line.at[k], a,
				       b))
				return &s->walls[i];
	return NULL;
}

/* Somebody is to stand, or to go straight from a to b. */
static int free_way(const struct check *c, const char *section, const void *thing,
		    const char *key, struct pt_m a, struct pt_m b)
{
	const struct scene_shelf *shelf = shelf_on(c->s, a, b);
	const struct scene_wall *wall = wall_on(c->s, a, b);
	struct pt_m off = on_floor(c->s, a) ? b : a;

	if (!on_floor(c->s, off))
		return bad(c, section, thing, key,
			   "%g,%g is not on the floor (%g,%g %g,%g of [floor] box)", off.x,
			   off.y, c->s->floor.from.x, c->s->floor.from.y, c->s->floor.to.x,
			   c->s->floor.to.y);
	if (shelf)
		return bad(c, section, thing, key, "at %g,%g to %g,%g stands shelf '%s'", a.x,
			   a.y, b.x, b.y, shelf->name);
	if (wall)
		return bad(c, section, thing, key, "at %g,%g to %g,%g stands wall '%s'", a.x,
			   a.y, b.x, b.y, wall->name);
	return 0;
}

static int free_line(const struct check *c, const char *section, const void *thing,
		     const char *key, const struct polyline *line)
{
	for (int i = 0; i < line->n; i++) {
		int rc = free_way(c, section, thing, key, line->at[i > 0 ? i - 1 : 0],
				  line->at[i]);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* ---- One kind after the other ---- */

static int check_portals(const struct check *c)
{
	for (int i = 0; i < c->s->n_portals; i++) {
		const struct scene_portal *p = &c->s->portal[i];
		int rc = free_way(c, "portal", p, "at", p->at[0], p->at[1]);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int check_door_sides(const struct check *c, const struct scene_door *d)
{
	struct pt_m mid = plane_between(d->at[0], d->at[1], 0.5);
	double dx = d->at[1].x - d->at[0].x, dy = d->at[1].y - d->at[0].y;
	double k = APART_M / sqrt(dx * dx + dy * dy);
	struct pt_m out = { mid.x - dy * k, mid.y + dx * k };
	struct pt_m in = { mid.x + dy * k, mid.y - dx * k };
	int rc;

	if ((rc = free_way(c, "door", d, "at", out, in)) < 0)
		return rc;
	if (!indoors_at(c->in, out) && indoors_at(c->in, in))
		return 0;
	if (indoors_at(c->in, out) && !indoors_at(c->in, in))
		return bad(c, "door", d, "at",
			   "leads from the shop to the street; swap its two places");
	if (indoors_at(c->in, out))
		return bad(c, "door", d, "at",
			   "there is no way to it from a street portal that does not pass a "
			   "door");
	return bad(c, "door", d, "at",
		   "the floor behind it can be reached from the street without a door; close "
		   "the walls around the shop");
}

static int check_doors(const struct check *c)
{
	int rc;

	for (int i = 0; i < c->s->n_doors; i++) {
		const struct scene_door *d = &c->s->door[i];
		double length = hypot(d->at[1].x - d->at[0].x, d->at[1].y - d->at[0].y);

		if (length < DOOR_MIN_M || length > DOOR_MAX_M)
			return bad(c, "door", d, "at",
				   "is %.3g m wide; expected from %g to %d m", length,
				   DOOR_MIN_M, DOOR_MAX_M);
		/* A wall may end at the door's ends. */
		if ((rc = free_way(c, "door", d, "at", plane_between(d->at[0], d->at[1], 0.05),
				   plane_between(d->at[0], d->at[1], 0.95))) < 0 ||
		    (rc = check_door_sides(c, d)) < 0)
			return rc;
	}
	return 0;
}

static int check_tills(const struct check *c)
{
	int rc;

	for (int i = 0; i < c->s->n_tills; i++) {
		const struct scene_till *t = &c->s->till[i];

		if ((rc = free_way(c, "till", t, "customer", t->customer, t->customer)) < 0 ||
		    (rc = free_way(c, "till", t, "cashier", t->cashier, t->cashier)) < 0 ||
		    (rc = free_line(c, "till", t, "queue", &t->queue)) < 0)
			return rc;
		if (hypot(t->queue.at[0].x - t->customer.x, t->queue.at[0].y - t->customer.y) >
		    2)
			return bad(c, "till", t, "queue",
				   "begins more than 2 m from the customer's place; it goes "
				   "backwards from there");
	}
	return 0;
}

static bool sees_floor(const struct scene *s, const struct scene_camera *cam)
{
	struct lens lens;
	struct pt_m p;

	lens_look(&lens, cam->w, cam->h, cam->fov_deg, cam->k1, cam->at, cam->to,
		  cam->roll_deg);
	for (int i = 0; i < VIEW_STEPS; i++)
		for (int k = 0; k < VIEW_STEPS; k++)
			if (lens_floor(&lens, (i + 0.5) / VIEW_STEPS * cam->w,
				       (k + 0.5) / VIEW_STEPS * cam->h, &p) &&
			    on_floor(s, p))
				return true;
	return false;
}

static int check_camera(const struct check *c, const struct scene_camera *cam)
{
	struct pt_m p = { cam->at.x, cam->at.y };

	if (cam->at.z < 0.1)
		return bad(c, "camera", cam, "at", "is %g m high; expected 0.1 m or more",
			   cam->at.z);
	if (hypot(hypot(cam->to.x - cam->at.x, cam->to.y - cam->at.y), cam->to.z - cam->at.z) <
	    0.1)
		return bad(c, "camera", cam, "to", "is where the camera is");
	for (int i = 0; i < c->s->n_shelves; i++)
		if (cam->at.z < c->s->shelf[i].height_m &&
		    plane_in_box(c->s->shelf[i].corner, p))
			return bad(c, "camera", cam, "at", "is inside shelf '%s'",
				   c->s->shelf[i].name);
	for (int i = 0; i < c->s->n_walls; i++) {
		const struct scene_wall *w = &c->s->walls[i];

		for (int k = 1; cam->at.z < w->height_m && k < w->line.n; k++)
			if (plane_distance(w->line.at[k - 1], w->line.at[k], p) < CAMERA_OFF_M)
				return bad(c, "camera", cam, "at",
					   "is inside wall '%s'; move it %g m off", w->name,
					   CAMERA_OFF_M);
	}
	if (!sees_floor(c->s, cam))
		return bad(c, "camera", cam, "to", "it sees nothing of the floor");
	return 0;
}

static int check_cameras(const struct check *c)
{
	int rc;

	if (!c->s->n_cameras)
		return err_set(c->err, ERR_CONFIG, "%s: there is no [camera NAME]", c->s->path);
	for (int i = 0; i < c->s->n_cameras; i++)
		if ((rc = check_camera(c, &c->s->camera[i])) < 0)
			return rc;
	return 0;
}

static int check_things(const struct check *c)
{
	for (int i = 0; i < c->s->n_screens; i++)
		if (c->s->screen[i].top_m <= c->s->screen[i].bottom_m)
			return bad(c, "screen", &c->s->screen[i], "top",
				   "expected more than bottom");
	for (int i = 0; i < c->s->n_objects; i++)
		if (c->s->object[i].top_m <= c->s->object[i].bottom_m)
			return bad(c, "object", &c->s->object[i], "top",
				   "expected more than bottom");
	for (int i = 0; i < c->s->n_lights; i++)
		if (c->s->light[i].at.z < 0.1)
			return bad(c, "light", &c->s->light[i], "at",
				   "is %g m high; expected 0.1 m or more", c->s->light[i].at.z);
	for (int i = 0; i < c->s->n_receivers; i++)
		if (c->s->receiver[i].at.z < 0)
			return bad(c, "receiver", &c->s->receiver[i], "at",
				   "is below the floor");
	return 0;
}

static int check_walkers(const struct check *c)
{
	int rc;

	for (int i = 0; i < c->s->n_walkers; i++) {
		const struct scene_walker *w = &c->s->walker[i];

		if ((rc = free_line(c, "walker", w, "path", &w->path)) < 0)
			return rc;
		for (int k = w->path.n; k < SCENE_POINTS; k++)
			if (w->wait_s[k] > 0)
				return bad(c, "walker", w, "wait",
					   "there are more waits than the path's %d points",
					   w->path.n);
		if (w->path.n == 1 && w->wait_s[0] <= 0)
			return bad(c, "walker", w, "wait",
				   "a path of one point needs one above 0");
	}
	return 0;
}

static bool any_hour(const double rate[SCENE_HOURS])
{
	for (int h = 0; h < SCENE_HOURS; h++)
		if (rate[h] > 0)
			return true;
	return false;
}

/* The sum of shares, and how many portals of a kind there are. */
static double portals(const struct scene *s, enum portal_kind kind, int *n)
{
	double share = 0;

	*n = 0;
	for (int i = 0; i < s->n_portals; i++) {
		if (s->portal[i].kind == kind) {
			share += s->portal[i].share;
			(*n)++;
		}
	}
	return share;
}

static int check_sources(const struct check *c)
{
	const struct scene_people *p = &c->s->people;
	double street, doors = 0;
	int n, n_staff;

	street = portals(c->s, PORTAL_STREET, &n);
	for (int i = 0; i < c->s->n_doors; i++)
		doors += c->s->door[i].share;
	if (any_hour(p->shoppers_h) && (street <= 0 || doors <= 0))
		return bad(c, "people", p, "shoppers",
			   "shoppers need a [portal NAME] of kind street and a [door NAME] "
			   "with a share above 0");
	if (any_hour(p->passers_h) && (street <= 0 || n < 2))
		return bad(c, "people", p, "passers",
			   "passers-by need two [portal NAME] of kind street, with a share "
			   "above 0");
	if (c->s->n_doors && !n)
		return bad(c, "door", &c->s->door[0], NULL,
			   "needs a [portal NAME] of kind street to come from");
	if (p->staff && portals(c->s, PORTAL_STAFF, &n_staff) <= 0 && street <= 0)
		return bad(c, "people", p, "staff",
			   "staff need a [portal NAME] with a share above 0");
	return 0;
}

static int check_people(const struct check *c)
{
	const struct scene_people *p = &c->s->people;

	if (p->stop_min_s > p->stop_s || p->stop_s > p->stop_max_s)
		return bad(c, "people", p, "stop",
			   "expected stop_min <= stop <= stop_max, found %g, %g, %g",
			   p->stop_min_s, p->stop_s, p->stop_max_s);
	if (p->child + p->wheelchair > 1)
		return bad(c, "people", p, "child", "child and wheelchair are more than all");
	if (p->staff && p->staff_from_h >= p->staff_to_h)
		return bad(c, "people", p, "staff_to", "expected later than staff_from");
	return check_sources(c);
}

static int check_plan(const struct check *c)
{
	struct plan plan = { 0 };
	struct err e = { 0 };
	int rc = 0;

	if (!c->s->plan)
		return 0;
	if (plan_read(&plan, c->s->plan, &e) < 0)
		return bad(c, "scene", c->s, "plan", "%s", e.msg);
	for (int i = 0; i < plan.n && rc == 0; i++) {
		const struct place *p = &plan.place[i];

		if (p->coords != PLAN_METRES)
			rc = bad(c, "scene", c->s, "plan",
				 "'%s' of it is drawn on a picture; expected \"coords\": "
				 "\"metres\"",
				 p->name);
		else if (*p->camera && scene_camera(c->s, p->camera, &e) < 0)
			rc = bad(c, "scene", c->s, "plan", "'%s' of it: %s", p->name, e.msg);
	}
	plan_clear(&plan);
	return rc;
}

int scene_check(const struct scene *s, const struct scene_where *where, size_t n,
		struct err *err)
{
	static int (*const checks[])(const struct check *) = {
		check_cameras, check_portals, check_people,  check_doors,
		check_tills,   check_things,  check_walkers, check_plan,
	};
	struct check c = { .s = s, .where = where, .n = n, .err = err };
	struct indoors *in;
	int rc = 0;

	if (fmin(s->floor.to.x - s->floor.from.x, s->floor.to.y - s->floor.from.y) < 0.5)
		return bad(&c, "floor", &s->floor, "box", "expected 0.5 m or more each way");
	in = indoors_new(s);
	c.in = in;
	for (size_t i = 0; rc == 0 && i < sizeof(checks) / sizeof(checks[0]); i++)
		rc = checks[i](&c);
	indoors_free(in);
	return rc;
}
