/* SPDX-License-Identifier: Apache-2.0 */
/* run.c -- footfall run: live cameras, day and night. */
#include "base/vec.h"
#include "cmd/cmd.h"
#include "run/daemon.h"

static int reread(void *ctx, struct conf *out, struct str *problems)
{
	return cmd_reread(ctx, out, problems);
}

/* Reports are made by the same settings. */
static const char **report_args(const struct cmd_args *a)
{
	VEC(const char *) v = { 0 };

	if (a->config->n) {
		*VEC_PUSH(&v) = "--config";
		*VEC_PUSH(&v) = a->config->v[a->config->n - 1];
	}
	for (int i = 0; i < a->set->n; i++) {
		*VEC_PUSH(&v) = "--set";
		*VEC_PUSH(&v) = a->set->v[i];
	}
	*VEC_PUSH(&v) = NULL;
	return v.v;
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct daemon_opts o = { .conf = a->conf,
				 .stop = cmd_stop,
				 .reload = cmd_reload,
				 .reread = reread,
				 .ctx = (void *)a,
				 .report_args = report_args(a) };
	int rc;

	/* From here on a signal is a wish. */
	cmd_stop();
	cmd_reload();
	rc = daemon_run(&o, err);
	free((void *)o.report_args);
	return rc;
}

const struct cmd cmd_run = {
	.name = "run",
	.words = "",
	.help = "count what live cameras see, day and night",
	.manual =
		"Counts what the cameras of the settings see, each a section [camera NAME] with its "
		"uri, into run.db, until SIGTERM or SIGINT. A camera that is dead, freezes or "
		"changes its resolution is connected to anew, after 1 s, 2 s and so on up to a "
		"minute, and the others never notice; what was not seen is missing in the coverage "
		"and is no zero.\n\n"
		"Every second what was counted is made safe. After a power cut at most the last "
		"minute is missing. When the database cannot be written, counting goes on and it "
		"is tried again. run.state keeps what the empty scenes look like, so that a new "
		"start counts at once. run.reports gets each business day's report a few minutes "
		"after its end.\n\n"
		"A jump of the machine's clock is not followed until it has stood for ten minutes: "
		"no minute is counted twice.\n\n"
		"SIGHUP reads the settings anew; cameras that are as before are not disturbed. "
		"'footfall status' tells how things are.\n\n"
		"  [camera door]\n"
		"  uri = rtsp://192.168.1.20/stream2\n"
		"  plan = door.plan.json",
	.flags = CMD_CONF,
	.run = run,
};
