/*
 * vmspec benchmark: growth with CPUs, ports, disks and RAM
 *
 * The points are rows of their own; what one more costs follows from two.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "results.h"

#define POINTS 5

typedef struct Growth {
    const char *what;
    struct {
        const char *row;
        unsigned n;
    } point[POINTS];
} Growth;

static const Growth growths[] = {
    { "CPU", { { "start/kernel", 1 }, { "start/cpus-8", 8 },
               { "start/cpus-64", 64 }, { "start/cpus-256", 256 } } },
    { "hot-plug port", { { "start/kernel", 0 }, { "start/ports-4", 4 },
                         { "start/ports-32", 32 } } },
    { "virtio-blk-pci", { { "start/kernel", 0 }, { "start/disks-1", 1 },
                          { "start/disks-16", 16 },
                          { "start/disks-64", 64 } } },
    { "MiB of RAM", { { "start/kernel", 128 }, { "start/ram-1024", 1024 },
                      { "start/ram-8192", 8192 } } },
};

/* Found by callgrind, function by function */
static const char about_cpus[] =
    "\nA CPU costs the more the more there are because QEMU's "
    "`object_property_set_link()`\nlooks for the path of each input of the GIC "
    "among all of them: 0.4 M for each of\nthe first 8 CPUs, 1.2 M up to 64, "
    "4.4 M up to 256. All else of a CPU costs 6.4 to\n6.6 M.\n";

/* M host instructions of one more, between two points; "-" if unknown */
static char *slope(struct json_object *results, const Growth *g, unsigned i,
                   const char *who)
{
    struct json_object *a = results_row(results, g->point[i].row);
    struct json_object *b = results_row(results, g->point[i + 1].row);
    Summary from = { 0 }, to = { 0 };

    if (a && b) {
        from = stats_of(a, who);
        to = stats_of(b, who);
    }
    if (!from.runs || !to.runs) {
        return g_strdup("-");
    }
    return g_strdup_printf("%.3f", (to.median - from.median) / 1e6 /
                           (g->point[i + 1].n - g->point[i].n));
}

void growth_section(GString *page, struct json_object *results)
{
    g_string_append(page, "\n## Growth\n\n"
                    "M host instructions of a start for one more, from the "
                    "rows above. A constant\nnumber down a column is linear "
                    "growth.\n\n"
                    "| one more | from | to | vmspec | virt |\n"
                    "|---|---|---|---|---|\n");
    for (unsigned k = 0; k < G_N_ELEMENTS(growths); k++) {
        const Growth *g = &growths[k];

        for (unsigned i = 0; i + 1 < POINTS && g->point[i + 1].row; i++) {
            g_autofree char *ours = slope(results, g, i, "vmspec");
            g_autofree char *theirs = slope(results, g, i, "virt");

            g_string_append_printf(page, "| %s | %u | %u | %s | %s |\n",
                                   g->what, g->point[i].n, g->point[i + 1].n,
                                   ours, theirs);
        }
    }
    g_string_append(page, about_cpus);
}
