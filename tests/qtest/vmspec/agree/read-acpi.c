/*
 * vmspec tests: the facts that the ACPI tables state
 *
 * Read by offset from ACPI 6.5 and the tables' own specifications, each
 * access checked against the table's length.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-acpi.h"

#define TABLE_LENGTH 4
#define TABLE_HEADER 36
#define NO_FRAME UINT64_MAX

/* ACPI 6.5, section 5.2.9; bit 20 of the flags: hardware-reduced */
#define FADT_FLAGS 112
#define FADT_ARM_BOOT_ARCH 129
#define FADT_HW_REDUCED (1 << 20)
#define PSCI_COMPLIANT 1
#define PSCI_USE_HVC 2

/* ACPI 6.5, section 5.2.12 */
#define MADT_STRUCTURES 44
enum { GICC = 0x0b, GICD, MSI_FRAME, GICR, ITS };
#define GICC_ENABLED 1
#define GICC_PMU_EDGE 2
#define GICC_VGIC_EDGE 4

/* ACPI 6.5, section 5.2.25 */
#define GTDT_PLATFORM_COUNT 88
#define GTDT_PLATFORM_OFFSET 92
#define GTDT_EDGE 1
#define GTDT_LOW 2
#define GTDT_ALWAYS_ON 4
#define GTDT_WATCHDOG 1

/* Microsoft's SPCR and DBG2 */
#define SPCR_INTERRUPT_GIC 8
#define PL011 3
#define DBG2_SERIAL 0x8000
#define GAS_ADDRESS 4

/* Tables that are read in another file, or not at all for the reason given */
static const char *const known[] = {
    "FACP", "APIC", "GTDT", "MCFG", "SPCR", "DBG2", "PPTT", "IORT", "SRAT",
    "SLIT", "HMAT", "VIOT",
    "TPM2",     /* the device is in the DSDT */
    "HEST", "BERT", "NFIT",     /* each of them is memory, not a device */
    "SSDT", NULL
};

AcpiTable agree_acpi_table(AcpiReader *r, const char *signature)
{
    AcpiTable t = { r, signature, agree_raw_table(r->raw, signature) };

    t.size = t.data ? agree_get(t.data + TABLE_LENGTH, 4) : 0;
    return t;
}

uint64_t agree_acpi_num(const AcpiTable *t, size_t at, unsigned size)
{
    if (at + size > t->size) {
        agree_problem(t->r->source, t->name, "length",
                      "is %zu bytes, a field lies at %zu", t->size, at);
        return 0;
    }
    return agree_get(t->data + at, size);
}

AcpiCpu *agree_acpi_cpu(AcpiReader *r, uint32_t uid)
{
    for (unsigned i = 0; i < r->cpus->len; i++) {
        AcpiCpu *cpu = &g_array_index(r->cpus, AcpiCpu, i);

        if (cpu->uid == uid) {
            return cpu;
        }
    }
    return NULL;
}

static void check_sum(AcpiReader *r, const char *name, const uint8_t *data,
                      size_t size)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < size; i++) {
        sum += data[i];
    }
    if (sum) {
        agree_problem(r->source, name, "checksum", "is wrong by %u", sum);
    }
}

static void check_table(AcpiReader *r, const uint8_t *data)
{
    g_autofree char *name = g_strndup((const char *)data, 4);

    check_sum(r, name, data, agree_get(data + TABLE_LENGTH, 4));
}

static void check_tables(AcpiReader *r)
{
    const uint8_t *rsdp = agree_raw_table(r->raw, "RSDP");
    AcpiTable xsdt = agree_acpi_table(r, "XSDT");
    AcpiTable dsdt = agree_acpi_table(r, "DSDT");

    check_sum(r, "RSDP", rsdp, 20);
    check_sum(r, "RSDP", rsdp, agree_get(rsdp + 20, 4));
    check_table(r, xsdt.data);
    check_table(r, dsdt.data);
    for (size_t at = TABLE_HEADER; at + 8 <= xsdt.size; at += 8) {
        uint64_t address = agree_acpi_num(&xsdt, at, 8);
        const uint8_t *data = agree_raw_at(r->raw, address, TABLE_HEADER);
        g_autofree char *name = g_strndup((const char *)data, 4);

        check_table(r, data);
        if (!g_strv_contains(known, name)) {
            agree_problem(r->source, name, "signature", "is not known here");
        }
    }
}

static void read_fadt(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "FACP");
    unsigned psci = agree_acpi_num(&t, FADT_ARM_BOOT_ARCH, 2);

    if (!(agree_acpi_num(&t, FADT_FLAGS, 4) & FADT_HW_REDUCED)) {
        agree_problem(r->source, "FACP", "flags", "is not hardware-reduced");
    }
    if (psci & PSCI_COMPLIANT) {
        agree_fact(r->source, "psci", "conduit", "%s",
                   psci & PSCI_USE_HVC ? "hvc" : "smc");
    } else {
        agree_fact(r->source, "psci", "conduit", "none");
    }
}

static void add_interrupt(AgreeSource *source, const char *device,
                          const char *field, unsigned gsiv, bool edge)
{
    g_autofree char *text = gsiv ? agree_interrupt(gsiv, edge, false) : NULL;

    agree_fact(source, device, field, "%s", text ?: "none");
}

/* The frames of GICv2 are the same for all CPUs: they are banked. */
static void read_frame(const AcpiTable *t, size_t at, const char *kind)
{
    AgreeSource *source = t->r->source;
    uint64_t base = agree_acpi_num(t, at, 8);

    for (unsigned i = 0; i < source->devices->len; i++) {
        const AgreeDevice *d = g_ptr_array_index(source->devices, i);

        if (!strcmp(d->kind, kind) && d->base == base) {
            return;
        }
    }
    if (base) {
        agree_device(source, kind, base, 0, NULL, false);
    }
}

static void read_gicc(const AcpiTable *t, size_t at)
{
    AgreeSource *source = t->r->source;
    AcpiCpu cpu = {
        .uid = agree_acpi_num(t, at + 8, 4),
        .mpidr = agree_acpi_num(t, at + 68, 8),
    };
    unsigned flags = agree_acpi_num(t, at + 12, 4);
    g_autofree char *name = agree_cpu_name(cpu.mpidr);

    if (agree_acpi_cpu(t->r, cpu.uid)) {
        agree_problem(source, name, "uid", "is %u, as another's", cpu.uid);
    }
    g_array_append_val(t->r->cpus, cpu);
    agree_fact(source, name, "enabled", "%s", flags & GICC_ENABLED ? "yes" :
               "no");
    /*
     * State a fact about all CPUs once; a CPU that differs is a contradiction.
     */
    add_interrupt(source, "pmu", "interrupt", agree_acpi_num(t, at + 20, 4),
                  flags & GICC_PMU_EDGE);
    add_interrupt(source, "gic", "maintenance interrupt",
                  agree_acpi_num(t, at + 56, 4), flags & GICC_VGIC_EDGE);
    read_frame(t, at + 32, "gic cpu interface");
    read_frame(t, at + 40, "gic virtual cpu interface");
    read_frame(t, at + 48, "gic virtual control");
    if (agree_acpi_num(t, at + 60, 8)) {
        agree_problem(source, name, "redistributor", "is in a GICC structure");
    }
}

static void read_gicd(const AcpiTable *t, size_t at)
{
    unsigned version = agree_acpi_num(t, at + 20, 1);

    agree_device(t->r->source, "gic distributor", agree_acpi_num(t, at + 8, 8),
                 0, NULL, false);
    agree_fact(t->r->source, "gic", "interface", "%u", MIN(version, 3));
    agree_fact(t->r->source, "gic", "version", "%u", version);
}

static void read_msi_frame(const AcpiTable *t, size_t at)
{
    unsigned first = agree_acpi_num(t, at + 22, 2);
    unsigned count = agree_acpi_num(t, at + 20, 2);

    t->r->v2m = agree_acpi_num(t, at + 8, 8);
    agree_device(t->r->source, "v2m", t->r->v2m, 0, NULL, false);
    agree_fact(t->r->source, "v2m 0", "msi interrupts", "%u to %u", first,
               first + count - 1);
}

static void read_its(const AcpiTable *t, size_t at)
{
    if (agree_acpi_num(t, at + 4, 4)) {
        agree_problem(t->r->source, "its", "id", "is not 0");
    }
    t->r->its = agree_acpi_num(t, at + 8, 8);
    agree_device(t->r->source, "its", t->r->its, 0, NULL, false);
}

static void read_madt(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "APIC");
    size_t length;

    for (size_t at = MADT_STRUCTURES; at < t.size; at += length) {
        unsigned type = agree_acpi_num(&t, at, 1);

        length = agree_acpi_num(&t, at + 1, 1);
        if (type == GICC) {
            read_gicc(&t, at);
        } else if (type == GICD) {
            read_gicd(&t, at);
        } else if (type == MSI_FRAME) {
            read_msi_frame(&t, at);
        } else if (type == GICR) {
            agree_device(r->source, "gic redistributor",
                         agree_acpi_num(&t, at + 4, 8),
                         agree_acpi_num(&t, at + 12, 4), NULL, false);
        } else if (type == ITS) {
            read_its(&t, at);
        } else {
            agree_problem(r->source, "APIC", "structure", "is of type %u",
                          type);
        }
        if (length < 2) {
            agree_problem(r->source, "APIC", "structure", "has no length");
            return;
        }
    }
    agree_fact(r->source, "cpus", "count", "%u", r->cpus->len);
}

static void read_timer(const AcpiTable *t, size_t at, const char *field)
{
    unsigned gsiv = agree_acpi_num(t, at, 4);
    unsigned flags = agree_acpi_num(t, at + 4, 4);
    g_autofree char *text = agree_interrupt(gsiv, flags & GTDT_EDGE,
                                            flags & GTDT_LOW);

    if (gsiv) {
        agree_fact(t->r->source, "timer", field, "%s%s", text,
                   flags & GTDT_ALWAYS_ON ? ", always on" : "");
    } else if (strcmp(field, "secure")) {
        agree_fact(t->r->source, "timer", field, "none");
    }
}

static void read_watchdog(const AcpiTable *t, size_t at)
{
    unsigned flags = agree_acpi_num(t, at + 24, 4);

    agree_device(t->r->source, "watchdog refresh",
                 agree_acpi_num(t, at + 4, 8), 0, NULL, false);
    agree_device(t->r->source, "watchdog control",
                 agree_acpi_num(t, at + 12, 8), 0,
                 agree_interrupt(agree_acpi_num(t, at + 20, 4),
                                 flags & GTDT_EDGE, flags & GTDT_LOW), false);
}

static void read_gtdt(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "GTDT");
    unsigned count = agree_acpi_num(&t, GTDT_PLATFORM_COUNT, 4);
    size_t at = agree_acpi_num(&t, GTDT_PLATFORM_OFFSET, 4);

    if (agree_acpi_num(&t, 36, 8) != NO_FRAME ||
        agree_acpi_num(&t, 80, 8) != NO_FRAME) {
        agree_problem(r->source, "timer", "frame", "is memory-mapped");
    }
    read_timer(&t, 48, "secure");
    read_timer(&t, 56, "el1 physical");
    read_timer(&t, 64, "virtual");
    read_timer(&t, 72, "el2 physical");
    read_timer(&t, 96, "el2 virtual");
    while (count-- > 0) {
        if (agree_acpi_num(&t, at, 1) == GTDT_WATCHDOG) {
            read_watchdog(&t, at);
        } else {
            agree_problem(r->source, "GTDT", "platform timer",
                          "is no watchdog");
        }
        at += agree_acpi_num(&t, at + 1, 2);
    }
}

/* PCI Firmware Specification 3.3, 4.1.2 */
static void read_mcfg(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "MCFG");
    unsigned first = agree_acpi_num(&t, 54, 1);
    unsigned last = agree_acpi_num(&t, 55, 1);

    if (t.size != 60) {
        agree_problem(r->source, "pcie", "MCFG", "has not one entry");
    }
    agree_fact(r->source, "pcie", "ecam base", "0x%" PRIx64,
               agree_acpi_num(&t, 44, 8));
    agree_fact(r->source, "pcie", "ecam size", "0x%x",
               (last + 1 - first) << 20);
    agree_fact(r->source, "pcie", "buses", "%u to %u", first, last);
    agree_fact(r->source, "pcie", "segment", "%u",
               (unsigned)agree_acpi_num(&t, 52, 2));
}

/* A device that a table names must be at the address in the table. */
static void check_path(const AcpiTable *t, size_t at, size_t length,
                       uint64_t base)
{
    g_autofree char *path = NULL;
    const uint64_t *named;

    if (!length || at + length > t->size) {
        agree_problem(t->r->source, "console", t->name, "has no name");
        return;
    }
    path = g_strndup((const char *)t->data + at, length);
    named = g_hash_table_lookup(t->r->paths, path);
    if (!named || *named != base) {
        agree_problem(t->r->source, "console", t->name,
                      "names %s, which is not at 0x%" PRIx64, path, base);
    }
}

static void read_spcr(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "SPCR");
    uint64_t base = agree_acpi_num(&t, 40 + GAS_ADDRESS, 8);

    agree_fact(r->source, "console", "type", "%s",
               agree_acpi_num(&t, 36, 1) == PL011 ? "pl011" : "other");
    agree_fact(r->source, "console", "base", "0x%" PRIx64, base);
    if (agree_acpi_num(&t, 52, 1) != SPCR_INTERRUPT_GIC) {
        agree_problem(r->source, "console", "interrupt", "is not the GIC's");
    }
    agree_fact(r->source, "console", "interrupt", "%d",
               (int)agree_acpi_num(&t, 54, 4));
    check_path(&t, agree_acpi_num(&t, 86, 2), agree_acpi_num(&t, 84, 2),
               base);
}

static void read_dbg2(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "DBG2");
    size_t at = agree_acpi_num(&t, 36, 4);
    uint64_t base;

    if (agree_acpi_num(&t, 40, 4) != 1 || agree_acpi_num(&t, at + 3, 1) != 1 ||
        agree_acpi_num(&t, at + 12, 2) != DBG2_SERIAL ||
        agree_acpi_num(&t, at + 14, 2) != PL011) {
        agree_problem(r->source, "debug port", "type", "is not one PL011");
    }
    base = agree_acpi_num(&t, at + agree_acpi_num(&t, at + 18, 2) +
                          GAS_ADDRESS, 8);
    agree_fact(r->source, "debug port", "base", "0x%" PRIx64, base);
    agree_fact(r->source, "debug port", "size", "0x%x", (unsigned)
               agree_acpi_num(&t, at + agree_acpi_num(&t, at + 20, 2), 4));
    check_path(&t, at + agree_acpi_num(&t, at + 6, 2),
               agree_acpi_num(&t, at + 4, 2), base);
}

AgreeSource *agree_read_acpi(const AgreeRaw *raw)
{
    AcpiReader r = { .raw = raw };

    if (!agree_raw_table(raw, "RSDP")) {
        return NULL;
    }
    r.source = agree_source_new("ACPI");
    r.cpus = g_array_new(false, false, sizeof(AcpiCpu));
    r.paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    check_tables(&r);
    read_fadt(&r);
    read_madt(&r);
    read_gtdt(&r);
    read_mcfg(&r);
    agree_acpi_dsdt(&r);
    read_spcr(&r);
    read_dbg2(&r);
    agree_acpi_pptt(&r);
    agree_acpi_srat(&r);
    agree_acpi_nfit(&r);
    agree_acpi_slit(&r);
    agree_acpi_hmat(&r);
    agree_acpi_iort(&r);
    agree_name_devices(r.source);
    g_array_free(r.cpus, true);
    g_hash_table_destroy(r.paths);
    return r.source;
}
