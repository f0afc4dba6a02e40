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

/* Run @test on "-M vmspec@machine" with a TPM of this type. */
static void with_tpm_of(const char *type, const char *machine,
                        void (*test)(const void *))
{
    TPMTestState tpm = { 0 };
    GThread *emulator = start_emulator(&tpm);
    g_autofree char *options = NULL;

    tpm_emu_test_wait_cond(&tpm);
    options = g_strdup_printf("-M vmspec%s -nodefaults -bios %s "
                              "-chardev socket,id=chr,path=%s "
                              "-tpmdev emulator,id=tpm,chardev=chr "
                              "-device %s,tpmdev=tpm",
                              machine, vmspec_stub(),
                              tpm.addr->u.q_unix.path, type);
    tpm_tis_base_addr = vmspec_base("platform-bus");
    qtest_start(options);
    test(&tpm);
    qtest_end();
    g_thread_join(emulator);
    g_unlink(tpm.addr->u.q_unix.path);
    qapi_free_SocketAddress(tpm.addr);
}

static void with_tpm(const char *machine, void (*test)(const void *))
{
    with_tpm_of("tpm-tis-device", machine, test);
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

/* Registers of CRB: TCG PC Client Platform TPM Profile 1.05, 6.5.3 */
#define CRB_LOC_STATE 0x00
#define CRB_LOC_CTRL 0x08
#define CRB_LOC_STS 0x0c
#define CRB_INTF_ID 0x30
#define CRB_REQ 0x40
#define CRB_STS 0x44
#define CRB_START 0x4c
#define CRB_CMD_SIZE 0x58
#define CRB_CMD_ADDRESS 0x5c
#define CRB_RSP_SIZE 0x64
#define CRB_RSP_ADDRESS 0x68
#define CRB_DATA 0x80
#define CRB_DATA_SIZE 0xf80

/* TPM2_GetRandom; the emulator answers each command with a failure */
static const uint8_t crb_command[] = {
    0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x7b, 0, 8
};

static uint64_t crb(unsigned reg)
{
    return vmspec_base("platform-bus") + reg;
}

static void check_crb_registers(const void *opaque)
{
    /* type CRB, version CRB, locality 0, 64 bytes, CRB alone and selected */
    g_assert_cmphex(readl(crb(CRB_INTF_ID)), ==, 0x25811);
    g_assert_cmphex(readl(crb(CRB_LOC_STATE)) & 0xfe, ==, 0x80);
    g_assert_cmphex(readl(crb(CRB_STS)), ==, 2);
    g_assert_cmphex(readl(crb(CRB_CMD_SIZE)), ==, CRB_DATA_SIZE);
    g_assert_cmphex(readl(crb(CRB_RSP_SIZE)), ==, CRB_DATA_SIZE);
    g_assert_cmphex(readl(crb(CRB_CMD_ADDRESS)), ==, crb(CRB_DATA));
    g_assert_cmphex(readl(crb(CRB_RSP_ADDRESS)), ==, crb(CRB_DATA));
    g_assert_cmphex(readw(crb(CRB_RSP_ADDRESS) + 2), ==,
                    crb(CRB_DATA) >> 16);
}

/* A command is taken in state Ready of an assigned locality alone. */
static void check_crb_states(const void *opaque)
{
    writel(crb(CRB_START), 1);
    g_assert_cmphex(readl(crb(CRB_START)), ==, 0);
    writel(crb(CRB_DATA), 0x12345678);
    g_assert_cmphex(readl(crb(CRB_DATA)), ==, 0);
    writel(crb(CRB_REQ), 1);
    g_assert_cmphex(readl(crb(CRB_STS)), ==, 0);
    writel(crb(CRB_DATA), 0x12345678);
    g_assert_cmphex(readl(crb(CRB_DATA)), ==, 0x12345678);
    writel(crb(CRB_START), 1);
    g_assert_cmphex(readl(crb(CRB_START)), ==, 0);
    writel(crb(CRB_LOC_CTRL), 1);
    g_assert_cmphex(readl(crb(CRB_LOC_STS)), ==, 1);
    g_assert_cmphex(readl(crb(CRB_LOC_STATE)) & 2, ==, 2);
    writel(crb(CRB_LOC_CTRL), 2);
    g_assert_cmphex(readl(crb(CRB_LOC_STS)), ==, 0);
    writel(crb(CRB_REQ), 2);
    g_assert_cmphex(readl(crb(CRB_STS)), ==, 2);
    g_assert_cmphex(readl(crb(CRB_DATA)), ==, 0);
    writel(crb(CRB_REQ), 1);
    writel(crb(CRB_LOC_CTRL), 1);
    qtest_system_reset(global_qtest);
    g_assert_cmphex(readl(crb(CRB_STS)), ==, 2);
    g_assert_cmphex(readl(crb(CRB_LOC_STS)), ==, 0);
}

static void check_crb_transmits(const void *opaque)
{
    const TPMTestState *tpm = opaque;
    uint8_t response[10];

    writel(crb(CRB_LOC_CTRL), 1);
    writel(crb(CRB_REQ), 1);
    memwrite(crb(CRB_DATA), crb_command, sizeof(crb_command));
    writel(crb(CRB_START), 1);
    /* the emulator answers in its own time, and QEMU's main loop runs */
    while (readl(crb(CRB_START))) {
        g_thread_yield();
    }
    g_assert_cmphex(readl(crb(CRB_STS)), ==, 0);
    memread(crb(CRB_DATA), response, sizeof(response));
    g_assert_cmpmem(response, sizeof(response), tpm->tpm_msg,
                    sizeof(response));
}

static void check_crb_described(const void *opaque)
{
    g_autoptr(AgreeRaw) raw = agree_raw_read(global_qtest);
    g_autoptr(AgreeResult) result = agree_compare_all(raw);
    g_autoptr(AgreeSource) fdt = agree_read_fdt(raw);
    g_autoptr(AgreeSource) acpi = agree_read_acpi(raw);
    uint8_t *table = agree_raw_table(raw, "TPM2");

    agree_print(result, "tpm-crb");
    g_assert_cmpuint(result->differences->len, ==, 0);
    g_assert_null(agree_find_fact(fdt, "tpm 0", "base"));
    g_assert_nonnull(agree_find_fact(acpi, "tpm 0", "base"));
    g_assert_nonnull(table);
    /* TCG ACPI Specification 1.3, 8: control area, start method */
    g_assert_cmphex(agree_get(table + 40, 8), ==, crb(CRB_REQ));
    g_assert_cmphex(agree_get(table + 48, 4), ==, 7);
    validate_table(raw, "TPM2");
    validate_table(raw, "DSDT");
}

static void test_crb_registers(void)
{
    with_tpm_of("tpm-crb-device", "", check_crb_registers);
}

static void test_crb_states(void)
{
    with_tpm_of("tpm-crb-device", "", check_crb_states);
}

static void test_crb_transmits(void)
{
    with_tpm_of("tpm-crb-device", "", check_crb_transmits);
}

static void test_crb_described(void)
{
    with_tpm_of("tpm-crb-device", ",acpi=on", check_crb_described);
}

/* libvirt's name of the device */
static void test_crb_of_libvirt(void)
{
    with_tpm_of("tpm-crb", ",acpi=on", check_crb_described);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/tpm/crb-registers", test_crb_registers);
    qtest_add_func("/vmspec/tpm/crb-states", test_crb_states);
    qtest_add_func("/vmspec/tpm/crb-transmits", test_crb_transmits);
    qtest_add_func("/vmspec/tpm/crb-described", test_crb_described);
    qtest_add_func("/vmspec/tpm/crb-of-libvirt", test_crb_of_libvirt);
    qtest_add_func("/vmspec/tpm/at-platform-bus", test_at_platform_bus);
    qtest_add_func("/vmspec/tpm/transmits", test_transmits);
    qtest_add_func("/vmspec/tpm/described-alike", test_described_alike);
}

int main(int argc, char **argv)
{
    module_call_init(MODULE_INIT_QOM);
    return vmspec_test_main(argc, argv, add_tests);
}
