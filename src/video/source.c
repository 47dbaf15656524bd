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

/* The first is what a bare path means. */
static const struct source_kind *const kinds[] = {
	&recording_kind,
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

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

static int find_kind(const char *spec, const struct source_kind **kind, const char **rest,
		     struct err *err)
{
	size_t n = scheme_of(spec);
	struct str known = STR_INIT;

	*kind = kinds[0];
	*rest = spec;
	if (!n)
		return 0;
	for (size_t i = 0; i < N_KINDS; i++) {
		*kind = kinds[i];
		*rest = spec + n + 1;
		if (strlen(kinds[i]->name) == n && !strncmp(kinds[i]->name, spec, n))
			return 0;
		str_addf(&known, "%s%s:", i ? ", " : "", kinds[i]->name);
	}
	err_set(err, ERR_USAGE,
		"'%s' is not there, and '%.*s:' is no kind of source; known: %s", spec, (int)n,
		spec, known.s);
	str_clear(&known);
	return ERR_USAGE;
}

struct source *source_open(const struct source_opts *o, struct err *err)
{
	struct source *s = xcalloc(1, sizeof(*s));
	const char **specs = xcalloc((size_t)o->n_specs, sizeof(*specs));
	struct source_opts bare = *o;
	bool ok = false;

	if (o->n_specs < 1) {
		err_set(err, ERR_USAGE, "no recording given");
		goto out;
	}
	for (int i = 0; i < o->n_specs; i++) {
		const struct source_kind *kind;

		if (find_kind(o->specs[i], &kind, &specs[i], err) < 0)
			goto out;
		if (s->kind && s->kind != kind) {
			err_set(err, ERR_USAGE, "'%s' is of another kind (%s) than '%s' (%s)",
				o->specs[i], kind->name, o->specs[0], s->kind->name);
			goto out;
		}
		s->kind = kind;
	}
	bare.specs = specs;
	s->last_us = CLOCK_NONE;
	s->priv = xcalloc(1, s->kind->priv_size);
	ok = s->kind->open(s->priv, &bare, &s->info, err) == 0;
out:
	free(specs);
	if (!ok) {
		source_close(s);
		s = NULL;
	}
	return s;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	if (s->priv)
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
