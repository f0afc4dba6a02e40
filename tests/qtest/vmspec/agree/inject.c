/*
 * vmspec tests: faults injected into what a machine shows
 *
 * Each fault changes the raw bytes of one source (FDT, ACPI table, AML or
 * memory tree) before the reader sees them. Checksums stay right, so that the
 * comparison has to find the wrong datum itself.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "inject.h"

#define FDT_EDGE_RISING 1
#define FDT_MAP_ENTRY 10        /* cells, with a GIC of two address cells */
#define FDT_MAP_SPI 8
#define TABLE_LENGTH 4
#define MCFG_BASE 44
#define MADT_STRUCTURES 44
#define MADT_GICC 0x0b
#define GICC_MPIDR 68
/* ACPI 6.5, 6.4.3.6: the extended interrupt descriptor */
#define IRQ_FLAGS 3
#define IRQ_SHARED (1 << 3)
#define MIB (1 << 20)
#define FDT_RANGE_CELLS 7
#define FDT_PREFETCHABLE (1u << 30)

static fdt32_t *fdt_cells(AgreeRaw *raw, const char *compatible,
                          const char *prop)
{
    int node = fdt_node_offset_by_compatible(raw->fdt, -1, compatible);
    fdt32_t *cells = fdt_getprop_w(raw->fdt, node, prop, NULL);

    g_assert_nonnull(cells);
    return cells;
}

static uint8_t *named_table(AgreeRaw *raw, const char *signature)
{
    uint8_t *data = agree_raw_table(raw, signature);

    g_assert_nonnull(data);
    return data;
}

/* The first @bytes of the DSDT behind the first @mark */
static uint8_t *find_aml(AgreeRaw *raw, const char *mark, const void *bytes,
                         size_t size)
{
    uint8_t *dsdt = named_table(raw, "DSDT");
    size_t length = agree_get(dsdt + TABLE_LENGTH, 4);
    uint8_t *at = memmem(dsdt, length, mark, strlen(mark));

    g_assert_nonnull(at);
    at = memmem(at, length - (at - dsdt), bytes, size);
    g_assert_nonnull(at);
    return at;
}

/* FDT: the UART is edge-triggered */
static char *inject_trigger(AgreeRaw *raw)
{
    fdt32_t *cells = fdt_cells(raw, "arm,pl011", "interrupts");

    fdt32_st(&cells[2], FDT_EDGE_RISING);
    return g_strdup("serial 0");
}

/* ACPI: MCFG is one bus too high */
static char *inject_ecam(AgreeRaw *raw)
{
    uint8_t *mcfg = named_table(raw, "MCFG");

    agree_put(mcfg + MCFG_BASE, 8, agree_get(mcfg + MCFG_BASE, 8) + MIB);
    agree_raw_sum(mcfg);
    return g_strdup("pcie");
}

/* ACPI: the MADT lacks its last CPU */
static char *inject_cpu(AgreeRaw *raw)
{
    uint8_t *madt = named_table(raw, "APIC");
    size_t length = agree_get(madt + TABLE_LENGTH, 4), last = 0, size;
    uint64_t mpidr;

    for (size_t at = MADT_STRUCTURES; at < length; at += madt[at + 1]) {
        if (madt[at] == MADT_GICC) {
            last = at;
        }
    }
    g_assert_cmpuint(last, >, 0);
    size = madt[last + 1];
    mpidr = agree_get(madt + last + GICC_MPIDR, 8);
    memmove(madt + last, madt + last + size, length - last - size);
    agree_put(madt + TABLE_LENGTH, 4, length - size);
    agree_raw_sum(madt);
    return agree_cpu_name(mpidr);
}

/* FDT: the first slot's INTA and INTB are swapped */
static char *inject_intx(AgreeRaw *raw)
{
    fdt32_t *map = fdt_cells(raw, "pci-host-ecam-generic", "interrupt-map");
    fdt32_t inta = map[FDT_MAP_SPI];

    map[FDT_MAP_SPI] = map[FDT_MAP_ENTRY + FDT_MAP_SPI];
    map[FDT_MAP_ENTRY + FDT_MAP_SPI] = inta;
    return g_strdup("pcie slot 0");
}

/* ACPI: the UART has the next interrupt (extended interrupt descriptor) */
static char *inject_spi(AgreeRaw *raw)
{
    uint8_t *irq = find_aml(raw, "ARMH0011", "\x89\x06\x00", 3) + 5;

    agree_put(irq, 4, agree_get(irq, 4) + 1);
    agree_raw_sum(named_table(raw, "DSDT"));
    return g_strdup("serial 0");
}

/* ACPI: the first entry of _PRT names another link */
static char *inject_link(AgreeRaw *raw)
{
    memcpy(find_aml(raw, "_PRT", "LNKA", 4), "LNKB", 4);
    agree_raw_sum(named_table(raw, "DSDT"));
    return g_strdup("pcie slot 0");
}

/* ACPI: the first link is not shared; by its EISA ID, PNP0C0F */
static char *inject_exclusive(AgreeRaw *raw)
{
    uint8_t *irq = find_aml(raw, "\x41\xd0\x0c\x0f", "\x89\x06\x00", 3);

    g_assert_cmphex(irq[IRQ_FLAGS] & IRQ_SHARED, !=, 0);
    irq[IRQ_FLAGS] &= ~IRQ_SHARED;
    agree_raw_sum(named_table(raw, "DSDT"));
    return g_strdup("LNKA");
}

/* Memory tree: the UART is elsewhere */
static char *inject_mtree(AgreeRaw *raw)
{
    for (unsigned i = 0; i < raw->flat->len; i++) {
        MtreeRange *piece = g_ptr_array_index(raw->flat, i);

        if (!strcmp(piece->name, "pl011")) {
            piece->base += piece->size;
            return g_strdup("serial 0");
        }
    }
    g_assert_not_reached();
}

/* FDT: the UART's node is where the RTC answers */
static char *inject_registers(AgreeRaw *raw)
{
    fdt32_t *uart = fdt_cells(raw, "arm,pl011", "reg");

    memcpy(uart, fdt_cells(raw, "arm,pl031", "reg"), 2 * sizeof(*uart));
    return g_strdup("serial 0");
}

/* FDT: the 64-bit window, the third of ranges, is not prefetchable */
static char *inject_window(AgreeRaw *raw)
{
    fdt32_t *cells = fdt_cells(raw, "pci-host-ecam-generic", "ranges");
    fdt32_t *hi = &cells[2 * FDT_RANGE_CELLS];

    fdt32_st(hi, fdt32_ld(hi) & ~FDT_PREFETCHABLE);
    return g_strdup("pcie 64-bit window");
}

const AgreeFault agree_faults[] = {
    { "trigger", inject_trigger, "interrupt" },
    { "ecam", inject_ecam, "ecam base" },
    { "cpu", inject_cpu, "enabled" },
    { "intx", inject_intx, "INTA" },
    { "spi", inject_spi, "interrupt" },
    { "link", inject_link, "INTA" },
    { "sharing", inject_exclusive, "sharing" },
    { "memory-tree", inject_mtree, "range" },
    { "registers", inject_registers, "base" },
    { "window", inject_window, "prefetchable" },
    { NULL }
};
