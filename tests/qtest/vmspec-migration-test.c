/*
 * vmspec qtest: the machine's state moves to another QEMU
 *
 * Nothing waits for a time: QEMU reports the end of a migration by an event.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/pci.h"
#include "vmspec/registers.h"

#define RAM_SIZE (64 * MiB)
#define BEHIND_PORT "-M hotplug-ports=2 -device virtio-rng-pci,bus=hotplug0 "

static const TestConfig *plain;

/* End @source; returns a machine that has its state. */
static QTestState *migrate_to_target(const TestConfig *c, QTestState *source)
{
    QTestState *target;

    migrate_out(source);
    target = registers_start(c, MIGRATE_TARGET);
    migrate_in(target);
    return target;
}

static void test_registers_move(const void *opaque)
{
    QTestState *source = registers_start(opaque, "");
    g_autoptr(QTestState) target = NULL;

    registers_write(source, opaque);
    registers_check_written(source, opaque);
    target = migrate_to_target(opaque, source);
    registers_check_written(target, opaque);
}

/* A machine with untouched registers arrives with untouched registers. */
static void test_reset_values_move(const void *opaque)
{
    QTestState *source = registers_start(opaque, "");
    g_autoptr(QTestState) target = migrate_to_target(opaque, source);

    registers_check_reset(target, opaque);
}

static void test_ram_moves(const void *opaque)
{
    QTestState *source = registers_start(opaque, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t first = vmspec_base("ram-low");
    uint64_t last = first + RAM_SIZE - 8;

    qtest_writeq(source, first, 0x0123456789abcdefull);
    qtest_writeq(source, last, 0xfedcba9876543210ull);
    target = migrate_to_target(opaque, source);
    g_assert_cmphex(qtest_readq(target, first), ==, 0x0123456789abcdefull);
    g_assert_cmphex(qtest_readq(target, last), ==, 0xfedcba9876543210ull);
}

/* PL031, Arm DDI 0224. The time is not compared, because it goes on. */
static void test_rtc_registers_move(void)
{
    QTestState *source = registers_start(plain, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t match = vmspec_base("rtc") + 0x04;
    uint64_t load = vmspec_base("rtc") + 0x08;
    uint64_t mask = vmspec_base("rtc") + 0x10;

    qtest_writel(source, load, 0x12345678);
    qtest_writel(source, match, 0x23456789);
    qtest_writel(source, mask, 1);
    target = migrate_to_target(plain, source);
    g_assert_cmphex(qtest_readl(target, load), ==, 0x12345678);
    g_assert_cmphex(qtest_readl(target, match), ==, 0x23456789);
    g_assert_cmphex(qtest_readl(target, mask), ==, 1);
}

/* The clock keeps the guest's time and does not return to the host's. */
static void test_rtc_keeps_time(void)
{
    QTestState *source = registers_start(plain, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t data = vmspec_base("rtc");
    uint64_t load = vmspec_base("rtc") + 0x08;
    uint32_t time;

    qtest_writel(source, load, 0x12345678);
    target = migrate_to_target(plain, source);
    time = qtest_readl(target, data);
    g_assert_cmphex(time, >=, 0x12345678);
    g_assert_cmphex(time, <, 0x12345678 + 3600);
}

/* An armed watchdog signals in the target (WS0 is bit 1, Arm DEN0029). */
static void test_watchdog_runs_on(void)
{
    QTestState *source = registers_start(plain, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t wcs = vmspec_base("watchdog-control");
    uint64_t wor = vmspec_base("watchdog-control") + 0x008;

    qtest_writel(source, wor, 0x10000000);
    qtest_writel(source, wcs, 1);
    target = migrate_to_target(plain, source);
    g_assert_cmphex(qtest_readl(target, wcs), ==, 1);
    qtest_qmp_assert_success(target, "{'execute': 'cont'}");
    qtest_clock_step_next(target);
    g_assert_cmphex(qtest_readl(target, wcs) & 2, ==, 2);
}

static void test_fw_cfg_selector_moves(void)
{
    QTestState *source = registers_start(plain, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t data = vmspec_base("fw-cfg");

    qtest_writew(source, vmspec_base("fw-cfg") + 8, 0);
    g_assert_cmphex(qtest_readb(source, data), ==, 'Q');
    target = migrate_to_target(plain, source);
    g_assert_cmphex(qtest_readb(target, data), ==, 'E');
}

static void test_flash1_contents_move(void)
{
    QTestState *source = registers_start(plain, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t base = vmspec_base("flash1");
    uint32_t word;

    qtest_writel(source, base + 8, CFI_PROGRAM);
    qtest_writel(source, base + 8, 0x12345678);
    qtest_writel(source, base, CFI_READ_ARRAY);
    word = qtest_readl(source, base + 8);
    g_assert_cmphex(word, ==, 0x12345678);
    target = migrate_to_target(plain, source);
    g_assert_cmphex(qtest_readl(target, base + 8), ==, word);
}

static void test_flash1_mode_moves(void)
{
    QTestState *source = registers_start(plain, "");
    g_autoptr(QTestState) target = NULL;
    uint64_t base = vmspec_base("flash1");
    uint32_t word = qtest_readl(source, base);

    qtest_writel(source, base, CFI_READ_STATUS);
    target = migrate_to_target(plain, source);
    g_assert_cmphex(qtest_readl(target, base), ==, CFI_READY);
    qtest_writel(target, base, CFI_READ_ARRAY);
    g_assert_cmphex(qtest_readl(target, base), ==, word);
}

/* The programmed registers of a port, and the function behind it */
static void test_port_and_device_move(void)
{
    QTestState *source = registers_start(plain, BEHIND_PORT);
    g_autoptr(QTestState) target = NULL;
    uint32_t port = pci_port(0);
    uint32_t fn = PCI_FN(7, 0, 0);
    unsigned slot = pci_cap(source, port, PCI_CAP_ID_EXP) + PCI_EXP_SLTSTA;
    unsigned msi = pci_cap(source, port, PCI_CAP_ID_MSI);

    pci_open_port(source, port, 7, vmspec_base("pcie-mmio32"));
    pci_write(source, port, msi + PCI_MSI_ADDRESS_LO, 4, 0x12345678);
    pci_write(source, fn, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    migrate_out(source);
    target = registers_start(plain, BEHIND_PORT MIGRATE_TARGET);
    migrate_in(target);
    g_assert_cmphex(pci_read(target, port, PCI_SECONDARY_BUS, 1), ==, 7);
    g_assert_cmphex(pci_read(target, port, msi + PCI_MSI_ADDRESS_LO, 4), ==,
                    0x12345678);
    g_assert_cmphex(pci_read(target, port, slot, 2), ==, PCI_EXP_SLTSTA_PDS);
    g_assert_cmphex(pci_read(target, fn, PCI_VENDOR_ID, 2), ==, 0x1af4);
    g_assert_cmphex(pci_read(target, fn, PCI_COMMAND, 2), ==,
                    PCI_COMMAND_MASTER);
}

/* Types without a state description of their own */
static bool has_no_state(const char *type)
{
    static const char *const types[] = {
        "arm-gicv2m",           /* registers that never change */
        "platform-bus-device",  /* only a range of addresses */
        "virtio-mmio",          /* saved by the device on its bus */
        "vmspec-pcie-host",     /* the functions are saved, not the bridge */
        "fw_cfg_mem",           /* saved as "fw_cfg", without a class entry */
        NULL
    };

    return g_strv_contains(types, type);
}

static QDict *dump_vmstate(const TestConfig *c)
{
    g_autofree char *path = scratch_path("vmstate.json");
    g_autofree char *text = NULL;
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec%s -dump-vmstate %s",
                                          c->machine, path);
    QDict *dump;

    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    dump = qobject_to(QDict, qobject_from_json(text, &error_abort));
    g_assert_nonnull(dump);
    return dump;
}

/* The type of each device on the system bus has a state description. */
static void test_devices_have_vmstate(const void *opaque)
{
    g_autoptr(QTestState) qts = registers_start(opaque, "");
    g_autofree char *qtree = qtest_hmp(qts, "info qtree");
    g_auto(GStrv) lines = g_strsplit(qtree, "\r\n", -1);
    QDict *dump = dump_vmstate(opaque);
    unsigned described = 0;

    for (int i = 0; lines[i]; i++) {
        g_autofree char *type = NULL;

        if (!g_str_has_prefix(lines[i], "  dev: ")) {
            continue;
        }
        type = g_strdup(lines[i] + strlen("  dev: "));
        type[strcspn(type, ",")] = '\0';
        g_test_message("%s", type);
        g_assert_true(has_no_state(type) || qdict_haskey(dump, type));
        described += qdict_haskey(dump, type);
    }
    /* flash twice, GIC, uart0, rtc, gpio, watchdog */
    g_assert_cmpuint(described, >=, 7);
    qobject_unref(dump);
}

static void add_tests(void)
{
    plain = config_named("default");
    configs_add_tests("/vmspec/migration/registers-move", registers_configs,
                      test_registers_move);
    configs_add_tests("/vmspec/migration/untouched-registers-move",
                      registers_configs, test_reset_values_move);
    configs_add_tests("/vmspec/migration/ram-moves", registers_configs,
                      test_ram_moves);
    configs_add_tests("/vmspec/migration/devices-have-vmstate",
                      registers_configs, test_devices_have_vmstate);
    g_test_add_func("/vmspec/migration/rtc-registers-move",
                    test_rtc_registers_move);
    g_test_add_func("/vmspec/migration/rtc-keeps-guest-time",
                    test_rtc_keeps_time);
    g_test_add_func("/vmspec/migration/watchdog-runs-on",
                    test_watchdog_runs_on);
    g_test_add_func("/vmspec/migration/port-and-device-move",
                    test_port_and_device_move);
    g_test_add_func("/vmspec/migration/fw-cfg-selector-moves",
                    test_fw_cfg_selector_moves);
    g_test_add_func("/vmspec/migration/flash1-content-moves",
                    test_flash1_contents_move);
    g_test_add_func("/vmspec/migration/flash1-mode-moves",
                    test_flash1_mode_moves);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
