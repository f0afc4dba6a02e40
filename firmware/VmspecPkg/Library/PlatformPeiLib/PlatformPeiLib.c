/** @file
  What PEI finds in the FDT and passes on: a copy of the FDT, the serial ports, the TPM.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiPei.h>
#include <libfdt.h>
#include <Guid/EarlyPL011BaseAddress.h>
#include <Guid/FdtHob.h>
#include <Library/BaseLib.h>
#include <Library/DebugLib.h>
#include <Library/FdtScanLib.h>
#include <Library/FdtSerialPortAddressLib.h>
#include <Library/HobLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/PeiServicesLib.h>

//
// A TPM's name in "compatible"
//
#define TPM_COMPATIBLE  "tcg,tpm-tis-mmio"

#define PPI_FLAGS  (EFI_PEI_PPI_DESCRIPTOR_PPI | \
                    EFI_PEI_PPI_DESCRIPTOR_TERMINATE_LIST)

STATIC CONST EFI_PEI_PPI_DESCRIPTOR  mTpmFound = {
  PPI_FLAGS, &gOvmfTpmDiscoveredPpiGuid, NULL
};

STATIC CONST EFI_PEI_PPI_DESCRIPTOR  mNoTpm = {
  PPI_FLAGS, &gPeiTpmInitializationDonePpiGuid, NULL
};

/**
  Copy the FDT to where DXE can add to it, and tell DXE where that is.

  @param[in] Fdt  The FDT.
**/
STATIC
VOID
PassFdt (
  IN CONST VOID  *Fdt
  )
{
  UINT64  *Hob;
  VOID    *Copy;
  UINTN   Pages;

  Pages = EFI_SIZE_TO_PAGES (
            fdt_totalsize (Fdt) + FixedPcdGet32 (PcdDeviceTreeAllocationPadding)
            );
  Copy = AllocatePages (Pages);
  Hob  = BuildGuidHob (&gFdtHobGuid, sizeof (*Hob));
  ASSERT ((Copy != NULL) && (Hob != NULL));
  if ((Copy != NULL) && (Hob != NULL)) {
    fdt_open_into (Fdt, Copy, (INT32)EFI_PAGES_TO_SIZE (Pages));
    *Hob = (UINTN)Copy;
  }
}

/**
  Tell the later phases which serial port is the console, and which is for the output
  of a DEBUG build: another one if there is one.

  @param[in] Fdt  The FDT.
**/
STATIC
VOID
PassSerialPorts (
  IN CONST VOID  *Fdt
  )
{
  EARLY_PL011_BASE_ADDRESS  *Hob;
  FDT_SERIAL_PORTS          Ports;

  Hob = BuildGuidHob (&gEarlyPL011BaseAddressGuid, sizeof (*Hob));
  ASSERT (Hob != NULL);
  if (Hob == NULL) {
    return;
  }

  Hob->ConsoleAddress = 0;
  Hob->DebugAddress   = 0;
  if (RETURN_ERROR (FdtSerialGetPorts (Fdt, "arm,pl011", &Ports))) {
    return;
  }

  Hob->ConsoleAddress = Ports.BaseAddress[0];
  Hob->DebugAddress   = Ports.BaseAddress[0];
  if (Ports.NumberOfPorts > 1) {
    FdtSerialGetConsolePort (Fdt, &Hob->ConsoleAddress);
    if (Hob->ConsoleAddress == Ports.BaseAddress[0]) {
      Hob->DebugAddress = Ports.BaseAddress[1];
    }
  }
}

/**
  Translate the address of a device on a bus.

  @param[in]  Reg      "reg" of the device: an address and a size of as many cells.
  @param[in]  Ranges   "ranges" of the bus: empty, or one range of addresses that have
                       two cells for the CPU. NULL when the device is on no bus.
  @param[out] Address  The address for the CPU.

  @retval TRUE   It is translated.
  @retval FALSE  A property is of another form.
**/
STATIC
BOOLEAN
Translate (
  IN  CONST FDT_SCAN_VALUE  *Reg,
  IN  CONST FDT_SCAN_VALUE  *Ranges OPTIONAL,
  OUT UINT64                *Address
  )
{
  UINTN  Cells;

  if ((Reg->Size != 2 * sizeof (UINT32)) && (Reg->Size != 4 * sizeof (UINT32))) {
    return FALSE;
  }

  Cells    = Reg->Size / (2 * sizeof (UINT32));
  *Address = FdtScanNumber (Reg->Data, Cells);
  if ((Ranges == NULL) || ((Ranges->Size == 0) && (Ranges->Data != NULL))) {
    return TRUE;
  }

  if (Ranges->Size != (2 * Cells + 2) * sizeof (UINT32)) {
    return FALSE;
  }

  *Address -= FdtScanNumber (Ranges->Data, Cells);
  *Address += FdtScanNumber (Ranges->Data + Cells * sizeof (UINT32), 2);
  return TRUE;
}

/**
  Find the registers of a TPM, on the platform bus or beside it.

  @param[in] Fdt  The FDT.

  @return  Their address, or 0 when there is no TPM.
**/
STATIC
UINT64
FindTpm (
  IN CONST VOID  *Fdt
  )
{
  FDT_SCAN        Scan;
  FDT_SCAN_VALUE  Ranges;
  UINT64          Address;

  if (RETURN_ERROR (FdtScanStart (&Scan, Fdt, 0))) {
    return 0;
  }

  while (FdtScanNextNode (&Scan)) {
    if (FdtScanHasString (
          &Scan.Property[FdtScanCompatible],
          TPM_COMPATIBLE,
          sizeof (TPM_COMPATIBLE)
          ))
    {
      return Translate (
               &Scan.Property[FdtScanReg],
               Scan.Depth > 1 ? &Ranges : NULL,
               &Address
               ) ? Address : 0;
    }

    if (Scan.Depth <= 1) {
      Ranges = Scan.Property[FdtScanRanges];
    }
  }

  return 0;
}

/**
  Pass on what the FDT says, and the volume of the drivers.

  @retval EFI_SUCCESS  It is done.
  @retval other        The PPI that says whether there is a TPM was not installed.
**/
EFI_STATUS
EFIAPI
PlatformPeim (
  VOID
  )
{
  CONST VOID  *Fdt;
  UINT64      Tpm;
  EFI_STATUS  Status;

  Fdt = (CONST VOID *)(UINTN)PcdGet64 (PcdDeviceTreeInitialBaseAddress);
  ASSERT ((Fdt != NULL) && (fdt_check_header (Fdt) == 0));
  PassFdt (Fdt);
  PassSerialPorts (Fdt);

  Tpm = FindTpm (Fdt);
  if (Tpm != 0) {
    Status = (EFI_STATUS)PcdSet64S (PcdTpmBaseAddress, Tpm);
    ASSERT_EFI_ERROR (Status);
  }

  Status = PeiServicesInstallPpi (Tpm != 0 ? &mTpmFound : &mNoTpm);
  ASSERT_EFI_ERROR (Status);
  BuildFvHob (PcdGet64 (PcdFvBaseAddress), FixedPcdGet32 (PcdFvSize));
  return Status;
}
