/*
 * vmspec tests: the facts that PPTT, SRAT, NFIT, SLIT and HMAT state
 *
 * ACPI 6.5, 5.2.30, 5.2.16, 5.2.17 and 5.2.29.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-acpi.h"

#define PPTT_NODES 36
#define PPTT_CACHE 1
#define PPTT_PACKAGE (1 << 0)
#define PPTT_ID_VALID (1 << 1)
#define PPTT_THREAD (1 << 2)
#define PPTT_LEAF (1 << 3)

#define SRAT_STRUCTURES 48
#define SRAT_MEMORY 1
#define SRAT_GICC 3
#define SRAT_ENABLED 1
#define SRAT_HOTPLUG 2
#define SRAT_NON_VOLATILE 4

#define NFIT_STRUCTURES 40
#define NFIT_SPA_RANGE 0

#define SLIT_MATRIX 44
#define HMAT_STRUCTURES 40

/*
 * The groups of the leaf at @at, the outermost first; a package is the
 * outermost. Containers of the DSDT have the ID of their group.
 */
static void read_parents(const AcpiTable *t, size_t at, AgreeCpu *cpu,
                         const AcpiCpu *named)
{
    uint64_t chain[AGREE_MAX_LEVELS];
    unsigned flags = 0, containers = 0;
    bool same = true;

    while (cpu->levels < AGREE_MAX_LEVELS && !(flags & PPTT_PACKAGE) &&
           agree_acpi_num(t, at + 8, 4)) {
        at = agree_acpi_num(t, at + 8, 4);
        flags = agree_acpi_num(t, at + 4, 4);
        chain[cpu->levels++] = at;
        if (flags & PPTT_ID_VALID) {
            same &= containers < named->containers &&
                    named->container[containers] ==
                    agree_acpi_num(t, at + 12, 4);
            containers++;
        }
    }
    for (unsigned i = 0; i < cpu->levels; i++) {
        cpu->group[i] = chain[cpu->levels - 1 - i];
    }
    if (!(flags & PPTT_PACKAGE) || !same || containers != named->containers) {
        g_autofree char *name = agree_cpu_name(cpu->mpidr);

        agree_problem(t->r->source, name, "topology",
                      "has a PPTT that is not the DSDT's containers");
    }
}

void agree_acpi_pptt(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "PPTT");
    g_autoptr(GArray) cpus = g_array_new(false, false, sizeof(AgreeCpu));
    g_autoptr(GArray) leaves = g_array_new(false, false, sizeof(AcpiLeaf));
    size_t length;

    for (size_t at = PPTT_NODES; at < t.size; at += length) {
        unsigned flags = agree_acpi_num(&t, at + 4, 4);
        unsigned id = agree_acpi_num(&t, at + 12, 4);
        const AcpiCpu *named = agree_acpi_cpu(r, id);

        length = agree_acpi_num(&t, at + 1, 1);
        if (length < 2 || agree_acpi_num(&t, at, 1) > PPTT_CACHE) {
            agree_problem(r->source, "PPTT", "node", "is of no known kind");
            return;
        }
        if (agree_acpi_num(&t, at, 1) == PPTT_CACHE) {
            continue;
        }
        if (flags & PPTT_LEAF && named) {
            AgreeCpu cpu = { named->mpidr, .thread = flags & PPTT_THREAD };
            AcpiLeaf leaf = { at, named->mpidr };

            g_array_append_val(leaves, leaf);
            read_parents(&t, at, &cpu, named);
            g_array_append_val(cpus, cpu);
        } else if (flags & PPTT_LEAF) {
            agree_problem(r->source, "PPTT", "cpu", "%u has no GICC", id);
        }
    }
    agree_topology(r->source, cpus);
    agree_acpi_caches(&t, leaves);
}

static void read_cpu_affinity(const AcpiTable *t, size_t at)
{
    unsigned uid = agree_acpi_num(t, at + 6, 4);
    const AcpiCpu *cpu = agree_acpi_cpu(t->r, uid);
    g_autofree char *name = cpu ? agree_cpu_name(cpu->mpidr) : NULL;

    if (!cpu) {
        agree_problem(t->r->source, "SRAT", "cpu", "%u has no GICC", uid);
    } else if (agree_acpi_num(t, at + 10, 4) & SRAT_ENABLED) {
        agree_fact(t->r->source, name, "node", "%u",
                   (unsigned)agree_acpi_num(t, at + 2, 4));
    }
}

/* Is there RAM at this address? If not, memory can be plugged there. */
static bool is_filled(const AcpiReader *r, uint64_t base, uint64_t size)
{
    for (unsigned i = 0; i < r->raw->flat->len; i++) {
        const MtreeRange *piece = g_ptr_array_index(r->raw->flat, i);

        if (!strcmp(piece->kind, "ram") && piece->base == base &&
            piece->size == size) {
            return true;
        }
    }
    return false;
}

/*
 * The FDT has a DIMM whose node is that of its slot; the slot's _CRS has it,
 * too.
 */
static void expect_slots(AcpiReader *r, uint64_t base, uint64_t size)
{
    for (unsigned i = 0; i < r->raw->flat->len; i++) {
        const MtreeRange *piece = g_ptr_array_index(r->raw->flat, i);
        g_autofree char *name = g_strdup_printf("memory 0x%" PRIx64,
                                                piece->base);

        if (!strcmp(piece->kind, "ram") && piece->base - base < size) {
            agree_unknown(r->source, name, "*", "a slot's method says it");
        }
    }
}

/* The FDT has no word for memory that can be plugged. */
static void read_memory_affinity(const AcpiTable *t, size_t at)
{
    uint64_t base = agree_acpi_num(t, at + 8, 8);
    uint64_t size = agree_acpi_num(t, at + 16, 8);
    unsigned flags = agree_acpi_num(t, at + 28, 4);
    bool slots = flags & SRAT_HOTPLUG && !is_filled(t->r, base, size);
    const char *kind = flags & SRAT_NON_VOLATILE ? "persistent memory" :
                       "memory";
    g_autofree char *name = g_strdup_printf("%s 0x%" PRIx64,
                                            slots ? "memory slots" : kind,
                                            base);

    if (flags & SRAT_ENABLED) {
        agree_fact(t->r->source, name, "size", "0x%" PRIx64, size);
        agree_fact(t->r->source, name, "node", "%u",
                   (unsigned)agree_acpi_num(t, at + 2, 4));
    }
    if (slots) {
        expect_slots(t->r, base, size);
    } else if (flags & SRAT_ENABLED) {
        agree_range(t->r->source, name, base, size);
    }
}

/* ACPI 6.5, 5.2.25.2: states the same as the SRAT, or contradicts it. */
void agree_acpi_nfit(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "NFIT");
    size_t length;

    for (size_t at = NFIT_STRUCTURES; t.data && at < t.size; at += length) {
        length = agree_acpi_num(&t, at + 2, 2);
        if (length < 4) {
            agree_problem(r->source, "NFIT", "structure", "has no length");
            return;
        }
        if (agree_acpi_num(&t, at, 2) == NFIT_SPA_RANGE) {
            g_autofree char *name =
                g_strdup_printf("persistent memory 0x%" PRIx64,
                                agree_acpi_num(&t, at + 32, 8));

            agree_fact(r->source, name, "size", "0x%" PRIx64,
                       agree_acpi_num(&t, at + 40, 8));
        }
    }
}

void agree_acpi_srat(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "SRAT");
    size_t length;

    if (!t.data) {
        agree_unknown(r->source, "memory *", "*", "UEFI's memory map says it");
        return;
    }
    for (size_t at = SRAT_STRUCTURES; at < t.size; at += length) {
        unsigned type = agree_acpi_num(&t, at, 1);

        length = agree_acpi_num(&t, at + 1, 1);
        if (type == SRAT_GICC) {
            read_cpu_affinity(&t, at);
        } else if (type == SRAT_MEMORY) {
            read_memory_affinity(&t, at);
        } else {
            agree_problem(r->source, "SRAT", "structure", "is of type %u",
                          type);
        }
        if (length < 2) {
            agree_problem(r->source, "SRAT", "structure", "has no length");
            return;
        }
    }
}

void agree_acpi_slit(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "SLIT");
    unsigned n = t.data ? agree_acpi_num(&t, 36, 8) : 0;

    for (unsigned i = 0; i < n; i++) {
        for (unsigned j = 0; j < n; j++) {
            g_autofree char *field = g_strdup_printf("from %u to %u", i, j);

            agree_fact(r->source, "distance", field, "%u", (unsigned)
                       agree_acpi_num(&t, SLIT_MATRIX + i * n + j, 1));
        }
    }
}

static bool node_has_memory(const AcpiTable *srat, unsigned node)
{
    for (size_t at = SRAT_STRUCTURES; at + 6 <= srat->size;
         at += MAX(2, agree_acpi_num(srat, at + 1, 1))) {
        if (agree_acpi_num(srat, at, 1) == SRAT_MEMORY &&
            agree_acpi_num(srat, at + 2, 4) == node) {
            return true;
        }
    }
    return false;
}

/*
 * Type 0: the nodes whose memory has attributes; the SRAT must have the nodes.
 */
void agree_acpi_hmat(AcpiReader *r)
{
    AcpiTable t = agree_acpi_table(r, "HMAT");
    AcpiTable srat = agree_acpi_table(r, "SRAT");
    size_t length;

    for (size_t at = HMAT_STRUCTURES; at < t.size; at += length) {
        unsigned node = agree_acpi_num(&t, at + 16, 4);

        length = agree_acpi_num(&t, at + 4, 4);
        if (length < 20) {
            agree_problem(r->source, "hmat", "structure", "has no length");
            return;
        }
        if (!agree_acpi_num(&t, at, 2)) {
            g_autofree char *field = g_strdup_printf("node %u", node);

            agree_fact(r->source, "hmat", field, "initiator %u",
                       (unsigned)agree_acpi_num(&t, at + 12, 4));
            if (!node_has_memory(&srat, node)) {
                agree_problem(r->source, "hmat", field, "is not in the SRAT");
            }
        }
    }
}
