/*
 * vmspec qtest: what a start makes, and what it leaves out
 *
 * A table that nobody can read is not built, files for the firmware are as
 * large as their contents, and whatever a start does not look for is still
 * found when it is asked for.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "vmspec/machine.h"

#define TABLES "/rom@etc/acpi/tables"
#define LINKER "/rom@etc/table-loader"

/* A file that the machine takes for an arm64 Image; g_free() the path. */
static char *kernel_image(void)
{
    uint8_t header[64] = { [0x38] = 'A', 'R', 'M', 0x64 };

    return scratch_file("Image", header, sizeof(header), 4096);
}

static char *start_direct(const char *options)
{
    g_autofree char *kernel = kernel_image();
    g_autoptr(QTestState) qts = qtest_initf("-M vmspec -nodefaults -kernel %s "
                                            "%s", kernel, options);

    return qtest_hmp(qts, "info ramblock");
}

/* Without firmware nobody reads fw_cfg's tables; with firmware it does. */
static void test_tables_have_a_reader(void)
{
    g_autofree char *direct = start_direct("");
    g_autoptr(QTestState) qts = vmspec_start("", "%s", "");
    g_autofree char *blocks = qtest_hmp(qts, "info ramblock");

    g_test_message("%s%s", direct, blocks);
    g_assert_null(strstr(direct, "etc/acpi"));
    g_assert_nonnull(strstr(blocks, TABLES));
}

/* The used and the largest size of a RAM block, as "info ramblock" has them */
static void block_sizes(QTestState *qts, const char *name, uint64_t *used,
                        uint64_t *largest)
{
    g_autofree char *blocks = qtest_hmp(qts, "info ramblock");
    const char *line = strstr(blocks, name);

    g_assert_nonnull(line);
    g_test_message("%.90s", line);
    g_assert_cmpint(sscanf(line + strlen(name), "%*s %*s %*x %" SCNx64 " %"
                           SCNx64, used, largest), ==, 2);
}

/* A reset copies a file, so that it is no larger than a rebuild can make it. */
static void test_table_files_are_small(void)
{
    QTestState *qts = vmspec_start("", "%s", "");
    uint64_t used, largest;

    block_sizes(qts, TABLES, &used, &largest);
    g_assert_cmphex(used, ==, largest);
    g_assert_cmphex(largest, <=, 32 * KiB);
    block_sizes(qts, LINKER, &used, &largest);
    g_assert_cmphex(largest, <=, 4 * KiB);
    qtest_quit(qts);
}

/* NVDIMMs that are plugged later need an NFIT of up to 46 KiB. */
static void test_table_files_have_room(void)
{
    QTestState *qts = vmspec_start(",nvdimm=on",
                                   "-m 512M,slots=256,maxmem=4G");
    uint64_t used, largest;

    block_sizes(qts, TABLES, &used, &largest);
    g_assert_cmphex(largest - used, >=, 46 * KiB);
    qtest_quit(qts);
}

/* "info pci" has a line "Bus 0, device N, function 0:" before each device. */
static void assert_slot(const char *pci, unsigned slot, const char *id)
{
    g_autofree char *head = g_strdup_printf("Bus  0, device%4u,", slot);
    const char *device = strstr(pci, head);
    const char *found = device ? strstr(device, "PCI device ") : NULL;

    g_test_message("slot %u: %.*s", slot, found ? 20 : 0, found);
    g_assert_nonnull(found);
    g_assert_true(g_str_has_prefix(found + strlen("PCI device "), id));
}

static void test_nics(const void *opaque)
{
    const char *const *nics = opaque;
    g_autoptr(QTestState) qts = vmspec_start("", "%s", nics[0]);
    g_autofree char *pci = qtest_hmp(qts, "info pci");

    for (unsigned slot = 1; nics[slot]; slot++) {
        assert_slot(pci, slot, nics[slot]);
    }
}

/* Options, and the IDs of the devices from slot 1 on */
static const char *const of_net[] = {
    "-net nic -net nic", "1af4:1000", "1af4:1000", NULL,
};
static const char *const of_net_model[] = {
    "-net nic,model=e1000 -net nic", "8086:100e", "1af4:1000", NULL,
};
static const char *const of_nic[] = {
    "-nic hubport,hubid=0,model=e1000 -nic hubport,hubid=1 -nic none",
    "8086:100e", "1af4:1000", NULL,
};

/*
 * Devices share one layout of the address spaces. A device that may look at
 * the address space is made behind it, and so is memory: in each order all
 * regions are there.
 */
static void test_layout(const void *opaque)
{
    g_autoptr(QTestState) qts = vmspec_start("", "%s", (const char *)opaque);
    uint64_t dimm = vmspec_base("device-memory");

    qtest_writel(qts, dimm, 0x5aa5c33c);
    g_assert_cmphex(qtest_readl(qts, dimm), ==, 0x5aa5c33c);
    qtest_writel(qts, vmspec_base("ram-low"), 0x12345678);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("ram-low")), ==, 0x12345678);
    /* vendor and device of 00:01.0, virtio-rng-pci */
    g_assert_cmphex(qtest_readl(qts, vmspec_base("pcie-ecam") + (1 << 15)), ==,
                    0x10051af4);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("uart0") + 0xfe0) & 0xff, ==,
                    0x11);
}

#define MEMORY "-m 512M,slots=2,maxmem=2G " \
    "-object memory-backend-ram,id=m0,size=256M -device pc-dimm,memdev=m0 "
#define RNG "-device virtio-rng-pci,addr=1 "
#define OTHER "-device edu,addr=2 "

static const struct { const char *name, *options; } orders[] = {
    { "memory-last", RNG OTHER MEMORY },
    { "memory-first", MEMORY RNG OTHER },
    { "other-first", OTHER RNG MEMORY },
    { "none-other", RNG MEMORY },
    { "virtio-mmio", RNG "-device virtio-scsi-device -device virtio-rng-device "
      MEMORY },
};

static void add_tests(void)
{
    qtest_add_func("/vmspec/start/tables-have-a-reader",
                   test_tables_have_a_reader);
    qtest_add_func("/vmspec/start/table-files-are-small",
                   test_table_files_are_small);
    qtest_add_func("/vmspec/start/table-files-have-room",
                   test_table_files_have_room);
    qtest_add_data_func("/vmspec/start/nics/net", of_net, test_nics);
    qtest_add_data_func("/vmspec/start/nics/net-model", of_net_model,
                        test_nics);
    qtest_add_data_func("/vmspec/start/nics/nic", of_nic, test_nics);
    for (int i = 0; i < ARRAY_SIZE(orders); i++) {
        g_autofree char *path = g_strconcat("/vmspec/start/layout/",
                                            orders[i].name, NULL);

        qtest_add_data_func(path, orders[i].options, test_layout);
    }
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
