/*
 * vmspec platform: rows, configuration and plan
 *
 * The types that the board, the FDT, the ACPI tables, the documentation tool
 * and the host tests share. Everything here is plain C with <stdint.h> only:
 * the platform can be compiled and tested without QEMU.
 *
 * Data flow: rows (platform.c) + VmspecConfig -> vmspec_plan() -> VmspecPlan,
 * which is read-only from then on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_H
#define HW_ARM_VMSPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw/arm/vmspec-map.h"

/* One row each; the order is the memory map's (platform.md, section 2). */
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
    VMSPEC_ACPI_PCIHP,
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
    VMSPEC_NUM_ROWS,
    VMSPEC_NO_ROW = VMSPEC_NUM_ROWS,
} VmspecRowId;

typedef enum VmspecKind {
    VMSPEC_KIND_DEVICE,     /* registers of one device */
    VMSPEC_KIND_RAM,        /* memory */
    VMSPEC_KIND_WINDOW,     /* an aperture to a bus */
    VMSPEC_KIND_HOLE,       /* must stay unassigned */
} VmspecKind;

typedef enum VmspecTrigger {
    VMSPEC_LEVEL_HIGH,
    VMSPEC_EDGE_RISING,
} VmspecTrigger;

/* When a row exists; vmspec_plan() decides each in one place. */
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
} VmspecPresence;

/* A run of SPIs: numbers spi .. spi + count - 1, 0-based (INTID 32 + spi). */
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
    VmspecKind kind;
    VmspecPresence presence;
    unsigned pa_bits;           /* least CPU PA size that reaches it, 0: any */
    VmspecIrqs irqs;            /* count 0: none */
    const char *node;           /* FDT node name without unit address */
    VmspecRowId frame2;         /* second register frame of the same node */
    const char *compatible[VMSPEC_MAX_STRINGS];
    const char *clock_names[VMSPEC_MAX_STRINGS];    /* each the APB clock */
    bool dma;                   /* masters the bus, coherently */
    const char *hid;            /* ACPI _HID, NULL: not in the DSDT */
    const char *acpi_name;
    unsigned acpi_uid;
    bool acpi_hidden;           /* not shown in user interfaces (_STA) */
    bool firmwares;             /* not the OS's: not present to it (F9, G3) */
    const char *doc;            /* one sentence for the manual */
    const char *rules;          /* rule IDs it serves */
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

/*
 * A private peripheral interrupt; all are level high (platform.md, section 3).
 */
typedef struct VmspecPpi {
    VmspecPpiId id;
    const char *name;
    unsigned intid;             /* 16..31 */
    VmspecPresence presence;
    const char *doc;
} VmspecPpi;

typedef struct VmspecPlatform {
    const VmspecRow *rows;
    size_t num_rows;
    const VmspecPpi *ppis;
    size_t num_ppis;
    unsigned num_spis;
} VmspecPlatform;

/* Platform 1.0: the rows of platform.c. */
extern const VmspecPlatform vmspec_platform;

/* A platform check: one property of the rows, by name. */
typedef struct VmspecCheck {
    const char *name;
    /*
     * Returns true if @p has the property; else false, with the reason in
     * @why (NUL-terminated, at most @len bytes).
     */
    bool (*fn)(const VmspecPlatform *p, char *why, size_t len);
} VmspecCheck;

extern const VmspecCheck vmspec_checks[];
extern const size_t vmspec_num_checks;

/*
 * Run every check over @p. Returns NULL if all hold, else the first check
 * that does not, with the reason in @why.
 */
const VmspecCheck *vmspec_platform_check(const VmspecPlatform *p,
                                         char *why, size_t len);

typedef enum VmspecGicVersion {
    VMSPEC_GIC_DEFAULT = 0,     /* 3, or 2 when every CPU is AArch32-only */
    VMSPEC_GIC_V2 = 2,
    VMSPEC_GIC_V3 = 3,
    VMSPEC_GIC_V4 = 4,
    VMSPEC_GIC_HOST,            /* what the host's KVM has */
    VMSPEC_GIC_MAX,             /* the newest that the accelerator has */
} VmspecGicVersion;

/* The caches that -machine smp-cache names, in QEMU's order. */
typedef enum VmspecCacheId {
    VMSPEC_CACHE_L1D,
    VMSPEC_CACHE_L1I,
    VMSPEC_CACHE_L2,
    VMSPEC_CACHE_L3,
    VMSPEC_NUM_CACHES,
} VmspecCacheId;

typedef enum VmspecCacheScope {
    VMSPEC_CACHE_NOT_DESCRIBED, /* nothing is known of it */
    VMSPEC_CACHE_OF_CORE,
    VMSPEC_CACHE_OF_CLUSTER,
    VMSPEC_CACHE_OF_SOCKET,
} VmspecCacheScope;

/* A cache, alike in every CPU; what the CPU's ID registers do not say is 0. */
typedef struct VmspecCache {
    VmspecCacheScope scope;     /* the CPUs that share one */
    unsigned sets, ways;
    unsigned line;              /* bytes */
} VmspecCache;

#define VMSPEC_MAX_TIMERS 5

/* What the user asked for and what the CPU and accelerator can do. */
typedef struct VmspecConfig {
    VmspecGicVersion gic;
    bool kvm;
    unsigned kvm_gics;          /* bit n: the host's KVM offers GICvn */
    unsigned cpus;              /* 1..max_cpus */
    unsigned max_cpus;          /* 1..512 */
    unsigned sockets, clusters, cores, threads;     /* of max_cpus, each >= 1 */
    const char *cpu_compatible; /* FDT compatible of every CPU */
    VmspecCache cache[VMSPEC_NUM_CACHES];
    bool aarch64;
    bool vhe;
    bool pmu;
    unsigned pa_bits;           /* physical address size, 32..52 */
    bool virtualization;
    bool smmu;
    bool acpi;
    unsigned mem_slots;         /* for pc-dimm and nvdimm, 0..256 */
    bool acpi_pcihp;            /* hot-plug ports that ACPI serves */
    bool uart1;
    unsigned virtio_mmio;       /* transports, 0..32 */
    unsigned hotplug_ports;     /* root ports of the machine's own, 0..32 */
    uint64_t flash_size[2];     /* bytes, multiple of 256 KiB; 0: no bank */
    uint64_t ram_size;          /* bytes */
    uint64_t device_memory_size;    /* bytes, whole MiB: maxmem - RAM */
    unsigned num_nodes;         /* NUMA nodes; 0: no NUMA */
    const uint64_t *node_mem;   /* bytes, num_nodes of them */
    const uint8_t *cpu_node;    /* node of each CPU, max_cpus of them */
    const uint8_t *distance;    /* num_nodes x num_nodes, 0: none given */
} VmspecConfig;

typedef struct VmspecRange {
    uint64_t base;
    uint64_t size;              /* 0: absent */
} VmspecRange;

#define VMSPEC_MAX_REDISTS 2

typedef struct VmspecGicPlan {
    unsigned version;           /* 2, 3 or 4 */
    bool its;
    unsigned num_redists;
    unsigned redist_cpus[VMSPEC_MAX_REDISTS];
} VmspecGicPlan;

typedef struct VmspecPciePlan {
    VmspecRange ecam, mmio32, mmio64, pio;
    unsigned buses;
    VmspecIrqs intx;
    unsigned hotplug_ports;     /* eight functions a slot, */
    unsigned hotplug_slot;      /* from this one on */
} VmspecPciePlan;

typedef struct VmspecCpuPlan {
    uint64_t mpidr;             /* affinity fields only */
    uint16_t socket, cluster, core, thread;
    uint8_t node;
} VmspecCpuPlan;

#define VMSPEC_MAX_NODES 128

/* RAM in address order; with NUMA no range crosses a node. */
typedef struct VmspecMemPlan {
    VmspecRange range;
    int node;                   /* -1: no NUMA */
} VmspecMemPlan;

/* A pc-dimm or nvdimm in a memory slot */
typedef struct VmspecDimm {
    VmspecRange range;          /* within device-memory */
    unsigned node;
    bool persistent;            /* NVDIMM */
} VmspecDimm;

/* Allotted here, not by the order in which nodes are made. */
typedef enum VmspecPhandle {
    VMSPEC_PHANDLE_GIC = 1,
    VMSPEC_PHANDLE_MSI,
    VMSPEC_PHANDLE_APB_CLOCK,
    VMSPEC_PHANDLE_GPIO,
    VMSPEC_PHANDLE_SMMU,
    VMSPEC_PHANDLE_VIRTIO_IOMMU,
    VMSPEC_PHANDLE_CPU0,        /* CPU n: VMSPEC_PHANDLE_CPU0 + n */
    /* then the L2 caches, then the L3 caches, at most one a CPU */
    VMSPEC_PHANDLE_L2 = VMSPEC_PHANDLE_CPU0 + VMSPEC_MAX_CPUS,
    VMSPEC_PHANDLE_L3 = VMSPEC_PHANDLE_L2 + VMSPEC_MAX_CPUS,
} VmspecPhandle;

typedef struct VmspecPlan {
    const VmspecPlatform *platform;
    VmspecRange region[VMSPEC_NUM_ROWS];    /* by row id; size 0: absent */
    bool ppi[VMSPEC_NUM_PPIS];              /* by id: present */
    /*
     * INTIDs in the order of the timer binding, which is positional: secure
     * EL1, EL1, virtual, EL2, EL2 virtual. OSv and EDK2 index it and want the
     * first four whether or not the VM has the exception level.
     */
    unsigned timer[VMSPEC_MAX_TIMERS];
    unsigned num_timers;
    VmspecGicPlan gic;
    VmspecPciePlan pcie;
    /* Requester ID of a virtio-iommu that -device added; -1: none */
    int virtio_iommu_rid;
    /* Memory that -device or device_add put into the slots, by address */
    unsigned mem_slots;
    unsigned num_dimms;
    VmspecDimm dimm[VMSPEC_MAX_MEM_SLOTS];
    bool aarch64;
    bool conduit_smc;                       /* PSCI by SMC, else by HVC */
    const char *cpu_compatible;
    unsigned num_cpus;
    VmspecCpuPlan cpu[VMSPEC_MAX_CPUS];
    unsigned sockets, clusters, cores, threads;
    VmspecCache cache[VMSPEC_NUM_CACHES];
    unsigned virtio_mmio;
    unsigned num_mem;
    VmspecMemPlan mem[VMSPEC_MAX_NODES + 1];
    unsigned num_nodes;
    const uint8_t *distance;                /* as in the configuration */
} VmspecPlan;

/* Why a configuration is refused, and the option that would change it. */
typedef struct VmspecPlanError {
    char msg[256];
    char hint[256];
} VmspecPlanError;

/*
 * Turn @config into @plan. Pure: no state, no I/O. @plan keeps pointers to
 * @config's strings and arrays, which must live as long.
 * Returns true, or false with @err filled in, if the configuration does not
 * fit the platform (platform.md, sections 2.4 and 5).
 */
bool vmspec_plan(const VmspecConfig *config, VmspecPlan *plan,
                 VmspecPlanError *err);

/*
 * The largest RAM in bytes that a CPU with @pa_bits of physical address can
 * have on this platform.
 */
uint64_t vmspec_max_ram(unsigned pa_bits);

#endif
