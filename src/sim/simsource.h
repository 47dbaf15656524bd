/* SPDX-License-Identifier: Apache-2.0 */
/* simsource.h -- a simulated camera as a source of frames: "sim:SCENE" or "sim:SCENE#CAMERA",
 * as fast as it goes; "simlive:..." at the pace of the clock, dropping what comes late. Options
 * follow the scene's name: "sim:door.ini?seconds=60&seed=7".
 */
#ifndef SIM_SIMSOURCE_H
#define SIM_SIMSOURCE_H

#include "video/source.h"

extern const struct source_kind simsource_kind, simlive_kind;

#endif
