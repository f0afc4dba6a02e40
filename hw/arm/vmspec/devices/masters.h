/*
 * vmspec: what bus masters may write to
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_MASTERS_H
#define HW_ARM_VMSPEC_DEVICES_MASTERS_H

#include "exec/hwaddr.h"
#include "hw/arm/vmspec-machine.h"

/*
 * Let only CPUs write to the registers @mr; a bus master's write is a decode
 * error. A region that decides by itself what it accepts is left as it is.
 */
void vmspec_refuse_bus_masters(MemoryRegion *mr);

/*
 * The same for the registers in the BARs of each PCI device that is made from
 * now on. Memory in a BAR stays open. Call it once.
 */
void vmspec_close_bars(void);

#endif
