/* SPDX-License-Identifier: Apache-2.0 */
/* recording.h -- recorded files as one source of frames.
 *
 * When a file begins: see source.h's start_from. If every file tells its own start time (by its
 * name, stamp.h, or its metadata), they are put in order of it and keep their distances, also
 * when the first is given another. Otherwise they are in natural order of names, only the first
 * one's start counts, and each follows the one before directly.
 *
 * Pictures that lie in the time of the file before are left out. A start from metadata that
 * reaches back more than RECORDING_OVERLAP_MAX_S is not believed (files that were exported one
 * after the other carry the time of the export): that file follows directly.
 *
 * source_info.duration_s: files beyond RECORDING_PROBE_MAX are not all opened for it; theirs is
 * estimated from their size.
 */
#ifndef VIDEO_RECORDING_H
#define VIDEO_RECORDING_H

#include "video/source.h"

#define RECORDING_OVERLAP_MAX_S 10
#define RECORDING_PROBE_MAX 64
#define RECORDING_NOTES_MAX 5 /* about undecodable pictures, for a file; then a summary */

extern const struct source_kind recording_kind;

#endif
