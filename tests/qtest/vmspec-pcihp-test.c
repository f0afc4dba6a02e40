/*
 * vmspec qtest: PCI hot-plug by ACPI, at the registers (platform.md, section
 * 4.6)
 *
 * The test does by hand what the AML does. The register offsets are those of
 * the manual.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qobject/qdict.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/plug.h"

#define UP 0x00
#define DOWN 0x04
#define EJECT 0x08
#define CONTROL 0x0c
#define SELECTOR 0x10

/* The event register of the Generic Event Device, and its bit for PCI */
#define GED_PCI 0x10

/* Two ports, 00:1c.0 and 00:1d.0: functions 224 and 232, of selector 7 */
#define PORT_SELECTOR 7
#define PORT1 (1u << 0)
#define PORT2 (1u << 8)
#define PORTS \
    "-m 64M -device pcie-root-port,id=slot1,bus=pcie.0,addr=0x1c,chassis=1 " \
    "-device pcie-root-port,id=slot2,bus=pcie.0,addr=0x1d,chassis=2 "

static uint32_t reg(QTestState *qts, unsigned offset)
{
    return qtest_readl(qts, vmspec_base("acpi-pcihp") + offset);
}

static void set_reg(QTestState *qts, unsigned offset, uint32_t value)
{
    qtest_writel(qts, vmspec_base("acpi-pcihp") + offset, value);
}

/* The events since the last call */
static uint32_t ged_events(QTestState *qts)
{
    return qtest_readl(qts, vmspec_base("acpi-ged"));
}

/* A machine on which the guest has evaluated _OSC */
static QTestState *start_acpi(const char *options)
{
    QTestState *qts = vmspec_start("", PORTS "%s", options);

    set_reg(qts, CONTROL, 1);
    set_reg(qts, SELECTOR, PORT_SELECTOR);
    return qts;
}

static void plug_testdev(QTestState *qts, const char *bus, const char *id,
                         const char *addr)
{
    qtest_qmp_assert_success(qts, "{'execute': 'device_add', 'arguments': {"
                             " 'driver': 'pci-testdev', 'bus': %s, 'id': %s,"
                             " 'addr': %s, 'multifunction': true}}", bus, id,
                             addr);
}

static void expect_deleted(QTestState *qts, const char *id)
{
    bool found = false;

    while (!found) {
        QDict *event = qtest_qmp_eventwait_ref(qts, "DEVICE_DELETED");
        const char *name = qdict_get_try_str(qdict_get_qdict(event, "data"),
                                             "device");

        g_test_message("deleted: %s", name ?: "-");
        found = !g_strcmp0(name, id);
        qobject_unref(event);
    }
}

static void test_plug_event(void)
{
    g_autoptr(QTestState) qts = start_acpi("");

    g_assert_cmphex(ged_events(qts), ==, 0);
    plug_testdev(qts, "slot2", "dev", "0");
    g_assert_cmphex(ged_events(qts), ==, GED_PCI);
    g_assert_cmphex(reg(qts, UP), ==, PORT2);
    g_assert_cmphex(reg(qts, DOWN), ==, 0);
    set_reg(qts, UP, PORT1);
    g_assert_cmphex(reg(qts, UP), ==, PORT2);
    set_reg(qts, UP, PORT2);
    g_assert_cmphex(reg(qts, UP), ==, 0);
    set_reg(qts, SELECTOR, 0);
    g_assert_cmphex(reg(qts, UP), ==, 0);
}

/* An unplugged device stays until the guest ejects it. */
static void test_unplug_waits_for_eject(void)
{
    g_autoptr(QTestState) qts = start_acpi("");

    plug_testdev(qts, "slot1", "dev", "0");
    ged_events(qts);
    plug_request_removal(qts, "dev");
    g_assert_cmphex(ged_events(qts), ==, GED_PCI);
    g_assert_cmphex(reg(qts, DOWN), ==, PORT1);
    qtest_qmp_assert_success(qts, "{'execute': 'qom-list', 'arguments': {"
                             " 'path': '/machine/peripheral/dev'}}");
    set_reg(qts, EJECT, PORT1);
    expect_deleted(qts, "dev");
    g_assert_cmphex(reg(qts, UP), ==, 0);
    g_assert_cmphex(reg(qts, DOWN), ==, 0);
    plug_testdev(qts, "slot1", "dev", "0");
    g_assert_cmphex(reg(qts, UP), ==, PORT1);
}

/* A device of -device is unplugged in the same way. */
static void test_unplug_cold(void)
{
    g_autoptr(QTestState) qts = start_acpi(
        "-device pci-testdev,bus=slot1,id=dev");

    g_assert_cmphex(reg(qts, UP), ==, 0);
    plug_request_removal(qts, "dev");
    g_assert_cmphex(reg(qts, DOWN), ==, PORT1);
    set_reg(qts, EJECT, PORT1);
    expect_deleted(qts, "dev");
}

/*
 * Until the guest evaluates _OSC, and with FDT, the port's native registers
 * serve.
 */
static void test_native(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", PORTS);

    set_reg(qts, SELECTOR, PORT_SELECTOR);
    plug_testdev(qts, "slot1", "dev", "0");
    plug_request_removal(qts, "dev");
    g_assert_cmphex(ged_events(qts), ==, 0);
    g_assert_cmphex(reg(qts, UP), ==, 0);
    g_assert_cmphex(reg(qts, DOWN), ==, 0);
}

/*
 * A removal that was requested before _OSC, or before a reset, is requested
 * again.
 */
static void test_take_over(void)
{
    g_autoptr(QTestState) qts = start_acpi(
        "-device pci-testdev,bus=slot1,id=dev");

    plug_request_removal(qts, "dev");
    g_assert_cmphex(ged_events(qts), ==, GED_PCI);
    qtest_system_reset(qts);
    g_assert_cmphex(reg(qts, CONTROL), ==, 0);
    g_assert_cmphex(reg(qts, SELECTOR), ==, 0);
    g_assert_cmphex(ged_events(qts), ==, 0);
    set_reg(qts, CONTROL, 1);
    g_assert_cmphex(ged_events(qts), ==, GED_PCI);
    set_reg(qts, SELECTOR, PORT_SELECTOR);
    g_assert_cmphex(reg(qts, DOWN), ==, PORT1);
}

/* The same for a removal that was requested for another function than 0 */
static void test_take_over_function(void)
{
    g_autoptr(QTestState) qts = vmspec_start("",
        PORTS "-device pci-testdev,bus=slot2,addr=0.0,multifunction=on "
        "-device pci-testdev,bus=slot2,addr=0.7,multifunction=on,id=last");

    plug_request_removal(qts, "last");
    g_assert_cmphex(ged_events(qts), ==, 0);
    set_reg(qts, CONTROL, 1);
    g_assert_cmphex(ged_events(qts), ==, GED_PCI);
    set_reg(qts, SELECTOR, PORT_SELECTOR);
    g_assert_cmphex(reg(qts, DOWN), ==, PORT2);
    set_reg(qts, EJECT, PORT2);
    expect_deleted(qts, "last");
}

/*
 * Plugging function 0 announces the device; unplugging function 0 removes all
 * functions.
 */
static void test_multifunction(void)
{
    g_autoptr(QTestState) qts = start_acpi("");

    plug_testdev(qts, "slot1", "second", "0.1");
    g_assert_cmphex(ged_events(qts), ==, 0);
    g_assert_cmphex(reg(qts, UP), ==, 0);
    plug_testdev(qts, "slot1", "first", "0.0");
    g_assert_cmphex(ged_events(qts), ==, GED_PCI);
    g_assert_cmphex(reg(qts, UP), ==, PORT1);
    plug_request_removal(qts, "first");
    set_reg(qts, EJECT, PORT1);
    expect_deleted(qts, "first");
    expect_deleted(qts, "second");
}

/*
 * An eject of a slot without a port, and a selector that does not exist, do
 * nothing.
 */
static void test_guest_errors(void)
{
    g_autoptr(QTestState) qts = start_acpi(
        "-device pci-testdev,bus=slot1,id=dev");

    set_reg(qts, EJECT, ~(PORT1 | PORT2));
    set_reg(qts, SELECTOR, 8);
    g_assert_cmphex(reg(qts, SELECTOR), ==, PORT_SELECTOR);
    for (unsigned selector = 0; selector < PORT_SELECTOR; selector++) {
        set_reg(qts, SELECTOR, selector);
        set_reg(qts, EJECT, 0xffffffff);
    }
    qtest_qmp_assert_success(qts, "{'execute': 'qom-list', 'arguments': {"
                             " 'path': '/machine/peripheral/dev'}}");
}

/*
 * The error for a port that ACPI does not describe names the port and the way
 * out.
 */
static void test_nested(void)
{
    g_autoptr(QTestState) qts = start_acpi(
        "-device x3130-upstream,id=up,bus=slot1 "
        "-device xio3130-downstream,id=below,bus=up,chassis=3");

    plug_refused(qts, "below", "{'driver': 'pci-testdev', 'bus': 'below'}");
    plug_refused(qts, "pcie.0", "{'driver': 'pci-testdev', 'bus': 'below'}");
}

/* QEMU refuses another device number than 0, for which ACPI has no object. */
static void test_other_device_number(void)
{
    g_autoptr(QTestState) qts = start_acpi("");

    plug_refused(qts, "addr=0.N", "{'driver': 'pci-testdev', 'bus': 'slot1',"
                 " 'addr': '1.0'}");
    g_assert_cmphex(reg(qts, UP), ==, 0);
}

static void test_pcihp_state_moves(void)
{
    QTestState *source = start_acpi("");
    g_autoptr(QTestState) target = NULL;

    plug_testdev(source, "slot1", "one", "0");
    plug_testdev(source, "slot2", "two", "0");
    set_reg(source, UP, PORT2);
    plug_request_removal(source, "two");
    migrate_out(source);
    target = vmspec_start("",
        PORTS "-device pci-testdev,bus=slot1,id=one,addr=0,multifunction=on "
        "-device pci-testdev,bus=slot2,id=two,addr=0,multifunction=on "
        MIGRATE_TARGET);
    migrate_in(target);
    g_assert_cmphex(reg(target, SELECTOR), ==, PORT_SELECTOR);
    g_assert_cmphex(reg(target, CONTROL), ==, 1);
    g_assert_cmphex(reg(target, UP), ==, PORT1);
    g_assert_cmphex(reg(target, DOWN), ==, PORT2);
    set_reg(target, EJECT, PORT2);
    expect_deleted(target, "two");
}

/*
 * QEMU refuses a stream with a selector that does not exist. Before the
 * selector the stream has the name of the section, its instance and version
 * (four bytes each), and UP and DOWN of each selector.
 */
static void test_bad_stream(void)
{
    static const char name[] = "vmspec-pcihp";
    const size_t selector = strlen(name) + 8 + 2 * 4 * (PORT_SELECTOR + 1);
    g_autofree char *path = scratch_path("stream");
    g_autofree char *stream = NULL;
    g_autoptr(QTestState) target = NULL;
    char *section;
    gsize size;

    migrate_out(start_acpi(""));
    g_assert_true(g_file_get_contents(path, &stream, &size, NULL));
    section = memmem(stream, size, name, strlen(name));
    g_assert_nonnull(section);
    g_assert_cmphex(ldl_be_p(section + selector), ==, PORT_SELECTOR);
    stl_be_p(section + selector, PORT_SELECTOR + 1);
    g_assert_true(g_file_set_contents(path, stream, size, NULL));
    target = vmspec_start("", PORTS MIGRATE_TARGET);
    migrate_in_refused(target);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/pcihp/plug", test_plug_event);
    qtest_add_func("/vmspec/pcihp/unplug", test_unplug_waits_for_eject);
    qtest_add_func("/vmspec/pcihp/unplug-cold", test_unplug_cold);
    qtest_add_func("/vmspec/pcihp/native-before-osc", test_native);
    qtest_add_func("/vmspec/pcihp/take-over", test_take_over);
    qtest_add_func("/vmspec/pcihp/take-over-function",
                   test_take_over_function);
    qtest_add_func("/vmspec/pcihp/multifunction", test_multifunction);
    qtest_add_func("/vmspec/pcihp/guest-errors", test_guest_errors);
    qtest_add_func("/vmspec/pcihp/nested-port-refused", test_nested);
    qtest_add_func("/vmspec/pcihp/device-0-only", test_other_device_number);
    qtest_add_func("/vmspec/pcihp/migration", test_pcihp_state_moves);
    qtest_add_func("/vmspec/pcihp/bad-stream", test_bad_stream);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
