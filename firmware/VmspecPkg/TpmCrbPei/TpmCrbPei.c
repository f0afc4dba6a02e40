/** @file
  Finds the TPM whose interface is CRB

  EDK2's PlatformPeiLib looks for a TPM in the FDT, whose one binding is that of
  TIS. The machine names the page of a CRB by the file VMSPEC_FW_CFG_TPM_CRB of
  fw_cfg. From there on EDK2 tells the two interfaces apart by their registers.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiPei.h>

#include <Library/PcdLib.h>
#include <Library/PeiServicesLib.h>
#include <Library/QemuFwCfgLib.h>

#include <vmspec-firmware.h>

STATIC CONST EFI_PEI_PPI_DESCRIPTOR  mTpmDiscovered = {
  EFI_PEI_PPI_DESCRIPTOR_PPI | EFI_PEI_PPI_DESCRIPTOR_TERMINATE_LIST,
  &gOvmfTpmDiscoveredPpiGuid,
  NULL
};

/**
  Say where the TPM is, if the machine has one with the interface CRB.

  @param[in] FileHandle   Not used.
  @param[in] PeiServices  Not used.

  @retval EFI_SUCCESS  There is none, or the modules that use it can run.
  @return              Error codes of PcdSet64S() and PeiServicesInstallPpi().
**/
EFI_STATUS
EFIAPI
TpmCrbPeiEntry (
  IN EFI_PEI_FILE_HANDLE     FileHandle,
  IN CONST EFI_PEI_SERVICES  **PeiServices
  )
{
  FIRMWARE_CONFIG_ITEM  Item;
  UINTN                 Size;
  UINT64                Base;
  EFI_STATUS            Status;

  Status = QemuFwCfgFindFile (VMSPEC_FW_CFG_TPM_CRB, &Item, &Size);
  if (EFI_ERROR (Status) || (Size != sizeof (Base))) {
    return EFI_SUCCESS;
  }

  QemuFwCfgSelectItem (Item);
  QemuFwCfgReadBytes (sizeof (Base), &Base);
  Status = PcdSet64S (PcdTpmBaseAddress, Base);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  return PeiServicesInstallPpi (&mTpmDiscovered);
}
