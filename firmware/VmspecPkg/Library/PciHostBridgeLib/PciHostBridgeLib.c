/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The host bridge's windows, as the FDT has them
 *
 * EDK2's own library takes a 64-bit window for what it is only where the FDT
 * calls it non-prefetchable. This platform's is prefetchable: what may lie in
 * it are prefetchable BARs, and all others lie below 4 GiB, where the OS then
 * finds them in a window of the right kind.
 */

#include <PiDxe.h>
#include <Library/BaseLib.h>
#include <Library/DxeServicesTableLib.h>
#include <Library/PciHostBridgeLib.h>
#include <Library/PciHostBridgeUtilityLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/FdtClient.h>
#include <Protocol/PciHostBridgeResourceAllocation.h>

#define COMPATIBLE "pci-host-ecam-generic"

/* An entry of "ranges": phys.hi, .mid and .low, CPU address, size */
#define RANGE_CELLS 7
/* phys.hi of the PCI bus binding (IEEE 1275): the space's code, and "p" */
#define SPACE(hi) ((hi) & (BIT25 | BIT24))
#define SPACE_IO BIT24
#define SPACE_MEM32 BIT25
#define PREFETCHABLE BIT30

/* The OS keeps what is assigned (_DSM, function 5). Linux takes an I/O BAR at 0
 * for none, and assigns none below this itself. */
#define LEAST_IO 0x1000

typedef struct {
    PCI_ROOT_BRIDGE_APERTURE io;
    PCI_ROOT_BRIDGE_APERTURE mem;
    PCI_ROOT_BRIDGE_APERTURE mem64;
    PCI_ROOT_BRIDGE_APERTURE prefetchable64;
} Windows;

static const PCI_ROOT_BRIDGE_APERTURE no_window = { MAX_UINT64, 0 };

static UINT32 cell(const UINT32 *cells, UINTN i)
{
    return SwapBytes32(cells[i]);
}

static UINT64 cell_pair(const UINT32 *cells, UINTN i)
{
    return LShiftU64(cell(cells, i), 32) | cell(cells, i + 1);
}

/* The property's cells; NULL unless there are at least @least of them. */
static const UINT32 *property(const CHAR8 *name, UINTN least, UINTN *count)
{
    FDT_CLIENT_PROTOCOL *client;
    const VOID *data;
    UINT32 size;

    if (EFI_ERROR(gBS->LocateProtocol(&gFdtClientProtocolGuid, NULL,
                                      (VOID **)&client)) ||
        EFI_ERROR(client->FindCompatibleNodeProperty(client, COMPATIBLE, name,
                                                     &data, &size)) ||
        size < least * sizeof(UINT32)) {
        return NULL;
    }
    *count = size / sizeof(UINT32);
    return data;
}

static EFI_STATUS map(UINT64 base, UINT64 size)
{
    EFI_STATUS status = gDS->AddMemorySpace(EfiGcdMemoryTypeMemoryMappedIo,
                                            base, size, EFI_MEMORY_UC);

    return EFI_ERROR(status) ? status :
           gDS->SetMemorySpaceAttributes(base, size, EFI_MEMORY_UC);
}

/* The core maps the memory windows; what accesses to I/O go through, it
 * cannot know. */
static BOOLEAN add_window(Windows *windows, const UINT32 *range)
{
    UINT32 space = cell(range, 0);
    UINT64 size = cell_pair(range, 5);
    PCI_ROOT_BRIDGE_APERTURE window = { 0 };

    window.Base = cell_pair(range, 1);
    window.Limit = window.Base + size - 1;
    if (SPACE(space) == SPACE_IO) {
        window.Base = MAX(window.Base, LEAST_IO);
        windows->io = window;
        return !EFI_ERROR(map(cell_pair(range, 3), size));
    }
    if (SPACE(space) == SPACE_MEM32) {
        windows->mem = window;
    } else if (sizeof(UINTN) < sizeof(UINT64)) {
        /* out of reach: UEFI maps addresses one to one */
    } else if (space & PREFETCHABLE) {
        windows->prefetchable64 = window;
    } else {
        windows->mem64 = window;
    }
    return TRUE;
}

static BOOLEAN read_windows(Windows *windows)
{
    UINTN count;
    const UINT32 *range = property("ranges", RANGE_CELLS, &count);

    windows->io = no_window;
    windows->mem = no_window;
    windows->mem64 = no_window;
    windows->prefetchable64 = no_window;
    if (!range) {
        return FALSE;
    }
    for (; count >= RANGE_CELLS; count -= RANGE_CELLS, range += RANGE_CELLS) {
        if (!add_window(windows, range)) {
            return FALSE;
        }
    }
    return TRUE;
}

static BOOLEAN map_ecam(VOID)
{
    UINTN count;
    const UINT32 *reg = property("reg", 4, &count);

    return reg && !EFI_ERROR(map(cell_pair(reg, 0), cell_pair(reg, 2)));
}

PCI_ROOT_BRIDGE *EFIAPI PciHostBridgeGetRootBridges(UINTN *count)
{
    UINT64 allocation = 0;
    const UINT32 *buses;
    Windows windows;
    UINTN cells;

    *count = 0;
    buses = property("bus-range", 2, &cells);
    if (!buses || !map_ecam() || !read_windows(&windows)) {
        return NULL;
    }
    if (windows.mem64.Limit || windows.prefetchable64.Limit) {
        allocation |= EFI_PCI_HOST_BRIDGE_MEM64_DECODE;
    }
    /* Prefetchable BARs of 32 bits share the window with all others. */
    return PciHostBridgeUtilityGetRootBridges(
        count,
        EFI_PCI_ATTRIBUTE_ISA_IO_16 | EFI_PCI_ATTRIBUTE_ISA_MOTHERBOARD_IO |
            EFI_PCI_ATTRIBUTE_VGA_IO_16 | EFI_PCI_ATTRIBUTE_VGA_PALETTE_IO_16,
        allocation, TRUE, FALSE, cell(buses, 0), cell(buses, 1), &windows.io,
        &windows.mem, &windows.mem64, &windows.mem, &windows.prefetchable64);
}

VOID EFIAPI PciHostBridgeFreeRootBridges(PCI_ROOT_BRIDGE *bridges,
                                         UINTN count)
{
    PciHostBridgeUtilityFreeRootBridges(bridges, count);
}

VOID EFIAPI PciHostBridgeResourceConflict(EFI_HANDLE handle,
                                          VOID *configuration)
{
    PciHostBridgeUtilityResourceConflict(configuration);
}
