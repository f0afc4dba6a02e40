/*
 * vmspec benchmark: the file of results, and regressions
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "results.h"

#include <string.h>

#include "bench.h"

struct json_object *results_new(void)
{
    struct json_object *results = json_object_new_object();

    json_object_object_add(results, "generated-by",
                           json_object_new_string("vmspec-bench"));
    json_object_object_add(results, "rows", json_object_new_array());
    return results;
}

static struct json_object *rows_of(struct json_object *results)
{
    struct json_object *rows = NULL;

    json_object_object_get_ex(results, "rows", &rows);
    return rows;
}

/* Is each row an object with a name and an array of sides? */
static bool is_sound(struct json_object *results, const char *path)
{
    struct json_object *rows = rows_of(results);

    if (!rows || !json_object_is_type(rows, json_type_array)) {
        g_printerr("vmspec-bench: %s has no rows; name a file that "
                   "vmspec-bench wrote\n", path);
        return false;
    }
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        struct json_object *row = json_object_array_get_idx(rows, i);
        struct json_object *sides = NULL;

        if (!json_object_object_get_ex(row, "sides", &sides) ||
            !json_object_is_type(sides, json_type_array) ||
            !*results_text(row, "name") ||
            bench_measure(results_text(row, "measure")) < 0) {
            g_printerr("vmspec-bench: row %zu of %s has no name, sides or "
                       "known measure; take the file from git, or make it "
                       "anew: make bench\n", i + 1, path);
            return false;
        }
    }
    return true;
}

struct json_object *results_read(const char *path)
{
    struct json_object *results = json_object_from_file(path);

    if (!results) {
        g_printerr("vmspec-bench: cannot read %s: %s", path,
                   json_util_get_last_err());
        return NULL;
    }
    if (!is_sound(results, path)) {
        json_object_put(results);
        return NULL;
    }
    return results;
}

bool results_write(struct json_object *results, const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    text = g_strconcat(json_object_to_json_string_ext(
        results, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
        JSON_C_TO_STRING_NOSLASHESCAPE), "\n", NULL);
    if (!g_file_set_contents(path, text, -1, &error)) {
        g_printerr("vmspec-bench: %s\n", error->message);
        return false;
    }
    return true;
}

const char *results_text(struct json_object *object, const char *member)
{
    struct json_object *text;

    if (!json_object_object_get_ex(object, member, &text) ||
        !json_object_is_type(text, json_type_string)) {
        return "";
    }
    return json_object_get_string(text);
}

/* The number of the row of this name, or that of all rows */
static size_t find_row(struct json_object *rows, const char *name)
{
    size_t n = json_object_array_length(rows);

    for (size_t i = 0; i < n; i++) {
        if (!strcmp(results_text(json_object_array_get_idx(rows, i), "name"),
                    name)) {
            return i;
        }
    }
    return n;
}

void results_put(struct json_object *results, struct json_object *row)
{
    struct json_object *rows = rows_of(results);

    json_object_array_put_idx(rows, find_row(rows, results_text(row, "name")),
                              row);
}

struct json_object *results_row(struct json_object *results, const char *name)
{
    struct json_object *rows = rows_of(results);

    return json_object_array_get_idx(rows, find_row(rows, name));
}

struct json_object *results_side(struct json_object *row, const char *who)
{
    struct json_object *sides = NULL;

    json_object_object_get_ex(row, "sides", &sides);
    for (size_t i = 0; sides && i < json_object_array_length(sides); i++) {
        struct json_object *side = json_object_array_get_idx(sides, i);

        if (!strcmp(results_text(side, "who"), who)) {
            return side;
        }
    }
    return NULL;
}

/* The figure to compare: waiting only adds to it, so that it is the least. */
static double figure(struct json_object *row, bool is_relative)
{
    double ours = stats_of(row, "vmspec").min;
    Summary virt = stats_of(row, "virt");

    return is_relative && virt.runs ? ours / virt.min : ours;
}

/* Say it if the row has grown; return whether it has. */
static bool compare_row(struct json_object *old, struct json_object *new,
                        GString *said)
{
    const char *name = results_text(new, "name");
    const MeasureInfo *info =
        &bench_measures[bench_measure(results_text(new, "measure"))];
    /* another compiler or C library makes other host instructions */
    bool is_relative = strcmp(results_text(old, "programs"),
                              results_text(new, "programs")) &&
                       stats_of(old, "virt").runs && stats_of(new, "virt").runs;
    double before = figure(old, is_relative);
    double now = figure(new, is_relative);

    if (strcmp(results_text(results_side(old, "vmspec"), "options"),
               results_text(results_side(new, "vmspec"), "options"))) {
        g_string_append_printf(said, "%s: the row was changed; the baseline is "
                               "of the old one\n", name);
        return false;
    }
    if (now <= before * (1 + BENCH_TOLERANCE)) {
        return false;
    }
    if (is_relative) {
        g_string_append_printf(said, "REGRESSION %s: %.3f of virt, was %.3f "
                               "(%+.1f %%)\n", name, now, before,
                               (now / before - 1) * 100);
    } else {
        g_string_append_printf(said, "REGRESSION %s: %.2f %s, was %.2f "
                               "(%+.1f %%)\n", name, now / info->scale,
                               info->unit, before / info->scale,
                               (now / before - 1) * 100);
    }
    return true;
}

unsigned results_compare(struct json_object *baseline,
                         struct json_object *results, GString *said)
{
    struct json_object *rows = rows_of(results);
    unsigned regressions = 0;

    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        struct json_object *row = json_object_array_get_idx(rows, i);
        const char *name = results_text(row, "name");
        struct json_object *old = results_row(baseline, name);
        int measure = bench_measure(results_text(row, "measure"));

        if (!bench_measures[measure].is_gated ||
            !stats_of(row, "vmspec").runs) {
            continue;
        }
        if (!old || !stats_of(old, "vmspec").runs) {
            g_string_append_printf(said, "%s: the baseline has no such row; to "
                                   "add it: make bench-baseline\n", name);
        } else if (compare_row(old, row, said)) {
            regressions++;
        }
    }
    return regressions;
}
