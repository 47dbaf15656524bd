/* SPDX-License-Identifier: Apache-2.0 */
/* vec.h -- memory that is there or the program ends, and growing arrays.
 *
 * A small allocation that fails ends the program with one line: a counter that goes on with
 * half its state would count wrong. Sizes that come from outside are limited by the caller
 * before they get here.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

/* Like malloc, calloc, realloc, strdup and strndup, but never NULL. Free with free(). */
void *xmalloc(size_t n) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
char *xstrndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull));

/* 64-byte aligned and zeroed, for picture planes. Free with free(). */
void *xalign(size_t n) __attribute__((malloc, returns_nonnull));

/* A growing array is three members: T *v; size_t n, cap. VEC_PUSH makes room for one more and
 * gives the address of the new, uninitialised last element: *VEC_PUSH(&a) = x. Addresses of
 * elements do not survive the next push. */
#define VEC(type) \
	struct { \
		type *v; \
		size_t n, cap; \
	}
#define VEC_PUSH(a) \
	(((a)->n == (a)->cap ? (void)((a)->v = vec_grow((a)->v, &(a)->cap, sizeof(*(a)->v))) \
			     : (void)0), \
	 &(a)->v[(a)->n++])
#define VEC_FREE(a) (free((a)->v), (a)->v = NULL, (a)->n = (a)->cap = 0)
/* Sorts as qsort() does; an array that has never been filled, too. */
#define VEC_SORT(a, by) vec_sort((a)->v, (a)->n, sizeof(*(a)->v), by)

/* Doubles *cap (8 at first) and moves v. Used by VEC_PUSH. */
void *vec_grow(void *v, size_t *cap, size_t size) __attribute__((returns_nonnull));
/* qsort(), but v may be NULL when n is 0. Used by VEC_SORT. */
void vec_sort(void *v, size_t n, size_t size, int (*by)(const void *, const void *));

#endif
