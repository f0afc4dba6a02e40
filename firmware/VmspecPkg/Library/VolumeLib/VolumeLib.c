/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Volumes of drivers that are dispatched when something asks for them
 */

#include <PiDxe.h>
#include <Library/BaseMemoryLib.h>
#include <Library/DxeServicesLib.h>
#include <Library/DxeServicesTableLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/VolumeLib.h>

extern EFI_GUID gVmspecTokenSpaceGuid;

/* A protocol of a volume's own name marks that it is there. */
static BOOLEAN is_loaded(EFI_GUID *name)
{
    VOID *interface;

    return !EFI_ERROR(gBS->LocateProtocol(name, NULL, &interface));
}

static VOID mark_loaded(EFI_GUID *name)
{
    EFI_HANDLE handle = NULL;

    gBS->InstallProtocolInterface(&handle, name, EFI_NATIVE_INTERFACE, NULL);
}

/* Maps the part of the flash that holds the volumes, and lists its files. */
static VOID find_volumes(VOID)
{
    EFI_PHYSICAL_ADDRESS base = FixedPcdGet64(PcdVolumesBase);
    UINT64 size = FixedPcdGet32(PcdVolumesSize);
    UINT64 attributes = EFI_MEMORY_WB | EFI_MEMORY_RO | EFI_MEMORY_XP;
    EFI_HANDLE handle;

    if (is_loaded(&gVmspecTokenSpaceGuid)) {
        return;
    }
    mark_loaded(&gVmspecTokenSpaceGuid);
    if (!EFI_ERROR(gDS->AddMemorySpace(EfiGcdMemoryTypeMemoryMappedIo, base,
                                       size, attributes)) &&
        !EFI_ERROR(gDS->SetMemorySpaceAttributes(base, size, attributes))) {
        gDS->ProcessFirmwareVolume((VOID *)(UINTN)base, (UINTN)size, &handle);
    }
}

/* The volume's bytes, at the alignment that its header asks for; or NULL */
static EFI_FIRMWARE_VOLUME_HEADER *read_volume(EFI_GUID *name)
{
    EFI_FIRMWARE_VOLUME_HEADER *volume;
    VOID *section;
    UINTN alignment;
    UINTN size;

    if (EFI_ERROR(GetSectionFromAnyFv(name, EFI_SECTION_FIRMWARE_VOLUME_IMAGE,
                                      0, &section, &size))) {
        return NULL;
    }
    volume = section;
    alignment = (UINTN)1 << ((volume->Attributes & EFI_FVB2_ALIGNMENT) >> 16);
    volume = AllocateAlignedPages(EFI_SIZE_TO_PAGES(size), alignment);
    if (volume) {
        CopyMem(volume, section, size);
    }
    FreePool(section);
    return volume;
}

VOID volume_load(EFI_GUID *name)
{
    EFI_FIRMWARE_VOLUME_HEADER *volume;
    EFI_HANDLE handle;

    if (is_loaded(name)) {
        return;
    }
    find_volumes();
    volume = read_volume(name);
    /* The buffer stays: the volume's drivers are read from it. */
    if (volume &&
        !EFI_ERROR(gDS->ProcessFirmwareVolume(volume, (UINTN)volume->FvLength,
                                              &handle))) {
        mark_loaded(name);
        gDS->Dispatch();
    }
}
