/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Consoles
 *
 * Owns ConIn, ConOut and ErrOut: always the UART, and what displays,
 * keyboards and virtio consoles there are, with no setting.
 */

#include "Boot.h"

#include <Guid/SerialPortLibVendor.h>
#include <Library/DevicePathLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/BaseMemoryLib.h>
#include <Library/UefiBootManagerLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/DevicePath.h>
#include <Protocol/GraphicsOutput.h>
#include <Protocol/PciIo.h>
#include <Protocol/VirtioDevice.h>

#define NODE(type, subtype, size) \
    { type, subtype, { (UINT8)(size), (UINT8)((size) >> 8) } }
#define END_NODE \
    NODE(END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, \
         END_DEVICE_PATH_LENGTH)

#pragma pack(1)
typedef struct SerialConsole {
    VENDOR_DEVICE_PATH port;
    UART_DEVICE_PATH uart;
    VENDOR_DEVICE_PATH terminal;
    EFI_DEVICE_PATH_PROTOCOL end;
} SerialConsole;

typedef struct UsbKeyboard {
    USB_CLASS_DEVICE_PATH keyboard;
    EFI_DEVICE_PATH_PROTOCOL end;
} UsbKeyboard;
#pragma pack()

static SerialConsole serial_console = {
    { NODE(HARDWARE_DEVICE_PATH, HW_VENDOR_DP, sizeof(VENDOR_DEVICE_PATH)),
      EDKII_SERIAL_PORT_LIB_VENDOR_GUID },
    { NODE(MESSAGING_DEVICE_PATH, MSG_UART_DP, sizeof(UART_DEVICE_PATH)), 0,
      FixedPcdGet64(PcdUartDefaultBaudRate),
      FixedPcdGet8(PcdUartDefaultDataBits),
      FixedPcdGet8(PcdUartDefaultParity),
      FixedPcdGet8(PcdUartDefaultStopBits) },
    { NODE(MESSAGING_DEVICE_PATH, MSG_VENDOR_DP, sizeof(VENDOR_DEVICE_PATH)) },
    END_NODE,
};

/* Any USB keyboard with the boot protocol (HID 1.11, 4.2) */
static UsbKeyboard usb_keyboard = {
    { NODE(MESSAGING_DEVICE_PATH, MSG_USB_CLASS_DP,
           sizeof(USB_CLASS_DEVICE_PATH)),
      0xffff, 0xffff, 3, 1, 1 },
    END_NODE,
};

static VOID add(CONSOLE_TYPE type, VOID *path)
{
    EfiBootManagerUpdateConsoleVariable(type, path, NULL);
}

static VOID add_output(EFI_HANDLE handle)
{
    EFI_DEVICE_PATH_PROTOCOL *path = DevicePathFromHandle(handle);

    if (path) {
        add(ConOut, path);
        add(ErrOut, path);
    }
}

/* The first port of a virtio-serial device, with a terminal on it */
static VOID add_virtio_serial(EFI_HANDLE handle)
{
    static ACPI_HID_DEVICE_PATH port = {
        NODE(ACPI_DEVICE_PATH, ACPI_DP, sizeof(ACPI_HID_DEVICE_PATH)),
        EISA_PNP_ID(0x0501), 0
    };
    static UART_DEVICE_PATH uart = {
        NODE(MESSAGING_DEVICE_PATH, MSG_UART_DP, sizeof(UART_DEVICE_PATH)),
        0, 115200, 8, 1, 1
    };
    EFI_DEVICE_PATH_PROTOCOL *path = DevicePathFromHandle(handle);
    VOID *const nodes[] = { &port, &uart, &serial_console.terminal };

    gBS->ConnectController(handle, NULL, NULL, FALSE);
    for (UINTN i = 0; path && i < ARRAY_SIZE(nodes); i++) {
        EFI_DEVICE_PATH_PROTOCOL *longer = AppendDevicePathNode(path, nodes[i]);

        if (i) {
            FreePool(path);
        }
        path = longer;
    }
    if (path) {
        add(ConIn, path);
        add(ConOut, path);
        add(ErrOut, path);
        FreePool(path);
    }
}

static VOID add_pci_console(EFI_HANDLE handle)
{
    EFI_DEVICE_PATH_PROTOCOL *path;

    switch (pci_kind(handle)) {
    case DEVICE_VIRTIO_SERIAL:
        add_virtio_serial(handle);
        break;
    case DEVICE_VIRTIO_INPUT:
        gBS->ConnectController(handle, NULL, NULL, TRUE);
        path = DevicePathFromHandle(handle);
        if (path) {
            add(ConIn, path);
        }
        break;
    case DEVICE_USB:
        add(ConIn, &usb_keyboard);
        break;
    default:
        break;
    }
}

VOID add_consoles(VOID)
{
    CopyGuid(&serial_console.terminal.Guid,
             PcdGetPtr(PcdTerminalTypeGuidBuffer));
    add(ConIn, &serial_console);
    add(ConOut, &serial_console);
    add(ErrOut, &serial_console);
    for_each_handle(&gEfiGraphicsOutputProtocolGuid, add_output);
    for_each_handle(&gEfiPciIoProtocolGuid, add_pci_console);
}
