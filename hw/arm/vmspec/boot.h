/*
 * vmspec: what the CPU starts with
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_BOOT_H
#define HW_ARM_VMSPEC_BOOT_H

#include "hw/arm/vmspec-machine.h"

/* Firmware waits 0 s for a key unless a menu or a splash time is asked for. */
void vmspec_boot_menu(MachineState *ms);

/* Say that -boot order= and once= have no effect, and drop once=. */
void vmspec_warn_boot_order(MachineState *ms);

/* Say that -vga makes no screen, and what does. */
void vmspec_warn_vga(void);

/* Load -kernel or start the firmware. Ends QEMU with a message if it fails. */
void vmspec_start_boot(VmspecMachineState *vms);

/*
 * Build the FDT and put it where the guest finds it. Every device of -device
 * must be made. Returns false, with the reason reported, if it does not fit.
 */
bool vmspec_load_fdt(VmspecMachineState *vms);

/* Memory was plugged or unplugged: change the FDT that the next reset gives. */
void vmspec_update_fdt(VmspecMachineState *vms);

#endif
