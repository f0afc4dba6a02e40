/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which devices a boot touches
 *
 * Owns what a device is by its PCI class or virtio type, which volume of
 * drivers it wants, and when it is connected.
 */

#include "Boot.h"

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

extern EFI_GUID gVmspecConsoleVolumeGuid;
extern EFI_GUID gVmspecNetworkVolumeGuid;
extern EFI_GUID gVmspecStorageVolumeGuid;
extern EFI_GUID gVmspecUsbVolumeGuid;

#define VIRTIO_TRANSITIONAL 0x1000
#define VIRTIO_MODERN 0x1040

/* virtio's device types (virtio 1.2, 5) */
static DeviceKind virtio_kind(UINT16 type)
{
    switch (type) {
    case VIRTIO_SUBSYSTEM_BLOCK_DEVICE:
        return DEVICE_VIRTIO_BLK;
    case VIRTIO_SUBSYSTEM_CONSOLE:
        return DEVICE_VIRTIO_SERIAL;
    case VIRTIO_SUBSYSTEM_ENTROPY_SOURCE:
        return DEVICE_VIRTIO_RNG;
    case VIRTIO_SUBSYSTEM_SCSI_HOST:
    case VIRTIO_SUBSYSTEM_FILESYSTEM:
        return DEVICE_STORAGE;
    case VIRTIO_SUBSYSTEM_GPU_DEVICE:
        return DEVICE_DISPLAY;
    case VIRTIO_SUBSYSTEM_INPUT:
        return DEVICE_VIRTIO_INPUT;
    default:
        return DEVICE_OTHER;
    }
}

DeviceKind pci_kind(EFI_HANDLE handle)
{
    EFI_PCI_IO_PROTOCOL *io;
    PCI_TYPE00 pci;

    if (EFI_ERROR(gBS->HandleProtocol(handle, &gEfiPciIoProtocolGuid,
                                      (VOID **)&io)) ||
        EFI_ERROR(io->Pci.Read(io, EfiPciIoWidthUint32, 0,
                               sizeof(pci) / sizeof(UINT32), &pci))) {
        return DEVICE_OTHER;
    }
    if (pci.Hdr.VendorId == VIRTIO_VENDOR_ID &&
        pci.Hdr.DeviceId >= VIRTIO_TRANSITIONAL) {
        return virtio_kind(pci.Hdr.DeviceId >= VIRTIO_MODERN ?
                           pci.Hdr.DeviceId - VIRTIO_MODERN :
                           pci.Device.SubsystemID);
    }
    switch (pci.Hdr.ClassCode[2]) {
    case PCI_CLASS_MASS_STORAGE:
        return DEVICE_STORAGE;
    case PCI_CLASS_DISPLAY:
        return DEVICE_DISPLAY;
    case PCI_CLASS_SERIAL:
        return pci.Hdr.ClassCode[1] == PCI_CLASS_SERIAL_USB ? DEVICE_USB :
                                                               DEVICE_OTHER;
    default:
        return DEVICE_OTHER;
    }
}

/* A transport of virtio-mmio; on PCI the driver is not connected yet. */
static DeviceKind mmio_kind(EFI_HANDLE handle)
{
    VIRTIO_DEVICE_PROTOCOL *device;

    if (EFI_ERROR(gBS->HandleProtocol(handle, &gVirtioDeviceProtocolGuid,
                                      (VOID **)&device))) {
        return DEVICE_OTHER;
    }
    return virtio_kind((UINT16)device->SubSystemDeviceId);
}

static VOID load_for(DeviceKind kind)
{
    switch (kind) {
    case DEVICE_STORAGE:
        volume_load(&gVmspecStorageVolumeGuid);
        break;
    case DEVICE_USB:
        /* USB disks are SCSI's. */
        volume_load(&gVmspecStorageVolumeGuid);
        volume_load(&gVmspecUsbVolumeGuid);
        break;
    case DEVICE_DISPLAY:
    case DEVICE_VIRTIO_SERIAL:
    case DEVICE_VIRTIO_INPUT:
        volume_load(&gVmspecConsoleVolumeGuid);
        break;
    default:
        break;
    }
}

static VOID load_for_pci(EFI_HANDLE handle)
{
    load_for(pci_kind(handle));
}

static VOID load_for_mmio(EFI_HANDLE handle)
{
    load_for(mmio_kind(handle));
}

/* fw_cfg's bootorder: a network card has the node "ethernet". */
BootOrder boot_order(VOID)
{
    BootOrder order = BOOT_ORDER_NONE;
    FIRMWARE_CONFIG_ITEM item;
    CHAR8 *paths;
    UINTN size;

    if (RETURN_ERROR(QemuFwCfgFindFile("bootorder", &item, &size)) || !size) {
        return BOOT_ORDER_NONE;
    }
    paths = AllocatePool(size);
    if (!paths) {
        return BOOT_ORDER_NONE;
    }
    QemuFwCfgSelectItem(item);
    QemuFwCfgReadBytes(size, paths);
    paths[size - 1] = '\0';
    if (*paths) {
        order = AsciiStrStr(paths, "/ethernet") ? BOOT_ORDER_NETWORK :
                                                  BOOT_ORDER_DISKS;
    }
    FreePool(paths);
    return order;
}

VOID load_volumes(VOID)
{
    FIRMWARE_CONFIG_ITEM item;
    UINTN size;

    for_each_handle(&gEfiPciIoProtocolGuid, load_for_pci);
    for_each_handle(&gVirtioDeviceProtocolGuid, load_for_mmio);
    if (!RETURN_ERROR(QemuFwCfgFindFile("etc/ramfb", &item, &size))) {
        volume_load(&gVmspecConsoleVolumeGuid);
    }
    if (boot_order() == BOOT_ORDER_NETWORK) {
        volume_load(&gVmspecNetworkVolumeGuid);
    }
}

static VOID connect_if_early(EFI_HANDLE handle)
{
    switch (pci_kind(handle)) {
    case DEVICE_DISPLAY:
    case DEVICE_VIRTIO_RNG:
        gBS->ConnectController(handle, NULL, NULL, FALSE);
        break;
    default:
        break;
    }
}

static VOID connect_mmio_if_early(EFI_HANDLE handle)
{
    if (mmio_kind(handle) == DEVICE_VIRTIO_RNG) {
        gBS->ConnectController(handle, NULL, NULL, FALSE);
    }
}

VOID connect_early_devices(VOID)
{
    for_each_handle(&gVirtioDeviceProtocolGuid, connect_mmio_if_early);
    for_each_handle(&gEfiPciIoProtocolGuid, connect_if_early);
}

static VOID connect_disk(EFI_HANDLE handle)
{
    switch (pci_kind(handle)) {
    case DEVICE_VIRTIO_BLK:
    case DEVICE_STORAGE:
    case DEVICE_USB:
        gBS->ConnectController(handle, NULL, NULL, TRUE);
        break;
    default:
        break;
    }
}

static VOID connect_mmio_disk(EFI_HANDLE handle)
{
    DeviceKind kind = mmio_kind(handle);

    if (kind == DEVICE_VIRTIO_BLK || kind == DEVICE_STORAGE) {
        gBS->ConnectController(handle, NULL, NULL, TRUE);
    }
}

VOID connect_boot_devices(VOID)
{
    if (!RETURN_ERROR(ConnectDevicesFromQemu())) {
        return;
    }
    for_each_handle(&gVirtioDeviceProtocolGuid, connect_mmio_disk);
    for_each_handle(&gEfiPciIoProtocolGuid, connect_disk);
}
