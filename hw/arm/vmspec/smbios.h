/*
 * vmspec: SMBIOS 3
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_SMBIOS_H
#define HW_ARM_VMSPEC_SMBIOS_H

#include "hw/arm/vmspec-machine.h"

/*
 * Put the SMBIOS tables into fw_cfg. Ends QEMU with an error message if an
 * -smbios option cannot be used.
 */
void vmspec_setup_smbios(VmspecMachineState *vms);

#endif
