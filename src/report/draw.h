/* SPDX-License-Identifier: Apache-2.0 */
/* draw.h -- lines and letters in pictures. What lies outside is cut off. */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

#include "video/png.h"

#include <stdint.h>

#define FONT_W 8
#define FONT_H 13
#define FONT_GLYPHS (95 + 96)
extern const uint8_t font_8x13[FONT_GLYPHS][FONT_H];

void draw_box(struct rgba *p, int x, int y, int w, int h, uint32_t rgb);
/* From one pixel to the other, `wide` pixels wide; dash: so many on, so many off; 0: all on. */
void draw_line(struct rgba *p, double x0, double y0, double x1, double y1, int wide, int dash,
	       uint32_t rgb);
/* UTF-8, letters beyond Latin-1 as '?'; x, y: its left upper corner. With a dark rim. */
void draw_text(struct rgba *p, int x, int y, const char *text, uint32_t rgb);
int draw_text_width(const char *text);

#endif
