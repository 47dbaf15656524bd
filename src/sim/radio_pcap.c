/* SPDX-License-Identifier: Apache-2.0 */
/* radio_pcap.c -- what was heard as frames in a capture file.
 *
 * Classic pcap (draft-ietf-opsawg-pcap), link type 127, little-endian whatever the machine;
 * radiotap (radiotap.org); IEEE 802.11-2020, 9.2 and 9.3 for the frames, 9.4.2 for the elements
 * in them.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/rng.h"
#include "base/vec.h"
#include "sim/radio.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MOST 256
#define CHANNEL 6
#define CHANNEL_MHZ 2437

/* Bytes in the making. */
struct bytes {
	size_t n;
	uint8_t b[FRAME_MOST];
};

struct radio_pcap {
	struct file_out out;
};

static void put(struct bytes *f, const void *data, size_t n)
{
	assert(n <= sizeof(f->b) - f->n);
	memcpy(f->b + f->n, data, n);
	f->n += n;
}

static void put_le(struct bytes *f, uint32_t v, size_t n)
{
	uint8_t b[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			 (uint8_t)(v >> 24) };

	put(f, b, n);
}

/* ---- 802.11 ---- */

enum {
	FC_ASSOCIATION_REQUEST = 0x0000,
	FC_PROBE_REQUEST = 0x0040,
	FC_NULL = 0x0048,
	FC_QOS_DATA = 0x0088,
	FC_TO_AP = 0x0100,
	FC_SLEEPS = 0x1000,
	FC_ENCRYPTED = 0x4000,
};
enum {
	ELEMENT_SSID,
	ELEMENT_RATES,
	ELEMENT_CHANNEL = 3,
	ELEMENT_RSN = 48,
	ELEMENT_MORE_RATES = 50
};

static void put_header(struct bytes *f, unsigned control, const uint8_t to[6],
		       const struct radio_report *r, const uint8_t third[6])
{
	put_le(f, control, 2);
	put_le(f, 0, 2); /* duration */
	put(f, to, 6);
	put(f, r->address, 6);
	put(f, third, 6);
	put_le(f, (uint32_t)r->sequence << 4, 2);
}

static void put_element(struct bytes *f, unsigned id, const void *data, size_t n)
{
	put_le(f, id, 1);
	put_le(f, (uint32_t)n, 1);
	put(f, data, n);
}

/* 500 kbit/s each; the basic ones with the top bit. */
static void put_rates(struct bytes *f)
{
	static const uint8_t rates[] = { 0x82, 0x84, 0x8b, 0x96, 12, 18, 24, 36 };
	static const uint8_t more[] = { 48, 72, 96, 108 };

	put_element(f, ELEMENT_RATES, rates, sizeof(rates));
	put_element(f, ELEMENT_MORE_RATES, more, sizeof(more));
}

static void put_probe_request(struct bytes *f, const struct radio_report *r)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t channel = CHANNEL;

	put_header(f, FC_PROBE_REQUEST, all, r, all);
	put_element(f, ELEMENT_SSID, "", 0); /* any network */
	put_rates(f);
	put_element(f, ELEMENT_CHANNEL, &channel, 1);
}

/* An access point's own address: locally administered, by its index. */
static void bssid(int ap, uint8_t address[6])
{
	const uint8_t b[6] = { 0x02, 0x53, 0x49, 0x4d, 0x00, (uint8_t)ap };

	memcpy(address, b, 6);
}

static void put_association_request(struct bytes *f, const struct radio_report *r)
{
	/* Version 1; CCMP for groups and pairs; a pre-shared key. */
	static const uint8_t rsn[] = { 1,    0, 0x00, 0x0f, 0xac, 4,    1,    0, 0x00, 0x0f,
				       0xac, 4, 1,    0,    0x00, 0x0f, 0xac, 2, 0,    0 };
	uint8_t ap[6];

	bssid(r->serving, ap);
	put_header(f, FC_ASSOCIATION_REQUEST, ap, r, ap);
	put_le(f, 0x0431, 2); /* a network with access point, private; short preamble, slot */
	put_le(f, 10, 2);     /* beacons that it may sleep through */
	put_element(f, ELEMENT_SSID, RADIO_NETWORK, strlen(RADIO_NETWORK));
	put_rates(f);
	put_element(f, ELEMENT_RSN, rsn, sizeof(rsn));
}

/* Half of them say that the phone goes to sleep, half carry something encrypted. */
static void put_data(struct bytes *f, const struct radio_report *r)
{
	static const uint8_t router[6] = { 0x02, 0x53, 0x49, 0x4d, 0x01, 0x00 };
	uint8_t ap[6];

	bssid(r->serving, ap);
	if (r->sequence % 2 == 0) {
		put_header(f, FC_NULL | FC_TO_AP | FC_SLEEPS, ap, r, ap);
		return;
	}
	put_header(f, FC_QOS_DATA | FC_TO_AP | FC_ENCRYPTED, ap, r, router);
	put_le(f, 0, 2); /* best effort */
	/* CCMP: packet number with the extended-IV bit of key 0 in it, then what nobody can
	 * read. */
	put_le(f, 0x20000000 | (uint32_t)r->sequence, 4);
	put_le(f, 0, 4);
	for (uint32_t i = 0; i < 8; i++)
		put_le(f, (uint32_t)rng_hash(r->sequence, i), 4);
}

/* CRC-32 as in 802.3. */
static uint32_t checksum(const uint8_t *b, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= b[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* ---- The file ---- */

enum { TAP_FLAGS = 1, TAP_RATE, TAP_CHANNEL, TAP_SIGNAL = 5, TAP_ANTENNA = 11 };

static void put_radiotap(struct bytes *f, const struct radio_report *r)
{
	bool slow = r->kind == RADIO_PROBE;

	put_le(f, 0, 2);  /* version, padding */
	put_le(f, 16, 2); /* length of all this */
	put_le(f,
	       1 << TAP_FLAGS | 1 << TAP_RATE | 1 << TAP_CHANNEL | 1 << TAP_SIGNAL |
		       1 << TAP_ANTENNA,
	       4);
	put_le(f, 0x10, 1);          /* the checksum is there */
	put_le(f, slow ? 2 : 12, 1); /* 1 or 6 Mbit/s */
	put_le(f, CHANNEL_MHZ, 2);
	put_le(f, slow ? 0x00a0 : 0x00c0, 2); /* 2.4 GHz; CCK or OFDM */
	put_le(f, (uint32_t)(int32_t)r->rssi_dbm, 1);
	put_le(f, (uint32_t)r->receiver, 1);
}

static void write_bytes(struct radio_pcap *p, const struct bytes *f)
{
	fwrite(f->b, 1, f->n, p->out.f);
}

int radio_pcap_open(struct radio_pcap **out, const char *path, struct err *err)
{
	struct radio_pcap *p = xcalloc(1, sizeof(*p));
	struct bytes head = { 0 };
	int rc = file_out_open(&p->out, path, err);

	if (rc < 0) {
		free(p);
		return rc;
	}
	put_le(&head, 0xa1b2c3d4, 4); /* microseconds */
	put_le(&head, 2, 2);          /* version 2.4 */
	put_le(&head, 4, 2);
	put_le(&head, 0, 4);
	put_le(&head, 0, 4);
	put_le(&head, FRAME_MOST, 4);
	put_le(&head, 127, 4); /* radiotap */
	write_bytes(p, &head);
	*out = p;
	return 0;
}

void radio_pcap_add(struct radio_pcap *p, const struct radio_report *r)
{
	struct bytes frame = { 0 }, record = { 0 };
	size_t header;

	if (r->kind == RADIO_REPORT)
		return;
	put_radiotap(&frame, r);
	header = frame.n;
	if (r->kind == RADIO_PROBE)
		put_probe_request(&frame, r);
	else if (r->kind == RADIO_JOIN)
		put_association_request(&frame, r);
	else
		put_data(&frame, r);
	put_le(&frame, checksum(frame.b + header, frame.n - header), 4);
	put_le(&record, (uint32_t)(r->t_us / CLOCK_SECOND_US), 4);
	put_le(&record, (uint32_t)(r->t_us % CLOCK_SECOND_US), 4);
	put_le(&record, (uint32_t)frame.n, 4);
	put_le(&record, (uint32_t)frame.n, 4);
	write_bytes(p, &record);
	write_bytes(p, &frame);
}

int radio_pcap_close(struct radio_pcap *p, struct err *err)
{
	int rc;

	if (!p)
		return 0;
	rc = file_out_close(&p->out, err);
	free(p);
	return rc;
}

void radio_pcap_drop(struct radio_pcap *p)
{
	if (p)
		file_out_drop(&p->out);
	free(p);
}
