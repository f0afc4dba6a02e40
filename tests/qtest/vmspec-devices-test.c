/*
 * vmspec qtest: each device answers at its address (platform.md, sections 2, 3
 * and 5)
 *
 * Reads the identification of each device and registers whose value the
 * device's specification fixes. Bases and counts come from the contract.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "vmspec/machine.h"

/* PrimeCell identification, the same place in every PrimeCell */
#define PERIPHID 0xfe0
#define PCELLID 0xff0
#define DESIGNER_ARM 0x41
#define PRIMECELL_ID 0xb105f00d
/* CoreSight-style ID of GIC components: architecture revision in 7:4 */
#define GICV2_PIDR2 0xfe8
#define GICV3_PIDR2 0xffe8
#define GICD_TYPER 0x004
#define GICD_TYPER_LPIS (1 << 17)
#define GICR_TYPER 0x008
#define GICR_TYPER_VLPIS (1ULL << 1)
#define GICR_TYPER_LAST (1ULL << 4)

/* Four registers with a byte each, a word apart, the lowest byte first */
static uint32_t id_register(QTestState *qts, uint64_t base)
{
    uint32_t id = 0;

    for (int i = 0; i < 4; i++) {
        id |= (qtest_readl(qts, base + 4 * i) & 0xff) << (8 * i);
    }
    return id;
}

static void check_primecell(QTestState *qts, const char *name,
                            unsigned part)
{
    uint64_t base = vmspec_base(name);
    uint32_t id = id_register(qts, base + PERIPHID);

    g_assert_cmphex(id_register(qts, base + PCELLID), ==, PRIMECELL_ID);
    g_assert_cmphex(id & 0xfff, ==, part);
    g_assert_cmphex(id >> 12 & 0xff, ==, DESIGNER_ARM);
}

static void test_uart0_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-serial null");

    check_primecell(qts, "uart0", 0x011);
    /* flag register: both FIFOs empty (DDI 0183, 3.3.3) */
    g_assert_cmphex(qtest_readl(qts, vmspec_base("uart0") + 0x18), ==, 0x90);
}

static void test_uart1_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-serial null -serial null");

    check_primecell(qts, "uart1", 0x011);
}

/* uart0 is the first -serial, uart1 the second. */
static void test_serial_order(void)
{
    static const char *const names[] = { "uart0", "uart1" };
    g_autofree char *file0 = scratch_path("uart0.txt");
    g_autofree char *file1 = scratch_path("uart1.txt");
    const char *const files[] = { file0, file1 };
    QTestState *qts = vmspec_start("", "-serial file:%s -serial file:%s",
                                   file0, file1);

    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        for (const char *c = names[i]; *c; c++) {
            qtest_writel(qts, vmspec_base(names[i]), *c);
        }
    }
    qtest_quit(qts);
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        g_autofree char *text = NULL;

        g_assert_true(g_file_get_contents(files[i], &text, NULL, NULL));
        g_assert_cmpstr(text, ==, names[i]);
    }
}

static void test_rtc_counts(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-rtc clock=vm");
    uint64_t rtc = vmspec_base("rtc");
    uint32_t before;

    check_primecell(qts, "rtc", 0x031);
    before = qtest_readl(qts, rtc);
    qtest_clock_step(qts, 10 * NANOSECONDS_PER_SECOND);
    g_assert_cmpuint(qtest_readl(qts, rtc), ==, before + 10);
}

static void test_gpio_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");

    check_primecell(qts, "gpio", 0x061);
}

/* DEN0029: W_IIDR is the same in both frames, 11:0 the implementer. */
static void test_watchdog_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint32_t id = qtest_readl(qts, vmspec_base("watchdog-control") + 0xfcc);

    g_assert_cmphex(id & 0xfff, !=, 0);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("watchdog-refresh") + 0xfcc),
                    ==, id);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("watchdog-control")), ==, 0);
}

/* A write to the refresh frame restarts the time-out and clears WS0. */
static void test_watchdog_refresh(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-action watchdog=none");
    uint64_t control = vmspec_base("watchdog-control");

    qtest_writel(qts, control + 8, 1000000);
    qtest_writel(qts, control, 1);
    qtest_clock_step_next(qts);
    g_assert_cmphex(qtest_readl(qts, control), ==, 3);
    qtest_writel(qts, vmspec_base("watchdog-refresh"), 0);
    g_assert_cmphex(qtest_readl(qts, control), ==, 1);
}

/* The second time-out without a refresh is WS1: the machine resets. */
static void test_watchdog_resets(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t control = vmspec_base("watchdog-control");

    qtest_writel(qts, control + 8, 1000000);
    qtest_writel(qts, control, 1);
    qtest_clock_step_next(qts);
    qtest_clock_step_next(qts);
    qtest_qmp_eventwait(qts, "WATCHDOG");
    qtest_qmp_eventwait(qts, "RESET");
    g_assert_cmphex(qtest_readl(qts, control), ==, 0);
}

/* QEMU's fw_cfg specification: data at 0, selector (big-endian) at 8 */
static uint32_t read_fw_cfg_item(QTestState *qts, uint16_t key)
{
    uint64_t base = vmspec_base("fw-cfg");
    uint32_t value = 0;

    qtest_writew(qts, base + 8, bswap16(key));
    for (int i = 0; i < 4; i++) {
        value |= (uint32_t)qtest_readb(qts, base) << (8 * i);
    }
    return value;
}

static void test_fw_cfg_items(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-smp 3");

    g_assert_cmphex(read_fw_cfg_item(qts, 0), ==, ldl_le_p("QEMU"));
    /* the interface's bitmap: traditional and DMA */
    g_assert_cmphex(read_fw_cfg_item(qts, 1), ==, 3);
    g_assert_cmpuint(read_fw_cfg_item(qts, 5) & 0xffff, ==, 3);
}

static void test_fw_cfg_dma(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t dma = vmspec_base("fw-cfg") + 16;
    uint64_t request = vmspec_base("ram-low") + 32 * MiB;
    uint64_t buffer = request + 4 * KiB;
    uint8_t access[16];
    char data[4];

    /* select item 0 and read 4 bytes to the buffer, all big-endian */
    stl_be_p(access, 0x00000000 | 1 << 3 | 1 << 1);
    stl_be_p(access + 4, sizeof(data));
    stq_be_p(access + 8, buffer);
    qtest_memwrite(qts, request, access, sizeof(access));
    g_assert_cmphex(be64_to_cpu(qtest_readq(qts, dma)), ==,
                    ldq_be_p("QEMU CFG"));
    qtest_writel(qts, dma, bswap32(request >> 32));
    qtest_writel(qts, dma + 4, bswap32(request));
    g_assert_cmphex(qtest_readl(qts, request), ==, 0);
    qtest_memread(qts, buffer, data, sizeof(data));
    g_assert_cmpmem(data, sizeof(data), "QEMU", 4);
}

/* Virtio 1.2, 4.2.2: magic, and device ID 0 where there is no device */
static void check_transports(QTestState *qts, unsigned n)
{
    uint64_t stride = contract_value(vmspec_contract(), "virtio-mmio-stride");

    for (unsigned k = 0; k < n; k++) {
        uint64_t base = vmspec_base("virtio-mmio") + k * stride;

        g_assert_cmphex(qtest_readl(qts, base), ==, ldl_le_p("virt"));
        g_assert_cmphex(qtest_readl(qts, base + 8), ==, 0);
    }
}

static void test_virtio_mmio_default(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");

    check_transports(qts, contract_value(vmspec_contract(),
                                         "virtio-mmio-default"));
}

static void test_virtio_mmio_max(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("all-virtio-mmio");

    check_transports(qts, contract_value(vmspec_contract(),
                                         "virtio-mmio-max"));
}

/* What LK, RT-Thread, Zephyr and Nanos see when they probe all 32 */
static void test_virtio_mmio_absent(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",virtio-mmio=3", "-m 64M");
    uint64_t stride = contract_value(vmspec_contract(), "virtio-mmio-stride");
    unsigned max = contract_value(vmspec_contract(), "virtio-mmio-max");

    check_transports(qts, 3);
    for (unsigned k = 3; k < max; k++) {
        uint64_t base = vmspec_base("virtio-mmio") + k * stride;

        for (unsigned offset = 0; offset < stride; offset += 4) {
            qtest_writel(qts, base + offset, 0xffffffff);
            g_assert_cmphex(qtest_readl(qts, base + offset), ==, 0);
        }
    }
    g_assert_cmpuint(vmspec_base("virtio-mmio") + max * stride, ==,
                     vmspec_end("virtio-mmio"));
}

/* Bus virtio-mmio-bus.k is transport k. */
static void test_virtio_mmio_order(void)
{
    g_autoptr(QTestState) qts =
        vmspec_start("", "-device virtio-rng-device,bus=virtio-mmio-bus.5");
    uint64_t stride = contract_value(vmspec_contract(), "virtio-mmio-stride");
    const uint32_t rng = 4;     /* Virtio 1.2, 5 */

    g_assert_cmphex(qtest_readl(qts, vmspec_base("virtio-mmio") +
                                5 * stride + 8), ==, rng);
}

static void check_gicd(QTestState *qts, unsigned version)
{
    uint64_t base = vmspec_base("gic-dist");
    uint32_t typer = qtest_readl(qts, base + GICD_TYPER);
    unsigned intids = contract_value(vmspec_contract(), "gic-num-irq");
    uint64_t pidr2 = version == 2 ? GICV2_PIDR2 : GICV3_PIDR2;

    /* IHI 0048 and 0069: ITLinesNumber N means 32 (N + 1) interrupts */
    g_assert_cmpuint(32 * ((typer & 0x1f) + 1), ==, intids);
    g_assert_cmpuint(qtest_readl(qts, base + pidr2) >> 4 & 0xf, ==, version);
    /* SecurityExtn: there is no Secure world */
    g_assert_cmphex(typer & 1 << 10, ==, 0);
}

static void test_gicv2(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",gic-version=2", "-smp 8");
    uint32_t typer = qtest_readl(qts, vmspec_base("gic-dist") + GICD_TYPER);

    check_gicd(qts, 2);
    g_assert_cmpuint(typer >> 5 & 7, ==, 8 - 1);
    /* GICC_IIDR: architecture version 2 */
    g_assert_cmpuint(qtest_readl(qts, vmspec_base("gic-cpu") + 0xfc) >> 16 &
                     0xf, ==, 2);
}

static void test_gicv3(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("default");

    check_gicd(qts, 3);
}

static void test_gicv4(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("gicv4");

    check_gicd(qts, 4);
}

/*
 * platform.md, section 5: the default is 3, or 2 when the CPU is AArch32-only.
 */
static void test_gic_default(void)
{
    g_autoptr(QTestState) aarch64 = vmspec_start_config("ram-64M");
    g_autoptr(QTestState) aarch32 = vmspec_start("", "-cpu cortex-a7");

    check_gicd(aarch64, 3);
    check_gicd(aarch32, 2);
}

/* IHI 0069, 12.10: frames from the base of @region to the one marked Last */
static unsigned count_redists(QTestState *qts, const char *region)
{
    uint64_t base = vmspec_base(region);
    unsigned n = 0;
    uint64_t typer;

    do {
        g_assert_cmpuint(base, <, vmspec_end(region));
        typer = qtest_readq(qts, base + GICR_TYPER);
        base += typer & GICR_TYPER_VLPIS ? 0x40000 : 0x20000;
        n++;
    } while (!(typer & GICR_TYPER_LAST));
    return n;
}

static void check_redists(const char *machine, unsigned cpus,
                          unsigned low_cpus)
{
    g_autofree char *smp = g_strdup_printf("-smp %u", cpus);
    g_autoptr(QTestState) qts = vmspec_start(machine, "%s", smp);

    g_assert_cmpuint(count_redists(qts, "gic-redist"), ==,
                     MIN(cpus, low_cpus));
    if (cpus > low_cpus) {
        g_assert_cmpuint(count_redists(qts, "gic-redist-high"), ==,
                         cpus - low_cpus);
    }
}

static void test_redists(void)
{
    unsigned low = contract_value(vmspec_contract(), "gic-redist-cpus");

    check_redists("", 1, low);
    check_redists("", 4, low);
    check_redists("", low, low);
    check_redists("", low + 1, low);
    check_redists("", 160, low);
}

/* A redistributor of GICv4 has twice as many frames as one of GICv3. */
static void test_redists_gicv4(void)
{
    unsigned low = vmspec_region("gic-redist")->size / 0x40000;

    check_redists(",gic-version=4,virtualization=on", 2, low);
    check_redists(",gic-version=4,virtualization=on", low + 1, low);
}

static void test_its_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t its = vmspec_base("gic-its");

    g_assert_cmpuint(qtest_readl(qts, its + GICV3_PIDR2) >> 4 & 0xf, ==, 3);
    /* GITS_TYPER.Physical */
    g_assert_cmphex(qtest_readq(qts, its + 8) & 1, ==, 1);
}

/* Without an ITS there are no LPIs, and devices have INTx alone. */
static void test_no_lpis(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",its=off,hotplug-ports=1",
                                             "-device virtio-rng-pci,addr=1");
    uint64_t dist = vmspec_base("gic-dist");
    uint64_t card = vmspec_base("pcie-ecam") + (1 << 15);

    g_assert_cmphex(qtest_readl(qts, dist + GICD_TYPER) & GICD_TYPER_LPIS, ==,
                    0);
    g_assert_cmphex(qtest_readl(qts, dist + GICD_TYPER) & 0x1f, ==, 8);
    /* Its interrupt pin is INTA; neither MSI-X nor MSI is in its list. */
    g_assert_cmphex(qtest_readb(qts, card + 0x3d), ==, 1);
    for (uint8_t at = qtest_readb(qts, card + 0x34); at;
         at = qtest_readb(qts, card + at + 1)) {
        uint8_t id = qtest_readb(qts, card + at);

        g_assert_cmphex(id, !=, 0x05);
        g_assert_cmphex(id, !=, 0x11);
    }
}

/* MSI_TYPER: first INTID in 25:16, how many in 9:0 (SBSA, GICv2m) */
static void test_v2m_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("gicv2-1-cpu");
    const ContractIrq *irq = contract_irq(vmspec_contract(), "gic-v2m");
    uint32_t typer = qtest_readl(qts, vmspec_base("gic-v2m") + 8);

    g_assert_cmpuint(typer >> 16 & 0x3ff, ==, 32 + irq->spi);
    g_assert_cmpuint(typer & 0x3ff, ==, irq->count);
}

/*
 * SMMU_IDR0 (IHI 0070): both stages (platform.md, section 2.1), and coherent
 * table walks
 */
static void test_smmu_id(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("smmuv3");
    uint32_t idr0 = qtest_readl(qts, vmspec_base("smmu"));

    g_assert_cmphex(idr0 & 3, ==, 3);
    g_assert_cmphex(idr0 & 1 << 4, !=, 0);
}

/* SMMU_IDR0.ATS: acpi/iort.c says that the root complex has no ATS. */
static void test_smmu_without_ats(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("smmuv3");
    uint32_t idr0 = qtest_readl(qts, vmspec_base("smmu"));

    g_assert_cmphex(idr0 & 1 << 10, ==, 0);
}

/*
 * 00:00.0 is the host bridge (platform.md, section 4.5), usable with no
 * programming.
 */
static void test_host_bridge_answers(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t ecam = vmspec_base("pcie-ecam");

    g_assert_cmphex(qtest_readl(qts, ecam), ==, 0x00081b36);
    g_assert_cmphex(qtest_readw(qts, ecam + 0xa), ==, 0x0600);
    /* an absent function reads all ones */
    g_assert_cmphex(qtest_readl(qts, ecam + (1 << 15)), ==, 0xffffffff);
    g_assert_cmphex(qtest_readl(qts, vmspec_end("pcie-ecam") - 4), ==,
                    0xffffffff);
}

static const struct {
    const char *name;
    void (*test)(void);
} tests[] = {
    { "uart0-is-a-pl011", test_uart0_id },
    { "uart1-is-a-pl011", test_uart1_id },
    { "first-serial-is-uart0", test_serial_order },
    { "rtc-is-a-pl031-that-counts", test_rtc_counts },
    { "gpio-is-a-pl061", test_gpio_id },
    { "watchdog-frames-have-one-id", test_watchdog_id },
    { "watchdog-refresh-restarts-time-out", test_watchdog_refresh },
    { "watchdog-second-time-out-resets", test_watchdog_resets },
    { "fw-cfg-items-by-register", test_fw_cfg_items },
    { "fw-cfg-items-by-dma", test_fw_cfg_dma },
    { "virtio-mmio-8-by-default", test_virtio_mmio_default },
    { "virtio-mmio-32-at-most", test_virtio_mmio_max },
    { "virtio-mmio-absent-transports-read-0", test_virtio_mmio_absent },
    { "virtio-mmio-bus-k-is-transport-k", test_virtio_mmio_order },
    { "gicv2-has-all-interrupts", test_gicv2 },
    { "gicv3-has-all-interrupts", test_gicv3 },
    { "gicv4-has-all-interrupts", test_gicv4 },
    { "gicv3-by-default-gicv2-on-aarch32", test_gic_default },
    { "redistributors-one-a-cpu", test_redists },
    { "redistributors-one-a-cpu-gicv4", test_redists_gicv4 },
    { "its-is-gicv3-with-physical-lpis", test_its_id },
    { "no-its-no-lpis-no-msis", test_no_lpis },
    { "v2m-has-64-spis", test_v2m_id },
    { "smmu-translates-and-is-coherent", test_smmu_id },
    { "smmu-has-no-ats", test_smmu_without_ats },
    { "host-bridge-at-00-00-0", test_host_bridge_answers },
};

static void add_tests(void)
{
    for (int i = 0; i < ARRAY_SIZE(tests); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/devices/%s",
                                                tests[i].name);

        g_test_add_func(path, tests[i].test);
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
