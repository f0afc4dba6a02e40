/*
 * vmspec qtest: the registers and windows of a root port (platform.md, section
 * 4.5, and BSA section E)
 *
 * vmspec-hotplug-test has devices behind a port, vmspec-pcie-test the header.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/mtree.h"
#include "vmspec/pci.h"

#define BUS 1
#define MAGIC 0x0123456789abcdefull
/* RAM behind a 64-bit prefetchable BAR (BAR 2) of 1 MiB */
#define IVSHMEM "-m 64M -object memory-backend-ram,id=shm,size=1M,share=on " \
    "-device ivshmem-plain,bus=hotplug0,memdev=shm"
/*
 * Bytes of capabilities (PCI Express Base 5.0, chapter 7; PCI-to-PCI Bridge
 * Architecture 1.2)
 */
#define PM_LENGTH 8
#define MSI_LENGTH 24
#define EXP_LENGTH 0x3c
#define SSVID_LENGTH 8
#define AER_LENGTH 0x48
#define ACS_LENGTH 8
/* In QEMU's resource reserve capability (docs/pcie_pci_bridge.txt) */
#define RESERVE_PREF32 20
#define RESERVE_PREF64 24

static const uint32_t behind = PCI_FN(BUS, 0, 0);

static QTestState *start_with_port(const char *options)
{
    return vmspec_start(",hotplug-ports=1", "%s", options);
}

/* Move the BAR of the function behind the port to @base: is its RAM there? */
static bool answers(QTestState *qts, uint64_t base)
{
    pci_write(qts, behind, PCI_COMMAND, 2, 0);
    pci_write(qts, behind, PCI_BASE_ADDRESS_2, 4, base);
    pci_write(qts, behind, PCI_BASE_ADDRESS_2 + 4, 4, base >> 32);
    pci_write(qts, behind, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    if (!mtree_reached(qts, base, 1)) {
        return false;
    }
    qtest_writeq(qts, base, MAGIC ^ base);
    g_assert_cmphex(qtest_readq(qts, base), ==, MAGIC ^ base);
    return true;
}

/* PCI_IN_13: the port forwards memory in its window, and nothing beside it. */
static void test_window_32(void)
{
    g_autoptr(QTestState) qts = start_with_port(IVSHMEM);
    uint64_t base = vmspec_base("pcie-mmio32") + 16 * MiB;

    pci_open_port(qts, pci_port(0), BUS, base);
    g_assert_true(answers(qts, base));
    g_assert_true(answers(qts, base + 1 * MiB));
    g_assert_false(answers(qts, base + 2 * MiB));
    g_assert_false(answers(qts, base - 1 * MiB));
    g_assert_true(answers(qts, base));
    pci_write(qts, pci_port(0), PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    g_assert_false(answers(qts, base));
}

/* PCI_IN_13: the same with the prefetchable window, above 4 GiB */
static void test_window_64(void)
{
    g_autoptr(QTestState) qts = start_with_port(IVSHMEM);
    uint64_t base = vmspec_base("pcie-mmio64") + 1 * GiB;
    uint64_t last = base + 4 * MiB - 1;
    uint32_t fn = pci_port(0);

    pci_open_port(qts, fn, BUS, vmspec_base("pcie-mmio32"));
    g_assert_false(answers(qts, base));
    g_assert_cmphex(pci_read(qts, fn, PCI_PREF_MEMORY_BASE, 2) &
                    PCI_PREF_RANGE_TYPE_MASK, ==, PCI_PREF_RANGE_TYPE_64);
    pci_write(qts, fn, PCI_PREF_MEMORY_BASE, 2, base >> 16);
    pci_write(qts, fn, PCI_PREF_MEMORY_LIMIT, 2, last >> 16);
    pci_write(qts, fn, PCI_PREF_BASE_UPPER32, 4, base >> 32);
    pci_write(qts, fn, PCI_PREF_LIMIT_UPPER32, 4, last >> 32);
    g_assert_true(answers(qts, base));
    g_assert_true(answers(qts, base + 3 * MiB));
    g_assert_false(answers(qts, base + 4 * MiB));
    g_assert_false(answers(qts, base - 1 * MiB));
}

/* Is the port's I/O window closed, its base above its limit? */
static bool io_is_closed(QTestState *qts, uint32_t fn)
{
    return pci_read(qts, fn, PCI_IO_BASE, 1) >
           pci_read(qts, fn, PCI_IO_LIMIT, 1);
}

/* Does the test device, whose I/O BAR is at @port, give its test's name? */
static bool answers_io(QTestState *qts, unsigned port)
{
    uint64_t at = vmspec_base("pcie-pio") + port;
    char name[6];

    pci_write(qts, behind, PCI_BASE_ADDRESS_1, 4, port);
    pci_write(qts, behind, PCI_COMMAND, 2, PCI_COMMAND_IO);
    qtest_writeb(qts, at, 0);
    for (int i = 0; i < sizeof(name); i++) {
        name[i] = qtest_readb(qts, at + 16 + i);
    }
    return !memcmp(name, "portio", sizeof(name));
}

/*
 * PCI_IN_13: the I/O window is closed at reset, so that no two ports have the
 * same one, and forwards what is in it once a guest has opened it.
 */
static void test_window_io(void)
{
    g_autoptr(QTestState) qts = start_with_port(
        "-m 64M -device pci-testdev,bus=hotplug0");
    uint32_t fn = pci_port(0);

    g_assert_true(io_is_closed(qts, fn));
    pci_open_port(qts, fn, BUS, vmspec_base("pcie-mmio32"));
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
    g_assert_false(answers_io(qts, 0x2000));
    pci_write(qts, fn, PCI_IO_BASE, 1, 0x20);
    pci_write(qts, fn, PCI_IO_LIMIT, 1, 0x20);
    g_assert_true(answers_io(qts, 0x2000));
    g_assert_true(answers_io(qts, 0x2f00));
    g_assert_false(answers_io(qts, 0x3000));
    qtest_system_reset(qts);
    g_assert_true(io_is_closed(qts, fn));
}

/* PCI_IN_19: a port has the power states D0 and D3hot and no other. */
static void test_power_states(void)
{
    g_autoptr(QTestState) qts = start_with_port("-m 64M");
    uint32_t fn = pci_port(0);
    unsigned pm = pci_cap(qts, fn, PCI_CAP_ID_PM);
    unsigned ctrl = pm + PCI_PM_CTRL;
    uint16_t cap;

    g_assert_cmpuint(pm, >, 0);
    cap = pci_read(qts, fn, pm + PCI_PM_PMC, 2);
    g_assert_cmphex(cap & PCI_PM_CAP_VER_MASK, ==, 3);
    g_assert_cmphex(cap & (PCI_PM_CAP_D1 | PCI_PM_CAP_D2), ==, 0);
    /* 7.5.2.1: a port has all three */
    g_assert_cmphex(cap & PCI_PM_CAP_PME_MASK, ==, PCI_PM_CAP_PME_D0 |
                    PCI_PM_CAP_PME_D3hot | PCI_PM_CAP_PME_D3cold);
    g_assert_cmphex(pci_read(qts, fn, ctrl, 2), ==,
                    PCI_PM_CTRL_NO_SOFT_RESET);
    for (unsigned state = 1; state < 3; state++) {
        pci_write(qts, fn, ctrl, 2, state);
        g_assert_cmphex(pci_read(qts, fn, ctrl, 2), ==,
                        PCI_PM_CTRL_NO_SOFT_RESET);
    }
    pci_write(qts, fn, ctrl, 2, UINT16_MAX);
    g_assert_cmphex(pci_read(qts, fn, ctrl, 2), ==, 3 |
                    PCI_PM_CTRL_NO_SOFT_RESET | PCI_PM_CTRL_PME_ENABLE);
    pci_write(qts, fn, PCI_SECONDARY_BUS, 1, BUS);
    pci_write(qts, fn, ctrl, 2, 0);
    g_assert_cmphex(pci_read(qts, fn, ctrl, 2), ==,
                    PCI_PM_CTRL_NO_SOFT_RESET);
    /* No_Soft_Reset: the programmed bus number is still there */
    g_assert_cmphex(pci_read(qts, fn, PCI_SECONDARY_BUS, 1), ==, BUS);
    pci_write(qts, fn, ctrl, 2, 3 | PCI_PM_CTRL_PME_ENABLE);
    qtest_system_reset(qts);
    g_assert_cmphex(pci_read(qts, fn, ctrl, 2), ==,
                    PCI_PM_CTRL_NO_SOFT_RESET);
}

static void test_power_state_migrates(void)
{
    QTestState *source = start_with_port("-m 64M");
    g_autoptr(QTestState) target = NULL;
    uint32_t fn = pci_port(0);
    unsigned ctrl = pci_cap(source, fn, PCI_CAP_ID_PM) + PCI_PM_CTRL;
    uint16_t d3 = 3 | PCI_PM_CTRL_PME_ENABLE | PCI_PM_CTRL_NO_SOFT_RESET;

    pci_write(source, fn, ctrl, 2, d3);
    g_assert_cmphex(pci_read(source, fn, ctrl, 2), ==, d3);
    migrate_out(source);
    target = start_with_port("-m 64M " MIGRATE_TARGET);
    migrate_in(target);
    g_assert_cmphex(pci_read(target, fn, ctrl, 2), ==, d3);
}

/*
 * platform.md, section 4.5: a port reserves what its properties say; a
 * property that is left out has its default.
 */
static void test_reserve(void)
{
    static const struct {
        uint32_t slot;
        uint32_t pref32;
        uint64_t pref64;
    } want[] = {
        { 4, 1 * MiB, UINT64_MAX },
        { 5, UINT32_MAX, 8 * GiB },
        { 6, UINT32_MAX, 1 * GiB },
    };
    g_autoptr(QTestState) qts = start_with_port("-m 64M "
        "-device vmspec-root-port,addr=4,pref32-reserve=1M "
        "-device vmspec-root-port,addr=5,pref64-reserve=8G "
        "-device vmspec-root-port,addr=6 ");

    for (int i = 0; i < ARRAY_SIZE(want); i++) {
        uint32_t fn = PCI_FN(0, want[i].slot, 0);
        unsigned cap = pci_cap(qts, fn, PCI_CAP_ID_VNDR);
        uint64_t high = pci_read(qts, fn, cap + RESERVE_PREF64 + 4, 4);

        g_assert_cmphex(pci_read(qts, fn, cap + RESERVE_PREF32, 4), ==,
                        want[i].pref32);
        g_assert_cmphex(high << 32 |
                        pci_read(qts, fn, cap + RESERVE_PREF64, 4), ==,
                        want[i].pref64);
    }
}

static unsigned cap_length(QTestState *qts, uint32_t fn, unsigned at)
{
    switch (pci_read(qts, fn, at, 1)) {
    case PCI_CAP_ID_PM:
        return PM_LENGTH;
    case PCI_CAP_ID_MSI:
        return MSI_LENGTH;
    case PCI_CAP_ID_EXP:
        return EXP_LENGTH;
    case PCI_CAP_ID_SSVID:
        return SSVID_LENGTH;
    case PCI_CAP_ID_VNDR:
        return pci_read(qts, fn, at + 2, 1);
    default:
        g_assert_not_reached();
    }
}

static unsigned ext_cap_length(uint16_t id)
{
    switch (id) {
    case PCI_EXT_CAP_ID_ERR:
        return AER_LENGTH;
    case PCI_EXT_CAP_ID_ACS:
        return ACS_LENGTH;
    default:
        g_assert_not_reached();
    }
}

/* Mark the bytes of a capability; no other capability may have them. */
static void own(bool *owned, unsigned at, unsigned length)
{
    for (unsigned i = at; i < at + length; i++) {
        g_assert_false(owned[i]);
        owned[i] = true;
    }
}

/*
 * PCI_IN_20: each byte behind the header belongs to a standard capability or
 * is 0.
 */
static void test_capability_walk(void)
{
    g_autoptr(QTestState) qts = start_with_port("-m 64M");
    g_autofree bool *owned = g_new0(bool, PCI_CFG_SPACE_EXP_SIZE);
    uint32_t fn = pci_port(0);
    unsigned at = pci_read(qts, fn, PCI_CAPABILITY_LIST, 1);

    while (at) {
        g_test_message("capability at %x", at);
        own(owned, at, cap_length(qts, fn, at));
        at = pci_read(qts, fn, at + PCI_CAP_LIST_NEXT, 1);
    }
    at = PCI_CFG_SPACE_SIZE;
    while (at) {
        uint32_t header = pci_read(qts, fn, at, 4);

        g_test_message("extended capability at %x", at);
        own(owned, at, ext_cap_length(PCI_EXT_CAP_ID(header)));
        at = PCI_EXT_CAP_NEXT(header);
    }
    for (at = PCI_STD_HEADER_SIZEOF; at < PCI_CFG_SPACE_EXP_SIZE; at++) {
        if (!owned[at]) {
            g_assert_cmphex(pci_read(qts, fn, at, 1), ==, 0);
            pci_write(qts, fn, at, 1, UINT8_MAX);
            g_assert_cmphex(pci_read(qts, fn, at, 1), ==, 0);
        }
    }
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/pcie/port-window-32", test_window_32);
    g_test_add_func("/vmspec/pcie/port-window-64", test_window_64);
    g_test_add_func("/vmspec/pcie/port-window-io", test_window_io);
    g_test_add_func("/vmspec/pcie/port-reserve", test_reserve);
    g_test_add_func("/vmspec/pcie/power-states", test_power_states);
    g_test_add_func("/vmspec/pcie/power-state-migrates",
                    test_power_state_migrates);
    g_test_add_func("/vmspec/pcie/capability-walk", test_capability_walk);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
