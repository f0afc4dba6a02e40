/*
 * vmspec tests: reading a machine's FDT
 *
 * See fdt-blob.h. The name is not fdt.h, which is a header of libfdt's.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "fdt-blob.h"
#include "machine.h"

/* More than QEMU makes; a larger size in the header is garbage. */
#define FDT_MAX (2 * MiB)

void *vmspec_fdt_at(QTestState *qts, uint64_t base)
{
    struct fdt_header header;
    void *fdt;

    qtest_memread(qts, base, &header, sizeof(header));
    g_assert_cmphex(fdt_magic(&header), ==, FDT_MAGIC);
    g_assert_cmpuint(fdt_totalsize(&header), <, FDT_MAX);
    fdt = g_malloc(fdt_totalsize(&header));
    qtest_memread(qts, base, fdt, fdt_totalsize(&header));
    g_assert_cmpint(fdt_check_header(fdt), ==, 0);
    return fdt;
}

void *vmspec_fdt_in_ram(QTestState *qts)
{
    return vmspec_fdt_at(qts, vmspec_base("ram-low"));
}

void *vmspec_fdt_dump(const char *machine, const char *options)
{
    g_autofree char *path = scratch_path("fdt.dtb");
    g_autoptr(VmspecRun) run = NULL;
    char *fdt;

    run = vmspec_run("-M vmspec%s,dumpdtb=%s -nodefaults -bios %s %s",
                     machine, path, vmspec_stub(), options);
    g_test_message("%s %s: %s", machine, options, run->err);
    g_assert_cmpint(run->status, ==, 0);
    g_assert_true(g_file_get_contents(path, &fdt, NULL, NULL));
    g_assert_cmpint(fdt_check_header(fdt), ==, 0);
    return fdt;
}

const fdt32_t *vmspec_fdt_cells(const void *fdt, int node, const char *prop,
                                unsigned *count)
{
    int len = 0;
    const void *cells = fdt_getprop(fdt, node, prop, &len);

    *count = cells ? len / sizeof(fdt32_t) : 0;
    return cells;
}

uint32_t vmspec_fdt_first_cell(const void *fdt, int node, const char *prop,
                               uint32_t absent)
{
    unsigned count;
    const fdt32_t *cells = vmspec_fdt_cells(fdt, node, prop, &count);

    return count ? fdt32_ld(cells) : absent;
}

uint32_t vmspec_fdt_cell(const void *fdt, int node, const char *prop)
{
    unsigned count;
    const fdt32_t *cells = vmspec_fdt_cells(fdt, node, prop, &count);

    g_test_message("%s of %s: %u cells", prop, fdt_get_name(fdt, node, NULL),
                   count);
    g_assert_cmpuint(count, ==, 1);
    return fdt32_ld(cells);
}

uint64_t vmspec_fdt_number(const fdt32_t **cells, unsigned count)
{
    uint64_t value = 0;

    while (count-- > 0) {
        value = value << 32 | fdt32_ld((*cells)++);
    }
    return value;
}

/* @address on the bus of @bus as the parents of @bus see it */
static uint64_t translate(const void *fdt, int bus, uint64_t address)
{
    unsigned count;
    const fdt32_t *range = vmspec_fdt_cells(fdt, bus, "ranges", &count);
    int parent = count ? fdt_parent_offset(fdt, bus) : 0;
    unsigned low = fdt_address_cells(fdt, bus);
    unsigned high = fdt_address_cells(fdt, parent);
    unsigned length = fdt_size_cells(fdt, bus);

    for (unsigned i = 0; i + low + high + length <= count;
         i += low + high + length) {
        uint64_t from = vmspec_fdt_number(&range, low);
        uint64_t to = vmspec_fdt_number(&range, high);

        if (address - from < vmspec_fdt_number(&range, length)) {
            return translate(fdt, parent, to + address - from);
        }
    }
    return address;
}

bool vmspec_fdt_range(const void *fdt, int node, unsigned n, uint64_t *base,
                      uint64_t *size)
{
    int parent = fdt_parent_offset(fdt, node);
    unsigned address = fdt_address_cells(fdt, parent);
    unsigned length = fdt_size_cells(fdt, parent);
    unsigned count;
    const fdt32_t *cells = vmspec_fdt_cells(fdt, node, "reg", &count);

    if (count < (n + 1) * (address + length)) {
        return false;
    }
    cells += n * (address + length);
    *base = translate(fdt, parent, vmspec_fdt_number(&cells, address));
    *size = vmspec_fdt_number(&cells, length);
    return true;
}
