/* SPDX-License-Identifier: Apache-2.0 */
/* day_files.c -- a report's table to the terminal, its forms to files. */
#include "cmd/day_files.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "report/heat.h"
#include "report/heat_floor.h"
#include "report/words.h"
#ifdef HAVE_XLSX
#include "report/xlsx.h"
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AS_ASKED, HOURLY, DAILY, N_DAYS };

/* One report: the same days in several buckets. */
struct report {
	struct query *q;
	const struct day_files_opts *o;
	struct day day[N_DAYS]; /* in the buckets asked for, in hours, in days */
	struct file {
		char *path;
		struct str text;
	} * file;
	size_t n, cap;
};

/* DIR/store-2026-03-14.<form>, DIR/store-2026-03-01_2026-03-31.<form> */
static char *file_name(const struct report *r, const char *form)
{
	const struct day *d = &r->day[AS_ASKED];
	struct str name = STR_INIT;
	char *path;

	words_slug(&name, d->store.name);
	str_addf(&name, "-%s", d->date);
	if (strcmp(d->date, d->last) != 0)
		str_addf(&name, "_%s", d->last);
	str_addf(&name, "%s", form);
	path = file_join(r->o->dir, name.s);
	str_clear(&name);
	return path;
}

/* A file to be filled, and written when all are made. */
static struct str *add_file(struct report *r, const char *form)
{
	struct file *f;

	if (r->n == r->cap)
		r->file = vec_grow(r->file, &r->cap, sizeof(*r->file));
	f = &r->file[r->n++];
	*f = (struct file){ .path = file_name(r, form), .text = STR_INIT };
	return &f->text;
}

static void make_layouts(struct report *r)
{
	for (int i = 0; i < r->o->n_layouts; i++) {
		const struct layout *l = r->o->layout[i];
		char form[64];

		snprintf(form, sizeof(form), "-%s.csv", l->name);
		l->write(&r->day[l->hourly ? HOURLY : AS_ASKED], add_file(r, form));
	}
}

static int make_heat(struct report *r, const struct day_camera *c, struct err *err)
{
	struct str form = STR_INIT, slug = STR_INIT;
	uint8_t *png = NULL;
	size_t len = 0;
	int rc = c->observed_total_s > 0 ? heat_of_camera(r->q, c, NULL, &png, &len, err) : 0;

	if (rc >= 0 && png) {
		words_slug(&slug, c->camera.name);
		str_addf(&form, "-heat-%s.png", slug.s);
		str_add_n(add_file(r, form.s), (const char *)png, len);
	}
	free(png);
	str_clear(&slug);
	str_clear(&form);
	return rc < 0 ? rc : 0;
}

/* Over the floor plan, where it is in metres. */
static int make_floor(struct report *r, enum heat_floor_of of, const char *form,
		      struct err *err)
{
	uint8_t *png = NULL;
	size_t len = 0;
	int rc = heat_floor_png(&r->day[HOURLY], of, false, NULL, &png, &len, err);

	if (rc >= 0 && png)
		str_add_n(add_file(r, form), (const char *)png, len);
	free(png);
	return rc;
}

static int make_heats(struct report *r, struct err *err)
{
	const struct day *d = &r->day[HOURLY];
	int rc = 0;

	for (int i = 0; i < d->n_camera && rc >= 0; i++)
		rc = make_heat(r, &d->camera[i], err);
	if (rc < 0 || (rc = make_floor(r, HEAT_FLOOR_TIME, "-floor-time.png", err)) < 0)
		return rc;
	return make_floor(r, HEAT_FLOOR_STOPS, "-floor-stops.png", err);
}

static int make_files(struct report *r, struct err *err)
{
	const struct day *d = &r->day[AS_ASKED];
	int rc;

	if ((rc = day_csv(d, add_file(r, ".csv"), err)) < 0 ||
	    (d->journeys.n && (rc = day_ways_csv(d, add_file(r, "-ways.csv"), err)) < 0) ||
	    (rc = day_json(d, add_file(r, ".json"), err)) < 0 ||
	    (rc = day_html(&r->day[d->n_date > 1 ? DAILY : HOURLY], r->q, r->o->span.calendar,
			   add_file(r, ".html"), err)) < 0)
		return rc;
	make_layouts(r);
	return make_heats(r, err);
}

/* The workbook's library writes a file itself: into a name of its own, then renamed. */
static int write_xlsx(struct report *r, struct err *err)
{
#ifdef HAVE_XLSX
	char *path = file_name(r, ".xlsx");
	struct str part = STR_INIT;
	int rc;

	str_addf(&part, "%s.part", path);
	rc = day_xlsx(&r->day[HOURLY], part.s, err);
	if (rc >= 0 && rename(part.s, path) < 0)
		rc = err_set(err, ERR_IO, "cannot write '%s'", path);
	if (rc < 0)
		unlink(part.s);
	else if (!r->o->quiet)
		printf("%s\n", path);
	str_clear(&part);
	free(path);
	return rc;
#else
	(void)r;
	(void)err;
	return 0;
#endif
}

static int write_files(struct report *r, struct err *err)
{
	int rc = file_mkdirs(r->o->dir, err);

	for (size_t i = 0; i < r->n && rc >= 0; i++) {
		rc = file_write(r->file[i].path, r->file[i].text.s, r->file[i].text.len, err);
		if (rc >= 0 && !r->o->quiet)
			printf("%s\n", r->file[i].path);
	}
	return rc < 0 ? rc : write_xlsx(r, err);
}

static void report_clear(struct report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->file[i].path);
		str_clear(&r->file[i].text);
	}
	free(r->file);
	for (int i = 0; i < N_DAYS; i++)
		day_clear(&r->day[i]);
}

int day_files(struct query *q, const struct day_files_opts *o, struct err *err)
{
	const int bucket_s[N_DAYS] = { o->span.bucket_s, 3600, 86400 };
	struct report r = { .q = q, .o = o };
	struct str table = STR_INIT;
	int rc;

	if ((rc = day_read_buckets(r.day, o->dir ? N_DAYS : 1, q, &o->span, bucket_s, err)) <
		    0 ||
	    (o->dir && (rc = make_files(&r, err)) < 0) ||
	    (rc = day_text(&r.day[AS_ASKED], &table)) < 0)
		goto out;
	if (!o->quiet)
		printf("%s\n", table.s);
	rc = o->dir ? write_files(&r, err) : 0;
out:
	str_clear(&table);
	report_clear(&r);
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
		struct day_files_opts o = {
			.span = { .first = date, .last = date, .bucket_s = 900 }, .dir = dir
		};
		int64_t day_from, day_to = to_us;

		clock_day_of(t, store.business_day_start_s, date);
		rc = clock_day(date, store.business_day_start_s, &day_from, &day_to, err);
		if (rc >= 0)
			rc = day_files(q, &o, err);
		if (rc == ERR_STATE) /* nothing was observed on that day */
			rc = 0;
		t = day_to;
	}
out:
	query_close(q);
	return rc;
}
