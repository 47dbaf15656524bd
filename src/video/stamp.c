/* SPDX-License-Identifier: Apache-2.0 */
/* stamp.c -- start times that recorders, phones and cameras write into file names. */
#include "video/stamp.h"

#include "base/clock.h"
#include "base/file.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* In a pattern Y M D h m s are a digit of the year, month, ... each; u is a digit that is
 * skipped; '-' is one of "-._", ':' one of "-.:_", '_' one of "_- T.@", '*' one folder name.
 * All else stands for itself. A field that comes twice must be equal. */
struct pattern {
	const char *text;
	bool utc;
};

/* Anywhere in the file's name; longer ones first. */
static const struct pattern in_name[] = {
	{ "PXL_YYYYMMDD_hhmmssuuu", true }, /* Google's phones */
	{ "YYYYMMDDhhmmss", false },        /* Hikvision, Dahua, Reolink, Motion */
	{ "YYYYMMDD_hhmmss", false },       /* phones, Reolink, Blue Iris, Axis */
	{ "YYYYMMDD_hhmmssuuu", false },    /* phones, with milliseconds */
	{ "YYYYMMDD_hh:mm:ss", false },
	{ "YYYY-MM-DD_hh:mm:ss", false },   /* Shinobi, Agent DVR, OBS */
	{ "YYYY-MM-DD_hhmmss", false },     /* Synology */
	{ "YYYY-MM-DD at hh:mm:ss", false } /* macOS, WhatsApp */
};

/* Folders and the beginning of the file's name. */
static const struct pattern in_path[] = {
	{ "YYYY-MM-DD/*/*/hh/hh:mm:ss-", false }, /* Dahua, with an hour folder */
	{ "YYYY-MM-DD/*/*/hh:mm:ss-", false },    /* Dahua */
	{ "YYYY-MM-DD/hh/*/mm:ss.mp4", true },    /* Frigate */
	{ "YYYY-MM-DD/hh:mm:ss.", false },        /* motionEye */
};

static bool one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool put(int *field, int *seen, int digits, int v)
{
	if (*seen == digits && *field != v)
		return false;
	*field = v;
	*seen = digits;
	return true;
}

/* A run of equal letters in the pattern, as a number in the text. */
static bool take(const char **p, const char **s, struct civil *c, int seen[256])
{
	char letter = **p;
	int v = 0, n = 0;

	for (; **p == letter; (*p)++, (*s)++, n++) {
		if (!isdigit((unsigned char)**s))
			return false;
		v = v * 10 + (**s - '0');
	}
	switch (letter) {
	case 'Y':
		return put(&c->year, &seen['Y'], n, v);
	case 'M':
		return put(&c->month, &seen['M'], n, v);
	case 'D':
		return put(&c->day, &seen['D'], n, v);
	case 'h':
		return put(&c->hour, &seen['h'], n, v);
	case 'm':
		return put(&c->minute, &seen['m'], n, v);
	case 's':
		return put(&c->second, &seen['s'], n, v);
	default:
		return true;
	}
}

/* The number of characters of s that fit, 0 when they don't. */
static size_t fit(const char *pattern, const char *s, struct civil *c)
{
	const char *p = pattern, *start = s;
	int seen[256] = { 0 };

	*c = (struct civil){ 0 };
	while (*p) {
		bool known;

		/* A single m is the one of ".mp4". */
		if (strchr("YMDhsu", *p) || (*p == 'm' && p[1] == 'm')) {
			if (!take(&p, &s, c, seen))
				return 0;
			continue;
		}
		if (*p == '*') {
			for (known = false; *s && *s != '/'; s++)
				known = true;
			if (!known)
				return 0;
			p++;
			continue;
		}
		known = *p == '-'   ? one_of(*s, "-._")
			: *p == ':' ? one_of(*s, "-.:_")
			: *p == '_' ? one_of(*s, "_- T.@")
				    : *p == *s;
		if (!known)
			return 0;
		p++, s++;
	}
	return (size_t)(s - start);
}

static bool half_day(const char *s)
{
	if (one_of(*s, " _"))
		s++;
	return one_of(*s, "AaPp") && one_of(s[1], "Mm") && !isalnum((unsigned char)s[2]);
}

static int64_t utc_of(const struct civil *c)
{
	char text[CLOCK_TEXT];
	int64_t t_us;

	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", c->year % 10000,
		 c->month % 100, c->day % 100, c->hour % 100, c->minute % 100, c->second % 100);
	return clock_parse(text, &t_us, NULL) < 0 ? CLOCK_NONE : t_us;
}

static int64_t try_at(const struct pattern *p, const char *s, const char *start)
{
	struct civil c;
	size_t n = fit(p->text, s, &c);
	bool utc = p->utc;
	int64_t t_us;

	if (!n || c.year < 2001 || c.year > 2099)
		return CLOCK_NONE;
	if ((s > start && isdigit((unsigned char)s[-1])) ||
	    (isdigit((unsigned char)s[n - 1]) && isdigit((unsigned char)s[n])) ||
	    half_day(s + n))
		return CLOCK_NONE;
	if (one_of(s[n], "Zz") && !isalnum((unsigned char)s[n + 1]))
		utc = true;
	if (utc)
		return utc_of(&c);
	return clock_from_local(&c, &t_us, NULL) < 0 ? CLOCK_NONE : t_us;
}

static int64_t search_name(const char *name)
{
	for (const char *s = name; *s; s++) {
		for (size_t i = 0; i < sizeof(in_name) / sizeof(in_name[0]); i++) {
			int64_t t_us = try_at(&in_name[i], s, name);

			if (t_us != CLOCK_NONE)
				return t_us;
		}
	}
	return CLOCK_NONE;
}

static int slashes(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '/';
	return n;
}

/* The last folders of the path, as many as the pattern has. */
static int64_t search_path(const char *path)
{
	for (size_t i = 0; i < sizeof(in_path) / sizeof(in_path[0]); i++) {
		int depth = slashes(in_path[i].text);
		const char *s = path + strlen(path);
		int64_t t_us;

		while (s > path && depth >= 0)
			depth -= *--s == '/';
		if (depth > 0)
			continue;
		t_us = try_at(&in_path[i], *s == '/' ? s + 1 : s, path);
		if (t_us != CLOCK_NONE)
			return t_us;
	}
	return CLOCK_NONE;
}

#define EPOCH_2099 INT64_C(4102444800) /* 2100-01-01T00:00:00Z */

static int64_t epoch_of(const char *s, size_t n)
{
	int64_t v = 0;

	if (n != 10 && n != 13)
		return CLOCK_NONE;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return CLOCK_NONE;
		v = v * 10 + (s[i] - '0');
	}
	if (*s == '0' || v / (n == 13 ? 1000 : 1) >= EPOCH_2099)
		return CLOCK_NONE;
	return v * (n == 13 ? 1000 : CLOCK_SECOND_US);
}

static int64_t search_epoch(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *end = dot ? dot : name + strlen(name);

	for (const char *s = name; s < end;) {
		size_t n = strcspn(s, "_");
		int64_t t_us;

		if (n > (size_t)(end - s))
			n = (size_t)(end - s);
		t_us = epoch_of(s, n);
		if (t_us != CLOCK_NONE)
			return t_us;
		s += n + 1;
	}
	return CLOCK_NONE;
}

int64_t stamp_of(const char *path)
{
	int64_t t_us = search_name(file_base(path));

	if (t_us == CLOCK_NONE)
		t_us = search_path(path);
	if (t_us == CLOCK_NONE)
		t_us = search_epoch(file_base(path));
	return t_us;
}
