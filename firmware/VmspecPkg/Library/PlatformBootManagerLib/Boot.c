/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a boot does between DXE and the OS
 *
 * Owns the order of it: EDK2's boot device selection calls these functions
 * around its own steps.  A boot that finds its loader does nothing else: no
 * logo, no wait for a key, no device connected that it does not boot from.
 */

#include "Boot.h"

#include <Guid/EventGroup.h>
#include <Library/DxeServicesLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PcdLib.h>
#include <Library/QemuBootOrderLib.h>
#include <Library/QemuFwCfgSimpleParserLib.h>
#include <Library/QemuLoadImageLib.h>
#include <Library/TpmPlatformHierarchyLib.h>
#include <Library/UefiBootManagerLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Library/UefiLib.h>
#include <Library/VolumeLib.h>
#include <Library/PlatformBootManagerLib.h>
#include <Protocol/MemoryAttribute.h>
#include <Protocol/PciRootBridgeIo.h>

extern EFI_GUID gRootBridgesConnectedEventGroupGuid;
extern EFI_GUID gUefiShellFileGuid;
extern EFI_GUID gVmspecShellVolumeGuid;

/* No wait for startup.nsh; it still runs if a file system has it. */
static CHAR16 shell_arguments[] = L"-delay 0";

VOID for_each_handle(EFI_GUID *protocol, VOID (*visit)(EFI_HANDLE handle))
{
    EFI_HANDLE *handles;
    UINTN count;

    if (EFI_ERROR(gBS->LocateHandleBuffer(ByProtocol, protocol, NULL, &count,
                                          &handles))) {
        return;
    }
    for (UINTN i = 0; i < count; i++) {
        visit(handles[i]);
    }
    FreePool(handles);
}

static VOID connect_bus(EFI_HANDLE handle)
{
    gBS->ConnectController(handle, NULL, NULL, FALSE);
}

/* F2 and Esc reach the menu while "-boot menu=on" lets the firmware wait. */
static VOID add_menu_keys(VOID)
{
    static EFI_INPUT_KEY f2 = { SCAN_F2, CHAR_NULL };
    static EFI_INPUT_KEY esc = { SCAN_ESC, CHAR_NULL };
    static EFI_INPUT_KEY enter = { SCAN_NULL, CHAR_CARRIAGE_RETURN };
    EFI_BOOT_MANAGER_LOAD_OPTION menu;

    EfiBootManagerRegisterContinueKeyOption(0, &enter, NULL);
    if (EFI_ERROR(EfiBootManagerGetBootManagerMenu(&menu))) {
        return;
    }
    EfiBootManagerAddKeyOptionVariable(NULL, (UINT16)menu.OptionNumber, 0,
                                       &f2, NULL);
    EfiBootManagerAddKeyOptionVariable(NULL, (UINT16)menu.OptionNumber, 0,
                                       &esc, NULL);
    EfiBootManagerFreeLoadOption(&menu);
}

VOID EFIAPI PlatformBootManagerBeforeConsole(VOID)
{
    UINT16 timeout = GetFrontPageTimeoutFromQemu();

    EfiEventGroupSignal(&gEfiEndOfDxeEventGroupGuid);
    ConfigureTpmPlatformHierarchy();
    EfiBootManagerDispatchDeferredImages();

    for_each_handle(&gEfiPciRootBridgeIoProtocolGuid, connect_bus);
    /* ACPI tables can now be had: BARs have their addresses. */
    EfiEventGroupSignal(&gRootBridgesConnectedEventGroupGuid);

    load_volumes();
    connect_early_devices();
    add_consoles();
    if (timeout) {
        PcdSet16S(PcdPlatformBootTimeOut, timeout);
        add_menu_keys();
    }
}

/* Loaders in the field that cannot use the protocol stop when they have it. */
static VOID remove_memory_attribute_protocol(VOID)
{
    BOOLEAN remove = FixedPcdGetBool(PcdUninstallMemAttrProtocol);
    UINTN size = sizeof(EFI_HANDLE);
    EFI_HANDLE handle;
    VOID *interface;

    QemuFwCfgParseBool("opt/org.tianocore/UninstallMemAttrProtocol", &remove);
    if (remove &&
        !EFI_ERROR(gBS->LocateHandle(ByProtocol,
                                     &gEfiMemoryAttributeProtocolGuid, NULL,
                                     &size, &handle)) &&
        !EFI_ERROR(gBS->HandleProtocol(handle,
                                       &gEfiMemoryAttributeProtocolGuid,
                                       &interface))) {
        gBS->UninstallProtocolInterface(handle,
                                        &gEfiMemoryAttributeProtocolGuid,
                                        interface);
    }
}

/* QEMU's -kernel, -initrd and -append */
static VOID start_kernel(VOID)
{
    EFI_STATUS status;
    EFI_HANDLE kernel;

    status = QemuLoadKernelImage(&kernel);
    if (status == EFI_NOT_FOUND) {
        return;
    }
    if (!EFI_ERROR(status)) {
        EfiSignalEventReadyToBoot();
        status = QemuStartKernelImage(&kernel);
        QemuUnloadKernelImage(kernel);
    }
    if (is_refused(status)) {
        Print(L"vmspec: -kernel: the kernel is refused by Secure Boot: not "
              L"signed by a key in db, or revoked in dbx\r\n");
    } else {
        Print(L"vmspec: -kernel: the kernel did not run as an EFI "
              L"application: %r\r\n", status);
    }
}

VOID EFIAPI PlatformBootManagerAfterConsole(VOID)
{
    remove_memory_attribute_protocol();
    start_kernel();
    connect_boot_devices();
    EfiBootManagerRefreshAllBootOption();
    SetBootOrderFromQemu();
}

VOID EFIAPI PlatformBootManagerWaitCallback(UINT16 remaining)
{
    Print(L"\rvmspec: Esc or F2 for the menu, Enter to go on (%d s) ",
          remaining);
}

static EFI_TEXT_CLEAR_SCREEN clear_screen;

/* The shell clears the screen first, and with it the line that says why. */
static EFI_STATUS EFIAPI clear_nothing_once(EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL *t)
{
    t->ClearScreen = clear_screen;
    return EFI_SUCCESS;
}

static VOID keep_screen_once(VOID)
{
    if (gST->ConOut) {
        clear_screen = gST->ConOut->ClearScreen;
        gST->ConOut->ClearScreen = clear_nothing_once;
    }
}

/*
 * The shell as a boot option that is never tried by itself: it is started
 * here, and the menu lists it.
 */
static EFI_STATUS shell_option(EFI_BOOT_MANAGER_LOAD_OPTION *option)
{
    EFI_DEVICE_PATH_PROTOCOL *path;
    EFI_STATUS status;

    status = GetFileDevicePathFromAnyFv(&gUefiShellFileGuid, EFI_SECTION_PE32,
                                        0, &path);
    if (EFI_ERROR(status)) {
        return status;
    }
    status = EfiBootManagerInitializeLoadOption(
        option, LoadOptionNumberUnassigned, LoadOptionTypeBoot,
        LOAD_OPTION_ACTIVE | LOAD_OPTION_CATEGORY_APP, L"EFI Internal Shell",
        path, (UINT8 *)shell_arguments, sizeof(shell_arguments));
    FreePool(path);
    return status;
}

/* The menu clears the screen, and with it the line that says why. */
static VOID wait_for_key(VOID)
{
    EFI_INPUT_KEY key;
    UINTN index;

    gBS->WaitForEvent(1, &gST->ConIn->WaitForKey, &index);
    gST->ConIn->ReadKeyStroke(gST->ConIn, &key);
}

VOID EFIAPI PlatformBootManagerUnableToBoot(VOID)
{
    EFI_BOOT_MANAGER_LOAD_OPTION option;
    BOOLEAN has_shell;

    volume_load(&gVmspecShellVolumeGuid);
    has_shell = !EFI_ERROR(shell_option(&option));
    report_nothing_started(has_shell);
    if (has_shell) {
        keep_screen_once();
        EfiBootManagerBoot(&option);
        EfiBootManagerFreeLoadOption(&option);
    } else {
        wait_for_key();
    }
    if (EFI_ERROR(EfiBootManagerGetBootManagerMenu(&option))) {
        return;
    }
    do {
        EfiBootManagerBoot(&option);
    } while (!EFI_ERROR(option.Status));
}
