/*
 * vmspec qtest: a system reset restores the machine
 *
 * Registers lose what the guest wrote, the FDT is in RAM again, and flash
 * keeps its content.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "vmspec/cfi.h"
#include "vmspec/fdt-blob.h"
#include "vmspec/machine.h"
#include "vmspec/registers.h"

/* Registers have the reset values before anything is written. */
static void test_reset_values(const void *opaque)
{
    g_autoptr(QTestState) qts = registers_start(opaque, "");

    registers_check_reset(qts, opaque);
}

static void test_registers_reset(const void *opaque)
{
    g_autoptr(QTestState) qts = registers_start(opaque, "");

    registers_write(qts, opaque);
    registers_check_written(qts, opaque);
    qtest_system_reset(qts);
    registers_check_reset(qts, opaque);
}

/*
 * PL031 (Arm DDI 0224): an alarm from before the reset does not interrupt
 * after it.
 */
static void test_rtc_resets(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t match = vmspec_base("rtc") + 0x04;
    uint64_t load = vmspec_base("rtc") + 0x08;
    uint64_t mask = vmspec_base("rtc") + 0x10;

    qtest_writel(qts, load, 0x12345678);
    qtest_writel(qts, match, 0x23456789);
    qtest_writel(qts, mask, 1);
    g_assert_cmphex(qtest_readl(qts, mask), ==, 1);
    qtest_system_reset(qts);
    if (qtest_readl(qts, mask)) {
        g_test_incomplete("QEMU's PL031 has no reset");
        return;
    }
    g_assert_cmphex(qtest_readl(qts, match), ==, 0);
    g_assert_cmphex(qtest_readl(qts, load), ==, 0);
}

/* The selector points to the signature again (docs/specs/fw_cfg.rst). */
static void test_fw_cfg_selector_resets(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t data = vmspec_base("fw-cfg");
    uint64_t selector = vmspec_base("fw-cfg") + 8;

    qtest_writew(qts, selector, 0);
    g_assert_cmphex(qtest_readb(qts, data), ==, 'Q');
    g_assert_cmphex(qtest_readb(qts, data), ==, 'E');
    qtest_system_reset(qts);
    g_assert_cmphex(qtest_readb(qts, data), ==, 'Q');
}

/* Without random seeds the FDT is the same as before. */
static void test_fdt_written_anew(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",dtb-randomness=off",
                                             "-m 64M");
    g_autofree void *before = vmspec_fdt_in_ram(qts);
    g_autofree void *after = NULL;

    qtest_memset(qts, vmspec_base("ram-low"), 0xaa, fdt_totalsize(before));
    qtest_system_reset(qts);
    after = vmspec_fdt_in_ram(qts);
    g_assert_cmpmem(after, fdt_totalsize(after), before,
                    fdt_totalsize(before));
}

/* A guest that starts again gets new random seeds. */
static void test_fdt_seeds_differ(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    g_autofree void *before = vmspec_fdt_in_ram(qts);
    g_autofree void *after = NULL;

    qtest_system_reset(qts);
    after = vmspec_fdt_in_ram(qts);
    g_assert_cmpuint(fdt_totalsize(after), ==, fdt_totalsize(before));
    g_assert_cmpint(memcmp(after, before, fdt_totalsize(before)), !=, 0);
}

/* Bank 0 is read-only: nothing that the guest writes gets there. */
static void test_flash0_keeps_image(void)
{
    static const char code[] = "vmspec firmware image";
    g_autofree char *image = scratch_file("code.fd", code, sizeof(code),
                                          4 * KiB);
    g_autoptr(QTestState) qts = NULL;
    uint64_t base = vmspec_base("flash0");
    char back[sizeof(code)];

    qts = qtest_initf("-M vmspec -nodefaults -m 64M -bios %s", image);
    qtest_writel(qts, base, CFI_PROGRAM);
    qtest_writel(qts, base, 0);
    qtest_system_reset(qts);
    qtest_memread(qts, base, back, sizeof(back));
    g_assert_cmpmem(back, sizeof(back), code, sizeof(code));
}

/* Bank 1 leaves its command mode and keeps its content. */
static void test_flash1_leaves_command_mode(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");
    uint64_t base = vmspec_base("flash1");
    uint32_t word = 0x12345678;

    qtest_writel(qts, base + 8, CFI_PROGRAM);
    qtest_writel(qts, base + 8, word);
    qtest_writel(qts, base, CFI_READ_ARRAY);
    word = qtest_readl(qts, base + 8);
    qtest_writel(qts, base, CFI_READ_STATUS);
    g_assert_cmphex(qtest_readl(qts, base + 8), ==, CFI_READY);
    qtest_system_reset(qts);
    g_assert_cmphex(qtest_readl(qts, base + 8), ==, word);
}

static void add_tests(void)
{
    configs_add_tests("/vmspec/reset/values-at-start", registers_configs,
                      test_reset_values);
    configs_add_tests("/vmspec/reset/values-after-writes", registers_configs,
                      test_registers_reset);
    g_test_add_func("/vmspec/reset/rtc-alarm-cleared", test_rtc_resets);
    g_test_add_func("/vmspec/reset/fw-cfg-selector-cleared",
                    test_fw_cfg_selector_resets);
    g_test_add_func("/vmspec/reset/fdt-written-anew", test_fdt_written_anew);
    g_test_add_func("/vmspec/reset/fdt-seeds-differ", test_fdt_seeds_differ);
    g_test_add_func("/vmspec/reset/flash0-keeps-image",
                    test_flash0_keeps_image);
    g_test_add_func("/vmspec/reset/flash1-keeps-content",
                    test_flash1_leaves_command_mode);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
