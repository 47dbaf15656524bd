/* SPDX-License-Identifier: Apache-2.0 */
/* recording.c -- recorded files as one source of frames. */
#include "video/recording.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "video/avfile.h"
#include "video/files.h"
#include "video/samples.h"
#include "video/stamp.h"
#include "video/timeline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STAMPS_MISSING 17 /* one more than a decoder holds back */

struct part {
	char *path;
	int64_t own_us; /* start that it tells, or CLOCK_NONE */
	enum start_from from;
	int64_t bytes;
	double duration_s; /* 0: not known */
};

struct recording {
	struct part *part;
	size_t n;
	bool timed;       /* every part tells its start */
	int64_t move_us;  /* what is added to those starts */
	int64_t first_us; /* start of the first part that opens */
	double total_bytes, done_bytes;

	size_t next; /* part to open */
	struct avfile *file;
	const char *name; /* of the open part; inside its path */
	int64_t start_us, dur_us;
	struct timeline timeline;
	int64_t in_file_us; /* of the last picture, since the file's start */
	int64_t in_file_seen;
	int64_t coded_before; /* pictures in the parts before */

	int64_t last_us;    /* of the last frame handed out, or CLOCK_NONE */
	int64_t end_us;     /* when it ends */
	struct frame ahead; /* the first frame, read by open */
	bool have_ahead;

	struct {
		int losses, unsaid_losses;
		int64_t unsaid_pictures;
		int64_t overlap, overlap_us;
		bool clock;
		int stamps; /* missing */
	} said;             /* about the open part */
	VEC(char *) notes;
	size_t notes_read;
	char *handed_note;
};

static char *span_text(int64_t us, char buf[32])
{
	int64_t s = us / CLOCK_SECOND_US;

	snprintf(buf, 32, "%02" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60),
		 (int)(s % 60));
	return buf;
}

__attribute__((format(printf, 2, 3))) static void note(struct recording *r, const char *fmt,
						       ...)
{
	struct err line; /* the one formatter that keeps a message on one line */
	char text[sizeof(line.msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(&line, ERR_FORMAT, "%s", text);
	*VEC_PUSH(&r->notes) = xstrdup(line.msg);
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* --- what the parts tell before they are decoded --- */

static int by_start(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->own_us != y->own_us)
		return x->own_us < y->own_us ? -1 : 1;
	return files_compare(x->path, y->path);
}

static void look_at(struct part *p, bool probe)
{
	struct avfile_info info;
	struct stat st;

	p->own_us = stamp_of(p->path);
	p->from = p->own_us != CLOCK_NONE ? START_NAME : START_UNKNOWN;
	p->bytes = stat(p->path, &st) == 0 ? st.st_size : 0;
	if ((!probe && p->from == START_NAME) || avfile_probe(p->path, &info, NULL) < 0)
		return;
	p->duration_s = info.duration_s;
	if (p->from == START_UNKNOWN && info.created_us != CLOCK_NONE) {
		p->own_us = info.created_us;
		p->from = START_METADATA;
	}
}

/* Those whose duration is not known count by their size. */
static double total_duration(const struct recording *r)
{
	double known_s = 0, known_bytes = 0;

	for (size_t i = 0; i < r->n; i++) {
		known_s += r->part[i].duration_s;
		known_bytes += r->part[i].duration_s > 0 ? (double)r->part[i].bytes : 0;
	}
	return known_bytes > 0 ? known_s * (r->total_bytes / known_bytes) : 0;
}

static void look_at_all(struct recording *r, struct files *f)
{
	size_t step = (f->n + RECORDING_PROBE_MAX - 1) / RECORDING_PROBE_MAX;
	size_t timed = 0;

	r->part = xcalloc(f->n, sizeof(*r->part));
	r->n = f->n;
	for (size_t i = 0; i < r->n; i++) {
		struct part *p = &r->part[i];

		p->path = f->v[i];
		f->v[i] = NULL;
		look_at(p, i % step == 0);
		r->total_bytes += (double)p->bytes;
		timed += p->own_us != CLOCK_NONE;
	}
	r->timed = timed == r->n;
	if (r->timed)
		qsort(r->part, r->n, sizeof(*r->part), by_start);
	else if (timed)
		note(r,
		     "only %zu of %zu files tell when they start; each is taken to follow the "
		     "one before it directly",
		     timed, r->n);
}

static void decide_start(struct recording *r, const struct source_opts *o,
			 struct source_info *info)
{
	const struct civil unknown = { .year = 2000, .month = 1, .day = 1 };
	const struct part *first = &r->part[0];

	if (o->start_us != CLOCK_NONE) {
		info->start_from = START_GIVEN;
		r->first_us = o->start_us;
		r->move_us = r->timed ? o->start_us - first->own_us : 0;
	} else if (first->own_us != CLOCK_NONE) {
		info->start_from = first->from;
		r->first_us = first->own_us;
	} else {
		info->start_from = START_UNKNOWN;
		clock_from_local(&unknown, &r->first_us, NULL);
	}
}

/* --- one part after the other --- */

static int64_t start_of(struct recording *r, const struct part *p)
{
	int64_t start_us = r->timed ? p->own_us + r->move_us : r->first_us;

	if (r->last_us == CLOCK_NONE)
		return start_us;
	if (!r->timed)
		return r->end_us;
	if (p->from == START_METADATA &&
	    start_us < r->end_us - RECORDING_OVERLAP_MAX_S * CLOCK_SECOND_US) {
		note(r,
		     "'%s': its metadata say that it starts before the file before it ends; "
		     "it is taken to follow directly",
		     r->name);
		return r->end_us;
	}
	return start_us;
}

static bool open_next(struct recording *r, struct err *err)
{
	const struct part *p = &r->part[r->next++];
	struct err why;

	r->file = avfile_open(p->path, &why);
	if (!r->file) {
		note(r, "%s; left out", why.msg);
		r->done_bytes += (double)p->bytes;
		if (err)
			*err = why;
		return false;
	}
	r->name = file_base(p->path);
	memset(&r->said, 0, sizeof(r->said));
	r->dur_us = (int64_t)(1e6 / avfile_info(r->file)->fps + 0.5);
	r->start_us = start_of(r, p);
	r->in_file_us = r->in_file_seen = 0;
	timeline_init(&r->timeline, r->dur_us);
	return true;
}

/* Pictures in front of number coded are missing since the last one seen. */
static void note_losses(struct recording *r, int64_t coded)
{
	int64_t n = coded - r->in_file_seen;
	char at[32];

	if (n <= 0)
		return;
	if (r->said.losses++ >= RECORDING_NOTES_MAX) {
		r->said.unsaid_losses++;
		r->said.unsaid_pictures += n;
		return;
	}
	note(r, "'%s': %" PRId64 " picture%s after %s did not decode", r->name, n, plural(n),
	     span_text(r->in_file_us, at));
}

static void note_overlap(struct recording *r)
{
	char length[32];

	if (r->said.overlap)
		note(r,
		     "'%s': its first %" PRId64 " picture%s (%s) lie in the time of the file "
		     "before and are left out",
		     r->name, r->said.overlap, plural(r->said.overlap),
		     span_text(r->said.overlap_us, length));
	r->said.overlap = 0;
}

static void note_clock(struct recording *r, enum timeline_event what)
{
	char at[32];

	/* A few are missing at the end of an AVI whose decoder runs behind: no news. */
	if (what == TIMELINE_MISSING && ++r->said.stamps == STAMPS_MISSING)
		note(r,
		     "'%s': time stamps are missing; %.4g pictures a second are assumed there",
		     r->name, avfile_info(r->file)->fps);
	if ((what == TIMELINE_BACK || what == TIMELINE_AHEAD) && !r->said.clock) {
		r->said.clock = true;
		note(r, "'%s': its clock jumps %s after %s; time goes on without the jump",
		     r->name, what == TIMELINE_BACK ? "back" : "ahead",
		     span_text(r->in_file_us, at));
	}
}

static void note_cut_off(struct recording *r)
{
	double whole_s = avfile_info(r->file)->duration_s;
	double got_s = (double)(r->in_file_us + r->dur_us) / 1e6;
	char got[32], whole[32];

	if (whole_s - got_s > 1 + 0.01 * whole_s && !r->said.clock)
		note(r, "'%s': its pictures end at %s of %s", r->name,
		     span_text(r->in_file_us + r->dur_us, got),
		     span_text((int64_t)(whole_s * 1e6), whole));
}

static void close_part(struct recording *r)
{
	note_overlap(r);
	note_losses(r, avfile_seen(r->file));
	if (r->said.unsaid_losses)
		note(r, "'%s': %" PRId64 " more picture%s at %d more places did not decode",
		     r->name, r->said.unsaid_pictures, plural(r->said.unsaid_pictures),
		     r->said.unsaid_losses);
	if (*avfile_complaint(r->file))
		note(r, "'%s': %s", r->name, avfile_complaint(r->file));
	if (avfile_seen(r->file))
		note_cut_off(r);
	else
		note(r, "'%s': no picture in it", r->name);
	r->coded_before += avfile_seen(r->file);
	r->done_bytes += (double)avfile_info(r->file)->bytes;
	avfile_close(r->file);
	r->file = NULL;
}

/* The next picture of the open part, its time filled in. False at its end. */
static bool next_in_part(struct recording *r, struct frame *f)
{
	int64_t stamp_us;

	while (avfile_next(r->file, f, &stamp_us, NULL) == 0) {
		enum timeline_event what;
		int64_t before_us = r->in_file_us;
		int64_t at_us = timeline_step(&r->timeline, stamp_us, &what);

		note_losses(r, f->coded);
		note_clock(r, what);
		r->in_file_us = at_us;
		r->in_file_seen = f->coded + 1;
		f->coded += r->coded_before;
		f->t_us = r->start_us + at_us;
		f->dur_us = r->dur_us;
		if (r->last_us == CLOCK_NONE || f->t_us > r->last_us) {
			note_overlap(r);
			return true;
		}
		r->said.overlap++;
		r->said.overlap_us += r->said.overlap > 1 ? at_us - before_us : r->dur_us;
		frame_unref(f);
	}
	return false;
}

static int next_frame(struct recording *r, struct frame *f, struct err *err)
{
	for (;;) {
		if (!r->file) {
			if (r->next == r->n)
				return err_set(err, ERR_EOF, "the recording is over");
			if (!open_next(r, NULL))
				continue;
		}
		if (next_in_part(r, f)) {
			r->last_us = f->t_us;
			r->end_us = f->t_us + f->dur_us;
			return 0;
		}
		close_part(r);
	}
}

/* --- the source --- */

static int recording_open(void *priv, const struct source_opts *o, struct source_info *info,
			  struct err *err)
{
	struct recording *r = priv;
	struct files files = { 0 };
	struct err why = { 0 };
	int rc = files_find(o->specs, o->n_specs, &files, err);

	if (rc < 0)
		return rc;
	r->last_us = CLOCK_NONE;
	look_at_all(r, &files);
	files_clear(&files);
	decide_start(r, o, info);
	while (r->next < r->n && !r->file)
		open_next(r, &why);
	if (r->file)
		info->fps = avfile_info(r->file)->fps;
	else if (r->n == 1)
		return err_set(err, why.code, "%s", why.msg);
	else
		return err_set(err, why.code, "none of %zu files can be used; the last: %s",
			       r->n, why.msg);
	if (next_frame(r, &r->ahead, NULL) < 0)
		return err_set(err, ERR_FORMAT, "%s", r->notes.v[r->notes.n - 1]);
	r->have_ahead = true;
	info->w = r->ahead.y.w;
	info->h = r->ahead.y.h;
	info->start_us = r->ahead.t_us;
	info->duration_s = total_duration(r);
	info->n_files = (int)r->n;
	return 0;
}

static int recording_read(void *priv, struct frame *f, int timeout_ms, struct err *err)
{
	struct recording *r = priv;

	(void)timeout_ms;
	if (!r->have_ahead)
		return next_frame(r, f, err);
	*f = r->ahead;
	r->ahead = (struct frame){ 0 };
	r->have_ahead = false;
	return 0;
}

static double recording_progress(const void *priv)
{
	const struct recording *r = priv;
	double done = r->done_bytes;

	if (!r->file && r->next == r->n)
		return 1;
	if (r->file)
		done += (double)avfile_position(r->file);
	return r->total_bytes > 0 && done < r->total_bytes ? done / r->total_bytes : 1;
}

static const char *recording_note(void *priv)
{
	struct recording *r = priv;

	free(r->handed_note);
	r->handed_note = NULL;
	if (r->notes_read < r->notes.n) {
		r->handed_note = r->notes.v[r->notes_read];
		r->notes.v[r->notes_read++] = NULL;
	} else {
		r->notes.n = r->notes_read = 0;
	}
	return r->handed_note;
}

static void recording_close(void *priv)
{
	struct recording *r = priv;

	frame_unref(&r->ahead);
	avfile_close(r->file);
	for (size_t i = 0; i < r->n; i++)
		free(r->part[i].path);
	free(r->part);
	for (size_t i = 0; i < r->notes.n; i++)
		free(r->notes.v[i]);
	VEC_FREE(&r->notes);
	free(r->handed_note);
}

const struct source_kind recording_kind = {
	.name = "file",
	.help = "recorded video: a file, a folder or a glob pattern",
	.priv_size = sizeof(struct recording),
	.live = false,
	.open = recording_open,
	.read = recording_read,
	.progress = recording_progress,
	.note = recording_note,
	.close = recording_close,
	.sample = samples_read,
};
