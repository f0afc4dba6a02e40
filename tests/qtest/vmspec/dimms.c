/*
 * vmspec tests: how FDT and ACPI describe DIMMs
 *
 * See dimms.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "fdt-blob.h"
#include "machine.h"
#include "dimms.h"
#include "tables.h"

/* SRAT (ACPI 6.5, 5.2.16): header, two fields, then structures */
#define SRAT_FIRST 48
#define SRAT_MEMORY 1
#define SRAT_HOTPLUGGABLE 3     /* enabled, too */
#define SRAT_NON_VOLATILE 5
/* NFIT (5.2.25): header, a field, then structures */
#define NFIT_FIRST 40
#define NFIT_SPA_RANGE 0

/* Bindings: Devicetree 0.4, 3.4, and Linux's pmem-region */
static void check_dimm_node(const void *fdt, int node, const Dimm *want)
{
    uint64_t base, size;

    g_assert_true(vmspec_fdt_range(fdt, node, 0, &base, &size));
    g_assert_cmphex(base, ==, want->base);
    g_assert_cmphex(size, ==, want->size);
    if (want->persistent) {
        g_assert_cmpstr(fdt_getprop(fdt, node, "compatible", NULL), ==,
                        "pmem-region");
        g_assert_null(fdt_getprop(fdt, node, "device_type", NULL));
        return;
    }
    g_assert_cmpstr(fdt_getprop(fdt, node, "device_type", NULL), ==,
                    "memory");
    g_assert_null(fdt_getprop(fdt, node, "hotpluggable", NULL));
    g_assert_cmpuint(vmspec_fdt_cell(fdt, node, "numa-node-id"), ==,
                     want->node);
}

/* A memory@ node in the contract's region device-memory? */
static bool is_dimm(const void *fdt, int node)
{
    uint64_t base, size;

    return g_str_has_prefix(fdt_get_name(fdt, node, NULL), "memory@") &&
           vmspec_fdt_range(fdt, node, 0, &base, &size) &&
           base >= vmspec_base("device-memory");
}

void dimms_check_fdt(QTestState *qts, const Dimm *want, unsigned count)
{
    g_autofree void *fdt = vmspec_fdt_in_ram(qts);
    unsigned seen = 0;
    int node;

    fdt_for_each_subnode(node, fdt, 0) {
        const char *name = fdt_get_name(fdt, node, NULL);
        bool pmem = g_str_has_prefix(name, "pmem@");

        if (!pmem && !is_dimm(fdt, node)) {
            continue;
        }
        g_test_message("FDT: %s", name);
        g_assert_cmpuint(seen, <, count);
        g_assert_cmpint(pmem, ==, want[seen].persistent);
        check_dimm_node(fdt, node, &want[seen]);
        seen++;
    }
    g_assert_cmpuint(seen, ==, count);
}

/* The DIMM at address @at, or the next one above it; NULL if there is none */
static const Dimm *find_dimm(const Dimm *want, unsigned count, uint64_t at)
{
    for (unsigned i = 0; i < count; i++) {
        if (at < want[i].base + want[i].size) {
            return &want[i];
        }
    }
    return NULL;
}

/* Each part of the SRAT entry @e is a DIMM of @want or free memory. */
static void check_entry(const uint8_t *e, const Dimm *want, unsigned count,
                        unsigned free_node)
{
    uint32_t node = ldl_le_p(e + 2), flags = ldl_le_p(e + 28);
    uint64_t at = ldq_le_p(e + 8), end = at + ldq_le_p(e + 16);

    g_test_message("SRAT: %" PRIx64 " to %" PRIx64 " node %u flags %x", at,
                   end, node, flags);
    while (at < end) {
        const Dimm *dimm = find_dimm(want, count, at);

        if (dimm && at >= dimm->base) {
            g_assert_cmpuint(node, ==, dimm->node);
            g_assert_cmphex(flags, ==, dimm->persistent ? SRAT_NON_VOLATILE :
                                                          SRAT_HOTPLUGGABLE);
            at = dimm->base + dimm->size;
            g_assert_cmphex(at, <=, end);
        } else {
            g_assert_cmpuint(node, ==, free_node);
            g_assert_cmphex(flags, ==, SRAT_HOTPLUGGABLE);
            at = dimm ? MIN(dimm->base, end) : end;
        }
    }
}

static void check_srat(const uint8_t *srat, const Dimm *want, unsigned count,
                       uint64_t size, unsigned free_node)
{
    uint64_t next = vmspec_base("device-memory");
    uint32_t length;

    g_assert_nonnull(srat);
    length = ldl_le_p(srat + 4);
    for (uint32_t i = SRAT_FIRST; i < length; i += srat[i + 1]) {
        const uint8_t *e = srat + i;

        if (e[0] == SRAT_MEMORY &&
            ldq_le_p(e + 8) >= vmspec_base("device-memory")) {
            g_assert_cmphex(ldq_le_p(e + 8), ==, next);
            check_entry(e, want, count, free_node);
            next += ldq_le_p(e + 16);
        }
    }
    g_assert_cmphex(next - vmspec_base("device-memory"), ==, size);
}

static void check_nfit(const uint8_t *nfit, const Dimm *want, unsigned count)
{
    uint32_t length = nfit ? ldl_le_p(nfit + 4) : 0;
    unsigned persistent = 0, seen = 0;

    for (unsigned i = 0; i < count; i++) {
        persistent += want[i].persistent;
    }
    for (uint32_t i = NFIT_FIRST; i < length; i += lduw_le_p(nfit + i + 2)) {
        const uint8_t *e = nfit + i;
        const Dimm *dimm;

        if (lduw_le_p(e) != NFIT_SPA_RANGE) {
            continue;
        }
        g_test_message("NFIT: %" PRIx64, ldq_le_p(e + 32));
        dimm = find_dimm(want, count, ldq_le_p(e + 32));
        g_assert_true(dimm && dimm->persistent);
        g_assert_cmphex(ldq_le_p(e + 32), ==, dimm->base);
        g_assert_cmphex(ldq_le_p(e + 40), ==, dimm->size);
        g_assert_cmpuint(ldl_le_p(e + 12), ==, dimm->node);
        seen++;
    }
    g_assert_cmpuint(seen, ==, persistent);
    g_assert_cmpint(nfit != NULL, ==, persistent > 0);
}

void dimms_check_tables(QTestState *qts, const Dimm *want, unsigned count,
                        uint64_t size, unsigned free_node)
{
    size_t length;
    g_autofree uint8_t *tables = tables_read(qts, &length);

    check_srat(tables_find(tables, length, "SRAT"), want, count, size,
               free_node);
    check_nfit(tables_find(tables, length, "NFIT"), want, count);
    g_assert_nonnull(tables_find(tables, length, "SSDT"));
}
