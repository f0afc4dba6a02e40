/** @file
  Consoles.

  This file writes ConIn, ConOut and ErrOut: always the UART, and every display,
  keyboard and virtio console that the machine has. There is no setting for it.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Guid/SerialPortLibVendor.h>
#include <Library/BaseMemoryLib.h>
#include <Library/DevicePathLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/UefiBootManagerLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/DevicePath.h>
#include <Protocol/GraphicsOutput.h>
#include <Protocol/PciIo.h>
#include <Protocol/SimpleTextIn.h>
#include <Protocol/UsbIo.h>
#include <Protocol/VirtioDevice.h>

#define NODE(Type, SubType, Size) \
  { (Type), (SubType), { (UINT8)(Size), (UINT8)((Size) >> 8) } }

#define END_NODE \
  NODE (END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, END_DEVICE_PATH_LENGTH)

#pragma pack (1)
typedef struct {
  VENDOR_DEVICE_PATH          Port;
  UART_DEVICE_PATH            Uart;
  VENDOR_DEVICE_PATH          Terminal;
  EFI_DEVICE_PATH_PROTOCOL    End;
} SERIAL_CONSOLE_PATH;

typedef struct {
  USB_CLASS_DEVICE_PATH       Keyboard;
  EFI_DEVICE_PATH_PROTOCOL    End;
} USB_KEYBOARD_PATH;
#pragma pack ()

STATIC SERIAL_CONSOLE_PATH  mSerialConsole = {
  {
    NODE (HARDWARE_DEVICE_PATH, HW_VENDOR_DP, sizeof (VENDOR_DEVICE_PATH)),
    EDKII_SERIAL_PORT_LIB_VENDOR_GUID
  },
  {
    NODE (MESSAGING_DEVICE_PATH, MSG_UART_DP, sizeof (UART_DEVICE_PATH)),
    0, // Reserved
    FixedPcdGet64 (PcdUartDefaultBaudRate),
    FixedPcdGet8 (PcdUartDefaultDataBits),
    FixedPcdGet8 (PcdUartDefaultParity),
    FixedPcdGet8 (PcdUartDefaultStopBits)
  },
  {
    NODE (MESSAGING_DEVICE_PATH, MSG_VENDOR_DP, sizeof (VENDOR_DEVICE_PATH))
    // AddConsoles() writes the GUID
  },
  END_NODE
};

//
// Any USB keyboard with the boot protocol (HID 1.11, 4.2)
//
STATIC USB_KEYBOARD_PATH  mUsbKeyboard = {
  {
    NODE (MESSAGING_DEVICE_PATH, MSG_USB_CLASS_DP, sizeof (USB_CLASS_DEVICE_PATH)),
    0xffff, // VendorId: any
    0xffff, // ProductId: any
    3,      // DeviceClass: HID
    1,      // DeviceSubClass: boot
    1       // DeviceProtocol: keyboard
  },
  END_NODE
};

//
// The first port of a virtio-serial device, and the UART that is played on it
//
STATIC ACPI_HID_DEVICE_PATH  mVirtioSerialPort = {
  NODE (ACPI_DEVICE_PATH, ACPI_DP, sizeof (ACPI_HID_DEVICE_PATH)),
  EISA_PNP_ID (0x0501),
  0
};

STATIC UART_DEVICE_PATH  mVirtioSerialUart = {
  NODE (MESSAGING_DEVICE_PATH, MSG_UART_DP, sizeof (UART_DEVICE_PATH)),
  0,      // Reserved
  115200, // BaudRate
  8,      // DataBits
  1,      // Parity: none
  1       // StopBits
};

STATIC VOID *CONST  mVirtioSerialNodes[] = {
  &mVirtioSerialPort,
  &mVirtioSerialUart,
  &mSerialConsole.Terminal
};

//
// By CONSOLE_TYPE: what ConPlatformDxe marks the devices of each variable with
//
STATIC EFI_GUID *CONST  mMarks[] = {
  &gEfiConsoleInDeviceGuid,
  &gEfiConsoleOutDeviceGuid,
  &gEfiStandardErrorDeviceGuid
};

/**
  Use a device as a console without the variable.

  A variable store that cannot be written lacks some of the three or all, and UEFI
  fixes their attributes, so that they cannot be volatile instead. ConSplitterDxe
  takes each device that has the mark as a protocol.

  @param[in] Type    The variable that cannot be written.
  @param[in] Handle  The device.
**/
STATIC
VOID
MarkConsole (
  IN CONSOLE_TYPE  Type,
  IN EFI_HANDLE    Handle
  )
{
  gBS->InstallProtocolInterface (
         &Handle,
         mMarks[Type],
         EFI_NATIVE_INTERFACE,
         NULL
         );
  gBS->ConnectController (Handle, NULL, NULL, TRUE);
}

/**
  Add a device path to a console variable, or use the device without.

  @param[in] Type  The variable.
  @param[in] Path  The device path of one device.
**/
STATIC
VOID
AddPath (
  IN CONSOLE_TYPE  Type,
  IN VOID          *Path
  )
{
  EFI_HANDLE  Handle;

  if (EFI_ERROR (EfiBootManagerUpdateConsoleVariable (Type, Path, NULL)) &&
      !EFI_ERROR (EfiBootManagerConnectDevicePath (Path, &Handle)))
  {
    MarkConsole (Type, Handle);
  }
}

/**
  Use a keyboard as a console if it is one on USB.

  @param[in] Handle   A handle with EFI_SIMPLE_TEXT_INPUT_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
MarkUsbKeyboard (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  VOID  *UsbIo;

  if (!EFI_ERROR (
         gBS->HandleProtocol (Handle, &gEfiUsbIoProtocolGuid, &UsbIo)
         ))
  {
    MarkConsole (ConIn, Handle);
  }
}

/**
  Use the keyboards behind a USB controller as consoles.

  @param[in] Handle  The controller, a handle with EFI_PCI_IO_PROTOCOL.
**/
STATIC
VOID
AddUsb (
  IN EFI_HANDLE  Handle
  )
{
  EFI_STATUS  Status;

  Status = EfiBootManagerUpdateConsoleVariable (
             ConIn,
             (EFI_DEVICE_PATH_PROTOCOL *)&mUsbKeyboard,
             NULL
             );
  if (EFI_ERROR (Status)) {
    gBS->ConnectController (Handle, NULL, NULL, TRUE);
    ForEachHandle (&gEfiSimpleTextInProtocolGuid, MarkUsbKeyboard, NULL);
  }
}

/**
  Use a display as a console.

  @param[in] Handle   The display, a handle with EFI_GRAPHICS_OUTPUT_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
AddOutput (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;

  Path = DevicePathFromHandle (Handle);
  if (Path != NULL) {
    AddPath (ConOut, Path);
    AddPath (ErrOut, Path);
  }
}

/**
  Use the first port of a virtio-serial device as a console, with a terminal on
  it.

  @param[in] Handle  The device, a handle with EFI_PCI_IO_PROTOCOL.
**/
STATIC
VOID
AddVirtioSerial (
  IN EFI_HANDLE  Handle
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;
  EFI_DEVICE_PATH_PROTOCOL  *Longer;
  UINTN                     Index;

  Path = DevicePathFromHandle (Handle);
  gBS->ConnectController (Handle, NULL, NULL, FALSE);
  for (Index = 0; Path != NULL && Index < ARRAY_SIZE (mVirtioSerialNodes); Index++) {
    Longer = AppendDevicePathNode (Path, mVirtioSerialNodes[Index]);
    if (Index > 0) {
      FreePool (Path);
    }

    Path = Longer;
  }

  if (Path != NULL) {
    AddPath (ConIn, Path);
    AddPath (ConOut, Path);
    AddPath (ErrOut, Path);
    FreePool (Path);
  }
}

/**
  Use a PCI function as a console, if it is one.

  @param[in] Handle   The function, a handle with EFI_PCI_IO_PROTOCOL.
  @param[in] Context  Not used.
**/
STATIC
VOID
AddPciConsole (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;

  switch (GetPciKind (Handle)) {
    case DeviceKindVirtioSerial:
      AddVirtioSerial (Handle);
      break;
    case DeviceKindVirtioInput:
      gBS->ConnectController (Handle, NULL, NULL, TRUE);
      Path = DevicePathFromHandle (Handle);
      if (Path != NULL) {
        AddPath (ConIn, Path);
      }

      break;
    case DeviceKindUsb:
      AddUsb (Handle);
      break;
    default:
      break;
  }
}

/**
  Write the variables ConIn, ConOut and ErrOut.

  The consoles of a variable that cannot be written work all the same.
**/
VOID
AddConsoles (
  VOID
  )
{
  CopyGuid (&mSerialConsole.Terminal.Guid, PcdGetPtr (PcdTerminalTypeGuidBuffer));
  AddPath (ConIn, &mSerialConsole);
  AddPath (ConOut, &mSerialConsole);
  AddPath (ErrOut, &mSerialConsole);
  ForEachHandle (&gEfiGraphicsOutputProtocolGuid, AddOutput, NULL);
  ForEachHandle (&gEfiPciIoProtocolGuid, AddPciConsole, NULL);
}
