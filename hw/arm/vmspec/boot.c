/*
 * vmspec: what the CPU starts with
 *
 * Where the FDT goes, what the firmware is told. QEMU's hw/arm/boot.c loads the
 * files; kernel.c and dtb.c check them before.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <libfdt.h>
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/guest-random.h"
#include "qemu/units.h"
#include "hw/loader.h"
#include "hw/platform-bus.h"
#include "hw/core/sysbus-fdt.h"
#include "system/device_tree.h"
#include "system/system.h"
#include "target/arm/cpu.h"
#include "target/arm/kvm-consts.h"
#include "boot.h"
#include "fdt/fdt.h"
#include "handover.h"

/* psci, the initrd, and the nodes of the platform bus */
#define FDT_ROOM (4 * KiB)
/* Each -device guest-loader has a node, and its command line. */
#define LOADER_FDT_SIZE (32 * KiB)

/*
 * UEFI reads the time that it waits for a key from fw_cfg, but only if a menu
 * is asked for. Without a menu it waits the time that is built in. So this
 * function asks for a menu, with a wait of 0.
 */
void vmspec_boot_menu(MachineState *ms)
{
    BootConfiguration *boot = &ms->boot_config;

    if (!(boot->has_menu && boot->menu) && !boot->has_splash_time) {
        boot->has_splash_time = true;
        boot->splash_time = 0;
    }
    boot->has_menu = true;
    boot->menu = true;
}

/*
 * The letters of -boot name BIOS drives, and the firmware starts devices by
 * bootindex. QEMU ends with an error for once= if nothing here takes it.
 */
void vmspec_warn_boot_order(MachineState *ms)
{
    BootConfiguration *boot = &ms->boot_config;

    if (!boot->order && !boot->once) {
        return;
    }
    warn_report("-boot order= and once= have no effect on this machine: "
                "set bootindex=N at each -device, the lowest starts first");
    g_clear_pointer(&boot->once, g_free);
}

void vmspec_warn_vga(void)
{
    if (vga_interface_type == VGA_NONE || vga_interface_created) {
        return;
    }
    warn_report("-vga has no effect on this machine: use -machine graphics=on, "
                "or -device virtio-gpu-pci or bochs-display");
    /* QEMU need not say it, too. */
    vga_interface_created = true;
}

static void *get_dtb(const struct arm_boot_info *info, int *size)
{
    VmspecMachineState *vms = container_of(info, VmspecMachineState,
                                           bootinfo);

    *size = fdt_totalsize(MACHINE(vms)->fdt);
    return MACHINE(vms)->fdt;
}

/*
 * QEMU's arm_load_dtb() describes RAM as one piece from its base; a vmspec
 * machine can have two pieces. arm_load_dtb() calls modify_dtb() last, so
 * modify_dtb() also gives back the free space of the blob: OSv copies only
 * 64 KiB.
 */
static void modify_dtb(const struct arm_boot_info *info, void *fdt)
{
    VmspecMachineState *vms = container_of(info, VmspecMachineState,
                                           bootinfo);

    vmspec_fdt_memory(vms->plan, &vms->plugged, fdt);
    vmspec_describe_handover(vms, fdt);
    fdt_pack(fdt);
}

static void replace_memory(VmspecMachineState *vms, void *fdt)
{
    int error = fdt_open_into(fdt, fdt, vms->fdt_size);

    g_assert(!error);
    vmspec_fdt_memory(vms->plan, &vms->plugged, fdt);
    vmspec_describe_handover(vms, fdt);
    fdt_pack(fdt);
}

/* What reset copies to the guest, and what dumpdtb shows */
void vmspec_update_fdt(VmspecMachineState *vms)
{
    struct arm_boot_info *info = &vms->bootinfo;
    void *rom;

    if (!vms->fdt_size) {
        return;
    }
    rom = rom_ptr_for_as(arm_boot_address_space(ARM_CPU(first_cpu), info),
                         info->dtb_start, vms->fdt_size);
    vmspec_update_handover(vms);
    replace_memory(vms, rom);
    replace_memory(vms, MACHINE(vms)->fdt);
}

static int has_dynamic_device(Object *obj, void *opaque)
{
    Object *match = object_dynamic_cast(obj, TYPE_SYS_BUS_DEVICE);
    SysBusDevice *sbd = match ? SYS_BUS_DEVICE(match) : NULL;
    PlatformBusDevice *pbus = opaque;

    return sbd && sbd->num_mmio &&
           platform_bus_get_mmio_addr(pbus, sbd, 0) != -1;
}

static void add_platform_bus_nodes(VmspecMachineState *vms)
{
    PlatformBusDevice *pbus = PLATFORM_BUS_DEVICE(vms->platform_bus);
    VmspecRange range = vms->plan->region[VMSPEC_PLATFORM_BUS];
    const VmspecRow *row = vmspec_row(vms->plan, VMSPEC_PLATFORM_BUS);
    g_autofree char *gic = vmspec_fdt_gic_path(vms->plan);
    DeviceState *dev = DEVICE(pbus);
    char *id = dev->id;

    /*
     * QEMU's platform_bus_add_all_fdt_nodes() finds the bus by this id, and
     * writes the address -1 if it finds none.
     */
    dev->id = (char *)TYPE_PLATFORM_BUS_DEVICE;
    if (vms->platform_devices &&
        object_child_foreach_recursive(object_get_root(), has_dynamic_device,
                                       pbus)) {
        platform_bus_add_all_fdt_nodes(MACHINE(vms)->fdt, gic, range.base,
                                       range.size, row->irqs.spi);
    }
    dev->id = id;
}

/* Room for what is added to the FDT behind vmspec_fdt_build() */
static size_t fdt_room(const VmspecMachineState *vms)
{
    const char *cmdline = MACHINE(vms)->kernel_cmdline;

    return FDT_ROOM + vmspec_fdt_memory_room(vms->plan) +
           (cmdline ? strlen(cmdline) : 0);
}

static void describe_by_fdt(VmspecMachineState *vms)
{
    g_autofree void *loaded = MACHINE(vms)->fdt;
    VmspecSeeds seeds;

    if (vms->plan->seeds) {
        qemu_guest_getrandom_nofail(&seeds, sizeof(seeds));
    }
    MACHINE(vms)->fdt = vmspec_fdt_build(vms->plan, &vms->plugged, loaded,
                                         vms->plan->seeds ? &seeds : NULL,
                                         fdt_room(vms));
    add_platform_bus_nodes(vms);
}

bool vmspec_load_fdt(VmspecMachineState *vms)
{
    ARMCPU *cpu = ARM_CPU(first_cpu);
    struct arm_boot_info *info = &vms->bootinfo;

    if (!info->dtb_filename) {
        describe_by_fdt(vms);
    }
    vms->fdt_size = arm_load_dtb(info->dtb_start, info, info->dtb_limit,
                                 arm_boot_address_space(cpu, info),
                                 MACHINE(vms), cpu);
    return vms->fdt_size >= 0;
}

/*
 * QEMU's loader takes the name of a file: a kernel that was unpacked has one
 * while it is open.
 */
static void load_kernel_file(VmspecMachineState *vms)
{
    MachineState *ms = MACHINE(vms);
    g_autofree char *unpacked = g_strdup_printf("/dev/fd/%d",
                                                vms->unpacked_kernel);
    char *name = ms->kernel_filename;

    if (vms->unpacked_kernel >= 0) {
        ms->kernel_filename = unpacked;
    }
    arm_load_kernel(ARM_CPU(first_cpu), ms, &vms->bootinfo);
    if (vms->unpacked_kernel >= 0) {
        ms->kernel_filename = name;
        vms->bootinfo.kernel_filename = name;
        close(vms->unpacked_kernel);
        vms->unpacked_kernel = -1;
    }
}

void vmspec_start_boot(VmspecMachineState *vms)
{
    MachineState *ms = MACHINE(vms);

    /* -device guest-loader adds to this FDT before vmspec_load_fdt(). */
    ms->fdt = g_malloc(LOADER_FDT_SIZE);
    fdt_create_empty_tree(ms->fdt, LOADER_FDT_SIZE);
    qemu_fdt_add_subnode(ms->fdt, "/chosen");

    vms->bootinfo = (struct arm_boot_info) {
        .ram_size = vms->plan->region[VMSPEC_RAM_LOW].size,
        .loader_start = vms->plan->region[VMSPEC_RAM_LOW].base,
        .board_id = -1,
        .get_dtb = get_dtb,
        .modify_dtb = modify_dtb,
        .skip_dtb_autoload = true,
        .firmware_loaded = vms->plan->firmware,
        .psci_conduit = vms->plan->conduit_smc ? QEMU_PSCI_CONDUIT_SMC :
                                                QEMU_PSCI_CONDUIT_HVC,
    };
    load_kernel_file(vms);
}
