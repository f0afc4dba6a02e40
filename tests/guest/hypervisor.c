/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hypervisors
 *
 * Owns the case of Debian's Xen, started directly, with a Linux dom0 that
 * QEMU's guest-loader places in memory and describes in the machine's FDT.
 */

#include "cases.h"
#include "machine.h"

/* Anywhere in RAM that Xen and its heap leave free. */
#define DOM0_KERNEL     "0x49000000"
#define DOM0_INITRAMFS  "0x4d000000"

static void test_xen(void)
{
    g_autofree char *xen = guest_file("xen-aarch64");
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *initramfs = guest_file("initramfs-aarch64.cpio.gz");
    g_autofree char *report = NULL;
    g_autofree char *xenbus = NULL;
    g_autoptr(Guest) g = guest_new("hypervisor/xen");

    machine_add(g, &arch_aarch64, ",virtualization=on,gic-version=3");
    guest_add(g, "-cpu cortex-a57 -m 2G -kernel '%s'"
              " -append 'console=dtuart dom0_mem=768M'", xen);
    guest_add(g, "-device guest-loader,addr=" DOM0_KERNEL ",kernel='%s',"
              "bootargs='console=hvc0 quiet'", kernel);
    guest_add(g, "-device guest-loader,addr=" DOM0_INITRAMFS ",initrd='%s'",
              initramfs);
    guest_launch(g);
    guest_expect(g, "Xen version 4.20");
    report = machine_report(g);
    guest_check(g, report, "consoles: hvc0\r", true);
    xenbus = guest_ask(g, "cat /sys/hypervisor/type");
    guest_check(g, xenbus, "xen", true);
    machine_power_off(g);
}

void add_hypervisor_cases(void)
{
    g_test_add_func("/guest/hypervisor/xen", test_xen);
}
