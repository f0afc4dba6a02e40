/*
 * vmspec-map: FDT and ACPI beside each other, for the manual
 *
 * The FDT's side is read from FDTs that fdt/ makes here of two plans, one with
 * each interrupt controller. ACPI's side is in the rows, in the list of tables
 * (acpi/tables.c) and in acpi/names.h. What stands here is which table names a
 * row, and the names that QEMU itself gives.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/arm/vmspec-plan.h"
#include "hw/arm/vmspec/acpi/names.h"
#include "hw/arm/vmspec/acpi/tables.h"
#include "hw/arm/vmspec/fdt/fdt.h"
#include "hw/arm/vmspec/fdt/names.h"
#include "hw/arm/vmspec/fdt/props.h"
#include "rst-table.h"
#include "vmspec-description.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Two cells of address, two of size */
#define REG_SIZE 16

/* The table that describes a row; other rows are in the DSDT or nowhere. */
static const struct {
    VmspecRowId row;
    VmspecTableId table;
} table_of_row[] = {
    { VMSPEC_GIC_DIST, VMSPEC_TABLE_MADT },
    { VMSPEC_GIC_CPU, VMSPEC_TABLE_MADT },
    { VMSPEC_GIC_V2M, VMSPEC_TABLE_MADT },
    { VMSPEC_GIC_HYP, VMSPEC_TABLE_MADT },
    { VMSPEC_GIC_VCPU, VMSPEC_TABLE_MADT },
    { VMSPEC_GIC_ITS, VMSPEC_TABLE_MADT },
    { VMSPEC_GIC_REDIST, VMSPEC_TABLE_MADT },
    { VMSPEC_SMMU, VMSPEC_TABLE_IORT },
    { VMSPEC_WATCHDOG_REFRESH, VMSPEC_TABLE_GTDT },
    { VMSPEC_WATCHDOG_CONTROL, VMSPEC_TABLE_GTDT },
};

/* A plan with one interrupt controller, and its FDT */
typedef struct Description {
    VmspecPlan plan;
    void *fdt;
} Description;

/* Everything that a row or a private interrupt can depend on */
static void describe(const VmspecPlatform *p, VmspecGicVersion gic,
                     Description *d)
{
    static const VmspecPlugged plugged = {
        .virtio_iommu_rid = -1, .vmgenid = true,
    };
    const VmspecConfig config = {
        .gic = gic,
        .cpus = 1, .max_cpus = 1, .topology = { 1, 1, 1, 1 },
        .cpu_compatible = "", .aarch64 = true, .vhe = true, .pmu = true,
        .its = true, .pa_bits = 48, .virtualization = true, .smmu = true,
        .acpi = VMSPEC_ACPI_ON, .fdt = true, .firmware = true, .uart1 = true,
        .virtio_mmio = 1, .flash_size = { 1 << 20, 1 << 20 },
        .ram_size = 1 << 30,
    };
    VmspecPlanError err;

    if (!vmspec_plan(p, &config, &d->plan, &err)) {
        fprintf(stderr, "vmspec-map: %s\n", err.msg);
        abort();
    }
    d->fdt = vmspec_fdt_build(&d->plan, &plugged, NULL, NULL, 0);
}

static bool has_register(const void *fdt, int node, uint64_t base)
{
    int size;
    const char *reg = fdt_getprop(fdt, node, "reg", &size);

    if (!reg || size % REG_SIZE) {
        return false;
    }
    for (int i = 0; i < size; i += REG_SIZE) {
        if (fdt64_ld((const fdt64_t *)(reg + i)) == base) {
            return true;
        }
    }
    return false;
}

/* The node that has registers at @base; negative if there is none. */
static int find_node(const void *fdt, uint64_t base)
{
    int node = 0;

    while ((node = fdt_next_node(fdt, node, NULL)) >= 0 &&
           !has_register(fdt, node, base)) {
    }
    return node;
}

/* Two cells: the node's name, and the first string of its compatible */
static void print_node(const void *fdt, int node)
{
    const char *name = node < 0 ? "" : fdt_get_name(fdt, node, NULL);
    const char *compatible = node < 0 ? NULL :
                             fdt_getprop(fdt, node, "compatible", NULL);

    rst_literal("%s", name);
    rst_literal("%s", compatible ? compatible : "");
}

/* The signature of the table that describes @row; NULL: no such table */
static const char *find_table(const VmspecRow *row)
{
    for (size_t i = 0; i < COUNT(table_of_row); i++) {
        if (table_of_row[i].row == row->id) {
            return vmspec_tables[table_of_row[i].table].signature;
        }
    }
    return NULL;
}

/* Three cells: the device, or the table that describes it; _HID; _UID */
static void print_acpi(const VmspecRow *row)
{
    const char *table = find_table(row);

    if (row->id == VMSPEC_PCIE_ECAM) {
        rst_literal(VMSPEC_PCIE_NAME);
        rst_literal(VMSPEC_PCIE_HID);
        rst_text("0");
    } else if (row->hid) {
        rst_literal("%s%s", row->acpi_name, row->count ? "00" : "");
        rst_literal("%s", row->hid);
        rst_text("%u", row->acpi_uid);
    } else {
        rst_literal("%s", table ? table : "");
        rst_text("%s", "");
        rst_text("%s", "");
    }
}

/* A row of the platform, if FDT or ACPI describes it; @d as in both plans */
static void print_device(const VmspecRow *row, const Description d[2])
{
    bool second = vmspec_has(&d[1].plan, row->id) &&
                  !vmspec_has(&d[0].plan, row->id);
    const void *fdt = d[second ? 1 : 0].fdt;
    int node = find_node(fdt, row->base);

    if (node < 0 && !row->hid && !find_table(row)) {
        return;
    }
    rst_literal("%s", row->name);
    print_node(fdt, node);
    print_acpi(row);
    rst_end_row();
}

/* What has no row; @path is its node in the FDT, "" if it has none. */
static void begin_other(const void *fdt, const char *what, const char *path)
{
    rst_text("%s", what);
    print_node(fdt, *path ? fdt_path_offset(fdt, path) : -1);
}

static void end_other(const char *hid, unsigned uid)
{
    rst_literal("%s", hid);
    rst_text(uid > 9 ? "0x%x" : "%u", uid);
    rst_end_row();
}

static void end_other_in_table(VmspecTableId id)
{
    rst_literal("%s", vmspec_tables[id].signature);
    rst_text("%s", "");
    rst_text("%s", "");
    rst_end_row();
}

static void print_others(const void *fdt)
{
    begin_other(fdt, "first CPU", "/cpus/cpu@0");
    rst_literal(VMSPEC_CPU_NAME, 0);
    end_other(VMSPEC_CPU_HID, 0);
    begin_other(fdt, "first socket", "/cpus/cpu-map/socket0");
    rst_literal(VMSPEC_SOCKET_NAME, 0);
    end_other(VMSPEC_CONTAINER_HID, 0);
    begin_other(fdt, "first cluster", "/cpus/cpu-map/socket0/cluster0");
    rst_literal(VMSPEC_CLUSTER_NAME, 0);
    end_other(VMSPEC_CONTAINER_HID, VMSPEC_CLUSTER_UID_BASE);
    begin_other(fdt, "timers", "/" VMSPEC_FDT_TIMER_NODE);
    end_other_in_table(VMSPEC_TABLE_GTDT);
    begin_other(fdt, "PMU", "/" VMSPEC_FDT_PMU_NODE);
    end_other_in_table(VMSPEC_TABLE_MADT);
    /* QEMU writes the node when it loads the FDT. */
    rst_text("PSCI");
    rst_literal("psci");
    rst_literal("arm,psci-1.0");
    end_other_in_table(VMSPEC_TABLE_FADT);
    /* QEMU's acpi_dsdt_add_power_button() */
    begin_other(fdt, "power button", "/" VMSPEC_FDT_GPIO_KEYS);
    rst_literal("PWRB");
    end_other("PNP0C0C", 0);
    begin_other(fdt, "INTA", "");
    rst_literal(VMSPEC_LINK_NAME, 'A');
    end_other(VMSPEC_LINK_HID, 0);
    begin_other(fdt, "ECAM's reservation", "");
    rst_literal(VMSPEC_ECAM_NAME);
    end_other(VMSPEC_ECAM_HID, 0);
}

static void print_device_table(const VmspecPlatform *p, const Description d[2])
{
    static const char *const columns[] = {
        "Device", "FDT node", "``compatible``", "ACPI", "_HID", "_UID", NULL
    };

    rst_table("Devices in FDT and ACPI", columns);
    for (size_t i = 0; i < p->num_rows; i++) {
        print_device(&p->rows[i], d);
    }
    print_others(d[0].fdt);
}

/* The interrupt specifiers of the GIC binding: type, number, flags */
static void print_specifiers(const VmspecIrqs *irqs)
{
    uint32_t first[VMSPEC_FDT_IRQ_CELLS], last[VMSPEC_FDT_IRQ_CELLS];

    vmspec_fdt_spi_cells(first, irqs->spi, irqs->trigger);
    vmspec_fdt_spi_cells(last, irqs->spi + irqs->count - 1, irqs->trigger);
    if (irqs->count > 1) {
        rst_text("``<%u %u %u>`` to ``<%u %u %u>``", first[0], first[1],
                 first[2], last[0], last[1], last[2]);
    } else {
        rst_literal("<%u %u %u>", first[0], first[1], first[2]);
    }
}

/* Two cells: where ACPI has the interrupts of @row, and their numbers */
static void print_gsis(const VmspecRow *row)
{
    bool bridge = row->id == VMSPEC_PCIE_ECAM;
    /* the GED tells ACPI of a new generation ID */
    bool by_event = row->id == VMSPEC_VMGENID;
    const char *table = find_table(row);

    if (table) {
        rst_literal("%s", table);
    } else if (!by_event && (row->hid || bridge)) {
        rst_text("DSDT, %s, ActiveHigh, %s",
                 row->irqs.trigger == VMSPEC_EDGE_RISING ? "Edge" : "Level",
                 bridge ? "Shared" : "Exclusive");
    } else {
        rst_text("%s", "");
        rst_text("%s", "");
        return;
    }
    rst_run("", row->irqs.spi + VMSPEC_SPI_INTID_BASE, row->irqs.count);
}

static void print_spi_table(const VmspecPlatform *p, const Description d[2])
{
    static const char *const columns[] = {
        "Source", "FDT", "ACPI", "GSI", NULL
    };

    rst_table("Shared interrupts in FDT and ACPI", columns);
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *row = &p->rows[i];

        /* Devices on the platform bus say themselves what they use of it. */
        if (!row->irqs.count || row->id == VMSPEC_PLATFORM_BUS) {
            continue;
        }
        rst_literal("%s", row->name);
        /* An MSI controller says itself which SPIs it raises. */
        if (find_node(d[0].fdt, row->base) >= 0 && !row->msi_controller) {
            print_specifiers(&row->irqs);
        } else {
            rst_text("%s", "");
        }
        print_gsis(row);
        rst_end_row();
    }
}

static void print_ppi_table(const VmspecPlan *plan)
{
    static const char *const columns[] = {
        "Source", "FDT property", "FDT", "ACPI", "GSI", NULL
    };
    const VmspecPlatform *p = plan->platform;

    rst_table("Private interrupts in FDT and ACPI", columns);
    for (size_t i = 0; i < p->num_ppis; i++) {
        const VmspecPpi *ppi = &p->ppis[i];
        unsigned n = 0;

        while (n < plan->num_timers && plan->timer[n] != ppi->intid) {
            n++;
        }
        rst_text("%s", ppi->doc);
        if (n < plan->num_timers) {
            rst_text("``/" VMSPEC_FDT_TIMER_NODE "``, entry %u", n + 1);
        } else if (ppi->id == VMSPEC_PPI_ID_PMU) {
            rst_literal("/" VMSPEC_FDT_PMU_NODE);
        } else {
            rst_text("the interrupt controller's");
        }
        rst_literal("<1 %u 4>", ppi->intid - VMSPEC_PPI_INTID_BASE);
        rst_text(n < plan->num_timers ? "GTDT, level high, always on" :
                                        "MADT, level high");
        rst_text("%u", ppi->intid);
        rst_end_row();
    }
}

static void print_acpi_table(void)
{
    static const char *const columns[] = {
        "Table", "Revision", "Present", "What", NULL
    };

    rst_table("ACPI tables", columns);
    for (size_t i = 0; i < VMSPEC_NUM_TABLES; i++) {
        const VmspecTable *t = &vmspec_tables[i];

        rst_literal("%s", t->signature);
        rst_text("%u", t->revision);
        rst_text("%s", t->when);
        rst_text("%s", t->what);
        rst_end_row();
    }
}

void print_description(const VmspecPlatform *p)
{
    static Description d[2];

    describe(p, VMSPEC_GIC_V3, &d[0]);
    describe(p, VMSPEC_GIC_V2, &d[1]);
    printf(".. Generated by tools/docs/vmspec-description.c from the rows of\n"
           "   hw/arm/vmspec/platform/platform.c and the builders of FDT and\n"
           "   ACPI. Do not edit; after a change run \"make refresh-docs\".\n");
    print_device_table(p, d);
    print_spi_table(p, d);
    print_ppi_table(&d[0].plan);
    print_acpi_table();
}
