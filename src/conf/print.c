/* SPDX-License-Identifier: Apache-2.0 */
/* print.c -- the settings as a file, as a manual and as an identity. */
#include "base/vec.h"
#include "conf/conf.h"
#include "conf/schema.h"

#include <stdlib.h>
#include <string.h>

static const char *key_of(const struct conf_item *it)
{
	return strchr(it->key, '.') + 1;
}

static bool in_section(const struct conf_item *it, const struct conf_section *s)
{
	size_t n = strlen(s->name);

	return str_starts(it->key, s->name) && it->key[n] == '.';
}

const char *conf_key(size_t n)
{
	return n < conf_n_items ? conf_items[n].key : NULL;
}

void conf_value(const struct conf *c, const struct conf_item *it, struct str *out)
{
	const void *p = (const char *)c + it->offset;
	char buf[STR_DOUBLE];

	if (it->type == CONF_INT)
		str_addf(out, "%d", *(const int *)p);
	else if (it->type == CONF_DOUBLE)
		str_add(out, str_double(*(const double *)p, buf));
	else if (it->type == CONF_BOOL)
		str_add(out, *(const bool *)p ? "yes" : "no");
	else
		str_add(out, *(char *const *)p);
}

/* text as comment lines of at most 80 columns. */
static void add_comment(const char *text, struct str *out)
{
	size_t column = 0;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column && column + 1 + n > 80) {
			str_add(out, "\n");
			column = 0;
		}
		str_addf(out, "%s%.*s", column ? " " : "# ", (int)n, text);
		column += n + (column ? 1 : 2);
		text += n + strspn(text + n, " ");
	}
	str_add(out, "\n");
}

static void add_backends(struct str *out)
{
	const struct background_kind *k;

	for (int i = 0; (k = background_kind(i)); i++)
		str_addf(out, "%s%s (%s)", i ? ", " : " One of: ", k->name, k->help);
	str_add(out, ".");
}

/* Help, range and default in one paragraph. */
static void add_help(const struct conf *defaults, const struct conf_item *it, struct str *out)
{
	str_add(out, it->help);
	if (!strcmp(it->key, "background.backend"))
		add_backends(out);
	str_add(out, " Expected: ");
	conf_expected(it, out);
	str_add(out, "; default: ");
	if (it->flags & CONF_FILE)
		str_add(out, "none");
	else
		conf_value(defaults, it, out);
	str_add(out, ".");
}

static void print_camera(const struct conf_camera *cam, struct str *out)
{
	str_addf(out, "\n[camera %s]\nuri = %s\ntransport = %s\n", cam->name,
		 cam->uri ? cam->uri : "", cam->udp ? "udp" : "tcp");
	for (size_t i = 0; i < cam->own.n; i++)
		str_addf(out, "%s = %s\n", cam->own.v[i].item->key, cam->own.v[i].value);
}

/* The section that a settings file to begin with has no values for. */
static void print_camera_doc(struct str *out)
{
	str_add(out, "\n");
	add_comment(conf_camera_help, out);
	str_add(out, "# [camera NAME]\n");
	for (size_t i = 0; i < conf_n_camera_keys; i++) {
		const struct conf_camera_key *k = &conf_camera_keys[i];
		struct str help = STR_INIT;

		str_addf(&help, "%s Expected: %s.", k->help, k->expected);
		add_comment(help.s, out);
		str_addf(out, "# %s = %s\n", k->key, k->standard);
		str_clear(&help);
	}
}

void conf_print(const struct conf *c, bool docs, struct str *out)
{
	struct conf defaults;

	conf_init(&defaults);
	for (size_t s = 0; s < conf_n_sections; s++) {
		if (s)
			str_add(out, "\n");
		if (docs)
			add_comment(conf_sections[s].help, out);
		str_addf(out, "[%s]\n", conf_sections[s].name);
		for (size_t i = 0; i < conf_n_items; i++) {
			const struct conf_item *it = &conf_items[i];

			if (!in_section(it, &conf_sections[s]))
				continue;
			if (docs) {
				struct str help = STR_INIT;

				add_help(&defaults, it, &help);
				add_comment(help.s, out);
				str_clear(&help);
			}
			str_addf(out, "%s = ", key_of(it));
			conf_value(c, it, out);
			str_addf(out, "%s%s\n", it->unit ? "  ; " : "",
				 it->unit ? it->unit : "");
		}
	}
	if (docs)
		print_camera_doc(out);
	for (size_t i = 0; i < c->cameras.n; i++)
		print_camera(&c->cameras.v[i], out);
	conf_clear(&defaults);
}

/* text for a cell of a Markdown table. */
static void add_cell(const char *text, struct str *out)
{
	for (; *text; text++)
		str_addf(out, "%s%c", strchr("|<*_\\", *text) ? "\\" : "", *text);
}

static void manual_item(const struct conf *defaults, const struct conf_item *it, bool roff,
			struct str *out)
{
	struct str help = STR_INIT, value = STR_INIT;

	if (roff) {
		add_help(defaults, it, &help);
		str_addf(out, ".TP\n.B %s\n", key_of(it));
		str_add_roff(out, help.s);
		str_add(out, "\n");
	} else {
		conf_expected(it, &value);
		str_addf(out, "| `%s` | ", key_of(it));
		add_cell(value.s, out);
		value.len = 0;
		conf_value(defaults, it, &value);
		str_addf(out, " | %s%s%s | ", value.len ? "`" : "",
			 value.len ? value.s : "none", value.len ? "`" : "");
		str_add(&help, it->help);
		if (!strcmp(it->key, "background.backend"))
			add_backends(&help);
		add_cell(help.s, out);
		str_add(out, " |\n");
	}
	str_clear(&help);
	str_clear(&value);
}

static void manual_cameras(bool roff, struct str *out)
{
	str_addf(out,
		 roff ? ".SS [camera NAME]\n%s\n"
		      : "\n## [camera NAME]\n\n%s\n\n"
			"| key | value | default | meaning |\n|---|---|---|---|\n",
		 conf_camera_help);
	for (size_t i = 0; i < conf_n_camera_keys; i++) {
		const struct conf_camera_key *k = &conf_camera_keys[i];

		if (roff) {
			str_addf(out, ".TP\n.B %s\n", k->key);
			str_add_roff(out, k->help);
			str_addf(out, " Expected: %s.\n", k->expected);
		} else {
			str_addf(out, "| `%s` | %s | %s%s%s | ", k->key, k->expected,
				 *k->standard ? "`" : "", *k->standard ? k->standard : "none",
				 *k->standard ? "`" : "");
			add_cell(k->help, out);
			str_add(out, " |\n");
		}
	}
}

void conf_manual(struct str *out, bool roff)
{
	struct conf defaults;

	conf_init(&defaults);
	for (size_t s = 0; s < conf_n_sections; s++) {
		const struct conf_section *section = &conf_sections[s];

		if (roff)
			str_addf(out, ".SS [%s]\n%s\n", section->name, section->help);
		else
			str_addf(out,
				 "%s## [%s]\n\n%s\n\n"
				 "| key | value | default | meaning |\n|---|---|---|---|\n",
				 s ? "\n" : "", section->name, section->help);
		for (size_t i = 0; i < conf_n_items; i++)
			if (in_section(&conf_items[i], section))
				manual_item(&defaults, &conf_items[i], roff, out);
	}
	manual_cameras(roff, out);
	conf_clear(&defaults);
}

static void add_json_text(const char *s, struct str *out)
{
	str_add(out, "\"");
	for (; *s; s++)
		str_addf(out, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
	str_add(out, "\"");
}

char *conf_params(const struct conf *c)
{
	struct str out = STR_INIT;

	for (size_t i = 0; i < conf_n_items; i++) {
		const struct conf_item *it = &conf_items[i];
		const void *p = (const char *)c + it->offset;

		if (!(it->flags & CONF_COUNTS))
			continue;
		str_addf(&out, "%s\"%s\":", out.len ? "," : "{", it->key);
		if (it->type == CONF_STRING)
			add_json_text(*(char *const *)p, &out);
		else if (it->type == CONF_BOOL)
			str_add(&out, *(const bool *)p ? "true" : "false");
		else
			conf_value(c, it, &out);
	}
	str_add(&out, "}");
	return str_take(&out);
}
