/*
 * vmspec qtest: a TPM on the platform bus
 *
 * -device tpm-tis-device gets registers in the region platform-bus and talks
 * to its backend, which is QEMU's TPM emulator for tests (B_PER_11).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "io/channel-socket.h"
#include "libqtest-single.h"
#include "tpm-emu.h"
#include "tpm-tis-util.h"
#include "vmspec/agree/agree.h"
#include "vmspec/iasl.h"

/* Registers of locality 0: TCG PC Client Platform TPM Profile, 6.5 */
#define TPM_ACCESS 0x000
#define TPM_ACCESS_VALID 0x80
#define TPM_DID_VID 0xf00
#define DID_VID_OF_QEMU 0x00011014

/* QEMU's tpm-tis-util.c looks for the TPM here. */
uint64_t tpm_tis_base_addr;

static void check_registers(const void *opaque)
{
    g_assert_cmphex(readl(vmspec_base("platform-bus") + TPM_DID_VID), ==,
                    DID_VID_OF_QEMU);
    g_assert_cmphex(readb(vmspec_base("platform-bus") + TPM_ACCESS) &
                    TPM_ACCESS_VALID, ==, TPM_ACCESS_VALID);
}

static void *start_emulator(TPMTestState *tpm)
{
    tpm->addr = g_new0(SocketAddress, 1);
    tpm->addr->type = SOCKET_ADDRESS_TYPE_UNIX;
    tpm->addr->u.q_unix.path = scratch_path("tpm.sock");
    tpm->tpm_version = TPM_VERSION_2_0;
    g_mutex_init(&tpm->data_mutex);
    g_cond_init(&tpm->data_cond);
    return g_thread_new(NULL, tpm_emu_ctrl_thread, tpm);
}

/* Run @test on "-M vmspec@machine" with a TPM. */
static void with_tpm(const char *machine, void (*test)(const void *))
{
    TPMTestState tpm = { 0 };
    GThread *emulator = start_emulator(&tpm);
    g_autofree char *options = NULL;

    tpm_emu_test_wait_cond(&tpm);
    options = g_strdup_printf("-M vmspec%s -nodefaults -bios %s "
                              "-chardev socket,id=chr,path=%s "
                              "-tpmdev emulator,id=tpm,chardev=chr "
                              "-device tpm-tis-device,tpmdev=tpm",
                              machine, vmspec_stub(),
                              tpm.addr->u.q_unix.path);
    tpm_tis_base_addr = vmspec_base("platform-bus");
    qtest_start(options);
    test(&tpm);
    qtest_end();
    g_thread_join(emulator);
    g_unlink(tpm.addr->u.q_unix.path);
    qapi_free_SocketAddress(tpm.addr);
}

static void test_at_platform_bus(void)
{
    with_tpm("", check_registers);
}

static void test_transmits(void)
{
    with_tpm("", tpm_tis_test_check_transmit);
}

/* ACPI 6.5, 5.2.6: the length behind the signature */
static void validate_table(const AgreeRaw *raw, const char *signature)
{
    uint8_t *table = agree_raw_table(raw, signature);

    g_assert_nonnull(table);
    iasl_validate(table, agree_get(table + 4, 4));
}

static void compare_descriptions(const void *opaque)
{
    g_autoptr(AgreeRaw) raw = agree_raw_read(global_qtest);
    g_autoptr(AgreeResult) result = agree_compare_all(raw);
    g_autoptr(AgreeSource) fdt = agree_read_fdt(raw);
    g_autoptr(AgreeSource) acpi = agree_read_acpi(raw);

    agree_print(result, "tpm");
    g_assert_cmpuint(result->differences->len, ==, 0);
    g_assert_nonnull(agree_find_fact(fdt, "tpm 0", "base"));
    g_assert_nonnull(agree_find_fact(acpi, "tpm 0", "base"));
    validate_table(raw, "TPM2");
    validate_table(raw, "DSDT");
}

/* Compares FDT, ACPI, memory tree and registers, as vmspec-agree-test does */
static void test_described_alike(void)
{
    with_tpm(",acpi=on", compare_descriptions);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/tpm/at-platform-bus", test_at_platform_bus);
    qtest_add_func("/vmspec/tpm/transmits", test_transmits);
    qtest_add_func("/vmspec/tpm/described-alike", test_described_alike);
}

int main(int argc, char **argv)
{
    module_call_init(MODULE_INIT_QOM);
    return vmspec_test_main(argc, argv, add_tests);
}
