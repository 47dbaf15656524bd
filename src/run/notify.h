/* SPDX-License-Identifier: Apache-2.0 */
/* notify.h -- what systemd is told: sd_notify(3)'s datagrams to $NOTIFY_SOCKET.
 *
 * Nothing happens when nobody listens.
 */
#ifndef RUN_NOTIFY_H
#define RUN_NOTIFY_H

#include <stdint.h>

/* Lines as in sd_notify(3), like "READY=1\nSTATUS=...". */
void notify(const char *lines);
/* How often the watchdog wants to hear "WATCHDOG=1", microseconds; 0: there is none. */
int64_t notify_watchdog_us(void);

#endif
