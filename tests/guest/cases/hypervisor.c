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

    demo_add_machine(g, &arch_aarch64, ",virtualization=on,gic-version=3");
    guest_add(g, "-cpu cortex-a57 -m 2G -kernel '%s'"
              " -append 'console=dtuart dom0_mem=768M'", xen);
    guest_add(g, "-device guest-loader,addr=" DOM0_KERNEL ",kernel='%s',"
              "bootargs='console=hvc0 quiet'", kernel);
    guest_add(g, "-device guest-loader,addr=" DOM0_INITRAMFS ",initrd='%s'",
              initramfs);
    check_xen(g);
}

/* Debian builds Xen without ACPI, so that Xen takes the FDT of both. */
static void test_uefi(gconstpointer properties)
{
    g_autofree char *disk = guest_file("xen-aarch64.img");
    g_autofree char *name = g_strdup_printf(
        "hypervisor/xen-uefi-gic%c",
        ((const char *)properties)[strlen(properties) - 1]);
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, properties);
    guest_add(g, "-cpu cortex-a57 -m 2G"
              " -drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk", disk);
    check_xen(g);
}

static void add_hypervisor_cases(void)
{
    g_test_add_func("/guest/hypervisor/xen", test_direct);
    g_test_add_data_func("/guest/hypervisor/xen-uefi-gic3",
                         ",virtualization=on,gic-version=3",
                         test_uefi);
    g_test_add_data_func("/guest/hypervisor/xen-uefi-gic2",
                         ",virtualization=on,gic-version=2",
                         test_uefi);
}

guest_cases(add_hypervisor_cases)
