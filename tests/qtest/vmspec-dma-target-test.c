/*
 * vmspec qtest: what a bus master can write to
 *
 * DMA reaches RAM, PCIe's windows and MSI controllers. It does not reach the
 * registers of the board's devices: a device that ejects or resets itself by
 * DMA would wait for itself, and flash takes each word as a command.
 *
 * QEMU runs with TCG here, stopped: then an access of the test has the
 * attributes of DMA, not of a CPU.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "standard-headers/linux/qemu_fw_cfg.h"
#include "vmspec/machine.h"

#define FW_CFG_DMA 16           /* offset of the DMA address register */
#define LOG "guest-errors.log"

static QTestState *start(const char *options)
{
    g_autofree char *log = scratch_path(LOG);

    unlink(log);
    return vmspec_start("", "-accel tcg -S -serial null "
                        "-d guest_errors,invalid_mem -D %s "
                        "-device virtio-rng-pci,bus=pcie.0,addr=2 %s", log,
                        options);
}

/* How many lines of QEMU's log have @word. The log is complete: @qts ended. */
static unsigned logged(const char *word)
{
    g_autofree char *path = scratch_path(LOG);
    g_autofree char *text = NULL;
    unsigned n = 0;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (const char *p = text; (p = strstr(p, word)); p++) {
        n++;
    }
    return n;
}

/* Resident memory of QEMU at its highest, in KiB */
static unsigned long peak_memory(QTestState *qts)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status",
                                            (int)qtest_pid(qts));
    g_autofree char *text = NULL;
    const char *line;
    unsigned long peak;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    line = strstr(text, "VmHWM:");
    g_assert_nonnull(line);
    g_assert_cmpint(sscanf(line, "VmHWM: %lu", &peak), ==, 1);
    return peak;
}

/* Have fw_cfg write @length zeros to @address. Returns the control field. */
static uint32_t fw_cfg_fill(QTestState *qts, uint64_t address, uint32_t length)
{
    uint64_t descriptor = vmspec_base("ram-low") + 32 * MiB;
    struct fw_cfg_dma_access access = {
        .control = cpu_to_be32(FW_CFG_DMA_CTL_READ | FW_CFG_DMA_CTL_SELECT |
                               (uint32_t)FW_CFG_INVALID << 16),
        .length = cpu_to_be32(length),
        .address = cpu_to_be64(address),
    };

    qtest_memwrite(qts, descriptor, &access, sizeof(access));
    qtest_writeq(qts, vmspec_base("fw-cfg") + FW_CFG_DMA,
                 bswap64(descriptor));
    qtest_memread(qts, descriptor, &access, sizeof(access));
    return be32_to_cpu(access.control);
}

static void test_flash(const void *opaque)
{
    const char *bank = opaque;
    QTestState *qts = start("");
    unsigned long before, after;
    uint8_t first = qtest_readb(qts, vmspec_base(bank));

    /* The guest's RAM counts too: touch what fw_cfg_fill() uses of it. */
    fw_cfg_fill(qts, vmspec_base(bank), 4);
    before = peak_memory(qts);
    for (unsigned i = 0; i < 16 * KiB; i++) {
        qtest_writel(qts, vmspec_base(bank) + i % 64 * 4, i % 2 ? 0xff : 0x90);
    }
    g_assert_cmpuint(fw_cfg_fill(qts, vmspec_base(bank), 64 * KiB), ==,
                     FW_CFG_DMA_CTL_ERROR);
    after = peak_memory(qts);
    g_test_message("%s: %lu KiB before, %lu KiB after", bank, before, after);
    /* Linux sums the peak up now and then, so it can be a little less, too. */
    g_assert_cmpuint(after, <=, before + 1024);
    g_assert_cmphex(qtest_readb(qts, vmspec_base(bank)), ==, first);
    qtest_quit(qts);
}

static void test_fw_cfg_reaches_ram(void)
{
    QTestState *qts = start("-m 256M");
    uint64_t address = vmspec_base("ram-low") + 64 * MiB;

    qtest_memset(qts, address, 0xa5, 64 * KiB);
    g_assert_cmpuint(fw_cfg_fill(qts, address, 64 * KiB - 1), ==, 0);
    g_assert_cmphex(qtest_readb(qts, address + 64 * KiB - 2), ==, 0);
    g_assert_cmphex(qtest_readb(qts, address + 64 * KiB - 1), ==, 0xa5);
    qtest_quit(qts);
}

/* fw_cfg stops at the first word that nobody takes. */
static void test_fw_cfg_stops(void)
{
    QTestState *qts = start("");
    unsigned errors;

    g_assert_cmpuint(fw_cfg_fill(qts, vmspec_base("reserved-low"), 64 * KiB),
                     ==, FW_CFG_DMA_CTL_ERROR);
    qtest_quit(qts);
    errors = logged("nvalid write");
    g_test_message("%u accesses", errors);
    /* It fills in pieces of 512 bytes, of which the first one fails. */
    g_assert_cmpuint(errors, >, 0);
    g_assert_cmpuint(errors, <=, 512);
}

/* A device is not ejected by a write of a bus master. */
static void test_eject(void)
{
    QTestState *qts = start("-device vmspec-root-port,id=p1,chassis=1 "
                            "-device virtio-rng-pci,bus=p1,id=guest-rng");

    qtest_writel(qts, vmspec_base("acpi-pcihp") + 16, 0);
    qtest_writel(qts, vmspec_base("acpi-pcihp") + 8, 0xffffffff);
    qtest_writel(qts, vmspec_base("pcie-ecam") + 0x10004, 0xffffffff);
    g_assert_cmphex(qtest_readw(qts, vmspec_base("pcie-ecam") + 0x10004), ==,
                    0);
    qtest_quit(qts);
    g_assert_cmpuint(logged("a bus master writes"), ==, 3);
}

/* The rows whose registers are for CPUs alone */
static void test_registers(void)
{
    static const char *const rows[] = {
        "gic-dist", "gic-redist", "uart0", "rtc", "gpio", "acpi-ged",
        "acpi-pcihp", "watchdog-refresh", "watchdog-control", "virtio-mmio",
        "pcie-ecam",
    };
    QTestState *qts = start("");

    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        qtest_writel(qts, vmspec_base(rows[i]), 0);
    }
    qtest_quit(qts);
    g_assert_cmpuint(logged("a bus master writes"), ==, ARRAY_SIZE(rows));
}

static void add_tests(void)
{
    if (!qtest_has_accel("tcg")) {
        g_test_skip("no TCG: the test's accesses would be a CPU's");
        return;
    }
    qtest_add_data_func("/vmspec/dma-target/flash0", "flash0", test_flash);
    qtest_add_data_func("/vmspec/dma-target/flash1", "flash1", test_flash);
    qtest_add_func("/vmspec/dma-target/fw-cfg-reaches-ram",
                   test_fw_cfg_reaches_ram);
    qtest_add_func("/vmspec/dma-target/fw-cfg-stops-at-the-first-error",
                   test_fw_cfg_stops);
    qtest_add_func("/vmspec/dma-target/nothing-is-ejected", test_eject);
    qtest_add_func("/vmspec/dma-target/registers-are-for-cpus",
                   test_registers);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
