/*
 * vmspec benchmark: medians, quartiles and paired ratios
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "results.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    if (left == right) {
        return 0;
    }
    return left < right ? -1 : 1;
}

/* The value at this part of the order, between its two neighbours */
static double at_part(const double *values, unsigned n, double part)
{
    double place = (n - 1) * part;
    unsigned below = place;

    if (below + 1 == n) {
        return values[below];
    }
    return values[below] +
           (place - below) * (values[below + 1] - values[below]);
}

Summary stats_summarize(double *values, unsigned n)
{
    if (!n) {
        return (Summary) { 0 };
    }
    qsort(values, n, sizeof(*values), by_value);
    return (Summary) {
        .runs = n,
        .min = values[0],
        .low = at_part(values, n, 0.25),
        .median = at_part(values, n, 0.5),
        .high = at_part(values, n, 0.75),
        .max = values[n - 1],
    };
}

/* The values of a side, or NULL */
static struct json_object *values_of(struct json_object *row, const char *who)
{
    struct json_object *side = results_side(row, who);
    struct json_object *values;

    if (!side || !json_object_object_get_ex(side, "values", &values) ||
        !json_object_is_type(values, json_type_array)) {
        return NULL;
    }
    return values;
}

static double value_at(struct json_object *values, unsigned i)
{
    return json_object_get_double(json_object_array_get_idx(values, i));
}

Summary stats_of(struct json_object *row, const char *who)
{
    struct json_object *values = values_of(row, who);
    unsigned n = values ? json_object_array_length(values) : 0;
    g_autofree double *copy = g_new0(double, n + 1);

    for (unsigned i = 0; i < n; i++) {
        copy[i] = value_at(values, i);
    }
    return stats_summarize(copy, n);
}

Summary stats_ratio(struct json_object *row, const char *peer)
{
    struct json_object *ours = values_of(row, "vmspec");
    struct json_object *theirs = values_of(row, peer);
    unsigned n = 0;
    g_autofree double *ratios = NULL;

    if (!ours || !theirs) {
        return (Summary) { 0 };
    }
    n = MIN(json_object_array_length(ours), json_object_array_length(theirs));
    ratios = g_new0(double, n + 1);
    for (unsigned i = 0; i < n; i++) {
        double value = value_at(theirs, i);

        if (value == 0) {
            return (Summary) { 0 };
        }
        ratios[i] = value_at(ours, i) / value;
    }
    return stats_summarize(ratios, n);
}
