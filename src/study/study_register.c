/* SPDX-License-Identifier: Apache-2.0 */
/* study_register.c -- when a design was written down. */
#include "base/clock.h"
#include "base/file.h"
#include "study/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES 65536

/* "HASH 2026-03-01T08:00:00Z" */
static int take_line(struct study_register *r, const char *line, size_t len, const char *hash,
		     struct err *err)
{
	char *text = xstrndup(line, len);
	int64_t t_us = 0;
	bool ok = len > SHA256_TEXT && strspn(text, "0123456789abcdef") == SHA256_TEXT - 1 &&
		  text[SHA256_TEXT - 1] == ' ' &&
		  clock_parse(text + SHA256_TEXT, &t_us, NULL) == 0;

	if (ok && !r->n++) {
		memcpy(r->first_hash, text, SHA256_TEXT - 1);
		r->first_us = t_us;
	}
	if (ok && !r->is_registered && !strncmp(text, hash, SHA256_TEXT - 1)) {
		r->is_registered = true;
		r->t_us = t_us;
	}
	free(text);
	return ok ? 0
		  : err_set(err, ERR_FORMAT,
			    "expected a hash of 64 digits, a blank and a time, as 'study "
			    "register' writes them");
}

int study_registered(struct study_register *r, const char *path, const char *hash,
		     struct err *err)
{
	struct study_register made = { .n = 0 };
	FILE *f = fopen(path, "rb");
	char *text;
	size_t len;
	int rc, line = 0;

	if (!f) {
		*r = made;
		return 0;
	}
	fclose(f);
	rc = file_read(path, FILE_BYTES, &text, &len, err);
	if (rc < 0)
		return rc;
	for (const char *s = text; *s && rc == 0;) {
		size_t n = strcspn(s, "\n");

		line++;
		rc = take_line(&made, s, n, hash, err);
		s += n + (s[n] == '\n');
	}
	free(text);
	if (rc < 0)
		err_ctx(err, "%s:%d", path, line);
	else
		*r = made;
	return rc;
}

int study_register_add(const char *path, const char *hash, int64_t now_us, struct err *err)
{
	struct study_register r;
	struct str all = STR_INIT;
	char *text, time[CLOCK_TEXT];
	size_t len;
	int rc = study_registered(&r, path, hash, err);

	if (rc < 0 || r.is_registered)
		return rc;
	if (r.n && (rc = file_read(path, FILE_BYTES, &text, &len, err)) == 0) {
		str_add_n(&all, text, len);
		free(text);
	}
	if (all.len && all.s[all.len - 1] != '\n')
		str_add(&all, "\n");
	str_addf(&all, "%s %s\n", hash, clock_text_utc(now_us, time));
	if (rc == 0)
		rc = file_write(path, all.s, all.len, err);
	str_clear(&all);
	return rc;
}
