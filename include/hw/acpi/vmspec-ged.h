/*
 * A Generic Event Device with an event for PCI hot-plug
 *
 * QEMU's device has that event from 10.1 on, and not before. This one has it
 * with every QEMU, under the number that QEMU chose.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ACPI_VMSPEC_GED_H
#define HW_ACPI_VMSPEC_GED_H

/*
 * A child of TYPE_ACPI_GED: acpi_send_event() with ACPI_PCI_HOTPLUG_STATUS
 * sets the bit below and pulses the interrupt. The device serves the event
 * always; its property "ged-event" does not have the bit.
 */
#define TYPE_VMSPEC_GED "vmspec-ged"

/* The bit in the event register: a hot-plug port has an event. */
#define VMSPEC_GED_PCI_HOTPLUG 0x10

#endif
