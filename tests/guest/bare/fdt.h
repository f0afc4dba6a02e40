/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * A reader of a flattened device tree, for the bare-metal programs
 *
 * Devicetree Specification 0.4, chapter 5.  It trusts the tree.
 */

#ifndef VMSPEC_TESTS_GUEST_BARE_FDT_H
#define VMSPEC_TESTS_GUEST_BARE_FDT_H

#include <stddef.h>
#include <stdint.h>

/* The words of a property, big-endian; @size in bytes */
typedef struct Property {
    const uint32_t *words;
    uint32_t size;
} Property;

static inline uint32_t from_be(uint32_t value)
{
    return __builtin_bswap32(value);
}

static inline int same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* The size of the tree in bytes, as its header has it */
uint32_t fdt_size(const void *fdt);

/*
 * The next node behind @after (NULL: the first one) that is named @name, or,
 * with @name NULL, whose first compatible string is @compatible.  Returns the
 * node, NULL if there is none.
 */
const uint32_t *fdt_find(const void *fdt, const uint32_t *after,
                         const char *name, const char *compatible);

/* A property of the node; .words is NULL if the node has none of that name. */
Property fdt_property(const void *fdt, const uint32_t *node, const char *name);

#endif
