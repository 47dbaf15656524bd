/* SPDX-License-Identifier: Apache-2.0 */
/* test_radio_files.c -- wifi.csv and the capture read back: every field is what was heard. */
#include "base/clock.h"
#include "base/file.h"
#include "radio_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PEOPLE 40
#define SECONDS 600

static char dir[] = "/tmp/footfall-radio-XXXXXX";
static char *csv, *pcap;

/* Clocks differ, and not everything is heard. */
static struct scene *store(void)
{
	struct scene *s = rig_store();

	s->radio.clock_sd_s = 3;
	s->radio.floor_dbm = -90;
	return s;
}

/* Both files by the one call; the same reports to compare with. */
static struct heard write_files(const struct scene *s, uint64_t seed)
{
	struct actor *a = rig_crowd(PEOPLE, 1);
	struct radio_log *log;
	struct err e = { 0 };
	struct heard h;

	unlink(csv);
	assert_int_equal(radio_log_open(&log, s, seed, csv, pcap, &e), 0);
	for (int64_t i = 0; i < SECONDS * 10; i++)
		radio_log_tick(log, s->start_us + i * CROWD_TICK_US, a, PEOPLE);
	assert_int_equal(access(csv, F_OK), -1); /* not before it is whole */
	assert_int_equal(radio_log_close(log, &e), 0);
	h = rig_hear(s, seed, a, PEOPLE, SECONDS);
	assert_true(h.report.n > 1000);
	free(a);
	return h;
}

/* To be freed. */
static void whole(const char *path, char **text, size_t *len)
{
	struct err e = { 0 };

	assert_int_equal(file_read(path, 1 << 24, text, len, &e), 0);
}

/* ---- wifi.csv ---- */

#define COLUMNS 14

/* Splits a line in place; returns what follows it. */
static char *split(char *line, char *field[COLUMNS])
{
	char *end = strchr(line, '\n');

	assert_non_null(end);
	*end = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		field[i] = line;
		line = strchr(line, ',');
		if (i == COLUMNS - 1)
			assert_null(line);
		else
			assert_non_null(line);
		if (line)
			*line++ = '\0';
	}
	return end + 1;
}

static int64_t microseconds(const char *s)
{
	return (int64_t)llround(strtod(s, NULL) * 1e6);
}

static void assert_line(char *field[COLUMNS], const struct radio_report *r,
			const struct scene *s)
{
	static const char *const kinds[] = { "", "probe", "join", "report", "data" };
	const uint8_t *a = r->address;
	int64_t t_us;
	char text[32];

	assert_int_equal(clock_parse(field[0], &t_us, NULL), 0);
	assert_int_equal(t_us, r->t_us);
	assert_int_equal(microseconds(field[1]), r->t_us - s->start_us);
	assert_int_equal(microseconds(field[2]), r->true_us - s->start_us);
	assert_string_equal(field[3], s->receiver[r->receiver].name);
	assert_string_equal(field[4], kinds[r->kind]);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", a[0], a[1], a[2], a[3],
		 a[4], a[5]);
	assert_string_equal(field[5], text);
	assert_string_equal(field[6], "1");
	assert_int_equal(strtol(field[7], NULL, 10), r->sequence);
	assert_int_equal(strtol(field[8], NULL, 10), (long)r->rssi_dbm);
	assert_int_equal(strtol(field[9], NULL, 10), r->owner);
	assert_int_equal(strtol(field[10], NULL, 10), r->device);
	assert_string_equal(field[11], r->kind == RADIO_PROBE ? "0" : "1");
	assert_string_equal(field[12], r->kind == RADIO_PROBE ? "" : "Simulated store");
	assert_string_equal(field[13], r->serving < 0 ? "" : s->receiver[r->serving].name);
}

static void the_table_is_what_was_heard(void **state)
{
	struct scene *s = store();
	struct heard h = write_files(s, 1);
	char *field[COLUMNS], *text, *line;
	bool early = false;
	size_t len;

	(void)state;
	whole(csv, &text, &len);
	line = strchr(text, '\n') + 1;
	line[-1] = '\0';
	assert_string_equal(text, "t_utc,t_s,true_t_s,receiver,kind,address,random,sequence,"
				  "rssi_dbm,owner,device,joined,network,access_point");
	for (size_t i = 0; i < h.report.n; i++) {
		line = split(line, field);
		assert_line(field, &h.report.v[i], s);
		early |= field[1][0] == '-';
	}
	assert_true(early); /* a clock that is slow: before the start */
	assert_ptr_equal(line, text + len);
	free(text);
	heard_clear(&h);
	free(s);
}

static void an_address_that_is_no_random_one_is_told(void **state)
{
	struct radio_report r = { .t_us = RIG_START_US,
				  .true_us = RIG_START_US,
				  .kind = RADIO_PROBE,
				  .serving = -1,
				  .owner = 3 };
	struct scene *s = store();
	struct radio_csv *f;
	struct err e = { 0 };
	char *text;
	size_t len;

	(void)state;
	assert_int_equal(radio_csv_open(&f, csv, s, &e), 0);
	radio_csv_add(f, &r);
	assert_int_equal(radio_csv_close(f, &e), 0);
	whole(csv, &text, &len);
	assert_string_equal(strchr(text, '\n') + 1,
			    "2026-03-14T09:00:00.000000Z,0.000000,0.000000,ap1,probe,"
			    "00:00:00:00:00:00,0,0,0,3,0,0,,\n");
	free(text);
	free(s);
}

/* ---- The capture, by a reader of its own ---- */

struct reader {
	const uint8_t *b;
	size_t left;
};

static uint32_t take(struct reader *in, size_t n)
{
	uint32_t v = 0;

	assert_true(in->left >= n);
	for (size_t i = 0; i < n; i++)
		v |= (uint32_t)in->b[i] << 8 * i;
	in->b += n;
	in->left -= n;
	return v;
}

static struct reader take_part(struct reader *in, size_t n)
{
	struct reader part = { in->b, n };

	assert_true(in->left >= n);
	in->b += n;
	in->left -= n;
	return part;
}

static void take_address(struct reader *in, uint8_t address[6])
{
	struct reader part = take_part(in, 6);

	memcpy(address, part.b, 6);
}

struct frame {
	int64_t t_us;
	uint32_t mhz;
	int signal_dbm;
	unsigned antenna, control, sequence;
	uint8_t to[6], from[6], third[6];
	struct reader body; /* without the checksum */
};

/* CRC-32 with the checksum taken in leaves the same number behind every whole frame. */
static void assert_whole(struct reader in)
{
	uint32_t crc = 0xffffffff;

	while (in.left) {
		crc ^= take(&in, 1);
		for (int k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	assert_int_equal(crc, 0xdebb20e3);
}

static void take_radiotap(struct reader *in, struct frame *f)
{
	uint32_t rate, band;

	assert_int_equal(take(in, 2), 0); /* version */
	assert_int_equal(take(in, 2), 16);
	assert_int_equal(take(in, 4), 0x82e);
	assert_int_equal(take(in, 1), 0x10); /* checksum at the end */
	rate = take(in, 1);
	f->mhz = take(in, 2);
	band = take(in, 2);
	assert_true((rate == 2 && band == 0xa0) || (rate == 12 && band == 0xc0));
	f->signal_dbm = (int8_t)take(in, 1);
	f->antenna = take(in, 1);
}

static struct frame take_frame(struct reader *in)
{
	struct frame f = { 0 };
	struct reader record, fcs;
	uint32_t len;

	f.t_us = take(in, 4) * CLOCK_SECOND_US;
	f.t_us += take(in, 4);
	len = take(in, 4);
	assert_int_equal(take(in, 4), len); /* nothing cut off */
	record = take_part(in, len);
	take_radiotap(&record, &f);
	assert_whole(record);
	f.control = take(&record, 2);
	take(&record, 2); /* duration */
	take_address(&record, f.to);
	take_address(&record, f.from);
	take_address(&record, f.third);
	f.sequence = take(&record, 2);
	assert_int_equal(f.sequence & 15, 0); /* no fragments */
	f.sequence >>= 4;
	f.body = take_part(&record, record.left - 4);
	fcs = record;
	assert_int_equal(fcs.left, 4);
	return f;
}

static struct reader open_pcap(const char *text, size_t len)
{
	struct reader in = { (const uint8_t *)text, len };

	assert_int_equal(take(&in, 4), 0xa1b2c3d4);
	assert_int_equal(take(&in, 2), 2);
	assert_int_equal(take(&in, 2), 4);
	assert_int_equal(take(&in, 4), 0);
	assert_int_equal(take(&in, 4), 0);
	assert_true(take(&in, 4) >= 128);
	assert_int_equal(take(&in, 4), 127);
	return in;
}

/* Elements fill what is left to the byte; *network: that of the SSID. */
static void read_elements(struct reader in, char network[33], uint64_t *there)
{
	*there = 0;
	while (in.left) {
		uint32_t id = take(&in, 1), n = take(&in, 1);
		struct reader data = take_part(&in, n);

		assert_true(id < 64);
		*there |= UINT64_C(1) << id;
		if (id)
			continue;
		assert_true(n <= 32);
		memcpy(network, data.b, n);
		network[n] = '\0';
	}
}

static void assert_probe(const struct frame *f)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	char network[33] = "-";
	uint64_t there;

	assert_int_equal(f->control, 0x0040);
	assert_memory_equal(f->to, all, 6);
	assert_memory_equal(f->third, all, 6);
	read_elements(f->body, network, &there);
	assert_string_equal(network, ""); /* asks for any */
	assert_int_equal(there, UINT64_C(1) << 50 | 1 << 3 | 1 << 1 | 1 << 0);
}

static void assert_join(struct frame *f)
{
	char network[33] = "-";
	uint64_t there;

	assert_int_equal(f->control, 0x0000);
	assert_memory_equal(f->to, f->third, 6);
	take(&f->body, 4);
	read_elements(f->body, network, &there);
	assert_string_equal(network, "Simulated store");
	assert_int_equal(there, UINT64_C(1) << 50 | UINT64_C(1) << 48 | 1 << 1 | 1 << 0);
}

static void assert_data(const struct frame *f)
{
	assert_true(f->control == 0x1148 || f->control == 0x4188);
	if (f->control == 0x1148)
		assert_int_equal(f->body.left, 0);
	else
		assert_true(f->body.left >= 2 + 8 + 8); /* QoS, CCMP, its check */
}

static void the_capture_is_what_was_heard(void **state)
{
	struct scene *s = store();
	struct heard h = write_files(s, 2);
	int n[RADIO_DATA + 1] = { 0 };
	uint8_t ap[2][6] = { { 0 } };
	struct reader in;
	size_t len;
	char *text;

	(void)state;
	whole(pcap, &text, &len);
	in = open_pcap(text, len);
	for (size_t i = 0; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i];
		struct frame f;

		n[r->kind]++;
		if (r->kind == RADIO_REPORT)
			continue;
		f = take_frame(&in);
		assert_int_equal(f.t_us, r->t_us);
		assert_int_equal(f.mhz, 2437);
		assert_int_equal(f.signal_dbm, (int)r->rssi_dbm);
		assert_int_equal(f.antenna, r->receiver);
		assert_int_equal(f.sequence, r->sequence);
		assert_memory_equal(f.from, r->address, 6);
		if (r->kind == RADIO_PROBE)
			assert_probe(&f);
		else if (r->kind == RADIO_JOIN)
			assert_join(&f);
		else
			assert_data(&f);
		if (r->kind == RADIO_JOIN)
			memcpy(ap[r->serving], f.to, 6);
		if (r->kind != RADIO_PROBE)
			assert_memory_equal(f.to, ap[r->serving], 6);
	}
	assert_int_equal(in.left, 0);
	assert_true(n[RADIO_PROBE] > 100 && n[RADIO_JOIN] > 5 && n[RADIO_DATA] > 100);
	for (int k = 0; k < 2; k++)
		assert_int_equal(ap[k][0] & 3, 2); /* nobody's real access point */
	assert_true(memcmp(ap[0], ap[1], 6) != 0);
	free(text);
	heard_clear(&h);
	free(s);
}

/* The same frames of other people are the same bytes. */
static void the_capture_has_nothing_of_the_truth(void **state)
{
	struct scene *s = store();
	struct heard h = write_files(s, 2);
	char *first, *second;
	struct radio_pcap *f;
	struct err e = { 0 };
	size_t len, len2;

	(void)state;
	whole(pcap, &first, &len);
	assert_int_equal(radio_pcap_open(&f, pcap, &e), 0);
	for (size_t i = 0; i < h.report.n; i++) {
		struct radio_report r = h.report.v[i];

		r.owner = r.device = 9;
		r.true_us += 12345;
		radio_pcap_add(f, &r);
	}
	assert_int_equal(radio_pcap_close(f, &e), 0);
	whole(pcap, &second, &len2);
	assert_int_equal(len, len2);
	assert_memory_equal(first, second, len);
	free(first);
	free(second);
	heard_clear(&h);
	free(s);
}

/* Where Wireshark is installed it has no complaints either. */
static void wireshark_reads_the_capture(void **state)
{
	static const char query[] =
		"tshark -r %s -o wlan.check_checksum:TRUE -T fields -E separator=, "
		"-e radiotap.antenna -e radiotap.dbm_antsignal -e wlan.fc.type_subtype "
		"-e wlan.ta -e wlan.seq -e wlan.fcs.status -e _ws.malformed -e _ws.expert "
		"2>/dev/null";
	char command[512], line[256], expected[256];
	struct scene *s = store();
	struct heard h;
	FILE *f;

	(void)state;
	if (system("command -v tshark >/dev/null 2>&1") != 0) {
		print_message(
			"no tshark: the capture is read by this test's own reader only\n");
		free(s);
		skip();
	}
	h = write_files(s, 3);
	snprintf(command, sizeof(command), query, pcap);
	f = popen(command, "r");
	assert_non_null(f);
	for (size_t i = 0; i < h.report.n; i++) {
		const struct radio_report *r = &h.report.v[i];
		const uint8_t *a = r->address;
		const char *type = r->kind == RADIO_PROBE  ? "0x0004"
				   : r->kind == RADIO_JOIN ? "0x0000"
				   : r->sequence % 2 == 0  ? "0x0024"
							   : "0x0028";

		if (r->kind == RADIO_REPORT)
			continue;
		snprintf(expected, sizeof(expected),
			 "%d,%.0f,%s,%02x:%02x:%02x:%02x:%02x:%02x,%d,1,,\n", r->receiver,
			 r->rssi_dbm, type, a[0], a[1], a[2], a[3], a[4], a[5], r->sequence);
		assert_non_null(fgets(line, sizeof(line), f));
		assert_string_equal(line, expected);
	}
	assert_null(fgets(line, sizeof(line), f));
	assert_int_equal(pclose(f), 0);
	heard_clear(&h);
	free(s);
}

/* ---- Whole or not at all ---- */

static void the_same_seed_gives_the_same_bytes(void **state)
{
	struct scene *s = store();
	char *text[2][2];
	size_t len[2][2];

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct heard h = write_files(s, 4);

		heard_clear(&h);
		whole(csv, &text[0][k], &len[0][k]);
		whole(pcap, &text[1][k], &len[1][k]);
	}
	for (int file = 0; file < 2; file++) {
		assert_int_equal(len[file][0], len[file][1]);
		assert_memory_equal(text[file][0], text[file][1], len[file][0]);
		free(text[file][0]);
		free(text[file][1]);
	}
	free(s);
}

static void what_cannot_be_written_is_told_and_leaves_nothing(void **state)
{
	struct actor *a = rig_crowd(PEOPLE, 1);
	struct scene *s = store();
	struct radio_log *log = NULL;
	struct err e = { 0 };

	(void)state;
	unlink(csv);
	assert_int_equal(radio_log_open(&log, s, 1, csv, "/nonexistent/x.pcap", &e), ERR_IO);
	assert_non_null(strstr(e.msg, "/nonexistent/x.pcap"));
	assert_null(log);
	assert_int_equal(access(csv, F_OK), -1);
	assert_int_equal(radio_log_open(&log, s, 1, "/nonexistent/x.csv", pcap, &e), ERR_IO);

	assert_int_equal(radio_log_open(&log, s, 1, "/dev/full", NULL, &e), 0);
	for (int64_t i = 0; i < 6000; i++)
		radio_log_tick(log, s->start_us + i * CROWD_TICK_US, a, PEOPLE);
	assert_int_equal(radio_log_close(log, &e), ERR_IO);
	assert_non_null(strstr(e.msg, "/dev/full"));

	assert_int_equal(radio_log_open(&log, s, 1, csv, pcap, &e), 0);
	radio_log_drop(log);
	assert_int_equal(access(csv, F_OK), -1);
	assert_int_equal(radio_log_close(NULL, &e), 0);
	radio_log_drop(NULL);
	free(a);
	free(s);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	csv = file_join(dir, "wifi.csv");
	pcap = file_join(dir, "air.pcap");
	return 0;
}

/* Fails when anything else was left in it. */
static int remove_folder(void **state)
{
	(void)state;
	unlink(csv);
	unlink(pcap);
	free(csv);
	free(pcap);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_what_was_heard),
		cmocka_unit_test(an_address_that_is_no_random_one_is_told),
		cmocka_unit_test(the_capture_is_what_was_heard),
		cmocka_unit_test(the_capture_has_nothing_of_the_truth),
		cmocka_unit_test(wireshark_reads_the_capture),
		cmocka_unit_test(the_same_seed_gives_the_same_bytes),
		cmocka_unit_test(what_cannot_be_written_is_told_and_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
