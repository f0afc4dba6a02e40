/*
 * vmspec: the platform as data
 *
 * A platform is one version of the contract (docs/platform.md): its name, one
 * row for each region or device, and its private interrupts. vmspec_plan()
 * (vmspec-plan.h) applies a user's options to a platform.
 *
 * This header is plain C with <stdint.h> only, so that the platform can be
 * compiled and tested without QEMU.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_PLATFORM_H
#define HW_ARM_VMSPEC_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One row each: those of platform 1.0 in the order of the memory map
 * (platform.md, section 2), then those that later versions add.
 */
typedef enum VmspecRowId {
    VMSPEC_FLASH0,
    VMSPEC_FLASH1,
    VMSPEC_GIC_DIST,
    VMSPEC_GIC_CPU,
    VMSPEC_GIC_V2M,
    VMSPEC_GIC_HYP,
    VMSPEC_GIC_VCPU,
    VMSPEC_GIC_ITS,
    VMSPEC_GIC_REDIST,
    VMSPEC_UART0,
    VMSPEC_RTC,
    VMSPEC_FW_CFG,
    VMSPEC_GPIO,
    VMSPEC_UART1,
    VMSPEC_SMMU,
    VMSPEC_ACPI_GED,
    VMSPEC_ACPI_MEMHP,
    VMSPEC_VMGENID,
    VMSPEC_ACPI_PCIHP,
    VMSPEC_STEAL_TIME,
    VMSPEC_WATCHDOG_REFRESH,
    VMSPEC_WATCHDOG_CONTROL,
    VMSPEC_VIRTIO_MMIO,
    VMSPEC_PLATFORM_BUS,
    VMSPEC_PCIE_ECAM,
    VMSPEC_PCIE_MMIO32,
    VMSPEC_PCIE_PIO,
    VMSPEC_RESERVED_LOW,
    VMSPEC_RAM_LOW,
    VMSPEC_DEVICE_MEMORY,
    VMSPEC_GIC_REDIST_HIGH,
    VMSPEC_PCIE_SEGMENTS,
    VMSPEC_PCIE_MMIO64,
    VMSPEC_RAM_HIGH,
    VMSPEC_NUM_ROWS,            /* rows that the code knows by name */
    VMSPEC_MAX_ROWS = 64,       /* room in the plan */
    VMSPEC_NO_ROW = VMSPEC_MAX_ROWS,
} VmspecRowId;

typedef enum VmspecKind {
    VMSPEC_KIND_DEVICE,     /* registers of one device */
    VMSPEC_KIND_RAM,        /* memory */
    VMSPEC_KIND_WINDOW,     /* shows the address space of a bus */
    VMSPEC_KIND_HOLE,       /* must stay unassigned */
} VmspecKind;

typedef enum VmspecTrigger {
    VMSPEC_LEVEL_HIGH,
    VMSPEC_EDGE_RISING,
} VmspecTrigger;

/* When a row exists. vmspec_presence[] (vmspec-plan.h) decides each. */
typedef enum VmspecPresence {
    VMSPEC_ALWAYS,
    VMSPEC_NEVER,               /* holes */
    VMSPEC_IF_FLASH0,
    VMSPEC_IF_FLASH1,
    VMSPEC_IF_GICV2,
    VMSPEC_IF_GICV2_EL2,
    VMSPEC_IF_GICV3,
    VMSPEC_IF_ITS,
    VMSPEC_IF_REDIST_HIGH,
    VMSPEC_IF_UART1,
    VMSPEC_IF_SMMU,
    VMSPEC_IF_ACPI,
    VMSPEC_IF_MEMORY_HOTPLUG,
    VMSPEC_IF_ACPI_PCIHP,
    VMSPEC_IF_VIRTIO_MMIO,
    VMSPEC_IF_DEVICE_MEMORY,
    VMSPEC_IF_MMIO64,
    VMSPEC_IF_RAM_HIGH,
    VMSPEC_IF_EL2,
    VMSPEC_IF_VHE,
    VMSPEC_IF_PMU,
    VMSPEC_IF_STEAL_TIME,
    VMSPEC_IF_VMGENID,          /* -device's: VmspecPlugged has it */
    VMSPEC_NUM_PRESENCES,
} VmspecPresence;

/* INTID of the first shared and the first private peripheral interrupt */
#define VMSPEC_SPI_INTID_BASE 32
#define VMSPEC_PPI_INTID_BASE 16

/* A run of SPIs: numbers spi .. spi + count - 1, 0-based (INTID 32 + spi) */
typedef struct VmspecIrqs {
    uint16_t spi;
    uint16_t count;
    VmspecTrigger trigger;
} VmspecIrqs;

#define VMSPEC_MAX_STRINGS 3

typedef struct VmspecRow {
    VmspecRowId id;
    const char *name;           /* the contract's name */
    uint64_t base;
    uint64_t size;              /* bytes, the largest the region can be */
    /*
     * A row of several equal devices: @count of them, @stride bytes apart,
     * with one of @irqs each. 0: the row is one device.
     */
    unsigned count;
    uint64_t stride;
    VmspecKind kind;
    VmspecPresence presence;
    unsigned pa_bits;           /* least CPU PA size that reaches it, 0: any */
    VmspecIrqs irqs;            /* count 0: none */

    /* FDT */
    const char *node;           /* node name without unit address, or NULL */
    VmspecRowId parent;         /* row whose node contains this row's node */
    VmspecRowId second_frame;   /* second "reg" entry, if that row is present */
    const char *compatible[VMSPEC_MAX_STRINGS];
    const char *clock_names[VMSPEC_MAX_STRINGS];    /* each the APB clock */
    bool dma;                   /* masters the bus, coherently */
    bool msi_controller;        /* MSIs raise @irqs: no "interrupts" property */
    unsigned msi_cells;         /* #msi-cells, 0: the property is absent */

    /* ACPI */
    const char *hid;            /* _HID, NULL: not in the DSDT */
    const char *acpi_name;
    unsigned acpi_uid;
    bool acpi_hidden;           /* not shown in user interfaces (_STA) */
    bool firmware_owned;        /* _STA is 0 for the OS (F9, G3) */

    const char *doc;            /* one sentence for the manual */
    const char *rules;          /* rule IDs it serves (platform.md) */
} VmspecRow;

typedef enum VmspecPpiId {
    VMSPEC_PPI_ID_PMU,
    VMSPEC_PPI_ID_GIC_MAINTENANCE,
    VMSPEC_PPI_ID_EL2_PHYS,
    VMSPEC_PPI_ID_EL1_VIRT,
    VMSPEC_PPI_ID_EL2_VIRT,
    VMSPEC_PPI_ID_EL1_PHYS,
    VMSPEC_NUM_PPIS,
} VmspecPpiId;

/* A private interrupt. All are level high (platform.md, section 3). */
typedef struct VmspecPpi {
    VmspecPpiId id;
    const char *name;
    unsigned intid;             /* 16..31 */
    VmspecPresence presence;
    const char *doc;
} VmspecPpi;

/*
 * One version of the platform. A released version never changes (platform.md,
 * section 9).
 */
typedef struct VmspecPlatform {
    unsigned major, minor;
    const char *machine;        /* QEMU's name of the machine */
    const char *model;          /* "model" of the FDT's root */
    const char *default_cpu;    /* -cpu under TCG, if none is named */
    const char *oem_id;         /* ACPI, at most 6 characters */
    const char *oem_table_id;   /* ACPI, at most 8 characters */
    const VmspecRow *rows;      /* by VmspecRowId */
    size_t num_rows;
    const VmspecPpi *ppis;      /* by VmspecPpiId */
    size_t num_ppis;
    unsigned num_spis;
    unsigned cpu_clock_hz;      /* nominal, of an AArch32 CPU */
    unsigned apb_clock_hz;      /* rate of the APB clock, for clock_names */
    unsigned power_button_line; /* of the GPIO controller */
    unsigned wake_key_line;     /* likewise */
    unsigned nvdimm_dsm_offset; /* bytes into acpi-memhp */
} VmspecPlatform;

/* Platform 1.0: the rows of platform/platform.c */
extern const VmspecPlatform vmspec_platform_1_0;

/* A platform check: one property of the rows, by name */
typedef struct VmspecCheck {
    const char *name;
    /*
     * Returns true if @p has the property. Otherwise returns false and writes
     * the reason to @why (NUL-terminated, at most @len bytes).
     */
    bool (*fn)(const VmspecPlatform *p, char *why, size_t len);
} VmspecCheck;

extern const VmspecCheck vmspec_checks[];
extern const size_t vmspec_num_checks;

/*
 * Run every check over @p. Returns NULL if all hold. Otherwise returns the
 * first check that does not hold and writes the reason to @why.
 */
const VmspecCheck *vmspec_platform_check(const VmspecPlatform *p,
                                         char *why, size_t len);

#endif
