/* SPDX-License-Identifier: Apache-2.0 */
/* pom.h -- a mask explained by people who stand on a floor that is known: G-POM.
 *
 * For each cell of the floor the grid knows which pixels somebody there may cover, and which he
 * covers however he walks; the latter say more. A foreground pixel in them speaks for it with
 * 6, a background pixel against it with 4 (log-likelihood ratios, doubled), and a pixel that is
 * explained by another with 1. The one that explains most is taken, and so on until none is
 * good enough; then each is moved to where it explains most beside the others, and those that
 * explain too little are dropped. (The generative picture is that of Fleuret et al., PAMI 30(2)
 * 2008; the search is ours.)
 */
#ifndef VISION_POM_H
#define VISION_POM_H

#include "floor/grid.h"
#include "video/image.h"
#include "vision/mask_blobs.h"

struct pom_person {
	int cell;          /* of the grid */
	struct pt_px foot; /* finer than the cell */
	double score;      /* mean per pixel of what he would cover, at most POM_FULL */
	double hidden;     /* share of his lower half that is not to be seen, 0..1 */
};
#define POM_FULL 6.0

struct pom;
/* grid must live as long as it; for masks of w x h and at most max people. */
struct pom *pom_new(const struct grid *grid, int w, int h, int max);
void pom_free(struct pom *p); /* NULL is allowed */

/* mask: 0/255, its components blob[n_blobs]. expected (NULL: nowhere): not 0 where a person is
 * expected, from whom less is asked. Returns how many, *people: who, valid until the next
 * call. */
int pom_step(struct pom *p, const struct image *mask, const struct mask_blob *blob, int n_blobs,
	     const struct image *expected, const struct pom_person **people);

/* The box of the mask pixels of person i of the last answer that no other explains, looked for
 * a little around him; all 0 when there are none. Returns how many pixels. */
int pom_bounds(struct pom *p, int i, const struct image *mask, struct mask_box *b);

#endif
