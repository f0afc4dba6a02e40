/*
 * vmspec: the FDT, made from the plan
 *
 * What fdt/ offers the board. The input is the plan and what was plugged, so
 * that the description cannot know more than the machine. The whole room is
 * plain C with libfdt and GLib, and is compiled without QEMU for the host
 * tests, too.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FDT_FDT_H
#define HW_ARM_VMSPEC_FDT_FDT_H

#include "hw/arm/vmspec-plan.h"

/* Random bytes for the guest (platform.md, section 6) */
typedef struct VmspecSeeds {
    uint8_t rng[32];
    uint8_t kaslr[8];
} VmspecSeeds;

/* Path of the interrupt controller's node; g_free() it. */
char *vmspec_fdt_gic_path(const VmspecPlan *plan);

/*
 * The machine's FDT but for memory. /chosen also has what it has in @loaded, a
 * blob; NULL: nothing. @seeds go to rng-seed and kaslr-seed in /chosen; NULL:
 * no seeds. @room: bytes for what is added later. Returns a blob that g_free()
 * frees.
 */
void *vmspec_fdt_build(const VmspecPlan *plan, const VmspecPlugged *plugged,
                       const void *loaded, const VmspecSeeds *seeds,
                       size_t room);

/* Bytes that the nodes of a machine's memory take at most */
size_t vmspec_fdt_memory_room(const VmspecPlan *plan);

/* Replace the memory nodes that @fdt has by those of RAM and of the DIMMs. */
void vmspec_fdt_memory(const VmspecPlan *plan, const VmspecPlugged *plugged,
                       void *fdt);

#endif
