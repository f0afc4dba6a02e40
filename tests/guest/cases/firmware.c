/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Firmware
 *
 * The cases of the bundled UEFI: what it boots from, which descriptions it
 * gives an OS, and what it prints when it can boot nothing.  One more UEFI,
 * Debian's U-Boot, must start the demo disk's EFI application.
 */

#include <errno.h>
#include <unistd.h>

#include "cases.h"
#include "demo.h"
#include "screen.h"

#define BANK_SIZE (1 << 20)      /* flash1 (platform.md, section 2.2) */
#define SHELL_PROMPT "Shell> "
#define TO_THE_MENU "exit\r"
#define LEAVE_QEMU "\001x"
#define CURSOR_DOWN "\033[B"

/*
 * The command line of a user who has no disk yet.  The firmware does not try
 * the machine's own network card, says in one line what is missing, and starts
 * its shell, from which "exit" leads to the menu.
 */
static void test_alone(void)
{
    const char *machine = g_getenv("VMSPEC_TEST_MACHINE") ?: "vmspec";
    g_autoptr(Guest) g = guest_new("firmware/alone");

    guest_add(g, "-M %s -nographic", machine);
    guest_launch(g);
    guest_expect(g, "UEFI firmware");
    guest_expect(g, "vmspec: nothing to boot: no disk\r");
    guest_expect(g, "\nthe network is tried when a network card has a "
                 "bootindex.");
    guest_expect(g, SHELL_PROMPT);
    guest_type(g, TO_THE_MENU);
    guest_expect(g, "Boot Manager");
    guest_type(g, LEAVE_QEMU);
    guest_expect_exit(g);
}

/*
 * Each request of the disk takes half a second. A firmware that looks at the
 * clock all the time executes some hundred million instructions meanwhile; one
 * that sleeps needs 90 M from reset to the shell's prompt.
 */
static void test_sleeps(void)
{
    const char *folder = g_getenv("VMSPEC_TEST_QEMU");
    g_autofree char *plugin = g_build_filename(folder, "tests", "tcg",
                                               "plugins", "libinsn.so", NULL);
    g_autoptr(Guest) g = guest_new("firmware/sleeps");
    g_autofree char *log = g_build_filename(guest_folder(g), "count", NULL);
    g_autofree char *text = NULL;
    const char *total;

    if (!g_file_test(plugin, G_FILE_TEST_EXISTS)) {
        g_test_skip("this QEMU was built without its plugin insn");
        return;
    }
    guest_add(g, "-M %s -nographic -nic none -blockdev null-co,node-name=null,"
              "size=1048576,read-zeroes=on,latency-ns=500000000"
              " -device virtio-blk-pci,drive=null -plugin '%s' -d plugin"
              " -D '%s'", g_getenv("VMSPEC_TEST_MACHINE") ?: "vmspec", plugin,
              log);
    guest_launch(g);
    guest_expect(g, "null: no partition table\r");
    guest_expect(g, SHELL_PROMPT);
    guest_type(g, LEAVE_QEMU);
    guest_expect_exit(g);
    g_file_get_contents(log, &text, NULL, NULL);
    total = text ? strstr(text, "total insns: ") : NULL;
    g_assert_nonnull(total);
    g_test_message("%s", total);
    g_assert_cmpuint(g_ascii_strtoull(strchr(total, ':') + 1, NULL, 10), <,
                     150 * 1000 * 1000);
}

/* The menu's page of the settings is the first of its Device Manager. */
static void test_settings(void)
{
    g_autoptr(Guest) g = guest_new("firmware/settings");

    demo_add_machine(g, &arch_aarch64, "");
    guest_launch(g);
    guest_expect(g, SHELL_PROMPT);
    guest_type(g, TO_THE_MENU);
    guest_expect(g, "Select Language");
    guest_type(g, CURSOR_DOWN);
    guest_expect(g, "take you to the Boot");
    guest_type(g, CURSOR_DOWN);
    guest_expect(g, "take you to the Boot");
    guest_type(g, CURSOR_DOWN);
    guest_expect(g, "take you to the");
    guest_type(g, "\r");
    guest_expect(g, "Settings of this machine");
    guest_expect(g, "Where the settings");
    guest_type(g, "\r");
    guest_expect(g, "The settings of this machine are options of QEMU.");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/*
 * The default machine, with its network card and its hot-plug ports, boots with
 * 4 ports and with 32, each of which reserves windows.
 */
static void test_default_machine(gconstpointer data)
{
    const Arch *arch = data;
    const char *machine = g_getenv("VMSPEC_TEST_MACHINE") ?: "vmspec";
    g_autofree char *name = g_strdup_printf("firmware/ports-%s", arch->name);
    g_autofree char *image = g_strdup_printf("demo-%s.img", arch->name);
    g_autofree char *path = guest_file(image);

    for (int ports = 4; ports <= 32; ports += 28) {
        g_autoptr(Guest) g = guest_new(name);
        g_autofree char *seen = NULL;

        guest_add(g, "-M %s %s -nographic"
                  " -drive if=virtio,format=raw,snapshot=on,file='%s'",
                  machine, arch->options, path);
        if (ports != 4) {
            guest_add(g, "-M hotplug-ports=%d", ports);
        }
        guest_launch(g);
        guest_expect(g, GUEST_PROMPT);
        seen = guest_ask(g, "ls -d /sys/class/net/eth0;"
                         " (cd /sys/bus/pci/devices;"
                         " echo ports $(grep -l ^0x0604 */class | wc -l))");
        guest_check(g, seen, "/sys/class/net/eth0\r", true);
        guest_check(g, seen, ports == 4 ? "ports 4\r" : "ports 32\r",
                    true);
        guest_type(g, LEAVE_QEMU);
        guest_expect_exit(g);
    }
}

/* Stores of which writes fail: no room, and an error of the disk */
static const struct {
    const char *name;
    int error;                  /* errno */
    int first;                  /* the first write that fails, from 1 on */
    bool graphics;              /* a display and a USB keyboard as well */
} bad_stores[] = {
    { "firmware/full-store", ENOSPC, 1, false },
    { "firmware/failing-store", EIO, 1, true },
    { "firmware/full-store-later", ENOSPC, 10, true },
    { "firmware/failing-store-later", EIO, 10, false },
    /* ConIn stands, and the other two do not */
    { "firmware/full-store-console", ENOSPC, 23, false },
};

/* Write blkdebug's rules: each write before the first that fails counts. */
static void write_fault(const char *path, int error, int first)
{
    g_autoptr(GString) rules = g_string_new("");

    for (int i = 1; i < first; i++) {
        g_string_append_printf(rules, "[set-state]\nevent = \"pwritev\"\n"
                               "state = \"%d\"\nnew_state = \"%d\"\n", i,
                               i + 1);
    }
    g_string_append_printf(rules, "[inject-error]\nevent = \"pwritev\"\n"
                           "state = \"%d\"\niotype = \"write\"\n"
                           "errno = \"%d\"\n", first, error);
    g_assert_true(g_file_set_contents(path, rules->str, -1, NULL));
}

/*
 * A variable store that cannot be written, and so lacks some variables of
 * consoles or all: the firmware has its consoles all the same, and starts shell
 * and menu.
 */
static void test_store_without_consoles(gconstpointer which)
{
    int i = GPOINTER_TO_INT(which);
    g_autoptr(Guest) g = guest_new(bad_stores[i].name);
    g_autofree char *template = guest_program(
        "../firmware/vmspec-vars-aarch64.fd");
    g_autofree char *path = g_build_filename(guest_folder(g), "vars.fd", NULL);
    g_autofree char *rules = g_build_filename(guest_folder(g), "rules", NULL);
    g_autofree char *data = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(template, &data, &size, NULL));
    g_assert_true(g_file_set_contents(path, data, size, NULL));
    /* as large as its bank, or the machine writes when it extends the store */
    g_assert_cmpint(truncate(path, BANK_SIZE), ==, 0);
    write_fault(rules, bad_stores[i].error, bad_stores[i].first);
    demo_add_machine(g, &arch_aarch64, ",pflash1=store");
    guest_add(g, "-M graphics=%s -blockdev driver=raw,node-name=store,"
              "file.driver=blkdebug,file.config='%s',file.image.driver=file,"
              "file.image.filename='%s'",
              bad_stores[i].graphics ? "on" : "off", rules, path);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: no disk\r");
    guest_expect(g, SHELL_PROMPT);
    if (bad_stores[i].graphics) {
        screen_check(g);
        screen_press(g, "e x i t ret");
    } else {
        guest_type(g, TO_THE_MENU);
    }
    guest_expect(g, "Boot Manager");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void test_wrong_architecture(gconstpointer data)
{
    const Arch *arch = data;
    const Arch *other = arch == &arch_arm ? &arch_aarch64 : &arch_arm;
    g_autofree char *name = g_strdup_printf("firmware/not-for-%s", arch->name);
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, arch, "");
    demo_add_disk(g, other);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: disk: no ");
    guest_expect(g, arch == &arch_arm ? "BOOTAA64.EFI" : "BOOTARM.EFI");
    guest_expect(g, SHELL_PROMPT);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* The firmware boots from a network card if the card has a bootindex. */
static void test_network(void)
{
    g_autoptr(Guest) g = guest_new("firmware/network");

    demo_add_machine(g, &arch_aarch64, "");
    guest_add(g, "-netdev user,id=net"
              " -device virtio-net-pci,netdev=net,bootindex=0");
    guest_launch(g);
    guest_expect(g, "Start PXE over IPv4");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* The firmware starts what -kernel, -initrd and -append give. */
static void test_firmware_kernel(gconstpointer data)
{
    const Arch *arch = data;
    g_autofree char *name = g_strdup_printf("firmware/kernel-%s", arch->name);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, arch, "");
    guest_add(g, "-bios vmspec-uefi-%s.fd", arch->name);
    demo_add_kernel(g, arch);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "firmware: UEFI\r", true);
    demo_power_off(g);
}

typedef struct Description {
    const char *name;
    const char *properties;
    bool acpi;      /* in the EFI configuration table */
    bool fdt;       /* likewise; if not, Linux makes a stub of an FDT */
} Description;

static const Description descriptions[] = {
    { "both", ",acpi=on", true, true },
    { "fdt", ",acpi=off", false, true },
    { "acpi", ",acpi=on,fdt=off", true, false },
};

/* H2: what the OS finds in the EFI configuration table */
static void test_description(gconstpointer data)
{
    const Description *d = data;
    g_autofree char *name = g_strdup_printf("firmware/tables-%s", d->name);
    g_autofree char *tables = NULL;
    g_autofree char *fdt = NULL;
    g_autofree char *owned = NULL;
    g_autofree char *claimed = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, d->properties);
    demo_add_disk(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    tables = guest_ask(g, "dmesg | grep 'efi: .*SMBIOS'");
    guest_check(g, tables, "SMBIOS 3.0=", true);
    guest_check(g, tables, "RTPROP=", true);
    guest_check(g, tables, "ACPI 2.0=", d->acpi);
    /* The flash and the RTC are the firmware's and disabled for an OS (F9). */
    fdt = guest_ask(g, "cd /sys/firmware/devicetree/base; cat model; cd /");
    owned = guest_ask(g, "cd /sys/firmware/devicetree/base;"
                      " cat flash@*/status rtc@*/status | tr '\\0' +;"
                      " cd /");
    guest_check(g, fdt, "vmspec-1.0", d->fdt);
    guest_check(g, owned, "disabled+disabled+", d->fdt);
    /* nor does Linux use either of them by ACPI */
    claimed = guest_ask(g, "echo claimed: "
                        "$(grep -cE '^0([0-7]|901)' /proc/iomem)");
    guest_check(g, claimed, "claimed: 0\r", true);
    demo_power_off(g);
}

typedef struct Disk {
    const char *name;
    const Arch *arch;
    const char *options;    /* after -drive if=none,id=disk */
    const char *node;       /* its name, of those that boot to the shell */
} Disk;

static const Disk disks[] = {
    { "virtio-scsi", &arch_aarch64,
      "-device virtio-scsi-pci -device scsi-hd,drive=disk", "sda" },
    { "nvme", &arch_aarch64, "-device nvme,serial=1,drive=disk", "nvme0n1" },
    { "ahci", &arch_aarch64, "-device ich9-ahci,id=ahci"
      " -device ide-hd,bus=ahci.0,drive=disk", NULL },
    { "usb", &arch_aarch64,
      "-device qemu-xhci -device usb-storage,drive=disk", "sda" },
    { "virtio-mmio", &arch_aarch64, "-device virtio-blk-device,drive=disk",
      NULL },
    { "mptsas1068", &arch_aarch64,
      "-device mptsas1068 -device scsi-hd,drive=disk", NULL },
    { "pvscsi", &arch_aarch64,
      "-device pvscsi -device scsi-hd,drive=disk", NULL },
    { "lsi53c895a", &arch_aarch64,
      "-device lsi53c895a -device scsi-hd,drive=disk", NULL },
    { "scsi-high", &arch_aarch64,
      "-device virtio-scsi-pci"
      " -device scsi-hd,drive=disk,scsi-id=255,lun=255", NULL },
    { "scsi-high-bootindex", &arch_aarch64,
      "-device virtio-scsi-pci"
      " -device scsi-hd,drive=disk,scsi-id=200,lun=100,bootindex=0", NULL },
    { "display", &arch_aarch64,
      "-device virtio-gpu-pci -device qemu-xhci -device usb-kbd"
      " -device virtio-blk-pci,drive=disk", NULL },
    { "ramfb", &arch_aarch64,
      "-device ramfb -device virtio-blk-pci,drive=disk", NULL },
    { "rng", &arch_aarch64,
      "-device virtio-rng-pci -device virtio-blk-pci,drive=disk", NULL },
    { "arm-nvme", &arch_arm, "-device nvme,serial=1,drive=disk", NULL },
};

static const Disk long_disks[] = {
    { "arm-virtio-scsi", &arch_arm,
      "-device virtio-scsi-pci -device scsi-hd,drive=disk", NULL },
    { "arm-ahci", &arch_arm, "-device ich9-ahci,id=ahci"
      " -device ide-hd,bus=ahci.0,drive=disk", NULL },
    { "arm-mptsas1068", &arch_arm,
      "-device mptsas1068 -device scsi-hd,drive=disk", NULL },
    { "arm-pvscsi", &arch_arm,
      "-device pvscsi -device scsi-hd,drive=disk", NULL },
    { "arm-usb", &arch_arm,
      "-device qemu-xhci -device usb-storage,drive=disk", NULL },
    { "arm-virtio-mmio", &arch_arm, "-device virtio-blk-device,drive=disk",
      NULL },
    { "arm-display", &arch_arm,
      "-device virtio-gpu-pci -device qemu-xhci -device usb-kbd"
      " -device virtio-blk-pci,drive=disk", NULL },
    { "arm-bootindex", &arch_arm,
      "-device pcie-root-port,id=port1,chassis=40"
      " -device nvme,serial=1,bus=port1,drive=disk,bootindex=1", NULL },
};

/*
 * The guest's modules for SCSI and USB are on a virtio disk of their own, which
 * has no loader.  The disk that booted is device 1 of the root bus.
 */
static void check_disk_in_linux(Guest *g, const Disk *disk)
{
    g_autofree char *wait = g_strdup_printf(
        "until [ -b /dev/%s ]; do sleep 0.1; done", disk->node);
    g_autofree char *where = g_strdup_printf(
        "readlink -f /sys/block/%s; head -c 520 /dev/%s | tail -c 8",
        disk->node, disk->node);
    g_autofree char *seen = NULL;

    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "mkdir /tmp/m; cd /tmp/m; cpio -i < /dev/vda;"
                     " for m in *; do insmod $m; done; cd /; modprobe nvme"));
    g_free(guest_ask(g, wait));
    seen = guest_ask(g, where);
    guest_check(g, seen, "/pci0000:00/0000:00:01.0/", true);
    guest_check(g, seen, "EFI PART", true);
    demo_power_off(g);
}

/*
 * The firmware finds the loader on each kind of disk, and beside each kind of
 * device.  Where the row names a node, Linux must read the disk as well.
 */
static void test_from_disk(gconstpointer data)
{
    const Disk *disk = data;
    g_autofree char *name = g_strdup_printf("firmware/from-%s", disk->name);
    g_autofree char *image = g_strdup_printf("demo-%s.img", disk->arch->name);
    g_autofree char *path = guest_file(image);
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, disk->arch, "");
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s' %s",
              path, disk->options);
    if (disk->node) {
        g_autofree char *modules = guest_file("storage-modules-aarch64.cpio");

        guest_add(g, "-drive if=none,id=m,format=raw,readonly=on,file='%s'"
                  " -device virtio-blk-pci,drive=m", modules);
    }
    guest_launch(g);
    guest_expect(g, "Booting `vmspec demo guest'");
    if (disk->node) {
        check_disk_in_linux(g, disk);
        return;
    }
    guest_hmp(g, "quit");
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

    demo_add_machine(g, arch, "");
    guest_add(g, "-bios '%s'", path);
    demo_add_disk(g, arch);
    guest_launch(g);
    guest_expect(g, "U-Boot 20");
    guest_expect(g, "Booting `vmspec demo guest'");
    report = demo_report(g);
    guest_check(g, report, "firmware: UEFI\r", true);
    guest_check(g, report, "disks: vda (", true);
    demo_power_off(g);
}

static void add_firmware_cases(void)
{
    static const Arch *const archs[] = { &arch_aarch64, &arch_arm };

    g_test_add_func("/guest/firmware/alone", test_alone);
    g_test_add_func("/guest/firmware/network", test_network);
    g_test_add_func("/guest/firmware/settings", test_settings);
    g_test_add_func("/guest/firmware/sleeps", test_sleeps);
    for (int i = 0; i < G_N_ELEMENTS(bad_stores); i++) {
        guest_add_case(test_store_without_consoles, GINT_TO_POINTER(i), "%s",
                       bad_stores[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(archs); i++) {
        guest_add_case(test_default_machine, archs[i], "firmware/ports-%s",
                       archs[i]->name);
        guest_add_case(test_wrong_architecture, archs[i], "firmware/not-for-%s",
                       archs[i]->name);
        guest_add_case(test_firmware_kernel, archs[i], "firmware/kernel-%s",
                       archs[i]->name);
    }
    for (int i = 0; i < G_N_ELEMENTS(descriptions); i++) {
        guest_add_case(test_description, &descriptions[i], "firmware/tables-%s",
                       descriptions[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(disks); i++) {
        guest_add_case(test_from_disk, &disks[i], "firmware/from-%s",
                       disks[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(long_disks); i++) {
        guest_add_case(test_from_disk, &long_disks[i], "firmware-long/from-%s",
                       long_disks[i].name);
    }
    g_test_add_data_func("/guest/firmware/u-boot-aarch64", &arch_aarch64,
                         test_u_boot);
    g_test_add_data_func("/guest/firmware/u-boot-arm", &arch_arm, test_u_boot);
}

guest_cases(add_firmware_cases)
