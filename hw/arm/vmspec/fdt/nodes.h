/*
 * vmspec: what the files of fdt/ build for each other
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_NODES_H
#define HW_ARM_VMSPEC_FDT_NODES_H

#include "props.h"

/* cpus.c: cpus, cpu-map, timer, pmu, distance-map */
void vmspec_fdt_cpus(const VmspecPlan *plan, VmspecFdt *fdt);

/* cache.c: the nodes of the caches beyond level 1 */
void vmspec_fdt_caches(const VmspecPlan *plan, VmspecFdt *fdt);
/* cache.c: what the node of CPU @cpu says of the CPU's caches */
void vmspec_fdt_cpu_caches(const VmspecPlan *plan, VmspecFdt *fdt,
                           unsigned cpu);

/* gic.c: open the interrupt controller, for the MSI controller in it */
void vmspec_fdt_open_gic(const VmspecPlan *plan, VmspecFdt *fdt);

/* pcie.c: the host bridge, with the virtio-iommu that may be plugged in it */
void vmspec_fdt_pcie(const VmspecPlan *plan, const VmspecPlugged *plugged,
                     VmspecFdt *fdt);

#endif
