/* SPDX-License-Identifier: Apache-2.0 */
/* stub_background.c -- the names of the backends, for builds without vision/. */
#include "vision/background.h"

const struct background_kind *background_kind(int n)
{
	static const struct background_kind kinds[] = {
		{ .name = "knn", .help = "nearest neighbours of each pixel's past" },
		{ .name = "mog2", .help = "a mixture of Gaussians per pixel" },
	};

	return n >= 0 && n < 2 ? &kinds[n] : NULL;
}
