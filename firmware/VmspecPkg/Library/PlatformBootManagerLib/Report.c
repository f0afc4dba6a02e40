/** @file
  Why nothing started.

  This file prints the lines that a user gets before the shell: each disk and what
  is wrong with it, and what became of the network.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Guid/ImageAuthentication.h>
#include <Library/BaseLib.h>
#include <Library/BaseMemoryLib.h>
#include <Library/DevicePathLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/UefiLib.h>
#include <Protocol/BlockIo.h>
#include <Protocol/DevicePath.h>
#include <Protocol/SimpleFileSystem.h>

//
// How a qcow2 image begins (QEMU, docs/interop/qcow2.rst), and how the first block
// of a disk with partitions ends (UEFI 2.10, section 5.2.1)
//
#define QCOW2_MAGIC       "QFI\xfb"
#define QCOW2_MAGIC_SIZE  4
#define MBR_MAGIC         0xaa55
#define MBR_MAGIC_OFFSET  510

/**
  Tell whether a device is a disk or a partition of it.

  @param[in] Path  The device's path, or NULL.
  @param[in] Disk  The disk's path.

  @retval TRUE   Path begins with Disk.
  @retval FALSE  It does not.
**/
STATIC
BOOLEAN
IsBelow (
  IN EFI_DEVICE_PATH_PROTOCOL  *Path  OPTIONAL,
  IN EFI_DEVICE_PATH_PROTOCOL  *Disk
  )
{
  UINTN  Size;

  Size = GetDevicePathSize (Disk) - END_DEVICE_PATH_LENGTH;
  return (Path != NULL) &&
         (GetDevicePathSize (Path) - END_DEVICE_PATH_LENGTH >= Size) &&
         (CompareMem (Path, Disk, Size) == 0);
}

/**
  Print what each file system of a disk lacks.

  @param[in] Disk  The disk's path.

  @return  The number of file systems on the disk.
**/
STATIC
UINTN
ReportFileSystems (
  IN EFI_DEVICE_PATH_PROTOCOL  *Disk
  )
{
  EFI_HANDLE  *Handles;
  UINTN       Found;
  UINTN       Count;
  UINTN       Index;
  EFI_STATUS  Status;

  Found  = 0;
  Status = gBS->LocateHandleBuffer (
                  ByProtocol,
                  &gEfiSimpleFileSystemProtocolGuid,
                  NULL,
                  &Count,
                  &Handles
                  );
  if (EFI_ERROR (Status)) {
    return 0;
  }

  for (Index = 0; Index < Count; Index++) {
    if (IsBelow (DevicePathFromHandle (Handles[Index]), Disk)) {
      if (Found > 0) {
        Say (L",");
      }

      Found++;
      ReportFileSystem (Handles[Index]);
    }
  }

  FreePool (Handles);
  return Found;
}

/**
  Print what a disk without a file system has in its first block.

  @param[in] BlockIo  The disk, which has a medium.
**/
STATIC
VOID
ReportContent (
  IN EFI_BLOCK_IO_PROTOCOL  *BlockIo
  )
{
  UINT8       *Block;
  EFI_STATUS  Status;

  Block = AllocatePages (EFI_SIZE_TO_PAGES (BlockIo->Media->BlockSize));
  if (Block == NULL) {
    return;
  }

  Status = BlockIo->ReadBlocks (
                      BlockIo,
                      BlockIo->Media->MediaId,
                      0,
                      BlockIo->Media->BlockSize,
                      Block
                      );
  if (EFI_ERROR (Status)) {
    Say (L" cannot be read: %r", Status);
  } else if (CompareMem (Block, QCOW2_MAGIC, QCOW2_MAGIC_SIZE) == 0) {
    Say (L" a qcow2 image opened as raw: use format=qcow2");
  } else if (ReadUnaligned16 ((UINT16 *)(Block + MBR_MAGIC_OFFSET)) != MBR_MAGIC) {
    Say (L" no partition table");
  } else {
    Say (L" no EFI system partition");
  }

  FreePages (Block, EFI_SIZE_TO_PAGES (BlockIo->Media->BlockSize));
}

/**
  Print a disk's name and what is wrong with the disk.

  @param[in]     Handle   A handle with EFI_BLOCK_IO_PROTOCOL: a disk, or a
                          partition, which is left out.
  @param[in,out] Context  A UINTN, the number of disks printed so far.
**/
STATIC
VOID
ReportDisk (
  IN     EFI_HANDLE  Handle,
  IN OUT VOID        *Context
  )
{
  UINTN                     *DiskCount;
  EFI_DEVICE_PATH_PROTOCOL  *Path;
  EFI_BLOCK_IO_PROTOCOL     *BlockIo;
  CHAR16                    *Name;
  EFI_STATUS                Status;

  DiskCount = Context;
  Path      = DevicePathFromHandle (Handle);
  if (Path == NULL) {
    return;
  }

  Status = gBS->HandleProtocol (
                  Handle,
                  &gEfiBlockIoProtocolGuid,
                  (VOID **)&BlockIo
                  );
  if (EFI_ERROR (Status) || BlockIo->Media->LogicalPartition) {
    return;
  }

  Name = ConvertDevicePathToText (Path, TRUE, TRUE);
  if (*DiskCount > 0) {
    SayLine ();
  }

  SayDrive ((Name != NULL) ? Name : L"disk");
  *DiskCount += 1;
  if (Name != NULL) {
    FreePool (Name);
  }

  if (!BlockIo->Media->MediaPresent) {
    Say (L" no medium");
  } else if (ReportFileSystems (Path) == 0) {
    ReportContent (BlockIo);
  }
}

/**
  Print what a "bootindex" means for the disks without one.

  @param[in] DiskCount  The number of disks that ReportDisk() has printed.
**/
STATIC
VOID
ReportBootOrder (
  IN UINTN  DiskCount
  )
{
  if (DiskCount > 0) {
    return;
  }

  if (GetBootOrder () == BootOrderNone) {
    Say (L" no disk");
  } else {
    Say (L" no disk among the devices with a bootindex, and others are not tried");
  }
}

/**
  Tell whether Secure Boot refused a loader that came by the network.

  The table has an entry for each image that was refused (UEFI 2.10, section
  32.4.2): two numbers, a name and the image's device path. Entries are not aligned.

  @retval TRUE   It did.
  @retval FALSE  No loader came, or it started.
**/
STATIC
BOOLEAN
IsNetworkRefused (
  VOID
  )
{
  EFI_IMAGE_EXECUTION_INFO_TABLE  *Table;
  EFI_DEVICE_PATH_PROTOCOL        *Node;
  UINT8                           *Entry;
  UINT8                           *Name;
  UINTN                           Index;

  if (EFI_ERROR (
        EfiGetSystemConfigurationTable (
          &gEfiImageSecurityDatabaseGuid,
          (VOID **)&Table
          )
        ))
  {
    return FALSE;
  }

  Entry = (UINT8 *)(Table + 1);
  for (Index = 0; Index < Table->NumberOfImages; Index++) {
    Name = Entry + sizeof (EFI_IMAGE_EXECUTION_INFO);
    while (ReadUnaligned16 ((UINT16 *)Name) != 0) {
      Name += sizeof (CHAR16);
    }

    Node = (EFI_DEVICE_PATH_PROTOCOL *)(Name + sizeof (CHAR16));
    for ( ; !IsDevicePathEnd (Node); Node = NextDevicePathNode (Node)) {
      if ((DevicePathType (Node) == MESSAGING_DEVICE_PATH) &&
          (DevicePathSubType (Node) == MSG_MAC_ADDR_DP))
      {
        return TRUE;
      }
    }

    Entry += ReadUnaligned32 (
               &((EFI_IMAGE_EXECUTION_INFO *)Entry)->InfoSize
               );
  }

  return FALSE;
}

/**
  Print what became of the network.
**/
STATIC
VOID
ReportNetwork (
  VOID
  )
{
  SayLine ();
  if (GetBootOrder () != BootOrderNetwork) {
    Say (L"the network is tried when a network card has a bootindex");
  } else if (!HasRandom ()) {
    Say (
      L"PXE and HTTP need random numbers: leave out dtb-randomness=off, or "
      L"add -device virtio-rng-pci"
      );
  } else if (IsNetworkRefused ()) {
    Say (
      L"PXE and HTTP: the loader that came is refused by Secure Boot: not "
      L"signed by a key in db, or revoked in dbx (take a signed loader, or "
      L"secure-boot=off)"
      );
  } else {
    Say (L"PXE and HTTP on the network card with a bootindex: no loader came");
  }
}

/**
  Print what there is to boot from, why nothing of it runs, and whether the shell
  or the menu comes next.

  @param[in] HasShell  TRUE if the shell comes next, FALSE if the menu does.
**/
VOID
ReportNothingStarted (
  IN BOOLEAN  HasShell
  )
{
  UINTN  DiskCount;

  Say (L"vmspec: nothing to boot:");
  DiskCount = 0;
  ForEachHandle (&gEfiBlockIoProtocolGuid, ReportDisk, &DiskCount);
  ReportBootOrder (DiskCount);
  ReportUnsupported ();
  ReportNetwork ();
  if (HasShell) {
    Say (L". This is the EFI shell; exit leads to the menu.");
  } else {
    Say (L". Any key leads to the menu.");
  }

  SayLine ();
}
