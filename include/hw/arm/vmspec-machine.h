/*
 * vmspec: the machine's state and what the board's files offer each other
 *
 * For hw/arm/vmspec/ only. fdt.c does not include it: it gets the plan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_MACHINE_H
#define HW_ARM_VMSPEC_MACHINE_H

#include "hw/arm/boot.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/arm/vmspec.h"
#include "hw/block/flash.h"
#include "hw/boards.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/pci/pci_bus.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "target/arm/cpu.h"

#define TYPE_VMSPEC_MACHINE MACHINE_TYPE_NAME("vmspec-base")
OBJECT_DECLARE_TYPE(VmspecMachineState, VmspecMachineClass, VMSPEC_MACHINE)

#define VMSPEC_NUM_FLASH 2

struct VmspecMachineClass {
    MachineClass parent_class;

    /* TYPE_MACHINE's, which allocates RAM */
    bool (*create_default_memdev)(MachineState *ms, const char *path,
                                  Error **errp);
};

struct VmspecMachineState {
    MachineState parent_obj;

    /* Properties */
    VmspecGicVersion gic_version;
    OnOffAuto acpi;
    bool virtualization;
    bool smmu;
    bool ras;
    bool fdt;
    bool dtb_randomness;
    uint32_t virtio_mmio;
    int hotplug_ports;          /* -1: as vmspec_hotplug_ports() says */
    bool secure_boot;
    bool nvram_reset;
    char *nvram;                /* as set; then auto, none or the path */

    /* Set once by vmspec_init(), read-only after */
    VmspecConfig config;
    VmspecPlan plan;
    uint64_t *node_mem;
    uint8_t *cpu_node;
    uint8_t *distance;
    bool firmware;              /* flash0 has an image, the CPU starts there */
    unsigned ipa_bits;          /* KVM's limit, 0 without */

    MemoryRegion *container[VMSPEC_NUM_ROWS];
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
    int fdt_size;               /* room for the FDT in guest memory, 0: none */
    Notifier machine_done;
    Notifier powerdown;
};

/* board.c */

/*
 * Move @mr, which lies in the system memory, to @offset in a container of the
 * contract's name and size for @row: info mtree then reads like the contract,
 * and what the device does not decode aborts (B_MEM_02).
 */
void vmspec_move_region(VmspecMachineState *vms, VmspecRowId row,
                        MemoryRegion *mr, hwaddr offset);

/*
 * Map MMIO region @n of @sbd at @offset bytes in @row's region, as
 * vmspec_move_region() does.
 */
void vmspec_map_sysbus(VmspecMachineState *vms, VmspecRowId row,
                       SysBusDevice *sbd, int n, hwaddr offset);

/* Make @dev the machine's child and give it @row's name as its id. */
void vmspec_adopt(VmspecMachineState *vms, VmspecRowId row, DeviceState *dev);

/* properties.c */
void vmspec_add_properties(ObjectClass *oc);

/* cpu.c */

extern const char *const vmspec_valid_cpu_types[];

/*
 * Fill in @config what the CPU of -cpu can do, by a CPU object that is made
 * for the question only.
 */
void vmspec_probe_cpu(MachineState *ms, VmspecConfig *config);
void vmspec_make_cpus(VmspecMachineState *vms);
const CPUArchIdList *vmspec_possible_cpus(MachineState *ms);
CpuInstanceProperties vmspec_cpu_props(MachineState *ms, unsigned index);
int64_t vmspec_default_cpu_node(const MachineState *ms, int index);

/* cache.c */

/* The class's caches that -machine smp-cache may place. */
void vmspec_init_caches(MachineClass *mc);
/* Fill in @cache what @cpu's CLIDR and CCSIDRs say, 0 where they do not. */
void vmspec_probe_caches(ARMCPU *cpu, VmspecCache cache[]);
/*
 * Fill in @cache who shares what by -machine smp-cache. Returns false with
 * @errp set if FDT and ACPI cannot both say it.
 */
bool vmspec_place_caches(MachineState *ms, VmspecCache cache[], Error **errp);

/* gic.c */

/* Bit n: the host's KVM has GICvn; 0 without KVM. */
unsigned vmspec_kvm_gics(void);
void vmspec_make_gic(VmspecMachineState *vms);
/* The GIC's input for @spi, 0-based. */
qemu_irq vmspec_spi(VmspecMachineState *vms, unsigned spi);

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
 * locked and in place then. Wants flash0 and pflash1 settled. Returns false
 * with @errp set, and every file as it was, if the store cannot be used.
 */
bool vmspec_open_nvram(VmspecMachineState *vms, Error **errp);
/*
 * Put the template into a realized flash1 that has no file. Returns false with
 * @errp set if the template cannot be used.
 */
bool vmspec_fill_nvram(VmspecMachineState *vms, Error **errp);

/* pcie.c */

/* The ports that the machine gets: 4 by default, none under -nodefaults. */
unsigned vmspec_hotplug_ports(const VmspecMachineState *vms);
void vmspec_make_pcie(VmspecMachineState *vms);

/* devices.c: all rows with a device that no other file makes */
void vmspec_make_devices(VmspecMachineState *vms);
void vmspec_powerdown(Notifier *n, void *opaque);

/* memory.c: memory devices (platform.md, section 2, device-memory) */

/* The address space that maxmem= asks for, if it does */
void vmspec_make_device_memory(VmspecMachineState *vms);
/* The register of the NVDIMMs' _DSM, with nvdimm=on and memory slots */
void vmspec_make_nvdimm(VmspecMachineState *vms);
/* Can NVDIMMs be plugged? */
bool vmspec_has_nvdimm(VmspecMachineState *vms);
/* pc-dimm, nvdimm, virtio-mem-pci, virtio-pmem-pci? */
bool vmspec_is_memory(DeviceState *dev);
/* Parts of the machine's hot-plug handler, for such a device */
void vmspec_memory_pre_plug(VmspecMachineState *vms, DeviceState *dev,
                            Error **errp);
void vmspec_memory_plug(VmspecMachineState *vms, DeviceState *dev,
                        Error **errp);
void vmspec_memory_unplug_request(VmspecMachineState *vms, DeviceState *dev,
                                  Error **errp);
void vmspec_memory_unplug(VmspecMachineState *vms, DeviceState *dev,
                          Error **errp);

/* hotplug.c: the class's handlers for what -device adds */
void vmspec_init_hotplug(ObjectClass *oc);

/* acpi.c: the tables, if there are any, into fw_cfg */
void vmspec_setup_acpi(VmspecMachineState *vms);

/* smbios.c: into fw_cfg */
void vmspec_setup_smbios(VmspecMachineState *vms);

/* boot.c */

/* Check -kernel's file; see direct boot in the manual. */
bool vmspec_check_kernel(VmspecMachineState *vms, Error **errp);
/* The firmware's boot-menu wait is 0 unless a menu or a splash is asked for. */
void vmspec_boot_menu(MachineState *ms);
void vmspec_start_boot(VmspecMachineState *vms);
/* The plan's memory has changed: so does the FDT that the next reset gives. */
void vmspec_update_fdt(VmspecMachineState *vms);

#endif
