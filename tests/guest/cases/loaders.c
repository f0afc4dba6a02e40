/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the firmware starts, and from which device
 *
 * The cases of a CD, of the boot order, of a loader from the network, and of
 * the firmware's keyboard, display, random numbers and TPM.  The CD's loader is
 * GRUB without a menu: its prompt tells it from the demo disk's GRUB.
 */

#include "cases.h"
#include "demo.h"
#include "screen.h"
#include "tpm.h"

#define BARE_GRUB "grub> "
#define DEMO_GRUB "Booting `vmspec demo guest'"
#define SHELL_PROMPT "Shell> "

typedef struct Row {
    const char *name;
    const char *options;
    const char *expected;
} Row;

/* ISO 9660: the drive is "cd" */
static const Row cds[] = {
    { "cd-scsi", "-device virtio-scsi-pci -device scsi-cd,drive=cd",
      BARE_GRUB },
    /* The least RAM that the machine takes with the bundled firmware */
    { "cd-128M", "-m 128M -device virtio-scsi-pci -device scsi-cd,drive=cd",
      BARE_GRUB },
    { "cd-usb", "-device qemu-xhci -device usb-storage,drive=cd", BARE_GRUB },
    { "cd-virtio", "-device virtio-blk-pci,drive=cd", BARE_GRUB },
    { "cd-ahci", "-device ich9-ahci,id=ahci -device ide-cd,bus=ahci.0,drive=cd",
      BARE_GRUB },
};

/*
 * bootindex wins over the order on the bus, on each kind of disk, and behind a
 * port, where libvirt puts every device.
 */
static const Row orders[] = {
    { "bootindex-later-disk",
      "-device virtio-blk-pci,drive=cd,bootindex=2"
      " -device virtio-blk-pci,drive=disk,bootindex=1", DEMO_GRUB },
    { "bootindex-earlier-disk",
      "-device virtio-blk-pci,drive=cd,bootindex=1"
      " -device virtio-blk-pci,drive=disk,bootindex=2", BARE_GRUB },
    { "bootindex-one-disk",
      "-device virtio-blk-pci,drive=cd"
      " -device virtio-blk-pci,drive=disk,bootindex=0", DEMO_GRUB },
    { "bootindex-on-port",
      "-device virtio-blk-pci,drive=cd"
      " -device pcie-root-port,id=port1,chassis=40,multifunction=on,addr=8"
      " -device pcie-root-port,id=port2,chassis=41,addr=8.1"
      " -device virtio-blk-pci,bus=port2,drive=disk,bootindex=1", DEMO_GRUB },
    { "bootindex-scsi-on-port",
      "-device virtio-blk-pci,drive=cd"
      " -device pcie-root-port,id=port1,chassis=40"
      " -device virtio-scsi-pci,bus=port1"
      " -device scsi-hd,drive=disk,channel=0,scsi-id=1,lun=2,bootindex=1",
      DEMO_GRUB },
    { "bootindex-usb",
      "-device virtio-blk-pci,drive=cd -device qemu-xhci"
      " -device usb-storage,drive=disk,bootindex=1", DEMO_GRUB },
    { "bootindex-nvme",
      "-device virtio-blk-pci,drive=cd"
      " -device nvme,serial=1,drive=disk,bootindex=1", DEMO_GRUB },
    { "bootindex-ahci",
      "-device virtio-blk-pci,drive=cd -device ich9-ahci,id=ahci"
      " -device ide-hd,bus=ahci.0,drive=disk,bootindex=1", DEMO_GRUB },
};

static Guest *new_loader_guest(const char *name)
{
    g_autofree char *full = g_strdup_printf("firmware/%s", name);
    Guest *g = guest_new(full);

    demo_add_machine(g, &arch_aarch64, "");
    return g;
}

static void add_cd(Guest *g, const Arch *arch)
{
    g_autofree char *name = g_strdup_printf("boot-%s.iso", arch->name);
    g_autofree char *path = guest_file(name);

    guest_add(g, "-drive if=none,id=cd,media=cdrom,format=raw,file='%s'",
              path);
}

static void run_to(Guest *g, const char *expected)
{
    guest_launch(g);
    guest_expect(g, expected);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void test_cd(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(Guest) g = new_loader_guest(row->name);

    add_cd(g, &arch_aarch64);
    guest_add(g, "%s", row->options);
    run_to(g, row->expected);
}

static void test_cd_arm(void)
{
    g_autoptr(Guest) g = guest_new("firmware-long/cd-arm");

    demo_add_machine(g, &arch_arm, "");
    add_cd(g, &arch_arm);
    guest_add(g, "-m 128M -device virtio-scsi-pci -device scsi-cd,drive=cd");
    run_to(g, BARE_GRUB);
}

static void test_boot_order(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *path = guest_file("demo-aarch64.img");
    g_autoptr(Guest) g = new_loader_guest(row->name);

    add_cd(g, &arch_aarch64);
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s' %s",
              path, row->options);
    run_to(g, row->expected);
}

typedef struct Network {
    const char *name;
    const Arch *arch;
    const char *cpu;    /* FEAT_RNG: max, neoverse-n2 and -v1 alone have it */
    const char *options;
} Network;

/* EDK2's network drivers need random numbers, from whatever source. */
static const Network networks[] = {
    { "firmware/from-network", &arch_aarch64, "max", "" },
    { "firmware/from-network-a53", &arch_aarch64, "cortex-a53", "" },
    { "firmware/from-network-a57", &arch_aarch64, "cortex-a57", "" },
    { "firmware/from-network-virtio-rng", &arch_aarch64, "cortex-a57",
      "-M dtb-randomness=off -device virtio-rng-pci" },
    { "firmware/from-network-arm", &arch_arm, "cortex-a15", "" },
    { "firmware-long/from-network-a35", &arch_aarch64, "cortex-a35", "" },
    { "firmware-long/from-network-a55", &arch_aarch64, "cortex-a55", "" },
    { "firmware-long/from-network-a72", &arch_aarch64, "cortex-a72", "" },
    { "firmware-long/from-network-a76", &arch_aarch64, "cortex-a76", "" },
    { "firmware-long/from-network-a710", &arch_aarch64, "cortex-a710", "" },
    { "firmware-long/from-network-n1", &arch_aarch64, "neoverse-n1", "" },
    { "firmware-long/from-network-n2", &arch_aarch64, "neoverse-n2", "" },
    { "firmware-long/from-network-v1", &arch_aarch64, "neoverse-v1", "" },
    { "firmware-long/from-network-a7", &arch_arm, "cortex-a7", "" },
};

/* PXE: QEMU's own DHCP server gives address and name, its TFTP the file. */
static void test_from_network(gconstpointer data)
{
    const Network *network = data;
    g_autofree char *name = g_strdup_printf("grub-%s.efi",
                                            network->arch->name);
    g_autofree char *loader = guest_file(name);
    g_autofree char *folder = g_path_get_dirname(loader);
    g_autoptr(Guest) g = guest_new(network->name);

    demo_add_machine(g, network->arch, "");
    guest_add(g, "-cpu %s -netdev 'user,id=net,tftp=%s,bootfile=%s'"
              " -device virtio-net-pci,netdev=net,bootindex=0,romfile= %s",
              network->cpu, folder, name, network->options);
    run_to(g, BARE_GRUB);
}

typedef struct Display {
    const char *name;
    const Arch *arch;
    const char *device;
} Display;

static const Display displays[] = {
    { "firmware/keyboard-ramfb", &arch_aarch64, "ramfb" },
    { "firmware/keyboard-virtio-gpu", &arch_aarch64, "virtio-gpu-pci" },
    { "firmware-long/keyboard-arm", &arch_arm, "virtio-gpu-pci" },
};

/*
 * The display has a GOP with a device path (that without one combines all
 * consoles) and shows the firmware's text; the shell takes what a USB keyboard
 * types.
 */
static void test_keyboard(gconstpointer data)
{
    const Display *display = data;
    g_autoptr(Guest) g = guest_new(display->name);

    demo_add_machine(g, display->arch, "");
    guest_add(g, "-device %s -device qemu-xhci -device usb-kbd",
              display->device);
    guest_launch(g);
    guest_expect(g, SHELL_PROMPT);
    guest_type(g, "dh -p GraphicsOutput\r");
    guest_expect(g, "(GraphicsOutput)");
    guest_expect(g, "DevicePath");
    guest_expect(g, SHELL_PROMPT);
    screen_check(g);
    screen_press(g, "e x i t ret");
    guest_expect(g, "Boot Manager");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* Linux logs a table RNG if the firmware gave a seed by EFI_RNG_PROTOCOL. */
static void test_random(gconstpointer data)
{
    bool has = data;
    g_autofree char *tables = NULL;
    g_autoptr(Guest) g = new_loader_guest(has ? "random-virtio" :
                                          "random-none");

    /* a CPU without RNDR */
    guest_add(g, "-cpu cortex-a72 -bios vmspec-uefi-aarch64.fd"
              " -M dtb-randomness=off%s",
              has ? " -device virtio-rng-pci" : "");
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    tables = guest_ask(g, "dmesg | grep 'efi: .*SMBIOS'");
    guest_check(g, tables, " RNG=", has);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/*
 * The firmware measures itself and what it starts, gives the application the
 * log of that, and does not extend PCR 16, which is for debugging.
 */
static void test_tpm(void)
{
    static const char *const expected[] = {
        "memory-of-tpm-final-events 0x000000000000000a", /* ACPI NVS */
        "tpm-log 0x0000000000000000",
        "tpm-logged 0x0000000000000001",
        "tpm-pcr0-extended 0x0000000000000001",
        "tpm-pcr4-extended 0x0000000000000001",
        "tpm-pcr16-extended 0x0000000000000000",
    };
    g_autofree char *app = guest_file("facts.efi");
    g_autofree char *facts = NULL;
    g_autoptr(Guest) g = new_loader_guest("tpm");
    GPid tpm = tpm_add(g, "tpm-tis-device");

    guest_add(g, "-bios vmspec-uefi-aarch64.fd -kernel '%s'", app);
    guest_launch(g);
    guest_expect(g, "fact ");
    facts = guest_until(g, "facts end");
    for (int i = 0; i < G_N_ELEMENTS(expected); i++) {
        guest_check(g, facts, expected[i], true);
    }
    guest_expect_exit(g);
    tpm_end(tpm);
}

/*
 * Linux by ACPI finds the interface that Debian's arm64 kernel has no driver
 * for without ACPI.  The firmware does not look for it.
 */
static void test_tpm_crb(void)
{
    g_autofree char *pcr = NULL;
    g_autofree char *log = NULL;
    g_autoptr(Guest) g = new_loader_guest("tpm-crb");
    GPid tpm = tpm_add(g, "tpm-crb-device");

    guest_add(g, "-M fdt=off");
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    log = guest_ask(g, "cat /sys/class/tpm/tpm0/tpm_version_major"
                    " /sys/class/tpm/tpm0/device/firmware_node/hid;"
                    " ls /sys/bus/acpi/drivers/tpm_crb");
    guest_check(g, log, "\n2\r", true);
    guest_check(g, log, "MSFT0101", true);
    pcr = guest_ask(g, "cat /sys/class/tpm/tpm0/pcr-sha256/0");
    guest_check(g, pcr, "\n0000000000000000000000000000000000000000", true);
    demo_power_off(g);
    tpm_end(tpm);
}

/* Linux by ACPI with the TPM @tpm behind firmware; @more are options. */
static Guest *start_measured(const char *name, GPid *tpm, const char *more)
{
    Guest *g = new_loader_guest(name);

    *tpm = tpm_add(g, "tpm-crb-device");
    guest_add(g, "-M fdt=off -bios vmspec-uefi-aarch64.fd %s", more);
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    return g;
}

static char *read_pcr(Guest *g, int pcr)
{
    g_autofree char *line = g_strdup_printf(
        "cat /sys/class/tpm/tpm0/pcr-sha256/%d", pcr);
    char *value = guest_ask(g, line);

    guest_check(g, value, "No such file", false);
    return value;
}

/*
 * With firmware before Linux the same TPM has measurements: the firmware's own
 * in PCR 0, the kernel that it starts in PCR 4, and the log, which Linux gives
 * on.  PCR 16 is for debugging.
 */
static void test_tpm_crb_measured(void)
{
    static const char zeros[] = "\n0000000000000000000000000000000000000000";
    static const struct {
        int pcr;
        bool extended;
    } pcrs[] = { { 0, true }, { 4, true }, { 16, false } };
    GPid tpm;
    g_autoptr(Guest) g = start_measured("tpm-crb-measured", &tpm, "");
    g_autofree char *log = NULL;

    guest_expect(g, GUEST_PROMPT);
    for (int i = 0; i < G_N_ELEMENTS(pcrs); i++) {
        g_autofree char *value = read_pcr(g, pcrs[i].pcr);

        guest_check(g, value, zeros, !pcrs[i].extended);
    }
    g_free(guest_ask(g, "mount -t securityfs none /sys/kernel/security"));
    log = guest_ask(g, "grep -c 'Spec ID Event03'"
                    " /sys/kernel/security/tpm0/binary_bios_measurements");
    guest_check(g, log, "\n1\r", true);
    demo_power_off(g);
    tpm_end(tpm);
}

/* The TPM moves with the guest, to another swtpm. */
static void test_tpm_crb_migration(void)
{
    GPid tpm, other;
    g_autoptr(Guest) folder = guest_new("firmware/tpm-crb-folder");
    g_autofree char *stream = g_build_filename(guest_folder(folder), "stream",
                                               NULL);
    g_autofree char *incoming = g_strdup_printf("-incoming 'file:%s'", stream);
    g_autoptr(Guest) from = start_measured("tpm-crb-from", &tpm, "");
    g_autoptr(Guest) to = NULL;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    guest_expect(from, GUEST_PROMPT);
    before = read_pcr(from, 4);
    guest_migrate(from, stream);
    guest_expect_migrated(from);
    guest_hmp(from, "quit");
    guest_expect_exit(from);
    tpm_end(tpm);
    if (guest_failed(from)) {
        return;
    }
    to = start_measured("tpm-crb-to", &other, incoming);
    guest_expect_event(to, "RESUME", "RESUME");
    after = read_pcr(to, 4);
    guest_check(to, after, before, true);
    demo_power_off(to);
    tpm_end(other);
}

static void add_loader_rows(const Row *rows, int n, GTestDataFunc test)
{
    for (int i = 0; i < n; i++) {
        guest_add_case(test, &rows[i], "firmware/%s", rows[i].name);
    }
}

static void add_loader_cases(void)
{
    add_loader_rows(cds, G_N_ELEMENTS(cds), test_cd);
    g_test_add_func("/guest/firmware-long/cd-arm", test_cd_arm);
    add_loader_rows(orders, G_N_ELEMENTS(orders), test_boot_order);
    for (int i = 0; i < G_N_ELEMENTS(networks); i++) {
        guest_add_case(test_from_network, &networks[i], "%s",
                       networks[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(displays); i++) {
        guest_add_case(test_keyboard, &displays[i], "%s", displays[i].name);
    }
    guest_add_case(test_random, (gconstpointer)true, "firmware/random-virtio");
    guest_add_case(test_random, (gconstpointer)false, "firmware/random-none");
    g_test_add_func("/guest/firmware/tpm", test_tpm);
    g_test_add_func("/guest/firmware/tpm-crb", test_tpm_crb);
    g_test_add_func("/guest/firmware/tpm-crb-measured", test_tpm_crb_measured);
    g_test_add_func("/guest/firmware/tpm-crb-migration",
                    test_tpm_crb_migration);
}

guest_cases(add_loader_cases)
