/*
 * vmspec tests: damaged stores that the machine takes
 *
 * Of the corpus of damaged stores, each that passes the machine's check is
 * booted with the firmware: it does not hang, and loses no variable.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "hw/arm/vmspec-varstore.h"
#include "scratch.h"
#include "store.h"

/* QEMU ends by itself, as the application has turned the machine off. */
static void boot(const char *path)
{
    g_autofree char *command = g_strdup_printf(
        "timeout -s KILL 100 %s/qemu-system-aarch64 -M vmspec,nvram=%s "
        "-bios %s -m 256 -nodefaults -display none -serial stdio "
        "-monitor none -kernel %s -append c", g_getenv("VMSPEC_TEST_QEMU"),
        path, g_getenv("VMSPEC_TEST_FIRMWARE"), g_getenv("VMSPEC_TEST_APP"));
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    int status;

    g_assert_true(g_spawn_command_line_sync(command, &out, &err, &status,
                                            NULL));
    if (status || !strstr(out, "\nvariables")) {
        g_error("status %d: %s%s", status, out, err);
    }
}

/* Each variable of @before is in @after, unchanged. */
static void check_kept(const Varstore *before, const Varstore *after)
{
    VarstoreVar old = { 0 };
    VarstoreVar new;
    unsigned kept = 0;

    for (; varstore_next(before, &old); kept++) {
        g_assert_true(varstore_find(after, old.name, old.name_size, old.guid,
                                    &new));
        g_assert_cmpuint(new.attributes, ==, old.attributes);
        g_assert_cmpmem(new.data, new.data_size, old.data, old.data_size);
    }
    g_assert_cmpuint(kept, ==, STORE_SAMPLE_VARIABLES);
}

static void test_corpus(void)
{
    g_autofree char *path = scratch_path("store.fd");
    GPtrArray *corpus = store_corpus();
    unsigned booted = 0;

    for (unsigned i = 0; i < corpus->len; i++) {
        const StoreDamage *d = g_ptr_array_index(corpus, i);
        g_autofree char *content = NULL;
        gsize size;
        VarstoreDamage damage;
        Varstore before, after;

        if (!varstore_check(d->data, d->size, &before, &damage)) {
            continue;           /* refused: vmspec-nvram-test's matter */
        }
        g_test_message("%s", d->name);
        g_assert_true(g_file_set_contents(path, (char *)d->data, d->size,
                                          NULL));
        boot(path);
        g_assert_true(g_file_get_contents(path, &content, &size, NULL));
        g_assert_true(varstore_check((uint8_t *)content, size, &after,
                                     &damage));
        check_kept(&before, &after);
        booted++;
    }
    g_test_message("%u of %u booted, the others are refused", booted,
                   corpus->len);
    g_assert_cmpuint(booted, >, 0);
    g_ptr_array_unref(corpus);
}

/*
 * The template of the AArch32 firmware has the layout of AArch64's, to the
 * byte in Debian's AAVMF: it is taken, and what is in it stays.
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
    boot(path);
    g_assert_true(g_file_get_contents(path, &after, &size, NULL));
    g_assert_true(varstore_check((uint8_t *)after, size, &vs, &damage));
    g_assert_true(varstore_find(&vs, name, sizeof(name), guid, &var));
    g_assert_cmpmem(var.data, var.data_size, data, sizeof(data));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_make();
    g_test_add_func("/nvram/other-architecture", test_other_architecture);
    g_test_add_func("/nvram/corpus", test_corpus);
    return scratch_remove(g_test_run());
}
