/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c -- a store's places, read from JSON and checked. */
#include "floor/plan.h"

#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "floor/polygon.h"

#include <math.h>
#include <string.h>

#define PLAN_FORMAT "footfall-plan-1"
#define PLAN_MAX_BYTES (1 << 20)
#define METRES_MAX 1000.0 /* from the plan's origin; polygon.h needs a limit */
#define ENGAGED_DEFAULT_S 30.0
#define ENGAGED_MAX_S 86400.0

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const roles[] = {
	[LINE_INNER] = "inner",
	[LINE_ENTRY] = "entry",
	[LINE_OUTSIDE] = "outside",
	[LINE_STAFF] = "staff",
};
static const char *const zone_roles[] = { [ZONE_OPEN] = "open", [ZONE_COUNTER] = "counter" };
static const char *const coord_names[] = { [PLAN_IMAGE] = "image", [PLAN_METRES] = "metres" };

/* Text in reports and file names: no controls, nothing that hides or turns round what follows
 * (U+0080..9F, U+2000..206F), no space at the ends. */
static bool plain_text(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++) {
		if (u[i] < ' ' || u[i] == 0x7f)
			return false;
		if (u[i] == 0xc2 && u[i + 1] < 0xa0)
			return false;
		if (u[i] == 0xe2 && (u[i + 1] == 0x80 || u[i + 1] == 0x81))
			return false;
	}
	return n > 0 && s[0] != ' ' && s[n - 1] != ' ';
}

static bool name_text(const char *s)
{
	for (const char *c = s; *c; c++)
		if (!(*c & 0x80) && !(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
		    !(*c >= '0' && *c <= '9') && !strchr(" -_.", *c))
			return false;
	return plain_text(s);
}

/* An optional text; *v stays what it is when the key is not there. */
static int text(const struct json *obj, const char *key, bool is_name, char v[NAME_MAX_BYTES],
		struct err *err)
{
	char s[NAME_MAX_BYTES];
	int rc;

	if (!json_get(obj, key))
		return 0;
	rc = json_text(obj, key, s, sizeof(s), err);
	if (rc < 0)
		return rc;
	if (is_name && !name_text(s))
		return err_set(err, ERR_FORMAT,
			       "%s: '%s' may have letters, digits, spaces, '-', '_' and '.' "
			       "only, and no space at its ends",
			       json_where(json_get(obj, key)), s);
	if (!plain_text(s))
		return err_set(err, ERR_FORMAT,
			       "%s: expected text without control characters and without a "
			       "space at its ends",
			       json_where(json_get(obj, key)));
	str_copy(v, NAME_MAX_BYTES, s);
	return 0;
}

/* An optional word out of n; *v stays what it is when the key is not there. Entries of words
 * may be NULL. */
static int word(const struct json *obj, const char *key, const char *const *words, size_t n,
		int *v, struct err *err)
{
	const struct json *val = json_get(obj, key);
	const char *s = val ? json_value_string(val) : NULL;
	struct str all = STR_INIT;
	int rc;

	if (!val)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (s && words[i] && strcmp(words[i], s) == 0) {
			*v = (int)i;
			str_clear(&all);
			return 0;
		}
		if (words[i])
			str_addf(&all, "%s'%s'", all.len > 0 ? ", " : "", words[i]);
	}
	rc = err_set(err, ERR_FORMAT, "%s: expected one of %s%s%s%s", json_where(val), all.s,
		     s ? ", found '" : "", s ? s : "", s ? "'" : "");
	str_clear(&all);
	return rc;
}

static int coordinate(double x, enum plan_coords coords, const char *where, struct err *err)
{
	if (coords == PLAN_METRES && !(fabs(x) <= METRES_MAX))
		return err_set(err, ERR_RANGE, "%s: %.10g m is farther than %.0f m from 0",
			       where, x, METRES_MAX);
	if (coords == PLAN_IMAGE && !(x >= 0 && x <= 1))
		return err_set(err, ERR_RANGE, "%s: %.10g is not within 0 .. 1%s", where, x,
			       x > 1 ? " (parts of the picture; divide pixels by its width and "
				       "height)"
				     : "");
	return 0;
}

static int add_point(struct place *p, double x, double y, const char *where, struct err *err)
{
	int rc;

	if (p->n == PLAN_MAX_POINTS)
		return err_set(err, ERR_RANGE, "%s: more than %d points", where,
			       PLAN_MAX_POINTS);
	if ((rc = coordinate(x, p->coords, where, err)) < 0 ||
	    (rc = coordinate(y, p->coords, where, err)) < 0)
		return rc;
	p->xy[p->n][0] = x;
	p->xy[p->n][1] = y;
	p->n++;
	return 0;
}

/* [x, y] or {"x": x, "y": y}. */
static int read_point(struct place *p, const struct json *v, struct err *err)
{
	static const char *const keys[] = { "x", "y" };
	double x, y;
	int rc;

	if (json_is_object(v)) {
		if ((rc = json_only(v, keys, COUNT(keys), err)) < 0 ||
		    (rc = json_double(v, "x", -HUGE_VAL, HUGE_VAL, &x, err)) < 0 ||
		    (rc = json_double(v, "y", -HUGE_VAL, HUGE_VAL, &y, err)) < 0)
			return rc;
		return add_point(p, x, y, json_where(v), err);
	}
	if (!json_is_array(v) || json_count(v) != 2)
		return err_set(err, ERR_FORMAT, "%s: expected a point, [x, y]", json_where(v));
	if ((rc = json_value_double(json_at(v, 0), -HUGE_VAL, HUGE_VAL, &x, err)) < 0 ||
	    (rc = json_value_double(json_at(v, 1), -HUGE_VAL, HUGE_VAL, &y, err)) < 0)
		return rc;
	return add_point(p, x, y, json_where(v), err);
}

static int read_points(struct place *p, const struct json *v, struct err *err)
{
	int rc;

	if (!json_is_array(v))
		return err_set(err, ERR_FORMAT, "%s: expected a list of points", json_where(v));
	for (size_t i = 0; i < json_count(v); i++)
		if ((rc = read_point(p, json_at(v, i), err)) < 0)
			return rc;
	return 0;
}

/* The next number of "0.1,0.5,0.9": *s moves on behind it and its comma. */
static bool next_number(const char **s, double *x)
{
	size_t n = strcspn(*s, ",");
	const char *from = *s;
	char number[64];

	*s += n + ((*s)[n] == ',');
	for (; n > 0 && *from == ' '; n--)
		from++;
	while (n > 0 && from[n - 1] == ' ')
		n--;
	if (n == 0 || n >= sizeof(number))
		return false;
	memcpy(number, from, n);
	number[n] = '\0';
	return str_to_double(number, x);
}

/* Frigate's "x,y,x,y,...". */
static int read_coordinates(struct place *p, const struct json *v, struct err *err)
{
	const char *s = json_value_string(v);
	double x, y;
	int rc;

	if (!s)
		return err_set(err, ERR_FORMAT, "%s: expected text like \"0.1,0.5,0.9,0.5\"",
			       json_where(v));
	if (p->coords == PLAN_METRES)
		return err_set(err, ERR_FORMAT,
			       "%s: is relative to the picture; use 'points' for metres",
			       json_where(v));
	while (*s) {
		if (!next_number(&s, &x) || !*s || !next_number(&s, &y))
			return err_set(
				err, ERR_FORMAT,
				"%s: expected pairs of numbers like \"0.1,0.5,0.9,0.5\"; "
				"pair %d is none",
				json_where(v), p->n + 1);
		if ((rc = add_point(p, x, y, json_where(v), err)) < 0)
			return rc;
	}
	return 0;
}

static int read_shape(struct place *p, const struct json *v, struct err *err)
{
	const struct json *points = json_get(v, "points");
	const struct json *coordinates = json_get(v, "coordinates");

	if (points && coordinates)
		return err_set(err, ERR_FORMAT,
			       "%s: has both 'points' and 'coordinates'; expected one of them",
			       json_where(v));
	if (points)
		return read_points(p, points, err);
	if (coordinates)
		return read_coordinates(p, coordinates, err);
	return err_set(err, ERR_FORMAT, "%s: 'points' is missing", json_where(v));
}

static bool same_point(const struct place *p, int i, int j)
{
	struct pt_floor v[2] = { { p->xy[i][0], p->xy[i][1] }, { p->xy[j][0], p->xy[j][1] } };

	return polyline_length(v, 2) < 1e-6; /* polygon.h's grid */
}

static int check_shape(struct place *p, const char *where, struct err *err)
{
	int least = p->kind == PLACE_ZONE ? 3 : 2;
	struct pt_floor v[PLAN_MAX_POINTS];

	if (p->kind == PLACE_ZONE && p->n > 3 && same_point(p, 0, p->n - 1))
		p->n--; /* a ring that says its first point again */
	if (p->n < least)
		return err_set(err, ERR_RANGE, "%s: a %s has %d points or more, found %d",
			       where, plan_kind_name(p->kind), least, p->n);
	for (int i = 0; i < p->n; i++)
		v[i] = (struct pt_floor){ p->xy[i][0], p->xy[i][1] };
	for (int i = 1; i < p->n; i++)
		if (same_point(p, i - 1, i))
			return err_set(err, ERR_RANGE, "%s: point %d repeats point %d", where,
				       i + 1, i);
	if (p->kind == PLACE_ZONE && !polygon_simple(v, p->n))
		return err_set(
			err, ERR_RANGE,
			"%s: the zone's edge crosses or touches itself; give its corners "
			"in order around it",
			where);
	return 0;
}

static int read_line(struct place *p, const struct json *v, struct err *err)
{
	static const char *const keys[] = { "name",   "camera", "points", "coordinates",
					    "coords", "role",   "in",     "out" };
	int rc;

	str_copy(p->in_label, sizeof(p->in_label), "in");
	str_copy(p->out_label, sizeof(p->out_label), "out");
	if ((rc = json_only(v, keys, COUNT(keys), err)) < 0 ||
	    (rc = word(v, "role", roles, COUNT(roles), &p->role, err)) < 0 ||
	    (rc = text(v, "in", false, p->in_label, err)) < 0)
		return rc;
	return text(v, "out", false, p->out_label, err);
}

static int read_zone(struct place *p, const struct json *v, struct err *err)
{
	static const char *const keys[] = { "name",   "camera", "points",   "coordinates",
					    "coords", "role",   "engaged_s" };
	int rc = json_only(v, keys, COUNT(keys), err);

	p->engaged_s = ENGAGED_DEFAULT_S;
	if (rc < 0 || (rc = word(v, "role", zone_roles, COUNT(zone_roles), &p->role, err)) < 0)
		return rc;
	if (!json_get(v, "engaged_s"))
		return 0;
	return json_double(v, "engaged_s", 0, ENGAGED_MAX_S, &p->engaged_s, err);
}

static int read_fixture(struct place *p, const struct json *v, struct err *err)
{
	static const char *const keys[] = { "name",   "camera", "points", "coordinates",
					    "coords", "left",   "right" };
	int rc = json_only(v, keys, COUNT(keys), err);

	str_copy(p->in_label, sizeof(p->in_label), "left");
	str_copy(p->out_label, sizeof(p->out_label), "right");
	if (rc < 0 || (rc = text(v, "left", false, p->in_label, err)) < 0)
		return rc;
	return text(v, "right", false, p->out_label, err);
}

/* Where it is: the camera, and the points in their coordinates. */
static int read_where(struct place *p, const struct json *v, struct err *err)
{
	int rc, coords = PLAN_IMAGE;

	if ((rc = text(v, "camera", true, p->camera, err)) < 0 ||
	    (rc = word(v, "coords", coord_names, COUNT(coord_names), &coords, err)) < 0)
		return rc;
	p->coords = (enum plan_coords)coords;
	if ((rc = read_shape(p, v, err)) < 0)
		return rc;
	return check_shape(p, json_where(v), err);
}

/* What a kind that is made of others is made of. */
static const struct made_of {
	const char *part[2];
	enum place_kind kind;
} made_of[] = {
	[PLACE_GATE] = { { "first", "second" }, PLACE_LINE },
	[PLACE_QUEUE] = { { "head", "tail" }, PLACE_ZONE },
};

/* The other place's name; that it is of the same camera and coordinates as the first one. */
static int read_part(struct place *p, const struct plan *plan, const struct json *v, int k,
		     struct err *err)
{
	const struct made_of *m = &made_of[p->kind];
	const struct place *q;
	int rc = json_text(v, m->part[k], p->part[k], sizeof(p->part[k]), err), i;

	if (rc < 0)
		return rc;
	i = plan_find(plan, m->kind, p->part[k]);
	if (i < 0)
		return err_set(err, ERR_RANGE, "%s.%s: there is no %s '%s'", json_where(v),
			       m->part[k], plan_kind_name(m->kind), p->part[k]);
	q = &plan->place[i];
	if (!k)
		str_copy(p->camera, sizeof(p->camera), q->camera);
	p->coords = q->coords;
	if (k && strcmp(p->part[0], p->part[1]) == 0)
		return err_set(err, ERR_RANGE, "%s: '%s' and '%s' are the same %s",
			       json_where(v), m->part[0], m->part[1], plan_kind_name(m->kind));
	if (k && strcmp(p->camera, q->camera) != 0)
		return err_set(err, ERR_RANGE,
			       "%s: '%s' is of camera '%s' and '%s' of camera '%s'; expected "
			       "two %ss of one camera",
			       json_where(v), p->part[0], p->camera, p->part[1], q->camera,
			       plan_kind_name(m->kind));
	return 0;
}

static int read_parts(struct place *p, const struct plan *plan, const struct json *v,
		      struct err *err)
{
	const struct made_of *m = &made_of[p->kind];
	const char *const keys[] = { "name", m->part[0], m->part[1] };
	int rc = json_only(v, keys, COUNT(keys), err);

	for (int k = 0; k < 2 && rc >= 0; k++)
		rc = read_part(p, plan, v, k, err);
	return rc;
}

static int read_place(struct place *p, const struct plan *plan, enum place_kind kind,
		      const struct json *v, struct err *err)
{
	static int (*const read[])(struct place *, const struct json *,
				   struct err *) = { [PLACE_LINE] = read_line,
						     [PLACE_ZONE] = read_zone,
						     [PLACE_FIXTURE] = read_fixture };
	bool parts = kind == PLACE_GATE || kind == PLACE_QUEUE;
	char name[NAME_MAX_BYTES];
	int rc;

	*p = (struct place){ .kind = kind };
	rc = parts ? read_parts(p, plan, v, err) : read[kind](p, v, err);
	if (rc < 0 || (rc = json_text(v, "name", name, sizeof(name), err)) < 0 ||
	    (rc = text(v, "name", true, p->name, err)) < 0)
		return rc;
	return parts ? 0 : read_where(p, v, err);
}

static int read_places(struct plan *p, enum place_kind kind, const struct json *list,
		       struct err *err)
{
	int rc;

	if (!list)
		return 0;
	if (!json_is_array(list))
		return err_set(err, ERR_FORMAT, "%s: expected a list", json_where(list));
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *v = json_at(list, i);

		if (p->n == PLAN_MAX_PLACES)
			return err_set(err, ERR_RANGE, "%s: more than %d places", json_where(v),
				       PLAN_MAX_PLACES);
		if ((rc = read_place(&p->place[p->n], p, kind, v, err)) < 0)
			return rc;
		for (int j = 0; j < p->n; j++)
			if (strcmp(p->place[j].name, p->place[p->n].name) == 0)
				return err_set(err, ERR_RANGE,
					       "%s.name: '%s' is the name of another %s",
					       json_where(v), p->place[j].name,
					       plan_kind_name(p->place[j].kind));
		p->n++;
	}
	return 0;
}

static int read_plan(struct plan *p, const struct json *root, struct err *err)
{
	/* Those that are made of others come after them. */
	static const struct {
		const char *key;
		enum place_kind kind;
	} lists[] = {
		{ "lines", PLACE_LINE },       { "zones", PLACE_ZONE },
		{ "gates", PLACE_GATE },       { "queues", PLACE_QUEUE },
		{ "fixtures", PLACE_FIXTURE },
	};
	static const char *const keys[] = { "$schema", "format", "lines",   "zones",
					    "gates",   "queues", "fixtures" };
	static const char *const formats[] = { PLAN_FORMAT };
	char format[NAME_MAX_BYTES];
	bool any = false;
	int rc, which;

	/* The format first: a calibration in a plan's place is to be called that. */
	if ((rc = json_text(root, "format", format, sizeof(format), err)) < 0 ||
	    (rc = word(root, "format", formats, COUNT(formats), &which, err)) < 0 ||
	    (rc = json_only(root, keys, COUNT(keys), err)) < 0)
		return rc;
	for (size_t i = 0; i < COUNT(lists) && rc >= 0; i++) {
		const struct json *list = json_get(root, lists[i].key);

		any |= list != NULL;
		rc = read_places(p, lists[i].kind, list, err);
	}
	if (rc >= 0 && !any)
		rc = err_set(err, ERR_FORMAT,
			     "expected 'lines', 'zones' or 'fixtures', found none");
	return rc;
}

const char *plan_kind_name(enum place_kind kind)
{
	static const char *const names[] = {
		[PLACE_NONE] = "place", [PLACE_LINE] = "line",   [PLACE_ZONE] = "zone",
		[PLACE_GATE] = "gate",  [PLACE_QUEUE] = "queue", [PLACE_FIXTURE] = "fixture",
	};

	return names[kind];
}

int plan_find(const struct plan *p, enum place_kind kind, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (p->place[i].kind == kind && strcmp(p->place[i].name, name) == 0)
			return i;
	return -1;
}

void plan_parts(const struct plan *p, const struct place *of, int part[2])
{
	for (int k = 0; k < 2; k++)
		part[k] = plan_find(p, made_of[of->kind].kind, of->part[k]);
}

int plan_read(struct plan *out, const char *path, struct err *err)
{
	struct plan p = { 0 };
	struct json *root = json_read(path, PLAN_MAX_BYTES, err);
	int rc;

	if (!root)
		return err ? (int)err->code : ERR_FORMAT;
	p.place = xcalloc(PLAN_MAX_PLACES, sizeof(*p.place));
	rc = read_plan(&p, root, err);
	json_free(root);
	if (rc < 0) {
		err_ctx(err, "'%s'", path);
		plan_clear(&p);
		return rc;
	}
	*out = p;
	return 0;
}

void plan_clear(struct plan *p)
{
	free(p->place);
	*p = (struct plan){ 0 };
}

/* The shortest text that reads back as x. */
static void add_number(struct str *b, double x)
{
	char s[40];
	double back;

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(s, sizeof(s), "%.*g", digits, x + 0.0); /* + 0: no "-0" */
		if (str_to_double(s, &back) && back == x)
			break;
	}
	str_add(b, s);
}

static void add_points(struct str *b, const struct place *p)
{
	str_addf(b, ",\"coords\":\"%s\",\"points\":[", coord_names[p->coords]);
	for (int i = 0; i < p->n; i++) {
		str_add(b, i > 0 ? ",[" : "[");
		add_number(b, p->xy[i][0]);
		str_add(b, ",");
		add_number(b, p->xy[i][1]);
		str_add(b, "]");
	}
	str_add(b, "]");
}

char *place_text(const struct place *p)
{
	struct str b = STR_INIT;

	/* Names need no escapes: name_text() lets nothing in that would. */
	str_addf(&b, "{\"name\":\"%s\",\"camera\":\"%s\",\"kind\":\"%s\"", p->name, p->camera,
		 plan_kind_name(p->kind));
	if (p->kind == PLACE_LINE)
		str_addf(&b, ",\"role\":\"%s\"", roles[p->role]);
	if (p->kind == PLACE_ZONE && p->role != ZONE_OPEN)
		str_addf(&b, ",\"role\":\"%s\"", zone_roles[p->role]);
	if (p->kind == PLACE_ZONE) {
		str_add(&b, ",\"engaged_s\":");
		add_number(&b, p->engaged_s);
	}
	if (p->kind == PLACE_GATE || p->kind == PLACE_QUEUE)
		for (int k = 0; k < 2; k++)
			str_addf(&b, ",\"%s\":\"%s\"", made_of[p->kind].part[k], p->part[k]);
	else
		add_points(&b, p);
	str_add(&b, "}");
	return str_take(&b);
}
