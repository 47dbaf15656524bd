/* SPDX-License-Identifier: Apache-2.0 */
/* status.c -- footfall status: is 'footfall run' well? */
#include "run/status.h"
#include "base/json.h"
#include "base/str.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>

static const struct cmd_option options[] = {
	{ "json", NULL, "as JSON", false },
	{ 0 },
};

static void print_camera(const struct json *c)
{
	double fps = 0, share = 0, age = -1;
	char name[64] = "", state[32] = "";
	int skipped = 0;

	json_text(c, "name", name, sizeof(name), NULL);
	json_text(c, "state", state, sizeof(state), NULL);
	json_double(c, "fps", 0, 1e6, &fps, NULL);
	json_double(c, "coverage_today", 0, 1, &share, NULL);
	json_double(c, "last_picture_s", 0, 1e9, &age, NULL);
	json_int(c, "skipped", 0, 2000000000, &skipped, NULL);
	printf("%-20s %-12s %6.1f %9d %9.1f%% ", name, state, fps, skipped, 100 * share);
	if (age < 0)
		printf("%12s\n", "never");
	else
		printf("%10.1f s\n", age);
}

static void print_table(const struct json *root)
{
	const struct json *cameras = json_get(root, "cameras");
	double up = 0, memory = 0, fps = 0, most = 0;
	char store[64] = "";

	json_text(root, "store", store, sizeof(store), NULL);
	json_double(root, "up_s", 0, 1e12, &up, NULL);
	json_double(root, "memory_mb", 0, 1e9, &memory, NULL);
	json_double(root, "fps", 0, 1000, &fps, NULL);
	json_double(root, "fps_most", 0, 1000, &most, NULL);
	printf("%s: up %.1f h, %.0f MB of memory, %.1f of %.1f pictures a second\n", store,
	       up / 3600, memory, fps, most);
	printf("%-20s %-12s %6s %9s %10s %12s\n", "camera", "state", "fps", "skipped", "today",
	       "last picture");
	for (size_t i = 0; i < json_count(cameras); i++)
		print_camera(json_at(cameras, i));
}

static int judge(const struct json *root, bool print, struct err *err)
{
	const struct json *troubles = json_get(root, "trouble");
	size_t n = json_count(troubles);
	bool ok = false;

	if (json_bool(root, "ok", &ok, err) < 0)
		return ERR_FORMAT;
	for (size_t i = 0; print && i < n; i++)
		printf("%s\n", json_value_string(json_at(troubles, i)));
	return ok ? 0
		  : err_set(err, ERR_STATE, "%zu thing%s wrong", n, n == 1 ? " is" : "s are");
}

static int run(const struct cmd_args *a, struct err *err)
{
	struct json *root = NULL;
	char *text = NULL;
	size_t len;
	int rc;

	if (!*a->conf->run.state)
		return err_set(err, ERR_CONFIG, "run.state is not set: which folder is it?");
	rc = status_ask(a->conf->run.state, &text, &len, err);
	if (rc < 0)
		return rc;
	root = json_parse(text, len, err);
	rc = root ? 0 : ERR_FORMAT;
	if (rc >= 0 && cmd_has(a, "json"))
		fwrite(text, 1, len, stdout);
	else if (rc >= 0)
		print_table(root);
	if (rc >= 0)
		rc = judge(root, !cmd_has(a, "json"), err);
	json_free(root);
	free(text);
	return rc;
}

const struct cmd cmd_status = {
	.name = "status",
	.words = "",
	.help = "tell whether 'footfall run' is well",
	.manual = "Asks the 'footfall run' that works in run.state: each camera's state, the "
		  "pictures a second that are looked at, those that came too late, which share "
		  "of the business day so far was observed, and how old the last picture is. "
		  "What is wrong is told in words. Ends with 0 when all is well, and with 1 "
		  "when something is wrong or nobody runs there.\n\n"
		  "  footfall status --config /etc/footfall/footfall.conf",
	.options = options,
	.flags = CMD_CONF,
	.run = run,
};
