/*
 * vmspec: the names that the user gave the drives
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DRIVES_H
#define HW_ARM_VMSPEC_DRIVES_H

#include "hw/arm/vmspec-machine.h"

/*
 * Tell the firmware the drives' names (VMSPEC_FW_CFG_DRIVES). Every device of
 * the command line must exist. Cannot fail: a drive whose UEFI device path is
 * not known has no line.
 */
void vmspec_name_drives(VmspecMachineState *vms);

/*
 * Is there no drive of -drive if=, -fda and others for a bus that the machine
 * does not have? virt-install asks for an SD card if it does not know the
 * machine by its name. Returns false with @errp set if there is one.
 */
bool vmspec_check_drives(Error **errp);

#endif
