/* SPDX-License-Identifier: Apache-2.0 */
/* preview.h -- a look over a whole recording before it is replayed: what is the empty scene? */
#ifndef RUN_PREVIEW_H
#define RUN_PREVIEW_H

#include "base/err.h"
#include "conf/conf.h"
#include "video/source.h"

/* Whether the settings' background model can start from a picture at all. */
bool preview_wanted(const struct conf *conf);

/* Looks at pictures of img_w x img_h spread over the recording and works out the scene without
 * what moved through it, as an analysis picture: *scene, to be cleared by the caller. Returns
 * how many pictures were looked at; with 0 *scene is untouched. */
int preview(const struct conf *conf, const struct source_opts *o, int img_w, int img_h,
	    struct yuv *scene, struct err *err);

#endif
