/* SPDX-License-Identifier: Apache-2.0 */
/* design.h -- a study as it was written down before the data was looked at.
 *
 * An INI file; samples/study.ini has one of each design with all keys explained. Its
 * fingerprint is the SHA-256 of its bytes, the same that sha256sum prints: whatever is changed
 * afterwards, it is another design.
 */
#ifndef STUDY_DESIGN_H
#define STUDY_DESIGN_H

#include "base/clock.h"
#include "base/err.h"
#include "base/sha256.h"
#include "study/excluded.h"
#include "study/measure_of.h"
#include "study/trial.h"

#include <stdbool.h>
#include <stdint.h>

#define DESIGN_FILE_BYTES 65536
#define DESIGN_METRICS 16
#define DESIGN_DAYS 800 /* of a study, at most */

enum design_kind { DESIGN_NONE, DESIGN_BEFORE_AFTER, DESIGN_SWITCH_BACK, DESIGN_CONTROL };
extern const char *const design_kind_word[];

struct design_metric {
	char label[64]; /* as the report calls it */
	struct measure_of of;
	struct measure_of control; /* matched control; else all zero */
};

/* Days, first and last one included. */
struct design_period {
	char from[11], to[11];
};

struct design {
	char name[96];
	char hash[SHA256_TEXT];
	enum design_kind kind;
	double alpha, power, target; /* shares: 0.05, 0.8, 0.1 */
	double coverage;             /* an hour observed less than this share is left out */
	int from_h, to_h;            /* hours of the day that count, [from, to) */
	int block_days;
	uint64_t seed;

	struct design_metric metric[DESIGN_METRICS];
	int n_metric;
	struct design_period period[2]; /* A and B: before and after, matched control */

	/* Switch-back: n_block blocks of block_days from 'from' on. */
	char from[11];
	int n_block;
	bool by_lot;   /* the order within a pair is drawn; else A, B, A, B, ... */
	int washout_h; /* counted hours after each change that are left out */

	struct excluded excluded;
};

/* ERR_CONFIG: "FILE:LINE: [section] key: what is wrong; expected ...". *d is untouched then. */
int design_read(struct design *d, const char *path, struct err *err);
/* The same of len bytes; path is for messages. */
int design_parse(struct design *d, const char *path, const char *text, size_t len,
		 struct err *err);
void design_clear(struct design *d); /* an all-zero one is allowed */

/* Which arm block g of a switch-back is: drawn from the seed, in pairs. */
enum arm design_arm(const struct design *d, int g);

/* The days of the study in order: date n (0, 1, ...), with arm and block; false: no more. Days
 * between the periods are no part of it, but keep their place in time: arm is ARM_NONE. */
bool design_day(const struct design *d, int n, char date[11], enum arm *arm, int *block);
/* How many blocks; of pairs, twice the pairs. */
int design_blocks(const struct design *d);

#endif
