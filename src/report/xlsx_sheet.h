/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_sheet.h -- sheets of the workbook that is being made; xlsx.c puts them together. */
#ifndef REPORT_XLSX_SHEET_H
#define REPORT_XLSX_SHEET_H

#include "report/day.h"
#include "report/metric.h"

#include <xlsxwriter.h>

struct book;

/* A sheet that is filled row by row. */
struct sheet {
	struct book *book;
	lxw_worksheet *ws;
	lxw_row_t row;
	lxw_col_t col;
};

struct book {
	lxw_workbook *wb;
	const struct day *d;
	lxw_format *head, *bold, *date, *time, *whole, *real, *share, *wrap;
};

/* A sheet with its header frozen above. */
struct sheet sheet_new(struct book *b, const char *name, const char *const *columns, int n);
void sheet_next(struct sheet *s);

/* Cells, from left to right. What is not known stays empty. */
void sheet_text(struct sheet *s, const char *text);
void sheet_number(struct sheet *s, bool known, double v, lxw_format *f);
void sheet_time(struct sheet *s, int64_t t_us, bool utc, lxw_format *f);
/* start_local, start_utc, offset */
void sheet_when(struct sheet *s, int64_t t_us);

/* xlsx_places.c: a sheet for each kind of place, and those of the whole store. */
void xlsx_places(struct book *b);
void xlsx_store(struct book *b);
void xlsx_ways(struct book *b);
void xlsx_audits(struct book *b);
void xlsx_definitions(struct book *b);

#endif
