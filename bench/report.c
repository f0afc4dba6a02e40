/*
 * vmspec benchmark: docs/performance.md and its plots
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <glib/gstdio.h>
#include <string.h>

#include "results.h"

/* GROUP of GROUP/NAME, and the section's head and first words */
static const struct {
    const char *group, *title, *about;
} groups[] = {
    { "start", "QEMU's start",
      "Host instructions from exec to the end of QEMU, whose guest has three\n"
      "instructions that turn the machine off. A QEMU with all features has 34\n"
      "libraries: the dynamic linker takes 14 M of the instructions, with each\n"
      "machine, and QEMU's list of its types another 10 M. What "
      "start/kernel-acpi has\nmore than start/kernel is the price of ACPI's "
      "tables without firmware." },
    { "firmware", "Firmware",
      "Guest instructions from reset to the first one of a loader on a virtio "
      "disk.\nvirt has AAVMF, Debian's build of the same EDK2 version, which "
      "looks at the clock\nwhile it waits for the disk: a loaded host adds "
      "to its count. vmspec's sleeps." },
    { "boot", "Boots",
      "From exec to the loader, to the init process of Debian's kernel, or of "
      "many starts.\nWhere instructions are counted to init, all have the CPU "
      "neoverse-n1, and the\nkernel does without its tests of cryptography: "
      "these take a third of the\ninstructions, and their random keys made the "
      "ratio anything from 0.95 to 1.02." },
    { "memory", "Memory", "What is private and dirty of QEMU's memory." },
    { "hotplug", "Hot-plug", "Linux without firmware, so by the port's own "
      "registers (pciehp)." },
    { "state", "Snapshots and migration",
      "Linux at its prompt, 512 MiB, one qcow2 disk." },
    { "io", "Devices",
      "QEMU's CPU time while Linux' `dd` and `nc` work; the disk is QEMU's "
      "null-co,\nthe network QEMU's user network. Both sides have `-cpu max`: "
      "what a CPU costs is\nin [cpu.md](cpu.md)." },
    { "store", "Variables",
      "420 SetVariables of an EFI application, less a boot without them." },
};

static const char intro[] =
    "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
    "<!-- Copyright (c) 2026 The vmspec authors -->\n"
    "<!-- vmspec-bench (bench/report.c) writes this page and its plots from\n"
    "     bench/results.json: make bench-baseline. Do not edit it. -->\n"
    "# Performance\n"
    "\n"
    "What vmspec costs, next to others that do the same. `make bench` "
    "measures all\n"
    "rows in about half an hour on an idle host. `make bench-quick` "
    "counts the\n"
    "instructions of some rows, which takes two minutes.\n"
    "\n"
    "<!-- not run: half an hour -->\n\n"
    "    make bench                      # all rows\n"
    "    make bench ROWS='start/* io/*'  # some\n"
    "    make bench-quick                # compare with bench/results.json\n"
    "    make bench-baseline             # take what make bench measured\n"
    "\n"
    "`make bench-quick` names each row of host or guest instructions "
    "that has grown\n"
    "by more than 3 % over `bench/results.json`, and fails then. If "
    "the growth is\n"
    "wanted, or a row has become cheaper, `make bench` and `make "
    "bench-baseline` put\n"
    "the new values into that file and write this page anew. Rows that "
    "were not\n"
    "measured keep their values.\n"
    "\n"
    "| measure | how | depends on the host's load |\n"
    "|---|---|---|\n"
    "| host instructions | `valgrind --tool=callgrind`, one thread for "
    "all CPUs | no |\n"
    "| guest instructions | QEMU's plugin `insn`; to init with "
    "`-icount` | hardly |\n"
    "| CPU time | user and system time of QEMU | somewhat |\n"
    "| wall time | the same by the clock; only the ratio is shown | yes |\n"
    "| memory | `Private_Dirty` of `smaps_rollup` | no |\n"
    "\n"
    "The runs of the sides alternate, each first in turn. A ratio is "
    "vmspec's value\n"
    "divided by that of the other, pair by pair: less than 1 means "
    "that vmspec needs\n"
    "less. The median is in bold, the quartiles are in brackets. "
    "vmspec, virt, u-boot\n"
    "and aavmf-sid are this build's QEMU: virt with `gic-version=3` "
    "and `-cpu max`,\n"
    "with Debian's AAVMF where a row has UEFI; u-boot and aavmf-sid "
    "are the same virt\n"
    "with Debian's U-Boot, and with the AAVMF of Debian sid without "
    "its wait. debian\n"
    "is the same virt of Debian's own QEMU.\n";

char *report_value(int measure, double value)
{
    const MeasureInfo *info = &bench_measures[measure];

    return g_strdup_printf("%.*f%s%s", info->digits, value / info->scale,
                           *info->unit ? " " : "", info->unit);
}

static char *plot_name(struct json_object *row)
{
    g_autofree char *name = g_strdelimit(
        g_strdup(results_text(row, "name")), "/", '-');

    return g_strconcat(name, ".svg", NULL);
}

static void append_side(GString *page, struct json_object *row,
                        struct json_object *side)
{
    const char *who = results_text(side, "who");
    int measure = bench_measure(results_text(row, "measure"));
    Summary s = stats_of(row, who);
    Summary ratio = stats_ratio(row, who);
    g_autofree char *value = report_value(measure, s.median);

    if (!s.runs) {
        return;
    }
    g_string_append_printf(page, "| | %s | %s | ", who,
                           measure == WALL_TIME ? "" : value);
    if (strcmp(who, "vmspec") && ratio.runs) {
        g_string_append_printf(page, "**%.3f** (%.3f to %.3f)", ratio.median,
                               ratio.low, ratio.high);
    }
    g_string_append_printf(page, " | %u |\n", s.runs);
}

static void append_row(GString *page, struct json_object *row)
{
    struct json_object *sides = json_object_object_get(row, "sides");
    g_autofree char *plot = plot_name(row);

    g_string_append_printf(page, "| [%s](performance/%s): %s | | | | |\n",
                           results_text(row, "name"), plot,
                           results_text(row, "title"));
    for (size_t i = 0; i < json_object_array_length(sides); i++) {
        append_side(page, row, json_object_array_get_idx(sides, i));
    }
}

/* Is a row of this group, with a value of vmspec's? */
static bool is_shown(struct json_object *row, const char *group)
{
    const char *name = results_text(row, "name");
    size_t length = strlen(group);

    return !strncmp(name, group, length) && name[length] == '/' &&
           stats_of(row, "vmspec").runs;
}

/* In the order of rows.c: rows are measured, and stored, in any */
static void append_group(GString *page, struct json_object *results, unsigned g)
{
    bool any = false;

    for (const Row *known = bench_rows; known->name; known++) {
        struct json_object *row = results_row(results, known->name);

        if (!row || !is_shown(row, groups[g].group)) {
            continue;
        }
        if (!any) {
            g_string_append_printf(page, "\n## %s\n\n%s\n\n"
                                   "| row, with its plot | who | median | "
                                   "vmspec's ratio to it | runs |\n"
                                   "|---|---|---|---|---|\n",
                                   groups[g].title, groups[g].about);
            any = true;
        }
        append_row(page, row);
    }
}

/* A line for each reason why a side or a whole row has no value */
static void append_missing(GString *page, struct json_object *results)
{
    struct json_object *rows = json_object_object_get(results, "rows");
    g_autoptr(GString) missing = g_string_new(NULL);

    g_string_append(page, "\n## What was not measured\n\n");
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        struct json_object *row = json_object_array_get_idx(rows, i);
        struct json_object *sides = json_object_object_get(row, "sides");

        for (size_t k = 0; k < json_object_array_length(sides); k++) {
            struct json_object *side = json_object_array_get_idx(sides, k);
            const char *why = results_text(side, "skipped");

            if (*why) {
                g_string_append_printf(page, "- %s, %s: %s\n",
                                       results_text(row, "name"),
                                       results_text(side, "who"), why);
            }
        }
    }
    for (const Row *row = bench_rows; row->name; row++) {
        if (!results_row(results, row->name)) {
            g_string_append_printf(missing, "%s %s", missing->len ? "," : "",
                                   row->name);
        }
    }
    if (missing->len) {
        g_string_append_printf(page, "- no run yet:%s\n", missing->str);
    }
}

/* Where, when and with what: each combination once, with its rows' number */
static void append_hosts(GString *page, struct json_object *rows)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal,
                                                       g_free, NULL);

    g_string_append(page, "\n## Hosts\n\n");
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        struct json_object *row = json_object_array_get_idx(rows, i);
        char *line = g_strdup_printf("- %s, vmspec %s: %s; %s\n",
                                     results_text(row, "date"),
                                     results_text(row, "source"),
                                     results_text(row, "host"),
                                     results_text(row, "programs"));

        if (g_hash_table_add(seen, line)) {
            g_string_append(page, line);
        }
    }
}

char *report_page(struct json_object *results)
{
    struct json_object *rows = json_object_object_get(results, "rows");
    GString *page = g_string_new(intro);

    for (unsigned g = 0; g < G_N_ELEMENTS(groups); g++) {
        append_group(page, results, g);
    }
    growth_section(page, results);
    append_missing(page, results);
    append_hosts(page, rows);
    return g_string_free(page, FALSE);
}

bool report_write(struct json_object *results, const char *docs)
{
    struct json_object *rows = json_object_object_get(results, "rows");
    g_autofree char *page = report_page(results);
    g_autofree char *path = g_build_filename(docs, "performance.md", NULL);
    g_autofree char *plots = g_build_filename(docs, "performance", NULL);
    g_autoptr(GError) error = NULL;

    g_mkdir_with_parents(plots, 0777);
    if (!g_file_set_contents(path, page, -1, &error)) {
        g_printerr("vmspec-bench: %s\n", error->message);
        return false;
    }
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        struct json_object *row = json_object_array_get_idx(rows, i);
        g_autofree char *name = plot_name(row);
        g_autofree char *file = g_build_filename(plots, name, NULL);
        g_autofree char *svg = svg_row(row);

        if (stats_of(row, "vmspec").runs &&
            !g_file_set_contents(file, svg, -1, &error)) {
            g_printerr("vmspec-bench: %s\n", error->message);
            return false;
        }
    }
    return true;
}
