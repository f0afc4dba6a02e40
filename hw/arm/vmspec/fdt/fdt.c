/*
 * vmspec: the FDT
 *
 * The order of the nodes, and one loop that writes the node of each row. The
 * plan has the addresses and interrupt numbers; this room has the shape of the
 * nodes (platform.md, section 6).
 *
 * libfdt puts a new node in front of its siblings. So everything is added last
 * first, and reads in address order.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
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
#define GPIO_KEYS "/" VMSPEC_FDT_GPIO_KEYS

/* "/serial@9000000", or a path in the node of the row's parent; g_free() it */
static char *row_path(const VmspecPlan *plan, VmspecRowId id, uint64_t base)
{
    const VmspecRow *row = vmspec_row(plan, id);
    g_autofree char *parent = row->parent == VMSPEC_GIC_DIST ?
                              vmspec_fdt_gic_path(plan) : g_strdup("");

    return g_strdup_printf("%s/%s@%" PRIx64, parent, row->node, base);
}

static void row_clocks(void *fdt, const char *path, const VmspecRow *row)
{
    uint32_t clocks[VMSPEC_MAX_STRINGS];
    int n = 0;

    while (n < VMSPEC_MAX_STRINGS && row->clock_names[n]) {
        clocks[n++] = VMSPEC_PHANDLE_APB_CLOCK;
    }
    if (n) {
        vmspec_fdt_cells(fdt, path, "clocks", clocks, n);
        vmspec_fdt_strings(fdt, path, "clock-names", row->clock_names);
    }
}

static void flash_extra(void *fdt, const char *path)
{
    vmspec_fdt_cell(fdt, path, "bank-width", FLASH_BANK_WIDTH);
}

static void msi_extra(void *fdt, const char *path)
{
    vmspec_fdt_cell(fdt, path, "phandle", VMSPEC_PHANDLE_MSI);
}

static void gpio_extra(void *fdt, const char *path)
{
    vmspec_fdt_cell(fdt, path, "phandle", VMSPEC_PHANDLE_GPIO);
    vmspec_fdt_flag(fdt, path, "gpio-controller");
    vmspec_fdt_cell(fdt, path, "#gpio-cells", 2);
    vmspec_fdt_flag(fdt, path, "interrupt-controller");
    vmspec_fdt_cell(fdt, path, "#interrupt-cells", 2);
}

/* The row's interrupts in the order of smmuv3.h's SMMUIrq */
static void smmu_extra(void *fdt, const char *path)
{
    static const char names[] = "eventq\0priq\0cmdq-sync\0gerror";

    vmspec_fdt_bytes(fdt, path, "interrupt-names", names, sizeof(names));
    vmspec_fdt_cell(fdt, path, "#iommu-cells", 1);
    vmspec_fdt_cell(fdt, path, "phandle", VMSPEC_PHANDLE_SMMU);
}

typedef void VmspecFdtExtra(void *fdt, const char *path);

/* What the node of a row has beyond what row_node() writes, by id */
static VmspecFdtExtra *const extras[VMSPEC_MAX_ROWS] = {
    [VMSPEC_FLASH0] = flash_extra,
    [VMSPEC_GIC_V2M] = msi_extra,
    [VMSPEC_GIC_ITS] = msi_extra,
    [VMSPEC_GPIO] = gpio_extra,
    [VMSPEC_SMMU] = smmu_extra,
};

/* Write one device of row @id: its registers are @reg, its interrupts @irqs. */
static void row_node(const VmspecPlan *plan, void *fdt, VmspecRowId id,
                     const VmspecRange *reg, unsigned frames,
                     VmspecIrqs irqs)
{
    const VmspecRow *row = vmspec_row(plan, id);
    g_autofree char *path = row_path(plan, id, reg[0].base);

    vmspec_fdt_node(fdt, path);
    vmspec_fdt_strings(fdt, path, "compatible", row->compatible);
    if (row->msi_controller) {
        vmspec_fdt_flag(fdt, path, "msi-controller");
    }
    if (row->msi_cells) {
        vmspec_fdt_cell(fdt, path, "#msi-cells", row->msi_cells);
    }
    vmspec_fdt_reg(fdt, path, reg, frames);
    if (irqs.count && !row->msi_controller) {
        vmspec_fdt_spis(fdt, path, irqs.spi, irqs.count, irqs.trigger);
    }
    row_clocks(fdt, path, row);
    if (row->dma) {
        vmspec_fdt_flag(fdt, path, "dma-coherent");
    }
    if (extras[id]) {
        extras[id](fdt, path);
    }
}

/* A row of several devices: each has its own registers and interrupt. */
static void repeated_row_nodes(const VmspecPlan *plan, void *fdt,
                               VmspecRowId id)
{
    const VmspecRow *row = vmspec_row(plan, id);

    for (unsigned i = plan->count[id]; i-- > 0;) {
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

static void row_nodes(const VmspecPlan *plan, void *fdt, VmspecRowId id)
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
static void child_nodes(const VmspecPlan *plan, void *fdt, VmspecRowId parent)
{
    for (size_t id = plan->platform->num_rows; id-- > 0;) {
        if (vmspec_row(plan, id)->parent == parent) {
            if (id == VMSPEC_GIC_DIST) {
                vmspec_fdt_gic(plan, fdt);
                child_nodes(plan, fdt, id);
            } else {
                row_nodes(plan, fdt, id);
            }
        }
    }
}

static void power_button_node(const VmspecPlan *plan, void *fdt)
{
    static const char path[] = GPIO_KEYS "/power-button";
    const uint32_t gpios[] = {
        VMSPEC_PHANDLE_GPIO, plan->platform->power_button_line, 0,
    };

    vmspec_fdt_node(fdt, GPIO_KEYS);
    vmspec_fdt_string(fdt, GPIO_KEYS, "compatible",
                      VMSPEC_FDT_GPIO_KEYS);
    vmspec_fdt_node(fdt, path);
    vmspec_fdt_string(fdt, path, "label", "Power Button");
    vmspec_fdt_cell(fdt, path, "linux,code", KEY_POWER);
    vmspec_fdt_cells(fdt, path, "gpios", gpios, G_N_ELEMENTS(gpios));
}

static void clock_node(const VmspecPlan *plan, void *fdt)
{
    vmspec_fdt_node(fdt, "/apb-pclk");
    vmspec_fdt_string(fdt, "/apb-pclk", "compatible", "fixed-clock");
    vmspec_fdt_cell(fdt, "/apb-pclk", "#clock-cells", 0);
    vmspec_fdt_cell(fdt, "/apb-pclk", "clock-frequency",
                          plan->platform->apb_clock_hz);
    vmspec_fdt_string(fdt, "/apb-pclk", "clock-output-names",
                            "apb-pclk");
    vmspec_fdt_cell(fdt, "/apb-pclk", "phandle",
                          VMSPEC_PHANDLE_APB_CLOCK);
}

static char *uart_path(const VmspecPlan *plan, VmspecRowId id)
{
    return row_path(plan, id, plan->region[id].base);
}

static void aliases_node(const VmspecPlan *plan, void *fdt)
{
    g_autofree char *uart0 = uart_path(plan, VMSPEC_UART0);
    g_autofree char *uart1 = uart_path(plan, VMSPEC_UART1);

    vmspec_fdt_node(fdt, "/aliases");
    vmspec_fdt_string(fdt, "/aliases", "serial0", uart0);
    if (vmspec_has(plan, VMSPEC_UART1)) {
        vmspec_fdt_string(fdt, "/aliases", "serial1", uart1);
    }
}

static void chosen_node(const VmspecPlan *plan, void *fdt,
                        const VmspecSeeds *seeds)
{
    g_autofree char *uart0 = uart_path(plan, VMSPEC_UART0);

    vmspec_fdt_node(fdt, "/chosen");
    vmspec_fdt_string(fdt, "/chosen", "stdout-path", uart0);
    if (seeds) {
        vmspec_fdt_bytes(fdt, "/chosen", "rng-seed", seeds->rng,
                         sizeof(seeds->rng));
        vmspec_fdt_bytes(fdt, "/chosen", "kaslr-seed", seeds->kaslr,
                         sizeof(seeds->kaslr));
    }
}

static void root_properties(const VmspecPlan *plan, void *fdt)
{
    /* The kernel's binding allows no second string. */
    vmspec_fdt_string(fdt, "/", "compatible", "linux,dummy-virt");
    vmspec_fdt_string(fdt, "/", "model", plan->platform->model);
    vmspec_fdt_cell(fdt, "/", "#address-cells", 2);
    vmspec_fdt_cell(fdt, "/", "#size-cells", 2);
    vmspec_fdt_cell(fdt, "/", "interrupt-parent", VMSPEC_PHANDLE_GIC);
    vmspec_fdt_flag(fdt, "/", "dma-coherent");
}

void vmspec_fdt_build(const VmspecPlan *plan, const VmspecPlugged *plugged,
                      void *fdt, const VmspecSeeds *seeds)
{
    root_properties(plan, fdt);
    vmspec_fdt_pcie(plan, plugged, fdt);
    child_nodes(plan, fdt, VMSPEC_NO_ROW);
    clock_node(plan, fdt);
    power_button_node(plan, fdt);
    vmspec_fdt_cpus(plan, fdt);
    chosen_node(plan, fdt, seeds);
    aliases_node(plan, fdt);
}
