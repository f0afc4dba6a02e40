/*
 * vmspec: "did you mean" for a misspelt property
 *
 * patches/0007 has qom/object.c call vmspec_suggest_property(), so that
 * -machine, -device and -object have the hint. The functions are in a header
 * because qom/object.c is linked into QEMU's tools too.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_SUGGEST_H
#define HW_ARM_VMSPEC_SUGGEST_H

#include "qapi/error.h"
#include "qom/object.h"

#define VMSPEC_SUGGEST_MAX_NAME 64

/* Letters to add, leave out or change until @a is @b (Levenshtein) */
static inline unsigned vmspec_name_distance(const char *a, const char *b)
{
    unsigned row[VMSPEC_SUGGEST_MAX_NAME], n = strlen(b);

    if (n >= ARRAY_SIZE(row)) {
        return UINT_MAX;
    }
    for (unsigned j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; a[i - 1]; i++) {
        unsigned change = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= n; j++) {
            unsigned above = row[j];

            if (a[i - 1] != b[j - 1]) {
                change++;
            }
            row[j] = MIN(MIN(above, row[j - 1]) + 1, change);
            change = above;
        }
    }
    return row[n];
}

/*
 * Append to the error in @errp the name of the property of @obj that is
 * nearest to @name. Appends nothing if more than a third of @name differs.
 */
static inline void vmspec_suggest_property(Object *obj, const char *name,
                                           Error *const *errp)
{
    unsigned least = MAX(strlen(name) / 3, 1) + 1;
    const char *nearest = NULL;
    ObjectPropertyIterator iter;
    ObjectProperty *prop;

    object_property_iter_init(&iter, obj);
    while ((prop = object_property_iter_next(&iter))) {
        unsigned distance = vmspec_name_distance(name, prop->name);

        if (!prop->set || distance > least) {
            continue;
        }
        /* The iterator has no order: of equally near names, take the first. */
        if (distance < least ||
            (nearest && strcmp(prop->name, nearest) < 0)) {
            least = distance;
            nearest = prop->name;
        }
    }
    if (nearest) {
        error_append_hint(errp, "Did you mean '%s'?\n", nearest);
    }
}

#endif
