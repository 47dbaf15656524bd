/* SPDX-License-Identifier: Apache-2.0 */
/* radio.h -- the phones of a simulated store's people, as its receivers hear them.
 *
 * Model (log-distance path loss with correlated shadowing: Rappaport, "Wireless
 * Communications", ch. 4; Gudmundson, Electronics Letters 27(23), 1991): power in dBm =
 * p0 - 10 n log10(max(d, 1 m)) + device offset + shadowing at the place + fading. Unjoined
 * phones send bursts of probe requests, each with a new random address (locally administered,
 * never a real one); joined ones have one random address for the store's network for the visit
 * and are reported by access points at intervals.
 */
#ifndef SIM_RADIO_H
#define SIM_RADIO_H

#include "sim/crowd.h"

enum radio_kind {
	RADIO_PROBE = 1, /* a probe request, heard by a monitor */
	RADIO_JOIN,      /* association, at the access point */
	RADIO_REPORT,    /* an access point's report of a joined device */
	RADIO_DATA,      /* a data frame of a joined device, heard by a monitor */
};

struct radio_report {
	int64_t t_us; /* by the receiver's own clock */
	int64_t true_us;
	int receiver;
	enum radio_kind kind;
	uint8_t address[6];
	uint16_t sequence; /* 802.11 sequence number, 0..4095 */
	double rssi_dbm;   /* a whole number */
	int64_t owner;     /* person's id: the truth */
	int device;        /* 0, 1, ...: of the owner's devices */
};

struct radio_sim;
struct radio_sim *radio_sim_new(const struct scene *s, uint64_t seed);
void radio_sim_free(struct radio_sim *r); /* NULL is allowed */

/* One tick of the crowd, in order. *reports: those of the time since the tick before, ordered
 * by true_us, owned by r until its next call. */
int radio_sim_tick(struct radio_sim *r, int64_t t_us, const struct actor *actors, int n,
		   const struct radio_report **reports);

/* wifi.csv with the owners, for the truth; and a capture (pcap, radiotap) with what the
 * monitors hear and the access points' joins, without them. Written under their names when
 * closed. */
struct radio_csv;
int radio_csv_open(struct radio_csv **f, const char *path, const struct scene *s,
		   struct err *err);
void radio_csv_add(struct radio_csv *f, const struct radio_report *r);
int radio_csv_close(struct radio_csv *f, struct err *err); /* NULL is allowed */

struct radio_pcap;
int radio_pcap_open(struct radio_pcap **f, const char *path, const struct scene *s,
		    struct err *err);
void radio_pcap_add(struct radio_pcap *f, const struct radio_report *r);
int radio_pcap_close(struct radio_pcap *f, struct err *err); /* NULL is allowed */

#endif
