/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The descriptions that the OS gets
 *
 * Owns which of ACPI and FDT are in the EFI configuration table (H2, H3), the
 * FDT's place, and EFI_RT_PROPERTIES_TABLE (UEFI 2.10, 4.6.2).  Firmware
 * itself always goes by the FDT; the machine says by fw_cfg what the OS shall
 * see: no ACPI without etc/table-loader, no FDT with etc/vmspec/no-fdt.
 */

#include <PiDxe.h>
#include <libfdt.h>
#include <Guid/Fdt.h>
#include <Guid/FdtHob.h>
#include <Guid/RtPropertiesTable.h>
#include <Library/BaseMemoryLib.h>
#include <Library/HobLib.h>
#include <Library/QemuFwCfgLib.h>
#include <Library/UefiBootServicesTableLib.h>

extern EFI_GUID gEdkiiPlatformHasAcpiGuid;
extern EFI_GUID gEfiEndOfDxeEventGroupGuid;

#define ACPI_FILE "etc/table-loader"
#define NO_FDT_FILE "etc/vmspec/no-fdt"

/* What works at run time: no alarm clock, no capsules. */
static const EFI_RT_PROPERTIES_TABLE rt_properties = {
    EFI_RT_PROPERTIES_TABLE_VERSION,
    sizeof(EFI_RT_PROPERTIES_TABLE),
    EFI_RT_SUPPORTED_GET_TIME | EFI_RT_SUPPORTED_SET_TIME |
        EFI_RT_SUPPORTED_GET_VARIABLE |
        EFI_RT_SUPPORTED_GET_NEXT_VARIABLE_NAME |
        EFI_RT_SUPPORTED_SET_VARIABLE |
        EFI_RT_SUPPORTED_SET_VIRTUAL_ADDRESS_MAP |
        EFI_RT_SUPPORTED_CONVERT_POINTER |
        EFI_RT_SUPPORTED_GET_NEXT_HIGH_MONOTONIC_COUNT |
        EFI_RT_SUPPORTED_RESET_SYSTEM |
        EFI_RT_SUPPORTED_QUERY_VARIABLE_INFO,
};

static BOOLEAN has_file(const CHAR8 *name)
{
    FIRMWARE_CONFIG_ITEM item;
    UINTN size;

    return !RETURN_ERROR(QemuFwCfgFindFile(name, &item, &size));
}

/* @size bytes of ACPI-reclaim memory, which EBBR asks for both tables. */
static VOID *reclaimable(UINTN size)
{
    EFI_PHYSICAL_ADDRESS address;
    EFI_STATUS status;

    status = gBS->AllocatePages(AllocateAnyPages, EfiACPIReclaimMemory,
                                EFI_SIZE_TO_PAGES(size), &address);
    return EFI_ERROR(status) ? NULL : (VOID *)(UINTN)address;
}

static VOID install_rt_properties(VOID)
{
    VOID *table = reclaimable(sizeof(rt_properties));

    if (table) {
        CopyMem(table, &rt_properties, sizeof(rt_properties));
        gBS->InstallConfigurationTable(&gEfiRtPropertiesTableGuid, table);
    }
}

/*
 * The drivers have by now disabled the nodes of what they own, the flash and
 * the clock (F9): a copy of their FDT is the OS's.
 */
static VOID EFIAPI install_fdt(EFI_EVENT event, VOID *context)
{
    const VOID *hob = GetFirstGuidHob(&gFdtHobGuid);
    const VOID *fdt;
    VOID *copy;

    gBS->CloseEvent(event);
    if (!hob) {
        return;
    }
    fdt = (const VOID *)(UINTN)*(const UINT64 *)GET_GUID_HOB_DATA(hob);
    copy = reclaimable(fdt_totalsize(fdt));
    if (copy && fdt_open_into(fdt, copy, (int)fdt_totalsize(fdt)) == 0) {
        gBS->InstallConfigurationTable(&gFdtTableGuid, copy);
    }
}

EFI_STATUS EFIAPI description_entry(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
    EFI_EVENT event;

    install_rt_properties();
    /* There is no ACPI for AArch32. */
    if (sizeof(UINTN) == 8 && has_file(ACPI_FILE)) {
        gBS->InstallProtocolInterface(&image, &gEdkiiPlatformHasAcpiGuid,
                                      EFI_NATIVE_INTERFACE, NULL);
    }
    if (has_file(NO_FDT_FILE)) {
        return EFI_SUCCESS;
    }
    return gBS->CreateEventEx(EVT_NOTIFY_SIGNAL, TPL_CALLBACK, install_fdt,
                              NULL, &gEfiEndOfDxeEventGroupGuid, &event);
}
