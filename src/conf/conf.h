/* SPDX-License-Identifier: Apache-2.0 */
/* conf.h -- every setting, read from a file and the command line by one table (schema.c). */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/err.h"
#include "base/str.h"
#include "count/counter.h"
#include "report/calendar.h"
#include "track/tracker.h"
#include "vision/background.h"
#include "vision/mask.h"
#include "vision/people.h"
#include "vision/plate.h"

#include <stddef.h>

#define CONF_ITEMS_MAX 128

struct conf_item;

/* A camera of 'footfall run': a section [camera NAME]. */
struct conf_camera {
	char name[NAME_MAX_BYTES];
	char *uri; /* NULL: not given */
	bool udp;
	/* Settings of this camera alone, over those of all: one of the table, and its value. */
	struct {
		struct conf_own {
			const struct conf_item *item;
			char *value;
		} * v;
		size_t n, cap;
	} own;
};

struct conf {
	struct {
		char *name;
		char *time_zone;
		char *business_day_start; /* "HH:MM" */
		int business_day_start_s; /* made from it by conf_check */
	} store;
	struct {
		char *name;
	} camera;
	struct {
		int max_px; /* of the analysis picture */
	} analysis;
	struct background_opts background;
	struct mask_opts mask;
	struct people_opts people;
	struct plate_opts plate;
	struct tracker_opts track;
	struct count_opts count;
	struct calendar_opts calendar;
	struct {
		int k; /* fewer people are not shown where a figure follows their ways */
	} report;
	struct {
		char *plan; /* absolute names; "" = none */
		char *calib;
	} files;
	struct {
		char *db; /* absolute names; "" = none */
		char *state;
		char *reports;
		char *credentials;
		double fps;
		double stall_s;
		int keep_events_d;
	} run;
	struct {
		struct conf_camera *v;
		size_t n, cap;
	} cameras;                  /* in the order of the file */
	bool given[CONF_ITEMS_MAX]; /* by row of the table: set by somebody, not a default */
};

/* Everything at its default. Free with conf_clear(). */
void conf_init(struct conf *c);
void conf_clear(struct conf *c);

/* Reads an INI file over what is in c. Every problem of the file is one line in *problems
 * ("footfall.conf:12: [track] gate: expected a number from 0.05 to 5 body heights, found '9'");
 * returns their number, and c holds what was right. A file that cannot be read is one problem.
 * Files are relative to the file's folder. In [camera NAME] 'plan' and 'calib' are files.plan
 * and files.calib, and any other setting goes by its whole name, as in 'people.max_height'. */
int conf_read(struct conf *c, const char *path, struct str *problems);
/* The settings as they are for the i-th camera, which is then camera.name; it has no cameras
 * of its own. The caller's to clear. */
void conf_of_camera(struct conf *out, const struct conf *c, size_t i);
/* One "section.key=value". files.* are relative to the working folder. ERR_USAGE. */
int conf_set(struct conf *c, const char *assignment, struct err *err);
/* A better default for one "section.key": taken when nobody set it. ERR_USAGE. */
int conf_offer(struct conf *c, const char *key, const char *value, struct err *err);
/* What only shows when all is read (time zone, odd window, backend). Number of problems. */
int conf_check(struct conf *c, struct str *problems);

/* The n-th setting, "section.key"; NULL after the last. */
const char *conf_key(size_t n);

/* The merged settings as an INI file that conf_read takes, each with its unit; with docs: each
 * under its help text as a comment. */
void conf_print(const struct conf *c, bool docs, struct str *out);
/* The manual of all settings: Markdown, or the body of a man page (roff). */
void conf_manual(struct str *out, bool roff);
/* The settings that change what is counted, as canonical JSON text, for params_id. Names, files
 * and zones of time are left out: they change no number. */
char *conf_params(const struct conf *c);

#endif
