/** @file
  What a boot does between DXE and the OS.

  EDK2's boot device selection calls these functions around its own steps. A boot
  that finds its loader does nothing else: it shows no logo, waits for no key and
  connects no device that it does not boot from.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Guid/DriverVolume.h>
#include <Guid/EventGroup.h>
#include <Guid/RootBridgesConnectedEventGroup.h>
#include <Library/DxeServicesLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/PlatformBootManagerLib.h>
#include <Library/QemuBootOrderLib.h>
#include <Library/QemuFwCfgSimpleParserLib.h>
#include <Library/QemuLoadImageLib.h>
#include <Library/TpmPlatformHierarchyLib.h>
#include <Library/UefiBootManagerLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/UefiLib.h>
#include <Library/VolumeLib.h>
#include <Protocol/LoadedImage.h>
#include <Protocol/MemoryAttribute.h>
#include <Protocol/PciRootBridgeIo.h>

extern EFI_GUID  gUefiShellFileGuid;

//
// The shell does not wait before it runs startup.nsh.
//
STATIC CHAR16  mShellArguments[] = L"-delay 0";

//
// The console's own ClearScreen(), while ClearNothingOnce() stands in for it.
//
STATIC EFI_TEXT_CLEAR_SCREEN  mClearScreen;

/**
  Connect a PCI root bridge, so that its functions have EFI_PCI_IO_PROTOCOL.

  @param[in] Handle   The root bridge.
  @param[in] Context  Not used.
**/
STATIC
VOID
ConnectBus (
  IN EFI_HANDLE  Handle,
  IN VOID        *Context
  )
{
  gBS->ConnectController (Handle, NULL, NULL, FALSE);
}

/**
  Make F2 and Esc lead to the menu while the firmware waits.

  The firmware waits only if the user gave QEMU "-boot menu=on" or
  "-boot splash-time=".
**/
STATIC
VOID
AddMenuKeys (
  VOID
  )
{
  STATIC EFI_INPUT_KEY          KeyF2    = { SCAN_F2, CHAR_NULL };
  STATIC EFI_INPUT_KEY          KeyEsc   = { SCAN_ESC, CHAR_NULL };
  STATIC EFI_INPUT_KEY          KeyEnter = { SCAN_NULL, CHAR_CARRIAGE_RETURN };
  EFI_BOOT_MANAGER_LOAD_OPTION  Menu;

  EfiBootManagerRegisterContinueKeyOption (0, &KeyEnter, NULL);
  if (EFI_ERROR (EfiBootManagerGetBootManagerMenu (&Menu))) {
    return;
  }

  EfiBootManagerAddKeyOptionVariable (
    NULL,
    (UINT16)Menu.OptionNumber,
    0,
    &KeyF2,
    NULL
    );
  EfiBootManagerAddKeyOptionVariable (
    NULL,
    (UINT16)Menu.OptionNumber,
    0,
    &KeyEsc,
    NULL
    );
  EfiBootManagerFreeLoadOption (&Menu);
}

/**
  Do what must be done before the consoles are connected.

  Only when the root bridges are connected do BARs have their addresses, and only
  then can the ACPI tables be fetched. The event group for that is signalled here.
**/
VOID
EFIAPI
PlatformBootManagerBeforeConsole (
  VOID
  )
{
  UINT16  Timeout;

  Timeout = GetFrontPageTimeoutFromQemu ();

  EfiEventGroupSignal (&gEfiEndOfDxeEventGroupGuid);
  ConfigureTpmPlatformHierarchy ();
  EfiBootManagerDispatchDeferredImages ();

  ForEachHandle (&gEfiPciRootBridgeIoProtocolGuid, ConnectBus, NULL);
  EfiEventGroupSignal (&gRootBridgesConnectedEventGroupGuid);

  LoadVolumes ();
  ConnectEarlyDevices ();
  AddRandom ();
  LoadNetworkVolume ();
  AddConsoles ();
  AddSettings ();
  if (Timeout != 0) {
    PcdSet16S (PcdPlatformBootTimeOut, Timeout);
    AddMenuKeys ();
  }
}

/**
  Remove EFI_MEMORY_ATTRIBUTE_PROTOCOL.

  Loaders in the field that misuse the protocol stop when it is there. A file of
  fw_cfg overrides the PCD, as in EDK2's platform for the machine virt.
**/
STATIC
VOID
RemoveMemoryAttributeProtocol (
  VOID
  )
{
  BOOLEAN     Remove;
  UINTN       Size;
  EFI_HANDLE  Handle;
  VOID        *Interface;
  EFI_STATUS  Status;

  Remove = FixedPcdGetBool (PcdUninstallMemAttrProtocol);
  QemuFwCfgParseBool ("opt/org.tianocore/UninstallMemAttrProtocol", &Remove);
  if (!Remove) {
    return;
  }

  Size   = sizeof (EFI_HANDLE);
  Status = gBS->LocateHandle (
                  ByProtocol,
                  &gEfiMemoryAttributeProtocolGuid,
                  NULL,
                  &Size,
                  &Handle
                  );
  if (EFI_ERROR (Status)) {
    return;
  }

  Status = gBS->HandleProtocol (
                  Handle,
                  &gEfiMemoryAttributeProtocolGuid,
                  &Interface
                  );
  if (!EFI_ERROR (Status)) {
    gBS->UninstallProtocolInterface (
           Handle,
           &gEfiMemoryAttributeProtocolGuid,
           Interface
           );
  }
}

/**
  Start the kernel of QEMU's options -kernel, -initrd and -append.

  The function returns when there is none, or when the kernel did not run.
**/
STATIC
VOID
StartKernel (
  VOID
  )
{
  EFI_STATUS  Status;
  EFI_HANDLE  Kernel;

  Status = QemuLoadKernelImage (&Kernel);
  if (Status == EFI_NOT_FOUND) {
    return;
  }

  if (!EFI_ERROR (Status)) {
    EfiSignalEventReadyToBoot ();
    Status = QemuStartKernelImage (&Kernel);
    QemuUnloadKernelImage (Kernel);
  }

  if (IsRefused (Status)) {
    Print (
      L"vmspec: -kernel: the kernel is refused by Secure Boot: not "
      L"signed by a key in db, or revoked in dbx\r\n"
      );
  } else {
    Print (
      L"vmspec: -kernel: the kernel did not run as an EFI "
      L"application: %r\r\n",
      Status
      );
  }
}

/**
  Do what must be done after the consoles are connected.
**/
VOID
EFIAPI
PlatformBootManagerAfterConsole (
  VOID
  )
{
  RemoveMemoryAttributeProtocol ();
  StartKernel ();
  ConnectBootDevices ();
  EfiBootManagerRefreshAllBootOption ();
  SetBootOrderFromQemu ();
}

/**
  Show how long the firmware still waits for a key.

  @param[in] TimeoutRemain  The seconds that remain.
**/
VOID
EFIAPI
PlatformBootManagerWaitCallback (
  IN UINT16  TimeoutRemain
  )
{
  Print (
    L"\rvmspec: Esc or F2 for the menu, Enter to go on (%d s) ",
    TimeoutRemain
    );
}

/**
  Ignore one call of ClearScreen().

  @param[in] ConOut  The console.

  @retval EFI_SUCCESS  The console's own ClearScreen() is back in place.
**/
STATIC
EFI_STATUS
EFIAPI
ClearNothingOnce (
  IN EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL  *ConOut
  )
{
  ConOut->ClearScreen = mClearScreen;
  return EFI_SUCCESS;
}

/**
  Keep the line that says why nothing started.

  The shell clears the screen first, and would clear that line with it.
**/
STATIC
VOID
KeepScreenOnce (
  VOID
  )
{
  if (gST->ConOut != NULL) {
    mClearScreen             = gST->ConOut->ClearScreen;
    gST->ConOut->ClearScreen = ClearNothingOnce;
  }
}

/**
  Find an application in the firmware volumes.

  @param[in] File  The name of the application's file.

  @return  The application's path, which the caller frees; NULL if no volume has it.
**/
STATIC
EFI_DEVICE_PATH_PROTOCOL *
FindApplication (
  IN EFI_GUID  *File
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;
  EFI_STATUS                Status;

  Status = GetFileDevicePathFromAnyFv (File, EFI_SECTION_PE32, 0, &Path);
  return EFI_ERROR (Status) ? NULL : Path;
}

/**
  Wait for a key, so that the user can read the line that says why.

  The menu clears the screen, and clears that line with it.
**/
STATIC
VOID
WaitForKey (
  VOID
  )
{
  EFI_INPUT_KEY  Key;
  UINTN          Index;

  gBS->WaitForEvent (1, &gST->ConIn->WaitForKey, &Index);
  gST->ConIn->ReadKeyStroke (gST->ConIn, &Key);
}

/**
  Start an application of the firmware volumes.

  EfiBootManagerBoot() would write a boot option to a variable first, and start
  nothing if the variable store cannot be written.

  @param[in] Path  The application's path.
  @param[in] Arguments  Its load options, or NULL.
  @param[in] Size  Bytes of the arguments.

  @return  What the application returned, or why it could not be loaded.
**/
STATIC
EFI_STATUS
StartApplication (
  IN EFI_DEVICE_PATH_PROTOCOL  *Path,
  IN VOID                      *Arguments,
  IN UINTN                     Size
  )
{
  EFI_LOADED_IMAGE_PROTOCOL  *Info;
  EFI_HANDLE                 Image;
  EFI_STATUS                 Status;

  Status = gBS->LoadImage (TRUE, gImageHandle, Path, NULL, 0, &Image);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  Status = gBS->HandleProtocol (
                  Image,
                  &gEfiLoadedImageProtocolGuid,
                  (VOID **)&Info
                  );
  if (EFI_ERROR (Status)) {
    gBS->UnloadImage (Image);
    return Status;
  }

  Info->LoadOptions     = Arguments;
  Info->LoadOptionsSize = (UINT32)Size;
  return gBS->StartImage (Image, NULL, NULL);
}

/**
  Say why nothing started, then start the shell, or else the menu.
**/
VOID
EFIAPI
PlatformBootManagerUnableToBoot (
  VOID
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Menu;
  EFI_DEVICE_PATH_PROTOCOL  *Shell;
  EFI_STATUS                Status;

  LoadDriverVolume (&gVmspecShellVolumeGuid);
  Shell = FindApplication (&gUefiShellFileGuid);
  ReportNothingStarted (Shell != NULL);
  if (Shell != NULL) {
    KeepScreenOnce ();
    EfiSignalEventReadyToBoot ();
    StartApplication (Shell, mShellArguments, sizeof (mShellArguments));
    FreePool (Shell);
  } else {
    WaitForKey ();
  }

  Menu = FindApplication (PcdGetPtr (PcdBootManagerMenuFile));
  if (Menu == NULL) {
    return;
  }

  do {
    Status = StartApplication (Menu, NULL, 0);
  } while (!EFI_ERROR (Status));

  FreePool (Menu);
}
