/*
 * vmspec: the machine's class and state
 *
 * What the rooms under hw/arm/vmspec share about one machine. fdt/ does not
 * include this header: its input is the plan. What a room offers the others is
 * in a header beside its .c file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_MACHINE_H
#define HW_ARM_VMSPEC_MACHINE_H

#include "hw/arm/boot.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/arm/vmspec-plan.h"
#include "hw/block/flash.h"
#include "hw/boards.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/pci/pci_bus.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_VMSPEC_MACHINE MACHINE_TYPE_NAME("vmspec-base")
OBJECT_DECLARE_TYPE(VmspecMachineState, VmspecMachineClass, VMSPEC_MACHINE)

#define VMSPEC_NUM_FLASH 2

/* File names of the bundled firmware, and of the template of its variables */
typedef struct VmspecBundle {
    const char *uefi;
    const char *vars;
} VmspecBundle;

/* Tables for a kernel without firmware (hw/arm/vmspec/handover.c) */
typedef struct VmspecHandoverState VmspecHandoverState;

/* Where the variables are (hw/arm/vmspec/nvram/nvram.c) */
typedef enum VmspecNvramMode {
    VMSPEC_NVRAM_UNDECIDED,
    VMSPEC_NVRAM_NONE,          /* in no file, or in that of pflash1 */
    VMSPEC_NVRAM_AUTO,          /* in a file that UUID or name select */
    VMSPEC_NVRAM_FILE,          /* in the file that the user names */
} VmspecNvramMode;

struct VmspecMachineClass {
    MachineClass parent_class;

    const VmspecPlatform *platform;
    /* TYPE_MACHINE's, which allocates RAM */
    bool (*create_default_memdev)(MachineState *ms, const char *path,
                                  Error **errp);
};

struct VmspecMachineState {
    MachineState parent_obj;

    /*
     * Properties, as the user set them. config.c copies them into @config for
     * the plan, and the board reads the plan. Not part of the plan are
     * secure_boot, nvram_arg, nvram_format and nvram_reset: flash.c, nvram/ and
     * stream.c read these.
     */
    VmspecGicVersion gic_version;
    OnOffAuto acpi;
    OnOffAuto graphics;
    bool virtualization;
    bool mte;
    bool its;
    bool smmu;
    bool ras;
    bool fdt;
    bool dtb_randomness;
    uint32_t virtio_mmio;
    uint32_t hotplug_ports;
    bool hotplug_ports_given;   /* else vmspec_hotplug_ports() decides */
    bool secure_boot;
    bool nvram_reset;
    char *nvram_arg;            /* nvram= as set, NULL if not */
    const char *nvram_format;   /* nvram-format=, NULL: by the file's name */

    /* Made by vmspec_init(); the type keeps others from writing the plan */
    VmspecConfig config;
    const VmspecPlan *plan;
    uint64_t *node_mem;
    uint8_t *cpu_node;
    uint8_t *distance;
    bool firmware;              /* flash0 has an image, the CPU starts there */
    bool bundled;               /* and this image is the bundle's */
    unsigned ipa_bits;          /* KVM's limit, 0 without */

    /* What -device and device_add put in, for both descriptions */
    VmspecPlugged plugged;

    MemoryRegion *container[VMSPEC_MAX_ROWS];
    MemoryRegion *ram_part[2];  /* ram-low and ram-high, NULL: absent */
    MemoryRegion *tags;         /* of RAM; NULL: none, or KVM keeps them */
    DeviceState *gic;
    DeviceState *power_button;
    DeviceState *wake_key;
    DeviceState *ged;
    DeviceState *pcihp;
    DeviceState *platform_bus;
    bool platform_devices;      /* -device put one on it */
    PFlashCFI01 *flash[VMSPEC_NUM_FLASH];
    char *flash_node[VMSPEC_NUM_FLASH];     /* as pflash0, pflash1 were set */
    char *firmware_path;        /* flash0's image */
    const VmspecBundle *bundle; /* for these CPUs and secure-boot= */
    VmspecNvramMode nvram_mode;
    char *nvram_path;           /* the store file, NULL if there is none */
    PCIBus *bus;
    FWCfgState *fw_cfg;
    struct arm_boot_info bootinfo;
    int unpacked_kernel;        /* a file of memory until it is loaded, or -1 */
    VmspecHandoverState *handover;  /* NULL: nobody reads tables in RAM */
    int fdt_size;               /* bytes for the FDT in guest memory, 0: none */
    struct {
        bool held;              /* a memory transaction is open */
        DeviceListener listener;
        Notifier last_done;
    } layout;                   /* of the address spaces: layout.c */
    Notifier machine_done;
    Notifier powerdown;
};

#endif
