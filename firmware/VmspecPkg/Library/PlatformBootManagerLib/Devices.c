/** @file
  Which devices a boot touches.

  This file decides what a device is, by its PCI class or its virtio type, which
  volume of drivers the device wants, and when the device is connected.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Guid/DriverVolume.h>
#include <IndustryStandard/Pci22.h>
#include <IndustryStandard/Virtio10.h>
#include <Library/BaseLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/QemuBootOrderLib.h>
#include <Library/QemuFwCfgLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/VolumeLib.h>
#include <Protocol/PciIo.h>
#include <Protocol/VirtioDevice.h>

//
// The first PCI device IDs of transitional and of modern virtio devices
//
#define VIRTIO_TRANSITIONAL  0x1000
#define VIRTIO_MODERN        0x1040

/**
  Tell what a virtio device is.

  @param[in] Type  The device type (virtio 1.2, 5).

  @return  The kind of device.
**/
STATIC
DEVICE_KIND
GetVirtioKind (
  IN UINT16  Type
  )
{
  switch (Type) {
    case VIRTIO_SUBSYSTEM_BLOCK_DEVICE:
      return DeviceKindVirtioBlk;
    case VIRTIO_SUBSYSTEM_CONSOLE:
      return DeviceKindVirtioSerial;
    case VIRTIO_SUBSYSTEM_ENTROPY_SOURCE:
      return DeviceKindVirtioRng;
    case VIRTIO_SUBSYSTEM_SCSI_HOST:
    case VIRTIO_SUBSYSTEM_FILESYSTEM:
      return DeviceKindStorage;
    case VIRTIO_SUBSYSTEM_GPU_DEVICE:
      return DeviceKindDisplay;
    case VIRTIO_SUBSYSTEM_INPUT:
      return DeviceKindVirtioInput;
    default:
      return DeviceKindOther;
  }
}

/**
  Tell what a PCI function is, by its class or its virtio type.

  The root bridges must be connected.

  @param[in] Handle  A handle with EFI_PCI_IO_PROTOCOL.

  @return  The kind of device; DeviceKindOther when it cannot be read.
**/
DEVICE_KIND
GetPciKind (
  IN EFI_HANDLE  Handle
  )
{
  EFI_PCI_IO_PROTOCOL  *PciIo;
  PCI_TYPE00           Pci;
  EFI_STATUS           Status;

  Status = gBS->HandleProtocol (
                  Handle,
                  &gEfiPciIoProtocolGuid,
                  (VOID **)&PciIo
                  );
  if (EFI_ERROR (Status)) {
    return DeviceKindOther;
  }

  Status = PciIo->Pci.Read (
                        PciIo,
                        EfiPciIoWidthUint32,
                        0,
                        sizeof (Pci) / sizeof (UINT32),
                        &Pci
                        );
  if (EFI_ERROR (Status)) {
    return DeviceKindOther;
  }

  if ((Pci.Hdr.VendorId == VIRTIO_VENDOR_ID) &&
      (Pci.Hdr.DeviceId >= VIRTIO_TRANSITIONAL))
  {
    return GetVirtioKind (
             Pci.Hdr.DeviceId >= VIRTIO_MODERN ?
             Pci.Hdr.DeviceId - VIRTIO_MODERN :
             Pci.Device.SubsystemID
             );
  }

  switch (Pci.Hdr.ClassCode[2]) {
    case PCI_CLASS_MASS_STORAGE:
      return DeviceKindStorage;
    case PCI_CLASS_DISPLAY:
      return DeviceKindDisplay;
    case PCI_CLASS_SERIAL:
      return Pci.Hdr.ClassCode[1] == PCI_CLASS_SERIAL_USB ?
             DeviceKindUsb : DeviceKindOther;
    default:
      return DeviceKindOther;
  }
}

/**
  Tell what a virtio-mmio transport is.

  Before its driver is connected, a virtio device on PCI does not have the
  protocol, so that GetPciKind() alone sees it.

  @param[in] Handle  A handle with VIRTIO_DEVICE_PROTOCOL.

  @return  The kind of device; DeviceKindOther when it cannot be read.
**/
STATIC
DEVICE_KIND
GetMmioKind (
  IN EFI_HANDLE  Handle
  )
{
  VIRTIO_DEVICE_PROTOCOL  *Device;
  EFI_STATUS              Status;

  Status = gBS->HandleProtocol (
                  Handle,
                  &gVirtioDeviceProtocolGuid,
                  (VOID **)&Device
                  );
  if (EFI_ERROR (Status)) {
    return DeviceKindOther;
  }

  return GetVirtioKind ((UINT16)Device->SubSystemDeviceId);
}

/**
  Dispatch the driver volumes that a kind of device wants.

  @param[in] Kind  The kind of device.
**/
STATIC
VOID
LoadVolumesForKind (
  IN DEVICE_KIND  Kind
  )
{
  switch (Kind) {
    case DeviceKindStorage:
      LoadDriverVolume (&gVmspecStorageVolumeGuid);
      break;
    case DeviceKindUsb:
      //
      // USB disks are SCSI disks, whose driver is in the storage volume.
      //
      LoadDriverVolume (&gVmspecStorageVolumeGuid);
      LoadDriverVolume (&gVmspecUsbVolumeGuid);
      break;
    case DeviceKindDisplay:
    case DeviceKindVirtioSerial:
    case DeviceKindVirtioInput:
      LoadDriverVolume (&gVmspecConsoleVolumeGuid);
      break;
    default:
      break;
  }
}

/**
  Dispatch the driver volumes that a PCI function wants.

  @param[in] Handle   A handle with EFI_PCI_IO_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
LoadVolumesForPci (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  LoadVolumesForKind (GetPciKind (Handle));
}

/**
  Dispatch the driver volumes that a virtio-mmio transport wants.

  @param[in] Handle   A handle with VIRTIO_DEVICE_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
LoadVolumesForMmio (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  LoadVolumesForKind (GetMmioKind (Handle));
}

/**
  Read fw_cfg's file "bootorder".

  The file has one OpenFirmware device path a line. The path of a network card has
  a node "ethernet".

  @return  What the user's "bootindex" properties ask for.
**/
BOOT_ORDER
GetBootOrder (
  VOID
  )
{
  BOOT_ORDER            Order;
  FIRMWARE_CONFIG_ITEM  Item;
  CHAR8                 *Paths;
  UINTN                 Size;

  if (RETURN_ERROR (QemuFwCfgFindFile ("bootorder", &Item, &Size)) ||
      (Size == 0))
  {
    return BootOrderNone;
  }

  Paths = AllocatePool (Size);
  if (Paths == NULL) {
    return BootOrderNone;
  }

  QemuFwCfgSelectItem (Item);
  QemuFwCfgReadBytes (Size, Paths);
  Paths[Size - 1] = '\0';

  Order = BootOrderNone;
  if (Paths[0] != '\0') {
    Order = (AsciiStrStr (Paths, "/ethernet") != NULL) ?
            BootOrderNetwork : BootOrderDisks;
  }

  FreePool (Paths);
  return Order;
}

/**
  Dispatch the driver volumes of the devices that this machine has, except for the
  network's.
**/
VOID
LoadVolumes (
  VOID
  )
{
  FIRMWARE_CONFIG_ITEM  Item;
  UINTN                 Size;

  ForEachHandle (&gEfiPciIoProtocolGuid, LoadVolumesForPci, NULL);
  ForEachHandle (&gVirtioDeviceProtocolGuid, LoadVolumesForMmio, NULL);
  if (!RETURN_ERROR (QemuFwCfgFindFile ("etc/ramfb", &Item, &Size))) {
    LoadDriverVolume (&gVmspecConsoleVolumeGuid);
  }
}

/**
  Dispatch the network's drivers if a network card has a "bootindex".

  DXE dispatches them only if EFI_RNG_PROTOCOL is there.
**/
VOID
LoadNetworkVolume (
  VOID
  )
{
  if (GetBootOrder () == BootOrderNetwork) {
    LoadDriverVolume (&gVmspecNetworkVolumeGuid);
  }
}

/**
  Connect a PCI function that is a display or a source of random numbers.

  @param[in] Handle   A handle with EFI_PCI_IO_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
ConnectPciIfEarly (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  switch (GetPciKind (Handle)) {
    case DeviceKindDisplay:
    case DeviceKindVirtioRng:
      gBS->ConnectController (Handle, NULL, NULL, FALSE);
      break;
    default:
      break;
  }
}

/**
  Connect a virtio-mmio transport that is a source of random numbers.

  @param[in] Handle   A handle with VIRTIO_DEVICE_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
ConnectMmioIfEarly (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  if (GetMmioKind (Handle) == DeviceKindVirtioRng) {
    gBS->ConnectController (Handle, NULL, NULL, FALSE);
  }
}

/**
  Connect displays and sources of random numbers.
**/
VOID
ConnectEarlyDevices (
  VOID
  )
{
  ForEachHandle (&gVirtioDeviceProtocolGuid, ConnectMmioIfEarly, NULL);
  ForEachHandle (&gEfiPciIoProtocolGuid, ConnectPciIfEarly, NULL);
}

/**
  Connect a PCI function that is a disk or has disks behind it.

  @param[in] Handle   A handle with EFI_PCI_IO_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
ConnectPciDisk (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  switch (GetPciKind (Handle)) {
    case DeviceKindVirtioBlk:
    case DeviceKindStorage:
    case DeviceKindUsb:
      gBS->ConnectController (Handle, NULL, NULL, TRUE);
      break;
    default:
      break;
  }
}

/**
  Connect a virtio-mmio transport that is a disk or has disks behind it.

  @param[in] Handle   A handle with VIRTIO_DEVICE_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
ConnectMmioDisk (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  DEVICE_KIND  Kind;

  Kind = GetMmioKind (Handle);
  if ((Kind == DeviceKindVirtioBlk) || (Kind == DeviceKindStorage)) {
    gBS->ConnectController (Handle, NULL, NULL, TRUE);
  }
}

/**
  Connect the devices with a "bootindex", or every disk when no device has one.
**/
VOID
ConnectBootDevices (
  VOID
  )
{
  if (!RETURN_ERROR (ConnectDevicesFromQemu ())) {
    return;
  }

  ForEachHandle (&gVirtioDeviceProtocolGuid, ConnectMmioDisk, NULL);
  ForEachHandle (&gEfiPciIoProtocolGuid, ConnectPciDisk, NULL);
}
