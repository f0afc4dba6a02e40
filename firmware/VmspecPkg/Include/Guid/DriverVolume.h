/** @file
  Names of the driver volumes in VmspecPkg's firmware image.

  Each GUID is the name of a FREEFORM file in VmspecPkg.fdf. The file holds a
  firmware volume of drivers, which VolumeLib hands to the DXE dispatcher.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#ifndef DRIVER_VOLUME_H_
#define DRIVER_VOLUME_H_

extern EFI_GUID  gVmspecConsoleVolumeGuid;
extern EFI_GUID  gVmspecKeysVolumeGuid;
extern EFI_GUID  gVmspecMenuVolumeGuid;
extern EFI_GUID  gVmspecNetworkVolumeGuid;
extern EFI_GUID  gVmspecShellVolumeGuid;
extern EFI_GUID  gVmspecStorageVolumeGuid;
extern EFI_GUID  gVmspecUsbVolumeGuid;

#endif
