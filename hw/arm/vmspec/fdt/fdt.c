/*
 * vmspec: the FDT
 *
 * The order of the nodes, and one loop that writes the node of each row. The
 * plan has the addresses and interrupt numbers; this room has the shape of the
 * nodes (platform.md, section 6).
 *
 * The tree is written once, in the order in which it reads: what is in /chosen
 * and what has no address comes first, then the rows by address.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include <libfdt.h>
#include "fdt.h"
#include "names.h"
#include "nodes.h"
#include "props.h"

#ifdef VMSPEC_HOST
#include <linux/input-event-codes.h>
#else
#include "standard-headers/linux/input-event-codes.h"
#endif

#define FLASH_BANK_WIDTH 4

/* "/serial@9000000", or a path in the node of the row's parent; g_free() it */
static char *row_path(const VmspecPlan *plan, VmspecRowId id, uint64_t base)
{
    const VmspecRow *row = vmspec_row(plan, id);
    g_autofree char *parent = row->parent == VMSPEC_GIC_DIST ?
                              vmspec_fdt_gic_path(plan) : g_strdup("");

    return g_strdup_printf("%s/%s@%" PRIx64, parent, row->node, base);
}

static void row_clocks(VmspecFdt *fdt, const VmspecRow *row)
{
    uint32_t clocks[VMSPEC_MAX_STRINGS];
    int n = 0;

    while (n < VMSPEC_MAX_STRINGS && row->clock_names[n]) {
        clocks[n++] = VMSPEC_PHANDLE_APB_CLOCK;
    }
    if (n) {
        vmspec_fdt_cells(fdt, "clocks", clocks, n);
        vmspec_fdt_strings(fdt, "clock-names", row->clock_names);
    }
}

static void flash_extra(VmspecFdt *fdt)
{
    vmspec_fdt_cell(fdt, "bank-width", FLASH_BANK_WIDTH);
}

static void msi_extra(VmspecFdt *fdt)
{
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_MSI);
}

static void gpio_extra(VmspecFdt *fdt)
{
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_GPIO);
    vmspec_fdt_flag(fdt, "gpio-controller");
    vmspec_fdt_cell(fdt, "#gpio-cells", 2);
    vmspec_fdt_flag(fdt, "interrupt-controller");
    vmspec_fdt_cell(fdt, "#interrupt-cells", 2);
}

/* The row's interrupts in the order of smmuv3.h's SMMUIrq */
static void smmu_extra(VmspecFdt *fdt)
{
    static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";

    vmspec_fdt_bytes(fdt, "interrupt-names", names, sizeof(names));
    vmspec_fdt_cell(fdt, "#iommu-cells", 1);
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_SMMU);
}

typedef void VmspecFdtExtra(VmspecFdt *fdt);

/* What the node of a row has beyond what row_node() writes, by id */
static VmspecFdtExtra *const extras[VMSPEC_MAX_ROWS] = {
    [VMSPEC_FLASH0] = flash_extra,
    [VMSPEC_GIC_V2M] = msi_extra,
    [VMSPEC_GIC_ITS] = msi_extra,
    [VMSPEC_GPIO] = gpio_extra,
    [VMSPEC_SMMU] = smmu_extra,
};

/* Write one device of row @id: its registers are @reg, its interrupts @irqs. */
static void row_node(const VmspecPlan *plan, VmspecFdt *fdt, VmspecRowId id,
                     const VmspecRange *reg, unsigned frames,
                     VmspecIrqs irqs)
{
    const VmspecRow *row = vmspec_row(plan, id);

    vmspec_fdt_open_at(fdt, row->node, reg[0].base);
    vmspec_fdt_strings(fdt, "compatible", row->compatible);
    if (row->msi_controller) {
        vmspec_fdt_flag(fdt, "msi-controller");
    }
    if (row->msi_cells) {
        vmspec_fdt_cell(fdt, "#msi-cells", row->msi_cells);
    }
    vmspec_fdt_reg(fdt, reg, frames);
    if (irqs.count && !row->msi_controller) {
        vmspec_fdt_spis(fdt, irqs.spi, irqs.count, irqs.trigger);
    }
    row_clocks(fdt, row);
    if (row->dma) {
        vmspec_fdt_flag(fdt, "dma-coherent");
    }
    if (extras[id]) {
        extras[id](fdt);
    }
    vmspec_fdt_close(fdt);
}

/* A row of several devices: each has its own registers and interrupt. */
static void repeated_row_nodes(const VmspecPlan *plan, VmspecFdt *fdt,
                               VmspecRowId id)
{
    const VmspecRow *row = vmspec_row(plan, id);

    for (unsigned i = 0; i < plan->count[id]; i++) {
        VmspecRange reg = {
            plan->region[id].base + i * row->stride, row->stride,
        };
        VmspecIrqs irq = { row->irqs.spi + i, 1, row->irqs.trigger };

        row_node(plan, fdt, id, &reg, 1, irq);
    }
}

/* The register frames that are present; @reg[0] gives the unit address. */
static unsigned row_frames(const VmspecPlan *plan, VmspecRowId id,
                           VmspecRange reg[2])
{
    const VmspecRowId frame[2] = { id, vmspec_row(plan, id)->second_frame };
    unsigned frames = 0;

    for (int i = 0; i < 2; i++) {
        if (frame[i] != VMSPEC_NO_ROW && vmspec_has(plan, frame[i])) {
            reg[frames++] = plan->region[frame[i]];
        }
    }
    return frames;
}

static void row_nodes(const VmspecPlan *plan, VmspecFdt *fdt, VmspecRowId id)
{
    const VmspecRow *row = vmspec_row(plan, id);
    VmspecRange reg[2];
    unsigned frames = row_frames(plan, id, reg);

    if (!row->node || !frames) {
        return;
    }
    if (row->count) {
        repeated_row_nodes(plan, fdt, id);
    } else {
        row_node(plan, fdt, id, reg, frames, row->irqs);
    }
}

/* The rows whose nodes are in the node of @parent, VMSPEC_NO_ROW: the root */
static void child_nodes(const VmspecPlan *plan, VmspecFdt *fdt,
                        VmspecRowId parent)
{
    for (size_t id = 0; id < plan->platform->num_rows; id++) {
        if (vmspec_row(plan, id)->parent == parent) {
            if (id == VMSPEC_GIC_DIST) {
                vmspec_fdt_open_gic(plan, fdt);
                child_nodes(plan, fdt, id);
                vmspec_fdt_close(fdt);
            } else {
                row_nodes(plan, fdt, id);
            }
        }
    }
}

/* Its row is no part of the plan: -device makes it. */
static void vmgenid_node(const VmspecPlan *plan, const VmspecPlugged *plugged,
                         VmspecFdt *fdt)
{
    const VmspecRow *row = vmspec_row(plan, VMSPEC_VMGENID);
    const VmspecRange reg = { row->base, row->size };

    if (plugged->vmgenid) {
        row_node(plan, fdt, VMSPEC_VMGENID, &reg, 1, row->irqs);
    }
}

/* A key on @line of the GPIO controller that wakes a guest that sleeps */
static void key_node(VmspecFdt *fdt, const char *name, const char *label,
                     uint32_t code, unsigned line)
{
    const uint32_t gpios[] = { VMSPEC_PHANDLE_GPIO, line, 0 };

    vmspec_fdt_open(fdt, name);
    vmspec_fdt_string(fdt, "label", label);
    vmspec_fdt_cell(fdt, "linux,code", code);
    vmspec_fdt_cells(fdt, "gpios", gpios, G_N_ELEMENTS(gpios));
    vmspec_fdt_flag(fdt, "wakeup-source");
    vmspec_fdt_close(fdt);
}

static void keys_node(const VmspecPlan *plan, VmspecFdt *fdt)
{
    vmspec_fdt_open(fdt, VMSPEC_FDT_GPIO_KEYS);
    vmspec_fdt_string(fdt, "compatible", VMSPEC_FDT_GPIO_KEYS);
    key_node(fdt, "power-button", "Power Button", KEY_POWER,
             plan->platform->power_button_line);
    key_node(fdt, "wake-key", "Wake Key", KEY_WAKEUP,
             plan->platform->wake_key_line);
    vmspec_fdt_close(fdt);
}

static void clock_node(const VmspecPlan *plan, VmspecFdt *fdt)
{
    vmspec_fdt_open(fdt, "apb-pclk");
    vmspec_fdt_string(fdt, "compatible", "fixed-clock");
    vmspec_fdt_cell(fdt, "#clock-cells", 0);
    vmspec_fdt_cell(fdt, "clock-frequency", plan->platform->apb_clock_hz);
    vmspec_fdt_string(fdt, "clock-output-names", "apb-pclk");
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_APB_CLOCK);
    vmspec_fdt_close(fdt);
}

static char *uart_path(const VmspecPlan *plan, VmspecRowId id)
{
    return row_path(plan, id, plan->region[id].base);
}

static void aliases_node(const VmspecPlan *plan, VmspecFdt *fdt)
{
    g_autofree char *uart0 = uart_path(plan, VMSPEC_UART0);
    g_autofree char *uart1 = uart_path(plan, VMSPEC_UART1);

    vmspec_fdt_open(fdt, "aliases");
    vmspec_fdt_string(fdt, "serial0", uart0);
    if (vmspec_has(plan, VMSPEC_UART1)) {
        vmspec_fdt_string(fdt, "serial1", uart1);
    }
    vmspec_fdt_close(fdt);
}

/* Write what @node of the blob @from has: its properties, then its nodes. */
static void copy_node(const void *from, int node, VmspecFdt *fdt)
{
    int at, size;

    fdt_for_each_property_offset(at, from, node) {
        const char *name;
        const void *value = fdt_getprop_by_offset(from, at, &name, &size);

        vmspec_fdt_bytes(fdt, name, value, size);
    }
    fdt_for_each_subnode(at, from, node) {
        vmspec_fdt_open(fdt, fdt_get_name(from, at, NULL));
        copy_node(from, at, fdt);
        vmspec_fdt_close(fdt);
    }
}

static void chosen_node(const VmspecPlan *plan, const void *loaded,
                        const VmspecSeeds *seeds, VmspecFdt *fdt)
{
    g_autofree char *uart0 = uart_path(plan, VMSPEC_UART0);
    int node = loaded ? fdt_path_offset(loaded, "/chosen") : -1;

    vmspec_fdt_open(fdt, "chosen");
    vmspec_fdt_string(fdt, "stdout-path", uart0);
    if (seeds) {
        vmspec_fdt_bytes(fdt, "rng-seed", seeds->rng, sizeof(seeds->rng));
        vmspec_fdt_bytes(fdt, "kaslr-seed", seeds->kaslr,
                         sizeof(seeds->kaslr));
    }
    if (node >= 0) {
        copy_node(loaded, node, fdt);
    }
    vmspec_fdt_close(fdt);
}

static void root_properties(const VmspecPlan *plan, VmspecFdt *fdt)
{
    /* The kernel's binding allows no second string. */
    vmspec_fdt_string(fdt, "compatible", "linux,dummy-virt");
    vmspec_fdt_string(fdt, "model", plan->platform->model);
    vmspec_fdt_cell(fdt, "#address-cells", 2);
    vmspec_fdt_cell(fdt, "#size-cells", 2);
    vmspec_fdt_cell(fdt, "interrupt-parent", VMSPEC_PHANDLE_GIC);
    vmspec_fdt_flag(fdt, "dma-coherent");
}

void *vmspec_fdt_build(const VmspecPlan *plan, const VmspecPlugged *plugged,
                       const void *loaded, const VmspecSeeds *seeds,
                       size_t room)
{
    VmspecFdt *fdt = vmspec_fdt_start();

    root_properties(plan, fdt);
    aliases_node(plan, fdt);
    chosen_node(plan, loaded, seeds, fdt);
    vmspec_fdt_cpus(plan, fdt);
    keys_node(plan, fdt);
    clock_node(plan, fdt);
    child_nodes(plan, fdt, VMSPEC_NO_ROW);
    vmgenid_node(plan, plugged, fdt);
    vmspec_fdt_pcie(plan, plugged, fdt);
    return vmspec_fdt_finish(fdt, room);
}
