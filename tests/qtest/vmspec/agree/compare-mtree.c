/*
 * vmspec tests: the memory tree against both descriptions
 *
 * Each range that a CPU can reach must belong to a described device, and each
 * described device must be in the memory tree from its first byte to its last.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "agree.h"

/*
 * Ranges that devices fill only in part. The region that the board made must
 * have exactly this size.
 */
static const char *const rooms[] = {
    "pcie *window",             /* filled by what the guest maps there */
    "gic redistributor *",      /* filled by as many CPUs as there are */
    /*
     * GICv2's frames of 4 and 8 KiB have a page of 64 KiB each (platform.md,
     * section 2).
     */
    "gic distributor *",
    "gic cpu interface *",
    "gic virtual *",
};

static bool is_room(const char *device)
{
    for (int i = 0; i < ARRAY_SIZE(rooms); i++) {
        if (g_pattern_match_simple(rooms[i], device)) {
            return true;
        }
    }
    return false;
}

static bool inside(const MtreeRange *piece, const AgreeRange *range)
{
    return piece->base >= range->base &&
           piece->base - range->base + piece->size <= range->size;
}

static void check_room(AgreeResult *result, const AgreeRaw *raw,
                       const AgreeSource *source, const AgreeRange *range)
{
    const MtreeRange *near = NULL;

    for (unsigned i = 0; i < raw->board->len; i++) {
        const MtreeRange *have = g_ptr_array_index(raw->board, i);

        if (have->base == range->base && have->size == range->size) {
            return;
        }
        if (have->base <= range->base) {
            near = have;
        }
    }
    agree_differ(result, range->device, "range",
                 g_strdup_printf("%s 0x%" PRIx64 " size 0x%" PRIx64
                                 ", memory tree 0x%" PRIx64 " size 0x%" PRIx64,
                                 source->name, range->base, range->size,
                                 near ? near->base : 0,
                                 near ? near->size : 0));
}

/* From the first piece inside to the last one */
static void check_filled(AgreeResult *result, const AgreeRaw *raw,
                         const AgreeSource *source, const AgreeRange *range)
{
    uint64_t first = UINT64_MAX, end = 0;

    for (unsigned i = 0; i < raw->flat->len; i++) {
        const MtreeRange *piece = g_ptr_array_index(raw->flat, i);

        if (piece->base < range->base + range->size &&
            range->base < piece->base + piece->size) {
            first = MIN(first, piece->base);
            end = MAX(end, piece->base + piece->size);
        }
    }
    if (!end) {
        agree_differ(result, range->device, "range",
                     g_strdup_printf("%s 0x%" PRIx64 " size 0x%" PRIx64
                                     ", memory tree nothing", source->name,
                                     range->base, range->size));
    } else if (first != range->base || end != range->base + range->size) {
        agree_differ(result, range->device, "range",
                     g_strdup_printf("%s 0x%" PRIx64 " size 0x%" PRIx64
                                     ", memory tree 0x%" PRIx64 " size 0x%"
                                     PRIx64, source->name, range->base,
                                     range->size, first, end - first));
    }
}

/* The same device may be described twice; other overlaps are mistakes. */
static void check_overlaps(AgreeResult *result, const AgreeSource *source)
{
    for (unsigned i = 0; i < source->ranges->len; i++) {
        const AgreeRange *a = g_ptr_array_index(source->ranges, i);

        for (unsigned j = i + 1; j < source->ranges->len; j++) {
            const AgreeRange *b = g_ptr_array_index(source->ranges, j);

            if (a->base < b->base + b->size && b->base < a->base + a->size) {
                agree_differ(result, a->device, "range",
                             g_strdup_printf("%s 0x%" PRIx64 " overlaps %s "
                                             "0x%" PRIx64, source->name,
                                             a->base, b->device, b->base));
            }
        }
    }
}

static bool explained(const MtreeRange *piece, const AgreeSource *source)
{
    for (unsigned i = 0; i < source->ranges->len; i++) {
        if (inside(piece, g_ptr_array_index(source->ranges, i))) {
            return true;
        }
    }
    return false;
}

/*
 * Guests probe all transports: the absent ones read 0 (platform.md, section
 * 2.3).
 */
static bool for_probes(const MtreeRange *piece)
{
    return !strcmp(piece->name, "virtio-mmio-absent");
}

static void check_piece(AgreeResult *result, const MtreeRange *piece,
                        AgreeSource *const *sources, unsigned num_sources)
{
    result->compared++;
    if (for_probes(piece)) {
        return;
    }
    for (unsigned i = 0; i < num_sources; i++) {
        if (explained(piece, sources[i])) {
            return;
        }
    }
    agree_differ(result, piece->name, "range",
                 g_strdup_printf("memory tree 0x%" PRIx64 " size 0x%" PRIx64
                                 ", described by nothing", piece->base,
                                 piece->size));
}

void agree_compare_mtree(AgreeResult *result, const AgreeRaw *raw,
                         AgreeSource *const *sources, unsigned num_sources)
{
    for (unsigned i = 0; i < num_sources; i++) {
        for (unsigned j = 0; j < sources[i]->ranges->len; j++) {
            const AgreeRange *range = g_ptr_array_index(sources[i]->ranges, j);

            result->compared++;
            if (is_room(range->device)) {
                check_room(result, raw, sources[i], range);
            } else {
                check_filled(result, raw, sources[i], range);
            }
        }
        check_overlaps(result, sources[i]);
    }
    for (unsigned i = 0; i < raw->flat->len; i++) {
        check_piece(result, g_ptr_array_index(raw->flat, i), sources,
                    num_sources);
    }
}
