/*
 * vmspec tests: do two stores have the same variables?
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_STORE_SAME_H
#define VMSPEC_TESTS_STORE_SAME_H

#include <string.h>

#include "hw/arm/vmspec-varstore.h"

/* Is each variable of @a in @b, with the same data and attributes? */
static inline bool store_has_all(const Varstore *a, const Varstore *b)
{
    VarstoreVar var = { 0 };
    VarstoreVar other;

    while (varstore_next(a, &var)) {
        if (!varstore_find(b, var.name, var.name_size, var.guid, &other) ||
            other.attributes != var.attributes || other.count != var.count ||
            other.key != var.key || other.data_size != var.data_size ||
            memcmp(other.time, var.time, VARSTORE_TIME_SIZE) ||
            memcmp(other.data, var.data, var.data_size)) {
            return false;
        }
    }
    return true;
}

/* Can the guest read the same variables in @a and in @b? */
static inline bool store_same(const Varstore *a, const Varstore *b)
{
    return a->variables == b->variables && store_has_all(a, b);
}

#endif
