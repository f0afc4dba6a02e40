/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Boot managers and firmware of Debian
 *
 * The cases that start the demo guest's kernel by systemd-boot, rEFInd, iPXE
 * and GRUB 2.06, on the bundled firmware, and the demo disk on the UEFI that
 * Debian 12, 13 and sid build for virt.
 */

#include "cases.h"
#include "demo.h"

typedef struct Manager {
    const char *name;
    const char *disk;
    const char *expected;       /* what the manager prints, before Linux does */
} Manager;

static const Manager managers[] = {
    { "systemd-boot", "manager-systemd-boot.img", "" },
    { "refind", "manager-refind.img", "rEFInd - Booting OS" },
    { "ipxe", "manager-ipxe.img", "iPXE 1.21.1" },
    { "grub-2.06", "manager-grub-2.06.img", "Booting `demo'" },
};

static void check_uefi_linux(Guest *g)
{
    g_autofree char *report = demo_report(g);

    guest_check(g, report, "firmware: UEFI\r", true);
    guest_check(g, report, "disks: vda (", true);
    guest_check(g, report, "rtc: rtc-efi", true);
    demo_power_off(g);
}

/* iPXE starts no kernel without a network card, and opens it first. */
static void test_manager(gconstpointer data)
{
    const Manager *m = data;
    g_autofree char *name = g_strdup_printf("managers/%s", m->name);
    g_autofree char *path = guest_file(m->disk);
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, "");
    demo_add_network(g);
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk", path);
    guest_launch(g);
    guest_expect(g, m->expected);
    check_uefi_linux(g);
}

typedef struct Firmware {
    const char *name;
    const char *file;
    const char *properties;
    const char *description;
} Firmware;

/* Debian 12 has EDK2 2022.11, Debian 13 2025.02, sid 2026.08. */
static const Firmware firmwares[] = {
    { "aavmf-bookworm", "aavmf-bookworm.fd", "", "description: FDT\r" },
    { "aavmf-bookworm-acpi", "aavmf-bookworm.fd", ",fdt=off",
      "description: ACPI\r" },
    { "aavmf-trixie", "aavmf-aarch64.fd", "", "description: FDT\r" },
    { "aavmf-trixie-acpi", "aavmf-aarch64.fd", ",fdt=off",
      "description: ACPI\r" },
    { "aavmf-sid", "aavmf-sid.fd", "", "description: FDT\r" },
    { "aavmf-sid-acpi", "aavmf-sid.fd", ",fdt=off", "description: ACPI\r" },
};

static void test_uefi_of_virt(gconstpointer data)
{
    const Firmware *f = data;
    g_autofree char *name = g_strdup_printf("managers/%s", f->name);
    g_autofree char *path = guest_file(f->file);
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, f->properties);
    guest_add(g, "-bios '%s'", path);
    demo_add_disk(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, "Booting `vmspec demo guest'");
    check_uefi_linux(g);
}

static void add_manager_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(managers); i++) {
        guest_add_case(test_manager, &managers[i], "managers/%s",
                       managers[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(firmwares); i++) {
        guest_add_case(test_uefi_of_virt, &firmwares[i], "managers/%s",
                       firmwares[i].name);
    }
}

guest_cases(add_manager_cases)
