/* SPDX-License-Identifier: Apache-2.0 */
/* main.c -- the table of commands. To add one, write cmd/NAME.c and name it here. */
#include "cmd/cmd.h"

const struct cmd *const commands[] = {
#ifdef HAVE_CMD_REPLAY
	&cmd_replay,
#endif
#ifdef HAVE_CMD_REPORT
	&cmd_report,
#endif
	&cmd_config,
#ifdef HAVE_CMD_EVAL
	&cmd_eval,
#endif
	&cmd_help,   NULL,
};

int main(int argc, char **argv)
{
	return cmd_main(argc, argv);
}
