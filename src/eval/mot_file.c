/* SPDX-License-Identifier: Apache-2.0 */
/* mot_file.c -- boxes in MOTChallenge text form, from anyone's hand. */
#include "eval/mot.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 30)
#define FRAME_MAX 10000000 /* eleven days at ten frames a second */
#define ID_MAX 9e15        /* whole numbers are exact up to here */
#define BOX_LIMIT 1e7      /* pixels; anything farther is a mistake */
#define FRAME_BOXES_MAX 2000
#define FIELDS 6
#define FIELDS_MAX 11
#define PLACE_LIMIT_M 1e5

struct row {
	struct mot_box box;
	double id; /* as in the file */
	size_t line;
};

struct rows {
	struct row *v;
	size_t n, cap;
};

static bool blank(const char *p, const char *end)
{
	while (p < end && isspace((unsigned char)*p))
		p++;
	return p == end;
}

/* Reads the number that [p, end) holds, blanks around it allowed. */
static bool field_number(const char *p, const char *end, double *v)
{
	char text[64];
	size_t n;

	while (p < end && isspace((unsigned char)*p))
		p++;
	while (end > p && isspace((unsigned char)end[-1]))
		end--;
	n = (size_t)(end - p);
	if (n >= sizeof(text))
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	return str_to_double(text, v);
}

/* What follows the height is NaN where it is no number. *n: how many fields there are. */
static int line_fields(const char *p, const char *end, size_t line, double v[FIELDS_MAX],
		       int *n, struct err *err)
{
	static const char *const names[FIELDS] = { "frame", "id",    "left",
						   "top",   "width", "height" };

	for (*n = 0; p <= end; ++*n) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *stop = comma ? comma : end;
		int i = *n;

		if (i < FIELDS - 1 && !comma)
			return err_set(err, ERR_FORMAT,
				       "line %zu: expected "
				       "'frame,id,left,top,width,height', found %d of 6 fields",
				       line, i + 1);
		if (i < FIELDS && !field_number(p, stop, &v[i]))
			return err_set(err, ERR_FORMAT,
				       "line %zu: %s is '%.*s', expected a number", line,
				       names[i], stop - p > 40 ? 40 : (int)(stop - p), p);
		if (i >= FIELDS && i < FIELDS_MAX && !field_number(p, stop, &v[i]))
			v[i] = NAN;
		p = stop + 1;
	}
	return 0;
}

/* A share, or NaN. */
static double share_of(double v)
{
	return v >= 0 && v <= 1 ? v : (double)NAN;
}

static void take_place(struct mot_box *b, double x, double y)
{
	if (fabs(x) <= PLACE_LIMIT_M && fabs(y) <= PLACE_LIMIT_M) {
		b->x_m = x;
		b->y_m = y;
	}
}

/* What a line says of a box beyond its six fields (mot.h). */
static void take_more(struct mot_box *b, const double v[FIELDS_MAX], int n)
{
	b->visible = b->x_m = b->y_m = NAN;
	if (n == 9 || n == 11)
		b->visible = share_of(v[8]);
	if (n == 10 && !(v[7] == -1 && v[8] == -1 && v[9] == -1))
		take_place(b, v[7], v[8]);
	if (n == 11)
		take_place(b, v[9], v[10]);
}

static int line_row(const double v[FIELDS_MAX], int n, size_t line, struct row *out,
		    struct err *err)
{
	if (v[0] < 1 || v[0] > FRAME_MAX || v[0] != floor(v[0]))
		return err_set(err, ERR_RANGE,
			       "line %zu: frame is %g, expected a whole number from 1 to %d",
			       line, v[0], FRAME_MAX);
	if (v[1] < 0 || v[1] > ID_MAX || v[1] != floor(v[1]))
		return err_set(err, ERR_RANGE,
			       "line %zu: id is %g, expected a whole number from 0 on", line,
			       v[1]);
	for (int i = 2; i < FIELDS; i++)
		if (fabs(v[i]) > BOX_LIMIT || (i >= 4 && v[i] < 0))
			return err_set(err, ERR_RANGE,
				       "line %zu: the box %g,%g,%g,%g is none in a picture",
				       line, v[2], v[3], v[4], v[5]);
	*out = (struct row){
		.box = { .frame = (int)v[0] - 1, .x = v[2], .y = v[3], .w = v[4], .h = v[5] },
		.id = v[1],
		.line = line
	};
	out->box.line = (int)line;
	take_more(&out->box, v, n);
	return 0;
}

static int parse_rows(const char *text, size_t len, struct rows *rows, struct err *err)
{
	const char *p = text, *end = text + len;
	int rc;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (size_t line = 1; p < end; line++) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		const char *stop = eol ? eol : end;
		double v[FIELDS_MAX];
		struct row row;
		int n;

		if (!blank(p, stop)) {
			if ((rc = line_fields(p, stop, line, v, &n, err)) < 0 ||
			    (rc = line_row(v, n, line, &row, err)) < 0)
				return rc;
			*VEC_PUSH(rows) = row;
		}
		p = eol ? eol + 1 : end;
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_frame_and_id(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->box.frame != y->box.frame)
		return x->box.frame < y->box.frame ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int by_frame_and_line(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->box.frame != y->box.frame)
		return x->box.frame < y->box.frame ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int number_ids(struct rows *rows)
{
	int n = 0;

	qsort(rows->v, rows->n, sizeof(*rows->v), by_id);
	for (size_t i = 0; i < rows->n; i++) {
		if (i == 0 || rows->v[i].id > rows->v[i - 1].id)
			n++;
		rows->v[i].box.id = n - 1;
	}
	return n;
}

static int check_unique(struct rows *rows, struct err *err)
{
	qsort(rows->v, rows->n, sizeof(*rows->v), by_frame_and_id);
	for (size_t i = 1; i < rows->n; i++) {
		const struct row *a = &rows->v[i - 1], *b = &rows->v[i];

		if (a->box.frame == b->box.frame && a->box.id == b->box.id)
			return err_set(err, ERR_FORMAT,
				       "line %zu: id %.0f is in frame %d already (line %zu), "
				       "expected each id once in a frame",
				       b->line, b->id, b->box.frame + 1, a->line);
	}
	return 0;
}

/* rows in order of frames. */
static int most_boxes(const struct rows *rows, int *most, struct err *err)
{
	size_t start = 0;

	*most = 0;
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->v[i].box.frame != rows->v[start].box.frame)
			start = i;
		if (i - start >= FRAME_BOXES_MAX)
			return err_set(
				err, ERR_RANGE, "line %zu: frame %d has more than %d boxes",
				rows->v[i].line, rows->v[i].box.frame + 1, FRAME_BOXES_MAX);
		if ((int)(i - start) + 1 > *most)
			*most = (int)(i - start) + 1;
	}
	return 0;
}

int mot_parse(struct mot_file *out, const char *text, size_t len, struct err *err)
{
	struct rows rows = { 0 };
	struct mot_file f = { 0 };
	int rc = parse_rows(text, len, &rows, err);

	if (rc < 0 || rows.n == 0)
		goto out;
	f.n_ids = number_ids(&rows);
	if ((rc = check_unique(&rows, err)) < 0)
		goto out;
	qsort(rows.v, rows.n, sizeof(*rows.v), by_frame_and_line);
	if ((rc = most_boxes(&rows, &f.max_boxes, err)) < 0)
		goto out;
	f.n = rows.n;
	f.n_frames = rows.v[rows.n - 1].box.frame + 1;
	f.box = xcalloc(f.n, sizeof(*f.box));
	for (size_t i = 0; i < f.n; i++)
		f.box[i] = rows.v[i].box;
out:
	if (rc == 0)
		*out = f;
	VEC_FREE(&rows);
	return rc;
}

int mot_read(struct mot_file *out, const char *path, struct err *err)
{
	char *text = NULL;
	size_t len;
	int rc = file_read(path, FILE_MAX_BYTES, &text, &len, err);

	if (rc < 0)
		return rc;
	rc = mot_parse(out, text, len, err);
	if (rc < 0)
		err_ctx(err, "'%s'", path);
	free(text);
	return rc;
}

void mot_file_clear(struct mot_file *f)
{
	free(f->box);
	*f = (struct mot_file){ 0 };
}
