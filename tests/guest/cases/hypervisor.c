/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hypervisors
 *
 * The cases of Debian's Xen with a Linux dom0.  In a direct boot QEMU's
 * guest-loader puts the dom0 into memory and describes it in the machine's FDT.
 * Under UEFI Xen reads the dom0 from its disk.  The long cases have a dom0 with
 * Xen's tools, which starts a Linux domain.
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

/* Seconds: two guests, one of which boots in the other */
#define DOMAIN_TIME_LIMIT (2 * GUEST_TIME_LIMIT)

typedef struct Domain {
    const char *name;
    const char *version;
    int gic;
} Domain;

static const Domain domains[] = {
    { "hypervisor-long/domu-4.20-gic3", "4.20", 3 },
    { "hypervisor-long/domu-4.20-gic2", "4.20", 2 },
    { "hypervisor-long/domu-4.17-gic3", "4.17", 3 },
    { "hypervisor-long/domu-4.17-gic2", "4.17", 2 },
};

static void start_dom0(Guest *g, const Domain *d)
{
    g_autofree char *xen_name = g_strdup_printf("xen-%s", d->version);
    g_autofree char *xen = guest_file(xen_name);
    g_autofree char *kernel = guest_file("vmlinuz-aarch64");
    g_autofree char *name = g_strdup_printf("dom0-%s.cpio.gz", d->version);
    g_autofree char *initramfs = guest_file(name);

    guest_set_limit(g, DOMAIN_TIME_LIMIT);
    demo_add_machine(g, &arch_aarch64, ",virtualization=on");
    guest_add(g, "-M gic-version=%d -cpu cortex-a57 -smp 2 -m 2G -kernel '%s'"
              " -append 'console=dtuart dom0_mem=1024M'", d->gic, xen);
    guest_add(g, "-device guest-loader,addr=" DOM0_KERNEL ",kernel='%s',"
              "bootargs='console=hvc0 quiet'", kernel);
    guest_add(g, "-device guest-loader,addr=" DOM0_INITRAMFS ",initrd='%s'",
              initramfs);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, ". /domu/start"));
}

/*
 * What the domain's shell is asked is short: Xen keeps 128 bytes of what is
 * typed.  The disk is read and written, and the network answers.
 */
static void check_domain(Guest *g, const Domain *d)
{
    g_autofree char *machine = g_strdup_printf("machine   XENVM-%s",
                                               d->version);
    g_autofree char *banner = guest_until(g, GUEST_PROMPT);
    g_autofree char *disk = NULL;
    g_autofree char *network = NULL;

    guest_check(g, banner, machine, true);
    g_free(guest_ask(g, "for m in $(ls /front); do insmod /front/$m; done"));
    disk = guest_ask(g, "cat /proc/partitions; head -c 9 /dev/xvda");
    guest_check(g, disk, "xvda", true);
    guest_check(g, disk, "from-dom0", true);
    g_free(guest_ask(g, "ip addr add 10.9.0.2/24 dev eth0"));
    g_free(guest_ask(g, "ip link set eth0 up"));
    network = guest_ask(g, "ping -c 2 10.9.0.1");
    guest_check(g, network, "2 packets received", true);
    g_free(guest_ask(g, "echo from-domu > /dev/xvda; sync"));
}

static void test_domain(gconstpointer data)
{
    const Domain *d = data;
    g_autoptr(Guest) g = guest_new(d->name);
    g_autofree char *written = NULL;

    start_dom0(g, d);
    g_free(guest_ask(g, "xl create /domu/domu.cfg"));
    guest_type(g, "xl console domu\r");
    guest_expect(g, "Welcome");
    check_domain(g, d);
    guest_type(g, "poweroff\r");
    guest_expect(g, "Requesting system poweroff");
    guest_expect(g, GUEST_PROMPT);
    written = guest_ask(g, "head -c 9 /domu/disk; echo");
    guest_check(g, written, "from-domu\r", true);
    demo_power_off(g);
}

static void add_hypervisor_cases(void)
{
    g_test_add_func("/guest/hypervisor/xen", test_direct);
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_uefi, &rows[i], "%s", rows[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(domains); i++) {
        guest_add_case(test_domain, &domains[i], "%s", domains[i].name);
    }
}

guest_cases(add_hypervisor_cases)
