/*
 * vmspec tests: the facts that the FDT states about the host bridge
 *
 * IEEE 1275's PCI binding with pci-host-ecam-generic: windows, the interrupt
 * of each pin of each slot (interrupt-map), and where requester IDs go
 * (msi-map, iommu-map).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-fdt.h"

#define PCI_CELLS 3
#define SPACE(hi) ((hi) >> 24 & 3)
#define SPACE_IO 1
#define PREFETCHABLE(hi) ((hi) >> 30 & 1)
#define SLOT_SHIFT 11
#define SLOTS 32
#define PINS 4

static void windows(FdtReader *r, int node)
{
    static const char *const spaces[] = {
        "configuration", "io window", "32-bit window", "64-bit window"
    };
    unsigned count, parent = fdt_address_cells(r->fdt, 0);
    unsigned size_cells = fdt_size_cells(r->fdt, node);
    unsigned entry = PCI_CELLS + parent + size_cells;
    const fdt32_t *cell = vmspec_fdt_cells(r->fdt, node, "ranges", &count);

    for (unsigned i = 0; i + entry <= count; i += entry) {
        uint32_t hi = vmspec_fdt_number(&cell, 1);
        uint64_t pci = vmspec_fdt_number(&cell, 2);
        uint64_t cpu = vmspec_fdt_number(&cell, parent);
        uint64_t size = vmspec_fdt_number(&cell, size_cells);
        g_autofree char *name = g_strdup_printf("pcie %s", spaces[SPACE(hi)]);

        agree_fact(r->source, name, "pci address", "0x%" PRIx64, pci);
        agree_fact(r->source, name, "base", "0x%" PRIx64, cpu);
        agree_fact(r->source, name, "size", "0x%" PRIx64, size);
        if (SPACE(hi) != SPACE_IO) {
            agree_fact(r->source, name, "prefetchable", "%s",
                       PREFETCHABLE(hi) ? "yes" : "no");
        }
        agree_range(r->source, name, cpu, size);
    }
}

/* The interrupt of one pin, NULL if the map has no entry for it */
static char *route(FdtReader *r, int node, unsigned slot, unsigned pin)
{
    unsigned count, masks;
    const fdt32_t *map = vmspec_fdt_cells(r->fdt, node, "interrupt-map",
                                          &count);
    const fdt32_t *mask = vmspec_fdt_cells(r->fdt, node, "interrupt-map-mask",
                                           &masks);
    uint32_t want[PCI_CELLS + 1] = { slot << SLOT_SHIFT, 0, 0, pin };

    while (count > PCI_CELLS + 2 && masks == PCI_CELLS + 1) {
        int gic = fdt_node_offset_by_phandle(r->fdt,
                                             fdt32_ld(&map[PCI_CELLS + 1]));
        unsigned address = vmspec_fdt_first_cell(r->fdt, gic,
                                                 "#address-cells", 0);
        unsigned entry = PCI_CELLS + 2 + address + 3;
        bool match = true;

        if (gic < 0 || count < entry) {
            agree_problem(r->source, "pcie", "interrupt-map", "is broken");
            return NULL;
        }
        for (unsigned i = 0; i < PCI_CELLS + 1; i++) {
            match &= (want[i] & fdt32_ld(&mask[i])) == fdt32_ld(&map[i]);
        }
        if (match) {
            return agree_fdt_gic_cells(r, map + PCI_CELLS + 2 + address);
        }
        map += entry;
        count -= entry;
    }
    return NULL;
}

static void routes(FdtReader *r, int node)
{
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        g_autofree char *name = g_strdup_printf("pcie slot %u", slot);

        for (unsigned pin = 0; pin < PINS; pin++) {
            g_autofree char *field = g_strdup_printf("INT%c", 'A' + pin);
            g_autofree char *text = route(r, node, slot, pin + 1);

            agree_fact(r->source, name, field, "%s", text ?: "none");
        }
    }
}

/*
 * The device that a map's phandle names: a word, and the number that
 * identifies it
 */
static const char *target(FdtReader *r, uint32_t phandle, uint64_t *base)
{
    int node = fdt_node_offset_by_phandle(r->fdt, phandle);
    uint64_t size;

    *base = 0;
    if (node >= 0 && !fdt_node_check_compatible(r->fdt, node,
                                                "virtio,pci-iommu")) {
        /* its requester ID, from phys.hi of its reg */
        *base = vmspec_fdt_first_cell(r->fdt, node, "reg", 0) >> 8 & 0xffff;
        return "virtio-iommu";
    }
    if (node < 0) {
        return "nothing";
    }
    vmspec_fdt_range(r->fdt, node, 0, base, &size);
    if (!fdt_node_check_compatible(r->fdt, node, "arm,smmu-v3")) {
        return "smmu";
    }
    return fdt_node_check_compatible(r->fdt, node, "arm,gic-v3-its") ? "v2m" :
           "its";
}

static void rid_map(FdtReader *r, int node, const char *prop,
                    const char *field)
{
    g_autoptr(GString) text = g_string_new(NULL);
    unsigned count;
    const fdt32_t *cell = vmspec_fdt_cells(r->fdt, node, prop, &count);

    for (unsigned i = 0; i + 4 <= count; i += 4) {
        unsigned first = fdt32_ld(&cell[i]);
        unsigned length = fdt32_ld(&cell[i + 3]);
        uint64_t base;
        const char *to = target(r, fdt32_ld(&cell[i + 1]), &base);
        g_autofree char *one = agree_rid_map(first, first + length - 1, to,
                                             base, fdt32_ld(&cell[i + 2]));

        if (length) {
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", one);
        }
    }
    agree_fact(r->source, "pcie", field, "%s", text->len ? text->str : "none");
}

void agree_fdt_pcie(FdtReader *r, int node)
{
    unsigned count;
    const fdt32_t *buses = vmspec_fdt_cells(r->fdt, node, "bus-range", &count);
    uint64_t base, size;

    if (count != 2 || !vmspec_fdt_range(r->fdt, node, 0, &base, &size)) {
        agree_problem(r->source, "pcie", "ecam base", "has no bus-range, reg");
        return;
    }
    agree_fact(r->source, "pcie", "ecam base", "0x%" PRIx64, base);
    agree_fact(r->source, "pcie", "ecam size", "0x%" PRIx64, size);
    agree_range(r->source, "pcie ecam", base, size);
    agree_fact(r->source, "pcie", "buses", "%u to %u", fdt32_ld(&buses[0]),
               fdt32_ld(&buses[1]));
    agree_fact(r->source, "pcie", "segment", "%u",
               vmspec_fdt_first_cell(r->fdt, node, "linux,pci-domain", 0));
    agree_fact(r->source, "pcie", "dma-coherent", "%s",
               fdt_getprop(r->fdt, node, "dma-coherent", NULL) ? "yes" : "no");
    windows(r, node);
    routes(r, node);
    rid_map(r, node, "msi-map", "msi");
    rid_map(r, node, "iommu-map", "iommu");
}
