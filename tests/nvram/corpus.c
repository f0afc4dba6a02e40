/*
 * vmspec tests: the firmware boots every store that the machine accepts
 *
 * Some damaged stores of store-corpus.c pass the machine's check. The firmware
 * must boot with each of them, and lose no variable. The same holds for the
 * stores of other firmware.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "efi-run.h"
#include "hw/arm/vmspec-varstore.h"
#include "scratch.h"
#include "store-same.h"
#include "store.h"

/* Boot the store in the file @path; return what the guest printed. */
static char *boot_store(const char *path)
{
    g_autofree char *machine = g_strdup_printf(",nvram=%s", path);
    char *out = efi_run(machine, "", "c");

    g_assert_nonnull(strstr(out, "\nvariables"));
    return out;
}

/* Read the file @path, which varstore_check() must accept. */
static void load_store(const char *path, char **content, Varstore *vs)
{
    VarstoreDamage damage;
    gsize size;

    g_assert_true(g_file_get_contents(path, content, &size, NULL));
    if (!varstore_check((uint8_t *)*content, size, vs, &damage)) {
        g_error("%s: 0x%" G_GINT64_MODIFIER "x: %s", path, damage.offset,
                damage.what);
    }
}

/*
 * Boot with the damaged store @d. The firmware may add variables of its own. It
 * changes none of those that are there: neither one as in the sample, nor one
 * that the damage altered in a way which the format cannot tell.
 */
static void check_booted(const StoreDamage *d, const Varstore *sample)
{
    g_autofree char *path = scratch_path("store.fd");
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    Varstore vs, booted;

    g_test_message("%s", d->name);
    g_assert_true(store_write(path, d));
    load_store(path, &before, &vs);
    g_assert_cmpint(store_same(sample, &vs), ==, d->fate == STORE_WHOLE);
    g_free(boot_store(path));
    load_store(path, &after, &booted);
    g_assert_true(store_has_all(&vs, &booted));
}

/*
 * Boot each damaged store that the machine accepts: all that are whole, and one
 * in eight of those with an altered variable, of which the firmware takes no
 * notice; all of them if VMSPEC_NVRAM_CORPUS is set.
 */
static void test_corpus(void)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    GPtrArray *corpus = store_corpus();
    unsigned fates[STORE_FATES] = { 0 };
    unsigned booted = 0;
    VarstoreDamage damage;
    Varstore sample;

    store_sample(data, STORE_BANK);
    g_assert_true(varstore_check(data, STORE_BANK, &sample, &damage));
    for (unsigned i = 0; i < corpus->len; i++) {
        const StoreDamage *d = g_ptr_array_index(corpus, i);
        bool one = fates[d->fate]++ % 8 == 0;

        /* vmspec-nvram-test has the stores that are refused */
        if (d->fate == STORE_WHOLE || (d->fate == STORE_ALTERED &&
            (one || g_getenv("VMSPEC_NVRAM_CORPUS")))) {
            check_booted(d, &sample);
            booted++;
        }
    }
    g_test_message("of %u %u refused, %u whole, %u altered; %u booted",
                   corpus->len, fates[STORE_REFUSED], fates[STORE_WHOLE],
                   fates[STORE_ALTERED], booted);
    g_assert_cmpuint(booted, >, 0);
    g_ptr_array_unref(corpus);
}

/*
 * The template of the AArch32 firmware has the same layout as AArch64's, so
 * that AArch64 firmware must accept it and keep the variables in it.
 */
static void test_other_architecture(void)
{
    static const uint8_t guid[VARSTORE_GUID_SIZE] = { 1, 2, 3 };
    static const uint8_t name[] = { 'A', 0, 'r', 0, 'm', 0, 0, 0 };
    static const uint8_t data[] = "kept";
    VarstoreVar var = {
        .attributes = 7, .guid = guid, .name = name,
        .name_size = sizeof(name), .data = data, .data_size = sizeof(data),
    };
    g_autofree char *path = scratch_path("arm.fd");
    g_autofree char *store = NULL;
    g_autofree char *after = NULL;
    VarstoreDamage damage;
    Varstore vs;
    gsize size;

    g_assert_true(g_file_get_contents(g_getenv("VMSPEC_TEST_ARM_TEMPLATE"),
                                      &store, &size, NULL));
    g_assert_true(varstore_check((uint8_t *)store, size, &vs, &damage));
    g_assert_cmpuint(vs.variables, ==, 0);
    g_assert_cmpuint(varstore_append((uint8_t *)store, vs.used, &var), >, 0);
    g_assert_true(g_file_set_contents(path, store, size, NULL));
    g_free(boot_store(path));
    load_store(path, &after, &vs);
    g_assert_true(varstore_find(&vs, name, sizeof(name), guid, &var));
    g_assert_cmpmem(var.data, var.data_size, data, sizeof(data));
}

/* A store that an older build of our firmware made: tests/data/nvram/README */
static void test_older(void)
{
    g_autofree char *path = scratch_path("older.fd");
    g_autofree char *command = g_strdup_printf(
        "sh -c 'gzip -dc %s > %s'", g_getenv("VMSPEC_TEST_OLDER"), path);
    g_autofree char *out = NULL;
    g_autofree char *content = NULL;
    int status;
    Varstore vs;

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, &status,
                                            NULL));
    g_assert_cmpint(status, ==, 0);
    load_store(path, &content, &vs);
    g_assert_cmpuint(vs.variables, ==, 17);
    out = boot_store(path);
    g_test_message("%s", out);
    /* the last of 40 operations on each variable, see sequence.h */
    g_assert_nonnull(strstr(out, "\nvariables 32 33 34 35 36 37 - 39 "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_make();
    g_test_add_func("/nvram/other-architecture", test_other_architecture);
    g_test_add_func("/nvram/older-firmware", test_older);
    g_test_add_func("/nvram/corpus", test_corpus);
    return scratch_remove(g_test_run());
}
