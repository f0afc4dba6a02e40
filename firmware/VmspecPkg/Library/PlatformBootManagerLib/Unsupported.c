/** @file
  Devices that the firmware has no driver for.

  This file names them when nothing started, and what to use in their place.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <IndustryStandard/Pci22.h>
#include <Library/DevicePathLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/PciIo.h>
#include <Protocol/UsbIo.h>

#define SYSTEM_PERIPHERAL_SD  0x05

//
// USB Attached SCSI (USB mass storage class, revision 1.4)
//
#define USB_CLASS_STORAGE  0x08
#define USB_PROTOCOL_UAS   0x62

typedef struct {
  UINT16          VendorId;
  UINT16          DeviceId;
  CONST CHAR16    *Name;    ///< QEMU's name.
} KNOWN_DEVICE;

STATIC CONST KNOWN_DEVICE  mKnownDevices[] = {
  { 0x1000, 0x0079, L"megasas-gen2" },
  { 0x1000, 0x0060, L"megasas"      },
  { 0x10ec, 0x8139, L"rtl8139"      },
  { 0x15ad, 0x07b0, L"vmxnet3"      },
  { 0x1b36, 0x0007, L"sdhci-pci"    },
  { 0x8086, 0x100e, L"e1000"        },
  { 0x8086, 0x10c9, L"igb"          },
  { 0x8086, 0x10d3, L"e1000e"       }
};

/**
  Tell whether no driver takes a device.

  ConnectController() finds no driver for a device that a driver manages already,
  too.

  @param[in] Handle  The device, a PCI function.

  @retval TRUE   No driver supports the device.
  @retval FALSE  A driver manages it.
**/
STATIC
BOOLEAN
HasNoDriver (
  IN EFI_HANDLE  Handle
  )
{
  EFI_OPEN_PROTOCOL_INFORMATION_ENTRY  *Users;
  UINTN                                Count;
  BOOLEAN                              Managed;

  if (gBS->ConnectController (Handle, NULL, NULL, FALSE) != EFI_NOT_FOUND) {
    return FALSE;
  }

  if (EFI_ERROR (
        gBS->OpenProtocolInformation (
               Handle,
               &gEfiPciIoProtocolGuid,
               &Users,
               &Count
               )
        ))
  {
    return TRUE;
  }

  Managed = FALSE;
  while (Count-- > 0) {
    if ((Users[Count].Attributes & EFI_OPEN_PROTOCOL_BY_DRIVER) != 0) {
      Managed = TRUE;
    }
  }

  FreePool (Users);
  return !Managed;
}

/**
  Tell what a user can take in place of a device.

  @param[in] Pci  The device's configuration space header.

  @return  QEMU's name of the other device; NULL when the device is of a kind that
           the firmware does not boot from.
**/
STATIC
CONST CHAR16 *
GetReplacement (
  IN PCI_DEVICE_INDEPENDENT_REGION  *Pci
  )
{
  switch (Pci->ClassCode[2]) {
    case PCI_CLASS_MASS_STORAGE:
      return L"virtio-scsi-pci";
    case PCI_CLASS_NETWORK:
      return (GetBootOrder () == BootOrderNetwork) ? L"virtio-net-pci" : NULL;
    case PCI_CLASS_SYSTEM_PERIPHERAL:
      return (Pci->ClassCode[1] == SYSTEM_PERIPHERAL_SD) ?
             L"virtio-blk-pci" : NULL;
    default:
      return NULL;
  }
}

/**
  Print the end of the line that names a device without a driver.

  @param[in] Handle       The device.
  @param[in] Replacement  QEMU's name of the device to use.
**/
STATIC
VOID
SayNoDriver (
  IN EFI_HANDLE    Handle,
  IN CONST CHAR16  *Replacement
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;
  CHAR16                    *Text;

  Path = DevicePathFromHandle (Handle);
  Text = (Path != NULL) ? ConvertDevicePathToText (Path, TRUE, TRUE) : NULL;
  if (Text != NULL) {
    SayDrivesOf (Text);
    FreePool (Text);
  }

  Say (L": the firmware has no driver for it; use %s", Replacement);
}

/**
  Print the name of a PCI function that could be booted from if it had a driver.

  @param[in] Handle   A handle with EFI_PCI_IO_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
ReportPci (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  EFI_PCI_IO_PROTOCOL            *PciIo;
  PCI_DEVICE_INDEPENDENT_REGION  Pci;
  CONST CHAR16                   *Replacement;
  UINTN                          Index;
  EFI_STATUS                     Status;

  Status = gBS->HandleProtocol (Handle, &gEfiPciIoProtocolGuid, (VOID **)&PciIo);
  if (EFI_ERROR (Status) ||
      EFI_ERROR (
        PciIo->Pci.Read (
                     PciIo,
                     EfiPciIoWidthUint32,
                     0,
                     sizeof (Pci) / sizeof (UINT32),
                     &Pci
                     )
        ))
  {
    return;
  }

  Replacement = GetReplacement (&Pci);
  if ((Replacement == NULL) || !HasNoDriver (Handle)) {
    return;
  }

  SayLine ();
  for (Index = 0; Index < ARRAY_SIZE (mKnownDevices); Index++) {
    if ((mKnownDevices[Index].VendorId == Pci.VendorId) &&
        (mKnownDevices[Index].DeviceId == Pci.DeviceId))
    {
      Say (L"%s", mKnownDevices[Index].Name);
      break;
    }
  }

  if (Index == ARRAY_SIZE (mKnownDevices)) {
    Say (L"PCI device %04x:%04x", Pci.VendorId, Pci.DeviceId);
  }

  SayNoDriver (Handle, Replacement);
}

/**
  Say that a USB interface is a disk of the kind that has no driver.

  @param[in] Handle   A handle with EFI_USB_IO_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
ReportUsb (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  EFI_USB_IO_PROTOCOL           *UsbIo;
  EFI_USB_INTERFACE_DESCRIPTOR  Interface;
  EFI_STATUS                    Status;

  Status = gBS->HandleProtocol (Handle, &gEfiUsbIoProtocolGuid, (VOID **)&UsbIo);
  if (EFI_ERROR (Status) ||
      EFI_ERROR (UsbIo->UsbGetInterfaceDescriptor (UsbIo, &Interface)) ||
      (Interface.InterfaceClass != USB_CLASS_STORAGE) ||
      (Interface.InterfaceProtocol != USB_PROTOCOL_UAS))
  {
    return;
  }

  SayLine ();
  Say (L"usb-uas");
  SayNoDriver (Handle, L"usb-storage");
}

/**
  Print a line for each device that could be booted from if it had a driver.
**/
VOID
ReportUnsupported (
  VOID
  )
{
  ForEachHandle (&gEfiPciIoProtocolGuid, ReportPci, NULL);
  ForEachHandle (&gEfiUsbIoProtocolGuid, ReportUsb, NULL);
}
