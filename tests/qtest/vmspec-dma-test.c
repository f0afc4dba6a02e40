/*
 * vmspec qtest: DMA to memory and to other functions
 *
 * platform.md, sections 2 and 4, and BSA section E: PCI_MM_05 to _07,
 * PCI_PP_01 to _03. The function that reads and writes is QEMU's edu device
 * (docs/specs/edu.rst).
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

#define EDU_DMA_SOURCE 0x80
#define EDU_DMA_TARGET 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98
#define EDU_DMA_START 1
#define EDU_DMA_TO_RAM 2
#define EDU_BUFFER 0x40000
#define EDU_BUFFER_SIZE (4 * KiB)
#define EDU "edu,dma_mask=0xffffffffffffffff,"
#define MAGIC 0x0123456789abcdefull

/* Start a transfer of @count bytes; the device waits a tenth of a second. */
static void dma_start_count(QTestState *qts, uint64_t bar, uint64_t source,
                            uint64_t target, uint64_t count, unsigned flags)
{
    qtest_writeq(qts, bar + EDU_DMA_SOURCE, source);
    qtest_writeq(qts, bar + EDU_DMA_TARGET, target);
    qtest_writeq(qts, bar + EDU_DMA_COUNT, count);
    qtest_writeq(qts, bar + EDU_DMA_COMMAND, EDU_DMA_START | flags);
}

static void dma_start(QTestState *qts, uint64_t bar, uint64_t source,
                      uint64_t target, unsigned flags)
{
    dma_start_count(qts, bar, source, target, 8, flags);
}

static void dma_wait(QTestState *qts, uint64_t bar)
{
    while (qtest_readq(qts, bar + EDU_DMA_COMMAND) & EDU_DMA_START) {
        qtest_clock_step(qts, NANOSECONDS_PER_SECOND / 10);
    }
}

static void set_bar(QTestState *qts, uint32_t fn, unsigned bar,
                    uint64_t base)
{
    pci_write(qts, fn, bar, 4, base);
    if (base >> 32) {
        pci_write(qts, fn, bar + 4, 4, base >> 32);
    }
    pci_write(qts, fn, PCI_COMMAND, 2,
              PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static void dma(QTestState *qts, uint64_t bar, uint64_t source,
                uint64_t target, unsigned flags)
{
    dma_start(qts, bar, source, target, flags);
    dma_wait(qts, bar);
}

/* The edu device with its BAR at @edu copies 8 bytes from @from to @to. */
static void check_memory(QTestState *qts, uint64_t edu, uint64_t from,
                         uint64_t to)
{
    uint64_t value = MAGIC ^ from ^ to;

    g_test_message("%" PRIx64 " to %" PRIx64, from, to);
    qtest_writeq(qts, from, value);
    qtest_writeq(qts, to, 0);
    dma(qts, edu, from, EDU_BUFFER, 0);
    g_assert_cmphex(qtest_readq(qts, to), ==, 0);
    dma(qts, edu, EDU_BUFFER, to, EDU_DMA_TO_RAM);
    g_assert_cmphex(qtest_readq(qts, to), ==, value);
}

/*
 * PCI_MM_05, PCI_MM_06, PCI_MM_07: without an SMMU a DMA address is a physical
 * address: below 4 GiB, above 4 GiB, and where an address cut to 32 bits would
 * be other memory.
 */
static void test_dma(void)
{
    g_autoptr(QTestState) qts = vmspec_start(
        ",hotplug-ports=1,memory-backend=r", "-m 5G -object "
        "memory-backend-ram,id=r,size=5G,reserve=off -device "
        EDU "bus=hotplug0 -device " EDU "addr=1");
    uint64_t window = vmspec_base("pcie-mmio32");
    const uint64_t edus[] = { window, window + 16 * MiB };
    uint64_t ram = vmspec_base("ram-low"), end = ram + 5 * GiB;
    const uint64_t places[] = { ram + 32 * MiB, 4 * GiB - 8, 4 * GiB,
                                4 * GiB + ram + 32 * MiB, end - 8 };

    pci_open_port(qts, pci_port(0), 1, window);
    set_bar(qts, PCI_FN(1, 0, 0), PCI_BASE_ADDRESS_0, edus[0]);
    set_bar(qts, PCI_FN(0, 1, 0), PCI_BASE_ADDRESS_0, edus[1]);
    for (int i = 0; i < ARRAY_SIZE(edus); i++) {
        for (int j = 0; j < ARRAY_SIZE(places); j++) {
            check_memory(qts, edus[i], places[j],
                         places[(j + 1) % ARRAY_SIZE(places)]);
        }
    }
}

/* The edu device at @from writes to @to, and reads what is there. */
static void check_peer(QTestState *qts, uint64_t from, uint64_t to)
{
    uint64_t value = MAGIC ^ from ^ to;
    uint64_t ram = vmspec_base("ram-low") + 32 * MiB;

    g_test_message("%" PRIx64 " to %" PRIx64, from, to);
    qtest_writeq(qts, ram, value);
    qtest_writeq(qts, to, 0);
    dma(qts, from, ram, EDU_BUFFER, 0);
    dma(qts, from, EDU_BUFFER, to, EDU_DMA_TO_RAM);
    g_assert_cmphex(qtest_readq(qts, to), ==, value);

    qtest_writeq(qts, to, ~value);
    qtest_writeq(qts, ram, 0);
    dma(qts, from, to, EDU_BUFFER, 0);
    dma(qts, from, EDU_BUFFER, ram, EDU_DMA_TO_RAM);
    g_assert_cmphex(qtest_readq(qts, ram), ==, ~value);
}

/*
 * Two edu devices, on the root bus and behind port 0, and two functions with
 * memory: on the root bus with a BAR in the 64-bit window, and behind port 1.
 */
static QTestState *start_peers(uint64_t *edu, uint64_t *shared)
{
    QTestState *qts = vmspec_start(",hotplug-ports=2", "-m 64M "
        "-device " EDU "addr=1 -device " EDU "bus=hotplug0 "
        "-object memory-backend-ram,id=a,size=1M,share=on "
        "-object memory-backend-ram,id=b,size=1M,share=on "
        "-device ivshmem-plain,addr=2,memdev=a "
        "-device ivshmem-plain,bus=hotplug1,memdev=b");
    uint64_t window = vmspec_base("pcie-mmio32");

    pci_open_port(qts, pci_port(0), 1, window);
    pci_open_port(qts, pci_port(1), 2, window + 2 * MiB);
    edu[0] = window + 16 * MiB;
    edu[1] = window;
    shared[0] = vmspec_base("pcie-mmio64");
    shared[1] = window + 2 * MiB;
    set_bar(qts, PCI_FN(0, 1, 0), PCI_BASE_ADDRESS_0, edu[0]);
    set_bar(qts, PCI_FN(1, 0, 0), PCI_BASE_ADDRESS_0, edu[1]);
    set_bar(qts, PCI_FN(0, 2, 0), PCI_BASE_ADDRESS_2, shared[0]);
    set_bar(qts, PCI_FN(2, 0, 0), PCI_BASE_ADDRESS_2, shared[1]);
    return qts;
}

/*
 * PCI_PP_01: DMA between functions arrives: on one bus, across ports, and in
 * both windows.
 */
static void test_peer_to_peer(void)
{
    uint64_t edu[2], shared[2];
    g_autoptr(QTestState) qts = start_peers(edu, shared);

    for (int i = 0; i < ARRAY_SIZE(edu); i++) {
        for (int j = 0; j < ARRAY_SIZE(shared); j++) {
            check_peer(qts, edu[i], shared[j]);
        }
    }
}

/*
 * PCI_PP_02, PCI_PP_03: no DMA hangs: two devices write to each other's
 * registers at the same time, a device writes to itself, or to an address
 * without a device.
 */
static void test_peer_deadlock(void)
{
    uint64_t edu[2], shared[2];
    g_autoptr(QTestState) qts = start_peers(edu, shared);
    const uint64_t targets[] = {
        edu[0] + EDU_DMA_SOURCE, edu[1] + EDU_DMA_SOURCE,
        vmspec_base("pcie-ecam") + PCI_FN(5, 0, 0),
        vmspec_base("pcie-mmio32") + 64 * MiB,
        vmspec_base("reserved-low"),
    };

    for (int i = 0; i < ARRAY_SIZE(edu); i++) {
        dma_start(qts, edu[i], 0x1000 + i, edu[!i] + EDU_DMA_TARGET,
                  EDU_DMA_TO_RAM);
    }
    for (int i = 0; i < ARRAY_SIZE(edu); i++) {
        dma_wait(qts, edu[i]);
    }
    for (int i = 0; i < ARRAY_SIZE(edu); i++) {
        for (int j = 0; j < ARRAY_SIZE(targets); j++) {
            g_test_message("%" PRIx64 " to %" PRIx64, edu[i], targets[j]);
            dma(qts, edu[i], EDU_BUFFER, targets[j], EDU_DMA_TO_RAM);
        }
        check_peer(qts, edu[i], shared[!i]);
    }
}

/*
 * The device that the tests above need is no way out of the guest: a transfer
 * that is not wholly within its buffer moves nothing. (QEMU 10.2 reported it
 * and moved the bytes, to and from its own memory.)
 */
static void test_outside(void)
{
    static const struct {
        uint64_t offset, count;
    } transfers[] = {
        { EDU_BUFFER_SIZE, 8 }, { EDU_BUFFER_SIZE - 4, 8 },
        { EDU_BUFFER_SIZE + MiB, 4 * KiB }, { -8, 8 }, { -(uint64_t)MiB, 8 },
        { 0, EDU_BUFFER_SIZE + 8 }, { 8, UINT64_MAX }, { 0, 16 * MiB },
    };
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M -device "
                                             EDU "addr=1");
    uint64_t edu = vmspec_base("pcie-mmio32");
    uint64_t ram = vmspec_base("ram-low") + 32 * MiB;

    set_bar(qts, PCI_FN(0, 1, 0), PCI_BASE_ADDRESS_0, edu);
    qtest_memset(qts, ram, 0x5a, 16 * MiB);
    for (int i = 0; i < ARRAY_SIZE(transfers); i++) {
        uint64_t at = EDU_BUFFER + transfers[i].offset;

        g_test_message("%" PRIx64 ", %" PRIx64 " bytes", at,
                       transfers[i].count);
        dma_start_count(qts, edu, at, ram, transfers[i].count, EDU_DMA_TO_RAM);
        dma_wait(qts, edu);
        g_assert_cmphex(qtest_readq(qts, ram), ==, 0x5a5a5a5a5a5a5a5aull);
        dma_start_count(qts, edu, ram, at, transfers[i].count, 0);
        dma_wait(qts, edu);
    }
    check_memory(qts, edu, ram, ram + 8);
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/pcie/dma", test_dma);
    g_test_add_func("/vmspec/pcie/dma-outside", test_outside);
    g_test_add_func("/vmspec/pcie/peer-to-peer", test_peer_to_peer);
    g_test_add_func("/vmspec/pcie/peer-to-peer-ends", test_peer_deadlock);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
