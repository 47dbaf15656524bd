/* SPDX-License-Identifier: Apache-2.0 */
/* writer.h -- what was counted goes into one SQLite file per store.
 *
 * A 'run' is one replay, or one stretch of live counting of one camera. Minutes of a run that
 * observed the same moments of the same camera as an earlier run take the earlier ones' place
 * (minute_cover says which moments); minutes that only touch add up. So the same clip replayed
 * twice counts once, and two files of one morning replayed one after the other both count.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/err.h"
#include "types.h"

#include <stddef.h>

struct store_info {
	char name[NAME_MAX_BYTES]; /* of the store */
	char zone[64];             /* IANA time zone */
	int business_day_start_s;  /* seconds after local midnight */
};

struct run_info {
	char camera[NAME_MAX_BYTES];
	char params_id[17];  /* 16 hex digits: hash of params */
	const char *params;  /* JSON text: thresholds, plan, calibration */
	const char *version; /* of the program */
	bool metric;         /* floor units are metres */
	bool checked;        /* this process has opened the file before: not checked again */
};

struct place_info {
	char name[NAME_MAX_BYTES];
	enum place_kind kind;
	int role; /* enum line_role of a line, zone_role of a zone, else 0 */
	char in_label[NAME_MAX_BYTES], out_label[NAME_MAX_BYTES];
	const char *geometry; /* place_text() */
	double engaged_s;
};

struct writer;

/* Opens or creates path for one run; what is given here is committed. Refuses a network file
 * system (WAL does not work there) and a file of another program or of a later version; a file
 * that is broken (integrity check) is renamed to "<path>.broken-<n>", its journals with it,
 * which *note (may be NULL; caller frees) says in one line, and a new one is begun. info:
 * written, replaces what was there; when that was something else, *note says so. *note is NULL
 * otherwise.
 *
 * A camera is the same as before when its name is, a place when camera, name and kind are: a
 * line that becomes a zone of the same name is a new place. places may be none. ERR_IO,
 * ERR_FORMAT, and ERR_RANGE for a place named twice or one params_id with two texts. */
int writer_open(struct writer **w, const char *path, const struct store_info *info,
		const struct run_info *run, const struct place_info *places, int n_places,
		char **note, struct err *err);

/* Opens or creates path, checks and migrates it as writer_open() does, and begins no run: later
 * ones can be opened as checked. */
int writer_prepare(const char *path, const struct store_info *info, char **note,
		   struct err *err);

/* Each adds to the run's rows; places are indices into places of writer_open; camera members
 * are not read (it is the run's). A minute_cover comes before the other minutes of its
 * start_us, which may then come at any time and in any number of parts; events need none.
 *
 * ERR_STATE when a minute has no cover, or a later run took its place; ERR_RANGE for what
 * cannot be (a count below 0, a start that is no whole minute, more than 60 s observed):
 * nothing was written then. Any other failure (full disk, file in use, damage) takes back all
 * that was written since the last commit; the writer can be used on.
 *
 * The first of them after a commit begins a transaction: until writer_commit other writers of
 * the file wait (10 s, then ERR_IO). So several writers of one thread commit one by one. */
int writer_cover(struct writer *w, const struct minute_cover *m, struct err *err);
int writer_line(struct writer *w, const struct minute_line *m, struct err *err);
int writer_zone(struct writer *w, const struct minute_zone *m, struct err *err);
int writer_heat(struct writer *w, const struct minute_heat *m, struct err *err);
/* Kept in quarters of an hour. What an earlier run had in a quarter goes as soon as one of its
 * minutes there is taken. */
int writer_floor(struct writer *w, const struct minute_floor *m, struct err *err);
/* n > 0 values of one minute, in any order. Each measure is one of its place's kind, and a key
 * that is a place is an index, too. */
int writer_values(struct writer *w, const struct minute_value *m, int n, struct err *err);
int writer_event(struct writer *w, const struct event *e, struct err *err);
/* The camera's people-free plate, PNG; replaces the one before. */
int writer_plate(struct writer *w, int64_t t_us, const void *png, size_t len, struct err *err);

/* What was written so far is safe from now on, a power cut included. */
int writer_commit(struct writer *w, struct err *err);
/* Commits and closes, and frees w also when committing fails; NULL is allowed. */
int writer_close(struct writer *w, struct err *err);

#endif
