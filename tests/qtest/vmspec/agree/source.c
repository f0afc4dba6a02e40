/*
 * vmspec tests: the facts of a source, and the comparison of two sources
 *
 * See agree.h. A fact that one description states and the other does not is a
 * difference, unless the table below says why the other cannot state it. So
 * no fact is left out of the comparison by oversight.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "agree.h"

typedef struct Unknown {
    char *device;
    char *field;
    const char *reason;
} Unknown;

/* Facts that a source cannot state, and why; patterns as in the shell */
static const struct {
    const char *source;
    const char *device;
    const char *field;
    const char *reason;
} unknowns[] = {
    { "ACPI", "rtc *", "*", "the firmware's: time comes by UEFI (F9)" },
    { "ACPI", "gic distributor *", "size", "the GICD structure has none" },
    { "ACPI", "gic cpu interface *", "size", "the GICC has none" },
    { "ACPI", "gic virtual *", "size", "the GICC has none" },
    { "ACPI", "its *", "size", "the ITS structure has none" },
    { "ACPI", "v2m *", "size", "the MSI frame structure has none" },
    { "ACPI", "smmu *", "size", "the SMMUv3 node has none" },
    { "ACPI", "watchdog *", "size", "the GTDT has none" },
    { "ACPI", "vm generation id *", "size", "ADDR is an address alone" },
    { "ACPI", "timer", "secure", "there is no Secure world "
      "(platform.md, section 5); "
      "the FDT's binding has a place for it nevertheless" },
    { "FDT", "acpi *", "*", "how ACPI tells events (platform.md, section 3)" },
    { "FDT", "memory slot*", "*", "plugged memory comes by ACPI" },
    { "FDT", "hmat", "*", "there is no binding" },
    { "FDT", "v2m *", "msi interrupts", "MSI_TYPER says it" },
    { "FDT", "gic", "version", "GICv3 and v4 have one "
      "compatible: the redistributors say it" },
};

static void difference_free(void *opaque)
{
    AgreeDifference *d = opaque;

    g_free(d->device);
    g_free(d->field);
    g_free(d->text);
    g_free(d);
}

static void device_free(void *opaque)
{
    AgreeDevice *d = opaque;

    g_free(d->interrupt);
    g_free(d->name);
    g_free(d);
}

static void unknown_free(void *opaque)
{
    Unknown *s = opaque;

    g_free(s->device);
    g_free(s->field);
    g_free(s);
}

static void range_free(void *opaque)
{
    AgreeRange *r = opaque;

    g_free(r->device);
    g_free(r);
}

static int compare_keys(const void *a, const void *b, void *opaque)
{
    return strcmp(a, b);
}

AgreeSource *agree_source_new(const char *name)
{
    AgreeSource *source = g_new0(AgreeSource, 1);

    source->name = name;
    source->facts = g_tree_new_full(compare_keys, NULL, g_free, g_free);
    source->devices = g_ptr_array_new_with_free_func(device_free);
    source->ranges = g_ptr_array_new_with_free_func(range_free);
    source->unknowns = g_ptr_array_new_with_free_func(unknown_free);
    source->problems = g_ptr_array_new_with_free_func(difference_free);
    for (int i = 0; i < ARRAY_SIZE(unknowns); i++) {
        if (!strcmp(unknowns[i].source, name)) {
            agree_unknown(source, unknowns[i].device, unknowns[i].field,
                          unknowns[i].reason);
        }
    }
    return source;
}

void agree_source_free(AgreeSource *source)
{
    g_tree_destroy(source->facts);
    g_ptr_array_free(source->devices, true);
    g_ptr_array_free(source->ranges, true);
    g_ptr_array_free(source->unknowns, true);
    g_ptr_array_free(source->problems, true);
    g_free(source);
}

static char *key_of(const char *device, const char *field)
{
    return g_strdup_printf("%s: %s", device, field);
}

const char *agree_find_fact(const AgreeSource *source, const char *device,
                            const char *field)
{
    g_autofree char *key = key_of(device, field);

    return g_tree_lookup(source->facts, key);
}

void agree_fact(AgreeSource *source, const char *device, const char *field,
                const char *fmt, ...)
{
    const char *old = agree_find_fact(source, device, field);
    g_autofree char *value = NULL;
    va_list ap;

    va_start(ap, fmt);
    value = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    if (!old) {
        g_tree_insert(source->facts, key_of(device, field),
                      g_steal_pointer(&value));
    } else if (strcmp(old, value)) {
        agree_problem(source, device, field, "says both %s and %s", old,
                      value);
    }
}

static AgreeDifference *difference(const char *device, const char *field,
                                   char *text)
{
    AgreeDifference *d = g_new0(AgreeDifference, 1);

    d->device = g_strdup(device);
    d->field = g_strdup(field);
    d->text = text;
    return d;
}

void agree_problem(AgreeSource *source, const char *device, const char *field,
                   const char *fmt, ...)
{
    g_autofree char *what = NULL;
    va_list ap;

    va_start(ap, fmt);
    what = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    g_ptr_array_add(source->problems,
                    difference(device, field,
                               g_strdup_printf("%s %s", source->name, what)));
}

void agree_unknown(AgreeSource *source, const char *device, const char *field,
                   const char *reason)
{
    Unknown *s = g_new(Unknown, 1);

    *s = (Unknown) { g_strdup(device), g_strdup(field), reason };
    g_ptr_array_add(source->unknowns, s);
}

void agree_range(AgreeSource *source, const char *device, uint64_t base,
                 uint64_t size)
{
    AgreeRange *range = g_new(AgreeRange, 1);

    *range = (AgreeRange) { g_strdup(device), base, size };
    g_ptr_array_add(source->ranges, range);
}

void agree_device(AgreeSource *source, const char *kind, uint64_t base,
                  uint64_t size, char *interrupt, bool coherent)
{
    AgreeDevice *d = g_new0(AgreeDevice, 1);

    *d = (AgreeDevice) { kind, base, size, interrupt, coherent };
    g_ptr_array_add(source->devices, d);
}

static int by_kind_and_base(const void *a, const void *b)
{
    const AgreeDevice *x = *(AgreeDevice *const *)a;
    const AgreeDevice *y = *(AgreeDevice *const *)b;
    int kind = strcmp(x->kind, y->kind);

    if (kind || x->base == y->base) {
        return kind;
    }
    return x->base < y->base ? -1 : 1;
}

void agree_name_devices(AgreeSource *source)
{
    const char *kind = "";
    unsigned n = 0;

    g_ptr_array_sort(source->devices, by_kind_and_base);
    for (unsigned i = 0; i < source->devices->len; i++) {
        AgreeDevice *d = g_ptr_array_index(source->devices, i);

        n = strcmp(kind, d->kind) ? 0 : n + 1;
        kind = d->kind;
        d->name = g_strdup_printf("%s %u", kind, n);
        agree_fact(source, d->name, "base", "0x%" PRIx64, d->base);
        agree_fact(source, d->name, "interrupt", "%s", d->interrupt ?: "none");
        agree_fact(source, d->name, "dma-coherent", "%s",
                   d->coherent ? "yes" : "no");
        if (d->size) {
            agree_fact(source, d->name, "size", "0x%" PRIx64, d->size);
            agree_range(source, d->name, d->base, d->size);
        }
    }
}

char *agree_interrupt(unsigned intid, bool edge, bool low)
{
    const char *level = low ? "level low" : "level high";
    const char *change = low ? "edge falling" : "edge rising";

    return g_strdup_printf("%u %s", intid, edge ? change : level);
}

char *agree_rid_map(unsigned first, unsigned last, const char *to,
                    uint64_t to_base, unsigned as)
{
    return g_strdup_printf("0x%x..0x%x to %s 0x%" PRIx64 " as 0x%x", first,
                           last, to, to_base, as);
}

char *agree_cpu_name(uint64_t mpidr)
{
    return g_strdup_printf("cpu 0x%" PRIx64, mpidr);
}

static void add_group(AgreeSource *source, const GArray *cpus,
                      const AgreeCpu *cpu, unsigned level)
{
    g_autofree char *name = agree_cpu_name(cpu->mpidr);
    g_autofree char *field = g_strdup_printf("topology level %u", level);
    uint64_t first = UINT64_MAX;
    unsigned count = 0;

    for (unsigned i = 0; i < cpus->len; i++) {
        const AgreeCpu *c = &g_array_index(cpus, AgreeCpu, i);

        if (level < c->levels && c->group[level] == cpu->group[level]) {
            first = MIN(first, c->mpidr);
            count++;
        }
    }
    agree_fact(source, name, field, "%u CPUs from 0x%" PRIx64, count, first);
}

void agree_topology(AgreeSource *source, const GArray *cpus)
{
    for (unsigned i = 0; i < cpus->len; i++) {
        const AgreeCpu *cpu = &g_array_index(cpus, AgreeCpu, i);
        g_autofree char *name = agree_cpu_name(cpu->mpidr);

        agree_fact(source, name, "topology levels", "%u", cpu->levels);
        agree_fact(source, name, "thread", "%s", cpu->thread ? "yes" : "no");
        for (unsigned level = 0; level < cpu->levels; level++) {
            add_group(source, cpus, cpu, level);
        }
    }
}

void agree_differ(AgreeResult *result, const char *device, const char *field,
                  char *text)
{
    g_ptr_array_add(result->differences, difference(device, field, text));
}

static bool is_unknown(const AgreeSource *source, const char *device,
                       const char *field)
{
    for (unsigned i = 0; i < source->unknowns->len; i++) {
        const Unknown *s = g_ptr_array_index(source->unknowns, i);

        if (g_pattern_match_simple(s->device, device) &&
            g_pattern_match_simple(s->field, field)) {
            return true;
        }
    }
    return false;
}

typedef struct Comparison {
    AgreeResult *result;
    const AgreeSource *a;
    const AgreeSource *b;
    bool reverse;               /* only what @b lacks */
} Comparison;

static gboolean compare_fact(void *key, void *value, void *opaque)
{
    Comparison *c = opaque;
    g_auto(GStrv) part = g_strsplit(key, ": ", 2);
    const char *other = g_tree_lookup(c->b->facts, key);
    const AgreeSource *first = c->reverse ? c->b : c->a;
    const AgreeSource *second = c->reverse ? c->a : c->b;
    const char *one = c->reverse ? other : value;
    const char *two = c->reverse ? value : other;

    if (!other) {
        if (is_unknown(c->b, part[0], part[1])) {
            return false;
        }
    } else if (c->reverse) {
        return false;
    }
    c->result->compared++;
    if (!other || strcmp(value, other)) {
        agree_differ(c->result, part[0], part[1],
                     g_strdup_printf("%s %s, %s %s", first->name,
                                     one ?: "nothing", second->name,
                                     two ?: "nothing"));
    }
    return false;
}

static void compare_sources(AgreeResult *result, const AgreeSource *a,
                            const AgreeSource *b)
{
    Comparison c = { result, a, b, false };
    Comparison reverse = { result, b, a, true };

    g_tree_foreach(a->facts, compare_fact, &c);
    g_tree_foreach(b->facts, compare_fact, &reverse);
}

static void add_problems(AgreeResult *result, const AgreeSource *source)
{
    for (unsigned i = 0; i < source->problems->len; i++) {
        const AgreeDifference *p = g_ptr_array_index(source->problems, i);

        agree_differ(result, p->device, p->field, g_strdup(p->text));
    }
}

/* TCG ACPI Specification 1.3, 8: start method 7 is CRB */
static bool has_crb(const AgreeRaw *raw)
{
    const uint8_t *table = agree_raw_table(raw, "TPM2");

    return table && agree_get(table + 48, 4) == 7;
}

AgreeResult *agree_compare_all(const AgreeRaw *raw)
{
    AgreeResult *result = g_new0(AgreeResult, 1);
    g_autoptr(AgreeSource) fdt = agree_read_fdt(raw);
    g_autoptr(AgreeSource) acpi = agree_read_acpi(raw);
    g_autoptr(AgreeSource) registers = agree_read_registers(raw, fdt);
    AgreeSource *sources[] = { fdt, acpi };

    result->differences = g_ptr_array_new_with_free_func(difference_free);
    /* Registers state few facts: only those are compared. */
    agree_unknown(registers, "*", "*", "registers state few facts");
    if (has_crb(raw)) {
        agree_unknown(fdt, "tpm *", "*", "there is no binding for CRB");
    }
    add_problems(result, fdt);
    add_problems(result, registers);
    compare_sources(result, fdt, registers);
    agree_probe(result, raw->qts, fdt);
    if (acpi) {
        add_problems(result, acpi);
        compare_sources(result, fdt, acpi);
        compare_sources(result, acpi, registers);
        agree_probe(result, raw->qts, acpi);
    }
    agree_compare_mtree(result, raw, sources, acpi ? 2 : 1);
    return result;
}

void agree_result_free(AgreeResult *result)
{
    g_ptr_array_free(result->differences, true);
    g_free(result);
}

void agree_print(const AgreeResult *result, const char *name)
{
    for (unsigned i = 0; i < result->differences->len; i++) {
        const AgreeDifference *d = g_ptr_array_index(result->differences, i);

        g_test_message("%s: %s: %s: %s", name, d->device, d->field, d->text);
    }
    g_test_message("%u values compared", result->compared);
}
