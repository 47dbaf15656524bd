/* SPDX-License-Identifier: Apache-2.0 */
/* draw.c -- lines and letters in pictures. */
#include "report/draw.h"

#include <math.h>

#define RIM 0x14181c

static void dot(struct rgba *p, int x, int y, uint32_t rgb)
{
	uint8_t *c;

	if (x < 0 || y < 0 || x >= p->w || y >= p->h)
		return;
	c = p->data + 4 * ((size_t)y * (size_t)p->w + (size_t)x);
	c[0] = (uint8_t)(rgb >> 16);
	c[1] = (uint8_t)(rgb >> 8);
	c[2] = (uint8_t)rgb;
	c[3] = 255;
}

void draw_box(struct rgba *p, int x, int y, int w, int h, uint32_t rgb)
{
	for (int j = y; j < y + h; j++)
		for (int i = x; i < x + w; i++)
			dot(p, i, j, rgb);
}

void draw_line(struct rgba *p, double x0, double y0, double x1, double y1, int wide, int dash,
	       uint32_t rgb)
{
	int n = (int)ceil(fmax(fabs(x1 - x0), fabs(y1 - y0)));

	for (int i = 0; i <= n; i++) {
		double t = n ? (double)i / n : 0;

		if (dash && i / dash % 2)
			continue;
		draw_box(p, (int)lround(x0 + t * (x1 - x0)) - wide / 2,
			 (int)lround(y0 + t * (y1 - y0)) - wide / 2, wide, wide, rgb);
	}
}

/* The next letter's number, and moves past it; broken UTF-8 counts as one '?'. */
static uint32_t next_letter(const char **s)
{
	const unsigned char *u = (const unsigned char *)*s;
	uint32_t v = u[0];

	++*s;
	if (v < 0x80)
		return v;
	if (v >= 0xc2 && v < 0xe0 && (u[1] & 0xc0) == 0x80)
		v = (v & 0x1f) << 6 | (u[1] & 0x3f);
	else
		v = '?';
	while ((**s & 0xc0) == 0x80)
		++*s;
	return v;
}

static const uint8_t *glyph(uint32_t v)
{
	if (v >= ' ' && v <= '~')
		return font_8x13[v - ' '];
	if (v >= 0xa0 && v <= 0xff)
		return font_8x13[95 + v - 0xa0];
	return font_8x13['?' - ' '];
}

static void draw_glyph(struct rgba *p, int x, int y, const uint8_t *rows, int around,
		       uint32_t rgb)
{
	for (int j = 0; j < FONT_H; j++)
		for (int i = 0; i < FONT_W; i++)
			if (rows[j] & 0x80 >> i)
				draw_box(p, x + i - around, y + j - around, 1 + 2 * around,
					 1 + 2 * around, rgb);
}

void draw_text(struct rgba *p, int x, int y, const char *text, uint32_t rgb)
{
	for (int rim = 1; rim >= 0; rim--) {
		int at = x;

		for (const char *s = text; *s; at += FONT_W)
			draw_glyph(p, at, y, glyph(next_letter(&s)), rim, rim ? RIM : rgb);
	}
}

int draw_text_width(const char *text)
{
	int n = 0;

	while (*text) {
		next_letter(&text);
		n++;
	}
	return n * FONT_W;
}
