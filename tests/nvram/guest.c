/*
 * vmspec tests: a guest that changes variables or tells what they are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "guest.h"
#include "scratch.h"
#include "sequence.h"
#include "states.h"

unsigned guest_setting(const char *name, unsigned initial)
{
    const char *value = g_getenv(name);

    return value ? atoi(value) : initial;
}

uint8_t *guest_prefill(void)
{
    static uint8_t guid[] = SEQUENCE_GUID;
    uint8_t *store = g_malloc(BANK);
    uint8_t data[SEQUENCE_FILLER_SIZE];
    size_t used = 0;

    varstore_format(store, BANK);
    for (unsigned n = 0; n < SEQUENCE_FILLERS; n++) {
        g_autofree char *name = g_strdup_printf(SEQUENCE_FILLER_NAME "%02u",
                                                n);
        uint8_t wide[32] = { 0 };
        VarstoreVar var = {
            .attributes = 7, .guid = guid, .name = wide,
            .name_size = 2 * (strlen(name) + 1),
            .data = data, .data_size = sizeof(data),
        };

        for (size_t i = 0; name[i]; i++) {
            wide[2 * i] = name[i];
        }
        for (unsigned i = 0; i < sizeof(data); i++) {
            data[i] = sequence_byte(n, i);
        }
        used = varstore_append(store, used, &var);
        g_assert_cmpuint(used, >, 0);
    }
    return store;
}

char **guest_command(const char *machine, const char *options,
                      const char *line)
{
    g_autofree char *text = g_strdup_printf(
        "timeout -s KILL 100 %s/qemu-system-aarch64 -M vmspec%s -bios %s "
        "-m 256 -nodefaults -display none -serial stdio -monitor none "
        "-kernel %s -append '%s' %s", g_getenv("VMSPEC_TEST_QEMU"), machine,
        g_getenv("VMSPEC_TEST_FIRMWARE"), g_getenv("VMSPEC_TEST_APP"), line,
        options);
    char **argv = NULL;

    g_assert_true(g_shell_parse_argv(text, NULL, &argv, NULL));
    return argv;
}

char *guest_run(const char *machine, const char *options, const char *line)
{
    g_auto(GStrv) argv = guest_command(machine, options, line);
    char *out = NULL;
    g_autofree char *err = NULL;
    int status;

    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &out, &err, &status, NULL));
    if (!WIFEXITED(status) || WEXITSTATUS(status)) {
        g_test_message("status %d: %s%s", status, out, err);
        g_assert_cmpint(status, ==, 0);
    }
    return out;
}

int guest_found(const char *out, int least, int most)
{
    const char *p = strstr(out, "\nvariables");
    int seen[SEQUENCE_VARIABLES];
    char *end;
    int k;

    g_assert_nonnull(p);
    p += strlen("\nvariables");
    if (strstr(p, "BAD")) {
        g_error("a variable is neither old nor new: %s", p);
    }
    for (int n = 0; n < SEQUENCE_VARIABLES; n++) {
        p++;
        seen[n] = g_ascii_strtoll(p, &end, 10);
        if (end == p) {
            g_assert_cmpint(*p, ==, '-');
            seen[n] = -1;
            end++;
        }
        p = end;
    }
    k = states_after(seen, least, most);
    if (k < least) {
        g_error("not the variables after %d to %d operations:%s", least, most,
                strstr(out, "\nvariables"));
    }
    g_assert_true(g_str_has_prefix(p, " fillers "));
    g_assert_cmpint(atoi(p + strlen(" fillers ")), ==, SEQUENCE_FILLERS);
    return k;
}

int guest_boot(const char *machine, int least, int most)
{
    g_autofree char *out = guest_run(machine, "", "c");

    return guest_found(out, least, most);
}

void guest_save(const char *name, const uint8_t *store)
{
    g_autofree char *path = scratch_path(name);
    g_autofree char *raw = scratch_path("new.raw");
    g_autofree char *img = g_build_filename(g_getenv("VMSPEC_TEST_QEMU"),
                                            "qemu-img", NULL);
    const char *argv[] = {
        img, "convert", "-f", "raw", "-O", "qcow2", raw, path, NULL,
    };
    bool qcow2 = g_str_has_suffix(name, ".qcow2");
    int status;

    g_assert_true(g_file_set_contents(qcow2 ? raw : path, (const char *)store,
                                      BANK, NULL));
    if (qcow2) {
        g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, 0, NULL, NULL,
                                   NULL, NULL, &status, NULL));
        g_assert_cmpint(status, ==, 0);
    }
}
