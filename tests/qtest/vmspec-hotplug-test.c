/*
 * vmspec qtest: devices behind a port, and plugging them (platform.md,
 * sections 4.5 and 4.6)
 *
 * The test plays the guest's part of the protocol, register by register (PCI
 * Express Base, 6.7.3 and 7.5.3). In tests/guest real guests do.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"
#include "vmspec/plug.h"
#include "vmspec/qom.h"

#define NO_FUNCTION UINT32_MAX
#define VIRTIO_ID 0x1af4
#define BUS 1

/* Slot Control: power and its indicator, as a driver writes them */
#define SLOT_ON PCI_EXP_SLTCTL_PWR_IND_ON
#define SLOT_BLINKING PCI_EXP_SLTCTL_PWR_IND_BLINK
#define SLOT_OFF (PCI_EXP_SLTCTL_PWR_IND_OFF | PCI_EXP_SLTCTL_PWR_OFF)

static const uint32_t function = PCI_FN(BUS, 0, 0);

/* A machine with two ports; port 0 is programmed as a guest does it. */
static QTestState *start_with_open_port(const char *options)
{
    QTestState *qts = vmspec_start(",hotplug-ports=2", "-m 64M %s", options);

    pci_open_port(qts, pci_port(0), BUS, vmspec_base("pcie-mmio32"));
    return qts;
}

static unsigned slot_reg(QTestState *qts, unsigned reg)
{
    return pci_cap(qts, pci_port(0), PCI_CAP_ID_EXP) + reg;
}

static uint16_t slot_status(QTestState *qts)
{
    return pci_read(qts, pci_port(0), slot_reg(qts, PCI_EXP_SLTSTA), 2);
}

static void slot_control(QTestState *qts, uint16_t value)
{
    pci_write(qts, pci_port(0), slot_reg(qts, PCI_EXP_SLTCTL), 2, value);
}

/* The event flags are cleared by writing 1. */
static void slot_clear(QTestState *qts)
{
    unsigned reg = slot_reg(qts, PCI_EXP_SLTSTA);

    pci_write(qts, pci_port(0), reg, 2, pci_read(qts, pci_port(0), reg, 2));
}

static uint16_t vendor(QTestState *qts)
{
    return pci_read(qts, function, PCI_VENDOR_ID, 2);
}

/* The bus of device @id, from its parent in the QOM tree */
static char *bus_of(QTestState *qts, const char *id)
{
    g_autofree char *device = g_strdup_printf("/machine/peripheral/%s", id);
    g_autofree char *bus = qom_text(qts, device, "parent_bus");

    return g_path_get_basename(bus);
}

static void assert_bus(QTestState *qts, const char *id, const char *want)
{
    g_autofree char *bus = bus_of(qts, id);

    g_assert_cmpstr(bus, ==, want);
}

/*
 * platform.md, section 4.6: device_add without bus= takes the next free
 * port. When there is none, the error names the way out.
 */
static void test_next_free(void)
{
    g_autoptr(QTestState) qts =
        start_with_open_port("-device virtio-rng-pci,id=cold");

    assert_bus(qts, "cold", "pcie.0");
    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    qtest_qmp_device_add(qts, "virtio-rng-pci", "b", "{}");
    assert_bus(qts, "a", "hotplug0");
    assert_bus(qts, "b", "hotplug1");
    plug_refused(qts, "hotplug-ports=2", "{'driver': 'virtio-rng-pci'}");
    qtest_qmp_device_del(qts, "a");
    qtest_qmp_device_add(qts, "e1000e", "c", "{}");
    assert_bus(qts, "c", "hotplug0");
}

/*
 * With bus= a port takes the functions of one device; function 0 comes last.
 */
static void test_functions(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    qtest_qmp_device_add(qts, "virtio-rng-pci", "f1", "{'bus': 'hotplug0',"
                         "'addr': '0.1', 'multifunction': true}");
    g_assert_cmphex(slot_status(qts) & PCI_EXP_SLTSTA_PDS, ==, 0);
    g_assert_cmphex(vendor(qts), ==, UINT16_MAX);
    qtest_qmp_device_add(qts, "virtio-rng-pci", "next", "{}");
    assert_bus(qts, "next", "hotplug1");
    qtest_qmp_device_add(qts, "virtio-rng-pci", "f0", "{'bus': 'hotplug0',"
                         "'addr': '0.0', 'multifunction': true}");
    g_assert_cmphex(slot_status(qts) & PCI_EXP_SLTSTA_PDS, ==,
                    PCI_EXP_SLTSTA_PDS);
    slot_control(qts, SLOT_ON);
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
    g_assert_cmphex(pci_read(qts, PCI_FN(BUS, 0, 1), 0, 2), ==, VIRTIO_ID);
}

/* A port that the user added with -device takes device_add as well. */
static void test_own_port(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M "
        "-device vmspec-root-port,id=mine,addr=4 "
        "-device pcie-root-port,id=fixed,hotplug=off,addr=3");

    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    assert_bus(qts, "a", "mine");
    plug_refused(qts, "hotplug-ports=0", "{'driver': 'virtio-rng-pci'}");
}

static void test_refusals(void)
{
    g_autoptr(QTestState) qts =
        start_with_open_port("-device virtio-rng-pci,id=cold");

    plug_refused(qts, "bus=", "{'driver': 'virtio-rng-pci', 'addr': '5'}");
    plug_removal_refused(qts, "cold", "does not support hotplugging");
    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    plug_refused(qts, "already occupied",
                 "{'driver': 'virtio-rng-pci', 'bus': 'hotplug0'}");
}

static void refused_at(QTestState *qts, const char *driver, const char *bus,
                       const char *addr, const char *why)
{
    plug_refused(qts, why, "{'driver': %s, 'bus': %s, 'addr': %s}", driver,
                 bus, addr);
}

/*
 * PCI_IN_17: behind a port the guest looks only for device 0, so QEMU refuses
 * another device number. Functions of a device with SR-IOV are still device 0.
 */
static void test_only_device_0_plugs(const void *properties)
{
    g_autoptr(QTestState) qts = vmspec_start(properties, "-m 64M "
        "-device igb,bus=hotplug1,id=cold");

    refused_at(qts, "virtio-rng-pci", "hotplug0", "1.0", "addr=0.N");
    refused_at(qts, "virtio-rng-pci", "hotplug0", "1f.7", "addr=1f.7");
    qtest_qmp_device_add(qts, "igb", "hot",
                         "{'bus': 'hotplug0', 'addr': '0.0'}");
    refused_at(qts, "virtio-rng-pci", "hotplug1", "1.0", "addr=0.N");
}

/* Root ports cannot be plugged: no guest would find a device behind one. */
static void test_root_port(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    plug_refused(qts, "-device pcie-root-port",
                 "{'driver': 'pcie-root-port'}");
    refused_at(qts, "ioh3420", "hotplug1", "0", "-device ioh3420");
    plug_refused(qts, "hotplugging", "{'driver': 'vmspec-root-port'}");
    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    assert_bus(qts, "a", "hotplug0");
}

/* QEMU itself names pcie.0 as the bus, so that name means a port, too. */
static void test_root_bus(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{'bus': 'pcie.0'}");
    assert_bus(qts, "a", "hotplug0");
}

/*
 * When all ports are taken and there can be no more, the error names another
 * way.
 */
static void test_most_ports(void)
{
    int most = contract_value(vmspec_contract(), "hotplug-ports-max");
    g_autofree char *all = g_strdup_printf(",hotplug-ports=%d", most);
    g_autoptr(QTestState) qts = vmspec_start(all, "-m 64M");

    for (int i = 0; i < most; i++) {
        g_autofree char *id = g_strdup_printf("dev%d", i);

        qtest_qmp_device_add(qts, "pci-testdev", id, "{}");
    }
    plug_refused(qts, "-device vmspec-root-port", "{'driver': 'pci-testdev'}");
}

static void test_one_root(void)
{
    vmspec_assert_refused("-nodefaults -device pxb-pcie,bus_nr=128",
                          "behind a pcie-root-port");
}

/* Native hot-plug: a plugged device appears when the guest powers the slot. */
static void test_native_plug(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    g_assert_cmphex(slot_status(qts), ==, 0);
    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    g_assert_cmphex(slot_status(qts) &
                    (PCI_EXP_SLTSTA_PDS | PCI_EXP_SLTSTA_PDC), ==,
                    PCI_EXP_SLTSTA_PDS | PCI_EXP_SLTSTA_PDC);
    g_assert_cmphex(vendor(qts), ==, UINT16_MAX);
    slot_control(qts, SLOT_ON);
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
}

/* Native hot-plug: the guest grants a removal (platform.md, section 4.6). */
static void test_native_unplug(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    slot_control(qts, SLOT_ON);
    slot_clear(qts);
    plug_request_removal(qts, "a");
    g_assert_cmphex(slot_status(qts) & PCI_EXP_SLTSTA_ABP, ==,
                    PCI_EXP_SLTSTA_ABP);
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
    /* the 5 seconds in which a second press would cancel the first */
    plug_removal_refused(qts, "a", "already in the process of unplug");
    slot_control(qts, SLOT_BLINKING);
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
    slot_control(qts, SLOT_OFF);
    qtest_qmp_eventwait(qts, "DEVICE_DELETED");
    g_assert_cmphex(vendor(qts), ==, UINT16_MAX);
    g_assert_cmphex(slot_status(qts) & PCI_EXP_SLTSTA_PDS, ==, 0);
}

/* QEMU removes a device at once while its slot has no power. */
static void test_plug_unplug_plug(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    for (int i = 0; i < 3; i++) {
        qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
        qtest_qmp_device_del(qts, "a");
    }
    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    assert_bus(qts, "a", "hotplug0");
    slot_control(qts, SLOT_ON);
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
}

/* After a guest has refused, the device stays and can be removed later. */
static void test_native_refused(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("-rtc clock=vm");

    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    slot_control(qts, SLOT_ON);
    slot_clear(qts);
    plug_request_removal(qts, "a");
    slot_clear(qts);
    slot_control(qts, SLOT_ON);
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
    qtest_clock_step(qts, 6 * NANOSECONDS_PER_SECOND);
    plug_request_removal(qts, "a");
    g_assert_cmphex(slot_status(qts) & PCI_EXP_SLTSTA_ABP, ==,
                    PCI_EXP_SLTSTA_ABP);
}

/* A plugged device is there after a reset, in a slot with power. */
static void test_reset_keeps_plugged(void)
{
    g_autoptr(QTestState) qts = start_with_open_port("");

    qtest_qmp_device_add(qts, "virtio-rng-pci", "a", "{}");
    qtest_system_reset(qts);
    pci_open_port(qts, pci_port(0), BUS, vmspec_base("pcie-mmio32"));
    g_assert_cmphex(vendor(qts), ==, VIRTIO_ID);
    g_assert_cmphex(slot_status(qts), ==, PCI_EXP_SLTSTA_PDS);
}

/* PCI_IN_05: Secondary Bus Reset resets the functions behind the port. */
static void test_bus_reset(void)
{
    g_autoptr(QTestState) qts =
        start_with_open_port("-device edu,bus=hotplug0");
    uint32_t bar = vmspec_base("pcie-mmio32");

    pci_write(qts, function, PCI_BASE_ADDRESS_0, 4, bar);
    pci_write(qts, function, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    g_assert_cmphex(pci_read(qts, function, PCI_BASE_ADDRESS_0, 4), ==, bar);
    pci_write(qts, pci_port(0), PCI_BRIDGE_CONTROL, 2,
              PCI_BRIDGE_CTL_BUS_RESET);
    pci_write(qts, pci_port(0), PCI_BRIDGE_CONTROL, 2, 0);
    g_assert_cmphex(pci_read(qts, function, PCI_BASE_ADDRESS_0, 4), ==, 0);
    g_assert_cmphex(pci_read(qts, function, PCI_COMMAND, 2), ==, 0);
    g_assert_cmphex(pci_read(qts, pci_port(0), PCI_SECONDARY_BUS, 1), ==, BUS);
}

/* PCI_SM_02: a function level reset resets one function and no other. */
static void test_flr_of_one_function(void)
{
    g_autoptr(QTestState) qts = start_with_open_port(
        "-device virtio-rng-pci,bus=hotplug0,addr=0.0,multifunction=on "
        "-device virtio-rng-pci,bus=hotplug0,addr=0.1,multifunction=on");
    unsigned exp = pci_cap(qts, function, PCI_CAP_ID_EXP);
    uint32_t other = PCI_FN(BUS, 0, 1);

    g_assert_cmphex(pci_read(qts, function, exp + PCI_EXP_DEVCAP, 4) &
                    PCI_EXP_DEVCAP_FLR, ==, PCI_EXP_DEVCAP_FLR);
    pci_write(qts, function, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    pci_write(qts, other, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    pci_write(qts, function, exp + PCI_EXP_DEVCTL, 2,
              PCI_EXP_DEVCTL_BCR_FLR);
    g_assert_cmphex(pci_read(qts, function, PCI_COMMAND, 2), ==, 0);
    g_assert_cmphex(pci_read(qts, other, PCI_COMMAND, 2), ==,
                    PCI_COMMAND_MASTER);
}

/* PCI_PP_05: the port logs an error of the device behind it. */
static void test_aer(void)
{
    g_autoptr(QTestState) qts = start_with_open_port(
        "-device virtio-rng-pci,bus=hotplug0,id=dev,aer=on");
    uint32_t ports[] = { function, pci_port(0) };
    unsigned aer = pci_ext_cap(qts, pci_port(0), PCI_EXT_CAP_ID_ERR);
    g_autofree char *said = NULL;

    for (int i = 0; i < ARRAY_SIZE(ports); i++) {
        unsigned exp = pci_cap(qts, ports[i], PCI_CAP_ID_EXP);

        pci_write(qts, ports[i], exp + PCI_EXP_DEVCTL, 2, 0xf);
        pci_write(qts, ports[i], PCI_COMMAND, 2,
                  PCI_COMMAND_MASTER | PCI_COMMAND_SERR);
    }
    pci_write(qts, pci_port(0), PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_SERR);
    g_assert_cmphex(pci_read(qts, pci_port(0), aer + PCI_ERR_ROOT_STATUS, 4),
                    ==, 0);
    said = qtest_hmp(qts, "pcie_aer_inject_error dev POISON_TLP");
    g_test_message("%s", said);
    g_assert_cmphex(pci_read(qts, pci_port(0), aer + PCI_ERR_ROOT_STATUS, 4) &
                    PCI_ERR_ROOT_UNCOR_RCV, ==, PCI_ERR_ROOT_UNCOR_RCV);
    /* the source of the error is a requester ID: bus, device, function */
    g_assert_cmphex(pci_read(qts, pci_port(0), aer + PCI_ERR_ROOT_ERR_SRC + 2,
                             2), ==, BUS << 8);
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/hotplug/next-free-port", test_next_free);
    g_test_add_func("/vmspec/hotplug/functions", test_functions);
    g_test_add_func("/vmspec/hotplug/own-port", test_own_port);
    g_test_add_func("/vmspec/hotplug/refusals", test_refusals);
    g_test_add_data_func("/vmspec/hotplug/device-0-only",
                         ",hotplug-ports=2", test_only_device_0_plugs);
    g_test_add_data_func("/vmspec/hotplug/device-0-only-without-acpi",
                         ",hotplug-ports=2,acpi=off", test_only_device_0_plugs);
    g_test_add_func("/vmspec/hotplug/no-root-port-later", test_root_port);
    g_test_add_func("/vmspec/hotplug/root-bus-means-port", test_root_bus);
    g_test_add_func("/vmspec/hotplug/most-ports", test_most_ports);
    g_test_add_func("/vmspec/hotplug/one-root", test_one_root);
    g_test_add_func("/vmspec/hotplug/native-plug", test_native_plug);
    g_test_add_func("/vmspec/hotplug/native-unplug", test_native_unplug);
    g_test_add_func("/vmspec/hotplug/native-refused", test_native_refused);
    g_test_add_func("/vmspec/hotplug/plug-unplug-plug",
                    test_plug_unplug_plug);
    g_test_add_func("/vmspec/hotplug/reset", test_reset_keeps_plugged);
    g_test_add_func("/vmspec/pcie/secondary-bus-reset", test_bus_reset);
    g_test_add_func("/vmspec/pcie/function-level-reset",
                    test_flr_of_one_function);
    g_test_add_func("/vmspec/pcie/aer", test_aer);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
