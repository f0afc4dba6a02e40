/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * PCIe hot-plug
 *
 * The cases that add devices to a port of a running guest and remove them
 * with the guest's consent: through ACPI if Linux runs by ACPI, through the
 * port's registers if it runs by FDT.  The commands name no port, so that QEMU
 * chooses one of the machine's own.
 */

#include "cases.h"
#include "demo.h"

#define PORT "/sys/bus/pci/devices/0000:00:1c.0"
#define COMPLAINTS "fail|error|no space|timeout|warn"

typedef struct Row {
    const char *name;
    bool firmware;
    bool acpi;
    bool small;             /* the small devices too */
} Row;

static const Row rows[] = {
    { "hotplug/acpi", true, true, true },
    { "hotplug/fdt", false, false, true },
    { "hotplug/uefi-fdt", true, false, false },
};

/* The devices, and the driver of each; NULL: Linux finds it, no driver binds */
static const struct {
    const char *arguments;
    const char *driver;
} devices[] = {
    { "'driver': 'virtio-blk-pci', 'drive': 'spare'", "virtio-pci" },
    { "'driver': 'virtio-net-pci', 'netdev': 'net'", "virtio-pci" },
    { "'driver': 'nvme', 'drive': 'spare', 'serial': 'spare'", "nvme" },
    { "'driver': 'e1000e', 'netdev': 'net'", "e1000e" },
    { "'driver': 'ivshmem-plain', 'memdev': 'shared'", NULL },
};

/* A device that needs more than the 2 MiB that Linux gives a port by default */
#define LARGE "'driver': 'ivshmem-plain', 'memdev': 'large'"
#define LARGE_BAR "size: 268435456\r"

static void launch_with_port(Guest *g, const Row *row)
{
    demo_add_machine(g, &arch_aarch64, row->acpi ?
                     ",hotplug-ports=1,fdt=off" : ",hotplug-ports=1");
    guest_add(g, "-blockdev null-co,node-name=spare,size=1048576,read-zeroes=on"
              " -netdev user,id=net"
              " -object memory-backend-ram,id=shared,size=1M,share=on"
              " -object memory-backend-ram,id=large,size=256M,share=on");
    if (row->firmware) {
        demo_add_disk(g, &arch_aarch64);
    } else {
        demo_add_kernel(g, &arch_aarch64);
    }
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe -a nvme e1000e"));
}

static void plug_device(Guest *g, const char *arguments, const char *driver)
{
    g_autofree char *add = g_strdup_printf(
        "{'execute': 'device_add', 'arguments': {%s,"
        " 'id': 'plugged'}}", arguments);
    gint64 start = g_get_monotonic_time();
    g_autofree char *seen = NULL;

    g_free(guest_qmp(g, add));
    seen = guest_ask(g, driver ?
                     "until [ -e " PORT "/0000:*:00.0/driver ]; do :; done; "
                     "readlink " PORT "/0000:*:00.0/driver" :
                     "until [ -e " PORT "/0000:*:00.0/enable ]; do :; done; "
                     "cat " PORT "/0000:*:00.0/device");
    guest_check(g, seen, driver ?: "0x1110", true);
    g_test_message("%s: added in %.2f s", arguments,
                   (g_get_monotonic_time() - start) / 1e6);
}

static void unplug_device(Guest *g, const char *arguments)
{
    gint64 start = g_get_monotonic_time();
    g_autofree char *left = NULL;

    /* the power indicator may still blink after the driver has bound */
    g_free(guest_qmp_retry(g, "{'execute': 'device_del',"
                           " 'arguments': {'id': 'plugged'}}",
                           "guest is busy"));
    guest_expect_deleted(g, "plugged");
    g_test_message("%s: removed in %.2f s", arguments,
                   (g_get_monotonic_time() - start) / 1e6);
    left = guest_ask(g, "echo left: " PORT "/0000:*:00.0");
    guest_check(g, left, "left: " PORT "/0000:*:00.0\r", true);
}

/* Linux uses pciehp, the driver of native hot-plug, by FDT and not by ACPI. */
static void check_way(Guest *g, const Row *row)
{
    g_autofree char *native = guest_ask(
        g, "ls /sys/bus/pci_express/drivers/pciehp");

    guest_check(g, native, ":pcie", !row->acpi);
}

/*
 * A BAR of 256 MiB fits into the port's window.  By FDT Linux makes the window
 * larger, and logs complaints until it has; by ACPI Linux keeps the firmware's
 * window of 1 GiB (platform.md, section 4.5).
 */
static void plug_large(Guest *g)
{
    g_autofree char *size = NULL;

    plug_device(g, LARGE, NULL);
    size = guest_ask(g, "set -- $(sed -n 3p " PORT "/0000:*:00.0/resource);"
                     " echo size: $(($2 - $1 + 1))");
    guest_check(g, size, LARGE_BAR, true);
    unplug_device(g, LARGE);
}

/*
 * Linux has logged no complaint since the log was cleared, also not about the
 * I/O BAR of e1000e: Linux gives each port an I/O window.
 */
static void check_hotplug_log(Guest *g)
{
    g_autofree char *count = guest_ask(
        g, "echo complaints: $(dmesg | grep -ciE '" COMPLAINTS "')");
    g_autofree char *lines = guest_ask(g, "dmesg | grep -iE '" COMPLAINTS "'");

    g_test_message("%s", lines);
    guest_check(g, count, "complaints: 0\r", true);
}

static void test_hotplug(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(Guest) g = guest_new(row->name);

    launch_with_port(g, row);
    check_way(g, row);
    g_free(guest_ask(g, "dmesg -c > /dev/null"));
    for (int i = 0; row->small && i < G_N_ELEMENTS(devices); i++) {
        plug_device(g, devices[i].arguments, devices[i].driver);
        unplug_device(g, devices[i].arguments);
    }
    if (!row->acpi) {
        check_hotplug_log(g);
    }
    plug_large(g);
    if (row->acpi) {
        check_hotplug_log(g);
    }
    demo_power_off(g);
}

static void add_hotplug_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_hotplug, &rows[i], "%s", rows[i].name);
    }
}

guest_cases(add_hotplug_cases)
