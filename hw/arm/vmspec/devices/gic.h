/*
 * vmspec: the interrupt controller
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_GIC_H
#define HW_ARM_VMSPEC_DEVICES_GIC_H

#include "hw/arm/vmspec-machine.h"

/* Bit n: the host's KVM has GICvn. 0 without KVM. */
unsigned vmspec_kvm_gics(void);

/* Does the host's KVM have an ITS? False without KVM. */
bool vmspec_kvm_its(void);

/*
 * Make the GIC of the plan with its MSI controller, and wire it to the CPUs,
 * which must be made. Ends QEMU with an error message if it cannot be realized.
 */
void vmspec_make_gic(VmspecMachineState *vms);

#endif
