/** @file
  What a file system lacks to be booted from.

  This file looks at the loader under the removable media path's name, and at those
  for other architectures.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <IndustryStandard/PeImage.h>
#include <Library/DevicePathLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/DevicePath.h>
#include <Protocol/SimpleFileSystem.h>

#define LOADER_FOLDER  L"\\EFI\\BOOT\\"

#if defined (MDE_CPU_AARCH64)
#define OWN_PE_MACHINE  IMAGE_FILE_MACHINE_ARM64
#else
#define OWN_PE_MACHINE  IMAGE_FILE_MACHINE_ARMTHUMB_MIXED
#endif

//
// The PE header's first fields, of which the firmware reads PE_START_SIZE bytes
//
typedef struct {
  UINT32    Signature;
  UINT16    Machine;
} PE_START;

#define PE_START_SIZE  6

//
// The removable media path's names, of all machines (UEFI 2.10, section 3.5.1.1)
//
STATIC CHAR16 *CONST  mLoaderNames[] = {
  L"BOOTX64.EFI",
  L"BOOTIA32.EFI",
  L"BOOTAA64.EFI",
  L"BOOTARM.EFI",
  L"BOOTRISCV64.EFI",
  L"BOOTLOONGARCH64.EFI"
};

/**
  Open a file or a folder for reading.

  @param[in] Folder  The folder that the name begins in.
  @param[in] Name    The name.

  @return  The open file, which the caller closes; NULL when it cannot be opened.
**/
STATIC
EFI_FILE_PROTOCOL *
OpenFile (
  IN EFI_FILE_PROTOCOL  *Folder,
  IN CHAR16             *Name
  )
{
  EFI_FILE_PROTOCOL  *File;
  EFI_STATUS         Status;

  Status = Folder->Open (Folder, &File, Name, EFI_FILE_MODE_READ, 0);
  return EFI_ERROR (Status) ? NULL : File;
}

/**
  Read a part of a file.

  @param[in]  File    The file.
  @param[in]  Offset  Where the part begins, in bytes.
  @param[out] Data    The part's bytes.
  @param[in]  Size    The number of bytes.

  @retval TRUE   Data has Size bytes.
  @retval FALSE  The file is shorter, or cannot be read.
**/
STATIC
BOOLEAN
ReadFileAt (
  IN  EFI_FILE_PROTOCOL  *File,
  IN  UINT64             Offset,
  OUT VOID               *Data,
  IN  UINTN              Size
  )
{
  UINTN  WantedSize;

  WantedSize = Size;
  return !EFI_ERROR (File->SetPosition (File, Offset)) &&
         !EFI_ERROR (File->Read (File, &Size, Data)) &&
         (Size == WantedSize);
}

/**
  Read the machine that a PE file is for.

  @param[in] File  The file.

  @return  The PE header's machine; 0 when the file is not a PE file.
**/
STATIC
UINT16
GetPeMachine (
  IN EFI_FILE_PROTOCOL  *File
  )
{
  EFI_IMAGE_DOS_HEADER  Dos;
  PE_START              Pe;

  if (!ReadFileAt (File, 0, &Dos, sizeof (Dos)) ||
      (Dos.e_magic != EFI_IMAGE_DOS_SIGNATURE) ||
      !ReadFileAt (File, Dos.e_lfanew, &Pe, PE_START_SIZE) ||
      (Pe.Signature != EFI_IMAGE_NT_SIGNATURE))
  {
    return 0;
  }

  return Pe.Machine;
}

/**
  Tell whether Secure Boot refused an image.

  LoadImage() gives EFI_SECURITY_VIOLATION for an image that it loaded but that
  must not be started, and EFI_ACCESS_DENIED for one that it did not load (UEFI
  2.10, section 7.4.1).

  @param[in] Status  What LoadImage() or StartImage() returned.

  @retval TRUE   Secure Boot does not let the image run.
  @retval FALSE  The status says something else.
**/
BOOLEAN
IsRefused (
  IN EFI_STATUS  Status
  )
{
  return (Status == EFI_SECURITY_VIOLATION) || (Status == EFI_ACCESS_DENIED);
}

/**
  Tell whether Secure Boot refuses a file.

  Boot device selection does not say why a loader did not start, so this function
  loads the file once more.

  @param[in] Handle  The file's device.
  @param[in] Name    The file's name.

  @retval TRUE   Secure Boot does not let the file run.
  @retval FALSE  It does, or the file cannot be loaded for another reason.
**/
STATIC
BOOLEAN
IsFileRefused (
  IN EFI_HANDLE  Handle,
  IN CHAR16      *Name
  )
{
  EFI_DEVICE_PATH_PROTOCOL  *Path;
  EFI_HANDLE                Image;
  EFI_STATUS                Status;

  Path  = FileDevicePath (Handle, Name);
  Image = NULL;
  if (Path == NULL) {
    return FALSE;
  }

  Status = gBS->LoadImage (FALSE, gImageHandle, Path, NULL, 0, &Image);
  FreePool (Path);
  if (Image != NULL) {
    gBS->UnloadImage (Image);
  }

  return IsRefused (Status);
}

/**
  Print why a loader is not what runs now.

  @param[in] Handle  The loader's device.
  @param[in] Loader  The loader, open for reading.
  @param[in] Name    The loader's name.
**/
STATIC
VOID
ReportLoader (
  IN EFI_HANDLE         Handle,
  IN EFI_FILE_PROTOCOL  *Loader,
  IN CHAR16             *Name
  )
{
  UINT16  Machine;

  Machine = GetPeMachine (Loader);
  if (Machine == 0) {
    Say (L" %s is no EFI application", Name);
  } else if (Machine != OWN_PE_MACHINE) {
    Say (
      L" %s is for another architecture (PE machine 0x%04x)",
      Name,
      Machine
      );
  } else if (IsFileRefused (Handle, Name)) {
    Say (
      L" %s is refused by Secure Boot: not signed by a key in db, or "
      L"revoked in dbx (take a signed loader, or secure-boot=off)",
      Name
      );
  } else {
    Say (L" %s returned to firmware", Name);
  }
}

/**
  Print which loaders for other architectures a file system has.

  @param[in] Root  The file system's root folder.
**/
STATIC
VOID
ReportOtherLoaders (
  IN EFI_FILE_PROTOCOL  *Root
  )
{
  EFI_FILE_PROTOCOL  *Folder;
  EFI_FILE_PROTOCOL  *File;
  UINTN              Index;

  Folder = OpenFile (Root, LOADER_FOLDER);
  if (Folder == NULL) {
    return;
  }

  for (Index = 0; Index < ARRAY_SIZE (mLoaderNames); Index++) {
    File = OpenFile (Folder, mLoaderNames[Index]);
    if (File != NULL) {
      Say (L" but %s, for another architecture", mLoaderNames[Index]);
      File->Close (File);
    }
  }

  Folder->Close (Folder);
}

/**
  Print what a file system lacks.

  @param[in] Handle  A handle with EFI_SIMPLE_FILE_SYSTEM_PROTOCOL.
**/
VOID
ReportFileSystem (
  IN EFI_HANDLE  Handle
  )
{
  EFI_SIMPLE_FILE_SYSTEM_PROTOCOL  *FileSystem;
  EFI_FILE_PROTOCOL                *Root;
  EFI_FILE_PROTOCOL                *File;
  EFI_STATUS                       Status;

  Status = gBS->HandleProtocol (
                  Handle,
                  &gEfiSimpleFileSystemProtocolGuid,
                  (VOID **)&FileSystem
                  );
  if (EFI_ERROR (Status) ||
      EFI_ERROR (FileSystem->OpenVolume (FileSystem, &Root)))
  {
    Say (L" a file system that cannot be read");
    return;
  }

  File = OpenFile (Root, EFI_REMOVABLE_MEDIA_FILE_NAME);
  if (File != NULL) {
    ReportLoader (Handle, File, EFI_REMOVABLE_MEDIA_FILE_NAME);
    File->Close (File);
  } else {
    Say (L" no %s", EFI_REMOVABLE_MEDIA_FILE_NAME);
    ReportOtherLoaders (Root);
  }

  Root->Close (Root);
}
