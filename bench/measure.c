/*
 * vmspec benchmark: all runs of a row
 *
 * The runs of the sides alternate, each first in turn, so that what the host
 * does meanwhile touches all of them.  Instructions do not depend on the host's
 * load: those are counted on all its processors at once.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "results.h"

/* A run that fails is repeated once: a loaded host exceeds limits of time. */
#define TRIES 2

#define LEFT_OUT "left out of a quick benchmark"

static unsigned runs_made;

/* The value of a line "NAME : VALUE" of a file of /proc; the caller frees it */
static char *line_of(const char *path, const char *name)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    lines = g_strsplit(text ? text : "", "\n", -1);
    for (unsigned i = 0; lines[i]; i++) {
        char *value = strpbrk(lines[i], ":=");

        if (value && g_str_has_prefix(lines[i], name)) {
            g_strstrip(g_strdelimit(value, ":=\"", ' '));
            return g_strdup(value);
        }
    }
    return g_strdup("unknown");
}

/* "unknown CPU, 2 processors, Debian..., Linux 6.1": where this is measured */
static char *describe_host(void)
{
    g_autofree char *cpu = line_of("/proc/cpuinfo", "model name");
    g_autofree char *system = line_of("/etc/os-release", "PRETTY_NAME");
    struct utsname name;

    uname(&name);
    return g_strdup_printf("%s, %ld processors, %s, Linux %s", cpu,
                           sysconf(_SC_NPROCESSORS_ONLN), system, name.release);
}

/* The first line that a program prints, or "none" */
static char *first_line(const char *line)
{
    g_autofree char *out = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_spawn_command_line_sync(line, &out, NULL, NULL, NULL)) {
        return g_strdup("none");
    }
    lines = g_strsplit(out, "\n", 2);
    return g_strdup(lines[0] ? g_strstrip(lines[0]) : "none");
}

/* Versions of what decides how many instructions there are */
static char *describe_programs(void)
{
    g_autofree char *qemu = command_build_file(
        "qemu/qemu-system-aarch64 --version");
    g_autofree char *version = first_line(qemu);
    g_autofree char *valgrind = first_line("valgrind --version");

    return g_strdup_printf("%s; gcc %s; glibc %s; %s", version, __VERSION__,
                           gnu_get_libc_version(), valgrind);
}

/* On a terminal: how many runs of the row are over */
static void show_progress(GPtrArray *runs)
{
    static gint over;

    if (!runs) {
        g_atomic_int_set(&over, 0);
    } else if (isatty(STDOUT_FILENO)) {
        int n = g_atomic_int_add(&over, 1) + 1;

        g_print("\r      %d of %u runs%s", n, runs->len,
                n == (int)runs->len ? "\r\033[K" : "");
    }
}

static void do_run(gpointer data, gpointer runs)
{
    Run *run = data;

    for (unsigned i = 0; i < TRIES; i++) {
        g_clear_pointer(&run->why, g_free);
        run->value = 0;
        run->row->probe(run);
        if (!run->why) {
            break;
        }
    }
    show_progress(runs);
}

/* Do all runs: at once where load does not matter, else one by one. */
static void do_runs(const Row *row, GPtrArray *runs)
{
    bool at_once = bench_measures[row->measure].is_gated;
    GThreadPool *pool = g_thread_pool_new(do_run, runs, at_once ?
                                          sysconf(_SC_NPROCESSORS_ONLN) : 1,
                                          TRUE, NULL);

    show_progress(NULL);
    for (unsigned i = 0; i < runs->len; i++) {
        g_thread_pool_push(pool, runs->pdata[i], NULL);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
}

/* Why this row cannot be measured on this host, or NULL */
static const char *lacks(const Row *row)
{
    g_autofree char *valgrind = g_find_program_in_path("valgrind");
    g_autofree char *strace = g_find_program_in_path("strace");

    if (row->measure == HOST_INSTRUCTIONS && !valgrind) {
        return "valgrind is missing; for this row: apt-get install valgrind";
    }
    if (row->probe == probe_flushes && !strace) {
        return "strace is missing; for this row: apt-get install strace";
    }
    return NULL;
}

/* A quick benchmark has what a regression is found by, and nothing else. */
static bool takes_part(const Row *row, const Side *side, bool quick)
{
    if (!quick || !strcmp(side->who, "vmspec")) {
        return true;
    }
    return row->measure == HOST_INSTRUCTIONS && !strcmp(side->who, "virt");
}

/* Runs of each side; VMSPEC_BENCH_RUNS=N asks for another number. */
static unsigned num_runs(const Row *row, bool quick)
{
    const char *asked = g_getenv("VMSPEC_BENCH_RUNS");

    if (asked && atoi(asked) > 0) {
        return atoi(asked);
    }
    return quick ? row->quick : row->runs;
}

/* The runs of all sides that can run here, alternating; each side as JSON */
static GPtrArray *plan_runs(const Row *row, bool quick, GPtrArray *sides)
{
    GPtrArray *runs = g_ptr_array_new_with_free_func(g_free);
    const char *lack = lacks(row);
    unsigned n = num_runs(row, quick);

    for (unsigned i = 0; i < BENCH_SIDES && row->sides[i].who; i++) {
        struct json_object *side = json_object_new_object();
        g_autofree char *why = g_strdup(lack);
        g_auto(GStrv) words = NULL;

        json_object_object_add(side, "who",
                               json_object_new_string(row->sides[i].who));
        json_object_object_add(side, "options",
                               json_object_new_string(row->sides[i].options));
        g_ptr_array_add(sides, side);
        if (!why && !takes_part(row, &row->sides[i], quick)) {
            why = g_strdup(LEFT_OUT);
        }
        if (!why) {
            words = command_words(&row->sides[i], &why);
        }
        if (why) {
            json_object_object_add(side, "skipped",
                                   json_object_new_string(why));
        }
    }
    for (unsigned k = 0; k < n; k++) {
        for (unsigned i = 0; i < sides->len; i++) {
            unsigned s = k % 2 ? sides->len - 1 - i : i;

            if (!json_object_object_get_ex(sides->pdata[s], "skipped", NULL)) {
                Run *run = g_new0(Run, 1);

                run->row = row;
                run->side = &row->sides[s];
                run->number = runs_made++;
                g_ptr_array_add(runs, run);
            }
        }
    }
    return runs;
}

/* Move the values of the runs, or why there are none, into the sides. */
static void collect(const Row *row, GPtrArray *runs, GPtrArray *sides)
{
    bool is_count = bench_measures[row->measure].is_count;

    for (unsigned s = 0; s < sides->len; s++) {
        struct json_object *values = json_object_new_array();
        const char *why = NULL;

        for (unsigned i = 0; i < runs->len; i++) {
            Run *run = runs->pdata[i];

            if (run->side != &row->sides[s]) {
                continue;
            }
            why = why ? why : run->why;
            json_object_array_add(values, is_count ?
                                  json_object_new_int64(run->value) :
                                  json_object_new_double(run->value));
        }
        if (why) {
            json_object_object_add(sides->pdata[s], "skipped",
                                   json_object_new_string(why));
        }
        if (why || !json_object_array_length(values)) {
            json_object_put(values);
        } else {
            json_object_object_add(sides->pdata[s], "values", values);
        }
    }
    for (unsigned i = 0; i < runs->len; i++) {
        g_free(((Run *)runs->pdata[i])->why);
    }
}

static void print_side(struct json_object *row, struct json_object *side,
                       int measure)
{
    const char *who = results_text(side, "who");
    Summary summary = stats_of(row, who);
    Summary ratio = stats_ratio(row, who);
    g_autofree char *value = report_value(measure, summary.median);

    if (!summary.runs) {
        const char *why = results_text(side, "skipped");

        if (strcmp(why, LEFT_OUT)) {
            g_print("      %-9s %s\n", who, why);
        }
        return;
    }
    /* seconds of the clock say nothing without those of another */
    g_print("      %-9s %s", who, measure == WALL_TIME ? "" : value);
    if (strcmp(who, "vmspec") && ratio.runs) {
        g_print("; vmspec is %.3f of it (quartiles %.3f to %.3f)", ratio.median,
                ratio.low, ratio.high);
    }
    g_print("\n");
}

struct json_object *measure_row(const Row *row, bool quick, unsigned number,
                                unsigned total)
{
    static char *host, *programs;
    const char *commit = g_getenv("VMSPEC_BENCH_COMMIT");
    g_autoptr(GPtrArray) sides = g_ptr_array_new();
    g_autoptr(GPtrArray) runs = plan_runs(row, quick, sides);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format(now, "%Y-%m-%d");
    struct json_object *result = json_object_new_object();
    struct json_object *list = json_object_new_array();
    double load = 0;

    host = host ? host : describe_host();
    programs = programs ? programs : describe_programs();
    g_print("[%u/%u] %s: %s, %u runs\n", number, total, row->name, row->title,
            runs->len);
    if (getloadavg(&load, 1) != 1) {
        load = -1;
    }
    do_runs(row, runs);
    collect(row, runs, sides);
    json_object_object_add(result, "name", json_object_new_string(row->name));
    json_object_object_add(result, "title", json_object_new_string(row->title));
    json_object_object_add(result, "measure", json_object_new_string(
                               bench_measures[row->measure].name));
    json_object_object_add(result, "host", json_object_new_string(host));
    json_object_object_add(result, "programs",
                           json_object_new_string(programs));
    json_object_object_add(result, "source",
                           json_object_new_string(commit ? commit :
                                                  VMSPEC_VERSION));
    json_object_object_add(result, "date", json_object_new_string(date));
    json_object_object_add(result, "load", json_object_new_double(
                               (int)(load * 100) / 100.0));
    json_object_object_add(result, "sides", list);
    for (unsigned i = 0; i < sides->len; i++) {
        json_object_array_add(list, sides->pdata[i]);
        print_side(result, sides->pdata[i], row->measure);
    }
    return result;
}
