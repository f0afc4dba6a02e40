/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The variable store under an operating system
 *
 * The cases of a variable store that follows its VM through a restart, a
 * snapshot and a migration, of one of AArch32, and of a disk that boots with
 * and without one.  Linux writes the variables; tests/nvram has the crashes.
 */

#define _GNU_SOURCE     /* memmem */
#include <string.h>

#include "cases.h"
#include "demo.h"

/* efivarfs makes our variables immutable: each test sets one only once. */
#define EFIVARS "/sys/firmware/efi/efivars"
#define OURS "-3c7e115a-9b42-4d4f-8a21-6e9033d107c4"

static Guest *launch_with(const char *name, const Arch *arch,
                          const char *properties, const char *options)
{
    Guest *g = guest_new(name);

    demo_add_machine(g, arch, properties);
    guest_add(g, "%s", options);
    if (!strstr(options, "id=disk")) {
        demo_add_disk(g, arch);
    }
    guest_launch(g);
    return g;
}

/* A guest with the variable store file @path (NULL: none) */
static Guest *launch_store(const char *name, const char *path,
                           const char *properties, const char *options)
{
    g_autofree char *all = g_strdup_printf(",nvram=%s%s", path ?: "none",
                                           properties);

    return launch_with(name, &arch_aarch64, all, options);
}

/* Waits for the shell, and mounts efivarfs. */
static void wait_shell(Guest *g)
{
    guest_expect(g, GUEST_PROMPT);
    g_free(guest_ask(g, "modprobe efivarfs; mount -t efivarfs efivarfs "
                     EFIVARS));
}

static void set_variable(Guest *g, const char *name, const char *text)
{
    g_autofree char *line = g_strdup_printf(
        "printf '\\007\\000\\000\\000%s' > " EFIVARS "/%s" OURS
        " && echo set $((40 + 2))", text, name);
    g_autofree char *answer = guest_ask(g, line);

    guest_check(g, answer, "set 42", true);
}

/* @text must not be in the line typed, because the console echoes that. */
static void check_variable(Guest *g, const char *name, const char *text,
                           bool has)
{
    g_autofree char *line = g_strdup_printf("tail -c +5 " EFIVARS "/%s" OURS
                                            "; echo", name);
    g_autofree char *answer = guest_ask(g, line);

    if (!guest_failed(g)) {
        guest_check(g, answer, text, has);
    }
}

/* A path in the guest's folder, which lasts as long as the guest does */
static char *in_folder(Guest *g, const char *name)
{
    return g_build_filename(guest_folder(g), name, NULL);
}

/* A variable of 32 KiB, as large as today's dbx, is written in one go. */
static void test_store_large(void)
{
    g_autoptr(Guest) g = launch_store("nvram/large", NULL, "", "");
    g_autofree char *size = NULL;

    wait_shell(g);
    size = guest_ask(g, "{ printf '\\007\\000\\000\\000';"
                     " head -c 32768 /dev/zero; } > /tmp/large;"
                     " dd if=/tmp/large of=" EFIVARS "/Large" OURS
                     " bs=40000; wc -c < " EFIVARS "/Large" OURS);
    guest_check(g, size, "32772", true);
    demo_power_off(g);
}

/*
 * A snapshot contains the variables.  After it is loaded, a restart on another
 * GIC, with more CPUs and memory, finds the variables of the snapshot.
 */
static void test_store_snapshot(void)
{
    g_autoptr(Guest) folder = guest_new("nvram/snapshot-folder");
    g_autofree char *path = in_folder(folder, "vars.qcow2");
    g_autoptr(Guest) g = launch_store("nvram/snapshot", path,
                                      ",gic-version=2", "");
    g_autoptr(Guest) again = NULL;

    wait_shell(g);
    set_variable(g, "First", "saved");
    guest_hmp(g, "savevm here");
    set_variable(g, "Second", "undone");
    check_variable(g, "Second", "undone", true);
    guest_hmp(g, "loadvm here");
    check_variable(g, "First", "saved", true);
    set_variable(g, "Third", "after");
    demo_power_off(g);
    if (guest_failed(g)) {
        return;
    }
    again = launch_store("nvram/snapshot-restarted", path, ",gic-version=3",
                         "-smp 2 -m 2G");
    wait_shell(again);
    check_variable(again, "First", "saved", true);
    check_variable(again, "Second", "undone", false);
    check_variable(again, "Third", "after", true);
    demo_power_off(again);
}

/*
 * A guest migrates to a file, and from there into a VM with a new variable
 * store.  The guest keeps its variables and can write more, and the new file
 * has both after a restart.
 */
static void test_store_migration(void)
{
    g_autoptr(Guest) folder = guest_new("nvram/migration-folder");
    g_autofree char *path = in_folder(folder, "source.fd");
    g_autofree char *other = in_folder(folder, "target.qcow2");
    g_autofree char *stream = in_folder(folder, "stream");
    g_autofree char *incoming = g_strdup_printf("-incoming 'file:%s'", stream);
    g_autoptr(Guest) from = launch_store("nvram/migration-from", path, "", "");
    g_autoptr(Guest) to = NULL;
    g_autoptr(Guest) again = NULL;

    wait_shell(from);
    set_variable(from, "First", "moved");
    guest_migrate(from, stream);
    guest_expect_migrated(from);
    guest_hmp(from, "quit");
    guest_expect_exit(from);
    if (guest_failed(from)) {
        return;
    }
    to = launch_store("nvram/migration-to", other, "", incoming);
    guest_expect_event(to, "RESUME", "RESUME");
    check_variable(to, "First", "moved", true);
    set_variable(to, "Second", "written");
    demo_power_off(to);
    if (guest_failed(to)) {
        return;
    }
    again = launch_store("nvram/migration-restarted", other, "", "");
    wait_shell(again);
    check_variable(again, "First", "moved", true);
    check_variable(again, "Second", "written", true);
    demo_power_off(again);
}

static bool file_has(const char *path, const char *bytes)
{
    g_autofree char *data = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    return memmem(data, size, bytes, strlen(bytes)) != NULL;
}

/*
 * The disk boots with a new variable store, with the same one again, and with
 * none (F7).  The variables that the guest wrote are in the store and not on
 * the disk (F6).
 */
static void test_store_and_disk(void)
{
    g_autoptr(Guest) folder = guest_new("nvram/disk-folder");
    g_autofree char *path = in_folder(folder, "vars.fd");
    g_autofree char *layer = demo_new_layer(folder);
    g_autofree char *disk = g_strdup_printf(
        "-drive if=none,id=disk,format=qcow2,file='%s'"
        " -device virtio-blk-pci,drive=disk", layer);
    g_autoptr(Guest) fresh = launch_store("nvram/disk-fresh", path, "", disk);
    g_autoptr(Guest) own = NULL;
    g_autoptr(Guest) none = NULL;

    wait_shell(fresh);
    set_variable(fresh, "First", "kept-off-the-disk");
    /* the disk can be written to, and what is, is found */
    g_free(guest_ask(fresh, "printf on-the-%s disk |"
                     " dd of=/dev/vda bs=512 seek=40 conv=fsync"));
    demo_power_off(fresh);
    if (guest_failed(fresh)) {
        return;
    }
    g_assert_true(file_has(path, "kept-off-the-disk"));
    g_assert_true(file_has(layer, "on-the-disk"));
    g_assert_false(file_has(layer, "kept-off-the-disk"));

    own = launch_store("nvram/disk-own", path, "", disk);
    wait_shell(own);
    check_variable(own, "First", "kept-off-the-disk", true);
    demo_power_off(own);
    none = launch_store("nvram/disk-none", NULL, "", disk);
    wait_shell(none);
    set_variable(none, "First", "volatile-off-the-disk");
    demo_power_off(none);
    if (!guest_failed(own) && !guest_failed(none)) {
        g_assert_false(file_has(layer, "off-the-disk"));
        g_assert_false(file_has(path, "volatile"));
    }
}

/* A variable store from AArch32's template, with 32-bit firmware and Linux */
static void test_arm_store(void)
{
    g_autoptr(Guest) folder = guest_new("firmware-long/store-arm-folder");
    g_autofree char *path = in_folder(folder, "vars.qcow2");
    g_autofree char *properties = g_strdup_printf(",nvram=%s", path);
    g_autoptr(Guest) g = launch_with("firmware-long/store-arm", &arch_arm,
                                     properties, "");
    g_autoptr(Guest) again = NULL;

    wait_shell(g);
    set_variable(g, "First", "kept");
    demo_power_off(g);
    if (guest_failed(g)) {
        return;
    }
    again = launch_with("firmware-long/store-arm-again", &arch_arm, properties,
                        "");
    wait_shell(again);
    check_variable(again, "First", "kept", true);
    demo_power_off(again);
}

static void add_nvram_cases(void)
{
    g_test_add_func("/guest/firmware-long/store-arm", test_arm_store);
    g_test_add_func("/guest/nvram/snapshot", test_store_snapshot);
    g_test_add_func("/guest/nvram/large", test_store_large);
    g_test_add_func("/guest/nvram/migration", test_store_migration);
    g_test_add_func("/guest/nvram/disk", test_store_and_disk);
}

guest_cases(add_nvram_cases)
