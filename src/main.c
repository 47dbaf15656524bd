/* SPDX-License-Identifier: Apache-2.0 */
/* main.c -- the table of commands. To add one, write cmd/NAME.c and name it here. */
#include "cmd/cmd.h"

const struct cmd *const commands[] = {
	&cmd_run,     &cmd_status, &cmd_replay,  &cmd_view,   &cmd_report,    &cmd_audit,
	&cmd_explain, &cmd_study,  &cmd_predict, &cmd_config, &cmd_calibrate, &cmd_eval,
	&cmd_bench,   &cmd_sim,    &cmd_help,    NULL,
};

int main(int argc, char **argv)
{
	return cmd_main(argc, argv);
}
