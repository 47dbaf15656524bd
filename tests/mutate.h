/* SPDX-License-Identifier: Apache-2.0 */
/* mutate.h -- files with bytes changed, lost and doubled; the same mutations every time. */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include <stddef.h>

/* Hands check texts that are one to four mutations away from the file at path (at most 20000
 * bytes), rounds times. */
void for_mutations(const char *path, int rounds, void (*check)(const char *text, size_t len));

#endif
