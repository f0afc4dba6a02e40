/*
 * vmspec qtest: PCIe, exactly (platform.md, section 4)
 *
 * Each case cites the rules of BSA section E that it shows. Other tests have
 * INTx (vmspec-irq-test), MSIs (vmspec-msi-test), hot-plug
 * (vmspec-hotplug-test), DMA (vmspec-dma-test), endpoints and ARI
 * (vmspec-endpoint-test), and what FDT and ACPI describe.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/mtree.h"
#include "vmspec/pci.h"

#define HOST_ID 0x00081b36
#define PORT_ID 0x000c1b36
#define NO_FUNCTION UINT32_MAX
#define FUNCTIONS 8
#define DEVICES 32
#define SCAN_SECONDS 5
/* QEMU's vendor capability (docs/specs/pci-bridge resource reservation) */
#define RESERVE_TYPE 1
/* A function with RAM behind a 64-bit prefetchable BAR (BAR 2) */
#define IVSHMEM "-m 64M -object memory-backend-ram,id=shm,size=1M,share=on " \
    "-device ivshmem-plain,addr=3,memdev=shm"

static uint64_t value(const char *name)
{
    return contract_value(vmspec_contract(), name);
}

/*
 * PCI_IN_01, PCI_IN_02, PCI_IN_12: the host bridge is there at reset, with
 * nothing programmed. It has no interrupt and no capability, and none of its
 * other registers can be written.
 */
static void test_host_bridge_registers(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint32_t fn = PCI_FN(0, 0, 0);

    g_assert_cmphex(pci_read(qts, fn, PCI_VENDOR_ID, 4), ==, HOST_ID);
    g_assert_cmphex(pci_read(qts, fn, PCI_CLASS_DEVICE, 2), ==, 0x0600);
    g_assert_cmphex(pci_read(qts, fn, PCI_HEADER_TYPE, 1), ==, 0);
    g_assert_cmphex(pci_read(qts, fn, PCI_INTERRUPT_PIN, 1), ==, 0);
    for (unsigned at = 0x40; at < 0x100; at += 4) {
        pci_write(qts, fn, at, 4, UINT32_MAX);
        g_assert_cmphex(pci_read(qts, fn, at, 4), ==, 0);
    }
}

/*
 * The functions that the scan finds: the bridge, two devices, two ports, and a
 * device behind one
 */
static uint32_t expected_id(unsigned bus, unsigned device, unsigned fn)
{
    if (!bus && !device && !fn) {
        return HOST_ID;
    }
    if (!bus && device == value("hotplug-port-device") && fn < 2) {
        return PORT_ID;
    }
    if ((!bus && (device == 1 || device == 0x1b) && !fn) ||
        (bus == 0x80 && !device && !fn)) {
        return 0x11e81234;      /* edu */
    }
    return NO_FUNCTION;
}

/* CPU time of this program and of QEMU, which a loaded host does not change */
static double cpu_seconds(QTestState *qts)
{
    clockid_t clocks[] = { CLOCK_PROCESS_CPUTIME_ID, 0 };
    double sum = 0;

    g_assert_cmpint(clock_getcpuclockid(qtest_pid(qts), &clocks[1]), ==, 0);
    for (int i = 0; i < ARRAY_SIZE(clocks); i++) {
        struct timespec t;

        g_assert_cmpint(clock_gettime(clocks[i], &t), ==, 0);
        sum += t.tv_sec + t.tv_nsec / 1e9;
    }
    return sum;
}

/*
 * PCI_IN_06, PCI_IN_07, PCI_IN_08, PCI_IN_09, PCI_IN_16: all 65,536 functions.
 * Bus 128 is behind port 0; bus 129 is behind port 1 and empty. The scan takes
 * less than SCAN_SECONDS, so that no user waits for a guest's own scan.
 */
static void test_scan_256_buses(void)
{
    g_autoptr(QTestState) qts = vmspec_start(
        ",hotplug-ports=2", "-m 64M -device edu,addr=1 -device edu,addr=0x1b "
        "-device edu,bus=hotplug0");
    unsigned buses = value("pcie-buses");
    double seconds = cpu_seconds(qts);

    pci_open_port(qts, pci_port(0), 0x80, vmspec_base("pcie-mmio32"));
    pci_open_port(qts, pci_port(1), 0x81,
                  vmspec_base("pcie-mmio32") + 2 * MiB);
    for (unsigned i = 0; i < buses * DEVICES * FUNCTIONS; i++) {
        unsigned bus = i / 256, device = i / FUNCTIONS % DEVICES;
        unsigned fn = i % FUNCTIONS;
        uint32_t id = pci_read(qts, PCI_FN(bus, device, fn), 0, 4);

        if (id != expected_id(bus, device, fn)) {
            g_test_message("%02x:%02x.%u", bus, device, fn);
            g_assert_cmphex(id, ==, expected_id(bus, device, fn));
        }
    }
    seconds = cpu_seconds(qts) - seconds;
    g_test_message("%.2f s of CPU time", seconds);
    g_assert_cmpfloat(seconds, <, SCAN_SECONDS);
}

/*
 * PCI_IN_07, PCI_IN_09, PCI_IN_16: absent functions read all ones at each
 * width and offset.
 */
static void test_absent_all_ones(void)
{
    static const unsigned offsets[] = { 0, 2, 0x3c, 0x100, 0xffc };
    const uint32_t absent[] = {
        PCI_FN(0, 0, 1), PCI_FN(0, 5, 0), PCI_FN(1, 0, 0),
        PCI_FN(255, 31, 7),
    };
    g_autoptr(QTestState) qts = vmspec_start(",hotplug-ports=1", "-m 64M");

    pci_open_port(qts, pci_port(0), 1, vmspec_base("pcie-mmio32"));
    for (int i = 0; i < ARRAY_SIZE(absent); i++) {
        for (int j = 0; j < ARRAY_SIZE(offsets); j++) {
            unsigned reg = offsets[j];

            g_assert_cmphex(pci_read(qts, absent[i], reg, 1), ==, UINT8_MAX);
            g_assert_cmphex(pci_read(qts, absent[i], reg, 2), ==, UINT16_MAX);
            if (!(reg % 4)) {
                g_assert_cmphex(pci_read(qts, absent[i], reg, 4), ==,
                                UINT32_MAX);
            }
            pci_write(qts, absent[i], reg, 1, 0);
            g_assert_cmphex(pci_read(qts, absent[i], reg, 1), ==, UINT8_MAX);
        }
    }
}

/* PCI_IN_18: byte, word and dword accesses to the bus numbers of a port */
static void test_access_sizes(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",hotplug-ports=1", "-m 64M");
    uint32_t fn = pci_port(0);

    pci_write(qts, fn, PCI_PRIMARY_BUS, 1, 0x12);
    pci_write(qts, fn, PCI_SECONDARY_BUS, 1, 0x34);
    pci_write(qts, fn, PCI_SUBORDINATE_BUS, 1, 0x56);
    g_assert_cmphex(pci_read(qts, fn, PCI_PRIMARY_BUS, 4), ==, 0x563412);
    g_assert_cmphex(pci_read(qts, fn, PCI_PRIMARY_BUS, 2), ==, 0x3412);
    g_assert_cmphex(pci_read(qts, fn, PCI_SUBORDINATE_BUS, 2), ==, 0x56);
    pci_write(qts, fn, PCI_SECONDARY_BUS - 1, 2, 0xabcd);
    g_assert_cmphex(pci_read(qts, fn, PCI_PRIMARY_BUS, 4), ==, 0x56abcd);
    pci_write(qts, fn, PCI_PRIMARY_BUS, 4, 0x00020100);
    g_assert_cmphex(pci_read(qts, fn, PCI_SECONDARY_BUS, 1), ==, 1);
    g_assert_cmphex(pci_read(qts, fn, PCI_SUBORDINATE_BUS, 1), ==, 2);
}

/* Bits that must read 0 whatever is written (BSA ACS, p02x_data.h) */
static const struct {
    const char *name;
    unsigned reg;
    unsigned size;
    uint32_t zero;
} port_bits[] = {
    { "Command", PCI_COMMAND, 2, 1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 |
      1 << 9 | 0xf800 },
    { "Status", PCI_STATUS, 2, 1 << 5 | 1 << 7 | 3 << 9 },
    { "Latency Timer", PCI_LATENCY_TIMER, 1, 0xff },
    { "Secondary Latency Timer", PCI_SEC_LATENCY_TIMER, 1, 0xff },
    /* the type of an I/O window of 64 KiB (PCI-to-PCI Bridge 1.2, 3.2.5.6) */
    { "I/O Base", PCI_IO_BASE, 1, PCI_IO_RANGE_TYPE_MASK },
    { "I/O Limit", PCI_IO_LIMIT, 1, PCI_IO_RANGE_TYPE_MASK },
    { "Secondary Status", PCI_SEC_STATUS, 2, 1 << 5 | 1 << 7 | 3 << 9 },
    { "Bridge Control", PCI_BRIDGE_CONTROL, 2, 1 << 5 | 1 << 7 | 0xf << 8 },
};

/* PCI_IN_05, PCI_IN_19, PCI_IN_20: attributes of a root port's registers */
static void test_port_registers(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",hotplug-ports=1", "-m 64M");
    uint32_t fn = pci_port(0);
    unsigned exp = pci_cap(qts, fn, PCI_CAP_ID_EXP);

    g_assert_cmphex(pci_read(qts, fn, PCI_VENDOR_ID, 4), ==, PORT_ID);
    g_assert_cmphex(pci_read(qts, fn, PCI_CLASS_DEVICE, 2), ==, 0x0604);
    g_assert_cmphex(pci_read(qts, fn, PCI_HEADER_TYPE, 1) & 0x7f, ==, 1);
    for (int i = 0; i < ARRAY_SIZE(port_bits); i++) {
        unsigned reg = port_bits[i].reg, size = port_bits[i].size;
        uint32_t old = pci_read(qts, fn, reg, size);

        g_test_message("%s", port_bits[i].name);
        g_assert_cmphex(old & port_bits[i].zero, ==, 0);
        pci_write(qts, fn, reg, size, UINT32_MAX);
        g_assert_cmphex(pci_read(qts, fn, reg, size) & port_bits[i].zero, ==,
                        0);
        pci_write(qts, fn, reg, size, old);
    }
    g_assert_cmphex(pci_read(qts, fn, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST,
                    ==, PCI_STATUS_CAP_LIST);
    g_assert_cmpuint(exp, >, 0);
    g_assert_cmphex(pci_read(qts, fn, exp + PCI_EXP_FLAGS, 2) &
                    (PCI_EXP_FLAGS_TYPE | PCI_EXP_FLAGS_SLOT), ==,
                    PCI_EXP_TYPE_ROOT_PORT << 4 | PCI_EXP_FLAGS_SLOT);
    g_assert_cmphex(pci_read(qts, fn, exp + PCI_EXP_DEVCAP, 4) &
                    (0x3f << 6 | PCI_EXP_DEVCAP_FLR), ==, 0);
    pci_write(qts, fn, exp + PCI_EXP_DEVCTL, 2, 1 << 15);
    g_assert_cmphex(pci_read(qts, fn, exp + PCI_EXP_DEVCTL, 2) >> 15, ==, 0);
    /* the port has no BAR */
    g_assert_cmphex(pci_read(qts, fn, PCI_BASE_ADDRESS_0, 4), ==, 0);
    g_assert_cmpuint(pci_bar_size(qts, fn, PCI_BASE_ADDRESS_0), ==, 0);
}

/*
 * PCI_PP_04, PCI_PP_05, PCI_MSI_1: a port has AER, MSI, and ACS with all that
 * peer-to-peer needs.
 */
static void test_port_capabilities(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",hotplug-ports=1", "-m 64M");
    uint32_t fn = pci_port(0);
    unsigned acs = pci_ext_cap(qts, fn, PCI_EXT_CAP_ID_ACS);
    unsigned exp = pci_cap(qts, fn, PCI_CAP_ID_EXP);
    uint32_t slot = pci_read(qts, fn, exp + PCI_EXP_SLTCAP, 4);
    uint32_t want = PCI_ACS_SV | PCI_ACS_TB | PCI_ACS_RR | PCI_ACS_CR |
                    PCI_ACS_UF | PCI_ACS_DT;

    g_assert_cmpuint(pci_cap(qts, fn, PCI_CAP_ID_MSI), >, 0);
    g_assert_cmpuint(pci_ext_cap(qts, fn, PCI_EXT_CAP_ID_ERR), >, 0);
    g_assert_cmpuint(acs, >, 0);
    g_assert_cmphex(pci_read(qts, fn, acs + PCI_ACS_CAP, 2) & want, ==, want);
    g_assert_cmphex(slot & PCI_EXP_SLTCAP_HPC, ==, PCI_EXP_SLTCAP_HPC);
    g_assert_cmphex(slot & PCI_EXP_SLTCAP_PCP, ==, PCI_EXP_SLTCAP_PCP);
}

/*
 * platform.md, section 4.5: where the ports are and what each of them reserves
 */
static void test_ports(void)
{
    unsigned max = value("hotplug-ports-max");
    g_autofree char *all = g_strdup_printf(",hotplug-ports=%u", max);
    g_autoptr(QTestState) qts = vmspec_start(all, "-m 64M");

    for (unsigned i = 0; i < max; i++) {
        uint32_t fn = pci_port(i);
        unsigned cap = pci_cap(qts, fn, PCI_CAP_ID_VNDR);

        g_assert_cmphex(pci_read(qts, fn, PCI_VENDOR_ID, 4), ==, PORT_ID);
        g_assert_cmpuint(cap, >, 0);
        g_assert_cmpuint(pci_read(qts, fn, cap + 3, 1), ==, RESERVE_TYPE);
        g_assert_cmphex(pci_read(qts, fn, cap + 8, 4), ==, 0);      /* I/O */
        g_assert_cmphex(pci_read(qts, fn, cap + 12, 4), ==, 0);
        g_assert_cmphex(pci_read(qts, fn, cap + 16, 4), ==,
                        value("hotplug-port-memory"));
        g_assert_cmphex(pci_read(qts, fn, cap + 20, 4), ==, UINT32_MAX);
        g_assert_cmphex(pci_read(qts, fn, cap + 24, 4), ==,
                        value("hotplug-port-prefetch"));
        g_assert_cmphex(pci_read(qts, fn, cap + 28, 4), ==, 0);
    }
}

/* platform.md, section 4.5: how many ports there are by default */
static void test_ports_default(void)
{
    unsigned n = value("hotplug-ports-default");
    g_autoptr(QTestState) with = qtest_initf("-M vmspec -bios %s -m 64M",
                                             vmspec_stub());
    g_autoptr(QTestState) without = vmspec_start_config("ram-64M");

    g_assert_cmphex(pci_read(with, pci_port(n - 1), 0, 4), ==, PORT_ID);
    g_assert_cmphex(pci_read(with, pci_port(n), 0, 4), ==, NO_FUNCTION);
    for (unsigned device = 1; device < DEVICES; device++) {
        g_assert_cmphex(pci_read(without, PCI_FN(0, device, 0), 0, 4), ==,
                        NO_FUNCTION);
    }
}

/* Ports as libvirt writes them: from 00:01.0 on, with a chassis number each */
static void test_ports_of_libvirt(void)
{
    static const char *const types[] = { "pcie-root-port",
                                         "vmspec-root-port" };

    for (int t = 0; t < ARRAY_SIZE(types); t++) {
        g_autoptr(GString) options = g_string_new("-m 64M");
        g_autoptr(QTestState) qts = NULL;

        for (int i = 0; i < FUNCTIONS; i++) {
            g_string_append_printf(options, " -device '{\"driver\":\"%s\","
                                   "\"port\":%d,\"chassis\":%d,\"id\":"
                                   "\"pci.%d\",\"bus\":\"pcie.0\",%s"
                                   "\"addr\":\"0x1.0x%d\"}'", types[t], 8 + i,
                                   1 + i, 1 + i,
                                   i ? "" : "\"multifunction\":true,", i);
        }
        g_string_append(options, " -device '{\"driver\":\"virtio-rng-pci\","
                        "\"bus\":\"pci.8\",\"addr\":\"0x0\"}'");
        qts = vmspec_start("", "%s", options->str);
        pci_open_port(qts, PCI_FN(0, 1, 7), 1, vmspec_base("pcie-mmio32"));
        g_assert_cmphex(pci_read(qts, PCI_FN(1, 0, 0), 0, 2), ==, 0x1af4);
    }
}

/* The RAM of BAR 2 answers at @base, from the first byte to the last. */
static void check_decoded(QTestState *qts, uint32_t fn, uint64_t base,
                          uint64_t size)
{
    unsigned bar = PCI_BASE_ADDRESS_2;

    g_test_message("BAR at %" PRIx64, base);
    pci_write(qts, fn, bar, 4, base);
    pci_write(qts, fn, bar + 4, 4, base >> 32);
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    qtest_writeq(qts, base, 0x0123456789abcdef ^ base);
    qtest_writeq(qts, base + size - 8, base);
    g_assert_cmphex(qtest_readq(qts, base), ==, 0x0123456789abcdef ^ base);
    g_assert_cmphex(qtest_readq(qts, base + size - 8), ==, base);
    pci_write(qts, fn, PCI_COMMAND, 2, 0);
}

/* PCI_MM_01, PCI_MM_03, PCI_MM_04: a BAR at both ends of both windows */
static void test_memory_windows(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", IVSHMEM);
    uint32_t fn = PCI_FN(0, 3, 0);
    uint64_t size = pci_bar_size(qts, fn, PCI_BASE_ADDRESS_2);

    g_assert_cmphex(size, ==, 1 * MiB);
    g_assert_cmphex(pci_bar_size(qts, fn, PCI_BASE_ADDRESS_0), ==, 256);
    check_decoded(qts, fn, vmspec_base("pcie-mmio32"), size);
    /* the window's end is not aligned to a MiB */
    check_decoded(qts, fn, QEMU_ALIGN_DOWN(vmspec_end("pcie-mmio32"), size) -
                  size, size);
    check_decoded(qts, fn, vmspec_base("pcie-mmio64"), size);
    check_decoded(qts, fn, vmspec_end("pcie-mmio64") - size, size);
}

/* PCI_IO_01: PCI I/O address 0 is at the first byte of the window. */
static void test_io_window(void)
{
    static const unsigned ports[] = { 0, 0x1000, 0xff00 };
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M "
                                             "-device pci-testdev,addr=3");
    uint32_t fn = PCI_FN(0, 3, 0);
    uint64_t io = vmspec_base("pcie-pio");
    char name[6];

    g_assert_cmphex(pci_bar_size(qts, fn, PCI_BASE_ADDRESS_1), ==, 256);
    for (int i = 0; i < ARRAY_SIZE(ports); i++) {
        pci_write(qts, fn, PCI_BASE_ADDRESS_1, 4, ports[i]);
        pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_IO);
        /* selects a test of the device; the name of the test is at 16 */
        qtest_writeb(qts, io + ports[i], 0);
        for (int j = 0; j < sizeof(name); j++) {
            name[j] = qtest_readb(qts, io + ports[i] + 16 + j);
        }
        g_assert_cmpmem(name, sizeof(name), "portio", sizeof(name));
        pci_write(qts, fn, PCI_COMMAND, 2, 0);
    }
}

/*
 * platform.md, section 1.4: windows are empty except for BARs, and a BAR
 * outside the windows does not answer.
 */
static void test_unassigned(void)
{
    static const char *const windows[] = { "pcie-mmio32", "pcie-mmio64",
                                           "pcie-pio" };
    static const char *const holes[] = { "reserved-low", "pcie-segments" };
    g_autoptr(QTestState) qts = vmspec_start("", IVSHMEM);
    uint32_t fn = PCI_FN(0, 3, 0);

    for (int i = 0; i < ARRAY_SIZE(windows); i++) {
        g_assert_false(mtree_reached(qts, vmspec_base(windows[i]),
                                     vmspec_region(windows[i])->size));
    }
    for (int i = 0; i < ARRAY_SIZE(holes); i++) {
        uint64_t base = vmspec_base(holes[i]);

        pci_write(qts, fn, PCI_BASE_ADDRESS_2, 4, base);
        pci_write(qts, fn, PCI_BASE_ADDRESS_2 + 4, 4, base >> 32);
        pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
        g_assert_false(mtree_reached(qts, base, 1 * MiB));
    }
}

/*
 * platform.md, section 4.7: the OS moves a BAR that firmware assigned, and
 * moves it again, with decoding off meanwhile or on. The new address has the
 * content, and the old one does not answer.
 */
static void test_bar_moves(void)
{
    const uint64_t places[] = {
        vmspec_base("pcie-mmio32") + 16 * MiB, vmspec_base("pcie-mmio64"),
        vmspec_base("pcie-mmio32"), vmspec_base("pcie-mmio64") + 1 * GiB,
    };
    g_autoptr(QTestState) qts = vmspec_start("", IVSHMEM);
    uint32_t fn = PCI_FN(0, 3, 0);

    for (int i = 0; i < ARRAY_SIZE(places); i++) {
        bool off = i < 2;

        g_test_message("to %" PRIx64 ", decoding %s", places[i],
                       off ? "off meanwhile" : "on");
        if (off) {
            pci_write(qts, fn, PCI_COMMAND, 2, 0);
        }
        pci_write(qts, fn, PCI_BASE_ADDRESS_2, 4, places[i]);
        pci_write(qts, fn, PCI_BASE_ADDRESS_2 + 4, 4, places[i] >> 32);
        pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
        for (int j = 0; j < ARRAY_SIZE(places); j++) {
            g_assert_cmpint(mtree_reached(qts, places[j], 1 * MiB), ==, i == j);
        }
        g_assert_cmphex(qtest_readq(qts, places[i]), ==, i);
        qtest_writeq(qts, places[i], i + 1);
    }
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/pcie/host-bridge", test_host_bridge_registers);
    g_test_add_func("/vmspec/pcie/scan-256-buses", test_scan_256_buses);
    g_test_add_func("/vmspec/pcie/absent-all-ones", test_absent_all_ones);
    g_test_add_func("/vmspec/pcie/access-sizes", test_access_sizes);
    g_test_add_func("/vmspec/pcie/port-registers", test_port_registers);
    g_test_add_func("/vmspec/pcie/port-capabilities", test_port_capabilities);
    g_test_add_func("/vmspec/pcie/ports", test_ports);
    g_test_add_func("/vmspec/pcie/ports-default", test_ports_default);
    g_test_add_func("/vmspec/pcie/ports-of-libvirt", test_ports_of_libvirt);
    g_test_add_func("/vmspec/pcie/memory-windows", test_memory_windows);
    g_test_add_func("/vmspec/pcie/io-window", test_io_window);
    g_test_add_func("/vmspec/pcie/unassigned", test_unassigned);
    g_test_add_func("/vmspec/pcie/bar-moves", test_bar_moves);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
