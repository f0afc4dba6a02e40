/*
 * vmspec: PCIe in the FDT
 *
 * The one host bridge (platform.md, section 4.3), in the shape that every
 * consumer of pci-host-ecam-generic takes.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <glib.h>
#include "names.h"
#include "nodes.h"
#include "props.h"

/*
 * phys.hi space codes of the PCI bus binding (IEEE 1275). QEMU has names for
 * them in system/device_tree.h, but fdt/ is compiled without QEMU too.
 */
#define PCI_SPACE_IO        (1u << 24)
#define PCI_SPACE_MEM32     (2u << 24)
#define PCI_SPACE_MEM64     (3u << 24)
#define PCI_PREFETCHABLE    (1u << 30)
#define PCI_RANGE_CELLS     7
#define PCI_DEVICE_SHIFT    11

/* The lines repeat every four device numbers (platform.md, section 3). */
#define INTX_PINS           4
#define INTX_DEVICES        4
/* PCI address, pin, parent's phandle and address, interrupt specifier */
#define INTX_MAP_CELLS      (3 + 1 + 1 + 2 + VMSPEC_FDT_IRQ_CELLS)
#define NUM_RIDS            0x10000

static uint32_t *pci_range(uint32_t *cell, uint32_t space, uint64_t pci,
                           VmspecRange cpu)
{
    *cell++ = space;
    *cell++ = pci >> 32;
    *cell++ = pci;
    *cell++ = cpu.base >> 32;
    *cell++ = cpu.base;
    *cell++ = cpu.size >> 32;
    *cell++ = cpu.size;
    return cell;
}

/* OSv takes the first as I/O and the second as 32-bit memory, by position. */
static void pcie_ranges(const VmspecPciePlan *pcie, VmspecFdt *fdt)
{
    uint32_t ranges[3 * PCI_RANGE_CELLS], *cell = ranges;

    cell = pci_range(cell, PCI_SPACE_IO, 0, pcie->pio);
    cell = pci_range(cell, PCI_SPACE_MEM32, pcie->mmio32.base, pcie->mmio32);
    if (pcie->mmio64.size) {
        cell = pci_range(cell, PCI_SPACE_MEM64 | PCI_PREFETCHABLE,
                         pcie->mmio64.base, pcie->mmio64);
    }
    vmspec_fdt_cells(fdt, "ranges", ranges, cell - ranges);
}

static void pcie_interrupt_map(const VmspecPciePlan *pcie, VmspecFdt *fdt)
{
    uint32_t map[INTX_DEVICES * INTX_PINS * INTX_MAP_CELLS], *cell = map;
    const uint32_t mask[] = { (INTX_DEVICES - 1) << PCI_DEVICE_SHIFT, 0, 0, 7 };

    for (unsigned device = 0; device < INTX_DEVICES; device++) {
        for (unsigned pin = 0; pin < INTX_PINS; pin++) {
            unsigned line = (device + pin) % pcie->intx.count;
            const uint32_t unit[] = {
                device << PCI_DEVICE_SHIFT, 0, 0, pin + 1,
                VMSPEC_PHANDLE_GIC, 0, 0,
            };

            memcpy(cell, unit, sizeof(unit));
            vmspec_fdt_spi_cells(cell + G_N_ELEMENTS(unit),
                                 pcie->intx.spi + line, pcie->intx.trigger);
            cell += INTX_MAP_CELLS;
        }
    }
    vmspec_fdt_cells(fdt, "interrupt-map", map, G_N_ELEMENTS(map));
    vmspec_fdt_cells(fdt, "interrupt-map-mask", mask, G_N_ELEMENTS(mask));
}

/*
 * The virtio-iommu does not translate its own requests: the map leaves out
 * its requester ID.
 */
static void iommu_map_but(uint32_t rid, VmspecFdt *fdt)
{
    const uint32_t phandle = VMSPEC_PHANDLE_VIRTIO_IOMMU;
    const uint32_t map[] = {
        0, phandle, 0, rid,
        rid + 1, phandle, rid + 1, NUM_RIDS - 1 - rid,
    };

    vmspec_fdt_cells(fdt, "iommu-map", map, G_N_ELEMENTS(map));
}

static void virtio_iommu_node(uint32_t rid, VmspecFdt *fdt)
{
    static const char *const compatible[VMSPEC_MAX_STRINGS] = {
        "virtio,pci-iommu", "pci1af4,1057",
    };
    const uint32_t reg[] = { rid << 8, 0, 0, 0, 0 };
    g_autofree char *name = rid & 7 ?
        g_strdup_printf("iommu@%x,%x", rid >> 3, rid & 7) :
        g_strdup_printf("iommu@%x", rid >> 3);

    vmspec_fdt_open(fdt, name);
    vmspec_fdt_strings(fdt, "compatible", compatible);
    vmspec_fdt_cells(fdt, "reg", reg, G_N_ELEMENTS(reg));
    vmspec_fdt_cell(fdt, "#iommu-cells", 1);
    vmspec_fdt_cell(fdt, "phandle", VMSPEC_PHANDLE_VIRTIO_IOMMU);
    vmspec_fdt_close(fdt);
}

/* Which requester IDs reach the MSI controller and the IOMMU */
static void pcie_maps(const VmspecPlan *plan, const VmspecPlugged *plugged,
                      VmspecFdt *fdt)
{
    const uint32_t msi[] = { 0, VMSPEC_PHANDLE_MSI, 0, NUM_RIDS };
    const uint32_t smmu[] = { 0, VMSPEC_PHANDLE_SMMU, 0, NUM_RIDS };

    if (vmspec_has(plan, VMSPEC_GIC_ITS) || vmspec_has(plan, VMSPEC_GIC_V2M)) {
        vmspec_fdt_cells(fdt, "msi-map", msi, G_N_ELEMENTS(msi));
    }
    if (vmspec_has(plan, VMSPEC_SMMU)) {
        vmspec_fdt_cells(fdt, "iommu-map", smmu, G_N_ELEMENTS(smmu));
    }
    if (plugged->virtio_iommu_rid >= 0) {
        iommu_map_but(plugged->virtio_iommu_rid, fdt);
    }
}

void vmspec_fdt_pcie(const VmspecPlan *plan, const VmspecPlugged *plugged,
                     VmspecFdt *fdt)
{
    const VmspecPciePlan *pcie = &plan->pcie;
    const uint32_t buses[] = { 0, pcie->buses - 1 };

    vmspec_fdt_open_at(fdt, VMSPEC_FDT_PCIE_NODE, pcie->ecam.base);
    vmspec_fdt_string(fdt, "compatible", VMSPEC_FDT_PCIE);
    vmspec_fdt_string(fdt, "device_type", "pci");
    vmspec_fdt_cell(fdt, "#address-cells", 3);
    vmspec_fdt_cell(fdt, "#size-cells", 2);
    vmspec_fdt_reg(fdt, &pcie->ecam, 1);
    vmspec_fdt_cells(fdt, "bus-range", buses, G_N_ELEMENTS(buses));
    pcie_ranges(pcie, fdt);
    vmspec_fdt_cell(fdt, "#interrupt-cells", 1);
    pcie_interrupt_map(pcie, fdt);
    pcie_maps(plan, plugged, fdt);
    vmspec_fdt_flag(fdt, "dma-coherent");
    vmspec_fdt_cell(fdt, "linux,pci-domain", 0);
    if (plugged->virtio_iommu_rid >= 0) {
        virtio_iommu_node(plugged->virtio_iommu_rid, fdt);
    }
    vmspec_fdt_close(fdt);
}
