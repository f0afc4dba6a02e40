/*
 * vmspec tests: the facts about caches
 *
 * In the FDT (Devicetree Specification 0.4, 3.8 and 3.9) and in the PPTT (ACPI
 * 6.5, 5.2.30.2). The FDT has no word for which CPUs share a cache of level 1.
 * The number of ways follows from size, sets and line.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-acpi.h"
#include "read-fdt.h"

#define PPTT_CACHE 1
#define PPTT_CACHE_SIZE_VALID (1 << 0)
#define PPTT_PACKAGE (1 << 0)

enum { PPTT_DATA, PPTT_INSTRUCTION, PPTT_UNIFIED };

/* A cache as one CPU sees it */
typedef struct Cache {
    uint64_t mpidr;
    const char *kind;
    unsigned level;
    uint64_t id;                /* any number, unique to the cache */
    uint32_t size, sets, line;  /* bytes, 0: not said */
} Cache;

/* The least MPIDR of those that share it */
static uint64_t first_sharer(const GArray *caches, const Cache *c)
{
    uint64_t first = c->mpidr;

    for (unsigned i = 0; i < caches->len; i++) {
        const Cache *other = &g_array_index(caches, Cache, i);

        if (other->id == c->id && other->level == c->level) {
            first = MIN(first, other->mpidr);
        }
    }
    return first;
}

static void add_caches(AgreeSource *source, const GArray *caches)
{
    for (unsigned i = 0; i < caches->len; i++) {
        const Cache *c = &g_array_index(caches, Cache, i);
        g_autofree char *name = agree_cpu_name(c->mpidr);
        g_autofree char *field = g_strdup_printf("cache %u %s", c->level,
                                                 c->kind);
        uint64_t first = c->level > 1 ? first_sharer(caches, c) : c->mpidr;

        agree_fact(source, name, field, "%u bytes, %u sets, line %u, the one "
                   "of 0x%" PRIx64, c->size, c->sets, c->line, first);
    }
}

static uint32_t fdt_geometry(FdtReader *r, int node, const char *prefix,
                             const char *what)
{
    g_autofree char *name = g_strconcat(prefix, what, NULL);

    return vmspec_fdt_first_cell(r->fdt, node, name, 0);
}

static void fdt_add(FdtReader *r, GArray *caches, Cache c, int node,
                    const char *prefix)
{
    c.size = fdt_geometry(r, node, prefix, "cache-size");
    c.sets = fdt_geometry(r, node, prefix, "cache-sets");
    c.line = fdt_geometry(r, node, prefix, "cache-line-size");
    g_array_append_val(caches, c);
}

static void fdt_read_cpu(FdtReader *r, int node, GArray *caches)
{
    Cache c = { .level = 1 };
    uint64_t size;
    uint32_t next = vmspec_fdt_first_cell(r->fdt, node, "next-level-cache", 0);

    vmspec_fdt_range(r->fdt, node, 0, &c.mpidr, &size);
    if (next || fdt_getprop(r->fdt, node, "d-cache-size", NULL)) {
        c.kind = "data";
        fdt_add(r, caches, c, node, "d-");
        c.kind = "instruction";
        fdt_add(r, caches, c, node, "i-");
    }
    while (next) {
        int at = fdt_node_offset_by_phandle(r->fdt, next);

        if (at < 0 || fdt_node_check_compatible(r->fdt, at, "cache") ||
            !fdt_getprop(r->fdt, at, "cache-unified", NULL)) {
            agree_problem(r->source, "cpu", "next-level-cache",
                          "names no unified cache");
            return;
        }
        c.kind = "unified";
        c.level = vmspec_fdt_first_cell(r->fdt, at, "cache-level", 0);
        c.id = at;
        fdt_add(r, caches, c, at, "");
        next = vmspec_fdt_first_cell(r->fdt, at, "next-level-cache", 0);
    }
}

void agree_fdt_caches(FdtReader *r, int cpus)
{
    g_autoptr(GArray) caches = g_array_new(false, false, sizeof(Cache));
    int node;

    fdt_for_each_subnode(node, r->fdt, cpus) {
        const char *type = fdt_getprop(r->fdt, node, "device_type", NULL);

        if (type && !strcmp(type, "cpu")) {
            fdt_read_cpu(r, node, caches);
        }
    }
    add_caches(r->source, caches);
}

static bool have(const GArray *caches, uint64_t id)
{
    for (unsigned i = 0; i < caches->len; i++) {
        if (g_array_index(caches, Cache, i).id == id) {
            return true;
        }
    }
    return false;
}

/*
 * Add the cache structure at @at and those behind it that are not yet known:
 * data and instruction caches are both listed. Returns the next level.
 */
static unsigned pptt_chain(const AcpiTable *t, size_t at, uint64_t mpidr,
                           unsigned level, GArray *caches)
{
    /* by bits 3:2 of the attributes (ACPI 6.5, 5.2.30.2) */
    static const char *const kinds[] = {
        "data", "instruction", "unified", "unified"
    };

    while (at && !have(caches, at)) {
        unsigned flags = agree_acpi_num(t, at + 4, 4);
        unsigned type = agree_acpi_num(t, at + 21, 1) >> 2 & 3;
        Cache c = { mpidr, .id = at };

        if (agree_acpi_num(t, at, 1) != PPTT_CACHE) {
            agree_problem(t->r->source, "PPTT", "cache", "is no cache");
            return level;
        }
        c.kind = kinds[type];
        c.level = type >= PPTT_UNIFIED ? level++ : 1;
        if (flags & PPTT_CACHE_SIZE_VALID) {
            c.size = agree_acpi_num(t, at + 12, 4);
            c.sets = agree_acpi_num(t, at + 16, 4);
            c.line = agree_acpi_num(t, at + 22, 2);
        }
        g_array_append_val(caches, c);
        at = agree_acpi_num(t, at + 8, 4);
    }
    return level;
}

/*
 * From the leaf at @at up to the package: each node lists the caches that
 * begin there.
 */
static void pptt_read_leaf(const AcpiTable *t, size_t at, uint64_t mpidr,
                           GArray *caches)
{
    unsigned level = 2, flags;

    do {
        unsigned count = agree_acpi_num(t, at + 16, 4);
        unsigned next = level;

        flags = agree_acpi_num(t, at + 4, 4);
        for (unsigned i = 0; i < count; i++) {
            size_t cache = agree_acpi_num(t, at + 20 + 4 * i, 4);

            next = MAX(next, pptt_chain(t, cache, mpidr, level, caches));
        }
        level = next;
        at = agree_acpi_num(t, at + 8, 4);
    } while (at && !(flags & PPTT_PACKAGE));
}

void agree_acpi_caches(const AcpiTable *pptt, const GArray *leaves)
{
    g_autoptr(GArray) caches = g_array_new(false, false, sizeof(Cache));

    for (unsigned i = 0; i < leaves->len; i++) {
        const AcpiLeaf *leaf = &g_array_index(leaves, AcpiLeaf, i);
        g_autoptr(GArray) own = g_array_new(false, false, sizeof(Cache));

        pptt_read_leaf(pptt, leaf->at, leaf->mpidr, own);
        g_array_append_vals(caches, own->data, own->len);
    }
    add_caches(pptt->r->source, caches);
}
