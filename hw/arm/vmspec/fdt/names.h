/*
 * vmspec: FDT names of what no row describes
 *
 * Node names and compatible strings that fdt/ and tools/docs share. Those of
 * devices with a row are in the row (platform/platform.c). Plain C without
 * QEMU; names only, no numbers of the platform.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_NAMES_H
#define HW_ARM_VMSPEC_FDT_NAMES_H

#define VMSPEC_FDT_GIC_NODE "interrupt-controller"
#define VMSPEC_FDT_GICV2 "arm,cortex-a15-gic"
#define VMSPEC_FDT_GICV3 "arm,gic-v3"

#define VMSPEC_FDT_PCIE_NODE "pcie"
#define VMSPEC_FDT_PCIE "pci-host-ecam-generic"

#define VMSPEC_FDT_TIMER_NODE "timer"
#define VMSPEC_FDT_TIMER_ARMV8 "arm,armv8-timer"
#define VMSPEC_FDT_TIMER_ARMV7 "arm,armv7-timer"

#define VMSPEC_FDT_PMU_NODE "pmu"
#define VMSPEC_FDT_PMU "arm,armv8-pmuv3"

/* The compatible and the node name are the same word. */
#define VMSPEC_FDT_GPIO_KEYS "gpio-keys"

#endif
