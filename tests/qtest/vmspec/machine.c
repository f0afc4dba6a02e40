/*
 * vmspec tests: starting machines and asking the contract
 *
 * See machine.h. Knows no number of the platform.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "configs.h"
#include "machine.h"

#define TIME_LIMIT "60"

/* VMSPEC_CONTRACT, or tests/data of the repository that has this file */
static char *find_contract(void)
{
    const char *named = g_getenv("VMSPEC_CONTRACT");
    g_autofree char *here = realpath(__FILE__, NULL);
    g_autofree char *dir = here ? g_path_get_dirname(here) : NULL;

    return named ? g_strdup(named) :
           g_build_filename(dir ?: ".", "..", "..", "data", "contract.txt",
                            NULL);
}

char *vmspec_data(const char *name)
{
    g_autofree char *contract = find_contract();
    g_autofree char *dir = g_path_get_dirname(contract);

    return g_build_filename(dir, name, NULL);
}

const Contract *vmspec_contract(void)
{
    static const Contract *contract;

    if (!contract) {
        g_autofree char *path = find_contract();

        contract = contract_load(path);
    }
    return contract;
}

const ContractRegion *vmspec_region(const char *name)
{
    const ContractRegion *region = contract_region(vmspec_contract(), name);

    if (!region) {
        g_error("the contract has no region %s", name);
    }
    return region;
}

uint64_t vmspec_base(const char *region)
{
    return vmspec_region(region)->base;
}

uint64_t vmspec_end(const char *region)
{
    return vmspec_region(region)->base + vmspec_region(region)->size;
}

unsigned vmspec_spi(const char *region)
{
    const ContractIrq *irq = contract_irq(vmspec_contract(), region);

    if (!irq) {
        g_error("the contract has no interrupt of %s", region);
    }
    return irq->spi;
}

const char *vmspec_stub(void)
{
    static char *path;

    if (!path) {
        /* "b ." of AArch64: an image of zeros is refused */
        path = scratch_file("stub.fd", "\0\0\0\x14", 4, 4 * KiB);
    }
    return path;
}

QTestState *vmspec_start(const char *machine, const char *fmt, ...)
{
    g_autofree char *options = NULL;
    va_list ap;

    va_start(ap, fmt);
    options = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    /* The test's output is TAP. Some devices, such as vmxnet3, print to it. */
    return qtest_initf("-M vmspec%s -nodefaults -bios %s %s 1>&2", machine,
                       vmspec_stub(), options);
}

QTestState *vmspec_start_config(const char *name)
{
    const TestConfig *config = config_find(name);

    g_assert_nonnull(config);
    return vmspec_start(config->machine, "%s", config->options);
}

/*
 * Under ASan each QEMU that has a coroutine says once that ASan may be mistaken
 * about it. Remove that line, because tests compare what QEMU itself says.
 */
static void drop_asan_warning(char *text)
{
    char *warning;

    while ((warning = strstr(text, "WARNING: ASan doesn't fully support "
                                   "makecontext/swapcontext"))) {
        char *end = strchrnul(warning, '\n');

        while (warning > text && warning[-1] != '\n') {
            warning--;
        }
        if (*end) {
            end++;
        }
        memmove(warning, end, strlen(end) + 1);
    }
}

VmspecRun *vmspec_run_program(const char *command)
{
    VmspecRun *run = g_new0(VmspecRun, 1);
    g_autofree char *line = g_strdup_printf("timeout -s KILL %s %s",
                                            TIME_LIMIT, command);
    g_auto(GStrv) argv = NULL;
    int status;

    g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &run->out, &run->err, &status, NULL));
    drop_asan_warning(run->err);
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) :
                                      -WTERMSIG(status);
    if (run->status == -SIGKILL) {
        g_test_message("did not end within %s s: %s", TIME_LIMIT, command);
        g_assert_cmpint(run->status, !=, -SIGKILL);
    }
    return run;
}

VmspecRun *vmspec_run(const char *fmt, ...)
{
    g_autofree char *options = NULL;
    g_autofree char *command = NULL;
    va_list ap;

    va_start(ap, fmt);
    options = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    command = g_strdup_printf("%s -display none %s",
                              getenv("QTEST_QEMU_BINARY"), options);
    return vmspec_run_program(command);
}

void vmspec_run_free(VmspecRun *run)
{
    g_free(run->out);
    g_free(run->err);
    g_free(run);
}

void vmspec_assert_refused(const char *options, const char *why)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec -bios %s %s",
                                          vmspec_stub(), options);

    g_test_message("'%s' in the error of %s: %s", why, options, run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, why));
}

static void remove_scratch(void)
{
    scratch_remove(0);
}

static void remove_scratch_on_abort(void *opaque)
{
    remove_scratch();
}

int vmspec_test_main(int argc, char **argv, void (*add_tests)(void))
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_abrt_handler(remove_scratch_on_abort, scratch_make());
    atexit(remove_scratch);
    add_tests();
    return g_test_run();
}
