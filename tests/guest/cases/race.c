/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * PCIe hot-plug at awkward times
 *
 * The cases of a device that is plugged while the guest scans its buses,
 * that is unplugged at once, that the guest does not release, and that is
 * plugged while the machine migrates.  docs/system/arm/vmspec.rst says what
 * happens in each.
 */

#include <glib/gstdio.h>

#include "cases.h"
#include "demo.h"

#define PORT(n) "/sys/bus/pci/devices/0000:00:1c." #n
#define ADD(id, more) "{'execute': 'device_add', 'arguments': {" \
    "'driver': 'virtio-net-pci', 'id': '" id "'" more "}}"
#define DELETE(id) "{'execute': 'device_del', 'arguments': {'id': '" id "'}}"

typedef struct Row {
    const char *name;
    bool acpi;
} Row;

static const Row fdt = { "fdt", false };
static const Row acpi = { "acpi", true };

static void add_race_machine(Guest *g, const Row *row, const char *append)
{
    demo_add_machine(g, &arch_aarch64, row->acpi ? ",hotplug-ports=2,fdt=off" :
                     ",hotplug-ports=2");
    if (row->acpi) {
        guest_add(g, "-bios vmspec-uefi-aarch64.fd");
    }
    demo_add_kernel(g, &arch_aarch64);
    guest_add(g, "-append '%s'", append);
}

/* Waits in the guest, at most until the guest's time limit is over. */
static void await_driver(Guest *g, const char *port)
{
    g_autofree char *line = g_strdup_printf(
        "until [ -e %s/0000:*:00.0/driver ]; do sleep 0.1; done", port);

    g_free(guest_ask(g, line));
}

static void check_port_empty(Guest *g, const char *port)
{
    g_autofree char *line = g_strdup_printf("echo left: %s/0000:*:00.0", port);
    g_autofree char *want = g_strdup_printf("left: %s/0000:*:00.0\r", port);
    g_autofree char *left = guest_ask(g, line);

    guest_check(g, left, want, true);
}

/*
 * Linux finds a device that is plugged when the first output appears, and one
 * that is plugged during the bus scan.
 */
static void test_boot_scan(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("race/boot-scan-%s", row->name);
    g_autoptr(Guest) g = guest_new(name);

    add_race_machine(g, row, "");
    guest_launch(g);
    guest_expect(g, row->acpi ? "UEFI firmware" : "Booting Linux");
    g_free(guest_qmp(g, ADD("first", "")));
    guest_expect(g, row->acpi ? "PCI host bridge to bus" : "ECAM at [mem");
    g_free(guest_qmp(g, ADD("second", "")));
    guest_expect(g, GUEST_PROMPT);
    await_driver(g, PORT(0));
    await_driver(g, PORT(1));
    demo_power_off(g);
}

/*
 * Plug, unplug and plug with no wait between them.  The second device gets the
 * port of the first one as soon as that is deleted.  With native hot-plug that
 * is at once, if the guest has not powered the slot on yet.
 */
static void test_plug_again(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("race/again-%s", row->name);
    gint64 start;
    g_autoptr(Guest) g = guest_new(name);

    add_race_machine(g, row, "quiet");
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    start = g_get_monotonic_time();
    g_free(guest_qmp(g, ADD("first", ", 'bus': 'hotplug0'")));
    g_free(guest_qmp_retry(g, DELETE("first"), "guest is busy"));
    g_test_message("plugged and unplugged in %.3f s",
                   (g_get_monotonic_time() - start) / 1e6);
    guest_expect_deleted(g, "first");
    g_free(guest_qmp(g, ADD("second", ", 'bus': 'hotplug0'")));
    g_test_message("and plugged again in %.3f s",
                   (g_get_monotonic_time() - start) / 1e6);
    guest_qmp_refused(g, DELETE("first"), "not found");
    await_driver(g, PORT(0));
    g_free(guest_qmp_retry(g, DELETE("second"), "guest is busy"));
    guest_expect_deleted(g, "second");
    check_port_empty(g, PORT(0));
    demo_power_off(g);
}

/*
 * A guest without a hot-plug driver does not answer a request to unplug: it
 * keeps the device, which still works.  With native hot-plug the slot keeps the
 * request, and a driver that binds later releases the device.
 */
static void test_unplug_refused(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("race/refused-%s", row->name);
    g_autofree char *address = NULL;
    g_autoptr(Guest) g = guest_new(name);

    add_race_machine(g, row, row->acpi ? "quiet acpiphp.disable=1" : "quiet");
    guest_add(g, "-netdev user,id=net"
              " -device virtio-net-pci,netdev=net,id=first,bus=hotplug0");
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    if (!row->acpi) {
        g_free(guest_ask(g, "cd /sys/bus/pci_express/drivers/pciehp;"
                         " echo 0000:00:1c.0:pcie004 > unbind; cd /"));
    }
    g_free(guest_qmp(g, DELETE("first")));
    guest_qmp_refused(g, DELETE("first"), "in the process of unplug");
    address = guest_ask(g, "ping -c 1 10.0.2.2");
    guest_check(g, address, " 0% packet loss", true);
    await_driver(g, PORT(0));
    if (!row->acpi) {
        g_free(guest_ask(g, "cd /sys/bus/pci_express/drivers/pciehp;"
                         " echo 0000:00:1c.0:pcie004 > bind; cd /"));
        guest_expect_deleted(g, "first");
        check_port_empty(g, PORT(0));
    }
    demo_power_off(g);
}

#define BANDWIDTH "{'execute': 'migrate-set-parameters'," \
    " 'arguments': {'max-bandwidth': %d}}"

/*
 * Migrates a guest with a device in its first port to the file.  While that
 * lasts, QEMU refuses to plug and to unplug.
 */
static bool migrate_with_device(const Row *row, const char *file)
{
    g_autofree char *name = g_strdup_printf("race/migrate-%s", row->name);
    g_autofree char *slow = g_strdup_printf(BANDWIDTH, 1);
    g_autofree char *fast = g_strdup_printf(BANDWIDTH, 1 << 30);
    g_autoptr(Guest) g = guest_new(name);

    add_race_machine(g, row, "quiet");
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_qmp(g, ADD("first", ", 'bus': 'hotplug0'")));
    await_driver(g, PORT(0));
    g_free(guest_qmp(g, slow));
    guest_migrate(g, file);
    guest_qmp_refused(g, ADD("second", ""), "not allowed while migrating");
    guest_qmp_refused(g, DELETE("first"), "not allowed while migrating");
    g_free(guest_qmp(g, fast));
    guest_expect_migrated(g);
    return !guest_failed(g);
}

static void test_plug_and_migrate(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("race/migrate-to-%s", row->name);
    g_autofree char *file = NULL;
    g_autoptr(Guest) g = guest_new(name);

    file = g_build_filename(guest_folder(g), "stream", NULL);
    if (migrate_with_device(row, file)) {
        add_race_machine(g, row, "quiet");
        guest_add(g, "-device virtio-net-pci,id=first,bus=hotplug0"
                  " -incoming file:%s", file);
        guest_launch(g);
        guest_expect_event(g, "RESUME", "RESUME");
        await_driver(g, PORT(0));
        g_free(guest_qmp(g, ADD("second", "")));
        await_driver(g, PORT(1));
        g_free(guest_qmp_retry(g, DELETE("first"), "guest is busy"));
        guest_expect_deleted(g, "first");
        check_port_empty(g, PORT(0));
        demo_power_off(g);
    }
    g_unlink(file);
}

static void add_race_cases(void)
{
    static const struct {
        const char *name;
        GTestDataFunc test;
    } cases[] = {
        { "boot-scan", test_boot_scan },
        { "again", test_plug_again },
        { "refused", test_unplug_refused },
        { "migrate", test_plug_and_migrate },
    };
    static const Row *const rows[] = { &fdt, &acpi };

    for (int i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int k = 0; k < G_N_ELEMENTS(rows); k++) {
            guest_add_case(cases[i].test, rows[k], "race/%s-%s", cases[i].name,
                           rows[k]->name);
        }
    }
}

guest_cases(add_race_cases)
