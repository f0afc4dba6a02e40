/*
 * vmspec benchmark: what starts, boots, memory and I/O cost, against peers
 *
 * make bench, bench-quick and bench-baseline start it; docs/performance.md is
 * what it writes.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results.h"
#include "scratch.h"

#define USAGE \
    "usage: vmspec-bench list\n" \
    "       vmspec-bench run BUILD RESULTS [PATTERN]...   some rows, or all\n" \
    "       vmspec-bench quick BUILD RESULTS [PATTERN]...  instructions\n" \
    "       vmspec-bench compare BASELINE RESULTS          what has grown\n" \
    "       vmspec-bench merge BASELINE RESULTS            take the rows\n" \
    "       vmspec-bench page BASELINE                     print the page\n" \
    "       vmspec-bench report BASELINE DOCS              page and plots\n"

/* What the guest tests' library wants to know of the build directory */
static void set_up(const char *build)
{
    g_autofree char *qemu = NULL;
    g_autofree char *logs = NULL;

    command_set_build(build);
    qemu = command_build_file("qemu");
    logs = command_build_file("bench/logs");
    g_setenv("VMSPEC_TEST_QEMU", qemu, TRUE);
    g_setenv("VMSPEC_TEST_LOGS", logs, TRUE);
    g_mkdir_with_parents(logs, 0777);
    scratch_make();
}

static bool is_chosen(const Row *row, char **patterns, bool quick)
{
    return bench_matches(row->name, patterns) && (!quick || row->quick);
}

static int run(char **argv, bool quick)
{
    struct json_object *results = NULL;
    unsigned total = 0, number = 0;
    bool written = true;

    set_up(argv[0]);
    results = results_new();
    for (const Row *row = bench_rows; row->name; row++) {
        if (is_chosen(row, argv + 2, quick)) {
            total++;
        }
    }
    for (const Row *row = bench_rows; row->name && written; row++) {
        if (is_chosen(row, argv + 2, quick)) {
            results_put(results, measure_row(row, quick, ++number, total));
            /* what is measured stays, though it is interrupted later */
            written = results_write(results, argv[1]);
        }
    }
    json_object_put(results);
    if (!total) {
        g_printerr("vmspec-bench: no row has such a name; vmspec-bench list "
                   "prints them\n");
    }
    return scratch_remove(total && written ? 0 : 1);
}

static int list(void)
{
    for (const Row *row = bench_rows; row->name; row++) {
        g_print("%-24s %-18s %s\n", row->name,
                bench_measures[row->measure].name, row->title);
    }
    return 0;
}

/* What is done with a baseline and results: compare, or merge */
static int with_both(const char *command, const char *base, const char *new)
{
    bool merges = !strcmp(command, "merge");
    bool is_new = merges && access(base, F_OK) && errno == ENOENT;
    struct json_object *baseline = is_new ? results_new() : results_read(base);
    struct json_object *results = baseline ? results_read(new) : NULL;
    int rc = 1;

    if (results && merges) {
        struct json_object *rows = json_object_object_get(results, "rows");

        for (size_t i = 0; i < json_object_array_length(rows); i++) {
            results_put(baseline, json_object_get(
                            json_object_array_get_idx(rows, i)));
        }
        rc = results_write(baseline, base) ? 0 : 1;
    } else if (results) {
        g_autoptr(GString) said = g_string_new(NULL);
        unsigned n = results_compare(baseline, results, said);

        g_print("%s", said->str);
        g_print("%u rows of instructions have grown by more than %d %% over "
                "%s\n", n, (int)(BENCH_TOLERANCE * 100), base);
        rc = n ? 1 : 0;
    }
    json_object_put(results);
    json_object_put(baseline);
    return rc;
}

static int report(const char *base, const char *docs)
{
    struct json_object *baseline = results_read(base);
    g_autofree char *page = NULL;
    int rc = 1;

    if (baseline && docs) {
        rc = report_write(baseline, docs) ? 0 : 1;
    } else if (baseline) {
        page = report_page(baseline);
        g_print("%s", page);
        rc = 0;
    }
    json_object_put(baseline);
    return rc;
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    if (!strcmp(command, "list")) {
        return list();
    }
    if (argc >= 4 && (!strcmp(command, "run") || !strcmp(command, "quick"))) {
        return run(argv + 2, !strcmp(command, "quick"));
    }
    if (argc == 4 &&
        (!strcmp(command, "compare") || !strcmp(command, "merge"))) {
        return with_both(command, argv[2], argv[3]);
    }
    if (argc == 3 && !strcmp(command, "page")) {
        return report(argv[2], NULL);
    }
    if (argc == 4 && !strcmp(command, "report")) {
        return report(argv[2], argv[3]);
    }
    g_printerr(USAGE);
    return 2;
}
