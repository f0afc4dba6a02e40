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
 * Make the structures, which it returns, and their entry point @anchor, without
 * the address of the structures. The caller frees both. Call it or
 * vmspec_setup_smbios() once. Ends QEMU as vmspec_setup_smbios().
 */
GByteArray *vmspec_make_smbios(VmspecMachineState *vms, GByteArray **anchor);

/*
 * Put the SMBIOS tables into fw_cfg. Ends QEMU with an error message if an
 * -smbios option cannot be used.
 */
void vmspec_setup_smbios(VmspecMachineState *vms);

#endif
