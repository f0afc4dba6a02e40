/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a boot does between DXE and the OS
 *
 * For PlatformBootManagerLib only.
 */

#ifndef VMSPEC_BOOT_H
#define VMSPEC_BOOT_H

#include <Uefi.h>

/* Runs @visit on every handle that has @protocol. */
VOID for_each_handle(EFI_GUID *protocol, VOID (*visit)(EFI_HANDLE handle));

/* What sits behind a PCI function or a virtio-mmio transport */
typedef enum DeviceKind {
    DEVICE_OTHER,
    DEVICE_VIRTIO_BLK,      /* its driver is always there */
    DEVICE_VIRTIO_RNG,
    DEVICE_STORAGE,
    DEVICE_USB,
    DEVICE_DISPLAY,
    DEVICE_VIRTIO_SERIAL,
    DEVICE_VIRTIO_INPUT,
} DeviceKind;

/* After the root bridges are connected: the kind of a handle with PciIo. */
DeviceKind pci_kind(EFI_HANDLE handle);

/* What QEMU's bootindex asks for */
typedef enum BootOrder {
    BOOT_ORDER_NONE,        /* no device has one: every disk is tried */
    BOOT_ORDER_DISKS,       /* devices have one, no network card does */
    BOOT_ORDER_NETWORK,     /* a network card does, maybe disks too */
} BootOrder;

BootOrder boot_order(VOID);

/* Dispatches the volumes whose devices this machine has. */
VOID load_volumes(VOID);

/* Connects what has bootindex, or else every disk. */
VOID connect_boot_devices(VOID);

/* Displays, random number sources: all that is no disk and no console. */
VOID connect_early_devices(VOID);

/* Writes ConIn, ConOut, ErrOut. */
VOID add_consoles(VOID);

/* What LoadImage() gives for an image that Secure Boot does not let run */
BOOLEAN is_refused(EFI_STATUS status);

/*
 * One line: what was there to boot from, why nothing of it runs, and whether
 * the shell or the menu comes next.
 */
VOID report_nothing_started(BOOLEAN has_shell);

#endif
