/*
 * vmspec: can this machine start the files of -kernel, -initrd and -dtb?
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_KERNEL_H
#define HW_ARM_VMSPEC_KERNEL_H

#include "hw/arm/vmspec-machine.h"

/*
 * Check, before anything is loaded, that -kernel names a file that this
 * machine's CPU can start, and that it, -initrd and the FDT fit into RAM
 * (platform.md, section 8.1). Returns true if so, or if firmware judges the
 * kernel; false with @errp set if not.
 */
bool vmspec_check_kernel(VmspecMachineState *vms, Error **errp);

/*
 * Check that the FDT of -dtb describes this machine: its RAM, CPUs, GIC, PSCI
 * and console. What the FDT does not describe is not compared. Returns true
 * if so, or without -dtb; false with @errp set if not.
 */
bool vmspec_check_dtb(VmspecMachineState *vms, Error **errp);

#endif
