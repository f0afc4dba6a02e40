/*
 * vmspec: the CPUs' caches
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_CACHE_H
#define HW_ARM_VMSPEC_DEVICES_CACHE_H

#include "target/arm/cpu.h"
#include "hw/arm/vmspec-machine.h"

/* Let -machine smp-cache place the caches that the platform describes. */
void vmspec_init_caches(MachineClass *mc);

/*
 * Fill in @cache, by VmspecCacheId, the geometry that the CLIDR and the CCSIDRs
 * of @cpu give; 0 where they do not.
 */
void vmspec_probe_caches(ARMCPU *cpu, VmspecCache cache[]);

/*
 * Fill in @cache which CPUs share a cache, by -machine smp-cache. Returns
 * false with @errp set if FDT and ACPI cannot both describe it.
 */
bool vmspec_place_caches(MachineState *ms, VmspecCache cache[], Error **errp);

#endif
