/*
 * vmspec qtest: system reset brings everything back
 *
 * What the guest wrote into registers is gone, the FDT lies in RAM again, and
 * flash keeps its contents.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "vmspec/machine.h"
#include "vmspec/registers.h"

/* Devicetree specification, 5.2: big-endian magic, then the total size */
#define FDT_MAGIC 0xd00dfeed
#define FDT_SIZE_OFFSET 4
/* CFI commands for two 16-bit chips side by side (JESD68, Intel) */
#define CFI_PROGRAM 0x00400040
#define CFI_READ_STATUS 0x00700070
#define CFI_READ_ARRAY 0x00ff00ff
#define CFI_STATUS_READY 0x00800080

static void reset(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{'execute': 'system_reset'}");
    qtest_qmp_eventwait(qts, "RESET");
}

/* The oracle's reset values are right before anything is written. */
static void test_initial(const void *opaque)
{
    g_autoptr(QTestState) qts = registers_start(opaque, "");

    registers_check_reset(qts, opaque);
}

static void test_registers(const void *opaque)
{
    g_autoptr(QTestState) qts = registers_start(opaque, "");

    registers_write(qts, opaque);
    registers_check_written(qts, opaque);
    reset(qts);
    registers_check_reset(qts, opaque);
}

/* PL031 (Arm DDI 0224): an alarm of before does not interrupt after. */
static void test_rtc(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M");
    uint64_t match = vmspec_base("rtc") + 0x04;
    uint64_t load = vmspec_base("rtc") + 0x08;
    uint64_t mask = vmspec_base("rtc") + 0x10;

    qtest_writel(qts, load, 0x12345678);
    qtest_writel(qts, match, 0x23456789);
    qtest_writel(qts, mask, 1);
    g_assert_cmphex(qtest_readl(qts, mask), ==, 1);
    reset(qts);
    if (qtest_readl(qts, mask)) {
        g_test_incomplete("QEMU's PL031 has no reset");
        return;
    }
    g_assert_cmphex(qtest_readl(qts, match), ==, 0);
    g_assert_cmphex(qtest_readl(qts, load), ==, 0);
}

/* The selector is back at the signature (QEMU's fw_cfg specification). */
static void test_fw_cfg(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M");
    uint64_t data = vmspec_base("fw-cfg");
    uint64_t selector = vmspec_base("fw-cfg") + 8;

    qtest_writew(qts, selector, 0);
    g_assert_cmphex(qtest_readb(qts, data), ==, 'Q');
    g_assert_cmphex(qtest_readb(qts, data), ==, 'E');
    reset(qts);
    g_assert_cmphex(qtest_readb(qts, data), ==, 'Q');
}

static uint8_t *read_fdt(QTestState *qts, uint32_t *size)
{
    uint64_t base = vmspec_base("ram-low");
    uint8_t *fdt;

    *size = be32_to_cpu(qtest_readl(qts, base + FDT_SIZE_OFFSET));
    g_assert_cmpuint(*size, <, 2 * MiB);
    fdt = g_malloc(*size);
    qtest_memread(qts, base, fdt, *size);
    g_assert_cmphex((uint32_t)ldl_be_p(fdt), ==, FDT_MAGIC);
    return fdt;
}

/* Without the random seeds it is the same blob. */
static void test_fdt(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",dtb-randomness=off",
                                             "-m 64M");
    g_autofree uint8_t *before = NULL;
    g_autofree uint8_t *after = NULL;
    uint32_t size, new_size;

    before = read_fdt(qts, &size);
    qtest_memset(qts, vmspec_base("ram-low"), 0xaa, size);
    reset(qts);
    after = read_fdt(qts, &new_size);
    g_assert_cmpmem(after, new_size, before, size);
}

/* A guest that starts again must not get the old randomness. */
static void test_fdt_seeds(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M");
    g_autofree uint8_t *before = NULL;
    g_autofree uint8_t *after = NULL;
    uint32_t size, new_size;

    before = read_fdt(qts, &size);
    reset(qts);
    after = read_fdt(qts, &new_size);
    g_assert_cmpuint(new_size, ==, size);
    g_assert_cmpint(memcmp(after, before, size), !=, 0);
}

/* The firmware's bank is read-only: nothing the guest writes gets there. */
static void test_flash0(void)
{
    static const char code[] = "vmspec firmware image";
    g_autofree char *image = vmspec_tmp_file("code.fd", code, sizeof(code),
                                             4 * KiB);
    g_autoptr(QTestState) qts = NULL;
    uint64_t base = vmspec_base("flash0");
    char back[sizeof(code)];

    qts = qtest_initf("-M vmspec -nodefaults -m 64M -bios %s", image);
    qtest_writel(qts, base, CFI_PROGRAM);
    qtest_writel(qts, base, 0);
    reset(qts);
    qtest_memread(qts, base, back, sizeof(back));
    g_assert_cmpmem(back, sizeof(back), code, sizeof(code));
}

/* The volatile store leaves its command mode and keeps what is in it. */
static void test_flash1(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M");
    uint64_t base = vmspec_base("flash1");
    uint32_t word = 0x12345678;

    qtest_writel(qts, base + 8, CFI_PROGRAM);
    qtest_writel(qts, base + 8, word);
    qtest_writel(qts, base, CFI_READ_ARRAY);
    word = qtest_readl(qts, base + 8);
    qtest_writel(qts, base, CFI_READ_STATUS);
    g_assert_cmphex(qtest_readl(qts, base + 8), ==, CFI_STATUS_READY);
    reset(qts);
    g_assert_cmphex(qtest_readl(qts, base + 8), ==, word);
}

static void add_tests(void)
{
    registers_add_tests("/vmspec/reset/initial", test_initial);
    registers_add_tests("/vmspec/reset/registers", test_registers);
    g_test_add_func("/vmspec/reset/rtc", test_rtc);
    g_test_add_func("/vmspec/reset/fw-cfg", test_fw_cfg);
    g_test_add_func("/vmspec/reset/fdt", test_fdt);
    g_test_add_func("/vmspec/reset/fdt-seeds", test_fdt_seeds);
    g_test_add_func("/vmspec/reset/flash0", test_flash0);
    g_test_add_func("/vmspec/reset/flash1", test_flash1);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
