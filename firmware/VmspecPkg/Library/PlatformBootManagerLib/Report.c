/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Why nothing started
 *
 * Owns the one line that a user gets before the shell: each disk, and what is
 * wrong with it.
 */

#include "Boot.h"

#include <IndustryStandard/PeImage.h>
#include <Library/BaseMemoryLib.h>
#include <Library/DevicePathLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/UefiLib.h>
#include <Protocol/BlockIo.h>
#include <Protocol/DevicePath.h>
#include <Protocol/SimpleFileSystem.h>

#define FOLDER L"\\EFI\\BOOT\\"

#if defined (MDE_CPU_AARCH64)
#define OUR_MACHINE IMAGE_FILE_MACHINE_ARM64
#else
#define OUR_MACHINE IMAGE_FILE_MACHINE_ARMTHUMB_MIXED
#endif

/* The removable media path's names for other machines (UEFI 2.10, 3.5.1.1) */
static CHAR16 *const other_loaders[] = {
    L"BOOTX64.EFI", L"BOOTIA32.EFI", L"BOOTAA64.EFI", L"BOOTARM.EFI",
    L"BOOTRISCV64.EFI", L"BOOTLOONGARCH64.EFI",
};

static UINTN disks;

static EFI_FILE_PROTOCOL *open(EFI_FILE_PROTOCOL *folder, CHAR16 *name)
{
    EFI_FILE_PROTOCOL *file;

    return EFI_ERROR(folder->Open(folder, &file, name, EFI_FILE_MODE_READ,
                                  0)) ? NULL : file;
}

static BOOLEAN read_at(EFI_FILE_PROTOCOL *file, UINT64 offset, VOID *data,
                       UINTN size)
{
    UINTN wanted = size;

    return !EFI_ERROR(file->SetPosition(file, offset)) &&
           !EFI_ERROR(file->Read(file, &size, data)) && size == wanted;
}

/* The PE header's machine; 0 if this is no PE file */
static UINT16 pe_machine(EFI_FILE_PROTOCOL *file)
{
    EFI_IMAGE_DOS_HEADER dos;
    struct {
        UINT32 signature;
        UINT16 machine;
    } pe;

    if (!read_at(file, 0, &dos, sizeof(dos)) ||
        dos.e_magic != EFI_IMAGE_DOS_SIGNATURE ||
        !read_at(file, dos.e_lfanew, &pe, 6) ||
        pe.signature != EFI_IMAGE_NT_SIGNATURE) {
        return 0;
    }
    return pe.machine;
}

/* UEFI 2.10, 7.4.1: not started yet, or not even loaded */
BOOLEAN is_refused(EFI_STATUS status)
{
    return status == EFI_SECURITY_VIOLATION || status == EFI_ACCESS_DENIED;
}

/* Boot device selection does not tell: load the file once more. */
static BOOLEAN refuses(EFI_HANDLE handle, CHAR16 *name)
{
    EFI_DEVICE_PATH_PROTOCOL *path = FileDevicePath(handle, name);
    EFI_HANDLE image = NULL;
    EFI_STATUS status;

    if (!path) {
        return FALSE;
    }
    status = gBS->LoadImage(FALSE, gImageHandle, path, NULL, 0, &image);
    FreePool(path);
    if (image) {
        gBS->UnloadImage(image);
    }
    return is_refused(status);
}

static VOID report_loader(EFI_HANDLE handle, EFI_FILE_PROTOCOL *loader,
                          CHAR16 *name)
{
    UINT16 machine = pe_machine(loader);

    if (!machine) {
        Print(L"%s is no EFI application", name);
    } else if (machine != OUR_MACHINE) {
        Print(L"%s is for another architecture (PE machine 0x%04x)", name,
              machine);
    } else if (refuses(handle, name)) {
        Print(L"%s is refused by Secure Boot: not signed by a key in db, or "
              L"revoked in dbx (take a signed loader, or secure-boot=off)",
              name);
    } else {
        Print(L"%s came back", name);
    }
}

static VOID report_file_system(EFI_HANDLE handle)
{
    EFI_SIMPLE_FILE_SYSTEM_PROTOCOL *fs;
    EFI_FILE_PROTOCOL *root;
    EFI_FILE_PROTOCOL *folder;
    EFI_FILE_PROTOCOL *file;

    if (EFI_ERROR(gBS->HandleProtocol(handle,
                                      &gEfiSimpleFileSystemProtocolGuid,
                                      (VOID **)&fs)) ||
        EFI_ERROR(fs->OpenVolume(fs, &root))) {
        Print(L"a file system that cannot be read");
        return;
    }
    file = open(root, EFI_REMOVABLE_MEDIA_FILE_NAME);
    if (file) {
        report_loader(handle, file, EFI_REMOVABLE_MEDIA_FILE_NAME);
        file->Close(file);
        root->Close(root);
        return;
    }
    Print(L"no %s", EFI_REMOVABLE_MEDIA_FILE_NAME);
    folder = open(root, FOLDER);
    for (UINTN i = 0; folder && i < ARRAY_SIZE(other_loaders); i++) {
        file = open(folder, other_loaders[i]);
        if (file) {
            Print(L" but %s, for another architecture", other_loaders[i]);
            file->Close(file);
        }
    }
    if (folder) {
        folder->Close(folder);
    }
    root->Close(root);
}

static BOOLEAN is_below(EFI_DEVICE_PATH_PROTOCOL *path,
                        EFI_DEVICE_PATH_PROTOCOL *disk)
{
    UINTN size = GetDevicePathSize(disk) - END_DEVICE_PATH_LENGTH;

    return path && GetDevicePathSize(path) - END_DEVICE_PATH_LENGTH >= size &&
           CompareMem(path, disk, size) == 0;
}

/* Reports each file system on the disk; gives how many there are. */
static UINTN report_file_systems(EFI_DEVICE_PATH_PROTOCOL *disk)
{
    EFI_HANDLE *handles;
    UINTN found = 0;
    UINTN count;

    if (EFI_ERROR(gBS->LocateHandleBuffer(ByProtocol,
                                          &gEfiSimpleFileSystemProtocolGuid,
                                          NULL, &count, &handles))) {
        return 0;
    }
    for (UINTN i = 0; i < count; i++) {
        if (is_below(DevicePathFromHandle(handles[i]), disk)) {
            Print(found++ ? L", " : L"");
            report_file_system(handles[i]);
        }
    }
    FreePool(handles);
    return found;
}

static VOID report_disk(EFI_HANDLE handle)
{
    EFI_DEVICE_PATH_PROTOCOL *path = DevicePathFromHandle(handle);
    EFI_BLOCK_IO_PROTOCOL *io;
    CHAR16 *name;

    if (!path ||
        EFI_ERROR(gBS->HandleProtocol(handle, &gEfiBlockIoProtocolGuid,
                                      (VOID **)&io)) ||
        io->Media->LogicalPartition) {
        return;
    }
    name = ConvertDevicePathToText(path, TRUE, TRUE);
    Print(L"%s%s: ", disks++ ? L"; " : L" ", name ? name : L"disk");
    if (name) {
        FreePool(name);
    }
    if (!io->Media->MediaPresent) {
        Print(L"no medium");
    } else if (!report_file_systems(path)) {
        Print(L"no EFI system partition");
    }
}

/* What a bootindex does: the disks without one, and the network */
static VOID report_boot_order(VOID)
{
    BootOrder order = boot_order();

    if (!disks) {
        Print(order == BOOT_ORDER_NONE ? L" no disk" :
              L" no disk among the devices with a bootindex, and others are "
              L"not tried");
    }
    Print(order == BOOT_ORDER_NETWORK ?
          L"; PXE and HTTP on the network card with a bootindex: no loader "
          L"came" :
          L"; the network is tried when a network card has a bootindex");
}

VOID report_nothing_started(BOOLEAN has_shell)
{
    Print(L"vmspec: nothing to boot:");
    disks = 0;
    for_each_handle(&gEfiBlockIoProtocolGuid, report_disk);
    report_boot_order();
    Print(L". %s\r\n",
          has_shell ? L"This is the EFI shell; exit leads to the menu." :
                      L"Any key leads to the menu.");
}
