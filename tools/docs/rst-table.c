/*
 * vmspec-map: tables of the manual in reStructuredText
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rst-table.h"

const char *presence_text(VmspecPresence presence)
{
    return vmspec_presence[presence].doc;
}

void format_run(char *out, const char *prefix, unsigned first,
                unsigned count)
{
    int n = sprintf(out, "%s%u", prefix, first);

    if (count > 1) {
        sprintf(out + n, " to %u", first + count - 1);
    }
}

void format_literal(char *out, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(out + 2, CELL_SIZE - 4, fmt, ap);
    va_end(ap);
    if (n > 0 && n < CELL_SIZE - 4) {
        memcpy(out, "``", 2);
        strcpy(out + 2 + n, "``");
    } else if (!n) {
        *out = '\0';
    } else {
        abort();
    }
}

Cell *add_row(Table *t)
{
    if (t->rows == sizeof(t->cell) / sizeof(t->cell[0])) {
        abort();
    }
    return t->cell[t->rows++];
}

void add_heading(Table *t, const char *const *names)
{
    Cell *cell = add_row(t);

    for (t->columns = 0; names[t->columns]; t->columns++) {
        strcpy(cell[t->columns], names[t->columns]);
    }
}

static void print_rule(const unsigned *width, unsigned columns)
{
    printf("  ");
    for (unsigned i = 0; i < columns; i++) {
        printf(" ");
        for (unsigned j = 0; j < width[i]; j++) {
            putchar('=');
        }
    }
    printf("\n");
}

/* No blanks after the last cell that is not empty */
static void print_row(const Table *t, unsigned row, const unsigned *width)
{
    unsigned last = t->columns - 1;

    while (last && !*t->cell[row][last]) {
        last--;
    }
    printf("  ");
    for (unsigned i = 0; i < last; i++) {
        printf(" %-*s", width[i], t->cell[row][i]);
    }
    printf(" %s\n", t->cell[row][last]);
}

void print_table(const Table *t)
{
    unsigned width[MAX_COLUMNS] = { 0 };

    for (unsigned r = 0; r < t->rows; r++) {
        for (unsigned i = 0; i < t->columns; i++) {
            unsigned len = strlen(t->cell[r][i]);

            width[i] = len > width[i] ? len : width[i];
        }
    }
    printf("\n.. table:: %s\n\n", t->title);
    print_rule(width, t->columns);
    for (unsigned r = 0; r < t->rows; r++) {
        print_row(t, r, width);
        if (!r) {
            print_rule(width, t->columns);
        }
    }
    print_rule(width, t->columns);
}
