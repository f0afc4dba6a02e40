/*
 * vmspec-map: tables of the manual in reStructuredText
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rst-table.h"

#define CELL_SIZE 128

/* Cells of the row that are printed already */
static unsigned cells;

/* Quotes keep a comma within its cell; no cell has a quote of its own. */
static void print_cell(const char *text, const char *mark)
{
    const char *quote = !*text || strchr(text, ',') ? "\"" : "";

    if (strchr(text, '"')) {
        abort();
    }
    printf("%s%s%s%s%s%s", cells ? ", " : "   ", quote, *text ? mark : "",
           text, *text ? mark : "", quote);
    cells++;
}

static void print_formatted(const char *fmt, va_list ap, const char *mark)
{
    char text[CELL_SIZE];
    int n = vsnprintf(text, sizeof(text), fmt, ap);

    if (n < 0 || n >= CELL_SIZE) {
        abort();
    }
    print_cell(text, mark);
}

void rst_table(const char *title, const char *const *columns)
{
    printf("\n.. csv-table:: %s\n   :widths: auto\n   :header-rows: 1\n\n",
           title);
    for (; *columns; columns++) {
        print_cell(*columns, "");
    }
    rst_end_row();
}

void rst_text(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print_formatted(fmt, ap, "");
    va_end(ap);
}

void rst_literal(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print_formatted(fmt, ap, "``");
    va_end(ap);
}

void rst_run(const char *prefix, unsigned first, unsigned count)
{
    if (count > 1) {
        rst_text("%s%u to %u", prefix, first, first + count - 1);
    } else {
        rst_text("%s%u", prefix, first);
    }
}

void rst_end_row(void)
{
    printf("\n");
    cells = 0;
}
