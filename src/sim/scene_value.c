/* SPDX-License-Identifier: Apache-2.0 */
/* scene_value.c -- the values of a scene's file: how they are written, and what is said of one
 * that is not. */
#include "base/str.h"
#include "base/vec.h"
#include "sim/plane.h"
#include "sim/scene_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EVER_S 1e9 /* longer than any scene */

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* Takes a number of k's range off the front of *s, with the blanks before it. */
static bool number(const struct scene_key *k, const char **s, double *v)
{
	const char *from = skip_blanks(*s);
	size_t n = strspn(from, "0123456789+-.eE");
	char text[40];
	double x;

	if (!n || n >= sizeof(text))
		return false;
	memcpy(text, from, n);
	text[n] = '\0';
	if (!str_to_double(text, &x) || x < k->min || x > k->max)
		return false;
	*v = x + 0.0; /* no -0 */
	*s = from + n;
	return true;
}

static bool mark(const char **s, char c)
{
	const char *at = skip_blanks(*s);

	if (*at != c)
		return false;
	*s = at + 1;
	return true;
}

/* Numbers with a blank or, when comma is set, a comma between each and the next; their count,
 * or -1. */
static int numbers(const struct scene_key *k, const char *s, bool comma, double *v, int max)
{
	int n = 0;

	do {
		if (n == max || !number(k, &s, &v[n]))
			return -1;
		n++;
		if (!comma && *s && s == skip_blanks(s))
			return -1; /* "1,2" where "1 2" is meant */
	} while (comma ? mark(&s, ',') : *skip_blanks(s) != '\0');
	return *skip_blanks(s) ? -1 : n;
}

static bool exactly(const struct scene_key *k, const char *s, bool comma, double *v, int n)
{
	return numbers(k, s, comma, v, n) == n;
}

/* "x,y x,y ..."; how many, or -1. */
static int points(const char *s, struct pt_m *p, int max)
{
	static const struct scene_key metres = { .min = -SCENE_FAR_M, .max = SCENE_FAR_M };
	int n = 0;

	do {
		if (n == max || !number(&metres, &s, &p[n].x) || !mark(&s, ',') ||
		    !number(&metres, &s, &p[n].y))
			return -1;
		n++;
		if (*s && s == skip_blanks(s))
			return -1;
	} while (*skip_blanks(s));
	return n;
}

static bool take_number(const struct scene_key *k, const char *s, double *v)
{
	return exactly(k, s, false, v, 1);
}

static bool take_whole(const struct scene_key *k, const char *s, int *v)
{
	double x;

	if (!exactly(k, s, false, &x, 1) || x != floor(x))
		return false;
	*v = (int)x;
	return true;
}

static bool take_seed(const char *s, uint64_t *v)
{
	int64_t x;

	if (!str_to_i64(s, &x) || x < 0)
		return false;
	*v = (uint64_t)x;
	return true;
}

static bool take_word(const char *const *words, const char *s, void *v)
{
	for (int i = 1; words[i]; i++) {
		if (!strcmp(words[i], s)) {
			memcpy(v, &i, sizeof(i)); /* an enum */
			return true;
		}
	}
	return false;
}

static bool take_yes_no(const char *s, bool *v)
{
	if (strcmp(s, "yes") != 0 && strcmp(s, "no") != 0)
		return false;
	*v = *s == 'y';
	return true;
}

static bool take_label(const char *s, char *v)
{
	return str_is_clean(s) && str_copy(v, NAME_MAX_BYTES, s);
}

static bool take_text(const char *s, char **v)
{
	if (!str_is_clean(s))
		return false;
	free(*v);
	*v = *s ? xstrdup(s) : NULL;
	return true;
}

static bool take_place(const struct scene_key *k, const char *s, struct pt_m *v)
{
	double x[2];

	if (!exactly(k, s, true, x, 2))
		return false;
	*v = (struct pt_m){ x[0], x[1] };
	return true;
}

static bool take_room(const struct scene_key *k, const char *s, struct pt_room *v)
{
	double x[3];

	if (!exactly(k, s, true, x, 3))
		return false;
	*v = (struct pt_room){ x[0], x[1], x[2] };
	return true;
}

static bool take_ends(const char *s, struct pt_m *v)
{
	struct pt_m p[2];

	if (points(s, p, 2) != 2 || (p[0].x == p[1].x && p[0].y == p[1].y))
		return false;
	v[0] = p[0];
	v[1] = p[1];
	return true;
}

static bool take_rect(const char *s, struct pt_m *v)
{
	struct pt_m p[2];

	if (points(s, p, 2) != 2 || p[0].x == p[1].x || p[0].y == p[1].y)
		return false;
	v[0] = (struct pt_m){ fmin(p[0].x, p[1].x), fmin(p[0].y, p[1].y) };
	v[1] = (struct pt_m){ fmax(p[0].x, p[1].x), fmax(p[0].y, p[1].y) };
	return true;
}

static bool take_box(const char *s, struct pt_m *v)
{
	struct pt_m p[2];

	if (!take_rect(s, p))
		return false;
	v[0] = p[0];
	v[1] = (struct pt_m){ p[1].x, p[0].y };
	v[2] = p[1];
	v[3] = (struct pt_m){ p[0].x, p[1].y };
	return true;
}

/* A convex four-sided figure, turned counter-clockwise. */
static bool take_corners(const char *s, struct pt_m *v)
{
	struct pt_m p[4];
	int left = 0;

	if (points(s, p, 4) != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		double turn = plane_left(p[i], p[(i + 1) % 4], p[(i + 2) % 4]);

		if (fabs(turn) < 1e-6)
			return false;
		left += turn > 0;
	}
	if (left != 0 && left != 4)
		return false;
	for (int i = 0; i < 4; i++)
		v[i] = p[left ? i : 3 - i];
	return true;
}

static bool take_line(const struct scene_key *k, const char *s, struct polyline *v)
{
	struct polyline line = { 0 };

	line.n = points(s, line.at, SCENE_POINTS);
	if (line.n < k->min)
		return false;
	for (int i = 1; i < line.n; i++)
		if (line.at[i].x == line.at[i - 1].x && line.at[i].y == line.at[i - 1].y)
			return false;
	*v = line;
	return true;
}

static bool take_colour(const struct scene_key *k, const char *s, struct colour *v)
{
	double x[3];

	if (!exactly(k, s, false, x, 3))
		return false;
	for (int i = 0; i < 3; i++)
		if (x[i] != floor(x[i]))
			return false;
	*v = (struct colour){ (uint8_t)x[0], (uint8_t)x[1], (uint8_t)x[2] };
	return true;
}

static bool take_while(const struct scene_key *k, const char *s, struct while_s *v)
{
	double x[2];

	if (!strcmp(s, "never")) {
		*v = (struct while_s){ 0, 0 };
		return true;
	}
	if (!strcmp(s, "always")) {
		*v = (struct while_s){ -EVER_S, EVER_S };
		return true;
	}
	if (!exactly(k, s, false, x, 2) || x[0] >= x[1])
		return false;
	*v = (struct while_s){ x[0], x[1] };
	return true;
}

/* "9:40 12:110 20:0": from 9 o'clock on 40, ... and none before the first. */
static bool take_by_hour(const struct scene_key *k, const char *s, double *v)
{
	static const struct scene_key of_day = { .min = 0, .max = SCENE_HOURS - 1 };
	double rate[SCENE_HOURS] = { 0 }, hour, x, last = -1;

	if (exactly(k, s, false, &x, 1)) {
		for (int h = 0; h < SCENE_HOURS; h++)
			v[h] = x;
		return true;
	}
	do {
		if (!number(&of_day, &s, &hour) || hour != floor(hour) || hour <= last ||
		    *s != ':')
			return false;
		s++;
		if (!number(k, &s, &x) || (*s && s == skip_blanks(s)))
			return false;
		for (int h = (int)hour; h < SCENE_HOURS; h++)
			rate[h] = x;
		last = hour;
	} while (*skip_blanks(s));
	memcpy(v, rate, sizeof(rate));
	return true;
}

static bool take_shares(const struct scene_key *k, const char *s, double *v)
{
	double x[4];

	if (!exactly(k, s, false, x, 4) || x[0] + x[1] + x[2] + x[3] <= 0)
		return false;
	memcpy(v, x, sizeof(x));
	return true;
}

static bool take_waits(const struct scene_key *k, const char *s, double *v)
{
	double x[SCENE_POINTS] = { 0 };

	if (numbers(k, s, false, x, SCENE_POINTS) < 0)
		return false;
	memcpy(v, x, sizeof(x));
	return true;
}

#define PIXELS_MAX (1 << 25) /* 8K */

static bool take_size(const struct scene_key *k, const char *s, int *v)
{
	double w, h;

	if (!number(k, &s, &w) || !mark(&s, 'x') || !number(k, &s, &h) || *skip_blanks(s) ||
	    w != floor(w) || h != floor(h) || w * h > PIXELS_MAX)
		return false;
	v[0] = (int)w;
	v[1] = (int)h;
	return true;
}

bool scene_take(const struct scene_key *k, const char *text, void *base)
{
	void *v = (char *)base + k->offset;

	switch (k->type) {
	case SCENE_NUMBER:
		return take_number(k, text, v);
	case SCENE_WHOLE:
		return take_whole(k, text, v);
	case SCENE_SEED:
		return take_seed(text, v);
	case SCENE_YES_NO:
		return take_yes_no(text, v);
	case SCENE_WORD:
		return take_word(k->words, text, v);
	case SCENE_LABEL:
		return take_label(text, v);
	case SCENE_TEXT:
		return take_text(text, v);
	case SCENE_START: /* scene.c */
		return true;
	case SCENE_PLACE:
		return take_place(k, text, v);
	case SCENE_ROOM:
		return take_room(k, text, v);
	case SCENE_ENDS:
		return take_ends(text, v);
	case SCENE_RECT:
		return take_rect(text, v);
	case SCENE_BOX:
		return take_box(text, v);
	case SCENE_CORNERS:
		return take_corners(text, v);
	case SCENE_LINE:
		return take_line(k, text, v);
	case SCENE_COLOUR:
		return take_colour(k, text, v);
	case SCENE_WHILE:
		return take_while(k, text, v);
	case SCENE_BY_HOUR:
		return take_by_hour(k, text, v);
	case SCENE_SHARES:
		return take_shares(k, text, v);
	case SCENE_WAITS:
		return take_waits(k, text, v);
	case SCENE_SIZE:
		return take_size(k, text, v);
	case SCENE_NONE:
		break;
	}
	return false;
}

/* ---- What is expected ---- */

static void add_range(const struct scene_key *k, const char *what, struct str *out)
{
	char min[STR_DOUBLE], max[STR_DOUBLE];

	str_addf(out, "%s from %s to %s%s%s", what, str_double(k->min, min),
		 str_double(k->max, max), k->unit ? " " : "", k->unit ? k->unit : "");
}

static void add_words(const char *const *words, struct str *out)
{
	for (int i = 1; words[i]; i++)
		str_addf(out, "%s%s", i == 1 ? "" : words[i + 1] ? ", " : " or ", words[i]);
}

void scene_expected(const struct scene_key *k, struct str *out)
{
	/* Those with a range say it after these words; those without end with them. */
	static const char *const ranged[] = {
		[SCENE_NUMBER] = "a number",
		[SCENE_WHOLE] = "a whole number",
		[SCENE_PLACE] = "x, y with each",
		[SCENE_ROOM] = "x, y, z with each",
		[SCENE_ENDS] = "two places x,y x,y that differ, each number",
		[SCENE_RECT] = "opposite corners x,y x,y, each number",
		[SCENE_BOX] = "opposite corners x,y x,y, each number",
		[SCENE_CORNERS] = "the four corners x,y x,y x,y x,y of a convex figure in "
				  "order, each number",
		[SCENE_COLOUR] = "Y U V, three whole numbers each",
		[SCENE_WHILE] = "never, always or two rising numbers, each",
		[SCENE_BY_HOUR] = "a number, or some hour:number with rising hours 0 to 23, "
				  "each number",
		[SCENE_SHARES] = "four numbers, not all 0, each",
		[SCENE_WAITS] = "at most 32 numbers, each",
		[SCENE_SIZE] = "width x height, at most 33 million together, each",
	};
	static const char *const plain[] = {
		[SCENE_SEED] = "a whole number from 0 on",         [SCENE_YES_NO] = "yes or no",
		[SCENE_LABEL] = "text of at most 63 bytes",        [SCENE_TEXT] = "text",
		[SCENE_START] = "a time like 2026-03-14T09:00:00",
	};

	if (k->type == SCENE_WORD)
		add_words(k->words, out);
	else if (k->type == SCENE_LINE)
		str_addf(out,
			 "%g to %d places x,y with blanks between, no two alike in a row, "
			 "each number from %d to %d m",
			 k->min, SCENE_POINTS, -SCENE_FAR_M, SCENE_FAR_M);
	else if (ranged[k->type])
		add_range(k, ranged[k->type], out);
	else
		str_add(out, plain[k->type]);
}
