/*
 * vmspec: devices that need no file of their own
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_SIMPLE_H
#define HW_ARM_VMSPEC_DEVICES_SIMPLE_H

#include "hw/arm/vmspec-machine.h"

/*
 * Make every device of the plan that has an entry in the table of simple.c.
 * The GIC and PCIe must be made. Ends QEMU with an error message if a device
 * cannot be realized.
 */
void vmspec_make_devices(VmspecMachineState *vms);

/*
 * The machine's power-down notifier presses the power button: the GED tells an
 * ACPI guest, the GPIO line an FDT guest. The line wakes either (platform.md,
 * section 5).
 */
void vmspec_powerdown(Notifier *n, void *opaque);

/* Put @sbd, which -device made, on the platform bus. */
void vmspec_link_platform_device(VmspecMachineState *vms, SysBusDevice *sbd);

/*
 * system_wakeup presses the wake key. QEMU cannot tell a guest that sleeps from
 * one that has nothing to do: a guest that does not sleep ignores the key.
 */
void vmspec_wakeup(MachineState *ms);

#endif
