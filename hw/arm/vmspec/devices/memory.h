/*
 * vmspec: memory devices
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_MEMORY_H
#define HW_ARM_VMSPEC_DEVICES_MEMORY_H

#include "hw/arm/vmspec-machine.h"

/*
 * Make the tags of RAM, with mte=on. CPUs that are made later use them. Under
 * KVM the host has them, and this function makes none. Ends QEMU with an error
 * message if the host has no memory.
 */
void vmspec_make_tags(VmspecMachineState *vms);

/*
 * Make the region of maxmem=, device-memory, if there is one (platform.md,
 * section 2).
 */
void vmspec_make_device_memory(VmspecMachineState *vms);

/* Make the register of the NVDIMMs' _DSM, if NVDIMMs can be plugged. */
void vmspec_make_nvdimm(VmspecMachineState *vms);

/* Is @dev a pc-dimm, nvdimm, virtio-mem-pci or virtio-pmem-pci? */
bool vmspec_is_memory(DeviceState *dev);

/*
 * The parts of the machine's hot-plug handler for a memory device. Each sets
 * @errp if @dev cannot be plugged or unplugged, and has changed nothing then.
 */
void vmspec_memory_pre_plug(VmspecMachineState *vms, DeviceState *dev,
                            Error **errp);
void vmspec_memory_plug(VmspecMachineState *vms, DeviceState *dev,
                        Error **errp);
void vmspec_memory_unplug_request(VmspecMachineState *vms, DeviceState *dev,
                                  Error **errp);
void vmspec_memory_unplug(VmspecMachineState *vms, DeviceState *dev,
                          Error **errp);

#endif
