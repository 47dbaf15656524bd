/* SPDX-License-Identifier: Apache-2.0 */
/* log.h -- one line on standard error for a person to read.
 *
 * error = needs a person; warn = we went on, and the line says how; info = start, stop, hourly
 * summary; debug = per event; trace = per frame. Only cmd/, run/ and serve/ log above debug.
 * The subject is the thing, not the file: "camera 'door': no frame for 5 s, reopening".
 *
 * On a terminal or in a pipe a line is "level: text"; under systemd (JOURNAL_STREAM is set) it
 * is "<priority>text", which the journal reads.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level {
	LOG_LEVEL_ERROR = 1,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_TRACE
};

/* Lines above this level are dropped; LOG_LEVEL_INFO at first. Set once, before any thread. */
void log_set_level(enum log_level level);

/* Writes one line; safe from any thread; never fails. Control characters become spaces. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_trace(...) log_line(LOG_LEVEL_TRACE, __VA_ARGS__)

/* The progress bar (base/progress.h) lives on the terminal's last line; a log line calls this
 * first, so that the bar is wiped before the text. NULL: nothing to wipe. Set by one thread. */
void log_set_before(void (*wipe)(void));

#endif
