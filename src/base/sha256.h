/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h -- the fingerprint of a file that others can check with sha256sum (FIPS 180-4). */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

#define SHA256_TEXT 65 /* 64 hex digits and the final 0 */

/* Writes the hash of len bytes as lower-case hex; returns text. */
char *sha256_text(const void *data, size_t len, char text[SHA256_TEXT]);

#endif
