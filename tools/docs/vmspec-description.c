/*
 * vmspec-map: FDT and ACPI beside each other, for the manual
 *
 * From the rows and a plan. What no row holds (CPUs, timers, controllers that
 * the describers make by functions of their own) is listed here, by the name
 * that each description has for it; that these names and revisions are
 * those of the running machine is compared with the golden files by a test.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rst-table.h"

/* What a row does not say of its device; NULL: as in the row, or nothing */
typedef struct Special {
    VmspecRowId id;
    VmspecRowId unit;           /* the row whose base is the unit address */
    const char *node;
    const char *compatible;
    const char *acpi;           /* device in the DSDT, or a table's signature */
    const char *hid;
    const char *uid;
} Special;

#define UNIT(ID) .id = VMSPEC_##ID, .unit = VMSPEC_##ID

static const Special specials[] = {
    { UNIT(FLASH0), .node = "flash", .compatible = "cfi-flash" },
    { .id = VMSPEC_FLASH1, .unit = VMSPEC_FLASH0, .node = "flash",
      .compatible = "cfi-flash" },
    { UNIT(GIC_DIST), .node = "interrupt-controller",
      .compatible = "arm,gic-v3", .acpi = "APIC" },
    { .id = VMSPEC_GIC_CPU, .unit = VMSPEC_GIC_DIST,
      .node = "interrupt-controller", .compatible = "arm,cortex-a15-gic",
      .acpi = "APIC" },
    { UNIT(GIC_V2M), .node = "v2m", .compatible = "arm,gic-v2m-frame",
      .acpi = "APIC" },
    { UNIT(GIC_ITS), .node = "msi-controller",
      .compatible = "arm,gic-v3-its", .acpi = "APIC" },
    { .id = VMSPEC_GIC_REDIST, .unit = VMSPEC_GIC_DIST,
      .node = "interrupt-controller", .compatible = "arm,gic-v3",
      .acpi = "APIC" },
    { UNIT(SMMU), .acpi = "IORT" },
    { UNIT(ACPI_GED), .acpi = "GED", .hid = "ACPI0013", .uid = "0" },
    { UNIT(WATCHDOG_CONTROL), .acpi = "GTDT" },
    { UNIT(VIRTIO_MMIO), .acpi = "VR00" },
    { UNIT(PCIE_ECAM), .node = "pcie",
      .compatible = "pci-host-ecam-generic", .acpi = "PCI0",
      .hid = "PNP0A08", .uid = "0" },
};

/* What has no region: name, FDT node, compatible, ACPI, _HID, _UID */
static const char *const others[][MAX_COLUMNS] = {
    { "first CPU", "cpu@0", "arm,cortex-a57", "C000", "ACPI0007", "0" },
    { "first socket", "socket0", "", "S000", "ACPI0010", "0" },
    { "first cluster", "cluster0", "", "L000", "ACPI0010", "0x1000" },
    { "timers", "timer", "arm,armv8-timer", "GTDT", "", "" },
    { "PMU", "pmu", "arm,armv8-pmuv3", "APIC", "", "" },
    { "PSCI", "psci", "arm,psci-1.0", "FACP", "", "" },
    { "power button", "gpio-keys", "gpio-keys", "PWRB", "PNP0C0C", "0" },
    { "INTA", "pcie@10000000", "", "LNKA", "PNP0C0F", "0" },
    { "ECAM's reservation", "", "", "ECAM", "PNP0C02", "0" },
};

static const struct {
    const char *signature;
    const char *name;
    const char *revision;
    const char *present;
} tables[] = {
    { "FACP", "FADT, hardware-reduced, of ACPI 6.5", "6", "always" },
    { "DSDT", "devices", "2", "always" },
    { "SSDT", "hot-plug ports; memory slots", "2", "always; slots=" },
    { "SSDT", "NVDIMMs", "1", "nvdimm=on" },
    { "APIC", "MADT: CPUs and interrupt controllers", "6", "always" },
    { "PPTT", "sockets, clusters, cores and threads", "3", "always" },
    { "GTDT", "timers and watchdog", "3", "always" },
    { "MCFG", "the ECAM", "1", "always" },
    { "SPCR", "the console", "4", "always" },
    { "DBG2", "the console as debug port", "0", "always" },
    { "IORT", "requester IDs to SMMU and ITS", "3", "always" },
    { "SRAT", "CPUs and memory of NUMA nodes", "3", "-numa node" },
    { "SLIT", "distances of NUMA nodes", "1", "-numa dist" },
    { "HMAT", "latency and bandwidth of memory", "2", "hmat=on" },
    { "NFIT", "NVDIMMs", "1", "with an NVDIMM" },
    { "VIOT", "requester IDs to a virtio-iommu", "0", "virtio-iommu-pci" },
    { "TPM2", "the TPM's interface", "4", "tpm-tis-device" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const Special *find_special(VmspecRowId id)
{
    static const Special none;

    for (size_t i = 0; i < COUNT(specials); i++) {
        if (specials[i].id == id) {
            return &specials[i];
        }
    }
    return &none;
}

static void add_device(Table *t, const VmspecPlatform *p,
                       const VmspecRow *row)
{
    const Special *s = find_special(row->id);
    const char *node = s->node ? s->node : row->node;
    const char *acpi = s->acpi ? s->acpi : row->acpi_name;
    const char *hid = s->hid ? s->hid : row->hid;
    uint64_t unit = s->node ? p->rows[s->unit].base : row->base;
    Cell *cell;

    if (!node && !acpi) {
        return;
    }
    cell = add_row(t);
    format_literal(cell[0], "%s", row->name);
    if (node) {
        format_literal(cell[1], "%s@%" PRIx64, node, unit);
        format_literal(cell[2], "%s", s->node ? s->compatible :
                                                row->compatible[0]);
    }
    format_literal(cell[3], "%s", acpi ? acpi : "");
    format_literal(cell[4], "%s", hid ? hid : "");
    if (s->uid) {
        strcpy(cell[5], s->uid);
    } else if (hid) {
        sprintf(cell[5], "%u", row->acpi_uid);
    }
}

static void make_device_table(Table *t, const VmspecPlatform *p)
{
    static const char *const names[] = {
        "Device", "FDT node", "``compatible``", "ACPI", "_HID", "_UID", NULL
    };

    t->title = "Devices in FDT and ACPI";
    add_heading(t, names);
    for (size_t i = 0; i < p->num_rows; i++) {
        add_device(t, p, &p->rows[i]);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        Cell *cell = add_row(t);

        strcpy(cell[0], others[i][0]);
        for (unsigned c = 1; c < 5; c++) {
            format_literal(cell[c], "%s", others[i][c]);
        }
        strcpy(cell[5], others[i][5]);
    }
}

/* The GIC binding: 0 is an SPI, 1 a PPI; 4 is level high, 1 edge rising. */
static void format_specifiers(char *out, const VmspecIrqs *irqs)
{
    unsigned flags = irqs->trigger == VMSPEC_EDGE_RISING ? 1 : 4;
    unsigned last = irqs->spi + irqs->count - 1;
    int n = sprintf(out, "``<0 %u %u>``", irqs->spi, flags);

    if (irqs->count > 1) {
        sprintf(out + n, " to ``<0 %u %u>``", last, flags);
    }
}

/* Where ACPI has the interrupt of @row; NULL: nowhere */
static const char *acpi_place(const VmspecRow *row)
{
    switch (row->id) {
    case VMSPEC_GIC_V2M:
        return "MADT, MSI frame";
    case VMSPEC_SMMU:
        return "IORT";
    case VMSPEC_WATCHDOG_CONTROL:
        return "GTDT, level high";
    case VMSPEC_PCIE_ECAM:
        return "DSDT, Level, ActiveHigh, Shared";
    case VMSPEC_ACPI_GED:
        break;
    default:
        if (!row->hid) {
            return NULL;
        }
    }
    return row->irqs.trigger == VMSPEC_EDGE_RISING ?
           "DSDT, Edge, ActiveHigh, Exclusive" :
           "DSDT, Level, ActiveHigh, Exclusive";
}

static void make_irq_table(Table *t, const VmspecPlatform *p)
{
    static const char *const names[] = {
        "Source", "FDT", "ACPI", "GSI", NULL
    };

    t->title = "Shared interrupts in FDT and ACPI";
    add_heading(t, names);
    for (size_t i = 0; i < p->num_rows; i++) {
        const VmspecRow *row = &p->rows[i];
        const char *place = acpi_place(row);
        Cell *cell;

        /* Devices on the platform bus say themselves what they use of it. */
        if (!row->irqs.count || row->id == VMSPEC_PLATFORM_BUS) {
            continue;
        }
        cell = add_row(t);
        format_literal(cell[0], "%s", row->name);
        /* The frame itself says which SPIs are its MSIs. */
        if (row->id != VMSPEC_ACPI_GED && row->id != VMSPEC_GIC_V2M) {
            format_specifiers(cell[1], &row->irqs);
        }
        if (place) {
            strcpy(cell[2], place);
            format_run(cell[3], "", row->irqs.spi + VMSPEC_SPI_INTID_BASE,
                       row->irqs.count);
        }
    }
}

/* With everything that a private interrupt can depend on */
static VmspecPlan *full_plan(void)
{
    static VmspecPlan plan;
    static const VmspecConfig config = {
        .cpus = 1, .max_cpus = 1, .topology = { 1, 1, 1, 1 },
        .cpu_compatible = "", .aarch64 = true, .vhe = true, .pmu = true,
        .pa_bits = 48, .virtualization = true, .acpi = VMSPEC_ACPI_ON,
        .fdt = true, .ram_size = 1 << 30,
    };
    VmspecPlanError err;

    if (!vmspec_plan(&vmspec_platform_1_0, &config, &plan, &err)) {
        fprintf(stderr, "vmspec-map: %s\n", err.msg);
        abort();
    }
    return &plan;
}

static void make_ppi_table(Table *t, const VmspecPlatform *p)
{
    static const char *const names[] = {
        "Source", "FDT property", "FDT", "ACPI", "GSI", NULL
    };
    const VmspecPlan *plan = full_plan();

    t->title = "Private interrupts in FDT and ACPI";
    add_heading(t, names);
    for (size_t i = 0; i < p->num_ppis; i++) {
        const VmspecPpi *ppi = &p->ppis[i];
        Cell *cell = add_row(t);
        unsigned n = 0;

        while (n < plan->num_timers && plan->timer[n] != ppi->intid) {
            n++;
        }
        strcpy(cell[0], ppi->doc);
        if (n < plan->num_timers) {
            sprintf(cell[1], "``/timer``, entry %u", n + 1);
            strcpy(cell[3], "GTDT, level high, always on");
        } else {
            strcpy(cell[1], ppi->id == VMSPEC_PPI_ID_PMU ? "``/pmu``" :
                            "the interrupt controller's");
            strcpy(cell[3], "MADT, level high");
        }
        sprintf(cell[2], "``<1 %u 4>``", ppi->intid - VMSPEC_PPI_INTID_BASE);
        sprintf(cell[4], "%u", ppi->intid);
    }
}

static void make_acpi_table(Table *t)
{
    static const char *const names[] = {
        "Table", "Revision", "Present", "What", NULL
    };

    t->title = "ACPI tables";
    add_heading(t, names);
    for (size_t i = 0; i < COUNT(tables); i++) {
        Cell *cell = add_row(t);

        format_literal(cell[0], "%s", tables[i].signature);
        strcpy(cell[1], tables[i].revision);
        strcpy(cell[2], tables[i].present);
        strcpy(cell[3], tables[i].name);
    }
}

void print_description(const VmspecPlatform *p)
{
    static Table devices, irqs, ppis, acpi;

    printf(".. Generated by tools/docs/vmspec-description.c from the rows of\n"
           "   hw/arm/vmspec/platform/platform.c and the plan. Do not edit; after a "
           "change run\n"
           "   \"make refresh-docs\".\n");
    make_device_table(&devices, p);
    print_table(&devices);
    make_irq_table(&irqs, p);
    print_table(&irqs);
    make_ppi_table(&ppis, p);
    print_table(&ppis);
    make_acpi_table(&acpi);
    print_table(&acpi);
}
