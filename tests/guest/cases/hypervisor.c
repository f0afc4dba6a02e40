/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hypervisors
 *
 * The cases of Debian's Xen with a Linux dom0.  In a direct boot QEMU's
 * guest-loader puts the dom0 into memory and describes it in the machine's FDT.
 * Under UEFI Xen reads the dom0 from its disk.
 */

#include <string.h>

#include "cases.h"
#include "demo.h"

/* Addresses in RAM that neither Xen nor its heap uses */
#define DOM0_KERNEL     "0x49000000"
#define DOM0_INITRAMFS  "0x4d000000"

/* Xen starts, the dom0 reaches its shell, and the machine powers off. */
static void check_xen(Guest *g)
{
    g_autofree char *report = NULL;
    g_autofree char *type = NULL;

    guest_launch(g);
    guest_expect(g, "Xen version 4.20");
    report = demo_report(g);
    guest_check(g, report, "consoles: hvc0\r", true);
    type = guest_ask(g, "cat /sys/hypervisor/type");
    guest_check(g, type, "xen", true);
    demo_power_off(g);
}

static void test_direct(void)
{
    g_autofree char *xen = guest_file("xen-aarch64");
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *initramfs = guest_file("initramfs-aarch64.cpio.gz");
    g_autoptr(Guest) g = guest_new("hypervisor/xen");

    demo_add_config(g, &arch_aarch64, "virtualization-no-vhe");
    guest_add(g, "-m 2G -kernel '%s'"
              " -append 'console=dtuart dom0_mem=768M'", xen);
    guest_add(g, "-device guest-loader,addr=" DOM0_KERNEL ",kernel='%s',"
              "bootargs='console=hvc0 quiet'", kernel);
    guest_add(g, "-device guest-loader,addr=" DOM0_INITRAMFS ",initrd='%s'",
              initramfs);
    check_xen(g);
}

typedef struct Row {
    const char *name;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
} Row;

static const Row rows[] = {
    { "hypervisor/xen-uefi-gic3", "virtualization-no-vhe" },
    { "hypervisor/xen-uefi-gic2", "gicv2-el2" },
};

/* Debian builds Xen without ACPI, so that Xen takes the FDT of both. */
static void test_uefi(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *disk = guest_file("xen-aarch64.img");
    g_autoptr(Guest) g = guest_new(row->name);

    demo_add_config(g, &arch_aarch64, row->config);
    guest_add(g, "-cpu cortex-a57 -m 2G"
              " -drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk", disk);
    check_xen(g);
}

static void add_hypervisor_cases(void)
{
    g_test_add_func("/guest/hypervisor/xen", test_direct);
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_uefi, &rows[i], "%s", rows[i].name);
    }
}

guest_cases(add_hypervisor_cases)
