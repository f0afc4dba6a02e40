/*
 * vmspec benchmark: results
 *
 * A file of results is JSON:
 *
 *     { "generated-by": "vmspec-bench", "rows": [ ROW... ] }
 *
 * Each row has its name, title, measure ("host-instructions"...), where, when
 * and with which programs it was measured, and its sides: who, the options,
 * and the values of all runs in their order, or "skipped" with the reason.
 * Statistics are not stored.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_BENCH_RESULTS_H
#define VMSPEC_BENCH_RESULTS_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

typedef struct Summary {
    unsigned runs;              /* 0: there is no value */
    double min, low, median, high, max; /* low and high: quartiles */
} Summary;

/* stats.c */

/* Summarize the values, whose order changes. */
Summary stats_summarize(double *values, unsigned n);
/* Summarize the values of a side of this row; runs is 0 if it has none. */
Summary stats_of(struct json_object *row, const char *who);
/* The same of vmspec's values, each divided by the peer's of the same run */
Summary stats_ratio(struct json_object *row, const char *peer);

/* results.c */

struct json_object *results_new(void);
/*
 * Read a file of results.  NULL, with a message, if it is none; the caller
 * calls json_object_put().
 */
struct json_object *results_read(const char *path);
bool results_write(struct json_object *results, const char *path);
/* Put the row in the place of one of its name, or behind the last. */
void results_put(struct json_object *results, struct json_object *row);
/* Return the row of this name, or NULL */
struct json_object *results_row(struct json_object *results, const char *name);
/* Return a member that is a string, or "" */
const char *results_text(struct json_object *object, const char *member);
/* Return the side of this name, or NULL */
struct json_object *results_side(struct json_object *row, const char *who);
/*
 * Compare the new results with the baseline.  Appends a line for each row whose
 * count has grown by more than BENCH_TOLERANCE, or which cannot be compared.
 * Returns the number of regressions.
 */
unsigned results_compare(struct json_object *baseline,
                         struct json_object *results, GString *said);

/* report.c, svg.c: the pages; a function returns text that the caller frees */

char *report_page(struct json_object *results);
/* Write the page DOCS/performance.md, and its plots below DOCS/performance/. */
bool report_write(struct json_object *results, const char *docs);
/* The value as text, with its unit; the caller frees it. */
char *report_value(int measure, double value);
char *svg_row(struct json_object *row);

/* growth.c */

/* Append the section on growth to the page. */
void growth_section(GString *page, struct json_object *results);

#endif
