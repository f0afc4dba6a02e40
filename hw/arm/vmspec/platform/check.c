/*
 * vmspec platform: the checks over the rows
 *
 * Owns what makes a table of rows a possible platform: nothing overlaps,
 * every interrupt has one owner, every address is reachable. One small
 * function a check, listed in one table; each has a bad table in tests/host
 * that makes it fire. Knows rows only, never a configuration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifdef VMSPEC_HOST
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#else
#include "qemu/osdep.h"
#endif
#include "hw/arm/vmspec.h"

/* Granule that isolates one device's registers from another's (S_L3MM_02) */
#define PAGE_64K 0x10000
#define FIRST_PPI 16
#define LAST_PPI 31

static uint64_t row_end(const VmspecRow *r)
{
    return r->base + r->size;
}

static bool check_ids(const VmspecPlatform *p, char *why, size_t len)
{
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

        if (intid < FIRST_PPI || intid > LAST_PPI) {
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

static bool check_frames(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];

        if (r->frame2 != VMSPEC_NO_ROW &&
            (r->frame2 >= p->num_rows || p->rows[r->frame2].node ||
             p->rows[r->frame2].presence != r->presence)) {
            snprintf(why, len, "%s: the second frame is not a plain row that "
                     "is present with it", r->name);
            return false;
        }
    }
    return true;
}

static bool check_described(const VmspecPlatform *p, char *why, size_t len)
{
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *r = &p->rows[i];

        if (!r->doc || !r->rules || !r->node != !r->compatible[0]) {
            snprintf(why, len, "%s: a row needs a sentence and rules; a node "
                     "needs a compatible, and the other way round", r->name);
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
