/*
 * vmspec tests: runs of the EFI application that writes variables
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "efi-run.h"
#include "sequence.h"
#include "states.h"

char **efi_run_command(const char *machine, const char *options,
                       const char *line)
{
    g_autofree char *text = g_strdup_printf(
        /* as many words as EFI_RUN_TIMEOUT_WORDS */
        "timeout -s KILL 100 "
        "%s/qemu-system-aarch64 -M vmspec%s -bios %s "
        "-m 256 -nodefaults -display none -serial stdio -monitor none "
        "-kernel %s -append '%s' %s", g_getenv("VMSPEC_TEST_QEMU"), machine,
        g_getenv("VMSPEC_TEST_FIRMWARE"), g_getenv("VMSPEC_TEST_APP"), line,
        options);
    char **argv = NULL;

    g_assert_true(g_shell_parse_argv(text, NULL, &argv, NULL));
    return argv;
}

char *efi_run(const char *machine, const char *options, const char *line)
{
    g_auto(GStrv) argv = efi_run_command(machine, options, line);
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

int efi_run_found(const char *out, int least, int most)
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

int efi_run_boot(const char *machine, int least, int most)
{
    g_autofree char *out = efi_run(machine, "", "c");

    return efi_run_found(out, least, most);
}
