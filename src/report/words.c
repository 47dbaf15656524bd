/* SPDX-License-Identifier: Apache-2.0 */
/* words.c -- numbers, times and names as people read them. */
#include "report/words.h"

#include "base/clock.h"
#include "base/str.h"

#include <math.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at s, 0 when it is none (or an overlong one, or a surrogate). */
static int utf8_len(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	int n = u[0] < 0x80                   ? 1
		: u[0] >= 0xc2 && u[0] < 0xe0 ? 2
		: (u[0] & 0xf0) == 0xe0       ? 3
		: u[0] >= 0xf0 && u[0] < 0xf5 ? 4
					      : 0;

	for (int i = 1; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return n;
}

void words_html(struct str *out, const char *s)
{
	for (int n; *s; s += n ? n : 1) {
		n = utf8_len(s);
		if (n == 0)
			str_add(out, "\xef\xbf\xbd");
		else if (*s == '&')
			str_add(out, "&amp;");
		else if (*s == '<')
			str_add(out, "&lt;");
		else if (*s == '>')
			str_add(out, "&gt;");
		else if (*s == '"')
			str_add(out, "&quot;");
		else if (*s == '\'')
			str_add(out, "&#39;");
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			str_add(out, " ");
		else
			str_add_n(out, s, (size_t)n);
	}
}

void words_base64(struct str *out, const uint8_t *v, size_t len)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		unsigned b = (unsigned)v[i] << 16;
		char c[4];

		b |= i + 1 < len ? (unsigned)v[i + 1] << 8 : 0;
		b |= i + 2 < len ? v[i + 2] : 0;
		for (int k = 0; k < 4; k++)
			c[k] = digit[b >> (18 - 6 * k) & 63];
		if (i + 1 >= len)
			c[2] = '=';
		if (i + 2 >= len)
			c[3] = '=';
		str_add_n(out, c, 4);
	}
}

void words_count(struct str *out, int64_t n)
{
	char digits[32];
	int len;

	if (n < 0) {
		str_add(out, "\xe2\x88\x92"); /* minus sign */
		n = -n;
	}
	len = snprintf(digits, sizeof(digits), "%lld", (long long)n);
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			str_add(out, ",");
		str_add_n(out, &digits[i], 1);
	}
}

/* n of the smaller unit, ratio of which make one of the larger. */
static void two_units(struct str *out, long long n, int ratio, const char *large,
		      const char *small)
{
	str_addf(out, "%lld %s", n / ratio, large);
	if (n % ratio)
		str_addf(out, " %lld %s", n % ratio, small);
}

void words_duration(struct str *out, double s)
{
	long long whole = llround(s);

	if (s > 0 && s < 9.95)
		str_addf(out, "%.1f s", s);
	else if (whole < 60)
		str_addf(out, "%lld s", whole);
	else if (whole < 3600)
		two_units(out, whole, 60, "min", "s");
	else
		two_units(out, (whole + 30) / 60, 60, "h", "min");
}

void words_percent(struct str *out, double part, double whole)
{
	double p = whole > 0 ? 100 * part / whole : 0;

	if (p > 0 && p < 1)
		str_add(out, "< 1 %");
	else if (p < 100 && p >= 99.5)
		str_add(out, "> 99 %");
	else
		str_addf(out, "%.0f %%", p);
}

void words_day(struct str *out, int64_t t_us)
{
	static const char *const weekday[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
					       "Friday", "Saturday", "Sunday" };
	static const char *const month[] = { "January",   "February", "March",    "April",
					     "May",       "June",     "July",     "August",
					     "September", "October",  "November", "December" };
	struct civil c;

	clock_local(t_us, &c);
	str_addf(out, "%s %d %s %d", weekday[c.weekday], c.day, month[c.month - 1], c.year);
}

void words_time(struct str *out, int64_t t_us)
{
	struct civil c;

	clock_local(t_us, &c);
	str_addf(out, "%02d:%02d", c.hour, c.minute);
}

void words_offset(struct str *out, int64_t t_us)
{
	char text[CLOCK_TEXT];

	str_addf(out, "UTC%s", clock_text_local(t_us, text) + 19);
}

void words_slug(struct str *out, const char *name)
{
	size_t begin = out->len;

	for (; *name; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			str_add_n(out, &c, 1);
		else if (out->len > begin && out->s[out->len - 1] != '-')
			str_add(out, "-");
	}
	while (out->len > begin && out->s[out->len - 1] == '-')
		out->s[--out->len] = '\0';
	if (out->len == begin)
		str_add(out, "store");
}

void words_column(struct str *out, const char *s, int width)
{
	int used = 0;

	for (int n; *s && used < width; s += n ? n : 1, used++) {
		n = utf8_len(s);
		if (n == 0 || (unsigned char)*s < 0x20 || *s == 0x7f)
			str_add(out, "?");
		else
			str_add_n(out, s, (size_t)n);
	}
	str_addf(out, "%*s", width - used, "");
}
