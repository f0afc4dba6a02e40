/*
 * vmspec: devices that -device adds and the board must place
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_HOTPLUG_H
#define HW_ARM_VMSPEC_HOTPLUG_H

#include "hw/arm/vmspec-machine.h"

/* Set the class's hot-plug handler. */
void vmspec_init_hotplug(ObjectClass *oc);

#endif
