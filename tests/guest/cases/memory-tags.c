/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory tags
 *
 * The cases of tests/guest/programs/mte.c, which tags memory in Linux: with
 * mte=on, also when the tags came in a migration, and without it.
 */

#include "cases.h"
#include "demo.h"

static Guest *launch_tagged(const char *name, const char *machine,
                            const char *more)
{
    Guest *g = guest_new(name);

    demo_add_machine(g, &arch_aarch64, machine);
    demo_add_programs(g);
    guest_add(g, "-cpu max %s", more);
    guest_launch(g);
    return g;
}

static void expect_features(Guest *g, bool mte)
{
    g_autofree char *features = NULL;

    guest_expect(g, GUEST_PROMPT);
    features = guest_ask(g, "grep -m 1 Features /proc/cpuinfo");
    guest_check(g, features, " bti", true);
    guest_check(g, features, " mte ", mte);
}

static void begin(Guest *g)
{
    guest_type(g, "mte\r");
    guest_expect(g, "mte: a tag is set and read back");
}

static void finish(Guest *g)
{
    guest_type(g, "\r");
    guest_expect(g, "mte: the tag is still there");
    guest_expect(g, "mte: a pointer with another tag faults");
    guest_expect(g, GUEST_PROMPT);
}

static void test_tags(void)
{
    g_autoptr(Guest) g = launch_tagged("mte/on", ",mte=on", "-smp 2");

    expect_features(g, true);
    begin(g);
    finish(g);
    demo_power_off(g);
}

static void test_no_tags(void)
{
    g_autofree char *answer = NULL;
    g_autoptr(Guest) g = launch_tagged("mte/off", "", "");

    expect_features(g, false);
    answer = guest_ask(g, "mte");
    guest_check(g, answer, "mte: prctl failed with error 22", true);
    demo_power_off(g);
}

/* The other QEMU has the tags from the stream alone. */
static void test_tags_move(void)
{
    g_autoptr(Guest) from = launch_tagged("mte/migration-from", ",mte=on", "");
    g_autofree char *file = g_build_filename(guest_folder(from), "state",
                                             NULL);
    g_autofree char *incoming = g_strdup_printf("-incoming 'file:%s'", file);
    g_autoptr(Guest) to = NULL;

    expect_features(from, true);
    begin(from);
    guest_migrate(from, file);
    guest_expect_migrated(from);
    if (guest_failed(from)) {
        return;
    }
    to = launch_tagged("mte/migration-to", ",mte=on", incoming);
    guest_expect_event(to, "RESUME", "RESUME");
    finish(to);
    demo_power_off(to);
    g_free(guest_qmp(from, "{'execute': 'quit'}"));
    guest_expect_exit(from);
}

static void add_mte_cases(void)
{
    g_test_add_func("/guest/mte/on", test_tags);
    g_test_add_func("/guest/mte/off", test_no_tags);
    g_test_add_func("/guest/mte/migration", test_tags_move);
}

guest_cases(add_mte_cases)
