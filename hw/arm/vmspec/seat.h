/*
 * vmspec: does a person sit at the machine?
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_SEAT_H
#define HW_ARM_VMSPEC_SEAT_H

#include "hw/arm/vmspec-machine.h"

/*
 * Fill in c->seat and c->usb_refused from @graphics, -machine usb=, the
 * display, and the devices that the user names (platform.md, section 9.5).
 * Returns false with @errp set if this QEMU lacks a device that graphics=on or
 * usb=on asks for.
 */
bool vmspec_choose_seat(const MachineState *ms, OnOffAuto graphics,
                        VmspecConfig *c, Error **errp);

#endif
