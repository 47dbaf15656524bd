/* SPDX-License-Identifier: Apache-2.0 */
/* status.h -- what 'footfall status' is told: JSON text, over a socket in the state folder.
 *
 * {"format": "footfall-status-1", "ok": true, "trouble": [...], "cameras": [...], ...}
 */
#ifndef RUN_STATUS_H
#define RUN_STATUS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define STATUS_SOCKET "footfall.sock"
#define STATUS_BYTES_MAX 1048576

/* Listens in folder dir; a socket that nobody listens at any more is replaced. The descriptor,
 * or ERR_STATE when another process runs there, ERR_IO. */
int status_listen(const char *dir, struct err *err);
/* Answers whoever has come: text, of len bytes. Waits for nobody. */
void status_answer(int fd, const char *text, size_t len);
void status_close(int fd, const char *dir);

/* Asks; *text, 0-terminated, is the caller's to free. ERR_STATE when nobody runs there. */
int status_ask(const char *dir, char **text, size_t *len, struct err *err);

/* Resident memory of this process, bytes; 0 when nobody knows. */
int64_t status_memory(void);

#endif
