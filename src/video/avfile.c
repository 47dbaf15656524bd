/* SPDX-License-Identifier: Apache-2.0 */
/* avfile.c -- one video file: opened, demultiplexed and decoded, over FFmpeg's libraries. */
#include "video/avfile.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "video/picture.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

/* Limits on what a file can make us do. */
#define PIXELS_MAX (1 << 26)        /* of a picture: twice an 8K one */
#define ALLOC_MAX ((size_t)1 << 29) /* bytes at once, inside FFmpeg */
#define READ_ERRORS_MAX 32          /* in a row */
#define FRUITLESS_MAX 100000        /* packets in a row without a picture: an hour */
#define DECODE_ERRORS_MAX 64        /* in a row without a new packet */
#define DURATION_MAX_S (366.0 * 86400)
#define DEFAULT_FPS 25.0
#define OPENING_S 10.0 /* for a stream to begin, at least */

struct avfile {
	struct avfile_info info;
	AVFormatContext *fmt;
	AVCodecContext *dec;
	AVStream *st;
	AVPacket *pkt;
	AVFrame *frame;
	struct picture picture;

	int64_t first_pts; /* of the first packet, in the stream's time base */
	int64_t origin;    /* stamps count from here */
	int64_t seen;      /* pictures, good and bad */
	int64_t bad_pts;   /* of the last bad one */
	int healing;       /* pictures left until damage counts as healed */
	int fruitless;
	bool hole; /* in the last packet */
	bool draining;
	char complaint[256];
	struct avfile_net net; /* all zero: a file */
	int64_t deadline_us;   /* by the stopwatch; of a stream's next picture */
	bool stalled;
};

/* The first error that FFmpeg logged since it was cleared. */
static _Thread_local char last_words[128];

/* Takes "user:password@" out of addresses, whatever FFmpeg quotes. */
static void hide_login(char *text)
{
	for (char *s = text; (s = strstr(s, "://")) != NULL;) {
		char *at = strpbrk(s += 3, "@/ ");

		if (at && *at == '@')
			memmove(s, at + 1, strlen(at));
	}
}

static void on_log(void *who, int level, const char *fmt, va_list ap)
{
	char text[1024];

	(void)who;
	if (level > AV_LOG_ERROR || last_words[0])
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	hide_login(text);
	str_copy(last_words, sizeof(last_words), text);
}

static void quiet(void)
{
	av_log_set_callback(on_log);
	av_max_alloc(ALLOC_MAX);
}

static int refuse(struct err *err, const char *path, const char *what, int av_code)
{
	char why[AV_ERROR_MAX_STRING_SIZE];

	av_strerror(av_code, why, sizeof(why));
	return err_set(err, ERR_FORMAT, "%s '%s': %s%s%s%s", what, path, why,
		       last_words[0] ? " (" : "", last_words, last_words[0] ? ")" : "");
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static int open_container(AVFormatContext **fmt, const char *path, int64_t *bytes,
			  struct err *err)
{
	struct str url = STR_INIT;
	AVDictionary *opts = NULL;
	struct stat st;
	int rc;

	pthread_once(&once, quiet);
	last_words[0] = '\0';
	if (stat(path, &st) < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode)) /* opening a pipe could block for ever */
		return err_set(err, ERR_IO, "'%s' is not a file", path);
	if (!st.st_size)
		return err_set(err, ERR_FORMAT, "'%s' is empty", path);
	*bytes = st.st_size;
	/* The scheme keeps names with a colon from being taken for network addresses, the list
	 * keeps play lists from reaching out. */
	str_addf(&url, "file:%s", path);
	av_dict_set(&opts, "protocol_whitelist", "file", 0);
	rc = avformat_open_input(fmt, url.s, NULL, &opts);
	av_dict_free(&opts);
	str_clear(&url);
	return rc < 0 ? refuse(err, path, "cannot read", rc) : 0;
}

/* Fills in what only a look at the first packets tells. */
static void find_streams(AVFormatContext *fmt)
{
	unsigned n = fmt->nb_streams;
	AVDictionary **opts = xcalloc(n, sizeof(AVDictionary *));

	for (unsigned i = 0; i < n; i++) {
		av_dict_set(&opts[i], "threads", "1", 0);
		av_dict_set_int(&opts[i], "max_pixels", PIXELS_MAX, 0);
	}
	/* What it could not find out shows when the decoder is opened. */
	avformat_find_stream_info(fmt, n ? opts : NULL);
	for (unsigned i = 0; i < n; i++)
		av_dict_free(&opts[i]);
	free(opts);
}

static double rate(AVRational r)
{
	double fps = r.num > 0 && r.den > 0 ? av_q2d(r) : 0;

	return fps >= 0.01 && fps <= 1000 ? fps : 0;
}

/* The guessed rate is the finest grid that the stamps fit on: far too fine with a variable
 * rate, where the average says more. */
static double nominal_fps(AVFormatContext *fmt, AVStream *st)
{
	double guess = rate(av_guess_frame_rate(fmt, st, NULL));
	double average = rate(st->avg_frame_rate);

	if (average && (!guess || guess > 1.5 * average))
		return average;
	return guess ? guess : DEFAULT_FPS;
}

static double duration_of(const AVFormatContext *fmt, const AVStream *st)
{
	double d = 0;

	if (st && st->duration != AV_NOPTS_VALUE)
		d = (double)st->duration * av_q2d(st->time_base);
	else if (fmt->duration != AV_NOPTS_VALUE &&
		 fmt->duration_estimation_method != AVFMT_DURATION_FROM_BITRATE)
		d = (double)fmt->duration / AV_TIME_BASE;
	return d > 0 && d < DURATION_MAX_S ? d : 0;
}

static int64_t created(const AVFormatContext *fmt, const AVStream *st)
{
	const AVDictionaryEntry *e = av_dict_get(fmt->metadata, "creation_time", NULL, 0);
	struct civil c;
	int64_t t_us;

	if (!e && st)
		e = av_dict_get(st->metadata, "creation_time", NULL, 0);
	if (!e || clock_parse(e->value, &t_us, NULL) < 0)
		return CLOCK_NONE;
	/* A camera whose clock was never set writes the zero of some epoch. */
	clock_local(t_us, &c);
	return c.year >= 2001 && c.year <= 2099 ? t_us : CLOCK_NONE;
}

static AVStream *video_stream(AVFormatContext *fmt)
{
	int i = av_find_best_stream(fmt, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
	bool cover = i >= 0 && fmt->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC;

	return i < 0 || cover ? NULL : fmt->streams[i];
}

static int open_decoder(struct avfile *a, const char *path, struct err *err)
{
	const AVCodecParameters *par = a->st->codecpar;
	const AVCodec *codec = avcodec_find_decoder(par->codec_id);
	int rc;

	if (!codec)
		return err_set(err, ERR_FORMAT,
			       "cannot decode '%s': no decoder for its video (%s)", path,
			       avcodec_get_name(par->codec_id));
	if (par->width > IMAGE_MAX || par->height > IMAGE_MAX ||
	    (int64_t)par->width * par->height > PIXELS_MAX)
		return err_set(err, ERR_FORMAT,
			       "'%s' has pictures of %dx%d; expected at most %dx%d and %d "
			       "megapixels",
			       path, par->width, par->height, IMAGE_MAX, IMAGE_MAX,
			       PIXELS_MAX / 1000000);
	a->dec = avcodec_alloc_context3(codec);
	if (!a->dec)
		return err_set(err, ERR_STATE, "out of memory");
	rc = avcodec_parameters_to_context(a->dec, par);
	if (rc >= 0) {
		a->dec->thread_count = 1;
		a->dec->pkt_timebase = a->st->time_base;
		a->dec->max_pixels = PIXELS_MAX;
		/* Otherwise cropping on the left is only done as far as pointers stay
		 * aligned. */
		a->dec->flags |= AV_CODEC_FLAG_UNALIGNED;
		rc = avcodec_open2(a->dec, codec, NULL);
	}
	return rc < 0 ? refuse(err, path, "cannot decode", rc) : 0;
}

static struct avfile *avfile_new(void)
{
	struct avfile *a = xcalloc(1, sizeof(*a));

	a->first_pts = a->origin = a->bad_pts = AV_NOPTS_VALUE;
	return a;
}

/* From an open container to one that avfile_next() can be called with. */
static int find_video(struct avfile *a, const char *path, struct err *err)
{
	find_streams(a->fmt);
	a->st = video_stream(a->fmt);
	if (!a->st)
		return err_set(err, ERR_FORMAT, "'%s' has no video in it", path);
	for (unsigned i = 0; i < a->fmt->nb_streams; i++)
		if (a->fmt->streams[i] != a->st)
			a->fmt->streams[i]->discard = AVDISCARD_ALL;
	if (open_decoder(a, path, err) < 0)
		return err ? err->code : ERR_FORMAT;
	a->pkt = av_packet_alloc();
	a->frame = av_frame_alloc();
	if (!a->pkt || !a->frame)
		return err_set(err, ERR_STATE, "out of memory");
	a->info.fps = nominal_fps(a->fmt, a->st);
	a->info.duration_s = duration_of(a->fmt, a->st);
	a->info.created_us = created(a->fmt, a->st);
	return 0;
}

struct avfile *avfile_open(const char *path, struct err *err)
{
	struct avfile *a = avfile_new();

	if (open_container(&a->fmt, path, &a->info.bytes, err) < 0 ||
	    find_video(a, path, err) < 0) {
		avfile_close(a);
		return NULL;
	}
	return a;
}

/* ---- streams ---- */

/* FFmpeg asks this while it waits: 1 makes it give up. */
static int interrupted(void *arg)
{
	struct avfile *a = arg;

	if (a->net.stop && a->net.stop(a->net.arg))
		return 1;
	a->stalled |= clock_stopwatch_us() > a->deadline_us;
	return a->stalled;
}

static void expect_within(struct avfile *a, double s)
{
	a->deadline_us = clock_stopwatch_us() + (int64_t)(s * 1e6);
}

/* Long enough to connect, to be told what comes, and to see it. */
static double opening_s(const struct avfile *a)
{
	return a->net.stall_s > OPENING_S ? a->net.stall_s : OPENING_S;
}

static void add_escaped(struct str *out, const char *text)
{
	for (; *text; text++) {
		bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
			     (*text >= '0' && *text <= '9') || *text == '-' || *text == '_';

		str_addf(out, plain ? "%c" : "%%%02X", (unsigned char)*text);
	}
}

/* The address with the login in it, for FFmpeg only. */
static char *url_with_login(const struct avfile_net *n)
{
	const char *host = strstr(n->url, "://");
	struct str url = STR_INIT;

	if (!n->user || !host)
		return xstrdup(n->url);
	str_add_n(&url, n->url, (size_t)(host + 3 - n->url));
	add_escaped(&url, n->user);
	str_add(&url, ":");
	add_escaped(&url, n->password ? n->password : "");
	str_addf(&url, "@%s", host + 3);
	return str_take(&url);
}

/* What may be reached, and be in what comes from there: no play lists that lead elsewhere. */
static void net_options(const struct avfile_net *n, AVDictionary **opts)
{
	bool rtsp = str_starts(n->url, "rtsp");

	av_dict_set(opts, "protocol_whitelist",
		    rtsp ? "rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto" : "http,https,tcp,tls", 0);
	av_dict_set(
		opts, "format_whitelist",
		rtsp ? "rtsp,rtp,sdp"
		     : "mpjpeg,mjpeg,jpeg_pipe,mpegts,flv,matroska,webm,mov,mp4,h264,hevc,m4v",
		0);
	av_dict_set(opts, "analyzeduration", "1000000", 0);
	if (rtsp) {
		av_dict_set(opts, "rtsp_transport", n->udp ? "udp" : "tcp", 0);
		av_dict_set(opts, "allowed_media_types", "video", 0);
	}
}

static int open_net(struct avfile *a, struct err *err)
{
	AVDictionary *opts = NULL;
	char *url;
	int rc;

	pthread_once(&once, quiet);
	last_words[0] = '\0';
	a->fmt = avformat_alloc_context();
	if (!a->fmt)
		return err_set(err, ERR_STATE, "out of memory");
	a->fmt->interrupt_callback = (AVIOInterruptCB){ interrupted, a };
	expect_within(a, opening_s(a));
	url = url_with_login(&a->net);
	net_options(&a->net, &opts);
	rc = avformat_open_input(&a->fmt, url, NULL, &opts);
	av_dict_free(&opts);
	free(url);
	if (a->stalled)
		return err_set(err, ERR_IO, "'%s' does not answer within %g s", a->net.url,
			       opening_s(a));
	return rc < 0 ? refuse(err, a->net.url, "cannot read", rc) : 0;
}

struct avfile *avfile_open_net(const struct avfile_net *n, struct err *err)
{
	struct avfile *a = avfile_new();

	a->net = *n;
	if (open_net(a, err) < 0 || find_video(a, n->url, err) < 0) {
		avfile_close(a);
		return NULL;
	}
	return a;
}

bool avfile_stalled(const struct avfile *a)
{
	return a->stalled;
}

void avfile_close(struct avfile *a)
{
	if (!a)
		return;
	picture_clear(&a->picture);
	av_frame_free(&a->frame);
	av_packet_free(&a->pkt);
	avcodec_free_context(&a->dec);
	avformat_close_input(&a->fmt);
	free(a);
}

const struct avfile_info *avfile_info(const struct avfile *a)
{
	return &a->info;
}

int avfile_keys(const struct avfile *a)
{
	const int n = avformat_index_get_entries_count(a->st);
	int keys = 0;

	for (int i = 0; i < n; i++) {
		const AVIndexEntry *e = avformat_index_get_entry(a->st, i);

		keys += e && e->flags & AVINDEX_KEYFRAME;
	}
	return keys;
}

int64_t avfile_position(const struct avfile *a)
{
	int64_t at = a->fmt->pb ? avio_tell(a->fmt->pb) : 0;

	return at < 0 ? 0 : at > a->info.bytes ? a->info.bytes : at;
}

int64_t avfile_seen(const struct avfile *a)
{
	return a->seen;
}

const char *avfile_complaint(const struct avfile *a)
{
	return a->complaint;
}

static void complain(struct avfile *a, const char *what)
{
	if (!a->complaint[0])
		str_copy(a->complaint, sizeof(a->complaint), what);
}

/* From the picture at pts on nothing is handed out until damage has healed. */
static void distrust(struct avfile *a, int64_t pts)
{
	a->bad_pts = pts;
	a->healing = (int)(AVFILE_HEAL_S * a->info.fps) + 1;
}

/* A picture that is damaged or did not come at all. */
static void bad(struct avfile *a, int64_t pts)
{
	a->seen++;
	distrust(a, pts);
}

static int read_packet(struct avfile *a)
{
	for (int errors = 0; errors < READ_ERRORS_MAX;) {
		int rc = av_read_frame(a->fmt, a->pkt);

		if (rc == AVERROR_EOF || rc == AVERROR_EXIT)
			return rc;
		if (rc < 0) {
			errors++;
			continue;
		}
		if (a->pkt->stream_index == a->st->index)
			return 0;
		av_packet_unref(a->pkt);
		/* Streams that turn up late are not asked for either. */
		for (unsigned i = 0; i < a->fmt->nb_streams; i++)
			if (a->fmt->streams[i] != a->st)
				a->fmt->streams[i]->discard = AVDISCARD_ALL;
	}
	complain(a, "reading failed");
	return AVERROR_EOF;
}

/* Gives the decoder the next packet, or the news that there is none. */
static void feed(struct avfile *a)
{
	bool hole;

	if (++a->fruitless > FRUITLESS_MAX)
		complain(a, "too much of it cannot be decoded");
	if (a->fruitless > FRUITLESS_MAX || (a->net.url && interrupted(a)) ||
	    read_packet(a) < 0) {
		a->draining = true;
		avcodec_send_packet(a->dec, NULL);
		return;
	}
	if (a->first_pts == AV_NOPTS_VALUE)
		a->first_pts = a->pkt->pts;
	/* The container knows of a hole that the decoder may not notice. Where a parser cuts
	 * pictures out of a transport stream, the mark may come one picture early. A key
	 * picture after it is taken for the first of another stream: joined streams have a
	 * mark at every joint. */
	hole = a->pkt->flags & AV_PKT_FLAG_CORRUPT;
	if (hole || (a->hole && !(a->pkt->flags & AV_PKT_FLAG_KEY)))
		distrust(a, a->pkt->pts);
	a->hole = hole;
	/* AVI marks a repeated picture by an empty packet; the decoder would take it for the
	 * end. */
	if (a->pkt->size && avcodec_send_packet(a->dec, a->pkt) < 0)
		bad(a, a->pkt->pts);
	av_packet_unref(a->pkt);
}

static bool stands_alone(const AVFrame *f)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
	bool key = f->flags & AV_FRAME_FLAG_KEY;
#else
	bool key = f->key_frame;
#endif
	return key || f->pict_type == AV_PICTURE_TYPE_I;
}

/* A picture from before the damage may still come out after it, when pictures are not coded in
 * the order they are shown; decoders hold back 16 at most. A larger step back is a new clock.
 */
static bool from_before(const struct avfile *a, int64_t pts)
{
	double back_s;

	if (a->bad_pts == AV_NOPTS_VALUE || pts == AV_NOPTS_VALUE)
		return false;
	back_s = ((double)a->bad_pts - (double)pts) * av_q2d(a->st->time_base);
	return back_s >= 0 && back_s <= 16 / a->info.fps;
}

static bool usable(struct avfile *a)
{
	const AVFrame *f = a->frame;
	int64_t pts = f->best_effort_timestamp;

	if (f->decode_error_flags || f->flags & AV_FRAME_FLAG_CORRUPT) {
		bad(a, pts);
		return false;
	}
	if (a->healing && stands_alone(f) && !from_before(a, pts))
		a->healing = 0;
	if (a->healing) {
		a->healing--;
		a->seen++;
		return false;
	}
	return true;
}

static int64_t stamp(struct avfile *a)
{
	int64_t pts = a->frame->best_effort_timestamp;

	if (pts == AV_NOPTS_VALUE || pts > INT64_MAX / 4 || pts < INT64_MIN / 4)
		return CLOCK_NONE;
	if (a->origin == AV_NOPTS_VALUE) {
		/* Pictures that were lost at the start have had their time. */
		bool late = a->seen && a->first_pts != AV_NOPTS_VALUE && a->first_pts < pts &&
			    a->first_pts > INT64_MIN / 4;

		a->origin = late ? a->first_pts : pts;
	}
	return av_rescale_q(pts - a->origin, a->st->time_base, (AVRational){ 1, 1000000 });
}

int avfile_next(struct avfile *a, struct frame *f, int64_t *stamp_us, struct err *err)
{
	int errors = 0;

	expect_within(a, a->seen ? a->net.stall_s : opening_s(a));
	for (;;) {
		int rc = avcodec_receive_frame(a->dec, a->frame);
		struct frame got = { 0 };
		struct err why;

		if (rc == AVERROR_EOF || (rc < 0 && a->draining && errors >= DECODE_ERRORS_MAX))
			return err_set(err, ERR_EOF, "the file is over");
		if (rc == AVERROR(EAGAIN) || errors >= DECODE_ERRORS_MAX) {
			feed(a);
			errors = 0;
			continue;
		}
		if (rc < 0) {
			errors++;
			bad(a, AV_NOPTS_VALUE);
			continue;
		}
		errors = 0;
		if (usable(a)) {
			int64_t at = stamp(a);

			if (picture_take(&a->picture, a->frame, &got, &why) == 0) {
				got.coded = a->seen++;
				a->fruitless = 0;
				*f = got;
				*stamp_us = at;
				return 0;
			}
			complain(a, why.msg);
			bad(a, AV_NOPTS_VALUE);
		}
		av_frame_unref(a->frame);
	}
}

/* Farther ahead than this it is cheaper to jump than to read on. */
#define JUMP_US (60 * CLOCK_SECOND_US)

static void jump(struct avfile *a, int64_t from_us)
{
	int64_t at = av_rescale_q(from_us, (AVRational){ 1, 1000000 }, a->st->time_base);

	/* A container that cannot jump is read on. */
	av_seek_frame(a->fmt, a->st->index, at + a->origin, 0);
}

static int64_t packet_us(const struct avfile *a)
{
	int64_t pts = a->pkt->pts != AV_NOPTS_VALUE ? a->pkt->pts : a->pkt->dts;

	if (pts == AV_NOPTS_VALUE || a->origin == AV_NOPTS_VALUE || pts > INT64_MAX / 4 ||
	    pts < INT64_MIN / 4)
		return CLOCK_NONE;
	return av_rescale_q(pts - a->origin, a->st->time_base, (AVRational){ 1, 1000000 });
}

/* One packet that stands alone, through an emptied decoder. */
static bool decode_alone(struct avfile *a, struct frame *f)
{
	bool good = false;

	avcodec_flush_buffers(a->dec);
	if (avcodec_send_packet(a->dec, a->pkt) == 0 &&
	    avcodec_send_packet(a->dec, NULL) == 0 &&
	    avcodec_receive_frame(a->dec, a->frame) == 0) {
		good = !a->frame->decode_error_flags &&
		       !(a->frame->flags & AV_FRAME_FLAG_CORRUPT) &&
		       picture_take(&a->picture, a->frame, f, NULL) == 0;
		av_frame_unref(a->frame);
	}
	avcodec_flush_buffers(a->dec);
	return good;
}

int avfile_key(struct avfile *a, int64_t from_us, struct frame *f, int64_t *stamp_us,
	       struct err *err)
{
	int64_t at_us = CLOCK_NONE;
	bool looked = false;

	while (read_packet(a) == 0) {
		bool key = a->pkt->flags & AV_PKT_FLAG_KEY && a->pkt->size;

		at_us = packet_us(a);
		if (!looked && at_us != CLOCK_NONE && from_us - at_us > JUMP_US) {
			looked = true;
			av_packet_unref(a->pkt);
			jump(a, from_us);
			continue;
		}
		if (key && at_us != CLOCK_NONE && at_us >= from_us && decode_alone(a, f)) {
			av_packet_unref(a->pkt);
			f->coded = 0;
			*stamp_us = at_us;
			return 0;
		}
		av_packet_unref(a->pkt);
	}
	return err_set(err, ERR_EOF, "the file is over");
}

int avfile_probe(const char *path, struct avfile_info *info, struct err *err)
{
	struct avfile_info got = { .created_us = CLOCK_NONE };
	AVFormatContext *fmt = NULL;
	AVStream *st;
	int rc = open_container(&fmt, path, &got.bytes, err);

	if (rc < 0)
		return rc;
	st = video_stream(fmt);
	if (!st || !duration_of(fmt, st)) {
		find_streams(fmt);
		st = video_stream(fmt);
	}
	got.created_us = created(fmt, st);
	got.duration_s = duration_of(fmt, st);
	got.fps = st ? nominal_fps(fmt, st) : DEFAULT_FPS;
	avformat_close_input(&fmt);
	*info = got;
	return 0;
}
