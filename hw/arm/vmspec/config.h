/*
 * vmspec: what the user asked for, as the configuration of a plan
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_CONFIG_H
#define HW_ARM_VMSPEC_CONFIG_H

#include "hw/arm/vmspec-machine.h"

/*
 * Fill in vms->config from -machine, -cpu, -smp, -m, -numa and the accelerator.
 * The flash images are chosen on the way. Returns false with @errp set if the
 * caches cannot be described or an image cannot be used.
 */
bool vmspec_read_config(VmspecMachineState *vms, Error **errp);

/*
 * How many hot-plug ports the machine gets: hotplug-ports, by default 4, and
 * none under -nodefaults (platform.md, sections 4.5 and 9.3).
 */
unsigned vmspec_hotplug_ports(const VmspecMachineState *vms);

/* MachineClass.kvm_type: the size of the guest's physical address space */
int vmspec_kvm_type(MachineState *ms, const char *type);

#endif
