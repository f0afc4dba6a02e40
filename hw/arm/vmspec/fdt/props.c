/*
 * vmspec: an FDT that is written once, from its first node to its last
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include <libfdt.h>
#include "props.h"

/*
 * Types and flags of the GIC binding's interrupt specifier. QEMU has names for
 * them in hw/arm/fdt.h, but fdt/ is compiled without QEMU too.
 */
#define GIC_SPI 0
#define GIC_PPI 1
#define IRQ_EDGE_RISING 1
#define IRQ_LEVEL_HIGH 4
/* GICv2's specifier has a mask of the CPUs that take a private interrupt. */
#define PPI_CPU_MASK_SHIFT 8

/* The structure of a default machine takes 9 KiB. */
#define FDT_STRUCTURE_GUESS 16384
/* The block of reservations is aligned so. */
#define ROUND_UP_8(n) (((n) + 7) & ~(size_t)7)

/*
 * The blocks of the flattened format (Devicetree Specification 0.4, 5): the
 * structure, and the names of properties, each once.
 */
struct VmspecFdt {
    GByteArray *structure;
    GByteArray *strings;
    GHashTable *names;          /* name: its offset in strings */
};

static void put_cell(VmspecFdt *fdt, uint32_t value)
{
    fdt32_t cell = cpu_to_fdt32(value);

    g_byte_array_append(fdt->structure, (const guint8 *)&cell, sizeof(cell));
}

/* @size bytes, and zeroes up to the next cell */
static void put_bytes(VmspecFdt *fdt, const void *value, size_t size)
{
    static const guint8 zero[FDT_TAGSIZE];

    if (size) {
        g_byte_array_append(fdt->structure, value, size);
    }
    g_byte_array_append(fdt->structure, zero, -size % FDT_TAGSIZE);
}

VmspecFdt *vmspec_fdt_start(void)
{
    VmspecFdt *fdt = g_new(VmspecFdt, 1);

    fdt->structure = g_byte_array_sized_new(FDT_STRUCTURE_GUESS);
    fdt->strings = g_byte_array_new();
    fdt->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    vmspec_fdt_open(fdt, "");
    return fdt;
}

void *vmspec_fdt_finish(VmspecFdt *fdt, size_t room)
{
    const size_t reserved = ROUND_UP_8(sizeof(struct fdt_header));
    const size_t structure = reserved + sizeof(struct fdt_reserve_entry);
    struct fdt_header *h;
    size_t strings, size;

    vmspec_fdt_close(fdt);
    put_cell(fdt, FDT_END);
    strings = structure + fdt->structure->len;
    size = ROUND_UP_8(strings + fdt->strings->len + room);
    h = g_malloc0(size);
    fdt_set_magic(h, FDT_MAGIC);
    fdt_set_totalsize(h, size);
    fdt_set_off_dt_struct(h, structure);
    fdt_set_off_dt_strings(h, strings);
    fdt_set_off_mem_rsvmap(h, reserved);
    fdt_set_version(h, FDT_LAST_SUPPORTED_VERSION);
    fdt_set_last_comp_version(h, FDT_LAST_COMPATIBLE_VERSION);
    fdt_set_size_dt_strings(h, fdt->strings->len);
    fdt_set_size_dt_struct(h, fdt->structure->len);
    memcpy((char *)h + structure, fdt->structure->data, fdt->structure->len);
    memcpy((char *)h + strings, fdt->strings->data, fdt->strings->len);

    g_byte_array_unref(fdt->structure);
    g_byte_array_unref(fdt->strings);
    g_hash_table_unref(fdt->names);
    g_free(fdt);
    return h;
}

void vmspec_fdt_open(VmspecFdt *fdt, const char *name)
{
    put_cell(fdt, FDT_BEGIN_NODE);
    put_bytes(fdt, name, strlen(name) + 1);
}

void vmspec_fdt_open_at(VmspecFdt *fdt, const char *name, uint64_t base)
{
    g_autofree char *full = g_strdup_printf("%s@%" PRIx64, name, base);

    vmspec_fdt_open(fdt, full);
}

void vmspec_fdt_close(VmspecFdt *fdt)
{
    put_cell(fdt, FDT_END_NODE);
}

/* The offset of @name in the block of strings, where it is added if missing */
static uint32_t name_offset(VmspecFdt *fdt, const char *name)
{
    gpointer value;
    uint32_t offset = fdt->strings->len;

    if (g_hash_table_lookup_extended(fdt->names, name, NULL, &value)) {
        return GPOINTER_TO_UINT(value);
    }
    g_byte_array_append(fdt->strings, (const guint8 *)name, strlen(name) + 1);
    g_hash_table_insert(fdt->names, g_strdup(name), GUINT_TO_POINTER(offset));
    return offset;
}

void vmspec_fdt_bytes(VmspecFdt *fdt, const char *prop, const void *value,
                      size_t size)
{
    put_cell(fdt, FDT_PROP);
    put_cell(fdt, size);
    put_cell(fdt, name_offset(fdt, prop));
    put_bytes(fdt, value, size);
}

void vmspec_fdt_string(VmspecFdt *fdt, const char *prop, const char *value)
{
    vmspec_fdt_bytes(fdt, prop, value, strlen(value) + 1);
}

void vmspec_fdt_cell(VmspecFdt *fdt, const char *prop, uint32_t value)
{
    vmspec_fdt_cells(fdt, prop, &value, 1);
}

void vmspec_fdt_flag(VmspecFdt *fdt, const char *prop)
{
    vmspec_fdt_bytes(fdt, prop, NULL, 0);
}

void vmspec_fdt_cells(VmspecFdt *fdt, const char *prop, const uint32_t *value,
                      unsigned count)
{
    g_autofree fdt32_t *cells = g_new(fdt32_t, count);

    for (unsigned i = 0; i < count; i++) {
        cells[i] = cpu_to_fdt32(value[i]);
    }
    vmspec_fdt_bytes(fdt, prop, cells, count * sizeof(*cells));
}

void vmspec_fdt_strings(VmspecFdt *fdt, const char *prop,
                        const char *const strings[VMSPEC_MAX_STRINGS])
{
    g_autoptr(GByteArray) blob = g_byte_array_new();

    for (int i = 0; i < VMSPEC_MAX_STRINGS && strings[i]; i++) {
        g_byte_array_append(blob, (const guint8 *)strings[i],
                            strlen(strings[i]) + 1);
    }
    vmspec_fdt_bytes(fdt, prop, blob->data, blob->len);
}

void vmspec_fdt_reg(VmspecFdt *fdt, const VmspecRange *reg, unsigned count)
{
    g_autofree fdt64_t *cells = g_new(fdt64_t, 2 * count);

    for (unsigned i = 0; i < count; i++) {
        cells[2 * i] = cpu_to_fdt64(reg[i].base);
        cells[2 * i + 1] = cpu_to_fdt64(reg[i].size);
    }
    vmspec_fdt_bytes(fdt, "reg", cells, 2 * count * sizeof(*cells));
}

static uint32_t irq_flags(VmspecTrigger trigger)
{
    return trigger == VMSPEC_EDGE_RISING ? IRQ_EDGE_RISING : IRQ_LEVEL_HIGH;
}

void vmspec_fdt_spi_cells(uint32_t cell[VMSPEC_FDT_IRQ_CELLS], unsigned spi,
                          VmspecTrigger trigger)
{
    cell[0] = GIC_SPI;
    cell[1] = spi;
    cell[2] = irq_flags(trigger);
}

void vmspec_fdt_spis(VmspecFdt *fdt, unsigned spi, unsigned count,
                     VmspecTrigger trigger)
{
    g_autofree uint32_t *cells = g_new(uint32_t, VMSPEC_FDT_IRQ_CELLS * count);

    for (unsigned i = 0; i < count; i++) {
        vmspec_fdt_spi_cells(cells + VMSPEC_FDT_IRQ_CELLS * i, spi + i,
                             trigger);
    }
    vmspec_fdt_cells(fdt, "interrupts", cells, VMSPEC_FDT_IRQ_CELLS * count);
}

void vmspec_fdt_ppis(const VmspecPlan *plan, VmspecFdt *fdt,
                     const unsigned *intid, unsigned count)
{
    g_autofree uint32_t *cells = g_new(uint32_t, VMSPEC_FDT_IRQ_CELLS * count);
    uint32_t flags = irq_flags(VMSPEC_LEVEL_HIGH);

    if (plan->gic.version == VMSPEC_GIC_V2) {
        flags |= ((1u << plan->num_cpus) - 1) << PPI_CPU_MASK_SHIFT;
    }
    for (unsigned i = 0; i < count; i++) {
        uint32_t *cell = cells + VMSPEC_FDT_IRQ_CELLS * i;

        cell[0] = GIC_PPI;
        cell[1] = intid[i] - VMSPEC_PPI_INTID_BASE;
        cell[2] = flags;
    }
    vmspec_fdt_cells(fdt, "interrupts", cells, VMSPEC_FDT_IRQ_CELLS * count);
}
