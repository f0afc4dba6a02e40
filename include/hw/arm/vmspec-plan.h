/*
 * vmspec: configuration and plan
 *
 * vmspec_plan() turns a platform and a VmspecConfig into a VmspecPlan: which
 * rows exist and how large they are, where RAM lies, which redistributors
 * serve which CPUs. The board, the FDT, the ACPI tables and SMBIOS read the
 * plan; nobody writes it afterwards. What -device and device_add change while
 * the machine exists is in VmspecPlugged.
 *
 * This header is plain C with <stdint.h> only, so that the plan can be
 * compiled and tested without QEMU.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_PLAN_H
#define HW_ARM_VMSPEC_PLAN_H

#include "hw/arm/vmspec-platform.h"

/* Limits (platform.md, section 5) */
#define VMSPEC_MAX_CPUS 512
#define VMSPEC_MAX_MEM_SLOTS 256
#define VMSPEC_MAX_NODES 128

typedef enum VmspecGicVersion {
    VMSPEC_GIC_DEFAULT = 0,     /* 3, or 2 when every CPU is AArch32-only */
    VMSPEC_GIC_V2 = 2,
    VMSPEC_GIC_V3 = 3,
    VMSPEC_GIC_V4 = 4,
    VMSPEC_GIC_HOST,            /* what the host's KVM has */
    VMSPEC_GIC_MAX,             /* the newest that the accelerator has */
} VmspecGicVersion;

/* -machine acpi= */
typedef enum VmspecAcpiChoice {
    VMSPEC_ACPI_OFF,
    VMSPEC_ACPI_ON,
    VMSPEC_ACPI_AUTO,           /* on for AArch64 CPUs */
} VmspecAcpiChoice;

/*
 * Who reads the ACPI and SMBIOS tables: what nobody reads is not built. This
 * is the only place that says so.
 */
typedef enum VmspecTablesReader {
    VMSPEC_TABLES_NOBODY,
    VMSPEC_TABLES_FIRMWARE,     /* from fw_cfg */
    VMSPEC_TABLES_KERNEL,       /* of a direct boot, from RAM (acpi=on) */
    VMSPEC_TABLES_EFI_KERNEL,   /* the same, if its header says it has EFI */
} VmspecTablesReader;

/* The caches that -machine smp-cache names, in QEMU's order */
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

/* A cache, the same in every CPU; 0: the CPU's ID registers do not say */
typedef struct VmspecCache {
    VmspecCacheScope scope;     /* the CPUs that share one */
    unsigned sets, ways;
    unsigned line;              /* bytes */
} VmspecCache;

/* -smp: how many of each are in one of the next larger; each at least 1 */
typedef struct VmspecTopology {
    unsigned sockets, clusters, cores, threads;
} VmspecTopology;

/*
 * Devices for a person at the machine. They are defaults of the machine and no
 * part of the contract (platform.md, section 9.5).
 */
typedef struct VmspecSeat {
    bool screen;
    bool usb;                   /* the controller */
    bool keyboard, pointer;     /* on that controller */
} VmspecSeat;

/* What the user asked for and what the CPU and the accelerator can do */
typedef struct VmspecConfig {
    VmspecGicVersion gic;
    bool kvm;
    unsigned kvm_gics;          /* bit n: the host's KVM offers GICvn */
    bool kvm_its;               /* the host's KVM offers an ITS */
    bool its;                   /* its=on: an ITS with GICv3 and newer */
    unsigned cpus;              /* 1..max_cpus */
    unsigned max_cpus;          /* 1..512 */
    VmspecTopology topology;    /* of max_cpus */
    const char *cpu_compatible; /* FDT compatible of every CPU */
    VmspecCache cache[VMSPEC_NUM_CACHES];
    bool aarch64;
    bool vhe;
    bool pmu;
    bool steal_time;            /* KVM tells a CPU what others took of it */
    bool big_endian;            /* EL1 can have big-endian data */
    unsigned pa_bits;           /* physical address size, 32..52 */
    bool virtualization;
    bool mte;                   /* memory has tags */
    bool can_tag;               /* so the CPU, or the host's KVM, can */
    bool smmu;
    bool ras;
    VmspecAcpiChoice acpi;
    bool fdt;
    bool seeds;                 /* dtb-randomness=on */
    bool secure_boot;
    bool firmware;              /* flash0 has an image, and the CPU starts it */
    uint64_t firmware_min_ram;  /* bytes that the firmware needs; 0: unknown */
    unsigned mem_slots;         /* for pc-dimm and nvdimm, 0..256 */
    bool nvdimm;                /* nvdimm=on */
    bool uart1;
    bool uart2;                 /* a third -serial; there is no UART for it */
    unsigned virtio_mmio;       /* transports, 0..32 */
    unsigned hotplug_ports;     /* root ports of the machine's own, 0..32 */
    VmspecSeat seat;            /* what it has for a person */
    bool usb_refused;           /* usb=off, and not merely no usb=on */
    uint64_t flash_size[2];     /* bytes, power of two; 0: no bank */
    uint64_t ram_size;          /* bytes */
    uint64_t device_memory_size;    /* bytes, whole MiB: maxmem - RAM */
    unsigned num_nodes;         /* NUMA nodes; 0: no NUMA */
    const uint64_t *node_mem;   /* bytes, num_nodes of them */
    const uint8_t *cpu_node;    /* node of each CPU, max_cpus of them */
    const uint8_t *distance;    /* num_nodes x num_nodes, NULL: none given */
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
    unsigned hotplug_ports;     /* eight functions a device, */
    unsigned hotplug_device;    /* from this device number on */
    VmspecSeat seat;
    unsigned screen_device;     /* device numbers of these two, if present */
    unsigned usb_device;
} VmspecPciePlan;

/* Where CPU n is: indexes within the next larger unit, from 0 */
typedef struct VmspecCpuPlace {
    uint16_t socket, cluster, core, thread;
} VmspecCpuPlace;

typedef struct VmspecCpuPlan {
    uint64_t mpidr;             /* affinity fields only */
    VmspecCpuPlace place;
    uint8_t node;
} VmspecCpuPlan;

/* RAM in address order; with NUMA no range crosses a node */
typedef struct VmspecMemPlan {
    VmspecRange range;
    int node;                   /* -1: no NUMA */
} VmspecMemPlan;

/* Allotted here, not by the order in which nodes are made */
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

#define VMSPEC_MAX_TIMERS 5

typedef struct VmspecPlan {
    const VmspecPlatform *platform;
    VmspecRange region[VMSPEC_MAX_ROWS];    /* by row id; size 0: absent */
    unsigned count[VMSPEC_MAX_ROWS];        /* devices of the row, 0: absent */
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
    bool firmware, secure_boot;             /* as in the configuration */
    bool fdt, acpi;                         /* which descriptions there are */
    VmspecTablesReader tables_reader;       /* of ACPI and SMBIOS */
    bool seeds;                             /* random seeds are in the FDT */
    bool nvdimm;                            /* NVDIMMs can be plugged */
    bool ras;                               /* ACPI reports memory errors */
    unsigned mem_slots;
    bool aarch64;
    bool el2;
    bool mte;                               /* RAM has tags */
    bool conduit_smc;                       /* PSCI by SMC, else by HVC */
    const char *cpu_compatible;
    unsigned num_cpus;
    VmspecCpuPlan cpu[VMSPEC_MAX_CPUS];
    VmspecTopology topology;
    VmspecCache cache[VMSPEC_NUM_CACHES];
    unsigned num_mem;
    VmspecMemPlan mem[VMSPEC_MAX_NODES + 1];
    unsigned num_nodes;
    const uint8_t *distance;                /* as in the configuration */
} VmspecPlan;

/* A pc-dimm or nvdimm in a memory slot */
typedef struct VmspecDimm {
    VmspecRange range;          /* within device-memory */
    unsigned node;
    bool persistent;            /* NVDIMM */
} VmspecDimm;

/* What -device or device_add put into the machine and both descriptions name */
typedef struct VmspecPlugged {
    int virtio_iommu_rid;       /* its requester ID; -1: no virtio-iommu */
    bool vmgenid;               /* there is a VM generation ID, at its row */
    unsigned num_dimms;
    VmspecDimm dimm[VMSPEC_MAX_MEM_SLOTS];      /* by address */
} VmspecPlugged;

/* Why a configuration is refused, and the option that would change it */
typedef struct VmspecPlanError {
    char msg[256];
    char hint[256];
} VmspecPlanError;

/* One value of VmspecPresence */
typedef struct VmspecPresenceRule {
    const char *word;           /* the contract's, tests/data/contract.txt */
    const char *doc;            /* the same for the manual */
    /* Of @plan, platform and gic are set. */
    bool (*holds)(const VmspecPlan *plan, const VmspecConfig *config);
} VmspecPresenceRule;

/* By VmspecPresence */
extern const VmspecPresenceRule vmspec_presence[VMSPEC_NUM_PRESENCES];

/*
 * Turn @config into a plan of @platform. Pure: no state, no I/O. @plan keeps
 * pointers to @platform and to @config's strings and arrays, which must live
 * as long as @plan.
 * Returns true. If the configuration does not fit @platform (platform.md,
 * sections 2.4 and 5.1), returns false and fills in @err;
 * @plan is undefined then.
 */
bool vmspec_plan(const VmspecPlatform *platform, const VmspecConfig *config,
                 VmspecPlan *plan, VmspecPlanError *err);

/*
 * Does @config fit @platform, but for the GIC and its redistributors, which
 * vmspec_plan() plans and refuses itself? Returns false with @err filled in
 * if it does not.
 */
bool vmspec_check_config(const VmspecPlatform *platform,
                         const VmspecConfig *config, VmspecPlanError *err);

/* Is the machine described by ACPI? acpi=auto: if the CPU is AArch64 */
bool vmspec_config_acpi(const VmspecConfig *config);

/*
 * The largest RAM in bytes that a CPU with @pa_bits of physical address can
 * have on @platform.
 */
uint64_t vmspec_max_ram(const VmspecPlatform *platform, unsigned pa_bits);

/*
 * How many bits of physical address a machine with @ram_size bytes of RAM can
 * use on @platform. The 64-bit PCIe window is within.
 */
unsigned vmspec_pa_bits(const VmspecPlatform *platform, uint64_t ram_size);

/* Where CPU @index is. CPUs are numbered thread by thread, core by core. */
VmspecCpuPlace vmspec_cpu_place(const VmspecTopology *topology,
                                unsigned index);

/* The platform's row @id, which has the interrupts and the names. */
static inline const VmspecRow *vmspec_row(const VmspecPlan *plan,
                                          VmspecRowId id)
{
    return &plan->platform->rows[id];
}

/* Does the machine have row @id? */
static inline bool vmspec_has(const VmspecPlan *plan, VmspecRowId id)
{
    return plan->region[id].size > 0;
}

#endif
