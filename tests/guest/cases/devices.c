/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Options and devices
 *
 * The cases of what a user may add to the machine: EL2, a second UART,
 * devices on virtio-mmio, the SMMU, NUMA nodes.
 */

#include "cases.h"
#include "demo.h"

static void test_el2(void)
{
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new("devices/el2");

    demo_add_config(g, &arch_aarch64, "virtualization-3-cpus");
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "CPU: All CPU(s) started at EL2", true);
    guest_check(g, report, "cpus online: 3\r", true);
    demo_power_off(g);
}

static void test_second_uart(void)
{
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new("devices/uart1");

    demo_add_machine(g, &arch_aarch64, "");
    guest_add_uart1(g);
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "uarts: ttyAMA0 ttyAMA1", true);
    guest_check(g, report, "ttyAMA0\r", true);
    g_free(guest_ask(g, "echo spoken-on-$((1 + 0)) > /dev/ttyAMA1"));
    guest_expect_uart1(g, "spoken-on-1");
    demo_power_off(g);
}

static void test_virtio_mmio_disk(gconstpointer data)
{
    const Arch *arch = data;
    g_autofree char *name = g_strdup_printf("devices/virtio-mmio-%s",
                                            arch->name);
    g_autofree char *image = g_strdup_printf("demo-%s.img", arch->name);
    g_autofree char *path = guest_file(image);
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, arch, "");
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-device,drive=disk"
              " -netdev user,id=net -device virtio-net-device,netdev=net",
              path);
    demo_add_kernel(g, arch);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "disks: vda (", true);
    guest_check(g, report, "address: eth0 10.0.2.15/24", true);
    demo_power_off(g);
}

static void test_smmu_disk(void)
{
    g_autofree char *report = NULL;
    g_autofree char *read = NULL;
    g_autofree char *path = guest_file("demo-aarch64.img");
    g_autoptr(Guest) g = guest_new("devices/smmu");

    demo_add_machine(g, &arch_aarch64, ",iommu=smmuv3");
    guest_add(g, "-drive if=none,id=disk,format=raw,snapshot=on,file='%s'"
              " -device virtio-blk-pci,drive=disk,iommu_platform=on,"
              "disable-legacy=on", path);
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "arm-smmu-v3", true);
    guest_check(g, report, "disks: vda (", true);
    /* The disk is behind the SMMU and can be read. */
    read = guest_ask(g, "cd /sys/class/iommu; ls . smmu3*/devices; cd /;"
                     " dd if=/dev/vda bs=512 skip=1 count=1 | head -c 8");
    guest_check(g, read, "smmu3.", true);
    guest_check(g, read, "0000:00:01.0", true);
    guest_check(g, read, "EFI PART", true);
    demo_power_off(g);
}

static void test_two_numa_nodes(void)
{
    g_autofree char *report = NULL;
    g_autoptr(Guest) g = guest_new("devices/numa");

    demo_add_machine(g, &arch_aarch64, "");
    guest_add(g, "-smp 4"
              " -object memory-backend-ram,id=ram0,size=512M"
              " -object memory-backend-ram,id=ram1,size=512M"
              " -numa node,memdev=ram0,cpus=0-1"
              " -numa node,memdev=ram1,cpus=2-3");
    demo_add_kernel(g, &arch_aarch64);
    guest_launch(g);
    report = demo_report(g);
    guest_check(g, report, "numa node0 cpus: 0-1\r", true);
    guest_check(g, report, "numa node1 cpus: 2-3\r", true);
    demo_power_off(g);
}

static void add_device_cases(void)
{
    g_test_add_func("/guest/devices/el2", test_el2);
    g_test_add_func("/guest/devices/uart1", test_second_uart);
    g_test_add_data_func("/guest/devices/virtio-mmio-aarch64", &arch_aarch64,
                         test_virtio_mmio_disk);
    g_test_add_data_func("/guest/devices/virtio-mmio-arm", &arch_arm,
                         test_virtio_mmio_disk);
    g_test_add_func("/guest/devices/smmu", test_smmu_disk);
    g_test_add_func("/guest/devices/numa", test_two_numa_nodes);
}

guest_cases(add_device_cases)
