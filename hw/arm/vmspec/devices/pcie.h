/*
 * vmspec: PCI Express
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_PCIE_H
#define HW_ARM_VMSPEC_DEVICES_PCIE_H

#include "hw/arm/vmspec-machine.h"

/*
 * Make the host bridge, the machine's hot-plug ports and the default NICs.
 * The GIC must be made. Ends QEMU with an error message if a device cannot be
 * realized.
 */
void vmspec_make_pcie(VmspecMachineState *vms);

/*
 * Has each NIC of -nic and -net been made? Returns false with @errp set if one
 * is left that needs another bus. vmspec_make_pcie() must have run.
 */
bool vmspec_check_nics(Error **errp);

#endif
