/* SPDX-License-Identifier: Apache-2.0 */
/* stamp.h -- start times that recorders, phones and cameras write into file names.
 *
 * Rules:
 * - A table of patterns (stamp.c) is tried at every position of the file's name from left to
 *   right; the first that fits and is a date and time that exists, from 2001 to 2099, is taken.
 *   So "NVR_ch1_main_20260314093000_20260314100000.mp4" starts at 09:30:00.
 * - Digits must not go on before or after what fits: "12026031409300012.mp4" says nothing.
 * - Date, hour, minute and second must all be there. A time before "AM" or "PM" is not read.
 * - If the name itself says nothing, the folders around it may: "2026-03-14/09/door/30.00.mp4".
 * - Else the name without its ending, or a part of it between '_', may be seconds (10 digits)
 *   or milliseconds (13 digits) since 1970, from September 2001 to 2099.
 * - Times are in the store's zone; UTC after a 'Z', for seconds since 1970, and where the maker
 *   is known to write UTC (Frigate's folders, Pixel's "PXL_").
 */
#ifndef VIDEO_STAMP_H
#define VIDEO_STAMP_H

#include <stdint.h>

/* The start time that path tells, or CLOCK_NONE. Looks at the text only. */
int64_t stamp_of(const char *path);

#endif
