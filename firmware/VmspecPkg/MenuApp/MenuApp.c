/** @file
  The application that boot device selection starts as the menu.

  The menu and the drivers that draw it lie packed in a volume of their own. A
  boot that finds its loader never unpacks that volume.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <Guid/DriverVolume.h>
#include <Library/DxeServicesLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/VolumeLib.h>

//
// FILE_GUID of MdeModulePkg/Application/UiApp/UiApp.inf
//
STATIC EFI_GUID  mMenuFile = {
  0x462caa21, 0x7614, 0x4503, { 0x83, 0x6e, 0x8a, 0xb6, 0xf4, 0x66, 0x23, 0x31 }
};

/**
  Dispatch the menu's drivers and start the menu.

  The plain image has a volume with the shell, the image for Secure Boot one with
  the page for keys; LoadDriverVolume() does nothing for the one that is absent.

  @param[in] ImageHandle  This application's image.
  @param[in] SystemTable  The EFI system table.

  @return  What the menu returned, or why it could not be started.
**/
EFI_STATUS
EFIAPI
MenuAppEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;
  EFI_STATUS                Status;
  EFI_HANDLE                Menu;

  LoadDriverVolume (&gVmspecMenuVolumeGuid);
  LoadDriverVolume (&gVmspecShellVolumeGuid);
  LoadDriverVolume (&gVmspecKeysVolumeGuid);
  Status = GetFileDevicePathFromAnyFv (&mMenuFile, EFI_SECTION_PE32, 0, &Path);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  Status = gBS->LoadImage (FALSE, ImageHandle, Path, NULL, 0, &Menu);
  FreePool (Path);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  return gBS->StartImage (Menu, NULL, NULL);
}
