/*
 * vmspec: the machine's properties
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_PROPERTIES_H
#define HW_ARM_VMSPEC_PROPERTIES_H

#include "hw/arm/vmspec-machine.h"

/* Add what -machine takes to the class, but flash and variable store. */
void vmspec_add_properties(ObjectClass *oc);

/* Add the properties of QEMU's machine virt that this machine lacks. */
void vmspec_add_virt_properties(ObjectClass *oc);

#endif
