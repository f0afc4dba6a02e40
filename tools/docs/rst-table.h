/*
 * vmspec-map: tables of the manual in reStructuredText
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_RST_TABLE_H
#define VMSPEC_RST_TABLE_H

#include "hw/arm/vmspec-plan.h"

#define MAX_COLUMNS 6
#define CELL_SIZE 96

typedef char Cell[CELL_SIZE];

/* A table in reStructuredText's simple form; row 0 is the heading. */
typedef struct Table {
    const char *title;
    unsigned columns;
    unsigned rows;
    Cell cell[64][MAX_COLUMNS];
} Table;

/* A new row at the end, its cells empty */
Cell *add_row(Table *t);

/* The first row: a name for each column, then NULL */
void add_heading(Table *t, const char *const *names);

/* The text @fmt in literal type; an empty cell stays empty. */
void format_literal(char *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "PREFIX5", or "PREFIX5 to 8" */
void format_run(char *out, const char *prefix, unsigned first,
                unsigned count);

/* When a row of the platform is there, in words */
const char *presence_text(VmspecPresence presence);

void print_table(const Table *t);

/* vmspec-description.c: FDT and ACPI beside each other */
void print_description(const VmspecPlatform *p);

#endif
