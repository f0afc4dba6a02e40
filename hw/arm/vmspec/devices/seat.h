/*
 * vmspec: screen, keyboard and pointer
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_SEAT_H
#define HW_ARM_VMSPEC_DEVICES_SEAT_H

#include "hw/arm/vmspec-machine.h"

/* The name of a device that @seat needs and this QEMU lacks; NULL: none */
const char *vmspec_missing_for_seat(const VmspecSeat *seat);

/*
 * Make what the plan has of screen, USB controller, keyboard and pointer. PCIe
 * must be made. Ends QEMU with an error message if a device cannot be realized.
 */
void vmspec_make_seat(VmspecMachineState *vms);

#endif
