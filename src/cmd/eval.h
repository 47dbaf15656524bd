/* SPDX-License-Identifier: Apache-2.0 */
/* eval.h -- what the files of 'footfall eval' share. */
#ifndef CMD_EVAL_H
#define CMD_EVAL_H

#include "base/str.h"
#include "cmd/cmd.h"
#include "eval/resample.h"

/* 'footfall eval mot' and so on. */
int eval_mot(const struct cmd_args *a, struct err *err);
int eval_mask(const struct cmd_args *a, struct err *err);
int eval_count(const struct cmd_args *a, struct err *err);
int eval_occupancy(const struct cmd_args *a, struct err *err);
int eval_dwell(const struct cmd_args *a, struct err *err);
int eval_measures(const struct cmd_args *a, struct err *err);

/* All that was given for an option, in order. */
const struct cmd_given *eval_given(const struct cmd_args *a, const char *name);
/* The files that 'count', 'occupancy' and 'dwell' compare; ERR_USAGE unless both were given. */
int eval_need_events(const struct cmd_args *a, const char **truth, const char **events,
		     struct err *err);
int eval_print(const struct str *b, struct err *err);

/* Adds a member, comma before it; NaN becomes null. */
void eval_add_json_number(struct str *b, const char *comma, const char *name, double v);
void eval_add_json_range(struct str *b, const char *comma, const char *name, struct interval v);

#endif
