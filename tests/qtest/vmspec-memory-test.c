/*
 * vmspec qtest: memory devices (platform.md, section 2, device-memory)
 *
 * Plugs and unplugs memory and reads what a guest with ACPI reads: the
 * registers of acpi-memhp (QEMU's docs/specs/acpi_mem_hotplug.rst), and the
 * tables and the FDT that a reset writes anew.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/mtree.h"
#include "vmspec/plug.h"
#include "vmspec/dimms.h"

#define RAM_SIZE (64 * MiB)
#define DIMM_SIZE (128 * MiB)
#define BACKEND(id) "-object memory-backend-ram,size=128M,id=" id
#define SLOTS "-m 64M,slots=4,maxmem=4G "
#define ACPI ",acpi=on,nvdimm=on"

/* acpi-memhp. Read: address, size, node, flags. Written: slot, _OST, flags */
#define MEMHP_ADDRESS 0x0
#define MEMHP_SIZE 0x8
#define MEMHP_NODE 0x10
#define MEMHP_FLAGS 0x14
#define MEMHP_ENABLED 1
#define MEMHP_INSERTING 2
#define MEMHP_REMOVING 4
#define MEMHP_EJECT 8
#define MEMHP_SLOT 0x0
#define MEMHP_OST_EVENT 0x4
#define MEMHP_OST_STATUS 0x8
/* _OST of an ejection (ACPI 6.5, 6.3.5) */
#define OST_EJECTION 3
#define OST_BUSY 0x82
/* acpi-ged's selector */
#define GED_MEMORY 1
#define GED_NVDIMM 4
/* GICD, Arm IHI 0069: ICFGR has two bits for a line, ISPENDR one */
#define GICD_ISPENDR1 0x204
#define GICD_ICFGR2 0xc08

static uint32_t memhp_read(QTestState *qts, unsigned slot, unsigned offset)
{
    qtest_writel(qts, vmspec_base("acpi-memhp") + MEMHP_SLOT, slot);
    return qtest_readl(qts, vmspec_base("acpi-memhp") + offset);
}

static void memhp_write(QTestState *qts, unsigned slot, unsigned offset,
                        uint32_t value)
{
    qtest_writel(qts, vmspec_base("acpi-memhp") + MEMHP_SLOT, slot);
    qtest_writel(qts, vmspec_base("acpi-memhp") + offset, value);
}

static uint64_t memhp_read64(QTestState *qts, unsigned slot, unsigned offset)
{
    return memhp_read(qts, slot, offset) |
           (uint64_t)memhp_read(qts, slot, offset + 4) << 32;
}

static void plug_dimm(QTestState *qts, const char *driver, const char *id,
                 unsigned node)
{
    g_autofree char *backend = g_strdup_printf("%s-ram", id);

    qtest_qmp_assert_success(qts, "{'execute': 'object-add', 'arguments': {"
                             "'qom-type': 'memory-backend-ram', 'id': %s,"
                             "'size': %u}}", backend, (unsigned)DIMM_SIZE);
    qtest_qmp_assert_success(qts, "{'execute': 'device_add', 'arguments': {"
                             "'driver': %s, 'id': %s, 'memdev': %s,"
                             "'node': %u}}", driver, id, backend, node);
}

/* The GED raises an edge; its selector reports the event once. */
static void test_plug_dimm(void)
{
    g_autoptr(QTestState) qts = vmspec_start(ACPI, SLOTS);
    uint64_t base = vmspec_base("device-memory");
    uint64_t gicd = vmspec_base("gic-dist");
    unsigned line = vmspec_spi("acpi-ged");

    qtest_writel(qts, gicd + GICD_ICFGR2, 2u << 2 * line);
    plug_dimm(qts, "pc-dimm", "d0", 0);
    g_assert_cmphex(qtest_readl(qts, gicd + GICD_ISPENDR1), ==, 1u << line);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("acpi-ged")), ==,
                    GED_MEMORY);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("acpi-ged")), ==, 0);
    g_assert_cmphex(memhp_read64(qts, 0, MEMHP_ADDRESS), ==, base);
    g_assert_cmphex(memhp_read64(qts, 0, MEMHP_SIZE), ==, DIMM_SIZE);
    g_assert_cmphex(memhp_read(qts, 0, MEMHP_NODE), ==, 0);
    g_assert_cmphex(memhp_read(qts, 0, MEMHP_FLAGS), ==,
                    MEMHP_ENABLED | MEMHP_INSERTING);
    memhp_write(qts, 0, MEMHP_FLAGS, MEMHP_INSERTING);
    g_assert_cmphex(memhp_read(qts, 0, MEMHP_FLAGS), ==, MEMHP_ENABLED);
    g_assert_cmphex(memhp_read(qts, 1, MEMHP_FLAGS), ==, 0);
    qtest_writeq(qts, base + DIMM_SIZE - 8, 0x0123456789abcdefull);
    g_assert_cmphex(qtest_readq(qts, base + DIMM_SIZE - 8), ==,
                    0x0123456789abcdefull);
}

static void test_plug_nvdimm(void)
{
    g_autoptr(QTestState) qts = vmspec_start(ACPI, SLOTS);

    plug_dimm(qts, "nvdimm", "n0", 0);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("acpi-ged")), ==,
                    GED_NVDIMM);
    g_assert_cmphex(memhp_read(qts, 0, MEMHP_FLAGS), ==, 0);
    plug_removal_refused(qts, "n0", "hot-unplug is not supported");
}

/*
 * A guest that cannot give the memory back reports that by _OST and keeps it.
 */
static void test_unplug_dimm(void)
{
    g_autoptr(QTestState) qts = vmspec_start(ACPI, SLOTS);
    uint64_t base = vmspec_base("device-memory");
    QDict *event, *info;

    plug_dimm(qts, "pc-dimm", "d0", 0);
    plug_dimm(qts, "pc-dimm", "d1", 0);
    memhp_write(qts, 1, MEMHP_FLAGS, MEMHP_INSERTING);
    qtest_readl(qts, vmspec_base("acpi-ged"));
    plug_request_removal(qts, "d1");
    g_assert_cmphex(qtest_readl(qts, vmspec_base("acpi-ged")), ==,
                    GED_MEMORY);
    g_assert_cmphex(memhp_read(qts, 1, MEMHP_FLAGS), ==,
                    MEMHP_ENABLED | MEMHP_REMOVING);
    memhp_write(qts, 1, MEMHP_FLAGS, MEMHP_REMOVING);

    memhp_write(qts, 1, MEMHP_OST_EVENT, OST_EJECTION);
    memhp_write(qts, 1, MEMHP_OST_STATUS, OST_BUSY);
    event = qtest_qmp_eventwait_ref(qts, "ACPI_DEVICE_OST");
    info = qdict_get_qdict(qdict_get_qdict(event, "data"), "info");
    g_assert_cmpstr(qdict_get_str(info, "device"), ==, "d1");
    g_assert_cmpstr(qdict_get_str(info, "slot"), ==, "1");
    g_assert_cmpint(qdict_get_int(info, "source"), ==, OST_EJECTION);
    g_assert_cmpint(qdict_get_int(info, "status"), ==, OST_BUSY);
    qobject_unref(event);
    qtest_writel(qts, base + DIMM_SIZE, 0x12345678);
    g_assert_cmphex(qtest_readl(qts, base + DIMM_SIZE), ==, 0x12345678);

    plug_request_removal(qts, "d1");
    memhp_write(qts, 1, MEMHP_FLAGS, MEMHP_REMOVING);
    memhp_write(qts, 1, MEMHP_FLAGS, MEMHP_EJECT);
    qtest_qmp_eventwait(qts, "DEVICE_DELETED");
    g_assert_cmphex(memhp_read(qts, 1, MEMHP_FLAGS), ==, 0);
    g_assert_cmphex(memhp_read(qts, 0, MEMHP_FLAGS) & MEMHP_ENABLED, ==, 1);
    g_assert_cmphex(qtest_readl(qts, base + DIMM_SIZE), ==, 0);
}

/* Errors of device_add; after one the machine still takes memory. */
static void test_plug_refused(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",acpi=on",
        "-m 64M,slots=1,maxmem=4G " BACKEND("a") " " BACKEND("b"));

    plug_refused(qts, "NVDIMMs are not enabled",
                 "{'driver': 'nvdimm', 'memdev': 'a'}");
    plug_refused(qts, "node",
                 "{'driver': 'pc-dimm', 'memdev': 'a', 'node': 1}");
    plug_refused(qts, "usable range", "{'driver': 'pc-dimm', 'memdev': 'a',"
                 " 'addr': %" PRIu64 "}", vmspec_base("ram-low"));
    qtest_qmp_assert_success(qts, "{'execute': 'device_add', 'arguments': {"
        "'driver': 'pc-dimm', 'memdev': 'a'}}");
    plug_refused(qts, "no free slots",
                 "{'driver': 'pc-dimm', 'memdev': 'b'}");
}

/* virtio-mem needs no slots, so a machine without ACPI takes it, too. */
static void test_virtio(const void *machine)
{
    g_autoptr(QTestState) qts = vmspec_start(machine, "-m 64M,maxmem=1G "
        "-device pcie-root-port,id=rp0,chassis=1,addr=1 "
        "-device pcie-root-port,id=rp1,chassis=2,addr=2 "
        BACKEND("a") " " BACKEND("b") " "
        "-device virtio-mem-pci,id=cold,memdev=a,bus=rp1");
    uint64_t base = vmspec_base("device-memory");
    QDict *reply;

    qtest_qmp_assert_success(qts, "{'execute': 'device_add', 'arguments': {"
                             "'driver': 'virtio-pmem-pci', 'id': 'hot',"
                             "'memdev': 'b', 'bus': 'rp0'}}");
    qtest_qmp_assert_success(qts, "{'execute': 'qom-set', 'arguments': {"
                             "'path': 'cold', 'property': 'requested-size',"
                             "'value': 67108864}}");
    plug_removal_refused(qts, "cold", "requested-size");
    plug_refused(qts, "no memory slots",
                 "{'driver': 'pc-dimm', 'memdev': 'b'}");
    reply = qtest_qmp(qts, "{'execute': 'query-memory-devices'}");
    g_assert_cmpint(qlist_size(qdict_get_qlist(reply, "return")), ==, 2);
    qobject_unref(reply);
    qtest_writel(qts, base + DIMM_SIZE, 0x12345678);
    g_assert_cmphex(qtest_readl(qts, base + DIMM_SIZE), ==, 0x12345678);
}

/* FDT and SRAT describe memory of -device; free memory is of the last node. */
static void test_dimms_described(void)
{
    g_autoptr(QTestState) qts = vmspec_start(ACPI, SLOTS NODES
        BACKEND("a") " " BACKEND("b") " " BACKEND("c") " "
        "-device pc-dimm,memdev=a,node=1 -device nvdimm,memdev=b,node=1 "
        "-device pc-dimm,memdev=c,node=0");
    uint64_t base = vmspec_base("device-memory");
    Dimm want[] = {
        { base, DIMM_SIZE, 1, false },
        { base + DIMM_SIZE, DIMM_SIZE, 1, true },
        { base + 2 * DIMM_SIZE, DIMM_SIZE, 0, false },
    };

    dimms_check_fdt(qts, want, ARRAY_SIZE(want));
    dimms_check_tables(qts, want, ARRAY_SIZE(want), 4 * GiB - RAM_SIZE, 1);
}

/*
 * FDT and tables do not change while the guest runs. A reset writes them anew,
 * with the memory devices that are plugged then.
 */
static void test_reset_describes_anew(void)
{
    g_autoptr(QTestState) qts = vmspec_start(ACPI, SLOTS NODES);
    uint64_t base = vmspec_base("device-memory");
    uint64_t size = 4 * GiB - RAM_SIZE;
    Dimm want[] = {
        { base, DIMM_SIZE, 0, false },
        { base + DIMM_SIZE, DIMM_SIZE, 1, true },
    };

    dimms_check_fdt(qts, NULL, 0);
    dimms_check_tables(qts, NULL, 0, size, 1);
    plug_dimm(qts, "pc-dimm", "d0", 0);
    plug_dimm(qts, "nvdimm", "n0", 1);
    dimms_check_fdt(qts, NULL, 0);
    dimms_check_tables(qts, NULL, 0, size, 1);
    qtest_system_reset(qts);
    dimms_check_fdt(qts, want, 2);
    dimms_check_tables(qts, want, 2, size, 1);

    plug_request_removal(qts, "d0");
    memhp_write(qts, 0, MEMHP_FLAGS, MEMHP_EJECT);
    qtest_qmp_eventwait(qts, "DEVICE_DELETED");
    qtest_system_reset(qts);
    dimms_check_fdt(qts, want + 1, 1);
    dimms_check_tables(qts, want + 1, 1, size, 1);
}

/* A plug event that the guest has not handled moves with the machine. */
static void test_plug_event_moves(void)
{
    static const char options[] = SLOTS NODES BACKEND("a") " " BACKEND("m")
        " -device nvdimm,memdev=a,id=n0"
        " -device virtio-mem-pci,memdev=m,id=m0,addr=2,memaddr=0x2040000000";
    QTestState *source = vmspec_start(ACPI, "%s", options);
    g_autoptr(QTestState) target = NULL;
    uint64_t base = vmspec_base("device-memory");
    Dimm want[] = {
        { base, DIMM_SIZE, 0, true },
        { base + DIMM_SIZE, DIMM_SIZE, 0, false },
    };

    plug_dimm(source, "pc-dimm", "d0", 0);
    qtest_writeq(source, base, 0x0123456789abcdefull);
    qtest_writeq(source, base + DIMM_SIZE, 0xfedcba9876543210ull);
    migrate_out(source);
    target = vmspec_start(ACPI, "%s " BACKEND("d0-ram") " "
                          "-device pc-dimm,memdev=d0-ram,id=d0 "
                          MIGRATE_TARGET, options);
    migrate_in(target);
    g_assert_cmphex(qtest_readl(target, vmspec_base("acpi-ged")), ==,
                    GED_MEMORY);
    g_assert_cmphex(memhp_read(target, 1, MEMHP_FLAGS), ==,
                    MEMHP_ENABLED | MEMHP_INSERTING);
    g_assert_cmphex(qtest_readq(target, base), ==, 0x0123456789abcdefull);
    g_assert_cmphex(qtest_readq(target, base + DIMM_SIZE), ==,
                    0xfedcba9876543210ull);
    dimms_check_fdt(target, want, 1);
    qtest_system_reset(target);
    dimms_check_fdt(target, want, 2);
    dimms_check_tables(target, want, 2, 4 * GiB - RAM_SIZE, 1);
}

/* The register of _DSM is there only with nvdimm=on. */
static void test_nvdimm_register(void)
{
    static const char *const machines[] = { ",acpi=on", ACPI };
    uint64_t at = vmspec_base("acpi-memhp") +
                  contract_value(vmspec_contract(), "acpi-memhp-nvdimm");

    for (int i = 0; i < ARRAY_SIZE(machines); i++) {
        g_autoptr(QTestState) qts = vmspec_start(machines[i], SLOTS);
        g_autoptr(GPtrArray) ranges = mtree_flat(qts);
        const MtreeRange *found = NULL;

        for (unsigned j = 0; j < ranges->len; j++) {
            const MtreeRange *r = g_ptr_array_index(ranges, j);

            found = r->base == at ? r : found;
        }
        g_assert_cmpint(found != NULL, ==, i);
        g_assert_true(!found || found->size == 4);
    }
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/memory/plug", test_plug_dimm);
    qtest_add_func("/vmspec/memory/plug-nvdimm", test_plug_nvdimm);
    qtest_add_func("/vmspec/memory/plug-refused", test_plug_refused);
    qtest_add_func("/vmspec/memory/unplug", test_unplug_dimm);
    qtest_add_data_func("/vmspec/memory/virtio/fdt", ",acpi=off",
                        test_virtio);
    qtest_add_data_func("/vmspec/memory/virtio/acpi", ",acpi=on",
                        test_virtio);
    qtest_add_func("/vmspec/memory/described", test_dimms_described);
    qtest_add_func("/vmspec/memory/reset-describes-anew",
                   test_reset_describes_anew);
    qtest_add_func("/vmspec/memory/migration", test_plug_event_moves);
    qtest_add_func("/vmspec/memory/nvdimm-register", test_nvdimm_register);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
