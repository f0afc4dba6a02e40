/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Live migration
 *
 * Linux works while it moves from one QEMU to another: it writes a disk and
 * reads it back, sends packets and keeps a count.
 */

#include <glib/gstdio.h>

#include "cases.h"
#include "demo.h"
#include "trip.h"

/* Hops of a case in make check, and in make check-long */
#define HOPS 2
#define HOPS_LONG 40

static const Mode modes[] = {
    { "precopy", "", BY_SOCKET, false },
    { "multifd", "multifd", BY_SOCKET, false },
    { "postcopy", "postcopy-ram", BY_SOCKET, true },
    { "file", "", BY_FILE, false },
    { "mapped-ram", "mapped-ram", BY_FILE, false },
};

static void test_live(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *name = g_strdup_printf("migrate/%s-%s", c->mode->name,
                                            c->config);
    Trip t;

    trip_start(&t, c, name);
    trip_work(t.at, TRIP_WORK);
    trip_set_variable(t.at, 0);
    for (int i = 1; i <= c->hops && !guest_failed(t.at); i++) {
        trip_hop(&t);
        trip_check_work(t.at);
        trip_set_variable(t.at, i);
    }
    trip_check_arrived(&t);
    trip_end(&t);
}

static const Case early = { &modes[0], "default", "", 1 };

/* The firmware moves while it starts, and boots the disk at the target. */
static void test_firmware(void)
{
    Trip t;

    trip_start(&t, &early, "migrate/firmware");
    guest_expect(t.at, "UEFI");
    trip_hop(&t);
    guest_expect(t.at, GUEST_PROMPT);
    demo_power_off(t.at);
    trip_end(&t);
}

/* A migration that is cancelled half-way leaves the guest at work. */
static void test_cancelled(void)
{
    Trip t;
    g_autofree char *uri = NULL;
    Guest *from;

    trip_start(&t, &early, "migrate/cancelled");
    trip_work(t.at, TRIP_WORK);
    trip_set_variable(t.at, 0);
    from = t.at;
    uri = g_strdup_printf("file:%s/cancelled", guest_folder(t.folder));
    trip_set_capability(from, "events");
    g_free(guest_qmp(from, "{'execute': 'migrate-set-parameters',"
                     " 'arguments': {'max-bandwidth': 1000000}}"));
    trip_migrate(from, "migrate", uri);
    guest_expect_event(from, "MIGRATION", "\"active\"");
    g_free(guest_qmp(from, "{'execute': 'migrate_cancel'}"));
    guest_expect_event(from, "MIGRATION", "\"cancelled\"");
    trip_check_work(from);
    g_free(guest_qmp(from, "{'execute': 'migrate-set-parameters',"
                     " 'arguments': {'max-bandwidth': 0}}"));
    trip_hop(&t);
    trip_check_work(t.at);
    trip_set_variable(t.at, 1);
    trip_check_arrived(&t);
    trip_end(&t);
}

/* GRUB moves while it loads the kernel. */
static void test_grub_moves(void)
{
    Trip t;

    trip_start(&t, &early, "migrate-long/grub");
    guest_expect(t.at, "Booting `vmspec demo guest'");
    trip_hop(&t);
    guest_expect(t.at, GUEST_PROMPT);
    demo_power_off(t.at);
    trip_end(&t);
}

/* The GUID of Linux' crash records, whose variables Linux lets root alter */
#define FILLING EFIVARS "/Filling-cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0"
#define WRITE_FILLING "{ { printf '\\007\\000\\000\\000';" \
    " head -c 24576 /dev/urandom; } > /tmp/whole; dd if=/tmp/whole of=" \
    FILLING " bs=32768 conv=notrunc 2> /dev/null; }"
/* The firmware reclaims no space for an operating system that runs. */
#define FILL "n=0; while " WRITE_FILLING "; do n=$((n + 1)); done"

/*
 * The guest moves while the firmware starts with a full store, which it
 * reclaims then.  The variables arrive, and there is room for another one.
 */
static void test_reclaim(void)
{
    Trip t;
    g_autofree char *filled = NULL;
    g_autofree char *written = NULL;

    trip_start(&t, &early, "migrate-long/reclaim");
    trip_work(t.at, "true");
    trip_set_variable(t.at, 0);
    g_free(guest_ask(t.at, FILL));
    filled = guest_ask(t.at, "echo full: $((n > 3))");
    guest_check(t.at, filled, "full: 1\r", true);
    guest_type(t.at, "reboot\r");
    guest_expect(t.at, "UEFI");
    trip_hop(&t);
    trip_work(t.at, "true");
    written = guest_ask(t.at, WRITE_FILLING " && echo written-$((40 + 2))");
    guest_check(t.at, written, "written-42", true);
    trip_set_variable(t.at, 1);
    trip_check_arrived(&t);
    trip_end(&t);
}

#define PORT "/sys/bus/pci/devices/0000:00:1c.0"
#define PLUG "{'execute': 'device_add', 'arguments': {'driver':" \
    " 'virtio-rng-pci', 'id': 'plugged', 'bus': 'hotplug0'}}"

static const Case with_port = { &modes[0], "default", "-M hotplug-ports=1", 2 };

static void plug(Guest *g)
{
    g_autofree char *driver = NULL;

    g_free(guest_qmp(g, PLUG));
    driver = guest_ask(g, "until [ -e " PORT "/0000:*:00.0/driver ]; do :;"
                       " done; readlink " PORT "/0000:*:00.0/driver");
    guest_check(g, driver, "drivers/virtio-pci", true);
}

/*
 * A device that was plugged moves, and is unplugged at the target; the port
 * moves empty, and takes a device at the next one.
 */
static void test_plugged(void)
{
    Trip t;

    trip_start(&t, &with_port, "migrate-long/plugged");
    trip_work(t.at, TRIP_WORK);
    plug(t.at);
    t.more = "-device virtio-rng-pci,id=plugged,bus=hotplug0";
    trip_hop(&t);
    t.more = NULL;
    trip_check_work(t.at);
    g_free(guest_qmp_retry(t.at, "{'execute': 'device_del',"
                           " 'arguments': {'id': 'plugged'}}",
                           "guest is busy"));
    guest_expect_deleted(t.at, "plugged");
    trip_hop(&t);
    trip_check_work(t.at);
    plug(t.at);
    demo_power_off(t.at);
    trip_end(&t);
}

#define MIGRATE "{'execute': 'migrate', 'arguments': {'uri': 'file:/dev/null'}}"

/*
 * A folder of the host that is mounted cannot move: QEMU says so at once, and
 * the guest never stops.  Once it is unmounted, the guest moves.
 */
static void test_mounted_folder(void)
{
    g_autofree char *folder = g_dir_make_tmp("vmspec-XXXXXX", NULL);
    g_autofree char *options = g_strdup_printf(
        "-fsdev local,id=folder,path=%s,security_model=none"
        " -device virtio-9p-pci,fsdev=folder,mount_tag=folder", folder);
    const Case c = { &modes[0], "default", options, 1 };
    Trip t;

    trip_start(&t, &c, "migrate/refused");
    trip_work(t.at, TRIP_WORK);
    g_free(guest_ask(t.at, "modprobe 9pnet_virtio; mkdir /tmp/folder;"
                     " mount -t 9p -o trans=virtio folder /tmp/folder"));
    guest_qmp_refused(t.at, MIGRATE, "is mounted in the guest");
    trip_check_work(t.at);
    g_free(guest_ask(t.at, "umount /tmp/folder"));
    trip_hop(&t);
    trip_check_work(t.at);
    demo_power_off(t.at);
    trip_end(&t);
    g_rmdir(folder);
}

static void add_live(const Mode *mode, const char *config, const char *options,
                     int hops)
{
    Case *c = g_new(Case, 1);

    *c = (Case) { mode, config, options, hops };
    guest_add_case(test_live, c, "%s/%s-%s",
                   hops == HOPS ? "migrate" : "migrate-long", mode->name,
                   config);
}

static void add_live_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(modes); i++) {
        add_live(&modes[i], "default", "", i == 0 ? HOPS_LONG : 6);
    }
    add_live(&modes[0], "gicv2", "", HOPS_LONG);
    add_live(&modes[0], "virtualization", "", 6);
    add_live(&modes[0], "default", "", HOPS);
    add_live(&modes[0], "gicv2", "", HOPS);
    g_test_add_func("/guest/migrate/firmware", test_firmware);
    g_test_add_func("/guest/migrate/cancelled", test_cancelled);
    g_test_add_func("/guest/migrate/refused", test_mounted_folder);
    g_test_add_func("/guest/migrate-long/grub", test_grub_moves);
    g_test_add_func("/guest/migrate-long/reclaim", test_reclaim);
    g_test_add_func("/guest/migrate-long/plugged", test_plugged);
}

guest_cases(add_live_cases)
