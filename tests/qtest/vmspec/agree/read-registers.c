/*
 * vmspec tests: the facts that ID registers state
 *
 * The registers are used in two ways. They are a source of facts: which CPUs
 * and MSIs there are, and what is coherent. And agree_probe() reads the ID
 * registers at each address that a description gives: the device described
 * there must answer. Offsets and values are those of the devices' manuals.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "agree.h"

/* PrimeCell and CoreSight component identification, at the frame's end */
#define CIDR_B105 0xb105
#define PIDR2_ARCH(v) ((v) >> 4 & 0xf)
/* GIC, Arm IHI 0069 and IHI 0048 */
#define GIC_PIDR2 0xffe8
#define GICV2_PIDR2 0xfe8
#define GICD_TYPER 0x4
#define GICR_TYPER 0x8
#define GICR_VLPIS (1 << 1)
#define GICR_LAST (1 << 4)
#define GICR_FRAMES 0x20000
#define GICR_FRAMES_V4 0x40000
/* GICv2m, Arm SBSA appendix E */
#define V2M_TYPER 0x8
#define V2M_IIDR 0xfcc
/* SMMUv3, Arm IHI 0070 */
#define SMMU_IDR0 0x0
#define SMMU_COHACC (1 << 4)
#define SMMU_AIDR 0x1c
/* Generic watchdog, Arm BSA */
#define WATCHDOG_IIDR 0xfcc
/* Virtio 1.2, 4.2.2 */
#define VIRTIO_MAGIC 0x74726976
/* QEMU's fw_cfg: selector and data, the signature is item 0 */
#define FW_CFG_SELECTOR 8
/* TCG PC Client Platform TPM Profile, 6.5 */
#define TPM_DID_VID 0xf00
#define TPM_INTERFACE_ID 0x30
#define TPM_INTERFACE_CRB 1
/* PCI: class code of a host bridge */
#define PCI_CLASS 8
#define CLASS_HOST_BRIDGE 0x0600
#define BUS_SHIFT 20

static uint32_t id_word(QTestState *qts, uint64_t end)
{
    uint32_t id = 0;

    for (int i = 0; i < 4; i++) {
        id |= (qtest_readl(qts, end - 16 + 4 * i) & 0xff) << 8 * i;
    }
    return id;
}

/* The part number of a PrimeCell of 4 KiB, -1 if there is none */
static int primecell(QTestState *qts, uint64_t base)
{
    if (id_word(qts, base + 0x1000) >> 16 != CIDR_B105) {
        return -1;
    }
    return (qtest_readl(qts, base + 0xfe0) & 0xff) |
           (qtest_readl(qts, base + 0xfe4) & 0xf) << 8;
}

static bool is_pl011(QTestState *qts, uint64_t base)
{
    return primecell(qts, base) == 0x011;
}

static bool is_pl031(QTestState *qts, uint64_t base)
{
    return primecell(qts, base) == 0x031;
}

static bool is_pl061(QTestState *qts, uint64_t base)
{
    return primecell(qts, base) == 0x061;
}

static bool is_virtio(QTestState *qts, uint64_t base)
{
    return qtest_readl(qts, base) == VIRTIO_MAGIC;
}

static bool is_fw_cfg(QTestState *qts, uint64_t base)
{
    char signature[5] = "";
    uint16_t item = 0;

    qtest_memwrite(qts, base + FW_CFG_SELECTOR, &item, sizeof(item));
    for (int i = 0; i < 4; i++) {
        signature[i] = qtest_readb(qts, base);
    }
    return !strcmp(signature, "QEMU");
}

static bool is_tpm(QTestState *qts, uint64_t base)
{
    uint32_t id = qtest_readl(qts, base + TPM_DID_VID);
    uint32_t interface = qtest_readl(qts, base + TPM_INTERFACE_ID);

    return (id && id != UINT32_MAX) || (interface & 0xf) == TPM_INTERFACE_CRB;
}

static bool is_watchdog(QTestState *qts, uint64_t base)
{
    uint32_t id = qtest_readl(qts, base + WATCHDOG_IIDR);

    return id && id != UINT32_MAX;
}

static bool is_smmu(QTestState *qts, uint64_t base)
{
    return qtest_readl(qts, base + SMMU_IDR0) &&
           qtest_readl(qts, base + SMMU_AIDR) < 8;
}

static bool is_gicv3_frame(QTestState *qts, uint64_t base)
{
    return id_word(qts, base + 0x10000) >> 16 == CIDR_B105 &&
           PIDR2_ARCH(qtest_readl(qts, base + GIC_PIDR2)) >= 3;
}

static bool is_v2m(QTestState *qts, uint64_t base)
{
    return qtest_readl(qts, base + V2M_TYPER) &&
           qtest_readl(qts, base + V2M_IIDR);
}

/*
 * GICv2's distributor and CPU interface answer by the CPU that asks, which a
 * test with several CPUs is not. agree_read_registers() reads them with one
 * CPU.
 */
static const struct {
    const char *kind;
    bool (*answers)(QTestState *qts, uint64_t base);
} probes[] = {
    { "serial", is_pl011 },
    { "rtc", is_pl031 },
    { "gpio", is_pl061 },
    { "virtio-mmio", is_virtio },
    { "fw-cfg", is_fw_cfg },
    { "tpm", is_tpm },
    { "watchdog control", is_watchdog },
    { "watchdog refresh", is_watchdog },
    { "smmu", is_smmu },
    { "its", is_gicv3_frame },
    { "gic redistributor", is_gicv3_frame },
    { "v2m", is_v2m },
};

static void probe_device(AgreeResult *result, QTestState *qts,
                         const AgreeSource *source, const AgreeDevice *d)
{
    for (int i = 0; i < ARRAY_SIZE(probes); i++) {
        if (strcmp(d->kind, probes[i].kind)) {
            continue;
        }
        result->compared++;
        if (!probes[i].answers(qts, d->base)) {
            agree_differ(result, d->name, "base",
                         g_strdup_printf("%s 0x%" PRIx64 ", registers there "
                                         "of something else", source->name,
                                         d->base));
        }
    }
}

/* 00:00.0 is a host bridge. The last bus is inside the ECAM and empty. */
static void probe_ecam(AgreeResult *result, QTestState *qts,
                       const AgreeSource *source)
{
    const char *base_text = agree_find_fact(source, "pcie", "ecam base");
    const char *size_text = agree_find_fact(source, "pcie", "ecam size");
    uint64_t base = base_text ? g_ascii_strtoull(base_text, NULL, 0) : 0;
    uint64_t size = size_text ? g_ascii_strtoull(size_text, NULL, 0) : 0;

    result->compared++;
    if (!size || qtest_readl(qts, base + PCI_CLASS) >> 16 !=
        CLASS_HOST_BRIDGE || (size > 1 << BUS_SHIFT &&
        qtest_readl(qts, base + size - (1 << BUS_SHIFT)) != UINT32_MAX)) {
        agree_differ(result, "pcie", "ecam base",
                     g_strdup_printf("%s %s, registers there are no host "
                                     "bridge's", source->name,
                                     base_text ?: "nothing"));
    }
}

void agree_probe(AgreeResult *result, QTestState *qts,
                 const AgreeSource *source)
{
    for (unsigned i = 0; i < source->devices->len; i++) {
        probe_device(result, qts, source,
                     g_ptr_array_index(source->devices, i));
    }
    probe_ecam(result, qts, source);
}

/* State the CPUs of a redistributor region, up to the one marked Last. */
static unsigned read_redistributors(QTestState *qts, AgreeSource *source,
                                    const AgreeDevice *d)
{
    uint64_t at = d->base;
    unsigned count = 0;

    while (at - d->base < d->size) {
        uint64_t typer = qtest_readq(qts, at + GICR_TYPER);
        uint64_t aff = typer >> 32;
        /* MPIDR has Aff3 above bit 32. */
        uint64_t mpidr = (aff & 0xffffff) | (aff >> 24) << 32;
        g_autofree char *name = agree_cpu_name(mpidr);

        agree_fact(source, name, "enabled", "yes");
        agree_fact(source, "gic", "version", "%u",
                   PIDR2_ARCH(qtest_readl(qts, at + GIC_PIDR2)));
        count++;
        at += typer & GICR_VLPIS ? GICR_FRAMES_V4 : GICR_FRAMES;
        if (typer & GICR_LAST) {
            return count;
        }
    }
    agree_problem(source, d->name, "size", "ends before its last CPU");
    return count;
}

static void read_v2m(QTestState *qts, AgreeSource *source, const AgreeDevice *d)
{
    uint32_t typer = qtest_readl(qts, d->base + V2M_TYPER);
    unsigned first = typer >> 16 & 0x3ff, count = typer & 0x3ff;

    agree_fact(source, d->name, "msi interrupts", "%u to %u", first,
               first + count - 1);
}

static void read_distributor(QTestState *qts, AgreeSource *source,
                             const AgreeDevice *d, const AgreeSource *fdt)
{
    const char *cpus = agree_find_fact(fdt, "cpus", "count");
    bool v2 = !g_strcmp0(agree_find_fact(fdt, "gic", "interface"), "2");
    uint32_t typer;

    /* GICv2 answers by the CPU that reads, and the test is no CPU. */
    if (v2 && g_strcmp0(cpus, "1")) {
        return;
    }
    typer = qtest_readl(qts, d->base + GICD_TYPER);
    if (v2) {
        agree_fact(source, "cpus", "count", "%u", (typer >> 5 & 7) + 1);
        agree_fact(source, "gic", "interface", "%u",
                   PIDR2_ARCH(qtest_readl(qts, d->base + GICV2_PIDR2)));
    } else if (is_gicv3_frame(qts, d->base)) {
        agree_fact(source, "gic", "version", "%u",
                   PIDR2_ARCH(qtest_readl(qts, d->base + GIC_PIDR2)));
        agree_fact(source, "gic", "interface", "3");
    } else {
        agree_problem(source, d->name, "base", "is no distributor's");
    }
}

AgreeSource *agree_read_registers(const AgreeRaw *raw, const AgreeSource *fdt)
{
    AgreeSource *source = agree_source_new("registers");
    unsigned cpus = 0;

    for (unsigned i = 0; i < fdt->devices->len; i++) {
        const AgreeDevice *d = g_ptr_array_index(fdt->devices, i);

        if (!strcmp(d->kind, "gic redistributor")) {
            cpus += read_redistributors(raw->qts, source, d);
        } else if (!strcmp(d->kind, "gic distributor")) {
            read_distributor(raw->qts, source, d, fdt);
        } else if (!strcmp(d->kind, "v2m")) {
            read_v2m(raw->qts, source, d);
        } else if (!strcmp(d->kind, "smmu")) {
            agree_fact(source, d->name, "dma-coherent", "%s",
                       qtest_readl(raw->qts, d->base + SMMU_IDR0) &
                       SMMU_COHACC ? "yes" : "no");
        }
    }
    if (cpus) {
        agree_fact(source, "cpus", "count", "%u", cpus);
    }
    return source;
}
