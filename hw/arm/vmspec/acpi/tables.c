/*
 * vmspec: the list of ACPI tables
 *
 * Data only, compiled with and without QEMU. Signatures and revisions are
 * those of ACPI 6.5 (5.2.6, 5.2.9, 5.2.12 ...) and of the documents that own
 * the other tables: PCI Firmware Specification (MCFG), Microsoft (SPCR, DBG2),
 * Arm DEN0049 (IORT), TCG (TPM2). acpi.c asserts that QEMU's builders write
 * the revision that stands here.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "tables.h"

const VmspecTable vmspec_tables[VMSPEC_NUM_TABLES] = {
    [VMSPEC_TABLE_DSDT] = {
        "DSDT", 2, NULL, "always", "devices",
    },
    [VMSPEC_TABLE_FADT] = {
        "FACP", 6, NULL, "always", "FADT, hardware-reduced, of ACPI 6.5",
    },
    [VMSPEC_TABLE_MADT] = {
        "APIC", 6, NULL, "always", "MADT: CPUs and interrupt controllers",
    },
    [VMSPEC_TABLE_PPTT] = {
        "PPTT", 3, NULL, "always", "sockets, clusters, cores, threads, caches",
    },
    [VMSPEC_TABLE_GTDT] = {
        "GTDT", 3, NULL, "always", "timers and watchdog",
    },
    [VMSPEC_TABLE_MCFG] = {
        "MCFG", 1, NULL, "always", "the ECAM",
    },
    [VMSPEC_TABLE_SPCR] = {
        "SPCR", 4, NULL, "always", "the console",
    },
    [VMSPEC_TABLE_DBG2] = {
        "DBG2", 0, NULL, "always", "the console as debug port",
    },
    /* DEN0049E.b, the newest that the iasl of Debian 12 reads */
    [VMSPEC_TABLE_IORT] = {
        "IORT", 3, NULL, "always", "requester IDs to SMMU and ITS",
    },
    [VMSPEC_TABLE_SRAT] = {
        "SRAT", 3, NULL, "-numa node", "CPUs and memory of NUMA nodes",
    },
    [VMSPEC_TABLE_SLIT] = {
        "SLIT", 1, NULL, "-numa dist", "distances of NUMA nodes",
    },
    [VMSPEC_TABLE_HMAT] = {
        "HMAT", 2, NULL, "hmat=on", "latency and bandwidth of memory",
    },
    [VMSPEC_TABLE_SSDT_PCIHP] = {
        "SSDT", 2, "PCIHP", "hot-plug ports", "hot-plug ports",
    },
    [VMSPEC_TABLE_SSDT_MEMHP] = {
        "SSDT", 2, "VMSPECMH", "-m slots", "memory slots",
    },
    [VMSPEC_TABLE_SSDT_NVDIMM] = {
        "SSDT", 1, "NVDIMM", "nvdimm=on", "NVDIMMs",
    },
    [VMSPEC_TABLE_NFIT] = {
        "NFIT", 1, NULL, "with an NVDIMM", "NVDIMMs",
    },
    [VMSPEC_TABLE_VIOT] = {
        "VIOT", 0, NULL, "virtio-iommu-pci", "requester IDs to a virtio-iommu",
    },
    [VMSPEC_TABLE_TPM2] = {
        "TPM2", 4, NULL, "with a TPM", "the TPM's interface",
    },
    [VMSPEC_TABLE_HEST] = {
        "HEST", 1, NULL, "ras=on", "sources of memory errors",
    },
};
