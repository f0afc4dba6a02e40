/*
 * vmspec platform: the checks over the rows
 *
 * What makes a table of rows a possible platform: nothing overlaps, every
 * interrupt has one owner, every address is reachable. Each check is one small
 * function, listed in one table. For each check, tests/host has bad tables
 * that the check must refuse. The checks know rows, never a configuration.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-plan.h"

/* Granule that isolates one device's registers from another's (S_L3MM_02) */
#define PAGE_64K 0x10000
#define LAST_PPI (VMSPEC_SPI_INTID_BASE - 1)

static uint64_t row_end(const VmspecRow *r)
{
    return r->base + r->size;
}

static bool check_ids(const VmspecPlatform *p, char *why, size_t len)
{
    if (p->num_rows < VMSPEC_NUM_ROWS || p->num_rows > VMSPEC_MAX_ROWS ||
        p->num_ppis != VMSPEC_NUM_PPIS) {
        snprintf(why, len, "%zu rows, %zu private interrupts", p->num_rows,
                 p->num_ppis);
        return false;
    }
    for (size_t i = 0; i < p->num_rows; i++) {
        if (p->rows[i].id != i) {
            snprintf(why, len, "row %zu (%s) has id %d", i, p->rows[i].name,
                     p->rows[i].id);
            return false;
        }
    }
    for (size_t i = 0; i < p->num_ppis; i++) {
        if (p->ppis[i].id != i) {
            snprintf(why, len, "private interrupt %zu (%s) has id %d", i,
                     p->ppis[i].name, p->ppis[i].id);
            return false;
        }
    }
    return true;
}

static bool check_names(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!strcmp(p->rows[i].name, p->rows[j].name)) {
                snprintf(why, len, "rows %zu and %zu are both called %s", j, i,
                         p->rows[i].name);
                return false;
            }
        }
    }
    return true;
}

static bool check_size(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];

        if (!r->size || row_end(r) < r->base) {
            snprintf(why, len, "%s is empty or wraps: base 0x%" PRIx64
                     " size 0x%" PRIx64, r->name, r->base, r->size);
            return false;
        }
    }
    return true;
}

static bool check_overlap(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        for (size_t j = 0; j < i; j++) {
            const VmspecRow *a = &p->rows[j], *b = &p->rows[i];

            if (a->base < row_end(b) && b->base < row_end(a)) {
                snprintf(why, len, "%s and %s overlap at 0x%" PRIx64, a->name,
                         b->name, a->base > b->base ? a->base : b->base);
                return false;
            }
        }
    }
    return true;
}

static bool check_page_isolation(const VmspecPlatform *p, char *why,
                                 size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        if (p->rows[i].base % PAGE_64K) {
            snprintf(why, len, "%s at 0x%" PRIx64 " is not 64 KiB aligned",
                     p->rows[i].name, p->rows[i].base);
            return false;
        }
    }
    return true;
}

/* The first byte of a row must be within the PA size that it asks for. */
static bool check_reachable(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];
        unsigned bits = r->pa_bits ? r->pa_bits : 32;
        /* RAM may go on; whatever else it is must end within */
        uint64_t last = r->kind == VMSPEC_KIND_RAM ? r->base : row_end(r) - 1;

        if (last >> bits) {
            snprintf(why, len, "%s at 0x%" PRIx64 " is beyond %u bits",
                     r->name, last, bits);
            return false;
        }
    }
    return true;
}

static bool check_ecam_size(const VmspecPlatform *p, char *why, size_t len)
{
    const VmspecRow *r = &p->rows[VMSPEC_PCIE_ECAM];
    uint64_t need = (uint64_t)VMSPEC_PCIE_BUSES * VMSPEC_PCIE_BUS_SIZE;

    if (r->size != need) {
        snprintf(why, len, "%s has 0x%" PRIx64 " bytes, %u buses need 0x%"
                 PRIx64, r->name, r->size, VMSPEC_PCIE_BUSES, need);
        return false;
    }
    return true;
}

/* ECAM and 64-bit window: so that a decoder needs only the upper bits */
static bool check_natural_alignment(const VmspecPlatform *p, char *why,
                                    size_t len)
{
    static const VmspecRowId ids[] = { VMSPEC_PCIE_ECAM, VMSPEC_PCIE_MMIO64 };

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        const VmspecRow *r = &p->rows[ids[i]];

        if (r->base % r->size) {
            snprintf(why, len, "%s at 0x%" PRIx64 " is not aligned to its size",
                     r->name, r->base);
            return false;
        }
    }
    return true;
}

static bool check_spi_range(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecIrqs *q = &p->rows[i].irqs;

        if (q->spi + q->count > p->num_spis) {
            snprintf(why, len, "%s has SPI %u, the distributor has %u",
                     p->rows[i].name, q->spi + q->count - 1, p->num_spis);
            return false;
        }
    }
    return true;
}

static bool check_spi_unique(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        for (size_t j = 0; j < i; j++) {
            const VmspecIrqs *a = &p->rows[j].irqs, *b = &p->rows[i].irqs;

            if (a->count && b->count && a->spi < b->spi + b->count &&
                b->spi < a->spi + a->count) {
                snprintf(why, len, "%s and %s share SPI %u", p->rows[j].name,
                         p->rows[i].name, a->spi > b->spi ? a->spi : b->spi);
                return false;
            }
        }
    }
    return true;
}

static bool check_ppis(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_ppis; i++) {
        unsigned intid = p->ppis[i].intid;

        if (intid < VMSPEC_PPI_INTID_BASE || intid > LAST_PPI) {
            snprintf(why, len, "%s: INTID %u is not private",
                     p->ppis[i].name, intid);
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            if (p->ppis[j].intid == intid) {
                snprintf(why, len, "%s and %s share INTID %u",
                         p->ppis[j].name, p->ppis[i].name, intid);
                return false;
            }
        }
    }
    return true;
}

static bool check_redist_room(const VmspecPlatform *p, char *why, size_t len)
{
    uint64_t room = p->rows[VMSPEC_GIC_REDIST].size /
                    VMSPEC_GICV3_REDIST_FRAME +
                    p->rows[VMSPEC_GIC_REDIST_HIGH].size /
                    VMSPEC_GICV3_REDIST_FRAME;

    if (room < VMSPEC_MAX_CPUS) {
        snprintf(why, len, "redistributors for %" PRIu64 " CPUs, %u needed",
                 room, VMSPEC_MAX_CPUS);
        return false;
    }
    return true;
}

/*
 * A second frame and a child have no node of their own outside the node of the
 * row that they belong to.
 */
static bool check_frames(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];

        if (r->second_frame != VMSPEC_NO_ROW &&
            (r->second_frame >= p->num_rows ||
             p->rows[r->second_frame].node)) {
            snprintf(why, len, "%s: the second frame is not a row without a "
                     "node", r->name);
            return false;
        }
        if (r->parent != VMSPEC_NO_ROW &&
            (r->parent >= p->num_rows ||
             p->rows[r->parent].parent != VMSPEC_NO_ROW)) {
            snprintf(why, len, "%s: the parent is not a row at the root",
                     r->name);
            return false;
        }
    }
    return true;
}

/* Devices of one row: one interrupt each, and all within the row */
static bool check_count(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];

        if (r->count && (r->count * r->stride != r->size ||
                         (r->irqs.count && r->irqs.count != r->count))) {
            snprintf(why, len, "%s: %u devices of 0x%" PRIx64 " bytes and %u "
                     "interrupts do not fill 0x%" PRIx64 " bytes", r->name,
                     r->count, r->stride, r->irqs.count, r->size);
            return false;
        }
    }
    return true;
}

static bool check_described(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];
        bool has_node = r->node;
        bool has_compatible = r->compatible[0];

        if (!r->doc || !r->rules || has_node != has_compatible) {
            snprintf(why, len, "%s: a row needs a sentence and rules; a node "
                     "needs a compatible, and a compatible a node", r->name);
            return false;
        }
    }
    return true;
}

const VmspecCheck vmspec_checks[] = {
    { "ids", check_ids },
    { "names", check_names },
    { "size", check_size },
    { "overlap", check_overlap },
    { "page-isolation", check_page_isolation },
    { "reachable", check_reachable },
    { "ecam-size", check_ecam_size },
    { "natural-alignment", check_natural_alignment },
    { "spi-range", check_spi_range },
    { "spi-unique", check_spi_unique },
    { "ppis", check_ppis },
    { "redist-room", check_redist_room },
    { "frames", check_frames },
    { "count", check_count },
    { "described", check_described },
};

const size_t vmspec_num_checks =
    sizeof(vmspec_checks) / sizeof(vmspec_checks[0]);

const VmspecCheck *vmspec_platform_check(const VmspecPlatform *p,
                                         char *why, size_t len)
{
    for (size_t i = 0; i < vmspec_num_checks; i++) {
        if (!vmspec_checks[i].fn(p, why, len)) {
            return &vmspec_checks[i];
        }
    }
    return NULL;
}
