/* SPDX-License-Identifier: Apache-2.0 */
/* scene.c -- a scene from its file, by the table. */
#include "sim/scene.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/str.h"
#include "base/vec.h"
#include "sim/scene_table.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct scene *s;
	struct err *err;
	bool failed; /* the first problem is told, the rest is passed over */
	char *start; /* scene.start as written */
	VEC(struct scene_where) where;
};

static void fail(struct reading *r, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void fail(struct reading *r, int line, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (r->failed)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->failed = true;
	if (line)
		err_set(r->err, ERR_CONFIG, "%s:%d: %s", r->s->path, line, text);
	else
		err_set(r->err, ERR_CONFIG, "%s: %s", r->s->path, text);
}

/* "[door main]" */
static const char *title(const struct scene_where *w, char *buf, size_t size)
{
	const char *name = w->section->named ? w->thing : "";

	snprintf(buf, size, "[%s%s%s]", w->section->name, *name ? " " : "", name);
	return buf;
}
#define TITLE_BYTES (NAME_MAX_BYTES + 16)

/* ---- Sections ---- */

static void set_initial(const struct scene_section *section, void *thing)
{
	for (int i = 0; i < section->n; i++) {
		const struct scene_key *k = &section->key[i];
		bool taken = !k->initial || !*k->initial || scene_take(k, k->initial, thing);

		assert(taken);
		(void)taken;
	}
}

static void add_where(struct reading *r, const struct scene_section *section, void *thing,
		      int line)
{
	*VEC_PUSH(&r->where) =
		(struct scene_where){ .section = section, .thing = thing, .line = line };
	set_initial(section, thing);
}

static void unknown_section(struct reading *r, const char *text, int line)
{
	char *kind = xstrndup(text, strcspn(text, " \t"));
	const char *names[SCENE_KEYS_MAX], *near;

	assert(scene_n_sections <= SCENE_KEYS_MAX);
	for (int i = 0; i < scene_n_sections; i++)
		names[i] = scene_sections[i].name;
	near = str_nearest(kind, names, (size_t)scene_n_sections);
	fail(r, line, "unknown section [%s]%s%s%s", text, near ? "; did you mean [" : "",
	     near ? near : "", near ? "]?" : "");
	free(kind);
}

/* Names are parts of files' names. */
static bool is_name(const char *s)
{
	if (!*s || *s == '.' || strlen(s) >= NAME_MAX_BYTES || !str_is_clean(s))
		return false;
	for (; *s; s++)
		if (!(*s & 0x80) && !isalnum((unsigned char)*s) && !strchr(" -_.", *s))
			return false;
	return true;
}

static const struct scene_section *section_of(const char *kind, size_t n)
{
	for (int i = 0; i < scene_n_sections; i++)
		if (strlen(scene_sections[i].name) == n &&
		    !strncmp(scene_sections[i].name, kind, n))
			return &scene_sections[i];
	return NULL;
}

static struct scene_where *same_thing(struct reading *r, const struct scene_section *section,
				      const char *name)
{
	for (size_t i = 0; i < r->where.n; i++) {
		struct scene_where *w = &r->where.v[i];

		if (w->section == section &&
		    (!section->named || !strcmp((const char *)w->thing, name)))
			return w;
	}
	return NULL;
}

/* One more of those there may be several of. */
static void new_thing(struct reading *r, const struct scene_section *section, const char *name,
		      int line)
{
	int *n = (int *)((char *)r->s + section->count);
	char *thing = (char *)r->s + section->offset + (size_t)*n * section->size;

	if (*n == SCENE_MAX) {
		fail(r, line, "[%s %s]: more than %d of this kind", section->name, name,
		     SCENE_MAX);
		return;
	}
	(*n)++;
	if (section->named)
		str_copy(thing, NAME_MAX_BYTES, name);
	add_where(r, section, thing, line);
}

static void on_section(void *arg, const char *text, int line)
{
	struct reading *r = arg;
	size_t n = strcspn(text, " \t");
	const char *name = text + n + strspn(text + n, " \t");
	const struct scene_section *section = section_of(text, n);
	struct scene_where *same;

	if (r->failed)
		return;
	if (!section) {
		unknown_section(r, text, line);
		return;
	}
	if (section->named && !is_name(name)) {
		fail(r, line,
		     "[%s]: expected [%s NAME], a name of letters, digits, blanks, '-', '_' "
		     "and '.'",
		     text, section->name);
		return;
	}
	if (!section->count && *name) {
		fail(r, line, "[%s]: expected [%s], there is only one", text, section->name);
		return;
	}
	same = section->named || !section->count ? same_thing(r, section, name) : NULL;
	if (same && same->line)
		fail(r, line, "[%s] is already in line %d", text, same->line);
	else if (same)
		same->line = line;
	else
		new_thing(r, section, name, line);
}

/* ---- Keys ---- */

static void unknown_key(struct reading *r, const struct scene_where *w,
			const struct ini_item *it)
{
	const char *names[SCENE_KEYS_MAX], *near;
	char buf[TITLE_BYTES];

	for (int i = 0; i < w->section->n; i++)
		names[i] = w->section->key[i].name;
	near = str_nearest(it->key, names, (size_t)w->section->n);
	fail(r, it->line, "unknown key '%s' in %s%s%s%s", it->key, title(w, buf, sizeof(buf)),
	     near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void wrong_value(struct reading *r, const struct scene_where *w,
			const struct scene_key *k, const struct ini_item *it)
{
	struct str want = STR_INIT;
	char buf[TITLE_BYTES];

	scene_expected(k, &want);
	fail(r, it->line, "%s %s: expected %s, found '%s'", title(w, buf, sizeof(buf)), k->name,
	     want.s, it->value);
	str_clear(&want);
}

static struct scene_where *where_of(struct reading *r, const char *text)
{
	size_t n = strcspn(text, " \t");
	const char *name = text + n + strspn(text + n, " \t");
	const struct scene_section *section = section_of(text, n);

	if (section && section->count && !section->named)
		return &r->where.v[r->where.n - 1]; /* the one that was begun last */
	return section ? same_thing(r, section, name) : NULL;
}

static void on_item(void *arg, const struct ini_item *it)
{
	struct reading *r = arg;
	const struct scene_key *k;
	struct scene_where *w;

	if (r->failed)
		return;
	if (!*it->section) {
		fail(r, it->line, "'%s' stands before the first [section]", it->key);
		return;
	}
	w = where_of(r, it->section);
	assert(w); /* on_section() made it */
	k = scene_key_of(w->section, it->key);
	if (!k) {
		unknown_key(r, w, it);
		return;
	}
	w->key[k - w->section->key] = it->line;
	if (k->type == SCENE_START) {
		free(r->start);
		r->start = xstrdup(it->value);
	} else if (!scene_take(k, it->value, w->thing)) {
		wrong_value(r, w, k, it);
	}
}

static void on_problem(void *arg, int line, const char *why)
{
	fail(arg, line, "%s", why);
}

/* ---- When all is read ---- */

static void must_have(struct reading *r, const struct scene_where *w)
{
	char buf[TITLE_BYTES];

	for (int i = 0; i < w->section->n; i++) {
		const struct scene_key *k = &w->section->key[i];
		bool other = i + 1 < w->section->n && k[1].type == SCENE_CORNERS;
		struct str want = STR_INIT;

		if (w->key[i] && other && w->key[i + 1])
			fail(r, w->key[i + 1], "%s %s: there is '%s' in line %d already",
			     title(w, buf, sizeof(buf)), k[1].name, k->name, w->key[i]);
		if (k->initial || w->key[i] || (other && w->key[i + 1]))
			continue;
		scene_expected(k, &want);
		fail(r, w->line, "%s: '%s' is missing; expected %s", title(w, buf, sizeof(buf)),
		     k->name, want.s);
		str_clear(&want);
	}
}

/* A process has one zone; the scene's is borrowed for this. */
static void take_start(struct reading *r)
{
	char *zone = xstrdup(clock_zone());
	struct err e;

	if (clock_set_zone(r->s->time_zone, &e) < 0)
		fail(r, scene_key_line(&r->where.v[0], "time_zone"), "[scene] time_zone: %s",
		     e.msg);
	else if (clock_parse(r->start, &r->s->start_us, &e) < 0)
		fail(r, scene_key_line(&r->where.v[0], "start"), "[scene] start: %s", e.msg);
	else
		scene_find_offsets(r->s);
	clock_set_zone(zone, NULL);
	free(zone);
}

/* The plan's name becomes one that can be opened from here. */
static void find_plan(struct scene *s)
{
	size_t n = (size_t)(file_base(s->path) - s->path);
	struct str whole = STR_INIT;

	if (!s->plan || *s->plan == '/')
		return;
	str_add_n(&whole, s->path, n);
	str_add(&whole, s->plan);
	free(s->plan);
	s->plan = str_take(&whole);
}

static void name_after_file(struct scene *s)
{
	const char *base = file_base(s->path);
	size_t n = strcspn(base, ".");

	if (!*s->name && n < sizeof(s->name)) {
		memcpy(s->name, base, n);
		s->name[n] = '\0';
	}
}

static void finish(struct reading *r)
{
	struct scene *s = r->s;

	for (size_t i = 0; i < r->where.n; i++)
		must_have(r, &r->where.v[i]);
	if (!r->failed && !s->time_zone)
		fail(r, scene_key_line(&r->where.v[0], "time_zone"),
		     "[scene] time_zone: expected a name");
	if (!r->failed)
		take_start(r);
	if (r->failed)
		return;
	find_plan(s);
	name_after_file(s);
	for (size_t i = 0; i < r->where.n; i++)
		if (scene_key_line(&r->where.v[i], "clothes"))
			((struct scene_walker *)r->where.v[i].thing)->coloured = true;
	if (scene_check(s, r->where.v, r->where.n, r->err) < 0) {
		r->failed = true;
		return;
	}
	for (int i = 0; i < s->n_cameras; i++) {
		struct scene_camera *c = &s->camera[i];

		lens_look(&c->lens, c->w, c->h, c->fov_deg, c->k1, c->at, c->to, c->roll_deg);
	}
}

struct scene *scene_parse(const char *text, size_t len, const char *path, struct err *err)
{
	struct reading r = { .err = err };
	struct ini_sink sink = {
		.item = on_item, .problem = on_problem, .arg = &r, .section = on_section
	};

	r.s = xcalloc(1, sizeof(*r.s));
	r.s->path = xstrdup(path);
	for (int i = 0; i < scene_n_sections; i++) {
		const struct scene_section *section = &scene_sections[i];

		assert(section->n <= SCENE_KEYS_MAX);
		if (!section->count)
			add_where(&r, section, (char *)r.s + section->offset, 0);
	}
	r.start = xstrdup(scene_key_of(&scene_sections[0], "start")->initial);
	ini_text(text, len, &sink);
	finish(&r);
	VEC_FREE(&r.where);
	free(r.start);
	if (!r.failed)
		return r.s;
	scene_free(r.s);
	return NULL;
}

struct scene *scene_read(const char *path, struct err *err)
{
	struct scene *s;
	char *text;
	size_t len;

	if (file_read(path, INI_FILE_BYTES, &text, &len, err) < 0)
		return NULL;
	s = scene_parse(text, len, path, err);
	free(text);
	return s;
}

void scene_free(struct scene *s)
{
	if (!s)
		return;
	free(s->path);
	free(s->time_zone);
	free(s->plan);
	free(s);
}

int scene_set(struct scene *s, const char *section, const char *key, const char *text,
	      struct err *err)
{
	const struct scene_section *in = scene_sections;
	struct str expected = STR_INIT;
	const struct scene_key *k;

	while (in->named || strcmp(in->name, section) != 0)
		in++;
	k = scene_key_of(in, key);
	if (!k)
		return err_set(err, ERR_USAGE, "[%s] has no key '%s'", section, key);
	if (scene_take(k, text, (char *)s + in->offset))
		return 0;
	scene_expected(k, &expected);
	err_set(err, ERR_USAGE, "[%s] %s: expected %s, found '%s'", section, key, expected.s,
		text);
	str_clear(&expected);
	return ERR_USAGE;
}

int scene_camera(const struct scene *s, const char *name, struct err *err)
{
	struct str names = STR_INIT;
	bool any = !name || !*name;

	if (any && s->n_cameras == 1)
		return 0;
	for (int i = 0; i < s->n_cameras; i++) {
		if (!any && !strcmp(s->camera[i].name, name)) {
			str_clear(&names);
			return i;
		}
		str_addf(&names, "%s%s", i ? ", " : "", s->camera[i].name);
	}
	if (any)
		err_set(err, ERR_USAGE, "'%s' has several cameras, name one of: %s", s->path,
			names.s);
	else
		err_set(err, ERR_USAGE, "'%s' has no camera '%s', only: %s", s->path, name,
			names.s);
	str_clear(&names);
	return ERR_USAGE;
}

/* ---- Help ---- */

/* text in lines of at most 80 columns, each after two blanks and more. */
static void add_wrapped(const char *text, struct str *out)
{
	size_t column = 0;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column + 1 + n > 80) {
			str_add(out, "\n");
			column = 0;
		}
		str_addf(out, "%s%.*s", column ? " " : "    ", (int)n, text);
		column += n + (column ? 1 : 4);
		text += n + strspn(text + n, " ");
	}
	str_add(out, "\n");
}

static void add_key(const struct scene_key *k, struct str *out)
{
	struct str help = STR_INIT;

	str_add(&help, k->help);
	str_add(&help, " Expected: ");
	scene_expected(k, &help);
	if (!k->initial)
		str_add(&help, "; must be given.");
	else if (*k->initial)
		str_addf(&help, "; default: %s.", k->initial);
	else
		str_add(&help, "; default: none.");
	str_addf(out, "  %s\n", k->name);
	add_wrapped(help.s, out);
	str_clear(&help);
}

void scene_keys(struct str *out)
{
	for (int i = 0; i < scene_n_sections; i++) {
		const struct scene_section *section = &scene_sections[i];

		str_addf(out, "%s[%s%s]  %s\n", i ? "\n" : "", section->name,
			 section->named ? " NAME" : "", section->help);
		for (int k = 0; k < section->n; k++)
			add_key(&section->key[k], out);
	}
}
