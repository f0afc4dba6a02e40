/*
 * vmspec tests: the facts that DSDT and SSDTs state
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-acpi.h"
#include "asl.h"

#define STA_PRESENT 1
#define ALL_FUNCTIONS 0xffff
#define TABLE_HEADER 36

typedef struct Dsdt {
    AcpiReader *r;
    GHashTable *uids;           /* "_HID _UID": must be unique */
    GHashTable *links;          /* PNP0C0F's name -> its interrupt in words */
    unsigned depth;             /* of containers */
    uint64_t container[AGREE_MAX_LEVELS];
} Dsdt;

typedef struct Device {
    const AslTerm *term;
    const char *hid;
    const char *name;           /* the last segment */
    const char *kind;
} Device;

/* "ABCD": a name's last segment, of "\_SB.ABCD" too */
static const char *segment(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot ? dot + 1 : path + strspn(path, "\\^");
}

static const AslTerm *dsdt_resources(const Device *d)
{
    return asl_named(d->term, "_CRS");
}

static uint64_t term_number(Dsdt *s, const Device *d, const AslTerm *term)
{
    uint64_t value = 0;

    if (!asl_number(term, &value)) {
        agree_problem(s->r->source, d->name, "AML", "has no number at '%s'",
                      term ? term->head : "");
    }
    return value;
}

static uint64_t named_number(Dsdt *s, const Device *d, const char *name)
{
    const AslTerm *term = asl_named(d->term, name);

    return term ? term_number(s, d, term) : 0;
}

/*
 * The bridge's interrupts are shared by slots, all others belong to one device
 * (platform.md, section 4.4).
 */
static void check_sharing(Dsdt *s, const Device *d, const AslTerm *interrupt)
{
    const AslTerm *have = asl_arg(interrupt, 3);
    const char *want = strcmp(d->hid, "PNP0C0F") ? "Exclusive" : "Shared";

    if (!have || strcmp(have->head, want)) {
        agree_problem(s->r->source, d->name, "sharing", "is %s, not %s",
                      have ? have->head : "not there", want);
    }
}

/* Interrupt (ResourceConsumer, Level, ActiveHigh, Shared) { N, ... } */
static char *dsdt_interrupts(Dsdt *s, const Device *d, const AslTerm *crs)
{
    GString *text = g_string_new(NULL);
    const AslTerm *item, *gsi;

    for (unsigned i = 0; (item = asl_item(crs, i)); i++) {
        bool edge, low;

        if (strcmp(item->head, "Interrupt") || !asl_arg(item, 2)) {
            continue;
        }
        check_sharing(s, d, item);
        edge = strcmp(asl_arg(item, 1)->head, "Level");
        low = strcmp(asl_arg(item, 2)->head, "ActiveHigh");
        for (unsigned j = 0; (gsi = asl_item(item, j)); j++) {
            g_autofree char *one = agree_interrupt(term_number(s, d, gsi), edge,
                                                   low);

            g_string_append_printf(text, "%s%s", text->len ? ", " : "", one);
        }
    }
    return g_string_free(text, !text->len);
}

/* The first register block of what @term declares; false: there is none */
static bool operation_region(Dsdt *s, const Device *d, const AslTerm *term,
                             uint64_t *base, uint64_t *size)
{
    const AslTerm *item;

    for (unsigned i = 0; (item = asl_item(term, i)); i++) {
        if (!strcmp(item->head, "OperationRegion") && asl_arg(item, 3) &&
            !strcmp(asl_arg(item, 1)->head, "SystemMemory")) {
            *base = term_number(s, d, asl_arg(item, 2));
            *size = term_number(s, d, asl_arg(item, 3));
            return true;
        }
    }
    return false;
}

/* The first register block of a device; false: it has none */
static bool memory(Dsdt *s, const Device *d, uint64_t *base, uint64_t *size)
{
    const AslTerm *crs = dsdt_resources(d), *item;

    for (unsigned i = 0; (item = asl_item(crs, i)); i++) {
        if (!strcmp(item->head, "Memory32Fixed")) {
            *base = term_number(s, d, asl_arg(item, 1));
            *size = term_number(s, d, asl_arg(item, 2));
            return true;
        }
    }
    return operation_region(s, d, d->term, base, size);
}

static void read_device(Dsdt *s, const Device *d)
{
    uint64_t base, size;
    uint64_t *named;

    if (!memory(s, d, &base, &size)) {
        agree_problem(s->r->source, d->kind, "base", "is not in %s", d->name);
        return;
    }
    agree_device(s->r->source, d->kind, base, size,
                 dsdt_interrupts(s, d, dsdt_resources(d)),
                 named_number(s, d, "_CCA"));
    named = g_new(uint64_t, 1);
    *named = base;
    g_hash_table_insert(s->r->paths, g_strdup_printf("\\_SB.%s", d->name),
                        named);
}

static void read_button(Dsdt *s, const Device *d)
{
    agree_fact(s->r->source, "power button", "present", "yes");
}

static void read_link(Dsdt *s, const Device *d)
{
    char *text = dsdt_interrupts(s, d, dsdt_resources(d));
    g_autofree char *possible = dsdt_interrupts(s, d,
                                                asl_named(d->term, "_PRS"));

    if (g_strcmp0(text, possible)) {
        agree_problem(s->r->source, d->name, "_PRS", "is %s, _CRS %s",
                      possible ?: "none", text ?: "none");
    }
    g_hash_table_insert(s->links, g_strdup(d->name),
                        text ?: g_strdup("none"));
}

static void read_cpu(Dsdt *s, const Device *d)
{
    AcpiCpu *cpu = agree_acpi_cpu(s->r, named_number(s, d, "_UID"));

    if (!cpu) {
        agree_problem(s->r->source, "cpu", "uid", "of %s has no GICC", d->name);
        return;
    }
    cpu->named = true;
    cpu->containers = s->depth;
    for (unsigned i = 0; i < s->depth; i++) {
        cpu->container[i] = s->container[s->depth - 1 - i];
    }
}

/* The ECAM must be reserved at the address in MCFG. */
static void read_reservation(Dsdt *s, const Device *d)
{
    uint64_t base, size;

    if (!memory(s, d, &base, &size)) {
        agree_problem(s->r->source, "pcie", "ecam base", "is not reserved");
        return;
    }
    agree_fact(s->r->source, "pcie", "ecam base", "0x%" PRIx64, base);
    agree_fact(s->r->source, "pcie", "ecam size", "0x%" PRIx64, size);
    agree_range(s->r->source, "pcie ecam", base, size);
}

/* The memory descriptors' _MEM (ACPI 6.5, 19.6.35), before their numbers */
static bool prefetchable(const AslTerm *item)
{
    uint64_t value;

    for (unsigned i = 0; asl_arg(item, i); i++) {
        if (asl_number(asl_arg(item, i), &value)) {
            return false;
        }
        if (!strcmp(asl_arg(item, i)->head, "Prefetchable")) {
            return true;
        }
    }
    return false;
}

/* Granularity, minimum, maximum, translation, length */
static void read_host_window(Dsdt *s, const Device *d, const AslTerm *item,
                             const char *name)
{
    AgreeSource *source = s->r->source;
    uint64_t granularity, min, size, base;
    unsigned i = 0;

    while (asl_arg(item, i) && !asl_number(asl_arg(item, i), &granularity)) {
        i++;
    }
    min = term_number(s, d, asl_arg(item, i + 1));
    base = min + term_number(s, d, asl_arg(item, i + 3));
    size = term_number(s, d, asl_arg(item, i + 4));
    if (term_number(s, d, asl_arg(item, i + 2)) != min + size - 1) {
        agree_problem(source, name, "size", "is not from minimum to maximum");
    }
    if (!strcmp(name, "pcie buses")) {
        agree_fact(source, "pcie", "buses", "%u to %u", (unsigned)min,
                   (unsigned)(min + size - 1));
        return;
    }
    agree_fact(source, name, "pci address", "0x%" PRIx64, min);
    agree_fact(source, name, "base", "0x%" PRIx64, base);
    agree_fact(source, name, "size", "0x%" PRIx64, size);
    if (g_str_has_suffix(item->head, "Memory")) {
        agree_fact(source, name, "prefetchable", "%s",
                   prefetchable(item) ? "yes" : "no");
    }
    agree_range(source, name, base, size);
}

static void read_windows(Dsdt *s, const Device *d)
{
    static const char *const windows[][2] = {
        { "WordBusNumber", "pcie buses" },
        { "DWordIO", "pcie io window" },
        { "DWordMemory", "pcie 32-bit window" },
        { "QWordMemory", "pcie 64-bit window" },
    };
    const AslTerm *crs = dsdt_resources(d), *item;

    for (unsigned i = 0; (item = asl_item(crs, i)); i++) {
        int n = 0;

        while (n < ARRAY_SIZE(windows) && strcmp(item->head, windows[n][0])) {
            n++;
        }
        if (n < ARRAY_SIZE(windows)) {
            read_host_window(s, d, item, windows[n][1]);
        } else {
            agree_problem(s->r->source, "pcie", "_CRS", "has a %s", item->head);
        }
    }
}

/* Package { slot << 16 | all functions, pin, link, 0 } */
static void read_routes(Dsdt *s, const Device *d)
{
    const AslTerm *prt = asl_named(d->term, "_PRT"), *entry;

    for (unsigned i = 0; (entry = asl_item(prt, i)); i++) {
        uint64_t address = term_number(s, d, asl_item(entry, 0));
        const AslTerm *link = asl_item(entry, 2);
        const char *text = link ? g_hash_table_lookup(s->links,
                                                      segment(link->head)) :
                           NULL;
        g_autofree char *name = g_strdup_printf("pcie slot %u",
                                                (unsigned)(address >> 16));
        g_autofree char *field =
            g_strdup_printf("INT%c", 'A' +
                            (unsigned)term_number(s, d, asl_item(entry, 1)));

        if ((address & ALL_FUNCTIONS) != ALL_FUNCTIONS) {
            agree_problem(s->r->source, name, field, "is of one function");
        }
        agree_fact(s->r->source, name, field, "%s", text ?: "none");
    }
}

static void read_host_bridge(Dsdt *s, const Device *d)
{
    AgreeSource *source = s->r->source;
    uint64_t base, size;

    /* Registers that the bridge's methods use; _CRS has only its windows */
    if (memory(s, d, &base, &size)) {
        agree_device(source, "acpi hot-plug", base, size, NULL, false);
    }
    agree_fact(source, "pcie", "segment", "%u",
               (unsigned)named_number(s, d, "_SEG"));
    agree_fact(source, "pcie", "dma-coherent", "%s",
               named_number(s, d, "_CCA") ? "yes" : "no");
    read_windows(s, d);
    read_routes(s, d);
}

/*
 * The registers of memory hot-plug. The container of the slots has the same
 * _HID and no registers.
 */
static void read_hotplug(Dsdt *s, const Device *d)
{
    uint64_t base, size;

    if (memory(s, d, &base, &size)) {
        read_device(s, d);
    }
}

/* The method that all its devices call declares the register. */
static void read_nvdimm(Dsdt *s, const Device *d)
{
    const AslTerm *item;
    uint64_t base, size;

    for (unsigned i = 0; (item = asl_item(d->term, i)); i++) {
        if (!strcmp(item->head, "Method") &&
            operation_region(s, d, item, &base, &size)) {
            agree_device(s->r->source, d->kind, base, size, NULL, false);
        }
    }
}

/* The halves of its address */
static void read_vmgenid(Dsdt *s, const Device *d)
{
    const AslTerm *addr = asl_named(d->term, "ADDR");

    agree_device(s->r->source, d->kind, term_number(s, d, asl_item(addr, 0)) |
                 term_number(s, d, asl_item(addr, 1)) << 32, 0, NULL, false);
}

/* walk() reads containers; empty memory slots state nothing. */
static void ignore_term(Dsdt *s, const Device *d)
{
}

static const struct {
    const char *hid;
    const char *kind;
    void (*read)(Dsdt *s, const Device *d);
    bool firmwares;             /* not present to the OS (F9, G3) */
} kinds[] = {
    { "ARMH0011", "serial", read_device },
    { "ARMH0061", "gpio", read_device },
    { "LNRO0005", "virtio-mmio", read_device },
    { "LNRO0015", "flash", read_device, true },
    { "QEMU0002", "fw-cfg", read_device },
    { "MSFT0101", "tpm", read_device },
    { "PNP0C33", "error device", ignore_term },
    { "QEMUVGID", "vm generation id", read_vmgenid },
    { "ACPI0013", "acpi events", read_device },
    { "PNP0A06", "acpi hot-plug", read_hotplug },
    { "PNP0C80", "memory slot", ignore_term },
    { "ACPI0012", "acpi nvdimm", read_nvdimm },
    { "PNP0C0C", "power button", read_button },
    { "PNP0C0F", "pcie link", read_link },
    { "PNP0C02", "pcie ecam", read_reservation },
    { "PNP0A08", "pcie", read_host_bridge },
    { "ACPI0007", "cpu", read_cpu },
    { "ACPI0010", "cpu container", ignore_term },
};

/* Of EisaId ("PNP0A08") and of a string */
static const char *hid_of(const AslTerm *device)
{
    const AslTerm *hid = asl_named(device, "_HID");

    if (hid && asl_arg(hid, 0)) {
        hid = asl_arg(hid, 0);
    }
    return hid ? hid->head : NULL;
}

static void check_uid(Dsdt *s, const Device *d)
{
    const AslTerm *uid = asl_named(d->term, "_UID");
    char *key = g_strdup_printf("%s %s", d->hid, uid ? uid->head : "");

    /* QEMU's nvdimm.c gives the NVDIMM root device no _UID; there is one. */
    if (!uid && strcmp(d->hid, "ACPI0012")) {
        agree_problem(s->r->source, d->hid, "_UID", "is missing: %s", d->name);
    }
    if (!g_hash_table_add(s->uids, key)) {
        agree_problem(s->r->source, d->hid, "_UID", "is not unique: %s",
                      d->name);
    }
}

static void walk(Dsdt *s, const AslTerm *term, bool links);

static void read_device_term(Dsdt *s, const AslTerm *term, bool links)
{
    Device d = { term, hid_of(term), segment(asl_arg(term, 0)->head) };
    const AslTerm *sta = asl_named(term, "_STA");
    bool container = d.hid && !strcmp(d.hid, "ACPI0010");
    bool absent = sta && !(term_number(s, &d, sta) & STA_PRESENT);
    bool is_link = !g_strcmp0(d.hid, "PNP0C0F");
    int n = 0;

    while (d.hid && n < ARRAY_SIZE(kinds) && strcmp(d.hid, kinds[n].hid)) {
        n++;
    }
    if (!d.hid && !asl_named(term, "_ADR")) {
        agree_problem(s->r->source, d.name, "_HID", "and _ADR are missing");
    }
    if (n == ARRAY_SIZE(kinds)) {
        agree_problem(s->r->source, d.name, "_HID", "is %s, which is not known "
                      "here", d.hid);
        return;
    }
    if (d.hid && kinds[n].firmwares && !absent) {
        agree_problem(s->r->source, d.name, "_STA", "gives the OS what is the "
                      "firmware's");
    } else if (d.hid && absent && !kinds[n].firmwares) {
        return;
    }
    /* Routes can name a link that is declared later. */
    if (d.hid && links == is_link) {
        d.kind = kinds[n].kind;
        check_uid(s, &d);
        kinds[n].read(s, &d);
    }
    if (container) {
        g_assert_cmpuint(s->depth, <, AGREE_MAX_LEVELS);
        s->container[s->depth++] = named_number(s, &d, "_UID");
    }
    walk(s, term, links);
    s->depth -= container;
}

static void walk(Dsdt *s, const AslTerm *term, bool links)
{
    const AslTerm *item;

    for (unsigned i = 0; (item = asl_item(term, i)); i++) {
        if (!strcmp(item->head, "Device") && asl_arg(item, 0)) {
            read_device_term(s, item, links);
        } else if (!strcmp(item->head, "Scope") ||
                   !strcmp(item->head, "DefinitionBlock")) {
            walk(s, item, links);
        }
    }
}

static void read_table(Dsdt *s, const uint8_t *table)
{
    g_autoptr(AslTerm) all = asl_disassemble(table, agree_get(table + 4, 4));

    walk(s, all, true);
    walk(s, all, false);
}

void agree_acpi_dsdt(AcpiReader *r)
{
    AcpiTable xsdt = agree_acpi_table(r, "XSDT");
    Dsdt s = {
        .r = r,
        .uids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                       g_free),
    };

    read_table(&s, agree_acpi_table(r, "DSDT").data);
    for (size_t at = TABLE_HEADER; at + 8 <= xsdt.size; at += 8) {
        const uint8_t *table = agree_raw_at(r->raw,
                                            agree_acpi_num(&xsdt, at, 8), 8);

        if (!memcmp(table, "SSDT", 4)) {
            read_table(&s, table);
        }
    }
    for (unsigned i = 0; i < r->cpus->len; i++) {
        const AcpiCpu *cpu = &g_array_index(r->cpus, AcpiCpu, i);
        g_autofree char *name = agree_cpu_name(cpu->mpidr);

        if (!cpu->named) {
            agree_problem(r->source, name, "namespace", "has no device");
        }
    }
    g_hash_table_destroy(s.uids);
    g_hash_table_destroy(s.links);
}
