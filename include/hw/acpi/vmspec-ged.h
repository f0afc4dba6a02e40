/*
 * A Generic Event Device with events for PCI hot-plug, memory errors and the
 * VM generation ID
 *
 * QEMU's device has the event of PCI hot-plug from 10.1 and that of errors
 * from 10.2 on. This one has them with every QEMU, under the numbers that QEMU
 * chose. QEMU's has no event of the VM generation ID.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ACPI_VMSPEC_GED_H
#define HW_ACPI_VMSPEC_GED_H

/*
 * A child of TYPE_ACPI_GED: acpi_send_event() with ACPI_PCI_HOTPLUG_STATUS,
 * VMSPEC_GENERIC_ERROR_STATUS or ACPI_VMGENID_CHANGE_STATUS sets a bit below
 * and pulses the interrupt. The device serves these events always; its property
 * "ged-event" does not have the bits.
 */
#define TYPE_VMSPEC_GED "vmspec-ged"

/* The bit in the event register: a hot-plug port has an event. */
#define VMSPEC_GED_PCI_HOTPLUG 0x10
/* There is a memory error, by the number that QEMU's has from 10.2 on. */
#define VMSPEC_GED_ERROR 0x20
/* The VM generation ID has changed. QEMU's own bits grow from the other end. */
#define VMSPEC_GED_VMGENID (1u << 31)

#endif
