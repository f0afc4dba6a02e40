/*
 * vmspec-map: tables of the manual in reStructuredText
 *
 * A table is a csv-table directive: one line a row, no columns to align. The
 * functions print to the standard output, cell by cell.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_RST_TABLE_H
#define VMSPEC_RST_TABLE_H

/* Begin a table; the names of the columns end with NULL. */
void rst_table(const char *title, const char *const *columns);

/* The next cell of the row, at most 127 characters; "" leaves it empty. */
void rst_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same in literal type */
void rst_literal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A cell with "PREFIX5", or "PREFIX5 to 8" if @count is more than 1 */
void rst_run(const char *prefix, unsigned first, unsigned count);

/* The row is complete. */
void rst_end_row(void);

#endif
