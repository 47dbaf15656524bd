/* SPDX-License-Identifier: Apache-2.0 */
/* suppress.h -- which cells of a table of people may be shown.
 *
 * A figure that follows people's ways (from where to where) is shown from k people on. A
 * smaller one is hidden, and with it what would give it away: a row's or a column's total less
 * the cells that are shown. Rows, columns and totals are the equations of a table; its hidden
 * cells are the edges of a graph between rows and columns, and an edge can be worked out from
 * the equations exactly when it is a bridge (on no cycle). Gusfield, "A graph theoretic
 * approach to statistical data security", SIAM J. Comput. 17(3), 1988. So: no hidden cell is a
 * bridge, and the hidden cells of a line whose total is shown are k people at least together.
 */
#ifndef REPORT_SUPPRESS_H
#define REPORT_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

/* v: rows x cols counts, none below 0, row by row. known: which of them are 0 for a reason that
 * every reader knows, so that it would be no use to hide them; NULL: none. hidden: (rows + 1) x
 * (cols + 1), set to what must not be shown; its last column and row are the totals. Which
 * cells are added to the small ones is the least in people that is found greedily; always the
 * same. */
void suppress_table(const int64_t *v, const bool *known, int rows, int cols, int k,
		    bool *hidden);

#endif
