/*
 * vmspec: what the machine is, for a person and for a program
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_INFO_H
#define HW_ARM_VMSPEC_INFO_H

#include "hw/arm/vmspec-machine.h"

/*
 * Add the read-only class property "info" and the monitor's command "info
 * vmspec". Called once. Cannot fail.
 */
void vmspec_add_info(ObjectClass *oc);

#endif
