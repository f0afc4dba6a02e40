/*
 * vmspec: the FDT's interrupt controller and PCIe
 *
 * platform.md, sections 3 and 4.3, from the plan alone: the GIC with its MSI
 * controller, and the one host bridge in the shape that every consumer of
 * pci-host-ecam-generic takes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "system/device_tree.h"
#include "internal.h"

/* phys.hi space codes of the PCI bus binding (IEEE 1275) */
#define PCI_SPACE_IO        (1u << 24)
#define PCI_SPACE_MEM32     (2u << 24)
#define PCI_SPACE_MEM64     (3u << 24)
#define PCI_PREFETCHABLE    (1u << 30)
#define PCI_RANGE_CELLS     7
#define PCI_SLOT_SHIFT      11

/* The interrupt lines repeat every four slots (platform.md, section 3). */
#define INTX_PINS           4
#define INTX_SLOTS          4
#define INTX_MAP_CELLS      10
#define NUM_RIDS            0x10000

char *vmspec_fdt_gic_path(const VmspecPlan *plan)
{
    return g_strdup_printf("/interrupt-controller@%" PRIx64,
                           plan->region[VMSPEC_GIC_DIST].base);
}

static void gicv2_properties(const VmspecPlan *plan, void *fdt,
                             const char *path)
{
    VmspecRange reg[] = {
        plan->region[VMSPEC_GIC_DIST], plan->region[VMSPEC_GIC_CPU],
        plan->region[VMSPEC_GIC_HYP], plan->region[VMSPEC_GIC_VCPU],
    };

    qemu_fdt_setprop_string(fdt, path, "compatible", "arm,cortex-a15-gic");
    vmspec_fdt_reg(fdt, path, reg, reg[2].size ? 4 : 2);
}

static void gicv3_properties(const VmspecPlan *plan, void *fdt,
                             const char *path)
{
    VmspecRange reg[] = {
        plan->region[VMSPEC_GIC_DIST], plan->region[VMSPEC_GIC_REDIST],
        plan->region[VMSPEC_GIC_REDIST_HIGH],
    };

    qemu_fdt_setprop_string(fdt, path, "compatible", "arm,gic-v3");
    qemu_fdt_setprop_cell(fdt, path, "#redistributor-regions",
                          plan->gic.num_redists);
    vmspec_fdt_reg(fdt, path, reg, 1 + plan->gic.num_redists);
}

/* The node that takes MSIs: the ITS with GICv3, else the GICv2m frame. */
static void msi_node(const VmspecPlan *plan, void *fdt, const char *gic)
{
    bool its = plan->gic.its;
    VmspecRange reg = plan->region[its ? VMSPEC_GIC_ITS : VMSPEC_GIC_V2M];
    g_autofree char *path = g_strdup_printf("%s/%s@%" PRIx64, gic,
                                            its ? "msi-controller" : "v2m",
                                            reg.base);

    if (!reg.size) {
        return;
    }
    qemu_fdt_add_subnode(fdt, path);
    qemu_fdt_setprop_string(fdt, path, "compatible",
                            its ? "arm,gic-v3-its" : "arm,gic-v2m-frame");
    qemu_fdt_setprop(fdt, path, "msi-controller", NULL, 0);
    if (its) {
        qemu_fdt_setprop_cell(fdt, path, "#msi-cells", 1);
    }
    vmspec_fdt_reg(fdt, path, &reg, 1);
    qemu_fdt_setprop_cell(fdt, path, "phandle", VMSPEC_PHANDLE_MSI);
}

void vmspec_fdt_gic(const VmspecPlan *plan, void *fdt)
{
    g_autofree char *path = vmspec_fdt_gic_path(plan);
    const VmspecPpi *maintenance =
        &plan->platform->ppis[VMSPEC_PPI_ID_GIC_MAINTENANCE];

    qemu_fdt_add_subnode(fdt, path);
    if (plan->gic.version == 2) {
        gicv2_properties(plan, fdt, path);
    } else {
        gicv3_properties(plan, fdt, path);
    }
    qemu_fdt_setprop(fdt, path, "interrupt-controller", NULL, 0);
    qemu_fdt_setprop_cell(fdt, path, "#interrupt-cells", 3);
    qemu_fdt_setprop_cell(fdt, path, "#address-cells", 2);
    qemu_fdt_setprop_cell(fdt, path, "#size-cells", 2);
    qemu_fdt_setprop(fdt, path, "ranges", NULL, 0);
    if (plan->ppi[VMSPEC_PPI_ID_GIC_MAINTENANCE]) {
        vmspec_fdt_ppis(plan, fdt, path, &maintenance->intid, 1);
    }
    qemu_fdt_setprop_cell(fdt, path, "phandle", VMSPEC_PHANDLE_GIC);
    msi_node(plan, fdt, path);
}

static uint32_t *pci_range(uint32_t *cell, uint32_t space, uint64_t pci,
                           VmspecRange cpu)
{
    *cell++ = cpu_to_be32(space);
    *cell++ = cpu_to_be32(pci >> 32);
    *cell++ = cpu_to_be32(pci);
    *cell++ = cpu_to_be32(cpu.base >> 32);
    *cell++ = cpu_to_be32(cpu.base);
    *cell++ = cpu_to_be32(cpu.size >> 32);
    *cell++ = cpu_to_be32(cpu.size);
    return cell;
}

/* OSv takes the first as I/O and the second as 32-bit memory, by position. */
static void pcie_ranges(const VmspecPciePlan *pcie, void *fdt,
                        const char *path)
{
    uint32_t ranges[3 * PCI_RANGE_CELLS], *cell = ranges;

    cell = pci_range(cell, PCI_SPACE_IO, 0, pcie->pio);
    cell = pci_range(cell, PCI_SPACE_MEM32, pcie->mmio32.base, pcie->mmio32);
    if (pcie->mmio64.size) {
        cell = pci_range(cell, PCI_SPACE_MEM64 | PCI_PREFETCHABLE,
                         pcie->mmio64.base, pcie->mmio64);
    }
    qemu_fdt_setprop(fdt, path, "ranges", ranges,
                     (cell - ranges) * sizeof(*cell));
}

static void pcie_interrupt_map(const VmspecPciePlan *pcie, void *fdt,
                               const char *path)
{
    uint32_t map[INTX_SLOTS * INTX_PINS * INTX_MAP_CELLS], *cell = map;

    for (unsigned slot = 0; slot < INTX_SLOTS; slot++) {
        for (unsigned pin = 0; pin < INTX_PINS; pin++) {
            unsigned line = (slot + pin) % pcie->intx.count;
            uint32_t entry[INTX_MAP_CELLS] = {
                slot << PCI_SLOT_SHIFT, 0, 0, pin + 1,
                VMSPEC_PHANDLE_GIC, 0, 0, VMSPEC_FDT_SPI,
                pcie->intx.spi + line, vmspec_fdt_flags(pcie->intx.trigger),
            };

            for (unsigned i = 0; i < INTX_MAP_CELLS; i++) {
                *cell++ = cpu_to_be32(entry[i]);
            }
        }
    }
    qemu_fdt_setprop(fdt, path, "interrupt-map", map, sizeof(map));
    qemu_fdt_setprop_cells(fdt, path, "interrupt-map-mask",
                           (INTX_SLOTS - 1) << PCI_SLOT_SHIFT, 0, 0, 7);
}

/* The IOMMU's own requests are not translated: the map leaves it out. */
static void virtio_iommu_node(const VmspecPlan *plan, void *fdt,
                              const char *pcie)
{
    static const char compatible[] = "virtio,pci-iommu\0pci1af4,1057";
    uint32_t rid = plan->virtio_iommu_rid, phandle =
        VMSPEC_PHANDLE_VIRTIO_IOMMU;
    g_autofree char *path = g_strdup_printf("%s/iommu@%x", pcie, rid >> 3);

    if (rid & 7) {
        g_autofree char *slot = g_steal_pointer(&path);

        path = g_strdup_printf("%s,%x", slot, rid & 7);
    }
    qemu_fdt_add_subnode(fdt, path);
    qemu_fdt_setprop(fdt, path, "compatible", compatible, sizeof(compatible));
    qemu_fdt_setprop_cells(fdt, path, "reg", rid << 8, 0, 0, 0, 0);
    qemu_fdt_setprop_cell(fdt, path, "#iommu-cells", 1);
    qemu_fdt_setprop_cell(fdt, path, "phandle", phandle);
    qemu_fdt_setprop_cells(fdt, pcie, "iommu-map", 0, phandle, 0, rid,
                           rid + 1, phandle, rid + 1, NUM_RIDS - 1 - rid);
}

void vmspec_fdt_pcie(const VmspecPlan *plan, void *fdt)
{
    const VmspecPciePlan *pcie = &plan->pcie;
    g_autofree char *path = g_strdup_printf("/pcie@%" PRIx64,
                                            pcie->ecam.base);

    qemu_fdt_add_subnode(fdt, path);
    qemu_fdt_setprop_string(fdt, path, "compatible",
                            "pci-host-ecam-generic");
    qemu_fdt_setprop_string(fdt, path, "device_type", "pci");
    qemu_fdt_setprop_cell(fdt, path, "#address-cells", 3);
    qemu_fdt_setprop_cell(fdt, path, "#size-cells", 2);
    vmspec_fdt_reg(fdt, path, &pcie->ecam, 1);
    qemu_fdt_setprop_cells(fdt, path, "bus-range", 0, pcie->buses - 1);
    pcie_ranges(pcie, fdt, path);
    qemu_fdt_setprop_cell(fdt, path, "#interrupt-cells", 1);
    pcie_interrupt_map(pcie, fdt, path);
    if (plan->region[VMSPEC_GIC_ITS].size ||
        plan->region[VMSPEC_GIC_V2M].size) {
        qemu_fdt_setprop_cells(fdt, path, "msi-map", 0, VMSPEC_PHANDLE_MSI, 0,
                               NUM_RIDS);
    }
    if (plan->region[VMSPEC_SMMU].size) {
        qemu_fdt_setprop_cells(fdt, path, "iommu-map", 0, VMSPEC_PHANDLE_SMMU,
                               0, NUM_RIDS);
    }
    if (plan->virtio_iommu_rid >= 0) {
        virtio_iommu_node(plan, fdt, path);
    }
    qemu_fdt_setprop(fdt, path, "dma-coherent", NULL, 0);
    qemu_fdt_setprop_cell(fdt, path, "linux,pci-domain", 0);
}
