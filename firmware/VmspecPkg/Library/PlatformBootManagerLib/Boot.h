/** @file
  What the files of PlatformBootManagerLib give each other.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#ifndef BOOT_H_
#define BOOT_H_

#include <Uefi.h>

///
/// What sits behind a PCI function or a virtio-mmio transport.
///
typedef enum {
  DeviceKindOther,
  DeviceKindVirtioBlk,     ///< VMSPEC_MAIN always has its driver.
  DeviceKindVirtioRng,
  DeviceKindStorage,
  DeviceKindUsb,
  DeviceKindDisplay,
  DeviceKindVirtioSerial,
  DeviceKindVirtioInput
} DEVICE_KIND;

///
/// What QEMU's property "bootindex" asks for.
///
typedef enum {
  BootOrderNone,     ///< No device has one: the firmware tries every disk.
  BootOrderDisks,    ///< Devices have one, but no network card.
  BootOrderNetwork   ///< A network card has one, and perhaps disks too.
} BOOT_ORDER;

/**
  What ForEachHandle() does with one handle.

  @param[in] Handle   The handle.
  @param[in] Context  What the caller of ForEachHandle() gave.
**/
typedef
VOID
(*VISIT_HANDLE) (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  );

/**
  Call a function for every handle that has a protocol.

  @param[in] Protocol  The protocol.
  @param[in] Visit     The function.
  @param[in] Context   What Visit gets beside the handle.
**/
VOID
ForEachHandle (
  IN EFI_GUID      *Protocol,
  IN VISIT_HANDLE  Visit,
  IN VOID          *Context
  );

/**
  Tell what a PCI function is, by its class or its virtio type.

  The root bridges must be connected.

  @param[in] Handle  A handle with EFI_PCI_IO_PROTOCOL.

  @return  The kind of device; DeviceKindOther when it cannot be read.
**/
DEVICE_KIND
GetPciKind (
  IN EFI_HANDLE  Handle
  );

/**
  Read fw_cfg's file "bootorder".

  @return  What the user's "bootindex" properties ask for.
**/
BOOT_ORDER
GetBootOrder (
  VOID
  );

/**
  Dispatch the driver volumes of the devices that this machine has, except for the
  network's.
**/
VOID
LoadVolumes (
  VOID
  );

/**
  Dispatch the network's drivers if a network card has a "bootindex".

  DXE dispatches them only if EFI_RNG_PROTOCOL is there.
**/
VOID
LoadNetworkVolume (
  VOID
  );

/**
  Tell whether there is a source of random numbers.

  @retval TRUE   EFI_RNG_PROTOCOL is there.
  @retval FALSE  It is not, so that no network driver starts.
**/
BOOLEAN
HasRandom (
  VOID
  );

/**
  Install a generator of random numbers if there is no other source of them.
**/
VOID
AddRandom (
  VOID
  );

/**
  Connect the devices with a "bootindex", or every disk when no device has one.
**/
VOID
ConnectBootDevices (
  VOID
  );

/**
  Connect displays and sources of random numbers.
**/
VOID
ConnectEarlyDevices (
  VOID
  );

/**
  Write the variables ConIn, ConOut and ErrOut.
**/
VOID
AddConsoles (
  VOID
  );

/**
  Add the page that says where the settings of this machine are.
**/
VOID
AddSettings (
  VOID
  );

/**
  Tell whether Secure Boot refused an image.

  @param[in] Status  What LoadImage() or StartImage() returned.

  @retval TRUE   Secure Boot does not let the image run.
  @retval FALSE  The status says something else.
**/
BOOLEAN
IsRefused (
  IN EFI_STATUS  Status
  );

/**
  Print what a file system lacks.

  @param[in] Handle  A handle with EFI_SIMPLE_FILE_SYSTEM_PROTOCOL.
**/
VOID
ReportFileSystem (
  IN EFI_HANDLE  Handle
  );

/**
  Print text, and break the line before a word that does not fit into it.

  @param[in] Format  The text, as for Print().
  @param[in] ...     What the format needs.
**/
VOID
EFIAPI
Say (
  IN CONST CHAR16  *Format,
  ...
  );

/**
  Begin a new line.
**/
VOID
SayLine (
  VOID
  );

/**
  Print the name that a user knows a drive by.

  @param[in] Path  The text of the drive's device path, which is printed when the
                   machine has no name for the drive.
**/
VOID
SayDrive (
  IN CONST CHAR16  *Path
  );

/**
  Print the names of the drives that a device has, in parentheses.

  @param[in] Path  The text of the device's path. Nothing is printed when the
                   machine has no name for any of the drives.
**/
VOID
SayDrivesOf (
  IN CONST CHAR16  *Path
  );

/**
  Print a line for each device that could be booted from if it had a driver.
**/
VOID
ReportUnsupported (
  VOID
  );

/**
  Print what there is to boot from, why nothing of it runs, and whether the shell
  or the menu comes next.

  @param[in] HasShell  TRUE if the shell comes next, FALSE if the menu does.
**/
VOID
ReportNothingStarted (
  IN BOOLEAN  HasShell
  );

#endif
