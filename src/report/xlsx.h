/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.h -- a report as a workbook, for who works on with the numbers. */
#ifndef REPORT_XLSX_H
#define REPORT_XLSX_H

#include "base/err.h"
#include "report/day.h"

/* Sheets: Summary, Days, Hours (with a chart), Street, Sales where they were joined, Staff,
 * Lines, Zones, Gates, Queues, Fixtures, Ways, Audits, Definitions; those without anything in
 * them are left out. Numbers, dates and times are cells of their kind; times are local, with
 * UTC and the offset beside them. A value that is not known is an empty cell. d: read in hours.
 * The same day gives the same bytes. ERR_IO. */
int day_xlsx(const struct day *d, const char *path, struct err *err);

#endif
