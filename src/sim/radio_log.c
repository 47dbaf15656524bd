/* SPDX-License-Identifier: Apache-2.0 */
/* radio_log.c -- the phones of a crowd, into files. */
#include "base/vec.h"
#include "sim/radio.h"

#include <stdlib.h>

struct radio_log {
	struct radio_sim *sim;
	struct radio_csv *csv;
	struct radio_pcap *pcap;
};

int radio_log_open(struct radio_log **out, const struct scene *scene, uint64_t seed,
		   const char *csv, const char *pcap, struct err *err)
{
	struct radio_log *l = xcalloc(1, sizeof(*l));
	int rc = 0;

	if (csv)
		rc = radio_csv_open(&l->csv, csv, scene, err);
	if (rc == 0 && pcap)
		rc = radio_pcap_open(&l->pcap, pcap, err);
	if (rc < 0) {
		radio_log_drop(l);
		return rc;
	}
	l->sim = radio_sim_new(scene, seed);
	*out = l;
	return 0;
}

void radio_log_tick(struct radio_log *l, int64_t t_us, const struct actor *actors, int n)
{
	const struct radio_report *r;

	n = radio_sim_tick(l->sim, t_us, actors, n, &r);
	for (int i = 0; i < n; i++) {
		if (l->csv)
			radio_csv_add(l->csv, &r[i]);
		if (l->pcap)
			radio_pcap_add(l->pcap, &r[i]);
	}
}

int radio_log_close(struct radio_log *l, struct err *err)
{
	int csv, pcap;

	if (!l)
		return 0;
	csv = radio_csv_close(l->csv, err);
	pcap = radio_pcap_close(l->pcap, csv < 0 ? NULL : err);
	radio_sim_free(l->sim);
	free(l);
	return csv < 0 ? csv : pcap;
}

void radio_log_drop(struct radio_log *l)
{
	if (!l)
		return;
	radio_csv_drop(l->csv);
	radio_pcap_drop(l->pcap);
	radio_sim_free(l->sim);
	free(l);
}
