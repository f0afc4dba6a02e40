/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Live migration
 *
 * Linux works while it moves from one QEMU to another: it writes a disk and
 * reads it back, sends packets and keeps a count.  Each hop goes to a QEMU with
 * a variable store of its own.  Where the other release of QEMU is built, every
 * second hop goes there and every other one comes back.
 */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "demo.h"

/* Hops of a case in make check, and in make check-long */
#define HOPS 2
#define HOPS_LONG 40

#define EFIVARS "/sys/firmware/efi/efivars"
#define OURS "-3c7e115a-9b42-4d4f-8a21-6e9033d107c4"

/*
 * What the guest does all the time.  Each round writes 256 KiB of random bytes
 * to one of 16 places of the disk, drops them from the cache, and reads them.
 */
#define WORK "(n=0; while :; do n=$((n + 1)); at=$((n % 16 * 4));" \
    " dd if=/dev/urandom of=/tmp/block bs=64k count=4 2> /dev/null;" \
    " dd if=/tmp/block of=/dev/vdb bs=64k seek=$at conv=fsync 2> /dev/null;" \
    " echo 1 > /proc/sys/vm/drop_caches;" \
    " dd if=/dev/vdb bs=64k skip=$at count=4 2> /dev/null |" \
    " cmp - /tmp/block || echo \"round $n: disk\" >> /tmp/faults;" \
    " ping -c 1 -W 20 10.0.2.2 > /dev/null ||" \
    " echo \"round $n: network\" >> /tmp/faults;" \
    " echo $n > /tmp/count.new; mv /tmp/count.new /tmp/count; done) &"

/* The two ways a stream goes */
enum { BY_SOCKET, BY_FILE };

typedef struct Mode {
    const char *name;
    const char *capabilities;   /* of both sides: 'NAME' or 'NAME,NAME' */
    int way;
    bool postcopy;              /* begins before the first round has ended */
} Mode;

static const Mode modes[] = {
    { "precopy", "", BY_SOCKET, false },
    { "multifd", "multifd", BY_SOCKET, false },
    { "postcopy", "postcopy-ram", BY_SOCKET, true },
    { "file", "", BY_FILE, false },
    { "mapped-ram", "mapped-ram", BY_FILE, false },
};

typedef struct Case {
    const Mode *mode;
    const char *config;         /* of tests/qtest/vmspec/configs.c */
    const char *options;        /* more, on each QEMU */
    int hops;
} Case;

/* A row of VMs that one guest moves through */
typedef struct Trip {
    const Case *c;
    char *name;
    Guest *folder;              /* never started: it owns the files */
    char *disk;
    Guest *at;                  /* where the guest is */
    int hop;
} Trip;

/* The folder of the QEMU of this hop */
static const char *release_of(int hop)
{
    const char *other = g_getenv("VMSPEC_TEST_OTHER_QEMU");
    g_autofree char *program = NULL;

    if (!other || hop % 2 == 0) {
        return NULL;
    }
    program = g_build_filename(other, "qemu-system-aarch64", NULL);
    return g_file_test(program, G_FILE_TEST_IS_EXECUTABLE) ? other : NULL;
}

static char *store_path(Trip *t)
{
    return g_strdup_printf("%s/vars-%d.fd", guest_folder(t->folder), t->hop);
}

/* Starts the VM of this hop, or returns NULL after a failure before. */
static Guest *start_hop(Trip *t, const char *incoming)
{
    g_autofree char *name = g_strdup_printf("%s-%d", t->name, t->hop);
    g_autofree char *store = store_path(t);
    Guest *g = guest_new(name);

    if (release_of(t->hop)) {
        guest_set_folder(g, release_of(t->hop));
    }
    demo_add_config(g, &arch_aarch64, t->c->config);
    guest_add(g, "-m 512M -M nvram='%s'", store);
    demo_add_disk(g, &arch_aarch64);
    guest_add(g, "-drive if=none,id=data,format=raw,file='%s'"
              " -device virtio-blk-pci,drive=data", t->disk);
    demo_add_network(g);
    guest_add(g, "%s %s", t->c->options, incoming);
    guest_launch(g);
    return g;
}

static void trip_start(Trip *t, const Case *c, const char *name)
{
    t->c = c;
    t->name = g_strdup(name);
    t->hop = 0;
    t->folder = guest_new(name);
    t->disk = g_build_filename(guest_folder(t->folder), "data.img", NULL);
    g_assert_true(g_file_set_contents(t->disk, "", 0, NULL));
    g_assert_cmpint(truncate(t->disk, 4 << 20), ==, 0);
    t->at = start_hop(t, "");
}

static void trip_end(Trip *t)
{
    guest_free(t->at);
    guest_free(t->folder);
    g_free(t->disk);
    g_free(t->name);
}

static void set_capability(Guest *g, const char *name)
{
    g_autofree char *command = g_strdup_printf(
        "{'execute': 'migrate-set-capabilities', 'arguments': {'capabilities':"
        " [{'capability': '%s', 'state': true}]}}", name);

    g_free(guest_qmp(g, command));
}

static void set_capabilities(Guest *g, const Mode *mode)
{
    g_auto(GStrv) names = g_strsplit(mode->capabilities, ",", 0);

    for (int i = 0; names[i]; i++) {
        set_capability(g, names[i]);
    }
}

static void migrate(Guest *g, const char *command, const char *uri)
{
    g_autofree char *line = g_strdup_printf(
        "{'execute': '%s', 'arguments': {'uri': '%s'}}", command, uri);

    g_free(guest_qmp(g, line));
}

/* Says what QEMU measured; no test depends on it. */
static void tell_downtime(Guest *g)
{
    g_autofree char *reply = guest_qmp(g, "{'execute': 'query-migrate'}");
    const char *downtime = strstr(reply, "\"downtime\": ");

    g_test_message("%.*s ms", downtime ? (int)strcspn(downtime, ",}") : 0,
                   downtime ?: "");
}

/* A source that has sent all ends, and says that it did. */
static void leave(Guest *g)
{
    tell_downtime(g);
    guest_hmp(g, "quit");
    guest_expect_exit(g);
}

static void send_all(Guest *from, Guest *to, const Mode *mode, const char *uri)
{
    if (mode->way == BY_FILE) {
        migrate(from, "migrate", uri);
        guest_expect_migrated(from);
        migrate(to, "migrate-incoming", uri);
        return;
    }
    migrate(to, "migrate-incoming", uri);
    migrate(from, "migrate", uri);
    if (mode->postcopy) {
        g_free(guest_qmp(from, "{'execute': 'migrate-start-postcopy'}"));
    }
    guest_expect_migrated(from);
}

/* One hop: the guest is then at another QEMU. */
static void hop(Trip *t)
{
    const Mode *mode = t->c->mode;
    Guest *from = t->at;
    g_autofree char *uri = NULL;

    t->hop++;
    uri = g_strdup_printf("%s:%s/hop-%d",
                          mode->way == BY_FILE ? "file" : "unix",
                          guest_folder(t->folder), t->hop);
    t->at = start_hop(t, "-incoming defer");
    set_capabilities(from, mode);
    set_capabilities(t->at, mode);
    /* of the source alone: it must see no event of its own arrival */
    set_capability(from, "events");
    send_all(from, t->at, mode, uri);
    guest_expect_event(t->at, "RESUME", "RESUME");
    leave(from);
    if (guest_failed(from)) {
        guest_fail(t->at, "the hop before has failed");
    }
    guest_free(from);
}

/* Waits for the shell, and starts the work. */
static void set_to_work(Guest *g)
{
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe efivarfs; mount -t efivarfs efivarfs "
                     EFIVARS));
    g_free(guest_ask(g, WORK));
}

/* The guest's work goes on, and nothing of it was lost. */
static void check_work(Guest *g)
{
    g_autofree char *answer = guest_ask(g,
        "m=$(cat /tmp/count); until [ \"$(cat /tmp/count)\" -gt $((m + 1)) ];"
        " do usleep 20000; done; cat /tmp/faults; echo works-$((40 + 2))");

    guest_check(g, answer, "works-42", true);
    guest_check(g, answer, "round", false);
}

static void set_hop_variable(Guest *g, int n)
{
    g_autofree char *line = g_strdup_printf(
        "printf '\\007\\000\\000\\000value-%d' > " EFIVARS "/Hop%d" OURS, n, n);

    g_free(guest_ask(g, line));
}

/* The variables of all hops are in the last file. */
static void check_arrived(Trip *t)
{
    g_autoptr(Guest) g = NULL;
    g_autofree char *answer = NULL;

    guest_hmp(t->at, "quit");
    guest_expect_exit(t->at);
    if (guest_failed(t->at)) {
        return;
    }
    g = start_hop(t, "");
    guest_expect(g, GUEST_PROMPT);
    answer = guest_ask(g, "modprobe efivarfs; mount -t efivarfs efivarfs "
                       EFIVARS "; for v in " EFIVARS "/Hop*; do"
                       " tail -c +5 $v; echo; done");
    for (int i = 0; i <= t->hop; i++) {
        g_autofree char *value = g_strdup_printf("value-%d\r\n", i);

        guest_check(g, answer, value, true);
    }
    demo_power_off(g);
    if (guest_failed(g)) {
        guest_fail(t->at, "the variables did not arrive");
    }
}

static void test_live(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *name = g_strdup_printf("migrate/%s-%s", c->mode->name,
                                            c->config);
    Trip t;

    trip_start(&t, c, name);
    set_to_work(t.at);
    set_hop_variable(t.at, 0);
    for (int i = 1; i <= c->hops && !guest_failed(t.at); i++) {
        hop(&t);
        check_work(t.at);
        set_hop_variable(t.at, i);
    }
    check_arrived(&t);
    trip_end(&t);
}

static const Case early = { &modes[0], "default", "", 1 };

/* The firmware moves while it starts, and boots the disk at the target. */
static void test_firmware(void)
{
    Trip t;

    trip_start(&t, &early, "migrate/firmware");
    guest_expect(t.at, "UEFI");
    hop(&t);
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
    set_to_work(t.at);
    set_hop_variable(t.at, 0);
    from = t.at;
    uri = g_strdup_printf("file:%s/cancelled", guest_folder(t.folder));
    set_capability(from, "events");
    g_free(guest_qmp(from, "{'execute': 'migrate-set-parameters',"
                     " 'arguments': {'max-bandwidth': 1000000}}"));
    migrate(from, "migrate", uri);
    guest_expect_event(from, "MIGRATION", "\"active\"");
    g_free(guest_qmp(from, "{'execute': 'migrate_cancel'}"));
    guest_expect_event(from, "MIGRATION", "\"cancelled\"");
    check_work(from);
    g_free(guest_qmp(from, "{'execute': 'migrate-set-parameters',"
                     " 'arguments': {'max-bandwidth': 0}}"));
    hop(&t);
    check_work(t.at);
    set_hop_variable(t.at, 1);
    check_arrived(&t);
    trip_end(&t);
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
}

guest_cases(add_live_cases)
