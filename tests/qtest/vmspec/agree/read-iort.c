/*
 * vmspec tests: the facts that IORT and VIOT state
 *
 * Where the requester IDs of the root complex go: to the IOMMU and to the ITS
 * (Arm DEN0049E.b; ACPI 6.5, 5.2.34).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "read-acpi.h"

enum { ITS_GROUP = 0, ROOT_COMPLEX = 2, SMMUV3 = 4 };
#define MAPPING 20
#define COHERENT 1
#define LAST_RID 0xffff

enum { VIOT_PCI_RANGE = 1, VIOT_VIRTIO_PCI = 3 };

typedef struct Maps {
    GString *msi;
    GString *iommu;
} Maps;

static void add_path(GString *text, unsigned first, unsigned last,
                     const char *to, uint64_t base, unsigned as)
{
    g_autofree char *one = agree_rid_map(first, last, to, base, as);

    g_string_append_printf(text, "%s%s", text->len ? ", " : "", one);
}

/*
 * Follow the IDs @first to @last, which began as requester ID @rid, from the
 * node at @from on.
 */
static void follow(const AcpiTable *t, size_t from, Maps *maps, unsigned rid,
                   unsigned first, unsigned last)
{
    unsigned count = agree_acpi_num(t, from + 8, 4);
    size_t at = from + agree_acpi_num(t, from + 12, 4);

    for (; count > 0; count--, at += MAPPING) {
        unsigned base = agree_acpi_num(t, at, 4);
        unsigned low = MAX(first, base);
        unsigned high = MIN(last, base + agree_acpi_num(t, at + 4, 4));
        unsigned out = agree_acpi_num(t, at + 8, 4) + low - base;
        size_t to = agree_acpi_num(t, at + 12, 4);
        unsigned type = agree_acpi_num(t, to, 1);

        if (low > high) {
            continue;
        }
        if (type == ITS_GROUP) {
            add_path(maps->msi, rid + low - first, rid + high - first, "its",
                     t->r->its, out);
        } else if (type == SMMUV3 && to != from) {
            add_path(maps->iommu, rid + low - first, rid + high - first, "smmu",
                     agree_acpi_num(t, to + 16, 8), out);
            follow(t, to, maps, rid + low - first, out, out + high - low);
        } else {
            agree_problem(t->r->source, "pcie", "iommu", "goes to type %u",
                          type);
        }
    }
}

static void root_complex(const AcpiTable *t, size_t at, Maps *maps)
{
    agree_fact(t->r->source, "pcie", "segment", "%u",
               (unsigned)agree_acpi_num(t, at + 28, 4));
    agree_fact(t->r->source, "pcie", "dma-coherent", "%s",
               agree_acpi_num(t, at + 16, 4) == COHERENT ? "yes" : "no");
    follow(t, at, maps, 0, 0, LAST_RID);
}

/* The specification wants edge-triggered wired interrupts. */
static void read_smmu(const AcpiTable *t, size_t at)
{
    static const char *const names[] = {
        "eventq", "priq", "gerror", "cmdq-sync"
    };
    bool coherent = agree_acpi_num(t, at + 24, 4) & COHERENT;

    agree_device(t->r->source, "smmu", agree_acpi_num(t, at + 16, 8), 0, NULL,
                 coherent);
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        g_autofree char *text =
            agree_interrupt(agree_acpi_num(t, at + 44 + 4 * i, 4), true,
                            false);

        agree_fact(t->r->source, "smmu 0", names[i], "%s", text);
    }
}

static void its_group(const AcpiTable *t, size_t at)
{
    if (agree_acpi_num(t, at + 16, 4) != 1 ||
        agree_acpi_num(t, at + 20, 4) || !t->r->its) {
        agree_problem(t->r->source, "its", "group", "is not ITS 0 alone");
    }
}

static void read_iort(AcpiReader *r, Maps *maps)
{
    AcpiTable t = agree_acpi_table(r, "IORT");
    unsigned count = agree_acpi_num(&t, 36, 4);
    size_t at = agree_acpi_num(&t, 40, 4);

    for (; count > 0; count--, at += agree_acpi_num(&t, at + 1, 2)) {
        switch (agree_acpi_num(&t, at, 1)) {
        case ITS_GROUP:
            its_group(&t, at);
            break;
        case ROOT_COMPLEX:
            root_complex(&t, at, maps);
            break;
        case SMMUV3:
            read_smmu(&t, at);
            break;
        default:
            agree_problem(r->source, "IORT", "node", "is of no known type");
            return;
        }
    }
}

/*
 * Requests of the IOMMU itself are not translated, even if a range has them.
 */
static void viot_range(const AcpiTable *t, size_t at, Maps *maps)
{
    unsigned first = agree_acpi_num(t, at + 12, 2);
    unsigned last = agree_acpi_num(t, at + 14, 2);
    unsigned endpoint = agree_acpi_num(t, at + 4, 4);
    size_t to = agree_acpi_num(t, at + 16, 2);
    unsigned own = agree_acpi_num(t, to + 6, 2);

    if (agree_acpi_num(t, to, 1) != VIOT_VIRTIO_PCI ||
        agree_acpi_num(t, to + 4, 2) || agree_acpi_num(t, at + 8, 4)) {
        agree_problem(t->r->source, "pcie", "iommu", "is of no known kind");
    }
    if (own < first || own > last) {
        add_path(maps->iommu, first, last, "virtio-iommu", own, endpoint);
        return;
    }
    if (own > first) {
        add_path(maps->iommu, first, own - 1, "virtio-iommu", own, endpoint);
    }
    if (own < last) {
        add_path(maps->iommu, own + 1, last, "virtio-iommu", own,
                 endpoint + own + 1 - first);
    }
}

static void read_viot(AcpiReader *r, Maps *maps)
{
    AcpiTable t = agree_acpi_table(r, "VIOT");
    unsigned count = t.data ? agree_acpi_num(&t, 36, 2) : 0;
    size_t at = count ? agree_acpi_num(&t, 38, 2) : 0;

    for (; count > 0; count--, at += agree_acpi_num(&t, at + 2, 2)) {
        if (agree_acpi_num(&t, at, 1) == VIOT_PCI_RANGE) {
            viot_range(&t, at, maps);
        }
    }
}

void agree_acpi_iort(AcpiReader *r)
{
    g_autoptr(GString) msi = g_string_new(NULL);
    g_autoptr(GString) iommu = g_string_new(NULL);
    Maps maps = { msi, iommu };

    read_iort(r, &maps);
    read_viot(r, &maps);
    /* Without an ITS all MSIs go to the v2m frame, with unchanged IDs. */
    if (!r->its && r->v2m) {
        add_path(msi, 0, LAST_RID, "v2m", r->v2m, 0);
    }
    agree_fact(r->source, "pcie", "msi", "%s", msi->len ? msi->str : "none");
    agree_fact(r->source, "pcie", "iommu", "%s",
               iommu->len ? iommu->str : "none");
}
