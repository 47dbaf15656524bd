/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c -- pictures that are given out, come back and are used again. */
#include "video/pool.h"

#include "base/vec.h"

#include <pthread.h>
#include <stdlib.h>

struct picture {
	struct pool *pool;
	struct picture *next; /* while it is not out */
	struct image y, u, v;
};

struct pool {
	pthread_mutex_t lock;
	int w, h;
	struct picture *spare;
	int users; /* pictures that are out, and the owner while there is one */
};

struct pool *pool_new(int w, int h)
{
	struct pool *p = xcalloc(1, sizeof(*p));

	pthread_mutex_init(&p->lock, NULL);
	p->w = w;
	p->h = h;
	p->users = 1;
	return p;
}

static void destroy(struct pool *p)
{
	while (p->spare) {
		struct picture *pic = p->spare;

		p->spare = pic->next;
		image_clear(&pic->y);
		image_clear(&pic->u);
		image_clear(&pic->v);
		free(pic);
	}
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* One user less, who may bring a picture back. */
static void leave(struct pool *p, struct picture *back)
{
	bool last;

	pthread_mutex_lock(&p->lock);
	if (back) {
		back->next = p->spare;
		p->spare = back;
	}
	last = --p->users == 0;
	pthread_mutex_unlock(&p->lock);
	if (last)
		destroy(p);
}

void pool_free(struct pool *p)
{
	if (p)
		leave(p, NULL);
}

static void come_back(void *ref)
{
	struct picture *pic = ref;

	leave(pic->pool, pic);
}

static struct picture *picture_new(struct pool *p)
{
	struct picture *pic = xcalloc(1, sizeof(*pic));

	pic->pool = p;
	image_init(&pic->y, p->w, p->h);
	image_init(&pic->u, (p->w + 1) / 2, (p->h + 1) / 2);
	image_init(&pic->v, (p->w + 1) / 2, (p->h + 1) / 2);
	return pic;
}

void pool_frame(struct pool *p, struct frame *f)
{
	struct picture *pic;

	pthread_mutex_lock(&p->lock);
	pic = p->spare;
	if (pic)
		p->spare = pic->next;
	p->users++;
	pthread_mutex_unlock(&p->lock);
	if (!pic)
		pic = picture_new(p);
	*f = (struct frame){
		.y = pic->y, .u = pic->u, .v = pic->v, .ref = pic, .unref = come_back
	};
}
