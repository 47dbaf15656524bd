/* SPDX-License-Identifier: Apache-2.0 */
/* radio_csv.c -- wifi.csv: what the receivers heard, and whose it was. */
#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "sim/radio.h"

#include <inttypes.h>
#include <stdlib.h>

struct radio_csv {
	struct file_out out;
	const struct scene *scene;
};

int radio_csv_open(struct radio_csv **out, const char *path, const struct scene *scene,
		   struct err *err)
{
	struct radio_csv *f = xcalloc(1, sizeof(*f));
	int rc = file_out_open(&f->out, path, err);

	if (rc < 0) {
		free(f);
		return rc;
	}
	f->scene = scene;
	fputs("t_utc,t_s,true_t_s,receiver,kind,address,random,sequence,rssi_dbm,owner,device,"
	      "joined,network,access_point\n",
	      f->out.f);
	*out = f;
	return 0;
}

/* "2026-03-14T08:30:00.012345Z," */
static void put_utc(FILE *f, int64_t t_us)
{
	char text[CLOCK_TEXT];

	clock_text_utc(t_us, text);
	fprintf(f, "%.19s.%06dZ,", text, (int)(t_us % CLOCK_SECOND_US));
}

static void put_seconds(FILE *f, int64_t us)
{
	int64_t size = us < 0 ? -us : us;

	fprintf(f, "%s%" PRId64 ".%06d,", us < 0 ? "-" : "", size / CLOCK_SECOND_US,
		(int)(size % CLOCK_SECOND_US));
}

void radio_csv_add(struct radio_csv *f, const struct radio_report *r)
{
	static const char *const kind[] = { "", "probe", "join", "report", "data" };
	const struct scene *s = f->scene;
	const uint8_t *a = r->address;
	bool joined = r->serving >= 0;
	FILE *out = f->out.f;

	put_utc(out, r->t_us);
	put_seconds(out, r->t_us - s->start_us);
	put_seconds(out, r->true_us - s->start_us);
	fprintf(out, "%s,%s,%02x:%02x:%02x:%02x:%02x:%02x,%d,%d,%.0f,%" PRId64 ",%d,%d,%s,%s\n",
		s->receiver[r->receiver].name, kind[r->kind], a[0], a[1], a[2], a[3], a[4],
		a[5], a[0] >> 1 & 1, r->sequence, r->rssi_dbm, r->owner, r->device, joined,
		joined ? RADIO_NETWORK : "", joined ? s->receiver[r->serving].name : "");
}

int radio_csv_close(struct radio_csv *f, struct err *err)
{
	int rc;

	if (!f)
		return 0;
	rc = file_out_close(&f->out, err);
	free(f);
	return rc;
}

void radio_csv_drop(struct radio_csv *f)
{
	if (f)
		file_out_drop(&f->out);
	free(f);
}
