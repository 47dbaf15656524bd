/* SPDX-License-Identifier: Apache-2.0 */
/* conf.c -- settings from defaults, a file and the command line, each checked by the table. */
#include "conf/conf.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/vec.h"
#include "conf/schema.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *field(const struct conf *c, const struct conf_item *it)
{
	return (char *)c + it->offset;
}

void conf_init(struct conf *c)
{
	*c = (struct conf){
		.store = { .name = "store", .time_zone = "UTC", .business_day_start = "00:00" },
		.camera = { .name = "camera" },
		.analysis = { .max_px = 200000 },
		.background = BACKGROUND_OPTS_DEFAULT,
		.mask = MASK_OPTS_DEFAULT,
		.people = PEOPLE_OPTS_DEFAULT,
		.plate = PLATE_OPTS_DEFAULT,
		.track = TRACKER_OPTS_DEFAULT,
		.count = COUNT_OPTS_DEFAULT,
		.calendar = CALENDAR_OPTS_DEFAULT,
		.report = { .k = 5 },
		.files = { .plan = "", .calib = "" },
		.run = { .db = "",
			 .state = "",
			 .reports = "",
			 .credentials = "",
			 .fps = 10,
			 .stall_s = 5,
			 .keep_events_d = 30 },
	};
	assert(conf_n_items <= CONF_ITEMS_MAX);
	/* From here on every text is the conf's own. */
	for (size_t i = 0; i < conf_n_items; i++) {
		char **s = field(c, &conf_items[i]);

		if (conf_items[i].type == CONF_STRING)
			*s = xstrdup(*s);
	}
}

static void camera_clear(struct conf_camera *cam)
{
	for (size_t i = 0; i < cam->own.n; i++)
		free(cam->own.v[i].value);
	VEC_FREE(&cam->own);
	free(cam->uri);
}

void conf_clear(struct conf *c)
{
	for (size_t i = 0; i < c->cameras.n; i++)
		camera_clear(&c->cameras.v[i]);
	VEC_FREE(&c->cameras);
	for (size_t i = 0; i < conf_n_items; i++)
		if (conf_items[i].type == CONF_STRING)
			free(*(char **)field(c, &conf_items[i]));
	memset(c, 0, sizeof(*c));
}

void conf_expected(const struct conf_item *it, struct str *out)
{
	char min[STR_DOUBLE], max[STR_DOUBLE];

	switch (it->type) {
	case CONF_INT:
	case CONF_DOUBLE:
		str_addf(out, "%s from %s to %s%s%s",
			 it->flags & CONF_ODD   ? "0 or an odd number"
			 : it->type == CONF_INT ? "a whole number"
						: "a number",
			 str_double(it->min, min), str_double(it->max, max),
			 it->unit ? " " : "", it->unit ? it->unit : "");
		break;
	case CONF_BOOL:
		str_add(out, "yes or no");
		break;
	default:
		if (it->flags & CONF_NAME)
			str_addf(out, "a name of 1 to %d bytes", NAME_MAX_BYTES - 1);
		else if (it->flags & CONF_FILE)
			str_add(out, "a file name or nothing");
		else
			str_addf(out, "text%s%s", it->unit ? " like " : "",
				 it->unit ? it->unit : "");
	}
}

static bool take_int(const struct conf_item *it, const char *value, int *x)
{
	int64_t v;

	if (!str_to_i64(value, &v) || (double)v < it->min || (double)v > it->max ||
	    ((it->flags & CONF_ODD) && v && v % 2 == 0))
		return false;
	*x = (int)v;
	return true;
}

static bool take_double(const struct conf_item *it, const char *value, double *x)
{
	double v;

	if (!str_to_double(value, &v) || v < it->min || v > it->max)
		return false;
	*x = v + 0.0; /* no -0: it would print as another setting */
	return true;
}

static bool take_bool(const char *value, bool *x)
{
	static const char *const words[] = {
		"no", "yes", "false", "true", "off", "on", "0", "1"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(value, words[i])) {
			*x = i % 2;
			return true;
		}
	}
	return false;
}

/* What an INI line cannot hold no other way of setting may bring in. */
static bool fits_a_line(const char *s)
{
	size_t n = strlen(s);

	return str_is_clean(s) && *s != ';' && *s != ' ' && !strstr(s, " ;") &&
	       !(n && s[n - 1] == ' ');
}

static bool take_string(const struct conf_item *it, const char *value, const char *dir,
			char **x)
{
	char cwd[PATH_MAX];
	char *s;

	if (!fits_a_line(value) ||
	    ((it->flags & CONF_NAME) && (!*value || strlen(value) >= NAME_MAX_BYTES)))
		return false;
	if ((it->flags & CONF_FILE) && *value && *value != '/') {
		if (!dir)
			dir = getcwd(cwd, sizeof(cwd)) ? cwd : ".";
		s = file_join(dir, value);
	} else {
		s = xstrdup(value);
	}
	free(*x);
	*x = s;
	return true;
}

/* Sets one item. Files are relative to dir; NULL: to the working folder. */
static int take(struct conf *c, const struct conf_item *it, const char *value, const char *dir,
		struct err *err)
{
	struct str want = STR_INIT;
	bool ok = false;

	switch (it->type) {
	case CONF_INT:
		ok = take_int(it, value, field(c, it));
		break;
	case CONF_DOUBLE:
		ok = take_double(it, value, field(c, it));
		break;
	case CONF_BOOL:
		ok = take_bool(value, field(c, it));
		break;
	case CONF_STRING:
		ok = take_string(it, value, dir, field(c, it));
		break;
	case CONF_NONE:
		break;
	}
	if (ok) {
		c->given[it - conf_items] = true;
		return 0;
	}
	conf_expected(it, &want);
	err_set(err, ERR_USAGE, "expected %s, found '%s'", want.s, value);
	str_clear(&want);
	return ERR_USAGE;
}

static const struct conf_item *find(const char *key)
{
	for (size_t i = 0; i < conf_n_items; i++)
		if (!strcmp(conf_items[i].key, key))
			return &conf_items[i];
	return NULL;
}

static const char *nearest_item(const char *key)
{
	VEC(const char *) words = { 0 };
	const char *near;

	for (size_t i = 0; i < conf_n_items; i++)
		*VEC_PUSH(&words) = conf_items[i].key;
	near = str_nearest(key, words.v, words.n);
	VEC_FREE(&words);
	return near;
}

/* ---- A file ---- */

struct reading {
	struct conf *c;
	const char *path;
	char *dir; /* of the file, absolute */
	struct str *problems;
	int n;
	char *unknown; /* the last unknown section: said once, not for each of its keys */
};

static void on_problem(void *arg, int line, const char *why)
{
	struct reading *r = arg;

	str_addf(r->problems, "%s:%d: %s\n", r->path, line, why);
	r->n++;
}

static void unknown_section(struct reading *r, const struct ini_item *in)
{
	VEC(const char *) names = { 0 };
	struct str why = STR_INIT;
	const char *near;

	if (r->unknown && !strcmp(r->unknown, in->section))
		return;
	free(r->unknown);
	r->unknown = xstrdup(in->section);
	for (size_t i = 0; i < conf_n_sections; i++)
		*VEC_PUSH(&names) = conf_sections[i].name;
	near = str_nearest(in->section, names.v, names.n);
	if (*in->section)
		str_addf(&why, "unknown section [%s]", in->section);
	else
		str_addf(&why, "'%s' stands before the first [section]", in->key);
	if (near)
		str_addf(&why, "; did you mean [%s]?", near);
	on_problem(r, in->line, why.s);
	str_clear(&why);
	VEC_FREE(&names);
}

/* The nearest key of the section, else a section that has such a key. */
static void unknown_key(struct reading *r, const struct ini_item *in)
{
	VEC(const char *) keys = { 0 };
	struct str why = STR_INIT;
	size_t n = strlen(in->section);
	const char *near, *other = NULL;

	for (size_t i = 0; i < conf_n_items; i++) {
		const char *key = strchr(conf_items[i].key, '.') + 1;

		if (str_starts(conf_items[i].key, in->section) && conf_items[i].key[n] == '.')
			*VEC_PUSH(&keys) = key;
		else if (!strcmp(key, in->key))
			other = conf_items[i].key;
	}
	near = str_nearest(in->key, keys.v, keys.n);
	str_addf(&why, "unknown key '%s' in [%s]", in->key, in->section);
	if (near)
		str_addf(&why, "; did you mean '%s'?", near);
	else if (other)
		str_addf(&why, "; did you mean '%s' in [%.*s]?", in->key,
			 (int)(strchr(other, '.') - other), other);
	on_problem(r, in->line, why.s);
	str_clear(&why);
	VEC_FREE(&keys);
}

/* ---- [camera NAME] ---- */

static struct conf_camera *camera_named(struct conf *c, const char *name)
{
	struct conf_camera *cam;

	for (size_t i = 0; i < c->cameras.n; i++)
		if (!strcmp(c->cameras.v[i].name, name))
			return &c->cameras.v[i];
	cam = VEC_PUSH(&c->cameras);
	*cam = (struct conf_camera){ 0 };
	str_copy(cam->name, sizeof(cam->name), name);
	return cam;
}

/* The setting that a key of a camera's section stands for, or NULL. */
static const struct conf_item *own_item(const char *key)
{
	if (!strcmp(key, "plan"))
		return find("files.plan");
	if (!strcmp(key, "calib"))
		return find("files.calib");
	return !strcmp(key, "camera.name") || str_starts(key, "run.") ||
			       str_starts(key, "store.")
		       ? NULL
		       : find(key);
}

/* What the value becomes for all is how it is for one, too: checked, and files made absolute.
 */
static int own_setting(struct conf_camera *cam, const struct conf_item *it,
		       const struct ini_item *in, const char *dir, struct err *err)
{
	struct str text = STR_INIT;
	struct conf scratch;
	int rc;

	conf_init(&scratch);
	rc = take(&scratch, it, in->value, dir, err);
	if (rc >= 0) {
		conf_value(&scratch, it, &text);
		*VEC_PUSH(&cam->own) = (struct conf_own){ it, str_take(&text) };
	}
	conf_clear(&scratch);
	return rc;
}

/* "rtsp://user:password@host": it would be in logs, in copies of the file, in questions to
 * the support. */
static bool has_login(const char *uri)
{
	const char *host = strstr(uri, "://"), *at = host ? strchr(host, '@') : NULL;

	return at && at < host + 3 + strcspn(host + 3, "/?#");
}

static int camera_uri(struct conf_camera *cam, const char *value, const char *dir,
		      struct err *err)
{
	bool address = strchr(value, ':') != NULL;

	if (has_login(value))
		return err_set(err, ERR_USAGE,
			       "a login does not belong into the address, where everybody sees "
			       "it; expected it in run.credentials");
	if (!*value || !fits_a_line(value))
		return err_set(err, ERR_USAGE, "expected an address or a file's name");
	free(cam->uri);
	cam->uri = address || *value == '/' ? xstrdup(value) : file_join(dir, value);
	return 0;
}

static int camera_key(struct conf_camera *cam, const struct ini_item *in, const char *dir,
		      struct err *err)
{
	const struct conf_item *it;

	if (!strcmp(in->key, "uri"))
		return camera_uri(cam, in->value, dir, err);
	if (!strcmp(in->key, "transport")) {
		cam->udp = !strcmp(in->value, "udp");
		return cam->udp || !strcmp(in->value, "tcp")
			       ? 0
			       : err_set(err, ERR_USAGE, "expected tcp or udp, found '%s'",
					 in->value);
	}
	it = own_item(in->key);
	if (!it)
		return err_set(err, ERR_USAGE,
			       "a camera has uri, transport, plan, calib and settings by their "
			       "whole names, like people.max_height");
	return own_setting(cam, it, in, dir, err);
}

/* The name in "camera NAME", or NULL: another section. */
static const char *camera_of(const char *section)
{
	return str_starts(section, "camera ") ? section + 7 + strspn(section + 7, " ") : NULL;
}

/* A camera of which nothing is said is one whose uri is missing. */
static void on_section(void *arg, const char *section, int line)
{
	struct reading *r = arg;
	const char *name = camera_of(section);

	if (name && *name && fits_a_line(name))
		camera_named(r->c, name);
	else if (name)
		on_problem(r, line, "[camera NAME]: expected a name");
}

/* True when the section is a camera's: it is dealt with then. */
static bool camera_item(struct reading *r, const struct ini_item *in)
{
	const char *name = camera_of(in->section);
	struct err e;

	if (!name)
		return false;
	if (*name && fits_a_line(name) &&
	    camera_key(camera_named(r->c, name), in, r->dir, &e) < 0) {
		err_ctx(&e, "[%s] %s", in->section, in->key);
		on_problem(r, in->line, e.msg);
	}
	return true;
}

void conf_of_camera(struct conf *out, const struct conf *c, size_t i)
{
	const struct conf_camera *cam = &c->cameras.v[i];

	*out = *c;
	memset(&out->cameras, 0, sizeof(out->cameras));
	for (size_t k = 0; k < conf_n_items; k++) {
		char **s = field(out, &conf_items[k]);

		if (conf_items[k].type == CONF_STRING)
			*s = xstrdup(*s);
	}
	free(out->camera.name);
	out->camera.name = xstrdup(cam->name);
	for (size_t k = 0; k < cam->own.n; k++)
		take(out, cam->own.v[k].item, cam->own.v[k].value, NULL, NULL);
}

static bool is_section(const char *name)
{
	for (size_t i = 0; i < conf_n_sections; i++)
		if (!strcmp(conf_sections[i].name, name))
			return true;
	return false;
}

static void on_item(void *arg, const struct ini_item *in)
{
	struct reading *r = arg;
	const struct conf_item *it;
	struct str key = STR_INIT;
	struct err e;

	if (camera_item(r, in))
		return;
	if (!is_section(in->section)) {
		unknown_section(r, in);
		return;
	}
	str_addf(&key, "%s.%s", in->section, in->key);
	it = find(key.s);
	str_clear(&key);
	if (!it) {
		unknown_key(r, in);
	} else if (take(r->c, it, in->value, r->dir, &e) < 0) {
		err_ctx(&e, "[%s] %s", in->section, in->key);
		on_problem(r, in->line, e.msg);
	}
}

/* The folder that path lies in, absolute; the caller frees it. */
static char *folder_of(const char *path)
{
	const char *base = file_base(path);
	char *dir = base == path ? xstrdup(".") : xstrndup(path, (size_t)(base - path));
	char *whole = realpath(dir, NULL);

	if (!whole)
		return dir;
	free(dir);
	return whole;
}

int conf_read(struct conf *c, const char *path, struct str *problems)
{
	struct reading r = { .c = c, .path = path, .problems = problems };
	struct ini_sink sink = {
		.item = on_item, .problem = on_problem, .arg = &r, .section = on_section
	};
	struct err e;

	r.dir = folder_of(path);
	if (ini_read(path, &sink, &e) < 0) {
		str_addf(problems, "%s\n", e.msg);
		r.n = 1;
	}
	free(r.dir);
	free(r.unknown);
	return r.n;
}

/* ---- The command line ---- */

int conf_set(struct conf *c, const char *assignment, struct err *err)
{
	const char *eq = strchr(assignment, '='), *near;
	const struct conf_item *it;
	char *key;
	int rc;

	if (!eq || eq == assignment)
		return err_set(err, ERR_USAGE, "expected SECTION.KEY=VALUE, found '%s'",
			       assignment);
	key = xstrndup(assignment, (size_t)(eq - assignment));
	it = find(key);
	if (it) {
		rc = take(c, it, eq + 1, NULL, err);
		if (rc < 0)
			err_ctx(err, "%s", key);
	} else {
		near = nearest_item(key);
		rc = err_set(err, ERR_USAGE, "unknown setting '%s'%s%s%s", key,
			     near ? "; did you mean '" : "", near ? near : "",
			     near ? "'?" : "");
	}
	free(key);
	return rc;
}

int conf_offer(struct conf *c, const char *key, const char *value, struct err *err)
{
	const struct conf_item *it = find(key);
	int rc;

	assert(it);
	if (c->given[it - conf_items])
		return 0;
	rc = take(c, it, value, NULL, err);
	if (rc < 0)
		err_ctx(err, "%s", key);
	c->given[it - conf_items] = false;
	return rc;
}

/* ---- What only shows when all is read ---- */

static bool parse_hhmm(const char *s, int *seconds)
{
	if (strlen(s) != 5 || strspn(s, "0123456789:") != 5 || s[2] != ':' ||
	    strcspn(s, ":") != 2 || strchr(s + 3, ':'))
		return false;
	*seconds =
		((s[0] - '0') * 10 + s[1] - '0') * 3600 + ((s[3] - '0') * 10 + s[4] - '0') * 60;
	return *seconds < 24 * 3600 && s[3] < '6';
}

static bool known_backend(const char *name, struct str *known)
{
	const struct background_kind *k;

	for (int i = 0; (k = background_kind(i)); i++) {
		if (!strcmp(k->name, name))
			return true;
		str_addf(known, "%s%s", i ? ", " : "", k->name);
	}
	return false;
}

int conf_check(struct conf *c, struct str *problems)
{
	struct calendar_opts opts = c->calendar;
	struct calendar calendar = { 0 };
	struct str known = STR_INIT;
	struct err e;
	int n = 0, start_s;

	if (clock_check_zone(c->store.time_zone, &e) < 0) {
		str_addf(problems, "store.time_zone: %s\n", e.msg);
		n++;
	}
	if (parse_hhmm(c->store.business_day_start, &start_s)) {
		c->store.business_day_start_s = start_s;
	} else {
		str_addf(problems,
			 "store.business_day_start: expected HH:MM from 00:00 to 23:59, "
			 "found '%s'\n",
			 c->store.business_day_start);
		n++;
	}
	opts.holidays = (char[]){ "" }; /* read when a report is made */
	if (calendar_init(&calendar, &opts, &e) < 0) {
		str_addf(problems, "%s\n", e.msg);
		n++;
	}
	calendar_clear(&calendar);
	if (!known_backend(c->background.backend, &known)) {
		str_addf(problems, "background.backend: expected one of %s, found '%s'\n",
			 known.s, c->background.backend);
		n++;
	}
	for (size_t i = 0; i < c->cameras.n; i++) {
		if (c->cameras.v[i].uri)
			continue;
		str_addf(problems, "[camera %s]: there is no uri\n", c->cameras.v[i].name);
		n++;
	}
	if (c->people.min_height > c->people.max_height) {
		str_add(problems, "people.min_height: is more than people.max_height\n");
		n++;
	}
	str_clear(&known);
	return n;
}
