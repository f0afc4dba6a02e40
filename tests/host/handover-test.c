/*
 * vmspec host test: EFI's tables and memory map for a kernel without firmware
 *
 * platform.md, section 8.2. Offsets and types are typed from UEFI 2.10, never
 * taken from the code's macros.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>
#include <inttypes.h>
#include <libfdt.h>
#include <string.h>

#include "hw/arm/vmspec/handover/efi.h"
#include "plan-config.h"

#define CONVENTIONAL 7
#define ACPI_RECLAIM 9
#define NAME(c, name) strncpy((char *)(c), name, 56)

static uint8_t rsdp[36], tables[0x3000], anchor[24], structures[0x200];
static uint8_t script[8 * 128];
static VmspecPlugged plugged;

static uint64_t lenum(const uint8_t *p, unsigned bytes)
{
    uint64_t value = 0;

    while (bytes--) {
        value = value << 8 | p[bytes];
    }
    return value;
}

static void set_number(uint8_t *p, uint64_t value, unsigned bytes)
{
    for (; bytes; bytes--, value >>= 8) {
        *p++ = value;
    }
}

/* An input as QEMU makes it, with an empty script */
static VmspecHandoverInput example(const VmspecConfig *c)
{
    VmspecHandoverInput in = {
        .plan = plan_that_fits(c), .plugged = &plugged, .script = script,
        .script_size = sizeof(script),
        .file = {
            [VMSPEC_HANDOVER_RSDP] = { "etc/acpi/rsdp", rsdp, 36, 36 },
            [VMSPEC_HANDOVER_TABLES] = {
                "etc/acpi/tables", tables, 0x3000, 0x5000,
            },
            [VMSPEC_HANDOVER_SMBIOS_ANCHOR] = { NULL, anchor, 24, 24 },
            [VMSPEC_HANDOVER_SMBIOS_TABLES] = {
                NULL, structures, 0x200, 0x200,
            },
        },
    };

    memset(script, 0, sizeof(script));
    memset(tables, 0, sizeof(tables));
    memset(&plugged, 0, sizeof(plugged));
    memcpy(anchor, "_SM3_", 5);
    anchor[6] = sizeof(anchor);
    return in;
}

static uint8_t *written(const VmspecHandoverInput *in, VmspecHandover *h)
{
    uint8_t *out;

    g_assert_true(vmspec_handover_place(in, h));
    out = g_malloc(h->region.size);
    memset(out, 0xa5, h->region.size);
    g_assert_cmpstr(vmspec_handover_write(in, h, out), ==, NULL);
    return out;
}

static void add_allocation(unsigned n, const char *name, unsigned align)
{
    set_number(script + 128 * n, 1, 4);
    NAME(script + 128 * n + 4, name);
    set_number(script + 128 * n + 60, align, 4);
}

static void point(unsigned n, const char *from, const char *to,
                  unsigned offset, unsigned size)
{
    set_number(script + 128 * n, 2, 4);
    NAME(script + 128 * n + 4, from);
    NAME(script + 128 * n + 60, to);
    set_number(script + 128 * n + 116, offset, 4);
    script[128 * n + 120] = size;
}

static void sum_up(unsigned n, const char *name, unsigned offset,
                   unsigned start, unsigned length)
{
    set_number(script + 128 * n, 3, 4);
    NAME(script + 128 * n + 4, name);
    set_number(script + 128 * n + 60, offset, 4);
    set_number(script + 128 * n + 64, start, 4);
    set_number(script + 128 * n + 68, length, 4);
}

/* The region ends where RAM ends or at 4 GiB, and has the large granule. */
static void test_place(void)
{
    static const struct { uint64_t ram, end; } rows[] = {
        { MIB(128), 0x48000000 },
        { GIB(1), 0x80000000 },
        { GIB(3), 0x100000000 },
        { GIB(255), 0x100000000 },
    };

    for (unsigned n = 0; n < G_N_ELEMENTS(rows); n++) {
        VmspecConfig c = plan_config();
        VmspecHandoverInput in;
        VmspecHandover h;

        c.ram_size = rows[n].ram;
        in = example(&c);
        g_assert_true(vmspec_handover_place(&in, &h));
        g_assert_cmphex(h.region.base + h.region.size, ==, rows[n].end);
        g_assert_cmphex(h.region.base % 0x10000, ==, 0);
        g_assert_cmphex(h.region.size, <=, 0x20000);
        g_assert_cmphex(h.map % 8, ==, 0);
        for (int id = 0; id < VMSPEC_HANDOVER_NUM_FILES; id++) {
            g_assert_cmphex(h.file[id], >, h.map);
            g_assert_cmphex(h.file[id] + in.file[id].room, <=, rows[n].end);
        }
    }
}

/* 512 CPUs and 256 memory slots need room, too. */
static void test_place_large(void)
{
    VmspecConfig c = plan_config();
    VmspecHandoverInput in;
    VmspecHandover h;

    c.acpi = VMSPEC_ACPI_ON;
    c.mem_slots = 256;
    c.device_memory_size = GIB(64);
    set_cpus(&c, 512);
    in = example(&c);
    in.file[VMSPEC_HANDOVER_TABLES].room = 0x80000;
    g_assert_true(vmspec_handover_place(&in, &h));
    g_assert_cmphex(h.region.size, >, 0x80000 + 256 * 40);
    /* RAM that is smaller than the tables */
    in.file[VMSPEC_HANDOVER_TABLES].room = GIB(2);
    g_assert_false(vmspec_handover_place(&in, &h));
}

static uint32_t crc32_slow(const uint8_t *p, size_t size)
{
    uint32_t crc = ~0u;

    for (size_t bit = 0; bit < 8 * size; bit++) {
        uint32_t in = p[bit / 8] >> bit % 8 & 1;

        crc = (crc >> 1) ^ ((crc & 1) ^ in ? 0xedb88320 : 0);
    }
    return ~crc;
}

static void test_system_table(void)
{
    VmspecConfig c = plan_config();
    VmspecHandoverInput in = example(&c);
    VmspecHandover h;
    g_autofree uint8_t *out = written(&in, &h);
    uint8_t *t = out + (h.system_table - h.region.base);
    const uint8_t *entries;
    uint32_t crc = lenum(t + 16, 4);
    uint8_t sum = 0;

    g_assert_cmpmem(t, 8, "IBI SYST", 8);
    g_assert_cmphex(lenum(t + 8, 4), ==, 0x00020064);
    g_assert_cmpuint(lenum(t + 12, 4), ==, 120);
    set_number(t + 16, 0, 4);
    g_assert_cmphex(crc32_slow(t, 120), ==, crc);
    /* the vendor in UTF-16, and neither runtime nor boot services */
    g_assert_cmpmem(out + (lenum(t + 24, 8) - h.region.base), 14,
                    "v\0m\0s\0p\0e\0c\0\0", 14);
    g_assert_cmphex(lenum(t + 88, 8), ==, 0);
    g_assert_cmphex(lenum(t + 96, 8), ==, 0);
    g_assert_cmpuint(lenum(t + 104, 8), ==, 4);

    entries = out + (lenum(t + 112, 8) - h.region.base);
    g_assert_cmphex(lenum(entries, 4), ==, 0x8868e871);
    g_assert_cmphex(lenum(entries + 16, 8), ==, h.file[VMSPEC_HANDOVER_RSDP]);
    g_assert_cmphex(lenum(entries + 24, 4), ==, 0xf2fd1544);
    g_assert_cmphex(lenum(entries + 40, 8), ==,
                    h.file[VMSPEC_HANDOVER_SMBIOS_ANCHOR]);
    /* runtime properties: version 1, 8 bytes, no service */
    g_assert_cmphex(lenum(entries + 48, 4), ==, 0xeb66918a);
    g_assert_cmphex(lenum(out + (lenum(entries + 64, 8) - h.region.base), 8),
                    ==, 0x80001);
    /* an empty list of what a kexec must keep */
    g_assert_cmphex(lenum(entries + 72, 4), ==, 0x888eb0c6);
    g_assert_cmphex(lenum(out + (lenum(entries + 88, 8) - h.region.base), 8),
                    ==, 0);

    t = out + (h.file[VMSPEC_HANDOVER_SMBIOS_ANCHOR] - h.region.base);
    g_assert_cmphex(lenum(t + 16, 8), ==,
                    h.file[VMSPEC_HANDOVER_SMBIOS_TABLES]);
    for (unsigned n = 0; n < 24; n++) {
        sum += t[n];
    }
    g_assert_cmpuint(sum, ==, 0);
}

static const uint8_t *assert_desc(const uint8_t *desc, unsigned type,
                                  uint64_t base, uint64_t size)
{
    g_test_message("%" PRIu64 " 0x%" PRIx64, lenum(desc, 4),
                   lenum(desc + 8, 8));
    g_assert_cmpuint(lenum(desc, 4), ==, type);
    g_assert_cmphex(lenum(desc + 8, 8), ==, base);
    g_assert_cmphex(lenum(desc + 24, 8), ==, size >> 12);
    /* write-back, and no runtime memory */
    g_assert_cmphex(lenum(desc + 32, 8), ==, 0xf);
    return desc + 40;
}

static void test_map(void)
{
    VmspecConfig c = plan_config();
    VmspecHandoverInput in;
    VmspecHandover h;
    g_autofree uint8_t *out = NULL;
    const uint8_t *desc;

    c.ram_size = GIB(4);
    in = example(&c);
    plugged.num_dimms = 2;
    plugged.dimm[0] = (VmspecDimm) { { 0x8000000000, MIB(128) }, 0, false };
    plugged.dimm[1] = (VmspecDimm) { { 0x8100000000, MIB(128) }, 0, true };
    out = written(&in, &h);
    g_assert_cmpuint(h.map_size, ==, 4 * 40);
    desc = out + (h.map - h.region.base);
    desc = assert_desc(desc, CONVENTIONAL, 0x40000000,
                       h.region.base - 0x40000000);
    desc = assert_desc(desc, ACPI_RECLAIM, h.region.base, h.region.size);
    desc = assert_desc(desc, CONVENTIONAL, 0x100000000, GIB(1));
    /* the DIMM, but not the NVDIMM */
    assert_desc(desc, CONVENTIONAL, 0x8000000000, MIB(128));
}

/* A node may end within the region. */
static void test_map_across_nodes(void)
{
    VmspecConfig c = plan_config();
    static const uint8_t cpu_node[1];
    uint64_t mem[2] = { GIB(3) - 0x8000, 0x8000 };
    VmspecHandoverInput in;
    VmspecHandover h;
    g_autofree uint8_t *out = NULL;
    const uint8_t *desc;

    c.ram_size = GIB(3);
    c.num_nodes = 2;
    c.node_mem = mem;
    c.cpu_node = cpu_node;
    in = example(&c);
    out = written(&in, &h);
    g_assert_cmpuint(h.map_size, ==, 3 * 40);
    desc = out + (h.map - h.region.base);
    desc = assert_desc(desc, CONVENTIONAL, 0x40000000,
                       h.region.base - 0x40000000);
    desc = assert_desc(desc, ACPI_RECLAIM, h.region.base,
                       h.region.size - 0x8000);
    assert_desc(desc, ACPI_RECLAIM, 0xffff8000, 0x8000);
}

static void test_script(void)
{
    VmspecConfig c = plan_config();
    VmspecHandoverInput in = example(&c);
    VmspecHandover h;
    g_autofree uint8_t *out = NULL;
    const uint8_t *table;
    uint8_t sum = 0;

    add_allocation(0, "etc/acpi/tables", 64);
    add_allocation(1, "etc/acpi/rsdp", 16);
    set_number(tables + 0x108, 0x1234, 8);
    point(2, "etc/acpi/tables", "etc/acpi/tables", 0x108, 8);
    point(3, "etc/acpi/rsdp", "etc/acpi/tables", 24, 4);
    sum_up(4, "etc/acpi/tables", 0x109 + 20, 0x100, 0x80);
    out = written(&in, &h);
    table = out + (h.file[VMSPEC_HANDOVER_TABLES] - h.region.base);
    g_assert_cmphex(lenum(table + 0x108, 8), ==,
                    h.file[VMSPEC_HANDOVER_TABLES] + 0x1234);
    g_assert_cmphex(lenum(out + (h.file[VMSPEC_HANDOVER_RSDP] -
                                  h.region.base) + 24, 4), ==,
                    h.file[VMSPEC_HANDOVER_TABLES]);
    for (unsigned n = 0; n < 0x80; n++) {
        sum += table[0x100 + n];
    }
    g_assert_cmpuint(sum, ==, 0);
}

static void assert_broken(const VmspecHandoverInput *in, const char *why)
{
    VmspecHandover h;
    g_autofree uint8_t *out = NULL;

    g_assert_true(vmspec_handover_place(in, &h));
    out = g_malloc(h.region.size);
    g_assert_cmpstr(vmspec_handover_write(in, &h, out), ==, why);
    memset(script, 0, sizeof(script));
}

static void test_script_broken(void)
{
    VmspecConfig c = plan_config();
    VmspecHandoverInput in = example(&c);

    add_allocation(0, "etc/acpi/other", 64);
    assert_broken(&in, "the script has an unknown file");
    add_allocation(0, "etc/acpi/tables", 8192);
    assert_broken(&in, "the script wants a larger alignment than a page");
    point(0, "etc/acpi/tables", "etc/acpi/rsdp", 0x2ffd, 4);
    assert_broken(&in, "the script has a pointer outside of the files");
    point(0, "etc/acpi/tables", "etc/acpi/other", 0, 4);
    assert_broken(&in, "the script has a pointer outside of the files");
    point(0, "etc/acpi/tables", "etc/acpi/rsdp", 0, 3);
    assert_broken(&in, "the script has a pointer of an odd size");
    point(0, "etc/acpi/tables", "etc/acpi/rsdp", 0, 2);
    assert_broken(&in, "the script has a pointer that is too small");
    sum_up(0, "etc/acpi/tables", 0, 0x2fff, 2);
    assert_broken(&in, "the script has a checksum outside of the files");
    sum_up(0, "etc/acpi/tables", 0x3000, 0, 2);
    assert_broken(&in, "the script has a checksum outside of the files");
    point(0, "etc/any", "etc/acpi/tables", 0, 8);
    script[0] = 4;
    set_number(script + 120, 0x3000, 4);
    assert_broken(&in, "the script has a pointer outside of the files");
    script[0] = 5;
    assert_broken(&in, "the script has an unknown command");
    in.file[VMSPEC_HANDOVER_RSDP].room = 35;
    assert_broken(&in, "a file has grown beyond its room");
}

static void test_chosen(void)
{
    uint8_t fdt[4096];
    VmspecHandover h = {
        .system_table = 0x7fff0000, .map = 0x7fff0200, .map_size = 120,
    };
    int chosen, size;

    g_assert_cmpint(fdt_create_empty_tree(fdt, sizeof(fdt)), ==, 0);
    fdt_add_subnode(fdt, 0, "memory@40000000");
    fdt_add_subnode(fdt, 0, "chosen");
    fdt_add_subnode(fdt, 0, "cpus");
    vmspec_handover_chosen(&h, fdt);
    chosen = fdt_path_offset(fdt, "/chosen");
    g_assert_cmphex(fdt64_ld(fdt_getprop(fdt, chosen,
                                         "linux,uefi-system-table", &size)),
                    ==, 0x7fff0000);
    g_assert_cmpint(size, ==, 8);
    g_assert_cmphex(fdt64_ld(fdt_getprop(fdt, chosen, "linux,uefi-mmap-start",
                                         &size)), ==, 0x7fff0200);
    g_assert_cmphex(fdt32_ld(fdt_getprop(fdt, chosen, "linux,uefi-mmap-size",
                                         &size)), ==, 120);
    g_assert_cmpint(size, ==, 4);
    g_assert_cmphex(fdt32_ld(fdt_getprop(fdt, chosen,
                                         "linux,uefi-mmap-desc-size", &size)),
                    ==, 40);
    g_assert_cmphex(fdt32_ld(fdt_getprop(fdt, chosen,
                                         "linux,uefi-mmap-desc-ver", &size)),
                    ==, 1);
    g_assert_cmphex(fdt32_ld(fdt_getprop(fdt, chosen,
                                         "linux,uefi-secure-boot", &size)),
                    ==, 0);

    vmspec_handover_stub(fdt);
    g_assert_cmpstr(fdt_get_name(fdt, fdt_first_subnode(fdt, 0), NULL), ==,
                    "chosen");
    g_assert_cmpint(fdt_next_subnode(fdt, fdt_first_subnode(fdt, 0)), <, 0);

    vmspec_handover_chosen(NULL, fdt);
    chosen = fdt_path_offset(fdt, "/chosen");
    g_assert_cmpint(fdt_first_property_offset(fdt, chosen), <, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vmspec/handover/place", test_place);
    g_test_add_func("/vmspec/handover/place-large", test_place_large);
    g_test_add_func("/vmspec/handover/system-table", test_system_table);
    g_test_add_func("/vmspec/handover/map", test_map);
    g_test_add_func("/vmspec/handover/map-across-nodes",
                    test_map_across_nodes);
    g_test_add_func("/vmspec/handover/script", test_script);
    g_test_add_func("/vmspec/handover/script-broken", test_script_broken);
    g_test_add_func("/vmspec/handover/chosen", test_chosen);
    return g_test_run();
}
