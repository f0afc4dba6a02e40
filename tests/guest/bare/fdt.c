/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (c) 2026 The vmspec authors
 *
 * A reader of a flattened device tree, for the bare-metal programs
 */

#include "fdt.h"

#define BEGIN_NODE 1
#define END_NODE 2
#define PROPERTY 3
#define NOP 4

/* The header, in words */
#define TOTAL_SIZE 1
#define OFFSET_STRUCT 2
#define OFFSET_STRINGS 3

static uint32_t header(const void *fdt, unsigned word)
{
    return from_be(((const uint32_t *)fdt)[word]);
}

static const char *string(const void *fdt, uint32_t offset)
{
    return (const char *)fdt + header(fdt, OFFSET_STRINGS) + offset;
}

/* The token behind the one at @p */
static const uint32_t *next(const uint32_t *p)
{
    const char *name = (const char *)(p + 1);
    uint32_t size = 0;

    switch (from_be(*p)) {
    case BEGIN_NODE:
        while (name[size++]) {
            ;
        }
        return p + 1 + (size + 3) / 4;
    case PROPERTY:
        return p + 3 + (from_be(p[1]) + 3) / 4;
    default:
        return p + 1;
    }
}

uint32_t fdt_size(const void *fdt)
{
    return header(fdt, TOTAL_SIZE);
}

Property fdt_property(const void *fdt, const uint32_t *node, const char *name)
{
    Property found = { NULL, 0 };
    const uint32_t *p = next(node);

    /* a node's properties are before its children */
    while (from_be(*p) == PROPERTY || from_be(*p) == NOP) {
        if (from_be(*p) == PROPERTY &&
            same(string(fdt, from_be(p[2])), name)) {
            found = (Property){ p + 3, from_be(p[1]) };
        }
        p = next(p);
    }
    return found;
}

static int matches(const void *fdt, const uint32_t *node, const char *name,
                   const char *compatible)
{
    Property p;

    if (name) {
        return same((const char *)(node + 1), name);
    }
    p = fdt_property(fdt, node, "compatible");
    return p.words && same((const char *)p.words, compatible);
}

const uint32_t *fdt_find(const void *fdt, const uint32_t *after,
                         const char *name, const char *compatible)
{
    const uint32_t *p = after ? next(after) : (const uint32_t *)
        ((const char *)fdt + header(fdt, OFFSET_STRUCT));
    uint32_t token = from_be(*p);

    while (token >= BEGIN_NODE && token <= NOP) {
        if (token == BEGIN_NODE && matches(fdt, p, name, compatible)) {
            return p;
        }
        p = next(p);
        token = from_be(*p);
    }
    return NULL;
}
