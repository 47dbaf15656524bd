/* SPDX-License-Identifier: Apache-2.0 */
/* sources.h -- every kind of source that the program knows. */
#ifndef RUN_SOURCES_H
#define RUN_SOURCES_H

#include "video/source.h"

/* For source_opts.kinds; the first is what a bare path means. */
extern const struct source_kind *const sources[];

#endif
