/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Why nothing boots
 *
 * The cases of the reasons that the firmware gives when nothing boots: of
 * disks, loaders and the network, and of devices without a driver.
 * firmware.c's test_alone() has "no disk", secure-boot.c what is refused.
 */

#include "cases.h"
#include "demo.h"

#define SHELL_PROMPT "Shell> "
#define BLOCK_DISK (1 << 20)
#define NO_DRIVER "the firmware has no driver for it"
#define BAD_DISK "-blockdev raw,node-name=bad,file.driver=blkdebug," \
    "file.image.driver=null-co,file.image.size=1048576," \
    "file.inject-error.0.event=none,file.inject-error.0.iotype=read"

typedef struct Row {
    const char *name;
    const char *options;
    const char *expected;
} Row;

static const Row reasons[] = {
    { "says-no-table",
      "-blockdev null-co,node-name=null,size=1048576,read-zeroes=on"
      " -device virtio-blk-pci,drive=null",
      "null: no partition table\r" },
    { "says-no-medium", "-device virtio-scsi-pci -device scsi-cd",
      ": no medium\r" },
    { "says-no-loader", "-device virtio-blk-pci,drive=empty",
      "empty: no \\EFI\\BOOT\\BOOTAA64.EFI\r" },
    /* a USB disk is reset when it cannot be read (patches/edk2/0012) */
    { "says-unreadable", BAD_DISK " -device virtio-blk-pci,drive=bad",
      "bad: cannot be read: Device Error\r" },
    { "says-unreadable-usb", BAD_DISK " -device qemu-xhci"
      " -device usb-storage,drive=bad",
      "bad: cannot be read: Device Error\r" },
    /* devices without a driver, and what to use in their place */
    { "says-megasas-gen2", "-device megasas-gen2",
      "\nmegasas-gen2: the firmware has no driver for it;"
      " use virtio-scsi-pci\r" },
    { "says-megasas", "-device megasas",
      "\nmegasas: the firmware has no driver for it; use virtio-scsi-pci\r" },
    { "says-sdhci", "-device sdhci-pci",
      "\nsdhci-pci: the firmware has no driver for it; use virtio-blk-pci\r" },
    { "says-uas", "-device qemu-xhci -device usb-uas,id=uas"
      " -device scsi-hd,bus=uas.0,drive=empty",
      "\nusb-uas (empty): the firmware has no driver for it;"
      " use usb-storage\r" },
    { "says-megasas-drives", "-device megasas -device scsi-hd,drive=empty"
      " -device scsi-hd,drive=other",
      ": the firmware has no driver for it; use virtio-scsi-pci\r" },
    { "says-e1000e",
      "-netdev user,id=net -device e1000e,netdev=net,romfile=,bootindex=0",
      "\ne1000e: the firmware has no driver for it; use virtio-net-pci\r" },
    { "says-e1000",
      "-netdev user,id=net -device e1000,netdev=net,romfile=,bootindex=0",
      "\ne1000: the firmware has no driver for it; use virtio-net-pci\r" },
    { "says-igb",
      "-netdev user,id=net -device igb,netdev=net,romfile=,bootindex=0",
      "\nigb: the firmware has no driver for it; use virtio-net-pci\r" },
    { "says-vmxnet3",
      "-netdev user,id=net -device vmxnet3,netdev=net,romfile=,bootindex=0",
      "\nvmxnet3: the firmware has no driver for it; use virtio-net-pci\r" },
    { "says-rtl8139",
      "-netdev user,id=net -device rtl8139,netdev=net,romfile=,bootindex=0",
      "\nrtl8139: the firmware has no driver for it; use virtio-net-pci\r" },
};

/* The names of two drives, empty and other, by their kind of controller */
static const struct {
    const char *name;
    const char *options;
} names[] = {
    { "names-scsi", "-device virtio-scsi-pci -device scsi-hd,drive=other"
      " -device scsi-hd,drive=empty,scsi-id=200,lun=16" },
    { "names-mmio", "-device virtio-blk-device,drive=empty"
      " -device virtio-scsi-device -device scsi-hd,drive=other" },
    { "names-ahci", "-device ich9-ahci,id=ahci"
      " -device ide-hd,bus=ahci.0,drive=other"
      " -device ide-hd,bus=ahci.5,drive=empty" },
    { "names-nvme", "-device nvme,serial=1,drive=other"
      " -device nvme,serial=2,drive=empty" },
    { "names-nvme-ns", "-device nvme,serial=1"
      " -device nvme-ns,nsid=2,drive=other"
      " -device nvme-ns,nsid=16,drive=empty" },
    { "names-nvme-subsys", "-device nvme-subsys,id=s"
      " -device nvme,serial=1,subsys=s -device nvme-ns,drive=other"
      " -device nvme-ns,drive=empty" },
    { "names-usb-storage", "-device qemu-xhci -device usb-storage,drive=other"
      " -device usb-storage,drive=empty" },
    { "names-usb-hub", "-device qemu-xhci -device usb-hub,port=1"
      " -device usb-storage,port=1.2,drive=empty"
      " -device usb-storage,port=2,drive=other" },
    { "names-usb-ehci", "-device usb-ehci -device usb-storage,drive=other"
      " -device usb-storage,drive=empty" },
    { "names-usb-bot", "-device qemu-xhci -device usb-bot,id=b"
      " -device scsi-hd,bus=b.0,lun=0,drive=other"
      " -device scsi-hd,bus=b.0,lun=1,drive=empty" },
};

/* Likewise, by the first block of a disk */
static const struct {
    const char *name;
    const char *start;      /* the bytes of the block that are not 0 */
    int offset;             /* where in the block they begin */
    const char *expected;
} blocks[] = {
    { "says-qcow2", "QFI\xfb", 0,
      "d: a qcow2 image opened as raw: use format=qcow2\r" },
    { "says-no-esp", "\x55\xaa", 510, "no EFI system partition\r" },
};

/*
 * Likewise with a loader on a disk of mkloaders.sh that starts nothing. The
 * firmware breaks a line of 80 columns before a word.
 */
static const Row bad_loaders[] = {
    { "says-no-application", "loader-text.img",
      "empty: \\EFI\\BOOT\\BOOTAA64.EFI is no EFI application\r" },
    { "says-other-architecture", "loader-arm.img",
      "architecture (PE machine 0x01C2)\r" },
    { "says-returned", "loader-returns.img",
      "empty: \\EFI\\BOOT\\BOOTAA64.EFI returned to firmware\r" },
};

static Guest *new_guest(const char *name)
{
    g_autofree char *full = g_strdup_printf("firmware/%s", name);
    Guest *g = guest_new(full);

    demo_add_machine(g, &arch_aarch64, "");
    return g;
}

static void test_no_loader_arm(void)
{
    g_autofree char *path = guest_file("empty-fat.img");
    g_autoptr(Guest) g = guest_new("firmware-long/says-no-loader-arm");

    demo_add_machine(g, &arch_arm, "");
    guest_add(g, "-drive if=virtio,format=raw,snapshot=on,file='%s'", path);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: ");
    guest_expect(g, "virtio0: no \\EFI\\BOOT\\BOOTARM.EFI\r");
    guest_expect(g, SHELL_PROMPT);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* The firmware says in one line why it cannot boot from this disk. */
static void check_reason(const char *name, const char *image,
                         const char *options, const char *expected)
{
    g_autofree char *path = guest_file(image);
    g_autofree char *rest = NULL;
    g_autoptr(Guest) g = new_guest(name);

    guest_add(g, "-drive if=none,id=empty,format=raw,snapshot=on,file='%s'"
              " -drive if=none,id=other,driver=null-co %s", path, options);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: ");
    guest_expect(g, expected);
    rest = guest_until(g, SHELL_PROMPT);
    /* Only a device without a driver is said to have none. */
    if (!strstr(expected, NO_DRIVER)) {
        guest_check(g, rest, NO_DRIVER, false);
    }
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void test_reason(gconstpointer data)
{
    const Row *row = data;

    check_reason(row->name, "empty-fat.img", row->options, row->expected);
}

static void test_names(gconstpointer data)
{
    int i = GPOINTER_TO_INT(data);
    g_autofree char *path = guest_file("empty-fat.img");
    g_autofree char *text = NULL;
    g_autoptr(Guest) g = new_guest(names[i].name);

    guest_add(g, "-drive if=none,id=empty,format=raw,snapshot=on,file='%s'"
              " -blockdev null-co,node-name=other,size=1048576,read-zeroes=on"
              " %s", path, names[i].options);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot:");
    text = guest_until(g, SHELL_PROMPT);
    guest_check(g, text, " empty: no \\EFI\\BOOT\\BOOTAA64.EFI\r", true);
    guest_check(g, text, " other: no partition table\r", true);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void test_block(gconstpointer data)
{
    int i = GPOINTER_TO_INT(data);
    g_autofree char *disk = g_malloc0(BLOCK_DISK);
    g_autofree char *path = NULL;
    g_autoptr(Guest) g = new_guest(blocks[i].name);

    memcpy(disk + blocks[i].offset, blocks[i].start, strlen(blocks[i].start));
    path = g_build_filename(guest_folder(g), "disk", NULL);
    g_assert_true(g_file_set_contents(path, disk, BLOCK_DISK, NULL));
    guest_add(g, "-drive if=none,id=d,format=raw,file='%s'"
              " -device virtio-blk-pci,drive=d", path);
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: ");
    guest_expect(g, blocks[i].expected);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void test_bad_loader(gconstpointer data)
{
    const Row *row = data;

    check_reason(row->name, row->options, "-device virtio-blk-pci,drive=empty",
                 row->expected);
}

/* Without any source of random numbers, the line says what keeps PXE back. */
static void test_no_random(void)
{
    g_autoptr(Guest) g = new_guest("says-no-random");

    guest_add(g, "-M dtb-randomness=off -cpu cortex-a57 -netdev user,id=net"
              " -device virtio-net-pci,netdev=net,bootindex=0,romfile=");
    guest_launch(g);
    guest_expect(g, "vmspec: nothing to boot: ");
    guest_expect(g, "PXE and HTTP need random numbers");
    guest_expect(g, "virtio-rng-pci");
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

/* The network card has a bootindex, and no link: the line after the try */
static void test_no_network(void)
{
    g_autoptr(Guest) g = new_guest("says-no-network");

    guest_add(g, "-S -netdev user,id=net"
              " -device virtio-net-pci,netdev=net,bootindex=0,romfile=");
    guest_launch(g);
    guest_hmp(g, "set_link net off");
    guest_hmp(g, "cont");
    guest_expect(g, "vmspec: nothing to boot: no disk among the devices with "
                 "a bootindex");
    guest_expect(g, "\nPXE and HTTP on the network card with a bootindex: no "
                 "loader came.");
    guest_expect(g, SHELL_PROMPT);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void add_reason_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(reasons); i++) {
        guest_add_case(test_reason, &reasons[i], "firmware/%s",
                       reasons[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(names); i++) {
        guest_add_case(test_names, GINT_TO_POINTER(i), "firmware/%s",
                       names[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(blocks); i++) {
        guest_add_case(test_block, GINT_TO_POINTER(i), "firmware/%s",
                       blocks[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(bad_loaders); i++) {
        guest_add_case(test_bad_loader, &bad_loaders[i], "firmware/%s",
                       bad_loaders[i].name);
    }
    g_test_add_func("/guest/firmware/says-no-random", test_no_random);
    g_test_add_func("/guest/firmware/says-no-network", test_no_network);
    g_test_add_func("/guest/firmware-long/says-no-loader-arm",
                    test_no_loader_arm);
}

guest_cases(add_reason_cases)
