/* SPDX-License-Identifier: Apache-2.0 */
/* day_files.c -- a day's table to the terminal, its forms to files. */
#include "cmd/day_files.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "report/day.h"
#include "report/words.h"
#include "store/query.h"

#include <stdio.h>
#include <stdlib.h>

/* DIR/store-2026-03-14.<form> */
static char *file_name(const struct day *d, const char *dir, const char *form)
{
	struct str name = STR_INIT;
	char *path;

	words_slug(&name, d->store.name);
	str_addf(&name, "-%s.%s", d->date, form);
	path = file_join(dir, name.s);
	str_clear(&name);
	return path;
}

/* The forms of one day, all made before the first is written. */
struct forms {
	struct str csv, json, html;
};

static int make_forms(struct forms *f, struct query *q, const struct day *d, struct err *err)
{
	struct day hourly = { 0 };
	int rc;

	if ((rc = day_read(&hourly, q, d->date, 3600, err)) < 0 ||
	    (rc = day_csv(d, &f->csv, err)) < 0 || (rc = day_json(d, &f->json, err)) < 0)
		goto out;
	rc = day_html(&hourly, q, &f->html, err);
out:
	day_clear(&hourly);
	return rc;
}

static int write_forms(const struct forms *f, const struct day *d, const char *dir,
		       struct err *err)
{
	const struct {
		const char *form;
		const struct str *text;
	} files[] = { { "csv", &f->csv }, { "json", &f->json }, { "html", &f->html } };
	int rc = file_mkdirs(dir, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = file_name(d, dir, files[i].form);

		rc = file_write(path, files[i].text->s, files[i].text->len, err);
		if (rc >= 0)
			printf("%s\n", path);
		free(path);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int day_files(struct query *q, const char *date, int bucket_s, const char *dir, struct err *err)
{
	struct forms f = { STR_INIT, STR_INIT, STR_INIT };
	struct str table = STR_INIT;
	struct day d = { 0 };
	int rc;

	if ((rc = day_read(&d, q, date, bucket_s, err)) < 0 ||
	    (dir && (rc = make_forms(&f, q, &d, err)) < 0) || (rc = day_text(&d, &table)) < 0)
		goto out;
	printf("%s\n", table.s);
	rc = dir ? write_forms(&f, &d, dir, err) : 0;
out:
	str_clear(&f.csv);
	str_clear(&f.json);
	str_clear(&f.html);
	str_clear(&table);
	day_clear(&d);
	return rc;
}

int day_files_of_span(const char *db, int64_t from_us, int64_t to_us, const char *dir,
		      struct err *err)
{
	struct store_info store;
	struct query *q = NULL;
	char date[11];
	int rc;

	if ((rc = query_open(&q, db, err)) < 0 || (rc = query_store(q, &store, err)) < 0)
		goto out;
	for (int64_t t = from_us; t < to_us && rc >= 0;) {
		int64_t day_from, day_to;

		clock_day_of(t, store.business_day_start_s, date);
		rc = clock_day(date, store.business_day_start_s, &day_from, &day_to, err);
		if (rc >= 0)
			rc = day_files(q, date, 900, dir, err);
		if (rc == ERR_STATE) /* nothing was observed on that day */
			rc = 0;
		t = day_to;
	}
out:
	query_close(q);
	return rc;
}
