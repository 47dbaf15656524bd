/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h -- footfall audit: what its files share. */
#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

#include "cmd/cmd.h"
#include "report/audit_counts.h"

/* All that was given for an option. */
const struct cmd_given *audit_given(const struct cmd_args *a, const char *name);

/* Reads the files given for the option; ERR_USAGE without one. */
int audit_read_counts(const struct cmd_args *a, const char *option, struct audit_rows *rows,
		      struct err *err);

/* 'audit play', in audit_play.c. */
int audit_play(const struct cmd_args *a, struct err *err);

#endif
