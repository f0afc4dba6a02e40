/** @file
  Where the serial ports are, by the FDT.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <Base.h>
#include <libfdt.h>
#include <Library/BaseLib.h>
#include <Library/FdtScanLib.h>
#include <Library/FdtSerialPortAddressLib.h>

//
// An address and a size of two cells each: the "reg" of a device of this machine
//
#define REG_SIZE  (4 * sizeof (UINT32))

/**
  Find the first serial ports.

  @param[in]  DeviceTree  The FDT.
  @param[in]  Compatible  The ports' name in "compatible".
  @param[out] Ports       The ports that are enabled, as many as there is room for.

  @retval RETURN_SUCCESS            There is at least one.
  @retval RETURN_NOT_FOUND          There is none.
  @retval RETURN_INVALID_PARAMETER  There is no FDT.
**/
RETURN_STATUS
EFIAPI
FdtSerialGetPorts (
  IN  CONST VOID        *DeviceTree,
  IN  CONST CHAR8       *Compatible,
  OUT FDT_SERIAL_PORTS  *Ports
  )
{
  CONST FDT_SCAN_VALUE  *Reg;
  FDT_SCAN              Scan;
  RETURN_STATUS         Status;
  UINTN                 Size;

  Ports->NumberOfPorts = 0;
  Status               = FdtScanStart (&Scan, DeviceTree, 0);
  if (RETURN_ERROR (Status)) {
    return Status;
  }

  Size = AsciiStrSize (Compatible);
  Reg  = &Scan.Property[FdtScanReg];
  while ((Ports->NumberOfPorts < ARRAY_SIZE (Ports->BaseAddress)) &&
         FdtScanNextNode (&Scan))
  {
    if ((Reg->Size == REG_SIZE) && FdtScanIsEnabled (&Scan) &&
        FdtScanHasString (&Scan.Property[FdtScanCompatible], Compatible, Size))
    {
      Ports->BaseAddress[Ports->NumberOfPorts++] = FdtScanNumber (Reg->Data, 2);
    }
  }

  return Ports->NumberOfPorts == 0 ? RETURN_NOT_FOUND : RETURN_SUCCESS;
}

/**
  Find the console's serial port, which /chosen names.

  @param[in]  DeviceTree   The FDT.
  @param[out] BaseAddress  The address of its registers. Not changed after an error.

  @retval RETURN_SUCCESS            There is one.
  @retval RETURN_NOT_FOUND          /chosen names none, or one that is not there or
                                    disabled.
  @retval RETURN_PROTOCOL_ERROR     The port has no address.
  @retval RETURN_INVALID_PARAMETER  There is no FDT.
**/
RETURN_STATUS
EFIAPI
FdtSerialGetConsolePort (
  IN  CONST VOID  *DeviceTree,
  OUT UINT64      *BaseAddress
  )
{
  CONST FDT_SCAN_VALUE  *Reg;
  CONST CHAR8           *Path;
  FDT_SCAN              Scan;
  INT32                 Node;
  INT32                 Length;

  if (fdt_check_header (DeviceTree) != 0) {
    return RETURN_INVALID_PARAMETER;
  }

  Node = fdt_path_offset (DeviceTree, "/chosen");
  Path = Node < 0 ? NULL : fdt_getprop (DeviceTree, Node, "stdout-path", NULL);
  if (Path == NULL) {
    return RETURN_NOT_FOUND;
  }

  // Options of the port follow a colon (Devicetree Specification 0.4, 3.6).
  for (Length = 0; (Path[Length] != '\0') && (Path[Length] != ':'); Length++) {
  }

  Node = fdt_path_offset_namelen (DeviceTree, Path, Length);
  if ((Node < 0) || RETURN_ERROR (FdtScanStart (&Scan, DeviceTree, Node)) ||
      !FdtScanNextNode (&Scan) || !FdtScanIsEnabled (&Scan))
  {
    return RETURN_NOT_FOUND;
  }

  Reg = &Scan.Property[FdtScanReg];
  if (Reg->Size != REG_SIZE) {
    return RETURN_PROTOCOL_ERROR;
  }

  *BaseAddress = FdtScanNumber (Reg->Data, 2);
  return RETURN_SUCCESS;
}
