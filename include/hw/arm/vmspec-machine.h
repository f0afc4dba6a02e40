/*
 * vmspec: the machine's class and state
 *
 * What the rooms under hw/arm/vmspec share about one machine. fdt/ does not
 * include this header: its input is the plan. What a room offers the others is
 * in a header beside its .c file.
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

struct VmspecMachineClass {
    MachineClass parent_class;

    const VmspecPlatform *platform;
    /* TYPE_MACHINE's, which allocates RAM */
    bool (*create_default_memdev)(MachineState *ms, const char *path,
                                  Error **errp);
};

struct VmspecMachineState {
    MachineState parent_obj;

    /* Properties; config.c, flash.c and nvram.c read them, nobody else */
    VmspecGicVersion gic_version;
    OnOffAuto acpi;
    bool virtualization;
    bool smmu;
    bool ras;
    bool fdt;
    bool dtb_randomness;
    uint32_t virtio_mmio;
    uint32_t hotplug_ports;
    bool hotplug_ports_given;   /* else vmspec_hotplug_ports() decides */
    bool secure_boot;
    bool nvram_reset;
    char *nvram;                /* as set; then auto, none or the path */

    /* Made by vmspec_init(); the type keeps others from writing the plan */
    VmspecConfig config;
    const VmspecPlan *plan;
    uint64_t *node_mem;
    uint8_t *cpu_node;
    uint8_t *distance;
    bool firmware;              /* flash0 has an image, the CPU starts there */
    unsigned ipa_bits;          /* KVM's limit, 0 without */

    /* What -device and device_add put in, for both descriptions */
    VmspecPlugged plugged;

    MemoryRegion *container[VMSPEC_MAX_ROWS];
    DeviceState *gic;
    DeviceState *power_button;
    DeviceState *ged;
    DeviceState *pcihp;
    DeviceState *platform_bus;
    PFlashCFI01 *flash[VMSPEC_NUM_FLASH];
    char *flash_node[VMSPEC_NUM_FLASH];     /* as pflash0, pflash1 were set */
    char *firmware_path;        /* flash0's image */
    char *nvram_path;           /* nvram='s file, NULL if none */
    PCIBus *bus;
    FWCfgState *fw_cfg;
    struct arm_boot_info bootinfo;
    int fdt_size;               /* bytes for the FDT in guest memory, 0: none */
    Notifier machine_done;
    Notifier powerdown;
};

/* flash.c */

/* The class properties pflash0 and pflash1. */
void vmspec_add_flash_properties(ObjectClass *oc);
/* Create the two banks, not realized. */
void vmspec_init_flash(VmspecMachineState *vms);
/*
 * Choose the images (-bios, pflash0, pflash1, the bundled firmware), and give
 * the banks' sizes in @size. Sets vms->firmware. Returns false with @errp set
 * if an image cannot be used.
 */
bool vmspec_choose_flash(VmspecMachineState *vms, uint64_t size[],
                         Error **errp);
bool vmspec_make_flash(VmspecMachineState *vms, Error **errp);

/* nvram.c */

/* The class properties nvram and nvram-reset, and those that tell of both. */
void vmspec_add_nvram_properties(ObjectClass *oc);
/*
 * Give flash1 the store of nvram= (platform.md, section 7), which is sound,
 * locked and in place then. Wants flash0 and pflash1 settled. Returns false with @errp
 * set, and every file as it was, if the store cannot be used.
 */
bool vmspec_open_nvram(VmspecMachineState *vms, Error **errp);
/*
 * Put the template into a realized flash1 that has no file. Returns false with
 * @errp set if the template cannot be used.
 */
bool vmspec_fill_nvram(VmspecMachineState *vms, Error **errp);

#endif
