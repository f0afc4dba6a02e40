/*
 * vmspec qtest: MSIs through the ITS and through the v2m frame
 *
 * platform.md, section 4.3, and BSA section E, PCI_MSI_2. The test plays the
 * driver's part (Arm IHI 0069, chapters 5 and 12): it writes tables and
 * commands to RAM. An LPI that arrives sets a bit in the pending table of its
 * redistributor; QEMU keeps that table in RAM up to date.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"

#define GITS_CTLR 0x0
#define GITS_CBASER 0x80
#define GITS_CWRITER 0x88
#define GITS_CREADR 0x90
#define GITS_BASER 0x100
#define GITS_BASERS 8
#define GITS_TRANSLATER 0x10040
#define BASER_TYPE(value) ((value) >> 56 & 7)
#define BASER_DEVICES 1
#define BASER_COLLECTIONS 4
#define VALID (1ull << 63)

#define GICR_STRIDE 0x20000
#define GICR_CTLR 0x0
#define GICR_ENABLE_LPIS 1
#define GICR_PROPBASER 0x70
#define GICR_PENDBASER 0x78
#define PENDING_ZEROED (1ull << 62)

#define MAPD 0x08
#define MAPC 0x09
#define MAPTI 0x0a
#define COMMAND_SIZE 32

/* LPI numbers have 16 bits and start at 8192. */
#define LPI_BITS 16
#define FIRST_LPI 8192
#define LPI_ENABLED 1
#define EVENT_BITS 5
#define CPUS 2

/* Offsets in RAM, behind everything that the machine put there */
#define DEVICES_AT (32 * MiB)
#define COLLECTIONS_AT (33 * MiB)
#define COMMANDS_AT (34 * MiB)
#define CONFIG_AT (35 * MiB)
#define PENDING_AT (36 * MiB)       /* 64 KiB a CPU */
#define ITT_AT (37 * MiB)           /* 4 KiB a device */

/* GICD_ICFGR, GICD_ISPENDR (Arm IHI 0048); the v2m frame's MSI_SETSPI_NS */
#define GICD_ISPENDR 0x200
#define GICD_ICFGR 0xc00
#define V2M_SETSPI 0x40
/* QEMU's edu device (docs/specs/edu.rst) */
#define EDU_RAISE 0x60
#define EDU_LOWER 0x64
#define BUS 1

typedef struct Its {
    QTestState *qts;
    uint64_t ram;
    uint64_t its;
    unsigned written;               /* bytes of the command queue */
    unsigned devices;
} Its;

/* RID: bus, device and function, as in ECAM (PCI_IN_06) */
static uint32_t requester(uint32_t fn)
{
    return fn >> 12;
}

static void command(Its *s, uint64_t dw0, uint64_t dw1, uint64_t dw2)
{
    uint64_t at = s->ram + COMMANDS_AT + s->written;

    qtest_writeq(s->qts, at, dw0);
    qtest_writeq(s->qts, at + 8, dw1);
    qtest_writeq(s->qts, at + 16, dw2);
    s->written += COMMAND_SIZE;
    qtest_writeq(s->qts, s->its + GITS_CWRITER, s->written);
    /* the command is done and the queue has not stalled */
    g_assert_cmphex(qtest_readq(s->qts, s->its + GITS_CREADR), ==,
                    s->written);
}

static void give_tables(Its *s)
{
    unsigned given = 0;

    for (int i = 0; i < GITS_BASERS; i++) {
        uint64_t reg = s->its + GITS_BASER + 8 * i;
        unsigned type = BASER_TYPE(qtest_readq(s->qts, reg));

        if (type == BASER_DEVICES) {
            qtest_writeq(s->qts, reg, VALID | (s->ram + DEVICES_AT));
            given++;
        } else if (type == BASER_COLLECTIONS) {
            qtest_writeq(s->qts, reg, VALID | (s->ram + COLLECTIONS_AT));
            given++;
        }
    }
    g_assert_cmpuint(given, ==, 2);
}

static void enable_lpis(Its *s, unsigned cpu)
{
    uint64_t redist = vmspec_base("gic-redist") + cpu * GICR_STRIDE;

    qtest_writeq(s->qts, redist + GICR_PROPBASER, (s->ram + CONFIG_AT) |
                 (LPI_BITS - 1));
    qtest_writeq(s->qts, redist + GICR_PENDBASER, PENDING_ZEROED |
                 (s->ram + PENDING_AT + cpu * 64 * KiB));
    qtest_writel(s->qts, redist + GICR_CTLR, GICR_ENABLE_LPIS);
}

/* Collection n is CPU n. */
static Its its_start(const char *options)
{
    Its s = {
        .qts = vmspec_start(",hotplug-ports=1", "-m 64M -smp %d %s", CPUS,
                            options),
        .ram = vmspec_base("ram-low"),
        .its = vmspec_base("gic-its"),
    };

    for (int i = 0; i < CPUS; i++) {
        enable_lpis(&s, i);
    }
    give_tables(&s);
    qtest_writeq(s.qts, s.its + GITS_CBASER, VALID | (s.ram + COMMANDS_AT));
    qtest_writel(s.qts, s.its + GITS_CTLR, 1);
    for (uint64_t i = 0; i < CPUS; i++) {
        command(&s, MAPC, 0, VALID | i << 16 | i);
    }
    return s;
}

/* map_device() comes before the first map_event() of a function. */
static void map_device(Its *s, uint32_t fn)
{
    command(s, MAPD | (uint64_t)requester(fn) << 32, EVENT_BITS - 1,
            VALID | (s->ram + ITT_AT + s->devices++ * 4 * KiB));
}

static void map_event(Its *s, uint32_t fn, unsigned event, unsigned lpi,
                      unsigned cpu)
{
    qtest_writeb(s->qts, s->ram + CONFIG_AT + lpi - FIRST_LPI, LPI_ENABLED);
    command(s, MAPTI | (uint64_t)requester(fn) << 32,
            (uint64_t)lpi << 32 | event, cpu);
}

/* Only @lpi is pending, and only at @cpu; with @lpi 0 no LPI is pending. */
static void expect_pending(Its *s, unsigned lpi, unsigned cpu)
{
    const unsigned size = (1 << LPI_BITS) / 8;
    g_autofree uint8_t *table = g_malloc(size);

    for (unsigned i = 0; i < CPUS; i++) {
        qtest_memread(s->qts, s->ram + PENDING_AT + i * 64 * KiB, table,
                      size);
        for (unsigned n = FIRST_LPI / 8; n < size; n++) {
            uint8_t want = lpi && i == cpu && n == lpi / 8 ?
                           1 << lpi % 8 : 0;

            if (table[n] != want) {
                g_test_message("CPU %u, LPIs from %u on", i, n * 8);
                g_assert_cmphex(table[n], ==, want);
            }
        }
    }
}

static void clear_pending(Its *s)
{
    qtest_memset(s->qts, s->ram + PENDING_AT, 0, CPUS * 64 * KiB);
}

static void msi_to(Its *s, uint32_t fn, unsigned event)
{
    unsigned msi = pci_cap(s->qts, fn, PCI_CAP_ID_MSI);
    uint64_t address = s->its + GITS_TRANSLATER;

    g_assert_cmpuint(msi, >, 0);
    pci_write(s->qts, fn, msi + PCI_MSI_ADDRESS_LO, 4, address);
    pci_write(s->qts, fn, msi + PCI_MSI_ADDRESS_HI, 4, address >> 32);
    pci_write(s->qts, fn, msi + PCI_MSI_DATA_64, 2, event);
    pci_write(s->qts, fn, msi + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
}

static void edu_start(Its *s, uint32_t fn, uint64_t bar, unsigned event)
{
    msi_to(s, fn, event);
    pci_write(s->qts, fn, PCI_BASE_ADDRESS_0, 4, bar);
    pci_write(s->qts, fn, PCI_COMMAND, 2,
              PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static void edu_raise(Its *s, uint64_t bar)
{
    qtest_writel(s->qts, bar + EDU_RAISE, 1);
    qtest_writel(s->qts, bar + EDU_LOWER, 1);
}

/*
 * PCI_MSI_2: the vector of each function is an LPI of its own. Two functions,
 * on the root bus and behind a port, send the same event. Only the requester
 * ID, which msi-map passes on, tells them apart.
 */
static void test_msi_to_its(void)
{
    const uint32_t fns[] = { PCI_FN(0, 3, 0), PCI_FN(BUS, 0, 0) };
    const unsigned lpis[] = { FIRST_LPI, FIRST_LPI + 1001 };
    const unsigned event = 7;
    Its s = its_start("-device edu,addr=3 -device edu,bus=hotplug0");
    uint64_t bars[] = { vmspec_base("pcie-mmio32") + 16 * MiB,
                        vmspec_base("pcie-mmio32") };
    uint32_t port = PCI_FN(0, contract_value(vmspec_contract(),
                                             "hotplug-port-device"), 0);

    pci_open_port(s.qts, port, BUS, bars[1]);
    for (int i = 0; i < ARRAY_SIZE(fns); i++) {
        map_device(&s, fns[i]);
        map_event(&s, fns[i], event, lpis[i], i);
        edu_start(&s, fns[i], bars[i], event);
        expect_pending(&s, 0, 0);
    }
    for (int i = 0; i < ARRAY_SIZE(fns); i++) {
        edu_raise(&s, bars[i]);
        expect_pending(&s, lpis[i], i);
        clear_pending(&s);
    }
    qtest_quit(s.qts);
}

/*
 * An event that is not mapped reaches no CPU, and neither does an event of a
 * function that is not bus master.
 */
static void test_its_unmapped(void)
{
    const uint32_t mapped = PCI_FN(0, 3, 0), other = PCI_FN(0, 4, 0);
    const unsigned event = 7;
    uint64_t bar = vmspec_base("pcie-mmio32");
    Its s = its_start("-device edu,addr=3 -device edu,addr=4");

    map_device(&s, mapped);
    map_event(&s, mapped, event, FIRST_LPI, 0);
    edu_start(&s, mapped, bar, event + 1);
    edu_start(&s, other, bar + 1 * MiB, event);
    edu_raise(&s, bar);
    edu_raise(&s, bar + 1 * MiB);
    expect_pending(&s, 0, 0);
    msi_to(&s, mapped, event);
    pci_write(s.qts, mapped, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    edu_raise(&s, bar);
    expect_pending(&s, 0, 0);
    pci_write(s.qts, mapped, PCI_COMMAND, 2,
              PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    edu_raise(&s, bar);
    expect_pending(&s, FIRST_LPI, 0);
    qtest_quit(s.qts);
}

/* A port signals its own events by MSI, too; here a device is plugged. */
static void test_its_port(void)
{
    Its s = its_start("");
    uint32_t port = PCI_FN(0, contract_value(vmspec_contract(),
                                             "hotplug-port-device"), 0);
    unsigned exp = pci_cap(s.qts, port, PCI_CAP_ID_EXP);

    map_device(&s, port);
    map_event(&s, port, 0, FIRST_LPI + 3, 1);
    msi_to(&s, port, 0);
    pci_write(s.qts, port, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    pci_write(s.qts, port, exp + PCI_EXP_SLTCTL, 2,
              PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_PDCE);
    expect_pending(&s, 0, 0);
    qtest_qmp_device_add(s.qts, "virtio-rng-pci", "a", "{}");
    expect_pending(&s, FIRST_LPI + 3, 1);
    qtest_quit(s.qts);
}

/* PCI_MSI_2: an MSI to the v2m frame raises the SPI that it names. */
static void test_msi_v2m(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",gic-version=2",
                                             "-m 64M -device edu,addr=3");
    uint32_t fn = PCI_FN(0, 3, 0);
    unsigned msi = pci_cap(qts, fn, PCI_CAP_ID_MSI);
    unsigned intid = 32 + vmspec_spi("gic-v2m") + 5;
    uint64_t dist = vmspec_base("gic-dist");
    uint64_t bar = vmspec_base("pcie-mmio32");
    uint64_t pending = dist + GICD_ISPENDR + intid / 32 * 4;
    uint32_t bit = 1u << (intid % 32);

    qtest_writel(qts, dist + GICD_ICFGR + intid / 16 * 4,
                 2u << (intid % 16 * 2));
    pci_write(qts, fn, msi + PCI_MSI_ADDRESS_LO, 4,
              vmspec_base("gic-v2m") + V2M_SETSPI);
    pci_write(qts, fn, msi + PCI_MSI_DATA_64, 2, intid);
    pci_write(qts, fn, msi + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
    pci_write(qts, fn, PCI_BASE_ADDRESS_0, 4, bar);
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY |
              PCI_COMMAND_MASTER);
    g_assert_cmphex(qtest_readl(qts, pending) & bit, ==, 0);
    qtest_writel(qts, bar + EDU_RAISE, 1);
    g_assert_cmphex(qtest_readl(qts, pending), ==, bit);
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/pcie/msi-its", test_msi_to_its);
    g_test_add_func("/vmspec/pcie/msi-its-unmapped", test_its_unmapped);
    g_test_add_func("/vmspec/pcie/msi-its-port", test_its_port);
    g_test_add_func("/vmspec/pcie/msi-v2m", test_msi_v2m);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
