/*
 * vmspec: one layout of the address spaces for a whole start
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_LAYOUT_H
#define HW_ARM_VMSPEC_LAYOUT_H

#include "hw/arm/vmspec-machine.h"

/*
 * Hold back the layout from now to the end of the machine's creation. Call it
 * before anything registers a notifier of machine init done.
 */
void vmspec_hold_layout(VmspecMachineState *vms);

/*
 * Lay out what is mapped by now, and go on. Whoever looks at an address space
 * while the machine is made calls it first.
 */
void vmspec_settle_layout(VmspecMachineState *vms);

#endif
