/*
 * vmspec qtest: the keys that secure-boot=on needs (platform.md, section 7)
 *
 * Stores with and without a platform key, of nvram= and of pflash1.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "vmspec/machine.h"
#include "vmspec/store.h"

/* A platform key: an EFI global variable. Returns the offset behind it. */
static size_t put_pk(uint8_t *data)
{
    static const uint8_t global[] = {
        0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11,
        0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c,
    };
    size_t end;

    store_init(data, STORE_BANK);
    end = store_put(data, STORE_FIRST, "PK", STORE_ADDED, 40);
    memcpy(data + STORE_FIRST + 44, global, sizeof(global));
    return end;
}

/* The menu's switch "Attempt Secure Boot", behind the platform key */
static void put_switch(uint8_t *data, uint8_t value)
{
    static const uint8_t guid[] = {
        0xc7, 0x0b, 0xa3, 0xf0, 0x08, 0xaf, 0x56, 0x45,
        0x99, 0xc4, 0x00, 0x10, 0x09, 0xc9, 0x3a, 0x44,
    };
    size_t at = put_pk(data);
    size_t name = 2 * sizeof("SecureBootEnable");

    store_put(data, at, "SecureBootEnable", STORE_ADDED, 1);
    memcpy(data + at + 44, guid, sizeof(guid));
    data[at + 60 + name] = value;
}

/*
 * Does QEMU, with firmware from @folder, refuse secure-boot=on with the store
 * of @options for @reason?
 */
static bool refuses(const char *folder, const char *options, const char *reason)
{
    g_autofree char *command = g_strdup_printf(
        "sh -c 'echo quit | %s -L %s -M vmspec,secure-boot=on%s -nodefaults "
        "-display none -S -monitor stdio'", getenv("QTEST_QEMU_BINARY"),
        folder, options);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);

    g_test_message("%s: %d: %s", options, run->status, run->err);
    if (run->status == 0) {
        return false;
    }
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, reason));
    g_assert_nonnull(strstr(run->err, "Nothing was changed."));
    g_assert_nonnull(strstr(run->err, "or leave out secure-boot=on"));
    return true;
}

/* A folder with firmware for secure-boot=on, whose template is @data */
static char *secure_folder(const uint8_t *data)
{
    char *folder = scratch_path("firmware");
    g_autofree char *code = g_build_filename(
        folder, "vmspec-uefi-aarch64-secure.fd", NULL);
    g_autofree char *template = g_build_filename(
        folder, "vmspec-vars-aarch64-secure.fd", NULL);
    g_autofree char *stub = NULL;
    gsize size;

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(g_file_get_contents(vmspec_stub(), &stub, &size, NULL));
    g_assert_true(g_file_set_contents(code, stub, size, NULL));
    g_assert_true(g_file_set_contents(template, (char *)data, STORE_BANK,
                                      NULL));
    return folder;
}

static void remove_secure_folder(const char *folder)
{
    static const char *const names[] = {
        "vmspec-uefi-aarch64-secure.fd", "vmspec-vars-aarch64-secure.fd",
    };

    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        g_unlink(path);
    }
    g_rmdir(folder);
}

/*
 * A machine that is asked for Secure Boot has it, or does not start: neither
 * with a store of nvram= nor with one of pflash1 (platform.md, section 7).
 */
static void test_without_keys(void)
{
    static const struct {
        const char *what;
        const char *reason;     /* NULL: the machine starts */
    } stores[] = {
        { "keys", NULL },
        { "switched on", NULL },
        { "empty", "no platform key (PK)" },
        { "switched off", "SecureBootEnable is 0" },
    };
    g_autofree uint8_t *keyed = g_malloc(STORE_BANK);
    g_autofree char *path = scratch_path("secure.fd");
    g_autofree char *nvram = g_strdup_printf(",nvram=%s", path);
    g_autofree char *reset = g_strdup_printf("%s,nvram-reset=on", nvram);
    g_autofree char *pflash = g_strdup_printf(
        " -drive if=pflash,unit=1,format=raw,file=%s", path);
    g_autofree char *folder = NULL;

    put_pk(keyed);
    folder = secure_folder(keyed);
    for (int i = 0; i < ARRAY_SIZE(stores); i++) {
        g_autofree uint8_t *data = g_memdup2(keyed, STORE_BANK);

        if (!strcmp(stores[i].what, "empty")) {
            store_init(data, STORE_BANK);
        } else if (g_str_has_prefix(stores[i].what, "switched")) {
            put_switch(data, !stores[i].reason);
        }
        g_assert_true(g_file_set_contents(path, (char *)data, STORE_BANK,
                                          NULL));
        g_assert_cmpint(refuses(folder, nvram, stores[i].reason), ==,
                        stores[i].reason != NULL);
        g_assert_cmpint(refuses(folder, pflash, stores[i].reason), ==,
                        stores[i].reason != NULL);
    }
    /* the error names this way out */
    g_assert_false(refuses(folder, reset, ""));
    g_assert_false(refuses(folder, nvram, ""));
    remove_secure_folder(folder);
}

/* Blank flash is no store with keys, although the firmware would format it. */
static void test_blank_without_keys(void)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    g_autofree char *path = scratch_path("blank.fd");
    g_autofree char *pflash = g_strdup_printf(
        " -drive if=pflash,unit=1,format=raw,file=%s", path);
    g_autofree char *folder = NULL;

    put_pk(data);
    folder = secure_folder(data);
    memset(data, 0xff, STORE_BANK);
    g_assert_true(g_file_set_contents(path, (char *)data, STORE_BANK, NULL));
    g_assert_true(refuses(folder, pflash, "no sound variable store"));
    remove_secure_folder(folder);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/nvram-keys/without-keys", test_without_keys);
    qtest_add_func("/vmspec/nvram-keys/blank-without-keys",
                   test_blank_without_keys);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
