/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kernels
 *
 * The cases that boot the kernels of more Debian suites and flavours than the
 * demo's, and big-endian Linux, which tests/guest/images builds.
 */

#include <string.h>

#include "cases.h"
#include "demo.h"

/* How a kernel is started, and what its report has of it */
typedef struct Way {
    const char *name;
    const char *properties;
    bool uefi;
    const char *has[4];
} Way;

/* Android names a disk's controller by this, in androidboot.boot_devices. */
#define BOOT_DEVICES "pci-host-generic 10000000.pcie: ECAM at "

static const Way ways[] = {
    { "gic3", ",gic-version=3", false,
      { "gic: GICv3\r", "description: FDT\r", "firmware: none\r",
        BOOT_DEVICES } },
    { "gic2", ",gic-version=2", false,
      { "gic: GICv2\r", "description: FDT\r", "firmware: none\r",
        BOOT_DEVICES } },
    { "acpi", ",fdt=off", false,
      { "gic: GICv3\r", "description: ACPI\r", "firmware: none\r" } },
    { "uefi-fdt", ",gic-version=3,acpi=off", true,
      { "gic: GICv3\r", "description: FDT\r", "firmware: UEFI\r",
        BOOT_DEVICES } },
    { "uefi-acpi-gic2", ",gic-version=2,fdt=off", true,
      { "gic: GICv2\r", "description: ACPI\r", "firmware: UEFI\r" } },
};

/* Kernels by what follows "vmlinuz-" in the name of their file */
typedef struct Kernel {
    const char *name;
    const char *file;
    const Arch *arch;
    const char *append;
    const char *command;        /* shows what is special about the kernel */
    const char *answer;
} Kernel;

#define PAGE_SIZE "grep -m1 KernelPageSize /proc/1/smaps | tr -s ' '"
#define PAGES_4K "KernelPageSize: 4 kB\r"

static const Kernel kernels[] = {
    { "bookworm", "bookworm", &arch_aarch64, "", PAGE_SIZE, PAGES_4K },
    { "sid", "sid", &arch_aarch64, "", PAGE_SIZE, PAGES_4K },
    { "cloud", "cloud-aarch64", &arch_aarch64, "", "uname -r",
      "-cloud-arm64\r" },
    /* uses the runtime services of UEFI only when it is told to */
    { "rt", "rt", &arch_aarch64, "efi=runtime", "cat /sys/kernel/realtime",
      "\n1\r" },
    { "16k", "16k", &arch_aarch64, "", PAGE_SIZE, "KernelPageSize: 16 kB\r" },
    /* 32 bits without LPAE: addresses above 4 GiB are out of its reach */
    { "armmp", "armmp", &arch_arm, "", "uname -r", "-armmp\r" },
};

typedef struct Case {
    const Kernel *kernel;
    const Way *way;
} Case;

static void test_debian(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *name = g_strdup_printf("kernels/%s-%s", c->kernel->name,
                                            c->way->name);
    g_autofree char *kernel = g_strdup_printf("vmlinuz-%s", c->kernel->file);
    g_autofree char *kernel_path = guest_file(kernel);
    g_autofree char *initramfs = g_strdup_printf("initramfs-%s.cpio.gz",
                                                 c->kernel->file);
    g_autofree char *initramfs_path = guest_file(initramfs);
    g_autofree char *report = NULL;
    g_autofree char *special = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, c->kernel->arch, c->way->properties);
    if (c->way->uefi) {
        guest_add(g, "-bios vmspec-uefi-%s.fd", c->kernel->arch->name);
    }
    guest_add(g, "-smp 4 -kernel '%s' -initrd '%s' -append 'quiet %s'"
              " -blockdev null-co,node-name=disk,size=1048576,read-zeroes=on"
              " -device virtio-blk-pci,drive=disk", kernel_path,
              initramfs_path, c->kernel->append);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "cpus online: 4\r", true);
    guest_check(g, report, "[bus 00-ff]", true);
    guest_check(g, report, "disks: vda (", true);
    for (int i = 0; i < G_N_ELEMENTS(c->way->has) && c->way->has[i]; i++) {
        guest_check(g, report, c->way->has[i], true);
    }
    special = guest_ask(g, c->kernel->command);
    guest_check(g, special, c->kernel->answer, true);
    demo_power_off(g);
}

/* Its init is built in, says how an int lies in memory, and powers off. */
static void test_big_endian(void)
{
    g_autofree char *kernel = guest_file("vmlinux-big-endian");
    g_autoptr(Guest) g = guest_new("kernels/big-endian");

    demo_add_machine(g, &arch_aarch64, "");
    guest_add(g, "-smp 2 -kernel '%s' -append console=ttyAMA0", kernel);
    guest_launch(g);
    guest_expect(g, "init: big-endian");
    guest_expect_exit(g);
}

static void add_debian(const Kernel *kernel, const Way *way)
{
    g_autofree char *path = g_strdup_printf("/guest/kernels/%s-%s",
                                            kernel->name, way->name);
    Case *c = g_new(Case, 1);

    *c = (Case){ kernel, way };
    g_test_add_data_func_full(path, c, test_debian, g_free);
}

static void add_kernels_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(kernels); i++) {
        for (int k = 0; k < G_N_ELEMENTS(ways); k++) {
            /* AArch32 has no ACPI */
            if (kernels[i].arch != &arch_arm ||
                !strstr(ways[k].properties, "fdt=off")) {
                add_debian(&kernels[i], &ways[k]);
            }
        }
    }
    g_test_add_func("/guest/kernels/big-endian", test_big_endian);
}

guest_cases(add_kernels_cases)
