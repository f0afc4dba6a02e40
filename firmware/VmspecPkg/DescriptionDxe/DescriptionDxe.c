/** @file
  The hardware descriptions that the OS gets.

  This driver decides which of ACPI and FDT are in the EFI configuration table
  (H2, H3), where the OS's FDT lies, and what EFI_RT_PROPERTIES_TABLE says (UEFI
  2.10, section 4.6.2). The firmware itself always goes by the FDT. The machine
  says by fw_cfg what the OS is to see: without the file etc/table-loader the OS
  gets no ACPI, with the file VMSPEC_FW_CFG_NO_FDT it gets no FDT.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <libfdt.h>
#include <Guid/EventGroup.h>
#include <Guid/Fdt.h>
#include <Guid/FdtHob.h>
#include <Guid/PlatformHasAcpi.h>
#include <Guid/RtPropertiesTable.h>
#include <Library/BaseMemoryLib.h>
#include <Library/HobLib.h>
#include <Library/QemuFwCfgLib.h>
#include <Library/UefiBootServicesTableLib.h>

//
// The names of fw_cfg's files on which this machine and its firmware agree
//
#include <vmspec-firmware.h>

//
// QEMU's file of instructions how to install its ACPI tables
//
#define ACPI_FILE  "etc/table-loader"

//
// The runtime services that work: all but the alarm clock and capsules.
//
STATIC CONST EFI_RT_PROPERTIES_TABLE  mRtProperties = {
  EFI_RT_PROPERTIES_TABLE_VERSION,
  sizeof (EFI_RT_PROPERTIES_TABLE),
  EFI_RT_SUPPORTED_GET_TIME |
  EFI_RT_SUPPORTED_SET_TIME |
  EFI_RT_SUPPORTED_GET_VARIABLE |
  EFI_RT_SUPPORTED_GET_NEXT_VARIABLE_NAME |
  EFI_RT_SUPPORTED_SET_VARIABLE |
  EFI_RT_SUPPORTED_SET_VIRTUAL_ADDRESS_MAP |
  EFI_RT_SUPPORTED_CONVERT_POINTER |
  EFI_RT_SUPPORTED_GET_NEXT_HIGH_MONOTONIC_COUNT |
  EFI_RT_SUPPORTED_RESET_SYSTEM |
  EFI_RT_SUPPORTED_QUERY_VARIABLE_INFO
};

/**
  Tell whether fw_cfg has a file.

  @param[in] Name  The file's name.

  @retval TRUE   fw_cfg has the file.
  @retval FALSE  It has not.
**/
STATIC
BOOLEAN
HasFile (
  IN CONST CHAR8  *Name
  )
{
  FIRMWARE_CONFIG_ITEM  Item;
  UINTN                 Size;

  return !RETURN_ERROR (QemuFwCfgFindFile (Name, &Item, &Size));
}

/**
  Allocate memory of type ACPI reclaim, in which EBBR wants the FDT and
  EFI_RT_PROPERTIES_TABLE.

  @param[in] Size  The number of bytes.

  @return  The memory; NULL when there is none.
**/
STATIC
VOID *
AllocateReclaimable (
  IN UINTN  Size
  )
{
  EFI_PHYSICAL_ADDRESS  Address;
  EFI_STATUS            Status;

  Status = gBS->AllocatePages (
                  AllocateAnyPages,
                  EfiACPIReclaimMemory,
                  EFI_SIZE_TO_PAGES (Size),
                  &Address
                  );
  return EFI_ERROR (Status) ? NULL : (VOID *)(UINTN)Address;
}

/**
  Put EFI_RT_PROPERTIES_TABLE into the EFI configuration table.
**/
STATIC
VOID
InstallRtProperties (
  VOID
  )
{
  VOID  *Table;

  Table = AllocateReclaimable (sizeof (mRtProperties));
  if (Table != NULL) {
    CopyMem (Table, &mRtProperties, sizeof (mRtProperties));
    gBS->InstallConfigurationTable (&gEfiRtPropertiesTableGuid, Table);
  }
}

/**
  Put a copy of the firmware's FDT into the EFI configuration table.

  At the end of DXE the drivers have disabled the nodes of the devices that
  belong to the firmware, the flash and the RTC (F9).

  @param[in] Event    The event, which is closed.
  @param[in] Context  Not used.
**/
STATIC
VOID
EFIAPI
InstallFdt (
  IN EFI_EVENT  Event,
  IN VOID       *Context
  )
{
  CONST VOID  *Hob;
  CONST VOID  *Fdt;
  VOID        *Copy;

  Hob = GetFirstGuidHob (&gFdtHobGuid);
  gBS->CloseEvent (Event);
  if (Hob == NULL) {
    return;
  }

  Fdt  = (CONST VOID *)(UINTN)*(CONST UINT64 *)GET_GUID_HOB_DATA (Hob);
  Copy = AllocateReclaimable (fdt_totalsize (Fdt));
  if ((Copy != NULL) &&
      (fdt_open_into (Fdt, Copy, (INT32)fdt_totalsize (Fdt)) == 0))
  {
    gBS->InstallConfigurationTable (&gFdtTableGuid, Copy);
  }
}

/**
  Decide which descriptions the OS gets.

  AArch32 guests get no ACPI, because none of them takes it.

  @param[in] ImageHandle  This driver's image.
  @param[in] SystemTable  The EFI system table.

  @retval EFI_SUCCESS  The descriptions are, or will be, in place.
  @return              Otherwise, why the FDT cannot be handed over.
**/
EFI_STATUS
EFIAPI
DescriptionDxeEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  EFI_EVENT  Event;

  InstallRtProperties ();
  if ((sizeof (UINTN) == sizeof (UINT64)) && HasFile (ACPI_FILE)) {
    gBS->InstallProtocolInterface (
           &ImageHandle,
           &gEdkiiPlatformHasAcpiGuid,
           EFI_NATIVE_INTERFACE,
           NULL
           );
  }

  if (HasFile (VMSPEC_FW_CFG_NO_FDT)) {
    return EFI_SUCCESS;
  }

  return gBS->CreateEventEx (
                EVT_NOTIFY_SIGNAL,
                TPL_CALLBACK,
                InstallFdt,
                NULL,
                &gEfiEndOfDxeEventGroupGuid,
                &Event
                );
}
