/*
 * vmspec: what the fdt-*.c files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_INTERNAL_H
#define HW_ARM_VMSPEC_FDT_INTERNAL_H

#include "fdt.h"

/* Interrupt specifier of the GIC binding: type, number, flags */
#define VMSPEC_FDT_SPI 0
#define VMSPEC_FDT_PPI 1

static inline uint32_t vmspec_fdt_flags(VmspecTrigger trigger)
{
    return trigger == VMSPEC_EDGE_RISING ? 1 : 4;
}

/* A string list property; @strings ends with NULL or the array. */
void vmspec_fdt_strings(void *fdt, const char *path, const char *prop,
                        const char *const strings[VMSPEC_MAX_STRINGS]);

/* A reg property of @count ranges, two cells an address and a size. */
void vmspec_fdt_reg(void *fdt, const char *path, const VmspecRange *reg,
                    unsigned count);

/* fdt-cpu.c: cpus, cpu-map, timer, pmu, distance-map */
void vmspec_fdt_cpus(const VmspecPlan *plan, void *fdt);

/* A list of level-high private interrupts by INTID, for @prop of @path. */
void vmspec_fdt_ppis(const VmspecPlan *plan, void *fdt, const char *path,
                     const unsigned *intid, unsigned count);

/*
 * fdt-cache.c: the nodes of the caches beyond level 1, and what the node of
 * CPU @cpu at @path says of its own caches
 */
void vmspec_fdt_caches(const VmspecPlan *plan, void *fdt);
void vmspec_fdt_cpu_caches(const VmspecPlan *plan, void *fdt, unsigned cpu,
                           const char *path);

/* fdt-pcie.c: the interrupt controller with its MSI controller, and PCIe */
void vmspec_fdt_gic(const VmspecPlan *plan, void *fdt);
void vmspec_fdt_pcie(const VmspecPlan *plan, void *fdt);

#endif
