/* SPDX-License-Identifier: Apache-2.0 */
/* eval.h -- what the files of 'footfall eval' share. */
#ifndef CMD_EVAL_H
#define CMD_EVAL_H

#include "base/str.h"
#include "cmd/cmd.h"

/* 'footfall eval mask', 'count' and 'measures'. */
int eval_mask(const struct cmd_args *a, struct err *err);
int eval_count(const struct cmd_args *a, struct err *err);
int eval_measures(const struct cmd_args *a, struct err *err);

/* Adds text as a JSON string. */
void eval_add_json_text(struct str *b, const char *text);

#endif
