/*
 * vmspec tests: machines with a variable store file
 *
 * See store-run.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qom.h"
#include "store-run.h"
#include "store.h"

VmspecRun *store_run(const char *runner, const char *machine,
                     const char *options)
{
    g_autofree char *command = g_strdup_printf(
        "sh -c 'printf \"qom-get /machine nvram-fill\\nquit\\n\" | %s %s "
        "-M vmspec%s -bios %s -display none -serial none -S -monitor stdio "
        "%s'", runner, getenv("QTEST_QEMU_BINARY"), machine, vmspec_stub(),
        options);
    VmspecRun *run = vmspec_run_program(command);

    g_test_message("%s: %d: %s", machine, run->status, run->err);
    return run;
}

void store_check_refused(const char *runner, const char *machine,
                         const char *path, const char *what)
{
    g_autoptr(VmspecRun) run = store_run(runner, machine, "");

    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, path));
    g_assert_nonnull(strstr(run->err, what));
    g_assert_nonnull(strstr(run->err, "nvram"));
}

char *store_option(const char *path)
{
    return g_strdup_printf(",nvram=%s", path);
}

char *store_sample_file(const char *name, size_t size)
{
    g_autofree uint8_t *data = g_malloc(size);

    store_sample(data, size);
    return scratch_file(name, data, size, size);
}

char *store_image(const char *name, const char *format)
{
    g_autofree char *raw = store_sample_file("image-sample", STORE_BANK);
    char *path = scratch_path(name);
    g_autofree char *convert = g_strdup_printf(
        "%s convert -O %s %s %s", getenv("QTEST_QEMU_IMG"), format, raw, path);
    g_autoptr(VmspecRun) run = vmspec_run_program(convert);

    g_assert_cmpint(run->status, ==, 0);
    return path;
}

uint8_t *store_read_image(const char *path, const char *format)
{
    g_autofree char *raw = scratch_path("raw");
    g_autofree char *convert = g_strdup_printf(
        "%s convert -f %s -O raw %s %s", getenv("QTEST_QEMU_IMG"), format,
        path, raw);
    g_autoptr(VmspecRun) run = vmspec_run_program(convert);
    char *data = NULL;
    size_t size;

    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(raw, &data, &size, NULL));
    g_assert_cmpuint(size, ==, STORE_BANK);
    return (uint8_t *)data;
}

char *store_fill(QTestState *qts)
{
    return qom_text(qts, "/machine", "nvram-fill");
}

bool store_can_trace(void)
{
    g_autoptr(VmspecRun) strace = vmspec_run_program(
        "sh -c 'strace -o /dev/null true'");

    if (strace->status != 0) {
        g_test_skip("no strace, or no permission to trace");
    }
    return strace->status == 0;
}
