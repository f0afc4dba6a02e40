/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Firmware
 *
 * Owns the cases of the bundled UEFI by itself, and of another UEFI, Debian's
 * U-Boot, that starts the demo disk's EFI application.
 */

#include "cases.h"
#include "machine.h"

/*
 * The command line of a user who has nothing yet.  Left alone, firmware tries
 * the network for minutes and then comes to its shell; Esc, held down from the
 * start, asks for its menu, where the boot manager is an entry.
 */
static void test_alone(void)
{
    const char *machine = g_getenv("VMSPEC_TEST_MACHINE") ?: "vmspec";
    g_autoptr(Guest) g = guest_new("firmware/alone");

    guest_add(g, "-M %s -nographic", machine);
    guest_launch(g);
    guest_expect(g, "UEFI firmware");
    for (int i = 0; i < 16; i++) {
        guest_type(g, "\033");
    }
    guest_expect(g, "Boot Manager");
    guest_type(g, "\001x");
    guest_expect_exit(g);
}

static void test_u_boot(gconstpointer data)
{
    const Arch *arch = data;
    g_autofree char *name = g_strdup_printf("firmware/u-boot-%s", arch->name);
    g_autofree char *file = g_strdup_printf("u-boot-%s.bin", arch->name);
    g_autofree char *path = guest_file(file);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(name);

    machine_add(g, arch, "");
    guest_add(g, "-bios '%s'", path);
    machine_add_disk(g, arch);
    guest_launch(g);
    guest_expect(g, "U-Boot 20");
    guest_expect(g, "Booting `vmspec demo guest'");
    report = machine_report(g);
    guest_check(g, report, "firmware: UEFI\r", true);
    guest_check(g, report, "disks: vda (", true);
    machine_power_off(g);
}

void add_firmware_cases(void)
{
    g_test_add_func("/guest/firmware/alone", test_alone);
    g_test_add_data_func("/guest/firmware/u-boot-aarch64", &arch_aarch64,
                         test_u_boot);
    g_test_add_data_func("/guest/firmware/u-boot-arm", &arch_arm, test_u_boot);
}
