/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What boot device selection takes for the menu
 *
 * The menu and the drivers that draw it lie packed in a volume, which is not
 * even looked at by a boot that finds its loader.
 */

#include <PiDxe.h>
#include <Library/DxeServicesLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/VolumeLib.h>

extern EFI_GUID gVmspecKeysVolumeGuid;
extern EFI_GUID gVmspecMenuVolumeGuid;
extern EFI_GUID gVmspecShellVolumeGuid;

/* MdeModulePkg/Application/UiApp */
static EFI_GUID menu_file = {
    0x462caa21, 0x7614, 0x4503,
    { 0x83, 0x6e, 0x8a, 0xb6, 0xf4, 0x66, 0x23, 0x31 }
};

EFI_STATUS EFIAPI menu_entry(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    EFI_DEVICE_PATH_PROTOCOL *path;
    EFI_STATUS status;
    EFI_HANDLE menu;

    volume_load(&gVmspecMenuVolumeGuid);
    /* The image has one of these two. */
    volume_load(&gVmspecShellVolumeGuid);
    volume_load(&gVmspecKeysVolumeGuid);
    status = GetFileDevicePathFromAnyFv(&menu_file, EFI_SECTION_PE32, 0,
                                        &path);
    if (EFI_ERROR(status)) {
        return status;
    }
    status = gBS->LoadImage(FALSE, image, path, NULL, 0, &menu);
    FreePool(path);
    if (EFI_ERROR(status)) {
        return status;
    }
    return gBS->StartImage(menu, NULL, NULL);
}
