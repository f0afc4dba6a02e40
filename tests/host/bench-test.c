/*
 * vmspec host test: the benchmark's rows, statistics, results and plots
 *
 * Nothing is measured here.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <string.h>

#include "results.h"
#include "scratch.h"

#define CANNED \
    "{ 'rows': [ { 'name': 'start/kernel', 'title': 'a & b'," \
    " 'measure': 'host-instructions', 'programs': '%s', 'sides': [" \
    " { 'who': 'vmspec', 'options': '%s', 'values': [ %s ] }," \
    " { 'who': 'virt', 'options': 'y', 'values': [ %s ] }," \
    " { 'who': 'debian', 'options': 'z', 'skipped': 'is not here' } ] } ] }"

/* Results of one row; the caller calls json_object_put(). */
static struct json_object *canned(const char *programs, const char *options,
                                  const char *ours, const char *theirs)
{
    g_autofree char *text = g_strdelimit(
        g_strdup_printf(CANNED, programs, options, ours, theirs), "'", '"');
    g_autofree char *path = scratch_file("canned.json", text, strlen(text),
                                         strlen(text));
    struct json_object *results = results_read(path);

    g_assert_nonnull(results);
    return results;
}

static void test_rows(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    unsigned n = 0;

    for (const Row *row = bench_rows; row->name; row++, n++) {
        g_test_message("%s", row->name);
        g_assert_true(g_hash_table_add(names, (char *)row->name));
        g_assert_nonnull(strchr(row->name, '/'));
        g_assert_cmpuint(row->measure, <, MEASURES);
        g_assert_nonnull(row->probe);
        g_assert_cmpuint(row->runs, >, 0);
        g_assert_cmpuint(row->quick, <=, row->runs);
        g_assert_cmpstr(row->sides[0].who, ==, "vmspec");
        /* what a quick benchmark compares */
        g_assert_true(!row->quick || bench_measures[row->measure].is_gated);
    }
    g_assert_cmpuint(n, >, 40);
}

/* Every @NAME@ of the rows is known: what is missing is a file, no name. */
static void test_options(void)
{
    for (const Row *row = bench_rows; row->name; row++) {
        for (unsigned i = 0; i < BENCH_SIDES && row->sides[i].who; i++) {
            g_autofree char *why = NULL;
            g_auto(GStrv) words = command_words(&row->sides[i], &why);

            g_assert_null(words);
            g_test_message("%s: %s", row->name, why);
            g_assert_null(strstr(why, "unknown"));
            g_assert_null(strstr(why, "there is no file @"));
        }
    }
}

static void test_expand(void)
{
    g_autofree char *why = NULL;
    g_autofree char *disks = command_expand("x@blk:9@ y", &why);
    g_autofree char *ports = command_expand("@ports:2@", &why);

    g_assert_null(why);
    g_assert_nonnull(strstr(disks, "drive=d0,addr=8.0,"));
    g_assert_nonnull(strstr(disks, "drive=d8,addr=9.0,"));
    g_assert_true(g_str_has_suffix(disks, " y"));
    g_assert_nonnull(strstr(ports, "id=p1,chassis=2,addr=8.1"));
    g_assert_null(command_expand("@nothing@", &why));
    g_assert_nonnull(strstr(why, "@nothing@"));
}

static void test_quartiles(void)
{
    double values[] = { 5, 1, 4, 2, 3 };
    double one[] = { 7 };
    Summary s = stats_summarize(values, 5);

    g_assert_cmpfloat(s.min, ==, 1);
    g_assert_cmpfloat(s.low, ==, 2);
    g_assert_cmpfloat(s.median, ==, 3);
    g_assert_cmpfloat(s.high, ==, 4);
    g_assert_cmpfloat(s.max, ==, 5);
    s = stats_summarize(one, 1);
    g_assert_cmpfloat(s.high, ==, 7);
    g_assert_cmpuint(stats_summarize(one, 0).runs, ==, 0);
}

static void test_pairs(void)
{
    struct json_object *results = canned("p", "x", "1, 6, 3", "2, 2, 2");
    struct json_object *row = results_row(results, "start/kernel");
    Summary s = stats_ratio(row, "virt");

    g_assert_cmpuint(s.runs, ==, 3);
    g_assert_cmpfloat(s.min, ==, 0.5);
    g_assert_cmpfloat(s.median, ==, 1.5);
    g_assert_cmpfloat(s.max, ==, 3);
    g_assert_cmpuint(stats_ratio(row, "debian").runs, ==, 0);
    json_object_put(results);
}

/* How many regressions there are after a baseline of 1000, virt 2000 */
static unsigned regressions(const char *programs, const char *options,
                            const char *ours, const char *theirs)
{
    struct json_object *old = canned("p", "x", "1000, 1010", "2000, 2010");
    struct json_object *new = canned(programs, options, ours, theirs);
    g_autoptr(GString) said = g_string_new(NULL);
    unsigned n = results_compare(old, new, said);

    g_test_message("%s", said->str);
    /* each names its row */
    g_assert_true(!n || g_str_has_prefix(said->str,
                                         "REGRESSION start/kernel: "));
    json_object_put(old);
    json_object_put(new);
    return n;
}

static void test_regressions(void)
{
    g_assert_cmpuint(regressions("p", "x", "1029", "2000"), ==, 0);
    g_assert_cmpuint(regressions("p", "x", "1031", "2000"), ==, 1);
    /* the least of the runs counts */
    g_assert_cmpuint(regressions("p", "x", "1500, 1000", "2000"), ==, 0);
    /* virt has grown as well, but no program has changed */
    g_assert_cmpuint(regressions("p", "x", "1100", "2200"), ==, 1);
}

/* Another compiler: what counts is the ratio to virt. */
static void test_other_programs(void)
{
    g_assert_cmpuint(regressions("q", "x", "1100", "2200"), ==, 0);
    g_assert_cmpuint(regressions("q", "x", "1000", "1900"), ==, 1);
}

static void test_changed_row(void)
{
    g_assert_cmpuint(regressions("p", "w", "9000", "2000"), ==, 0);
}

static void test_merge(void)
{
    struct json_object *base = canned("p", "x", "1", "2");
    struct json_object *new = canned("p", "x", "3", "2");

    results_put(base, json_object_get(results_row(new, "start/kernel")));
    g_assert_cmpuint(json_object_array_length(
                         json_object_object_get(base, "rows")), ==, 1);
    g_assert_cmpfloat(stats_of(results_row(base, "start/kernel"),
                               "vmspec").median, ==, 3);
    json_object_put(base);
    json_object_put(new);
}

static void test_written_and_read(void)
{
    struct json_object *results = canned("p", "x", "1", "2");
    g_autofree char *path = scratch_path("written.json");
    struct json_object *again;

    g_assert_true(results_write(results, path));
    again = results_read(path);
    g_assert_nonnull(again);
    g_assert_true(json_object_equal(results, again));
    json_object_put(results);
    json_object_put(again);
}

static void test_bad_files(void)
{
    static const char *const bad[] = {
        "", "{", "[]", "{}", "{\"rows\": 3}", "{\"rows\": [ {} ]}",
        "{\"rows\": [ {\"name\": \"a\", \"measure\": \"x\", \"sides\": []} ]}",
    };

    g_assert_null(results_read("/nonexistent/results.json"));
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = scratch_file("bad.json", bad[i], strlen(bad[i]),
                                             strlen(bad[i]));

        g_test_message("%s", bad[i]);
        g_assert_null(results_read(path));
    }
}

/* One bar a side that has values, and text as XML wants it */
static void test_plot(void)
{
    struct json_object *results = canned("p", "x", "1000000", "2000000");
    g_autofree char *svg = svg_row(results_row(results, "start/kernel"));
    g_auto(GStrv) bars = g_strsplit(svg, "<rect", -1);

    g_assert_true(g_str_has_prefix(svg, "<svg xmlns="));
    g_assert_true(g_str_has_suffix(svg, "</svg>\n"));
    g_assert_cmpuint(g_strv_length(bars), ==, 3);
    g_assert_nonnull(strstr(svg, "a &amp; b"));
    g_assert_nonnull(strstr(svg, "prefers-color-scheme:dark"));
    g_assert_nonnull(strstr(svg, ">1.0 M host instructions<"));
    json_object_put(results);
}

static void test_page(void)
{
    struct json_object *results = canned("p", "x", "1000000", "2000000");
    g_autofree char *page = report_page(results);

    g_assert_nonnull(strstr(page, "(performance/start-kernel.svg)"));
    g_assert_nonnull(strstr(page, "**0.500**"));
    g_assert_nonnull(strstr(page, "- start/kernel, debian: is not here"));
    json_object_put(results);
}

int main(int argc, char **argv)
{
    int rc;

    g_test_init(&argc, &argv, NULL);
    command_set_build(scratch_make());
    g_test_add_func("/vmspec/bench/rows", test_rows);
    g_test_add_func("/vmspec/bench/options", test_options);
    g_test_add_func("/vmspec/bench/expand", test_expand);
    g_test_add_func("/vmspec/bench/quartiles", test_quartiles);
    g_test_add_func("/vmspec/bench/pairs", test_pairs);
    g_test_add_func("/vmspec/bench/regressions", test_regressions);
    g_test_add_func("/vmspec/bench/other-programs", test_other_programs);
    g_test_add_func("/vmspec/bench/changed-row", test_changed_row);
    g_test_add_func("/vmspec/bench/merge", test_merge);
    g_test_add_func("/vmspec/bench/written-and-read", test_written_and_read);
    g_test_add_func("/vmspec/bench/bad-files", test_bad_files);
    g_test_add_func("/vmspec/bench/plot", test_plot);
    g_test_add_func("/vmspec/bench/page", test_page);
    rc = g_test_run();
    return scratch_remove(rc);
}
