/*
 * vmspec: the ACPI tables
 *
 * Takes the tables as firmware gets them, from fw_cfg, and has iasl judge
 * them; a few fields that decide whether a guest finds anything at all are
 * compared with platform.md, sections 4.4 and 6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "vmspec/iasl.h"
#include "vmspec/machine.h"
#include "vmspec/tables.h"

#define TABLE_LENGTH 4
#define MCFG_BASE 44
#define MCFG_SEGMENT 52
#define MCFG_FIRST_BUS 54
#define MCFG_LAST_BUS 55

static const char *const shapes[] = {
    "-M acpi=on",
    "-M acpi=on,gic-version=2 -smp 2",
    "-M acpi=on,gic-version=2,virtualization=on,iommu=smmuv3",
    "-M acpi=on,gic-version=4,virtualization=on",
    "-M acpi=on,iommu=smmuv3,virtio-mmio=0 -serial null -serial null",
    "-M acpi=on -smp 16,sockets=2,clusters=2,cores=2,threads=2",
    "-M acpi=on,virtio-mmio=32 -smp 124",
    "-M acpi=on -m 1G,slots=32,maxmem=2G",
    "-M acpi=on,nvdimm=on -m 1G,slots=2,maxmem=2G "
    "-object memory-backend-ram,id=d,size=128M -device pc-dimm,memdev=d "
    "-object memory-backend-ram,id=n,size=128M -device nvdimm,memdev=n",
    "-M acpi=on -cpu cortex-a57 -m 512M -object memory-backend-ram,id=a,"
    "size=256M -object memory-backend-ram,id=b,size=256M -smp 2 "
    "-numa node,memdev=a,cpus=0 -numa node,memdev=b,cpus=1 "
    "-numa dist,src=0,dst=1,val=20",
};

/* All tables of a machine of its own, as they are at its start */
static uint8_t *read_tables(const char *options, size_t *size)
{
    /* With TCG: the qtest accelerator has CPUs of its own. */
    g_autoptr(QTestState) qts = vmspec_start("", "-accel tcg -S %s", options);

    return tables_read(qts, size);
}

static void test_iasl(void)
{
    for (int i = 0; i < ARRAY_SIZE(shapes); i++) {
        size_t size;
        g_autofree uint8_t *tables = read_tables(shapes[i], &size);
        uint32_t offset = 0, length;
        int judged = 0;

        g_test_message("%s", shapes[i]);
        while ((length = tables_length(tables, size, offset))) {
            iasl_judge(tables + offset, length);
            offset += length;
            judged++;
        }
        g_assert_cmpint(judged, >=, 10);
    }
}

static void test_tables_present(void)
{
    static const char *const always[] = {
        "DSDT", "FACP", "APIC", "GTDT", "MCFG", "SPCR", "DBG2", "PPTT",
        "IORT", "XSDT",
    };
    size_t size;
    g_autofree uint8_t *plain = read_tables(shapes[0], &size);
    g_autofree uint8_t *numa = read_tables(shapes[ARRAY_SIZE(shapes) - 1],
                                           &size);

    for (int i = 0; i < ARRAY_SIZE(always); i++) {
        g_test_message("%s", always[i]);
        g_assert_nonnull(tables_find(plain, size, always[i]));
        g_assert_cmpmem(tables_find(plain, size, always[i]) + 10, 6,
                        "VMSPEC", 6);
    }
    g_assert_null(tables_find(plain, size, "SRAT"));
    g_assert_nonnull(tables_find(numa, size, "SRAT"));
    g_assert_nonnull(tables_find(numa, size, "SLIT"));
}

static void test_mcfg(void)
{
    size_t size;
    g_autofree uint8_t *tables = read_tables(shapes[0], &size);
    const uint8_t *mcfg = tables_find(tables, size, "MCFG");

    g_assert_nonnull(mcfg);
    /* one entry, the base of bus 0 */
    g_assert_cmpuint(ldl_le_p(mcfg + TABLE_LENGTH), ==, 60);
    g_assert_cmphex(ldq_le_p(mcfg + MCFG_BASE), ==, vmspec_base("pcie-ecam"));
    g_assert_cmpuint(lduw_le_p(mcfg + MCFG_SEGMENT), ==, 0);
    g_assert_cmpuint(mcfg[MCFG_FIRST_BUS], ==, 0);
    g_assert_cmpuint(mcfg[MCFG_LAST_BUS], ==, 255);
}

static void assert_refused(const char *options, const char *why)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec -bios %s %s",
                                          vmspec_stub(), options);

    g_test_message("%s: %s", options, run->err);
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, why));
}

static void test_refused(void)
{
    assert_refused("-M acpi=on -cpu cortex-a15",
                   "no AArch32 guest takes ACPI");
    assert_refused("-M acpi=off,fdt=off", "without ACPI too");
    assert_refused("-M fdt=off -cpu cortex-a15", "fdt=off");
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/acpi/tables-present", test_tables_present);
    qtest_add_func("/vmspec/acpi/mcfg", test_mcfg);
    qtest_add_func("/vmspec/acpi/refused", test_refused);
    qtest_add_func("/vmspec/acpi/iasl-finds-nothing", test_iasl);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
