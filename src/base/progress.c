/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c -- how far long work is, on the last line of a terminal. */
#include "base/progress.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define EVERY_US (CLOCK_SECOND_US / 5)
#define BAR_MAX 30
#define BAR_MIN 8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool on, drawn;
static int64_t begun_us, last_us;

/* "1:05" or "2:03:04". */
static void add_time(double s, struct str *out)
{
	int64_t t = s < 360000 ? (int64_t)(s + 0.5) : 359999;

	if (t >= 3600)
		str_addf(out, "%d:%02d:%02d", (int)(t / 3600), (int)(t / 60 % 60),
			 (int)(t % 60));
	else
		str_addf(out, "%d:%02d", (int)(t / 60), (int)(t % 60));
}

static void add_bar(double share, int cells, struct str *out)
{
	int full = (int)(share * cells);

	str_add(out, " [");
	for (int i = 0; i < cells; i++)
		str_add(out, i < full ? "#" : ".");
	str_add(out, "]");
}

/* The pieces behind the bar; "" where nothing can be said. */
static void rates(const struct progress *p, double share, struct str *frames, struct str *speed,
		  struct str *left)
{
	if (p->elapsed_s > 0) {
		str_addf(frames, "  %.0f frames/s", (double)p->frames / p->elapsed_s);
		str_addf(speed, "  %.1fx", p->media_s / p->elapsed_s);
	}
	/* Within the first second a guess would only jump about. */
	if (share > 0 && p->elapsed_s >= 1) {
		str_add(left, "  ");
		add_time(p->elapsed_s * (1 - share) / share, left);
		str_add(left, " left");
	}
}

char *progress_text(const struct progress *p, int width, char *buf)
{
	enum { HEAD, LEFT, FRAMES, SPEED, N };
	static const int shown[] = { FRAMES, SPEED, LEFT };
	struct str part[N] = { STR_INIT, STR_INIT, STR_INIT, STR_INIT }, out = STR_INIT;
	double share = p->share > 1 ? 1 : p->share;
	int room = width;

	if (share >= 0)
		str_addf(&part[HEAD], "%3d %%", (int)(share * 100));
	else
		str_addf(&part[HEAD], "%lld frames", (long long)p->frames);
	rates(p, share, &part[FRAMES], &part[SPEED], &part[LEFT]);
	/* The first has room first; what does not fit is left out. */
	for (int i = 0; i < N; i++) {
		if ((int)part[i].len <= room)
			room -= (int)part[i].len;
		else
			str_clear(&part[i]);
	}
	str_add(&out, part[HEAD].s);
	room -= 3;
	if (share >= 0 && room >= BAR_MIN)
		add_bar(share, room > BAR_MAX ? BAR_MAX : room, &out);
	for (int i = 0; i < 3; i++)
		str_add(&out, part[shown[i]].s);
	str_copy(buf, PROGRESS_TEXT, out.s);
	for (int i = 0; i < N; i++)
		str_clear(&part[i]);
	str_clear(&out);
	return buf;
}

static void wipe_locked(void)
{
	if (drawn)
		fputs("\r\x1b[K", stderr);
	drawn = false;
}

static void wipe(void)
{
	pthread_mutex_lock(&lock);
	wipe_locked();
	pthread_mutex_unlock(&lock);
}

void progress_begin(void)
{
	const char *term = getenv("TERM");

	on = isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	begun_us = clock_stopwatch_us();
	last_us = 0;
	if (on)
		log_set_before(wipe);
}

void progress_step(const struct progress *p)
{
	int64_t now = on ? clock_stopwatch_us() : 0;
	struct progress with_time = *p;
	struct winsize ws;
	char text[PROGRESS_TEXT];

	if (!on || (last_us && now - last_us < EVERY_US))
		return;
	last_us = now;
	with_time.elapsed_s = (double)(now - begun_us) / CLOCK_SECOND_US;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) < 0 || !ws.ws_col)
		ws.ws_col = 80;
	/* One column stays free: a full line would make some terminals scroll. */
	progress_text(&with_time, ws.ws_col - 1, text);
	pthread_mutex_lock(&lock);
	fprintf(stderr, "\r%s\x1b[K", text);
	fflush(stderr);
	drawn = true;
	pthread_mutex_unlock(&lock);
}

void progress_end(void)
{
	if (!on)
		return;
	log_set_before(NULL);
	wipe();
	on = false;
}
