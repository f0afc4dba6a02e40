/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Machines by KVM: what happens to one while it runs
 *
 * Devices come and go, the machine is saved, loaded, reset, and moves to
 * another QEMU on the same host.
 */

#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "demo.h"
#include "inner.h"

#define PORT "/sys/bus/pci/devices/0000:00:1c.0"
/* The disk for snapshots; qcow2 lies on it as it would in a file. */
#define SNAPSHOT_DISK_SIZE (512 << 20)

/* A disk that holds nothing, for devices to read */
#define NULL_DISK " -blockdev null-co,node-name=null,size=16777216" \
    ",read-zeroes=on,read-only=on "
/* Reads it, which ends only if its interrupts arrive. */
#define READ_DISK "dd if=/dev/vda of=/dev/null bs=64k count=64 iflag=direct" \
    " && echo read-$((40 + 2))"

static void check_disk(Guest *g)
{
    g_autofree char *answer = inner_ask(g, READ_DISK);

    guest_check(g, answer, "read-42", true);
}

/* Gives the host a disk with an empty qcow2 image. */
static char *snapshot_disk(const char *folder)
{
    g_autofree char *disk = g_build_filename(folder, "state.qcow2", NULL);
    g_autofree char *qemu_img = guest_program("qemu-img");
    const char *argv[] = {
        qemu_img, "create", "-q", "-f", "qcow2", disk, "64M", NULL
    };
    g_autoptr(GError) err = NULL;
    int status;

    g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, &status,
                 &err);
    g_assert_no_error(err);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(truncate(disk, SNAPSHOT_DISK_SIZE), ==, 0);
    return g_strdup_printf("-drive if=none,id=state,format=raw,file='%s'"
                           " -device virtio-blk-pci,drive=state", disk);
}

/* The monitor prints nothing when it has done what it was told. */
static void tell_monitor(Guest *g, const char *line)
{
    g_autofree char *answer = inner_monitor(g, line);

    guest_check(g, answer, "Error", false);
}

static void plug_inner(Guest *g)
{
    g_autofree char *driver = NULL;
    g_autofree char *left = NULL;

    tell_monitor(g, "device_add virtio-rng-pci,id=plugged");
    driver = inner_ask(g, "until [ -e " PORT "/0000:*:00.0/driver ]; do :;"
                       " done; readlink " PORT "/0000:*:00.0/driver");
    guest_check(g, driver, "drivers/virtio-pci", true);
    tell_monitor(g, "device_del plugged");
    left = inner_ask(g, "while [ -e " PORT "/0000:*:00.0 ]; do :; done;"
                     " echo gone-$((40 + 2))");
    guest_check(g, left, "gone-42", true);
}

/* A snapshot restores memory, and a disk whose interrupts go on arriving. */
static void snapshot(Guest *g)
{
    g_autofree char *answer = NULL;

    g_free(inner_ask(g, "echo before > /tmp/when"));
    tell_monitor(g, "savevm here");
    g_free(inner_ask(g, "echo after > /tmp/when"));
    tell_monitor(g, "loadvm here");
    answer = inner_ask(g, "cat /tmp/when");
    guest_check(g, answer, "before", true);
    check_disk(g);
}

/* The guest resets the machine by PSCI, then the monitor does. */
static void reset(Guest *g)
{
    g_autofree char *left = NULL;

    guest_type_uart1(g, "reboot\r");
    inner_expect_shell(g);
    left = inner_ask(g, "ls /tmp/when");
    guest_check(g, left, "No such file", true);
    tell_monitor(g, "system_reset");
    inner_expect_shell(g);
}

/* By FDT a port is hot-plugged natively, by ACPI through ACPI. */
static void test_life(gconstpointer data)
{
    const char *description = data;
    g_autofree char *name = g_strdup_printf("kvm/life-%s", description);
    g_autofree char *options = g_strdup_printf(
        INNER_LINUX "-smp 2 -M hotplug-ports=1,%s=off" NULL_DISK
        "-drive if=none,id=state,format=qcow2,file=/dev/vda"
        " -device virtio-blk-pci,drive=null",
        strcmp(description, "fdt") ? "fdt" : "acpi");
    g_autoptr(Guest) folder = guest_new("kvm/life-folder");
    g_autofree char *disk = snapshot_disk(guest_folder(folder));
    g_autoptr(Guest) g = inner_host(name, disk);

    inner_start(g, options);
    inner_expect_shell(g);
    check_disk(g);
    plug_inner(g);
    snapshot(g);
    reset(g);
    inner_power_off(g);
    demo_power_off(g);
}

#define MOVING INNER_LINUX "-smp 2" NULL_DISK \
    "-device virtio-blk-pci,drive=null "

/* The third QEMU has no console here: its monitor and its output are files. */
#define THIRD "mkfifo /tmp/m.in /tmp/m.out; cat /tmp/m.out > /dev/null &" \
    " /kvm/qemu -m 256M -nodefaults -display none -serial file:/tmp/third" \
    " -monitor pipe:/tmp/m " MOVING "-incoming unix:/tmp/socket & third=$!;" \
    " until [ -e /tmp/socket ]; do usleep 20000; done"

/* The guest takes the power button at the third QEMU, and ends that. */
static void check_third(Guest *g)
{
    g_autofree char *answer = guest_ask(
        g, "echo system_powerdown > /tmp/m.in; wait $third;"
        " echo \"ended: $?\"; cat /tmp/third");

    guest_check(g, answer, "ended: 0\r", true);
    guest_check(g, answer, "reboot: Power down", true);
}

/* Migrates, and waits until the inner QEMU has sent all. */
static void migrate_inner(Guest *g, const char *uri)
{
    g_autofree char *line = g_strconcat("migrate -d ", uri, NULL);
    bool completed = false;

    tell_monitor(g, line);
    while (!completed && !guest_failed(g)) {
        g_autofree char *status = inner_monitor(g, "info migrate");

        completed = strstr(status, "completed") != NULL;
        if (strstr(status, "failed")) {
            guest_fail(g, "the inner migration failed");
        }
    }
}

/*
 * A guest moves by a file to a second QEMU, and from there by a socket to a
 * third one.
 */
static void test_migrate(void)
{
    g_autoptr(Guest) g = inner_host("kvm/migrate", "");
    g_autofree char *kept = NULL;

    inner_start(g, MOVING);
    inner_expect_shell(g);
    check_disk(g);
    g_free(inner_ask(g, "echo moved > /tmp/kept"));
    migrate_inner(g, "file:/tmp/stream");
    inner_quit(g);
    inner_start(g, MOVING "-incoming file:/tmp/stream");
    inner_expect_running(g);
    kept = inner_ask(g, "cat /tmp/kept");
    guest_check(g, kept, "moved", true);
    check_disk(g);
    g_free(guest_ask(g, THIRD));
    migrate_inner(g, "unix:/tmp/socket");
    inner_quit(g);
    check_third(g);
    demo_power_off(g);
}

/* What QEMU is asked to do for the guest while it starts */
static int count_exits(Guest *g, const char *options)
{
    g_autofree char *all = g_strdup_printf(INNER_LINUX "%s", options);
    g_autofree char *answer = NULL;
    const char *count;

    inner_start(g, all);
    inner_expect_shell(g);
    answer = guest_ask(g, "echo count: $(cat"
                       " /sys/kernel/debug/kvm/mmio_exit_user)");
    count = strstr(answer, "\ncount: ");
    inner_power_off(g);
    return count ? atoi(count + strlen("\ncount: ")) : 0;
}

#define VIRT "-M virt,gic-version=3 "
#define VIRT_PORTS VIRT \
    "-device pcie-root-port,id=p0,chassis=1,addr=1c.0,multifunction=on " \
    "-device pcie-root-port,id=p1,chassis=2,addr=1c.1 " \
    "-device pcie-root-port,id=p2,chassis=3,addr=1c.2 " \
    "-device pcie-root-port,id=p3,chassis=4,addr=1c.3"

/*
 * An access that QEMU serves costs a KVM host most.  The machine has about as
 * many of them in a start as virt with the same devices.
 */
static void test_exits(void)
{
    static const struct { const char *what, *ours, *virt; } rows[] = {
        { "no devices", "-M acpi=off", VIRT },
        { "4 ports", "-M hotplug-ports=4,acpi=off", VIRT_PORTS },
    };
    g_autoptr(Guest) g = inner_host("kvm/exits", "");

    g_free(guest_ask(g, "mount -t debugfs debugfs /sys/kernel/debug"));
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        int ours = count_exits(g, rows[i].ours);
        int virt = count_exits(g, rows[i].virt);

        g_test_message("%s: %d exits for QEMU, virt has %d", rows[i].what,
                       ours, virt);
        if (!ours || ours > virt + virt / 10) {
            guest_fail(g, "%s: %d exits for QEMU, but %d with virt",
                       rows[i].what, ours, virt);
        }
    }
    demo_power_off(g);
}

/* An interrupt of this device was an MSI, and came. */
static void check_msi_came(Guest *g, const char *device)
{
    g_autofree char *line = g_strdup_printf(
        "grep -E ' %s$' /proc/interrupts | grep ITS |"
        " awk '{ print \"came: \" ($2 + $3 > 0) }'", device);
    g_autofree char *answer = inner_ask(g, line);

    guest_check(g, answer, "came: 1\r", true);
}

/*
 * MSIs by irqfd, and queues by ioeventfd: vhost-net serves a card in the host's
 * kernel, and QEMU's own thread a disk.  A disk on virtio-mmio works too.
 */
static void test_io(void)
{
    g_autoptr(Guest) g = inner_host("kvm/io", "");
    g_autofree char *host = NULL;
    g_autofree char *ping = NULL;
    g_autofree char *second = NULL;

    g_free(guest_ask(g, "cd /kvm/modules; for m in *; do insmod $m;"
                     " done; cd /"));
    inner_start(g, INNER_LINUX "-smp 2 -trace kvm_irqchip_add_msi_route"
                NULL_DISK "-blockdev null-co,node-name=more,size=1048576"
                " -device virtio-blk-pci,drive=null"
                " -device virtio-blk-device,drive=more"
                " -netdev tap,id=net,ifname=tap0,vhost=on,script=no"
                ",downscript=no -device virtio-net-pci,netdev=net");
    inner_expect_shell(g);
    host = guest_ask(g, "ip addr add 10.9.9.1/24 dev tap0; ip link set tap0 up;"
                     " ls -l /proc/$inner/fd | grep -c vhost-net;"
                     " echo routes: $(grep -c msi_route /tmp/messages)");
    guest_check(g, host, "\n1\r", true);
    guest_check(g, host, "routes: 0", false);
    ping = inner_ask(g, "ip addr add 10.9.9.2/24 dev eth0;"
                     " ping -c 5 -i 0.2 10.9.9.1");
    guest_check(g, ping, " 5 packets received", true);
    check_disk(g);
    second = inner_ask(g, "for i in $(grep -l virtio-mmio"
                       " /sys/block/vd*/device/../uevent); do"
                       " dd if=/dev/$(echo $i | cut -d / -f 4) of=/dev/null"
                       " bs=64k iflag=direct && echo mmio-$((40 + 2)); done");
    guest_check(g, second, "mmio-42", true);
    check_msi_came(g, "virtio.-input.0");
    check_msi_came(g, "virtio.-req.0");
    inner_power_off(g);
    demo_power_off(g);
}

static void add_kvm_life_cases(void)
{
    guest_add_case(test_life, "fdt", "kvm/life-fdt");
    guest_add_case(test_life, "acpi", "kvm/life-acpi");
    g_test_add_func("/guest/kvm/migrate", test_migrate);
    g_test_add_func("/guest/kvm/io", test_io);
    g_test_add_func("/guest/kvm/exits", test_exits);
}

guest_cases(add_kvm_life_cases)
