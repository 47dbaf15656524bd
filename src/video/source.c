/* SPDX-License-Identifier: Apache-2.0 */
/* source.c -- the kinds of sources, and the one that a specification asks for. */
#include "video/source.h"

#include "base/str.h"
#include "base/vec.h"
#include "video/recording.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct source_kind *const files_only[] = { &recording_kind, NULL };

struct source {
	const struct source_kind *kind;
	void *priv;
	struct source_info info;
	int64_t frames;
	int64_t last_us;
};

/* Length of "file" in "file:a.mp4"; 0 for a bare path. One letter is a drive, and a name that
 * lies on the disk is a file whatever it looks like. */
static size_t scheme_of(const char *spec)
{
	size_t n = strspn(spec, "abcdefghijklmnopqrstuvwxyz0123456789");

	return n >= 2 && spec[n] == ':' && access(spec, F_OK) < 0 ? n : 0;
}

static int find_kind(const struct source_kind *const *kinds, const char *spec,
		     const struct source_kind **kind, const char **rest, struct err *err)
{
	size_t n = scheme_of(spec);
	struct str known = STR_INIT;

	*kind = kinds[0];
	*rest = spec;
	if (!n)
		return 0;
	for (int i = 0; kinds[i]; i++) {
		*kind = kinds[i];
		*rest = spec + n + 1;
		if (strlen(kinds[i]->name) == n && !strncmp(kinds[i]->name, spec, n)) {
			str_clear(&known);
			return 0;
		}
		str_addf(&known, "%s%s:", i ? ", " : "", kinds[i]->name);
	}
	err_set(err, ERR_USAGE,
		"'%s' is not there, and '%.*s:' is no kind of source; known: %s", spec, (int)n,
		spec, known.s);
	str_clear(&known);
	return ERR_USAGE;
}

/* The one kind that all specs ask for, and the specs without their schemes: *bare, whose specs
 * the caller frees. */
static int resolve(const struct source_opts *o, const struct source_kind **kind,
		   struct source_opts *bare, struct err *err)
{
	const struct source_kind *const *kinds = o->kinds ? o->kinds : files_only;
	const char **specs;
	int rc = 0;

	if (o->n_specs < 1)
		return err_set(err, ERR_USAGE, "no recording given");
	specs = xcalloc((size_t)o->n_specs, sizeof(*specs));
	for (int i = 0; i < o->n_specs && rc >= 0; i++) {
		const struct source_kind *k;

		rc = find_kind(kinds, o->specs[i], &k, &specs[i], err);
		if (rc >= 0 && i > 0 && k != *kind)
			rc = err_set(err, ERR_USAGE,
				     "'%s' is of another kind (%s) than '%s' (%s)", o->specs[i],
				     k->name, o->specs[0], (*kind)->name);
		*kind = k;
	}
	if (rc < 0) {
		free(specs);
		return rc;
	}
	*bare = *o;
	bare->specs = specs;
	return 0;
}

struct source *source_open(const struct source_opts *o, struct err *err)
{
	const struct source_kind *kind;
	struct source_opts bare;
	struct source *s;
	int rc;

	if (resolve(o, &kind, &bare, err) < 0)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->kind = kind;
	s->last_us = CLOCK_NONE;
	s->priv = xcalloc(1, kind->priv_size);
	rc = kind->open(s->priv, &bare, &s->info, err);
	free((void *)bare.specs);
	if (rc < 0) {
		source_close(s);
		return NULL;
	}
	return s;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	s->kind->close(s->priv);
	free(s->priv);
	free(s);
}

const struct source_info *source_info(const struct source *s)
{
	return &s->info;
}

bool source_live(const struct source *s)
{
	return s->kind->live;
}

int source_read(struct source *s, struct frame *f, int timeout_ms, struct err *err)
{
	int rc = s->kind->read(s->priv, f, timeout_ms, err);

	if (rc < 0)
		return rc;
	assert(s->last_us == CLOCK_NONE || f->t_us > s->last_us);
	s->last_us = f->t_us;
	f->index = s->frames++;
	return 0;
}

double source_progress(const struct source *s)
{
	return s->kind->progress(s->priv);
}

const char *source_note(struct source *s)
{
	return s->kind->note(s->priv);
}

int source_about(const struct source_opts *o, struct source_about *out, struct err *err)
{
	const struct source_kind *kind;
	struct source_opts bare;
	int rc;

	*out = (struct source_about){ 0 };
	rc = resolve(o, &kind, &bare, err);
	if (rc < 0)
		return rc;
	if (kind->about)
		rc = kind->about(&bare, out, err);
	free((void *)bare.specs);
	return rc;
}

void source_about_clear(struct source_about *a)
{
	free(a->store);
	free(a->camera);
	free(a->time_zone);
	free(a->plan);
	free(a->calib);
	*a = (struct source_about){ 0 };
}

int source_sample(const struct source_opts *o, int n,
		  void (*take)(void *arg, const struct frame *f), void *arg, struct err *err)
{
	const struct source_kind *kind;
	struct source_opts bare;
	int rc = resolve(o, &kind, &bare, err);

	if (rc < 0)
		return rc;
	if (kind->sample)
		rc = kind->sample(&bare, n, take, arg, err);
	free((void *)bare.specs);
	return rc;
}
