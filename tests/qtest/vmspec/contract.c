/*
 * vmspec tests: the contract, read from tests/data/contract.txt
 *
 * One small function a kind of line, listed in one table. Plain C and GLib,
 * see contract.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "contract.h"

#define MAX_COLUMNS 7

/* The line that is read: its place for messages, and where its row goes */
typedef struct Line {
    const char *path;
    unsigned number;
    char *column[MAX_COLUMNS];
    GArray *rows;
} Line;

#define line_error(line, ...)                                           \
    do {                                                                \
        g_autofree char *what_ = g_strdup_printf(__VA_ARGS__);          \
        g_error("%s:%u: %s", (line)->path, (line)->number, what_);      \
    } while (0)

static guint64 column_number(const Line *line, int column)
{
    const char *text = line->column[column];
    guint64 value = 0;
    char *end = NULL;

    if (g_ascii_isdigit(*text)) {
        value = g_ascii_strtoull(text, &end, g_str_has_prefix(text, "0x") ?
                                 16 : 10);
    }
    if (!end || *end) {
        line_error(line, "'%s' is no number", text);
    }
    return value;
}

/* Column @column must be one of the words of @list; its index. */
static unsigned one_of(const Line *line, int column, const char *list)
{
    g_auto(GStrv) words = g_strsplit(list, " ", -1);
    unsigned i = 0;

    while (words[i] && strcmp(words[i], line->column[column])) {
        i++;
    }
    if (!words[i]) {
        line_error(line, "'%s' is none of: %s", line->column[column], list);
    }
    return i;
}

static void read_region_line(const Line *line)
{
    ContractRegion r = {
        .name = line->column[1],
        .base = column_number(line, 2),
        .size = column_number(line, 3),
        .kind = line->column[4],
        .when = line->column[5],
        .pa_bits = column_number(line, 6),
    };

    one_of(line, 4, "device ram window hole");
    g_array_append_val(line->rows, r);
}

static void read_irq_line(const Line *line)
{
    ContractIrq irq = {
        .region = line->column[1],
        .spi = column_number(line, 2),
        .count = column_number(line, 3),
        .edge = one_of(line, 4, "level edge"),
    };

    g_array_append_val(line->rows, irq);
}

static void read_ppi_line(const Line *line)
{
    ContractPpi ppi = {
        .name = line->column[1],
        .intid = column_number(line, 2),
        .edge = one_of(line, 3, "level edge"),
        .when = line->column[4],
    };

    g_array_append_val(line->rows, ppi);
}

static void read_window_line(const Line *line)
{
    ContractWindow window = {
        .region = line->column[1],
        .pci_address = column_number(line, 2),
        .space = line->column[3],
    };

    one_of(line, 3, "config io mem32 mem64");
    g_array_append_val(line->rows, window);
}

static void read_node_line(const Line *line)
{
    ContractNode node = {
        .region = line->column[1],
        .name = line->column[2],
        .compatible = strcmp(line->column[3], "-") ? line->column[3] : NULL,
    };

    g_array_append_val(line->rows, node);
}

static void read_value_line(const Line *line)
{
    ContractValue value = {
        .name = line->column[1],
        .value = column_number(line, 2),
    };

    g_array_append_val(line->rows, value);
}

enum { REGION, IRQ, PPI, WINDOW, NODE, VALUE, NUM_KINDS };

static const struct {
    const char *word;
    int columns;                /* the word counted */
    size_t size;
    gboolean of_region;         /* the second column is a region's name */
    void (*read)(const Line *line);
} kinds[NUM_KINDS] = {
    [REGION] = { "region", 7, sizeof(ContractRegion), FALSE, read_region_line },
    [IRQ] = { "irq", 5, sizeof(ContractIrq), TRUE, read_irq_line },
    [PPI] = { "ppi", 5, sizeof(ContractPpi), FALSE, read_ppi_line },
    [WINDOW] = { "window", 4, sizeof(ContractWindow), TRUE, read_window_line },
    [NODE] = { "node", 4, sizeof(ContractNode), TRUE, read_node_line },
    [VALUE] = { "value", 3, sizeof(ContractValue), FALSE, read_value_line },
};

/* The row of @name. Every kind of row begins with its name. */
static const void *find_named(const void *rows, unsigned n, size_t size,
                              const char *name)
{
    for (unsigned i = 0; i < n; i++) {
        const char *row = (const char *)rows + i * size;

        if (!strcmp(*(const char *const *)row, name)) {
            return row;
        }
    }
    return NULL;
}

static void check_name(const Line *line, int kind, GArray *rows[])
{
    const char *name = line->column[1];

    if (find_named(rows[kind]->data, rows[kind]->len, kinds[kind].size, name)) {
        line_error(line, "a second %s %s", kinds[kind].word, name);
    }
    if (kinds[kind].of_region &&
        !find_named(rows[REGION]->data, rows[REGION]->len, kinds[REGION].size,
                    name)) {
        line_error(line, "no region above is called '%s'", name);
    }
}

/* Split @text at blanks, drop the comment; returns the number of columns. */
static int split(Line *line, char *text)
{
    char *rest = NULL;
    int n = 0;

    text[strcspn(text, "#")] = '\0';
    for (char *word = strtok_r(text, " \t", &rest); word;
         word = strtok_r(NULL, " \t", &rest)) {
        if (n == MAX_COLUMNS) {
            line_error(line, "more than %d columns", MAX_COLUMNS);
        }
        line->column[n++] = word;
    }
    return n;
}

static void read_contract_line(Line *line, char *text, GArray *rows[])
{
    int columns = split(line, text);
    int kind = 0;

    if (!columns) {
        return;
    }
    while (kind < NUM_KINDS && strcmp(line->column[0], kinds[kind].word)) {
        kind++;
    }
    if (kind == NUM_KINDS) {
        line_error(line, "unknown word '%s'", line->column[0]);
    }
    if (columns != kinds[kind].columns) {
        line_error(line, "%s has %d columns, not %d", kinds[kind].word,
                   kinds[kind].columns, columns);
    }
    check_name(line, kind, rows);
    line->rows = rows[kind];
    kinds[kind].read(line);
}

const Contract *contract_load(const char *path)
{
    Line line = { .path = path ? path : g_getenv("VMSPEC_CONTRACT") };
    g_autoptr(GError) err = NULL;
    GArray *rows[NUM_KINDS];
    Contract *c = g_new0(Contract, 1);
    char *text;     /* never freed: the rows point into it */

    if (!line.path) {
        g_error("VMSPEC_CONTRACT must name the contract file");
    }
    if (!g_file_get_contents(line.path, &text, NULL, &err)) {
        g_error("%s", err->message);
    }
    for (int kind = 0; kind < NUM_KINDS; kind++) {
        rows[kind] = g_array_new(FALSE, FALSE, kinds[kind].size);
    }
    for (char *next = text; next;) {
        char *start = next;

        next = strchr(start, '\n');
        if (next) {
            *next++ = '\0';
        }
        line.number++;
        read_contract_line(&line, start, rows);
    }
    c->num_regions = rows[REGION]->len;
    c->num_irqs = rows[IRQ]->len;
    c->num_ppis = rows[PPI]->len;
    c->num_windows = rows[WINDOW]->len;
    c->num_nodes = rows[NODE]->len;
    c->num_values = rows[VALUE]->len;
    c->regions = (void *)g_array_free(rows[REGION], FALSE);
    c->irqs = (void *)g_array_free(rows[IRQ], FALSE);
    c->ppis = (void *)g_array_free(rows[PPI], FALSE);
    c->windows = (void *)g_array_free(rows[WINDOW], FALSE);
    c->nodes = (void *)g_array_free(rows[NODE], FALSE);
    c->values = (void *)g_array_free(rows[VALUE], FALSE);
    return c;
}

const ContractRegion *contract_region(const Contract *c, const char *name)
{
    return find_named(c->regions, c->num_regions, sizeof(*c->regions), name);
}

const ContractIrq *contract_irq(const Contract *c, const char *region)
{
    return find_named(c->irqs, c->num_irqs, sizeof(*c->irqs), region);
}

const ContractPpi *contract_ppi(const Contract *c, const char *name)
{
    return find_named(c->ppis, c->num_ppis, sizeof(*c->ppis), name);
}

const ContractWindow *contract_window(const Contract *c, const char *region)
{
    return find_named(c->windows, c->num_windows, sizeof(*c->windows), region);
}

const ContractNode *contract_node(const Contract *c, const char *region)
{
    return find_named(c->nodes, c->num_nodes, sizeof(*c->nodes), region);
}

guint64 contract_value(const Contract *c, const char *name)
{
    const ContractValue *v = find_named(c->values, c->num_values,
                                        sizeof(*c->values), name);

    if (!v) {
        g_error("the contract has no value %s", name);
    }
    return v->value;
}
