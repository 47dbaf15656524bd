/* SPDX-License-Identifier: Apache-2.0 */
/* sources.c -- every kind of source that the program knows. To add one, name it here. */
#include "run/sources.h"

#include "sim/simsource.h"
#include "video/recording.h"

const struct source_kind *const sources[] = {
	&recording_kind,
	&simsource_kind,
	&simlive_kind,
	NULL,
};
