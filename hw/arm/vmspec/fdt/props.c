/*
 * vmspec: nodes and properties of the FDT
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

static int check(int result, const char *path, const char *what)
{
    if (result < 0) {
        g_error("FDT: %s %s: %s", path, what, fdt_strerror(result));
    }
    return result;
}

static int find(const void *fdt, const char *path)
{
    return check(fdt_path_offset(fdt, path), path, "node");
}

void vmspec_fdt_node(void *fdt, const char *path)
{
    const char *name = path;
    int parent = find(fdt, "/");

    while (*name) {
        const char *end;
        int node;

        name++;                             /* the slash */
        end = strchr(name, '/') ?: name + strlen(name);
        node = fdt_subnode_offset_namelen(fdt, parent, name, end - name);
        if (node == -FDT_ERR_NOTFOUND) {
            node = fdt_add_subnode_namelen(fdt, parent, name, end - name);
        }
        parent = check(node, path, "node");
        name = end;
    }
}

void vmspec_fdt_bytes(void *fdt, const char *path, const char *prop,
                      const void *value, size_t size)
{
    check(fdt_setprop(fdt, find(fdt, path), prop, value, size), path, prop);
}

void vmspec_fdt_string(void *fdt, const char *path, const char *prop,
                       const char *value)
{
    vmspec_fdt_bytes(fdt, path, prop, value, strlen(value) + 1);
}

void vmspec_fdt_cell(void *fdt, const char *path, const char *prop,
                     uint32_t value)
{
    vmspec_fdt_cells(fdt, path, prop, &value, 1);
}

void vmspec_fdt_flag(void *fdt, const char *path, const char *prop)
{
    vmspec_fdt_bytes(fdt, path, prop, NULL, 0);
}

void vmspec_fdt_cells(void *fdt, const char *path, const char *prop,
                      const uint32_t *value, unsigned count)
{
    g_autofree fdt32_t *cells = g_new(fdt32_t, count);

    for (unsigned i = 0; i < count; i++) {
        cells[i] = cpu_to_fdt32(value[i]);
    }
    vmspec_fdt_bytes(fdt, path, prop, cells, count * sizeof(*cells));
}

void vmspec_fdt_strings(void *fdt, const char *path, const char *prop,
                        const char *const strings[VMSPEC_MAX_STRINGS])
{
    g_autoptr(GByteArray) blob = g_byte_array_new();

    for (int i = 0; i < VMSPEC_MAX_STRINGS && strings[i]; i++) {
        g_byte_array_append(blob, (const guint8 *)strings[i],
                            strlen(strings[i]) + 1);
    }
    vmspec_fdt_bytes(fdt, path, prop, blob->data, blob->len);
}

void vmspec_fdt_reg(void *fdt, const char *path, const VmspecRange *reg,
                    unsigned count)
{
    g_autofree fdt64_t *cells = g_new(fdt64_t, 2 * count);

    for (unsigned i = 0; i < count; i++) {
        cells[2 * i] = cpu_to_fdt64(reg[i].base);
        cells[2 * i + 1] = cpu_to_fdt64(reg[i].size);
    }
    vmspec_fdt_bytes(fdt, path, "reg", cells, 2 * count * sizeof(*cells));
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

void vmspec_fdt_spis(void *fdt, const char *path, unsigned spi,
                     unsigned count, VmspecTrigger trigger)
{
    g_autofree uint32_t *cells = g_new(uint32_t, VMSPEC_FDT_IRQ_CELLS * count);

    for (unsigned i = 0; i < count; i++) {
        vmspec_fdt_spi_cells(cells + VMSPEC_FDT_IRQ_CELLS * i, spi + i,
                             trigger);
    }
    vmspec_fdt_cells(fdt, path, "interrupts", cells,
                     VMSPEC_FDT_IRQ_CELLS * count);
}

void vmspec_fdt_ppis(const VmspecPlan *plan, void *fdt, const char *path,
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
    vmspec_fdt_cells(fdt, path, "interrupts", cells,
                     VMSPEC_FDT_IRQ_CELLS * count);
}
