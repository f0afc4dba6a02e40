/*
 * vmspec tests: the FDT as a view
 *
 * One walk over all nodes; each kind of node, by compatible or by its place,
 * has a function in a table, and a node of no kind is a problem.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "agree-fdt.h"

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

const fdt32_t *agree_fdt_cells(const void *fdt, int node, const char *prop,
                               unsigned *count)
{
    int len = 0;
    const void *cells = fdt_getprop(fdt, node, prop, &len);

    *count = cells ? len / sizeof(fdt32_t) : 0;
    return cells;
}

uint32_t agree_fdt_cell(const void *fdt, int node, const char *prop,
                        uint32_t absent)
{
    unsigned count;
    const fdt32_t *cells = agree_fdt_cells(fdt, node, prop, &count);

    return count ? fdt32_ld(cells) : absent;
}

uint64_t agree_fdt_number(const fdt32_t **cells, unsigned count)
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
    const fdt32_t *range = agree_fdt_cells(fdt, bus, "ranges", &count);
    int parent = count ? fdt_parent_offset(fdt, bus) : 0;
    unsigned low = fdt_address_cells(fdt, bus);
    unsigned high = fdt_address_cells(fdt, parent);
    unsigned length = fdt_size_cells(fdt, bus);

    for (unsigned i = 0; i + low + high + length <= count;
         i += low + high + length) {
        uint64_t from = agree_fdt_number(&range, low);
        uint64_t to = agree_fdt_number(&range, high);

        if (address - from < agree_fdt_number(&range, length)) {
            return translate(fdt, parent, to + address - from);
        }
    }
    return address;
}

bool agree_fdt_reg(const void *fdt, int node, unsigned n, uint64_t *base,
                   uint64_t *size)
{
    int parent = fdt_parent_offset(fdt, node);
    unsigned address = fdt_address_cells(fdt, parent);
    unsigned length = fdt_size_cells(fdt, parent);
    unsigned count;
    const fdt32_t *cells = agree_fdt_cells(fdt, node, "reg", &count);

    if (count < (n + 1) * (address + length)) {
        return false;
    }
    cells += n * (address + length);
    *base = translate(fdt, parent, agree_fdt_number(&cells, address));
    *size = agree_fdt_number(&cells, length);
    return true;
}

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
        agree_problem(r->view, "gic", "private interrupt",
                      "is for CPUs 0x%x, there are %u", cpus, r->num_cpus);
    }
    return g_strdup_printf("%u %s", fdt32_ld(&cells[1]) +
                           (ppi ? PPI_BASE : SPI_BASE), trigger(flags));
}

char *agree_fdt_interrupt(FdtReader *r, int node, unsigned n)
{
    unsigned count;
    const fdt32_t *cells = agree_fdt_cells(r->fdt, node, "interrupts",
                                           &count);

    return count >= 3 * (n + 1) ? agree_fdt_gic_cells(r, cells + 3 * n) :
           NULL;
}

/* All of them, in the order of the property */
static char *interrupts(FdtReader *r, int node)
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

    if (!agree_fdt_reg(r->fdt, node, n, &base, &size)) {
        agree_problem(r->view, kind, "base", "has no reg %u", n);
        g_free(interrupt);
        return;
    }
    agree_device(r->view, kind, base, size, interrupt,
                 fdt_getprop(r->fdt, node, "dma-coherent", NULL));
}

#define SIMPLE(name, kind)                              \
    static void name(FdtReader *r, int node)            \
    {                                                   \
        device(r, node, kind, 0, interrupts(r, node));  \
    }

SIMPLE(serial, "serial")
SIMPLE(rtc, "rtc")
SIMPLE(gpio, "gpio")
SIMPLE(fw_cfg, "fw-cfg")
SIMPLE(virtio_mmio, "virtio-mmio")
SIMPLE(tpm, "tpm")

/* Each bank is a device of its own in ACPI. */
static void flash(FdtReader *r, int node)
{
    uint64_t base, size;

    for (unsigned n = 0; agree_fdt_reg(r->fdt, node, n, &base, &size); n++) {
        device(r, node, "flash", n, NULL);
    }
}

/* arm,sbsa-gwdt.yaml: control frame, refresh frame */
static void watchdog(FdtReader *r, int node)
{
    device(r, node, "watchdog control", 0, interrupts(r, node));
    device(r, node, "watchdog refresh", 1, NULL);
}

static void smmu(FdtReader *r, int node)
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

        agree_say(r->view, "smmu 0", names[i], "%s", text ?: "none");
    }
}

/* arm,pl061 with gpio-keys, or the button that ACPI has */
static void gpio_keys(FdtReader *r, int node)
{
    int key;

    fdt_for_each_subnode(key, r->fdt, node) {
        if (agree_fdt_cell(r->fdt, key, "linux,code", 0) == KEY_POWER) {
            agree_say(r->view, "power button", "present", "yes");
        } else {
            agree_problem(r->view, "gpio-keys", "key", "is not known");
        }
    }
}

static void gic_common(FdtReader *r, int node, const char *version)
{
    g_autofree char *maintenance = agree_fdt_interrupt(r, node, 0);

    agree_say(r->view, "gic", "interface", "%s", version);
    agree_say(r->view, "gic", "maintenance interrupt", "%s",
              maintenance ?: "none");
    device(r, node, "gic distributor", 0, NULL);
}

static void gicv2(FdtReader *r, int node)
{
    uint64_t base, size;

    gic_common(r, node, "2");
    device(r, node, "gic cpu interface", 1, NULL);
    if (agree_fdt_reg(r->fdt, node, 2, &base, &size)) {
        device(r, node, "gic virtual control", 2, NULL);
        device(r, node, "gic virtual cpu interface", 3, NULL);
    }
}

static void gicv3(FdtReader *r, int node)
{
    unsigned regions = agree_fdt_cell(r->fdt, node, "#redistributor-regions",
                                      1);

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
    if (console < 0 || !agree_fdt_reg(r->fdt, console, 0, &base, &size)) {
        agree_problem(r->view, "console", "base", "has no stdout-path");
        return;
    }
    interrupt = agree_fdt_interrupt(r, console, 0);
    agree_say(r->view, "console", "type", "%s",
              fdt_node_check_compatible(r->fdt, console, "arm,pl011") ?
              "other" : "pl011");
    agree_say(r->view, "console", "base", "0x%" PRIx64, base);
    /* The SPCR has no trigger. */
    agree_say(r->view, "console", "interrupt", "%d", atoi(interrupt ?: "0"));
    /* The FDT has one node for both; a kernel's earlycon takes it too. */
    agree_say(r->view, "debug port", "base", "0x%" PRIx64, base);
    agree_say(r->view, "debug port", "size", "0x%" PRIx64, size);
}

static void persistent(FdtReader *r, int node)
{
    g_autofree char *name = NULL;
    uint64_t base, size;

    if (!agree_fdt_reg(r->fdt, node, 0, &base, &size)) {
        agree_problem(r->view, "persistent memory", "reg", "is missing");
        return;
    }
    name = g_strdup_printf("persistent memory 0x%" PRIx64, base);
    agree_say(r->view, name, "size", "0x%" PRIx64, size);
    agree_silent(r->view, name, "node", "the binding has no word for it");
    agree_range(r->view, name, base, size);
}

/* Devices of others, or no device */
static void nothing(FdtReader *r, int node)
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
    { "cfi-flash", flash },
    { "arm,sbsa-gwdt", watchdog },
    { "arm,smmu-v3", smmu },
    { "gpio-keys", gpio_keys },
    { "arm,cortex-a15-gic", gicv2 },
    { "arm,gic-v3", gicv3 },
    { "arm,gic-v3-its", its },
    { "arm,gic-v2m-frame", v2m },
    { "pci-host-ecam-generic", agree_fdt_pcie },
    { "virtio,pci-iommu", nothing },    /* of the host bridge's iommu-map */
    { "arm,armv7-timer", agree_fdt_timer },
    { "arm,armv8-pmuv3", agree_fdt_pmu },
    { "arm,psci", agree_fdt_psci },
    { "numa-distance-map-v1", agree_fdt_distances },
    { "pmem-region", persistent },
    { "fixed-clock", nothing },         /* the PrimeCells' */
    { "simple-bus", nothing },          /* a container (platform bus) */
};

/* Nodes that are known by their place */
static const struct {
    const char *path;
    void (*read)(FdtReader *r, int node);
} places[] = {
    { "/", nothing },
    { "/aliases", nothing },
    { "/cpus", nothing },
    { "/cpus/cpu@*", agree_fdt_cpu },
    { "/cpus/cpu-map", agree_fdt_cpu_map },
    { "/cpus/cpu-map?*", nothing },
    { "/cpus/l?-cache*", nothing },      /* agree_fdt_cpu_map() reads them */
    { "/memory@*", agree_fdt_memory },
    { "/gpio-keys?*", nothing },
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
    agree_problem(r->view, path, "node", "is of no kind that is known");
}

/* Interrupts come from the GIC, with no cell of parents in between. */
static void check_parents(FdtReader *r)
{
    uint32_t root = agree_fdt_cell(r->fdt, 0, "interrupt-parent", 0);
    int gic = fdt_node_offset_by_phandle(r->fdt, root);

    if (gic < 0 || agree_fdt_cell(r->fdt, gic, "#interrupt-cells", 0) != 3) {
        agree_problem(r->view, "gic", "phandle", "is no GIC's");
    }
    for (int node = 0; node >= 0; node = fdt_next_node(r->fdt, node, NULL)) {
        uint32_t parent = agree_fdt_cell(r->fdt, node, "interrupt-parent",
                                         root);

        if (parent != root) {
            agree_problem(r->view, fdt_get_name(r->fdt, node, NULL),
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

AgreeView *agree_read_fdt(const AgreeRaw *raw)
{
    AgreeView *view = agree_view_new("FDT");
    FdtReader r = { raw->fdt, view, count_cpus(raw->fdt) };

    check_parents(&r);
    for (int node = 0; node >= 0; node = fdt_next_node(r.fdt, node, NULL)) {
        read_node(&r, node);
    }
    if (fdt_node_offset_by_compatible(r.fdt, -1, "arm,armv8-pmuv3") < 0) {
        agree_say(view, "pmu", "interrupt", "none");
    }
    agree_say(view, "cpus", "count", "%u", r.num_cpus);
    agree_name_devices(view);
    return view;
}
