/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest that moves from one QEMU to another
 */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"
#include "trip.h"

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
    guest_add(g, "%s %s %s", t->c->options, t->more ?: "", incoming);
    guest_launch(g);
    return g;
}

void trip_start(Trip *t, const Case *c, const char *name)
{
    *t = (Trip) {
        .c = c,
        .name = g_strdup(name),
        .folder = guest_new(name),
    };
    t->disk = g_build_filename(guest_folder(t->folder), "data.img", NULL);
    g_assert_true(g_file_set_contents(t->disk, "", 0, NULL));
    g_assert_cmpint(truncate(t->disk, 4 << 20), ==, 0);
    t->at = start_hop(t, "");
}

void trip_end(Trip *t)
{
    guest_free(t->at);
    guest_free(t->folder);
    g_free(t->disk);
    g_free(t->name);
}

void trip_set_capability(Guest *g, const char *name)
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
        trip_set_capability(g, names[i]);
    }
}

void trip_migrate(Guest *g, const char *command, const char *uri)
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
        trip_migrate(from, "migrate", uri);
        guest_expect_migrated(from);
        trip_migrate(to, "migrate-incoming", uri);
        return;
    }
    trip_migrate(to, "migrate-incoming", uri);
    trip_migrate(from, "migrate", uri);
    if (mode->postcopy) {
        g_free(guest_qmp(from, "{'execute': 'migrate-start-postcopy'}"));
    }
    guest_expect_migrated(from);
}

void trip_hop(Trip *t)
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
    trip_set_capability(from, "events");
    send_all(from, t->at, mode, uri);
    guest_expect_event(t->at, "RESUME", "RESUME");
    leave(from);
    if (guest_failed(from)) {
        guest_fail(t->at, "the hop before has failed");
    }
    guest_free(from);
}

void trip_work(Guest *g, const char *work)
{
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe efivarfs; mount -t efivarfs efivarfs "
                     EFIVARS));
    g_free(guest_ask(g, work));
}

void trip_check_work(Guest *g)
{
    g_autofree char *answer = guest_ask(g,
        "m=$(cat /tmp/count); until [ \"$(cat /tmp/count)\" -gt $((m + 1)) ];"
        " do usleep 20000; done; cat /tmp/faults; echo works-$((40 + 2))");

    guest_check(g, answer, "works-42", true);
    guest_check(g, answer, "round", false);
}

void trip_set_variable(Guest *g, int n)
{
    g_autofree char *line = g_strdup_printf(
        "printf '\\007\\000\\000\\000value-%d' > " EFIVARS "/Hop%d" OURS, n, n);

    g_free(guest_ask(g, line));
}

void trip_check_arrived(Trip *t)
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
