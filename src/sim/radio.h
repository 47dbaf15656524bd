/* SPDX-License-Identifier: Apache-2.0 */
/* radio.h -- the phones of a simulated store's people, as its receivers hear them.
 *
 * Power in dBm = p0 - 10 n log10(max(d, 1 m)) + device + shadowing + body + fading:
 * log-distance path loss (Rappaport, "Wireless Communications", ch. 4), d in three dimensions
 * from the receiver to a phone carried 1.1 m over the floor; a constant per device; a smooth
 * random field over the floor per receiver (correlation over distance as exp(-(d /
 * shadow_m)^2), so 1/e at shadow_m); 2 dB more when the carrier faces the receiver and 2 dB
 * less when he turns his back to it; a new number per report. Rounded to whole dBm; below
 * floor_dbm nothing is heard, 6 dB above it everything, in between the more the stronger.
 *
 * All receivers listen on the one channel that the store's access points send on.
 *
 * Phones that have not joined send bursts of probe requests within about a second, each burst
 * with new random addresses (locally administered, never a real one), one per burst or several,
 * as measured phones do. How often differs from phone to phone. Sequence numbers start
 * anew with each address. A phone that joins does so some time after it has come in
 * (indoors.h), at the strongest access point; from then on it has one random address for the
 * visit, stops probing, and sends a data frame now and then. Every access point that hears it,
 * not only the one that serves it, reports it at intervals, as location services of controllers
 * do (Meraki, Mist, Aruba); that goes on in the street as long as it is heard. It does not
 * roam. Staff join as they come.
 *
 * What a device does and where it is heard depends on the seed, its owner, its number and the
 * receiver only: another device, or another monitor, changes nothing of it.
 */
#ifndef SIM_RADIO_H
#define SIM_RADIO_H

#include "sim/crowd.h"

enum radio_kind {
	RADIO_NONE,
	RADIO_PROBE,  /* a probe request, heard by a monitor */
	RADIO_JOIN,   /* association, at the access point */
	RADIO_REPORT, /* an access point's report of a joined device */
	RADIO_DATA,   /* a data frame of a joined device, heard by a monitor */
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
	int serving;       /* the access point that it is joined to; -1: has not joined */
};

struct radio_sim;
/* scene must live as long as the simulation. seed takes the place of the scene's own. */
struct radio_sim *radio_sim_new(const struct scene *scene, uint64_t seed);
void radio_sim_free(struct radio_sim *r); /* NULL is allowed */

/* One tick of the crowd, in order. *reports: those of the time since the tick before, ordered
 * by true_us, owned by r until its next call; returns how many. A device lives from the first
 * to the last tick of its owner. */
int radio_sim_tick(struct radio_sim *r, int64_t t_us, const struct actor *actors, int n,
		   const struct radio_report **reports);

/* What the store's network is called. */
#define RADIO_NETWORK "Simulated store"

/* wifi.csv, the reports with their truth, in the order in which they happened:
 *   t_utc, t_s     by the receiver's clock: UTC, and seconds since the scene's start
 *   true_t_s       by the true clock
 *   receiver       name
 *   kind           probe, join, report, data
 *   address, random   as sent, and 1 when it is locally administered
 *   sequence, rssi_dbm
 *   owner, device  person as in people.csv; 0, 1, ... of the person's devices
 *   joined, network, access_point   1 and where to, or 0 and nothing
 * Errors are kept until the file is closed; it has its name from then on. */
struct radio_csv;
int radio_csv_open(struct radio_csv **f, const char *path, const struct scene *scene,
		   struct err *err);
void radio_csv_add(struct radio_csv *f, const struct radio_report *r);
int radio_csv_close(struct radio_csv *f, struct err *err); /* NULL is allowed */
void radio_csv_drop(struct radio_csv *f);                  /* without a file; NULL is allowed */

/* What the monitors hear and the access points' joins as a capture, without the truth: classic
 * pcap, microseconds, 802.11 frames with checksum behind radiotap headers (flags, rate,
 * channel, signal, antenna). One file for all: the antenna is the receiver's index in the
 * scene, times are by its clock, and so go back now and then where clocks differ. Contents of
 * data frames are made up. */
struct radio_pcap;
int radio_pcap_open(struct radio_pcap **f, const char *path, struct err *err);
/* Reports of access points (RADIO_REPORT) are no frames and are left out. */
void radio_pcap_add(struct radio_pcap *f, const struct radio_report *r);
int radio_pcap_close(struct radio_pcap *f, struct err *err); /* NULL is allowed */
void radio_pcap_drop(struct radio_pcap *f);

/* All of the above in one: phones for the crowd's ticks, into either file. */
struct radio_log;
/* csv, pcap: paths, or NULL. */
int radio_log_open(struct radio_log **l, const struct scene *scene, uint64_t seed,
		   const char *csv, const char *pcap, struct err *err);
void radio_log_tick(struct radio_log *l, int64_t t_us, const struct actor *actors, int n);
int radio_log_close(struct radio_log *l, struct err *err); /* NULL is allowed */
void radio_log_drop(struct radio_log *l);

#endif
