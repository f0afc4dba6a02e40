/*
 * vmspec benchmark: a row as a plot
 *
 * A bar for each side as long as the median, with a line from the lower to the
 * upper quartile.  A reader's dark or light colours are taken from the page.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"
#include "results.h"

#include <string.h>

#define WIDTH 640
#define LEFT 90         /* the sides' names */
#define RIGHT 210       /* the values */
#define TOP 34
#define STEP 26
#define BAR 16

static const char head[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
    "viewBox=\"0 0 %u %u\">\n"
    "<!-- written by vmspec-bench (bench/svg.c) from bench/results.json -->\n"
    "<style>text{font:13px sans-serif;fill:#222}.us{fill:#1a7f5a}"
    ".them{fill:#8a94a6}path{stroke:#222;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.us{fill:#3fc08d}"
    ".them{fill:#6b7686}path{stroke:#ddd}}</style>\n";

/* What a bar shows: the values, or of wall time the ratio to virt */
static Summary bar_of(struct json_object *row, const char *who, double unit)
{
    Summary s = stats_of(row, who);

    s.low /= unit;
    s.median /= unit;
    s.high /= unit;
    return s;
}

static void append_bar(GString *svg, const char *who, unsigned y, Summary s,
                       double scale, const char *value)
{
    double low = LEFT + s.low * scale, high = LEFT + s.high * scale;
    unsigned middle = y + BAR / 2;

    g_string_append_printf(svg,
        "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">%s</text>\n"
        "<rect class=\"%s\" x=\"%d\" y=\"%u\" width=\"%.1f\" height=\"%d\"/>\n"
        "<path d=\"M%.1f %uH%.1fM%.1f %uv8M%.1f %uv8\"/>\n"
        "<text x=\"%.1f\" y=\"%u\">%s</text>\n",
        LEFT - 6, y + 13, who, strcmp(who, "vmspec") ? "them" : "us", LEFT, y,
        s.median * scale, BAR, low, middle, high, low, middle - 4, high,
        middle - 4, high + 6, y + 13, value);
}

char *svg_row(struct json_object *row)
{
    int measure = bench_measure(results_text(row, "measure"));
    g_autofree char *title = g_markup_escape_text(results_text(row, "title"),
                                                  -1);
    GString *svg = g_string_new(NULL);
    struct json_object *sides = json_object_object_get(row, "sides");
    double most = 0, unit = 1;
    unsigned n = 0, height;

    if (measure == WALL_TIME && stats_of(row, "virt").median > 0) {
        unit = stats_of(row, "virt").median;
    }
    for (size_t i = 0; i < json_object_array_length(sides); i++) {
        Summary s = bar_of(row, results_text(
            json_object_array_get_idx(sides, i), "who"), unit);

        most = MAX(most, s.high);
        if (s.runs) {
            n++;
        }
    }
    height = TOP + n * STEP;
    g_string_append_printf(svg, head, WIDTH, height, WIDTH, height);
    g_string_append_printf(svg, "<text x=\"6\" y=\"20\">%s: %s</text>\n",
                           results_text(row, "name"), title);
    n = 0;
    for (size_t i = 0; i < json_object_array_length(sides); i++) {
        const char *who = results_text(json_object_array_get_idx(sides, i),
                                       "who");
        Summary s = bar_of(row, who, unit);
        g_autofree char *value = measure == WALL_TIME ?
            g_strdup_printf("%.3f of virt", s.median) :
            report_value(measure, s.median);

        if (s.runs) {
            append_bar(svg, who, TOP + n++ * STEP, s,
                       most > 0 ? (WIDTH - LEFT - RIGHT) / most : 0, value);
        }
    }
    g_string_append(svg, "</svg>\n");
    return g_string_free(svg, FALSE);
}
