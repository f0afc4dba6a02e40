/** @file
  The PCIe host bridge's windows, as the FDT has them.

  EDK2's own library, OvmfPkg/Fdt/FdtPciHostBridgeLib, uses a 64-bit window only
  where the FDT calls the window non-prefetchable. This platform's 64-bit window
  is prefetchable: it takes the prefetchable BARs, and all other BARs lie below
  4 GiB, where the OS finds them in a window of the right kind.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <Library/BaseLib.h>
#include <Library/DxeServicesTableLib.h>
#include <Library/PciHostBridgeLib.h>
#include <Library/PciHostBridgeUtilityLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/FdtClient.h>
#include <Protocol/PciHostBridgeResourceAllocation.h>

#define COMPATIBLE  "pci-host-ecam-generic"

//
// The cells of an entry of "ranges": phys.hi, phys.mid, phys.low, the CPU
// address in two cells and the size in two.
//
#define RANGE_CELLS  7

//
// Fields of phys.hi in the PCI bus binding (IEEE 1275): the space's code, and
// the bit "p".
//
#define SPACE_MASK    (BIT25 | BIT24)
#define SPACE_IO      BIT24
#define SPACE_MEM32   BIT25
#define PREFETCHABLE  BIT30

//
// The lowest I/O port that a BAR may get. The OS keeps what firmware assigned
// (_DSM, function 5). Linux treats an I/O BAR at 0 as not assigned, and assigns
// no port below this one itself.
//
#define LOWEST_IO_PORT  0x1000

typedef struct {
  PCI_ROOT_BRIDGE_APERTURE    Io;
  PCI_ROOT_BRIDGE_APERTURE    Mem;
  PCI_ROOT_BRIDGE_APERTURE    Mem64;
  PCI_ROOT_BRIDGE_APERTURE    Prefetchable64;
} HOST_BRIDGE_WINDOWS;

STATIC CONST PCI_ROOT_BRIDGE_APERTURE  mNoWindow = { MAX_UINT64, 0 };

/**
  Read one cell of an FDT property.

  @param[in] Cells  The property's content.
  @param[in] Index  The cell's index.

  @return  The cell's value.
**/
STATIC
UINT32
GetCell (
  IN CONST UINT32  *Cells,
  IN UINTN         Index
  )
{
  return SwapBytes32 (Cells[Index]);
}

/**
  Read a 64-bit number of an FDT property.

  @param[in] Cells  The property's content.
  @param[in] Index  The index of the number's first cell.

  @return  The number.
**/
STATIC
UINT64
GetCellPair (
  IN CONST UINT32  *Cells,
  IN UINTN         Index
  )
{
  return LShiftU64 (GetCell (Cells, Index), 32) | GetCell (Cells, Index + 1);
}

/**
  Find a property of the host bridge's node.

  @param[in]  Name   The property's name.
  @param[in]  Least  The least number of cells that the caller needs.
  @param[out] Count  The number of cells of the property. Not set on failure.

  @return  The property's cells; NULL when there is no such property or when it
           has fewer than Least cells.
**/
STATIC
CONST UINT32 *
FindProperty (
  IN  CONST CHAR8  *Name,
  IN  UINTN        Least,
  OUT UINTN        *Count
  )
{
  FDT_CLIENT_PROTOCOL  *Client;
  CONST VOID           *Data;
  UINT32               Size;
  EFI_STATUS           Status;

  Status = gBS->LocateProtocol (
                  &gFdtClientProtocolGuid,
                  NULL,
                  (VOID **)&Client
                  );
  if (EFI_ERROR (Status)) {
    return NULL;
  }

  Status = Client->FindCompatibleNodeProperty (
                     Client,
                     COMPATIBLE,
                     Name,
                     &Data,
                     &Size
                     );
  if (EFI_ERROR (Status) || (Size < Least * sizeof (UINT32))) {
    return NULL;
  }

  *Count = Size / sizeof (UINT32);
  return Data;
}

/**
  Map a range of the CPU's address space as device memory.

  @param[in] Base  The range's first address.
  @param[in] Size  The range's length in bytes.

  @retval EFI_SUCCESS  The range is mapped.
  @return              Otherwise, what the DXE services returned.
**/
STATIC
EFI_STATUS
MapRange (
  IN UINT64  Base,
  IN UINT64  Size
  )
{
  EFI_STATUS  Status;

  Status = gDS->AddMemorySpace (
                  EfiGcdMemoryTypeMemoryMappedIo,
                  Base,
                  Size,
                  EFI_MEMORY_UC
                  );
  if (EFI_ERROR (Status)) {
    return Status;
  }

  return gDS->SetMemorySpaceAttributes (Base, Size, EFI_MEMORY_UC);
}

/**
  Add one entry of the property "ranges" to the host bridge's windows.

  The PCI host bridge driver maps the memory windows. It cannot know the CPU
  addresses that accesses to I/O ports go through, so this function maps those.

  AArch32 leaves the 64-bit windows out: UEFI maps addresses one to one and so
  cannot reach them.

  @param[in,out] Windows  The windows.
  @param[in]     Range    The entry, of RANGE_CELLS cells.

  @retval TRUE   The windows have the entry.
  @retval FALSE  The CPU addresses of the I/O window could not be mapped.
**/
STATIC
BOOLEAN
AddWindow (
  IN OUT HOST_BRIDGE_WINDOWS  *Windows,
  IN     CONST UINT32         *Range
  )
{
  UINT32                    PhysHi;
  UINT32                    Space;
  UINT64                    Size;
  PCI_ROOT_BRIDGE_APERTURE  Window;

  PhysHi             = GetCell (Range, 0);
  Space              = PhysHi & SPACE_MASK;
  Size               = GetCellPair (Range, 5);
  Window.Base        = GetCellPair (Range, 1);
  Window.Limit       = Window.Base + Size - 1;
  Window.Translation = 0;
  if (Space == SPACE_IO) {
    Window.Base = MAX (Window.Base, LOWEST_IO_PORT);
    Windows->Io = Window;
    return !EFI_ERROR (MapRange (GetCellPair (Range, 3), Size));
  }

  if (Space == SPACE_MEM32) {
    Windows->Mem = Window;
  } else if (sizeof (UINTN) == sizeof (UINT64)) {
    if ((PhysHi & PREFETCHABLE) != 0) {
      Windows->Prefetchable64 = Window;
    } else {
      Windows->Mem64 = Window;
    }
  }

  return TRUE;
}

/**
  Read the property "ranges".

  @param[out] Windows  The windows. A window that the FDT does not have is empty.

  @retval TRUE   The windows are as in the FDT.
  @retval FALSE  The FDT has no such property, or AddWindow() failed.
**/
STATIC
BOOLEAN
ReadWindows (
  OUT HOST_BRIDGE_WINDOWS  *Windows
  )
{
  CONST UINT32  *Range;
  UINTN         Count;

  Windows->Io             = mNoWindow;
  Windows->Mem            = mNoWindow;
  Windows->Mem64          = mNoWindow;
  Windows->Prefetchable64 = mNoWindow;

  Range = FindProperty ("ranges", RANGE_CELLS, &Count);
  if (Range == NULL) {
    return FALSE;
  }

  for ( ; Count >= RANGE_CELLS; Count -= RANGE_CELLS, Range += RANGE_CELLS) {
    if (!AddWindow (Windows, Range)) {
      return FALSE;
    }
  }

  return TRUE;
}

/**
  Map the ECAM.

  @retval TRUE   The ECAM is mapped.
  @retval FALSE  The FDT does not have it, or it could not be mapped.
**/
STATIC
BOOLEAN
MapEcam (
  VOID
  )
{
  CONST UINT32  *Reg;
  UINTN         Count;

  Reg = FindProperty ("reg", 4, &Count);
  if (Reg == NULL) {
    return FALSE;
  }

  return !EFI_ERROR (MapRange (GetCellPair (Reg, 0), GetCellPair (Reg, 2)));
}

/**
  Return the PCI root bridges: the one of the FDT.

  The 32-bit window serves prefetchable BARs of 32 bits and all others alike.

  @param[out] Count  The number of root bridges.

  @return  The root bridges; NULL when the FDT has none or when it could not be
           mapped.
**/
PCI_ROOT_BRIDGE *
EFIAPI
PciHostBridgeGetRootBridges (
  OUT UINTN  *Count
  )
{
  UINT64               AllocationAttributes;
  CONST UINT32         *Buses;
  HOST_BRIDGE_WINDOWS  Windows;
  UINTN                Cells;

  *Count = 0;
  Buses  = FindProperty ("bus-range", 2, &Cells);
  if ((Buses == NULL) || !MapEcam () || !ReadWindows (&Windows)) {
    return NULL;
  }

  AllocationAttributes = 0;
  if ((Windows.Mem64.Limit != 0) || (Windows.Prefetchable64.Limit != 0)) {
    AllocationAttributes |= EFI_PCI_HOST_BRIDGE_MEM64_DECODE;
  }

  return PciHostBridgeUtilityGetRootBridges (
           Count,
           EFI_PCI_ATTRIBUTE_ISA_IO_16 |
           EFI_PCI_ATTRIBUTE_ISA_MOTHERBOARD_IO |
           EFI_PCI_ATTRIBUTE_VGA_IO_16 |
           EFI_PCI_ATTRIBUTE_VGA_PALETTE_IO_16,
           AllocationAttributes,
           TRUE,
           FALSE,
           GetCell (Buses, 0),
           GetCell (Buses, 1),
           &Windows.Io,
           &Windows.Mem,
           &Windows.Mem64,
           &Windows.Mem,
           &Windows.Prefetchable64
           );
}

/**
  Free the root bridges that PciHostBridgeGetRootBridges() returned.

  @param[in] Bridges  The root bridges.
  @param[in] Count    The number of root bridges.
**/
VOID
EFIAPI
PciHostBridgeFreeRootBridges (
  IN PCI_ROOT_BRIDGE  *Bridges,
  IN UINTN            Count
  )
{
  PciHostBridgeUtilityFreeRootBridges (Bridges, Count);
}

/**
  Report that the devices do not fit into the windows.

  @param[in] HostBridgeHandle  The host bridge.
  @param[in] Configuration     The resources that the devices ask for.
**/
VOID
EFIAPI
PciHostBridgeResourceConflict (
  IN EFI_HANDLE  HostBridgeHandle,
  IN VOID        *Configuration
  )
{
  PciHostBridgeUtilityResourceConflict (Configuration);
}
