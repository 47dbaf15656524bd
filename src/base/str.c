/* SPDX-License-Identifier: Apache-2.0 */
/* str.c -- text that grows, numbers from text, the nearest of several words. */
#include "base/str.h"

#include "base/vec.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char str_empty[1];

void str_clear(struct str *b)
{
	if (b->cap)
		free(b->s);
	*b = (struct str)STR_INIT;
}

static void room(struct str *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;

	if (b->cap && b->len + more + 1 <= b->cap)
		return;
	while (cap < b->len + more + 1)
		cap *= 2;
	b->s = xrealloc(b->cap ? b->s : NULL, cap, 1);
	b->s[b->len] = '\0';
	b->cap = cap;
}

void str_add_n(struct str *b, const char *s, size_t n)
{
	room(b, n);
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void str_add(struct str *b, const char *s)
{
	str_add_n(b, s, strlen(s));
}

void str_addf(struct str *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		room(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

char *str_take(struct str *b)
{
	char *s;

	room(b, 0);
	s = b->s;
	*b = (struct str)STR_INIT;
	return s;
}

bool str_copy(char *dst, size_t size, const char *src)
{
	size_t n = strlen(src);
	bool fits = n < size;

	if (!fits)
		n = size - 1;
	memcpy(dst, src, n);
	dst[n] = '\0';
	return fits;
}

bool str_to_i64(const char *s, int64_t *v)
{
	char *end;
	long long x;

	if (!*s || isspace((unsigned char)*s))
		return false;
	errno = 0;
	x = strtoll(s, &end, 10);
	if (errno || *end)
		return false;
	*v = x;
	return true;
}

bool str_to_double(const char *s, double *v)
{
	char *end;
	double x;

	/* strtod also takes hexadecimal, "inf" and "nan": no setting is meant so. */
	if (!*s || strspn(s, "+-.0123456789eE") != strlen(s))
		return false;
	errno = 0;
	x = strtod(s, &end);
	if (*end || !isfinite(x))
		return false;
	*v = x;
	return true;
}

uint64_t str_hash(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

#define NEAREST_MAX 64

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t d[NEAREST_MAX + 1][NEAREST_MAX + 1];

	for (size_t i = 0; i <= na; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= nb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		for (size_t j = 1; j <= nb; j++) {
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[na][nb];
}

const char *str_nearest(const char *s, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t least = NEAREST_MAX, ns = strlen(s);

	if (ns > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t nw = strlen(words[i]), d;

		if (nw > NEAREST_MAX)
			continue;
		d = distance(s, ns, words[i], nw);
		if (d < least && 3 * d <= nw) {
			least = d;
			best = words[i];
		}
	}
	return best;
}

char *str_double(double v, char *buf)
{
	if (fabs(v) < 1e15 && v == floor(v)) { /* 60, where %g would have 6e+01 */
		snprintf(buf, STR_DOUBLE, "%.0f", v);
		return buf;
	}
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(buf, STR_DOUBLE, "%.*g", digits, v);
		if (strtod(buf, NULL) == v)
			break;
	}
	return buf;
}

/* Bytes of the character at s, 0 when it is malformed, overlong or a surrogate. */
static int utf8_len(const unsigned char *s)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4 || (s[1] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xe0)
		return 2;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[2] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xf0)
		return 3;
	if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f) ||
	    (s[3] & 0xc0) != 0x80)
		return 0;
	return 4;
}

bool str_is_clean(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		int n = utf8_len(s);

		if (!n || *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0))
			return false;
		s += n;
	}
	return true;
}

void str_add_roff(struct str *b, const char *text)
{
	bool line_start = !b->len || b->s[b->len - 1] == '\n';

	for (; *text; text++) {
		if (line_start && (*text == '.' || *text == '\''))
			str_add(b, "\\&");
		line_start = *text == '\n';
		if (*text == '\\')
			str_add(b, "\\e");
		else if (*text == '-')
			str_add(b, "\\-");
		else if (*text == '\'')
			str_add(b, "\\(aq");
		else
			str_add_n(b, text, 1);
	}
}

void str_add_json(struct str *b, const char *text)
{
	str_add(b, "\"");
	for (const char *s = text; *s; s++) {
		if (*s == '"' || *s == '\\')
			str_addf(b, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			str_addf(b, "\\u%04x", (unsigned)*s);
		else
			str_add_n(b, s, 1);
	}
	str_add(b, "\"");
}

void str_add_base64(struct str *b, const uint8_t *v, size_t len)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		unsigned three = (unsigned)v[i] << 16;
		char c[4];

		three |= i + 1 < len ? (unsigned)v[i + 1] << 8 : 0;
		three |= i + 2 < len ? v[i + 2] : 0;
		for (int k = 0; k < 4; k++)
			c[k] = digit[three >> (18 - 6 * k) & 63];
		if (i + 1 >= len)
			c[2] = '=';
		if (i + 2 >= len)
			c[3] = '=';
		str_add_n(b, c, 4);
	}
}

void str_add_wrapped(struct str *b, const char *text, size_t n, int indent, int width)
{
	const char *s = text, *end = text + n;
	int at = indent;

	while (s < end) {
		int len = (int)strcspn(s, " \n");

		if (len > end - s)
			len = (int)(end - s);
		if (at > indent && at + 1 + len > width) {
			str_addf(b, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			str_add(b, " ");
			at++;
		}
		str_add_n(b, s, (size_t)len);
		at += len;
		s += len;
		while (s < end && (*s == ' ' || *s == '\n'))
			s++;
	}
	str_add(b, "\n");
}

bool str_starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}
