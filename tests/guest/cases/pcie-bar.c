/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Devices behind ports, behind the SMMU, and with a large BAR
 *
 * The cases of a boot from a device behind a hot-plug port, of a boot with
 * all devices behind the SMMU, for firmware and guest alike, of an I/O BAR, and
 * of a BAR of 32 GiB, for which only the 64-bit window has room
 * (platform.md, section 2).
 */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "demo.h"

#define BAR_SIZE (UINT64_C(32) << 30)
#define LAST_PAGE (BAR_SIZE - 4096)
/* pcie-mmio64, first and last byte */
#define MMIO64_BASE UINT64_C(0x8000000000)
#define MMIO64_END UINT64_C(0xffffffffff)

#define DEVICE "/sys/bus/pci/devices/0000:00:01.0"
#define FIRST_WORD UINT32_C(0x7664616c)
#define LAST_WORD UINT32_C(0x51f00d42)

/* The firmware and the guest's kernel both find the disk behind the port. */
static void test_boot_behind_port(void)
{
    g_autofree char *path = guest_file("demo-aarch64.img");
    g_autofree char *disk = NULL;
    g_autoptr(Guest) g = guest_new("pcie/boot-behind-port");

    demo_add_machine(g, &arch_aarch64, ",hotplug-ports=2");
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk,bus=hotplug1", path);
    guest_launch(g);
    guest_expect(g, "Booting `vmspec demo guest'");
    guest_expect(g, GUEST_PROMPT);
    disk = guest_ask(g, "readlink /sys/block/vda");
    guest_check(g, disk, "/0000:00:1c.1/0000:02:00.0/", true);
    demo_power_off(g);
}

/*
 * A disk whose driver uses its I/O BAR.  By ACPI Linux keeps the firmware's
 * address, but takes an I/O BAR at address 0 for unassigned: so the firmware
 * must not use 0.
 */
static void test_io_bar(void)
{
    g_autofree char *path = guest_file("demo-aarch64.img");
    g_autofree char *report = NULL;
    g_autofree char *driver = NULL;
    g_autoptr(Guest) g = guest_new("pcie/io-bar-acpi");

    demo_add_machine(g, &arch_aarch64, ",fdt=off");
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk,disable-modern=on,addr=1",
              path);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "description: ACPI\r", true);
    guest_check(g, report, "disks: vda (", true);
    driver = guest_ask(g, "grep virtio-pci-legacy /proc/ioports");
    guest_check(g, driver, " : virtio-pci-legacy\r", true);
    demo_power_off(g);
}

/* V_L1SM_03: the SMMU does not block the boot device at the hand-over. */
static void test_behind_smmu(gconstpointer data)
{
    bool acpi = data;
    g_autofree char *path = guest_file("demo-aarch64.img");
    g_autofree char *name = g_strdup_printf("pcie-bar/smmu-%s",
                                            acpi ? "acpi" : "fdt");
    g_autofree char *report = NULL;
    g_autofree char *groups = NULL;
    g_autofree char *faults = NULL;
    g_autofree char *read = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, acpi ?
                     ",iommu=smmuv3,hotplug-ports=1,fdt=off" :
                     ",iommu=smmuv3,hotplug-ports=1");
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk,iommu_platform=on,"
              "disable-legacy=on -netdev user,id=net"
              " -device virtio-net-pci,netdev=net,iommu_platform=on,"
              "disable-legacy=on", path);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, acpi ? "description: ACPI\r" :
                "description: FDT\r", true);
    guest_check(g, report, "disks: vda (", true);
    guest_check(g, report, "address: eth0 10.0.2.15/24", true);
    /* The disk, the network card and the port are behind the SMMU. */
    groups = guest_ask(g, "ls /sys/class/iommu/smmu3*/devices");
    guest_check(g, groups, "0000:00:01.0", true);
    guest_check(g, groups, "0000:00:02.0", true);
    guest_check(g, groups, "0000:00:1c.0", true);
    faults = guest_ask(g, "dmesg | grep -i smmu |"
                       " grep -iE 'event 0x|error|fault'");
    guest_check(g, faults, "] arm-smmu", false);
    read = guest_ask(g, "dd if=/dev/vda bs=512 skip=1 count=1 | head -c 8");
    guest_check(g, read, "EFI PART", true);
    demo_power_off(g);
}

typedef struct Bar {
    const char *name;
    const Arch *arch;
    const char *options;
    bool fits;
} Bar;

/*
 * CPUs with physical addresses of 40, 48 and 52 bits have the 64-bit window; an
 * AArch32 machine has none, though its CPU has 40 bits.  The machine accepts no
 * CPU with 32 or 36 bits; the plan's host tests have these.
 */
static const Bar bars[] = {
    { "pcie/bar-pa40", &arch_aarch64, "-cpu cortex-a53", true },
    { "pcie-bar/bar-pa48", &arch_aarch64, "-cpu neoverse-n1", true },
    { "pcie-bar/bar-pa52-uefi", &arch_aarch64,
      "-cpu max -bios vmspec-uefi-aarch64.fd", true },
    { "pcie/bar-arm", &arch_arm, "", false },
    { "pcie-bar/bar-arm-uefi", &arch_arm, "-bios vmspec-uefi-arm.fd", false },
};

static void check_file_word(Guest *g, const char *path, uint64_t offset,
                            uint32_t expected)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    uint32_t word = 0;

    if (fd < 0 || pread(fd, &word, sizeof(word), offset) != sizeof(word) ||
        GUINT32_FROM_LE(word) != expected) {
        guest_fail(g, "at 0x%" PRIx64 " of the device's memory is 0x%x, "
                   "expected 0x%x", offset, word, expected);
    }
    if (fd >= 0) {
        close(fd);
    }
}

/* The guest writes into the BAR's first and last page and reads it again. */
static void check_bar_works(Guest *g, const char *path)
{
    g_autofree char *line = guest_ask(g, "awk 'NR == 3 { print \"BAR at\", $1 }"
                                      "' " DEVICE "/resource");
    const char *at = strstr(line, "BAR at 0x");
    uint64_t base = at ? g_ascii_strtoull(at + strlen("BAR at "), NULL, 16) : 0;
    g_autofree char *access = g_strdup_printf(
        "echo 1 > " DEVICE "/enable; devmem 0x%" PRIx64 " 32 0x%x;"
        " devmem 0x%" PRIx64 " 32 0x%x; devmem 0x%" PRIx64 ";"
        " devmem 0x%" PRIx64, base, FIRST_WORD, base + LAST_PAGE,
        LAST_WORD, base, base + LAST_PAGE);
    g_autofree char *answer = NULL;

    if (base < MMIO64_BASE || base + BAR_SIZE - 1 > MMIO64_END) {
        guest_fail(g, "BAR 2 is at 0x%" PRIx64 ", not in the 64-bit window",
                   base);
        return;
    }
    answer = guest_ask(g, access);
    guest_check(g, answer, "\n0x7664616C\r", true);
    guest_check(g, answer, "\n0x51F00D42\r", true);
    check_file_word(g, path, 0, FIRST_WORD);
    check_file_word(g, path, LAST_PAGE, LAST_WORD);
}

static void test_bar(gconstpointer data)
{
    const Bar *bar = data;
    g_autofree char *path = NULL;
    g_autofree char *log = NULL;
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(bar->name);

    /* a sparse file: the host allocates only the pages that are written */
    path = g_build_filename(guest_folder(g), "memory", NULL);
    demo_add_machine(g, bar->arch, "");
    guest_add(g, "%s -object memory-backend-file,id=memory,size=32G,share=on,"
              "mem-path='%s' -device ivshmem-plain,memdev=memory,addr=1",
              bar->options, path);
    demo_add_kernel(g, bar->arch);
    demo_add_network(g);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "address: eth0 10.0.2.15/24", true);
    log = guest_ask(g, "dmesg | grep '0:00:01.0: BAR 2'");
    if (bar->fits) {
        check_bar_works(g, path);
    } else {
        g_test_message("%s", log);
        guest_check(g, log, "can't assign; no space", true);
    }
    demo_power_off(g);
    g_unlink(path);
}

static void add_pcie_bar_cases(void)
{
    g_test_add_func("/guest/pcie/boot-behind-port", test_boot_behind_port);
    g_test_add_func("/guest/pcie/io-bar-acpi", test_io_bar);
    g_test_add_data_func("/guest/pcie-bar/smmu-fdt", NULL, test_behind_smmu);
    g_test_add_data_func("/guest/pcie-bar/smmu-acpi", "acpi", test_behind_smmu);
    for (int i = 0; i < G_N_ELEMENTS(bars); i++) {
        guest_add_case(test_bar, &bars[i], "%s", bars[i].name);
    }
}

guest_cases(add_pcie_bar_cases)
