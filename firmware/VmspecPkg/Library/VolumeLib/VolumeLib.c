/** @file
  Dispatch of drivers that few guests need.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <Library/BaseMemoryLib.h>
#include <Library/DxeServicesLib.h>
#include <Library/DxeServicesTableLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/VolumeLib.h>

extern EFI_GUID  gVmspecTokenSpaceGuid;

/**
  Tell whether a volume was dispatched.

  Other modules link with this library too, so a variable would not do:
  MarkLoaded() installs a protocol that has the volume's own name.

  @param[in] Name  The volume's name.

  @retval TRUE   The volume's drivers were dispatched before.
  @retval FALSE  They were not.
**/
STATIC
BOOLEAN
IsLoaded (
  IN EFI_GUID  *Name
  )
{
  VOID  *Interface;

  return !EFI_ERROR (gBS->LocateProtocol (Name, NULL, &Interface));
}

/**
  Note that a volume was dispatched.

  @param[in] Name  The volume's name.
**/
STATIC
VOID
MarkLoaded (
  IN EFI_GUID  *Name
  )
{
  EFI_HANDLE  Handle;

  Handle = NULL;
  gBS->InstallProtocolInterface (&Handle, Name, EFI_NATIVE_INTERFACE, NULL);
}

/**
  Map the part of the flash that holds the volumes, and have DXE list its files.

  The first call does this; each other call does nothing.
**/
STATIC
VOID
FindVolumes (
  VOID
  )
{
  EFI_PHYSICAL_ADDRESS  Base;
  UINT64                Size;
  UINT64                Attributes;
  EFI_HANDLE            Handle;
  EFI_STATUS            Status;

  if (IsLoaded (&gVmspecTokenSpaceGuid)) {
    return;
  }

  MarkLoaded (&gVmspecTokenSpaceGuid);

  Base       = FixedPcdGet64 (PcdVolumesBase);
  Size       = FixedPcdGet32 (PcdVolumesSize);
  Attributes = EFI_MEMORY_WB | EFI_MEMORY_RO | EFI_MEMORY_XP;
  Status     = gDS->AddMemorySpace (
                      EfiGcdMemoryTypeMemoryMappedIo,
                      Base,
                      Size,
                      Attributes
                      );
  if (EFI_ERROR (Status)) {
    return;
  }

  Status = gDS->SetMemorySpaceAttributes (Base, Size, Attributes);
  if (!EFI_ERROR (Status)) {
    gDS->ProcessFirmwareVolume ((VOID *)(UINTN)Base, (UINTN)Size, &Handle);
  }
}

/**
  Copy a volume out of the flash, to the alignment that its header asks for.

  @param[in] Name  The volume's name.

  @return  The copy, which the caller owns; NULL when there is no such volume or
           no memory for the copy.
**/
STATIC
EFI_FIRMWARE_VOLUME_HEADER *
ReadVolume (
  IN EFI_GUID  *Name
  )
{
  EFI_FIRMWARE_VOLUME_HEADER  *Volume;
  VOID                        *Section;
  UINTN                       Alignment;
  UINTN                       Size;
  EFI_STATUS                  Status;

  Status = GetSectionFromAnyFv (
             Name,
             EFI_SECTION_FIRMWARE_VOLUME_IMAGE,
             0,
             &Section,
             &Size
             );
  if (EFI_ERROR (Status)) {
    return NULL;
  }

  Volume    = Section;
  Alignment = (UINTN)1 << ((Volume->Attributes & EFI_FVB2_ALIGNMENT) >> 16);
  Volume    = AllocateAlignedPages (EFI_SIZE_TO_PAGES (Size), Alignment);
  if (Volume != NULL) {
    CopyMem (Volume, Section, Size);
  }

  FreePool (Section);
  return Volume;
}

/**
  Dispatch the drivers of one volume.

  The caller runs at TPL_APPLICATION, after DXE's own dispatch. The function
  does nothing when the volume was dispatched before, or when the firmware image
  has no volume of this name.

  @param[in] Name  The name of the file that holds the volume, one of those in
                   Guid/DriverVolume.h.
**/
VOID
EFIAPI
LoadDriverVolume (
  IN EFI_GUID  *Name
  )
{
  EFI_FIRMWARE_VOLUME_HEADER  *Volume;
  EFI_HANDLE                  Handle;
  EFI_STATUS                  Status;

  if (IsLoaded (Name)) {
    return;
  }

  FindVolumes ();
  Volume = ReadVolume (Name);
  if (Volume == NULL) {
    return;
  }

  //
  // Nobody frees the copy: DXE reads the volume's drivers from it.
  //
  Status = gDS->ProcessFirmwareVolume (
                  Volume,
                  (UINTN)Volume->FvLength,
                  &Handle
                  );
  if (!EFI_ERROR (Status)) {
    MarkLoaded (Name);
    gDS->Dispatch ();
  }
}
