/* SPDX-License-Identifier: Apache-2.0 */
/* ini.c -- one line at a time through inih, so that each gets its own verdict. */
#include "base/ini.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#define SECTION_BYTES 48 /* inih cuts longer names without a word */

_Static_assert(INI_LINE_BYTES + 3 <= INI_MAX_LINE, "inih's line buffer is shorter");

struct seen {
	char *section, *key;
	int line;
};

struct reading {
	const struct ini_sink *sink;
	char section[SECTION_BYTES + 1];
	bool lost; /* below a section line that could not be read: its keys belong nowhere */
	int line;
	VEC(struct seen) seen;
};

static void problem(struct reading *r, const char *why)
{
	r->sink->problem(r->sink->arg, r->line, why);
}

/* The line in which the key was set before, or 0. */
static int seen_before(struct reading *r, const char *key)
{
	for (size_t i = 0; i < r->seen.n; i++)
		if (!strcmp(r->seen.v[i].key, key) && !strcmp(r->seen.v[i].section, r->section))
			return r->seen.v[i].line;
	return 0;
}

/* Handler of inih for "key = value". */
static int on_item(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;
	struct str why = STR_INIT;
	int line = seen_before(r, key);

	(void)section;
	if (!*key)
		return 0;
	if (line) {
		str_addf(&why, "'%s' in [%s] is already set in line %d", key, r->section, line);
		problem(r, why.s);
		str_clear(&why);
		return 1;
	}
	*VEC_PUSH(&r->seen) = (struct seen){ xstrdup(r->section), xstrdup(key), r->line };
	r->sink->item(r->sink->arg, &(struct ini_item){ r->section, key, value, r->line });
	return 1;
}

/* Handler of inih for a section line with a key put under it. */
static int on_section(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;

	(void)key;
	(void)value;
	str_copy(r->section, sizeof(r->section), section);
	return 1;
}

static void section_line(struct reading *r, const char *line)
{
	char with_key[INI_LINE_BYTES + 8];
	const char *end = strchr(line, ']');
	const char *rest = end ? end + 1 + strspn(end + 1, " \t\r") : "";

	r->lost = true;
	if (!end || end == line + 1) {
		problem(r, "expected [section]");
	} else if (end - line - 1 > SECTION_BYTES) {
		problem(r, "the section's name is too long");
	} else if (*rest && *rest != ';' && *rest != '#') {
		problem(r, "expected nothing after [section]");
	} else {
		snprintf(with_key, sizeof(with_key), "%s\n_=_", line);
		if (ini_parse_string(with_key, on_section, r) == 0)
			r->lost = false;
		else
			problem(r, "expected [section]");
	}
	if (!r->lost && r->sink->section)
		r->sink->section(r->sink->arg, r->section, r->line);
}

/* Cuts a comment off the line's end: the same for every build of inih. */
static void cut_comment(char *line)
{
	for (char *s = line; *s; s++) {
		if (*s == ';' && s > line && (s[-1] == ' ' || s[-1] == '\t')) {
			*s = '\0';
			return;
		}
	}
}

static void one_line(struct reading *r, const char *text, size_t len)
{
	char line[INI_LINE_BYTES + 1];

	if (len && text[len - 1] == '\r')
		len--;
	while (len && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	if (!len || *text == ';' || *text == '#')
		return;
	if (len > INI_LINE_BYTES) {
		problem(r, "longer than 197 bytes");
		return;
	}
	memcpy(line, text, len);
	line[len] = '\0';
	if (*line == '[') {
		section_line(r, line);
		return;
	}
	cut_comment(line);
	if (!r->lost && ini_parse_string(line, on_item, r) != 0)
		problem(r, "expected 'key = value' or [section]");
}

void ini_text(const char *text, size_t len, const struct ini_sink *sink)
{
	struct reading r = { .sink = sink };
	const char *s = text, *end = text + len, *stop;

	if (len >= 3 && !memcmp(s, "\xef\xbb\xbf", 3))
		s += 3;
	for (; s < end; s = stop + 1) {
		stop = memchr(s, '\n', (size_t)(end - s));
		if (!stop)
			stop = end;
		r.line++;
		if (memchr(s, '\0', (size_t)(stop - s))) {
			problem(&r, "holds a byte 0; is this a text file?");
			break;
		}
		one_line(&r, s, (size_t)(stop - s));
	}
	for (size_t i = 0; i < r.seen.n; i++) {
		free(r.seen.v[i].section);
		free(r.seen.v[i].key);
	}
	VEC_FREE(&r.seen);
}

int ini_read(const char *path, const struct ini_sink *sink, struct err *err)
{
	char *text;
	size_t len;
	int rc = file_read(path, INI_FILE_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	ini_text(text, len, sink);
	free(text);
	return 0;
}
