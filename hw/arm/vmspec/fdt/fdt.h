/*
 * vmspec: the FDT, made from the plan
 *
 * What fdt.c offers the board. Its input is the plan alone, so that the
 * description cannot know more than the machine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_H
#define HW_ARM_VMSPEC_FDT_H

#include "hw/arm/vmspec.h"

/* Path of the interrupt controller's node; g_free() it. */
char *vmspec_fdt_gic_path(const VmspecPlan *plan);

/*
 * Add every node of the machine to @fdt but memory. @seeds: put rng-seed and
 * kaslr-seed into /chosen (platform.md, section 6).
 */
void vmspec_fdt_build(const VmspecPlan *plan, void *fdt, bool seeds);

/* Replace whatever memory nodes @fdt has by the plan's. */
void vmspec_fdt_memory(const VmspecPlan *plan, void *fdt);

#endif
