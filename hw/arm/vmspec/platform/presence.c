/*
 * vmspec platform: when a row exists
 *
 * One table of the presence conditions: the contract's word for each, the
 * manual's words, and the predicate. vmspec_plan() applies it to rows and
 * private interrupts; the manual's generator prints it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "hw/arm/vmspec-plan.h"

#define PREDICATE(NAME, CONDITION)                                       \
    static bool NAME(const VmspecPlan *plan, const VmspecConfig *config) \
    {                                                                    \
        (void)plan;                                                      \
        (void)config;                                                    \
        return CONDITION;                                                \
    }

PREDICATE(always, true)
PREDICATE(never, false)
PREDICATE(has_flash0, config->flash_size[0] > 0)
PREDICATE(has_flash1, config->flash_size[1] > 0)
PREDICATE(is_gicv2, plan->gic.version == 2)
PREDICATE(is_gicv2_with_el2, plan->gic.version == 2 && config->virtualization)
PREDICATE(is_gicv3, plan->gic.version >= 3)
PREDICATE(has_its, plan->gic.its)
PREDICATE(has_high_redistributors, plan->gic.num_redists > 1)
PREDICATE(has_uart1, config->uart1)
PREDICATE(has_smmu, config->smmu)
PREDICATE(has_acpi, vmspec_config_acpi(config))
PREDICATE(has_memory_hotplug,
          vmspec_config_acpi(config) && config->mem_slots > 0)
PREDICATE(has_virtio_mmio, config->virtio_mmio > 0)
PREDICATE(has_device_memory, config->device_memory_size > 0)
/* A 32-bit kernel warns about a window as large as this one. */
PREDICATE(has_mmio64, config->aarch64 && config->pa_bits >=
                      plan->platform->rows[VMSPEC_PCIE_MMIO64].pa_bits)
PREDICATE(has_high_ram,
          config->ram_size > plan->platform->rows[VMSPEC_RAM_LOW].size)
PREDICATE(has_el2, config->virtualization)
PREDICATE(has_vhe, config->virtualization && config->vhe)
PREDICATE(has_pmu, config->pmu)
PREDICATE(has_steal_time, config->steal_time)

const VmspecPresenceRule vmspec_presence[VMSPEC_NUM_PRESENCES] = {
    [VMSPEC_ALWAYS] = { "always", "always", always },
    [VMSPEC_NEVER] = { "never", "never", never },
    [VMSPEC_IF_FLASH0] = { "image", "with firmware", has_flash0 },
    [VMSPEC_IF_FLASH1] = { "image", "with firmware or an image", has_flash1 },
    [VMSPEC_IF_GICV2] = { "gicv2", "GICv2", is_gicv2 },
    [VMSPEC_IF_GICV2_EL2] = { "gicv2-el2", "GICv2, virtualization=on",
                              is_gicv2_with_el2 },
    [VMSPEC_IF_GICV3] = { "gicv3", "GICv3, GICv4", is_gicv3 },
    [VMSPEC_IF_ITS] = { "its", "GICv3, GICv4, not its=off", has_its },
    [VMSPEC_IF_REDIST_HIGH] = { "redist-high", "GICv3, GICv4 with more CPUs",
                                has_high_redistributors },
    [VMSPEC_IF_UART1] = { "serial1", "second -serial", has_uart1 },
    [VMSPEC_IF_SMMU] = { "smmuv3", "iommu=smmuv3", has_smmu },
    [VMSPEC_IF_ACPI] = { "acpi", "ACPI", has_acpi },
    [VMSPEC_IF_MEMORY_HOTPLUG] = { "acpi-memory-hotplug", "ACPI, -m slots",
                                   has_memory_hotplug },
    [VMSPEC_IF_ACPI_PCIHP] = { "acpi-pci-hotplug", "ACPI", has_acpi },
    [VMSPEC_IF_VIRTIO_MMIO] = { "virtio-mmio", "virtio-mmio not 0",
                                has_virtio_mmio },
    [VMSPEC_IF_DEVICE_MEMORY] = { "maxmem", "maxmem above RAM",
                                  has_device_memory },
    [VMSPEC_IF_MMIO64] = { "mmio64", "AArch64 CPU", has_mmio64 },
    [VMSPEC_IF_RAM_HIGH] = { "ram-high", "more RAM", has_high_ram },
    [VMSPEC_IF_EL2] = { "el2", "virtualization=on", has_el2 },
    [VMSPEC_IF_VHE] = { "el2-vhe", "virtualization=on, FEAT_VHE", has_vhe },
    [VMSPEC_IF_PMU] = { "pmu", "CPU with a PMU", has_pmu },
    [VMSPEC_IF_STEAL_TIME] = { "steal-time", "KVM, AArch64 CPU",
                               has_steal_time },
    /* -device comes after the plan. */
    [VMSPEC_IF_VMGENID] = { "vmgenid", "-device vmgenid", never },
};
