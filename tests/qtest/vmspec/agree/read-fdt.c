/*
 * vmspec tests: the facts that the FDT states
 *
 * Walks over all nodes. A table has a function for each kind of node, by its
 * compatible or its path. A node of no kind is a problem.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-fdt.h"

/* The GIC's binding: arm,gic-v3.yaml */
#define GIC_PPI 1
#define SPI_BASE 32
#define PPI_BASE 16
#define FLAG_EDGE_RISING 1
#define FLAG_EDGE_FALLING 2
#define FLAG_LEVEL_HIGH 4
#define FLAG_LEVEL_LOW 8
#define FLAG_TYPES 0xf
#define PPI_MASK_SHIFT 8
#define KEY_POWER 116
#define KEY_WAKEUP 143

static const char *trigger(uint32_t flags)
{
    switch (flags & FLAG_TYPES) {
    case FLAG_EDGE_RISING:
        return "edge rising";
    case FLAG_EDGE_FALLING:
        return "edge falling";
    case FLAG_LEVEL_HIGH:
        return "level high";
    case FLAG_LEVEL_LOW:
        return "level low";
    default:
        return "of no trigger";
    }
}

char *agree_fdt_gic_cells(FdtReader *r, const fdt32_t *cells)
{
    bool ppi = fdt32_ld(&cells[0]) == GIC_PPI;
    uint32_t flags = fdt32_ld(&cells[2]);
    unsigned cpus = flags >> PPI_MASK_SHIFT;

    if (cpus && (!ppi || cpus != (1u << r->num_cpus) - 1)) {
        agree_problem(r->source, "gic", "private interrupt",
                      "is for CPUs 0x%x, there are %u", cpus, r->num_cpus);
    }
    return g_strdup_printf("%u %s", fdt32_ld(&cells[1]) +
                           (ppi ? PPI_BASE : SPI_BASE), trigger(flags));
}

char *agree_fdt_interrupt(FdtReader *r, int node, unsigned n)
{
    unsigned count;
    const fdt32_t *cells = vmspec_fdt_cells(r->fdt, node, "interrupts",
                                            &count);

    return count >= 3 * (n + 1) ? agree_fdt_gic_cells(r, cells + 3 * n) :
           NULL;
}

/* All interrupts, in the order of the property */
static char *fdt_interrupts(FdtReader *r, int node)
{
    GString *text = g_string_new(NULL);
    char *one;

    for (unsigned n = 0; (one = agree_fdt_interrupt(r, node, n)); n++) {
        g_string_append_printf(text, "%s%s", n ? ", " : "", one);
        g_free(one);
    }
    return g_string_free(text, !text->len);
}

static void device(FdtReader *r, int node, const char *kind, unsigned n,
                   char *interrupt)
{
    uint64_t base, size;

    if (!vmspec_fdt_range(r->fdt, node, n, &base, &size)) {
        agree_problem(r->source, kind, "base", "has no reg %u", n);
        g_free(interrupt);
        return;
    }
    agree_device(r->source, kind, base, size, interrupt,
                 fdt_getprop(r->fdt, node, "dma-coherent", NULL));
}

#define SIMPLE(name, kind)                              \
    static void name(FdtReader *r, int node)            \
    {                                                   \
        device(r, node, kind, 0, fdt_interrupts(r, node));  \
    }

SIMPLE(serial, "serial")
SIMPLE(rtc, "rtc")
SIMPLE(gpio, "gpio")
SIMPLE(fw_cfg, "fw-cfg")
SIMPLE(virtio_mmio, "virtio-mmio")
SIMPLE(tpm, "tpm")

/* Its interrupt has no place in ACPI, where an event tells. */
static void vmgenid(FdtReader *r, int node)
{
    device(r, node, "vm generation id", 0, NULL);
}

/* Each bank is a device of its own in ACPI. */
static void flash(FdtReader *r, int node)
{
    uint64_t base, size;

    for (unsigned n = 0; vmspec_fdt_range(r->fdt, node, n, &base, &size); n++) {
        device(r, node, "flash", n, NULL);
    }
}

/* arm,sbsa-gwdt.yaml: control frame, refresh frame */
static void watchdog(FdtReader *r, int node)
{
    device(r, node, "watchdog control", 0, fdt_interrupts(r, node));
    device(r, node, "watchdog refresh", 1, NULL);
}

static void smmu_node(FdtReader *r, int node)
{
    static const char *const names[] = {
        "eventq", "priq", "cmdq-sync", "gerror"
    };

    device(r, node, "smmu", 0, NULL);
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        int n = fdt_stringlist_search(r->fdt, node, "interrupt-names",
                                      names[i]);
        g_autofree char *text = n >= 0 ? agree_fdt_interrupt(r, node, n) :
                                NULL;

        agree_fact(r->source, "smmu 0", names[i], "%s", text ?: "none");
    }
}

/*
 * A power button and a wake key on arm,pl061 (gpio-keys). ACPI has a button of
 * its own, and no key: there the line is an event of gpio.
 */
static void gpio_keys(FdtReader *r, int node)
{
    int key;

    fdt_for_each_subnode(key, r->fdt, node) {
        uint32_t code = vmspec_fdt_first_cell(r->fdt, key, "linux,code", 0);

        if (code == KEY_POWER) {
            agree_fact(r->source, "power button", "present", "yes");
        } else if (code != KEY_WAKEUP) {
            agree_problem(r->source, "gpio-keys", "key", "is not known");
        }
    }
}

static void gic_common(FdtReader *r, int node, const char *version)
{
    g_autofree char *maintenance = agree_fdt_interrupt(r, node, 0);

    agree_fact(r->source, "gic", "interface", "%s", version);
    agree_fact(r->source, "gic", "maintenance interrupt", "%s",
               maintenance ?: "none");
    device(r, node, "gic distributor", 0, NULL);
}

static void gicv2(FdtReader *r, int node)
{
    uint64_t base, size;

    gic_common(r, node, "2");
    device(r, node, "gic cpu interface", 1, NULL);
    if (vmspec_fdt_range(r->fdt, node, 2, &base, &size)) {
        device(r, node, "gic virtual control", 2, NULL);
        device(r, node, "gic virtual cpu interface", 3, NULL);
    }
}

static void gicv3(FdtReader *r, int node)
{
    unsigned regions = vmspec_fdt_first_cell(r->fdt, node,
                                             "#redistributor-regions", 1);

    gic_common(r, node, "3");
    for (unsigned n = 0; n < regions; n++) {
        device(r, node, "gic redistributor", 1 + n, NULL);
    }
}

SIMPLE(its, "its")
SIMPLE(v2m, "v2m")

static void chosen(FdtReader *r, int node)
{
    const char *path = fdt_getprop(r->fdt, node, "stdout-path", NULL);
    g_autofree char *interrupt = NULL;
    int console;
    uint64_t base, size;

    console = path ? fdt_path_offset(r->fdt, path) : -1;
    if (console < 0 || !vmspec_fdt_range(r->fdt, console, 0, &base, &size)) {
        agree_problem(r->source, "console", "base", "has no stdout-path");
        return;
    }
    interrupt = agree_fdt_interrupt(r, console, 0);
    agree_fact(r->source, "console", "type", "%s",
               fdt_node_check_compatible(r->fdt, console, "arm,pl011") ?
               "other" : "pl011");
    agree_fact(r->source, "console", "base", "0x%" PRIx64, base);
    /* The SPCR has no trigger. */
    agree_fact(r->source, "console", "interrupt", "%d", atoi(interrupt ?: "0"));
    /* One node describes both; earlycon of a kernel uses it, too. */
    agree_fact(r->source, "debug port", "base", "0x%" PRIx64, base);
    agree_fact(r->source, "debug port", "size", "0x%" PRIx64, size);
}

static void persistent(FdtReader *r, int node)
{
    g_autofree char *name = NULL;
    uint64_t base, size;

    if (!vmspec_fdt_range(r->fdt, node, 0, &base, &size)) {
        agree_problem(r->source, "persistent memory", "reg", "is missing");
        return;
    }
    name = g_strdup_printf("persistent memory 0x%" PRIx64, base);
    agree_fact(r->source, name, "size", "0x%" PRIx64, size);
    agree_unknown(r->source, name, "node", "the binding has no word for it");
    agree_range(r->source, name, base, size);
}

/* A node that another function reads, or that is no device */
static void ignore_node(FdtReader *r, int node)
{
}

static const struct {
    const char *compatible;
    void (*read)(FdtReader *r, int node);
} kinds[] = {
    { "arm,pl011", serial },
    { "arm,pl031", rtc },
    { "arm,pl061", gpio },
    { "qemu,fw-cfg-mmio", fw_cfg },
    { "virtio,mmio", virtio_mmio },
    { "tcg,tpm-tis-mmio", tpm },
    { "microsoft,vmgenid", vmgenid },
    { "cfi-flash", flash },
    { "arm,sbsa-gwdt", watchdog },
    { "arm,smmu-v3", smmu_node },
    { "gpio-keys", gpio_keys },
    { "arm,cortex-a15-gic", gicv2 },
    { "arm,gic-v3", gicv3 },
    { "arm,gic-v3-its", its },
    { "arm,gic-v2m-frame", v2m },
    { "pci-host-ecam-generic", agree_fdt_pcie },
    { "virtio,pci-iommu", ignore_node },    /* of the host bridge's iommu-map */
    { "arm,armv7-timer", agree_fdt_timer },
    { "arm,armv8-pmuv3", agree_fdt_pmu },
    { "arm,psci", agree_fdt_psci },
    { "numa-distance-map-v1", agree_fdt_distances },
    { "pmem-region", persistent },
    { "fixed-clock", ignore_node },         /* the PrimeCells' */
    { "simple-bus", ignore_node },          /* a container (platform bus) */
};

/* Nodes that are known by their place */
static const struct {
    const char *path;
    void (*read)(FdtReader *r, int node);
} places[] = {
    { "/", ignore_node },
    { "/aliases", ignore_node },
    { "/cpus", ignore_node },
    { "/cpus/cpu@*", agree_fdt_cpu },
    { "/cpus/cpu-map", agree_fdt_cpu_map },
    { "/cpus/cpu-map?*", ignore_node },
    { "/cpus/l?-cache*", ignore_node }, /* agree_fdt_cpu_map() reads them */
    { "/memory@*", agree_fdt_memory },
    { "/gpio-keys?*", ignore_node },
    { "/chosen", chosen },
};

static void read_node(FdtReader *r, int node)
{
    char path[256];

    g_assert_cmpint(fdt_get_path(r->fdt, node, path, sizeof(path)), ==, 0);
    for (int i = 0; i < ARRAY_SIZE(places); i++) {
        if (g_pattern_match_simple(places[i].path, path)) {
            places[i].read(r, node);
            return;
        }
    }
    for (int i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (!fdt_node_check_compatible(r->fdt, node, kinds[i].compatible)) {
            kinds[i].read(r, node);
            return;
        }
    }
    agree_problem(r->source, path, "node", "is of no kind that is known");
}

/* The GIC is the interrupt parent of every node. */
static void check_parents(FdtReader *r)
{
    uint32_t root = vmspec_fdt_first_cell(r->fdt, 0, "interrupt-parent", 0);
    int gic = fdt_node_offset_by_phandle(r->fdt, root);

    if (gic < 0 ||
        vmspec_fdt_first_cell(r->fdt, gic, "#interrupt-cells", 0) != 3) {
        agree_problem(r->source, "gic", "phandle", "is no GIC's");
    }
    for (int node = 0; node >= 0; node = fdt_next_node(r->fdt, node, NULL)) {
        uint32_t parent = vmspec_fdt_first_cell(r->fdt, node,
                                                "interrupt-parent", root);

        if (parent != root) {
            agree_problem(r->source, fdt_get_name(r->fdt, node, NULL),
                          "interrupt-parent", "is not the GIC");
        }
    }
}

static unsigned count_cpus(const void *fdt)
{
    unsigned count = 0;
    int node;

    fdt_for_each_subnode(node, fdt, fdt_path_offset(fdt, "/cpus")) {
        count += g_str_has_prefix(fdt_get_name(fdt, node, NULL), "cpu@");
    }
    return count;
}

AgreeSource *agree_read_fdt(const AgreeRaw *raw)
{
    AgreeSource *source = agree_source_new("FDT");
    FdtReader r = { raw->fdt, source, count_cpus(raw->fdt) };

    check_parents(&r);
    for (int node = 0; node >= 0; node = fdt_next_node(r.fdt, node, NULL)) {
        read_node(&r, node);
    }
    if (fdt_node_offset_by_compatible(r.fdt, -1, "arm,armv8-pmuv3") < 0) {
        agree_fact(source, "pmu", "interrupt", "none");
    }
    agree_fact(source, "cpus", "count", "%u", r.num_cpus);
    agree_name_devices(source);
    return source;
}
