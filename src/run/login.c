/* SPDX-License-Identifier: Apache-2.0 */
/* login.c -- the cameras' logins. */
#include "run/login.h"

#include "base/ini.h"
#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void forget(char *s)
{
	if (s)
		explicit_bzero(s, strlen(s));
	free(s);
}

void login_clear(struct login *l)
{
	forget(l->user);
	forget(l->password);
	*l = (struct login){ 0 };
}

struct reading {
	struct login *l;
	const char *path, *camera;
	struct err err;
};

static void on_item(void *arg, const struct ini_item *it)
{
	struct reading *r = arg;
	bool ours = !strcmp(it->section, r->camera);
	char **to = !strcmp(it->key, "user")       ? &r->l->user
		    : !strcmp(it->key, "password") ? &r->l->password
						   : NULL;

	if (!to && !r->err.code)
		err_set(&r->err, ERR_CONFIG, "%s:%d: expected user or password", r->path,
			it->line);
	if (to && ours && !*to)
		*to = xstrdup(it->value);
}

static void on_problem(void *arg, int line, const char *why)
{
	struct reading *r = arg;

	if (!r->err.code)
		err_set(&r->err, ERR_CONFIG, "%s:%d: %s", r->path, line, why);
}

static int from_file(struct login *l, const char *path, const char *camera, struct err *err)
{
	struct reading r = { .l = l, .path = path, .camera = camera };
	struct ini_sink sink = { .item = on_item, .problem = on_problem, .arg = &r };
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(err, ERR_CONFIG, "cannot open '%s': %s", path, strerror(errno));
	if (st.st_mode & 077)
		return err_set(err, ERR_CONFIG,
			       "'%s' may be read or written by others (mode %04o); expected "
			       "0600",
			       path, (unsigned)st.st_mode & 07777);
	if (ini_read(path, &sink, &r.err) < 0)
		r.err.code = ERR_CONFIG;
	if (!r.err.code)
		return 0;
	if (err)
		*err = r.err;
	return ERR_CONFIG;
}

/* FOOTFALL_LOGIN_BACK_DOOR of "back-door". */
static void from_environment(struct login *l, const char *camera)
{
	struct str name = STR_INIT;
	const char *value, *colon;

	str_add(&name, "FOOTFALL_LOGIN_");
	for (const char *c = camera; *c; c++) {
		bool small = *c >= 'a' && *c <= 'z';
		bool kept = (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');

		str_addf(&name, "%c", small ? *c - 'a' + 'A' : kept ? *c : '_');
	}
	value = getenv(name.s);
	str_clear(&name);
	if (!value || !*value)
		return;
	login_clear(l);
	colon = strchr(value, ':');
	l->user = xstrndup(value, colon ? (size_t)(colon - value) : strlen(value));
	l->password = xstrdup(colon ? colon + 1 : "");
}

int login_find(struct login *l, const char *path, const char *camera, struct err *err)
{
	int rc = 0;

	*l = (struct login){ 0 };
	if (*path)
		rc = from_file(l, path, camera, err);
	if (rc < 0)
		login_clear(l);
	else
		from_environment(l, camera);
	return rc;
}
