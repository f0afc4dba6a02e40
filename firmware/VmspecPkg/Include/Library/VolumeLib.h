/** @file
  Dispatch of drivers that few guests need.

  Every driver that DXE dispatches costs the time to load it, and a driver that
  follows the UEFI driver model looks at each device as well. So the drivers
  that few guests need lie in firmware volumes of their own. DXE takes such a
  volume for a plain file (FREEFORM) until LoadDriverVolume() hands it over.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#ifndef VOLUME_LIB_H_
#define VOLUME_LIB_H_

#include <Uefi.h>

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
  );

#endif
