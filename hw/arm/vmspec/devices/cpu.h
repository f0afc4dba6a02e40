/*
 * vmspec: CPUs
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_CPU_H
#define HW_ARM_VMSPEC_DEVICES_CPU_H

#include "hw/arm/vmspec-machine.h"

/* The CPU types that -cpu takes; ends with NULL */
extern const char *const vmspec_valid_cpu_types[];

/*
 * Fill in @config what the CPU of -cpu can do. Makes a CPU object for the
 * question and frees it.
 */
void vmspec_probe_cpu(MachineState *ms, VmspecConfig *config);

/*
 * Make the CPUs of the plan. Ends QEMU with an error message if a CPU cannot
 * be realized.
 */
void vmspec_make_cpus(VmspecMachineState *vms);

/*
 * Tell KVM where it is to write how long each CPU has waited for the host. KVM
 * wants the layout settled. A guest asks for the address by an SMCCC call (Arm
 * DEN0057A), so that neither description has it (platform.md, section 6.8).
 */
void vmspec_connect_steal_time(VmspecMachineState *vms);

/* MachineClass.possible_cpu_arch_ids */
const CPUArchIdList *vmspec_possible_cpus(MachineState *ms);
/* MachineClass.cpu_index_to_instance_props; @index is below max_cpus */
CpuInstanceProperties vmspec_cpu_props(MachineState *ms, unsigned index);
/* MachineClass.get_default_cpu_node_id */
int64_t vmspec_default_cpu_node(const MachineState *ms, int index);

#endif
