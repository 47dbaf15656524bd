/* SPDX-License-Identifier: Apache-2.0 */
/* bg_opencv.h -- the background backends that OpenCV computes. */
#ifndef VISION_BG_OPENCV_H
#define VISION_BG_OPENCV_H

#include "vision/background.h"

extern const struct background_kind bg_mog2, bg_knn;

#endif
