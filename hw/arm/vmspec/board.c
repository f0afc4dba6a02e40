/*
 * vmspec: the machine type
 *
 * The machine class, its versions, and the order in which a machine is made:
 * configuration -> plan -> flash, memory, CPUs, GIC, PCIe, devices, boot. The
 * board decides nothing that the plan can decide. docs/platform.md is the
 * contract, docs/system/arm/vmspec.rst the manual.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "hw/acpi/vmspec-pcihp.h"
#include "hw/loader.h"
#include "hw/pci/pci_device.h"
#include "system/runstate.h"
#include "system/system.h"
#include "target/arm/cpu.h"
#include "hw/arm/vmspec-map.h"
#include "acpi/acpi.h"
#include "boot.h"
#include "config.h"
#include "devices/cache.h"
#include "devices/cpu.h"
#include "devices/seat.h"
#include "devices/flash.h"
#include "devices/gic.h"
#include "devices/memory.h"
#include "devices/pcie.h"
#include "devices/simple.h"
#include "drives.h"
#include "handover.h"
#include "hotplug.h"
#include "info.h"
#include "kernel.h"
#include "layout.h"
#include "nvram/nvram.h"
#include "properties.h"
#include "smbios.h"
#include "stream.h"

static bool report_plan_error(const VmspecPlanError *err, Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "%s", err->msg);
    error_append_hint(errp, "%s\n", err->hint);
    return false;
}

/*
 * QEMU allocates RAM before there is a CPU to ask how much of it can be
 * addressed: name the option if the host refuses first.
 */
static bool create_memdev(MachineState *ms, const char *path, Error **errp)
{
    ERRP_GUARD();

    if (VMSPEC_MACHINE_GET_CLASS(ms)->create_default_memdev(ms, path, errp)) {
        return true;
    }
    error_prepend(errp, "-m %" PRIu64 "M: ", ms->ram_size / MiB);
    error_append_hint(errp, "Use a smaller -m, or memory that the host need "
                      "not reserve: -object memory-backend-ram,id=ram0,"
                      "size=SIZE,reserve=off -machine memory-backend=ram0.\n");
    return false;
}

/* The rows are ours: a platform that fails a check is a bug, not an error. */
static void check_platform(const VmspecPlatform *platform)
{
    char why[256];
    const VmspecCheck *check = vmspec_platform_check(platform, why,
                                                     sizeof(why));

    if (check) {
        error_setg(&error_abort, "platform check %s: %s", check->name, why);
    }
}

static bool plan_machine(VmspecMachineState *vms, Error **errp)
{
    const VmspecPlatform *platform = VMSPEC_MACHINE_GET_CLASS(vms)->platform;
    g_autofree VmspecPlan *plan = g_new(VmspecPlan, 1);
    VmspecPlanError err;

    check_platform(platform);
    if (!vmspec_read_config(vms, errp)) {
        return false;
    }
    if (!vmspec_plan(platform, &vms->config, plan, &err)) {
        return report_plan_error(&err, errp);
    }
    vms->plan = g_steal_pointer(&plan);
    return vmspec_check_kernel(vms, errp) && vmspec_check_dtb(vms, errp);
}

/* RAM is one block; the map shows its low and high part. */
static void make_memory(VmspecMachineState *vms)
{
    static const VmspecRowId rows[] = { VMSPEC_RAM_LOW, VMSPEC_RAM_HIGH };
    uint64_t offset = 0;

    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        VmspecRange range = vms->plan->region[rows[i]];
        MemoryRegion *part;

        if (!range.size) {
            continue;
        }
        part = g_new0(MemoryRegion, 1);
        memory_region_init_alias(part, OBJECT(vms),
                                 vmspec_row(vms->plan, rows[i])->name,
                                 MACHINE(vms)->ram, offset, range.size);
        memory_region_add_subregion(get_system_memory(), range.base, part);
        vms->ram_part[i] = part;
        offset += range.size;
    }
}

/* ACPI and SMBIOS, for whoever reads them */
static bool setup_tables(VmspecMachineState *vms, Error **errp)
{
    const VmspecAcpiSources sources = {
        .plan = vms->plan,
        .plugged = &vms->plugged,
        .machine = MACHINE(vms),
        .fw_cfg = vms->fw_cfg,
        .bus = vms->bus,
        .ged = vms->ged,
        .platform_bus = vms->platform_bus,
    };

    if (vms->pcihp) {
        vmspec_pcihp_take_ports(VMSPEC_PCIHP(vms->pcihp), vms->bus, vms->ged);
    }
    if (vms->plan->tables_reader != VMSPEC_TABLES_FIRMWARE) {
        return vmspec_make_handover(vms, &sources, errp);
    }
    if (vms->plan->acpi) {
        vmspec_setup_acpi(&sources);
    }
    vmspec_setup_smbios(vms);
    vmspec_name_drives(vms);
    return true;
}

/*
 * Every device of -device is made now: describe the machine. QEMU calls the
 * notifiers of the board's own devices later, and KVM's GIC needs the layout
 * there.
 */
static void vmspec_machine_done(Notifier *n, void *opaque)
{
    VmspecMachineState *vms = container_of(n, VmspecMachineState,
                                           machine_done);

    vmspec_settle_layout(vms);
    vmspec_connect_steal_time(vms);
    setup_tables(vms, &error_fatal);
    if (!vmspec_load_fdt(vms)) {
        exit(1);
    }
    vmspec_load_handover(vms, &error_fatal);
}

static void make_devices(VmspecMachineState *vms)
{
    make_memory(vms);
    vmspec_make_device_memory(vms);
    vmspec_make_tags(vms);
    vmspec_make_cpus(vms);
    vmspec_make_gic(vms);
    vmspec_make_pcie(vms);
    vmspec_make_seat(vms);
    vmspec_make_devices(vms);
    vmspec_make_nvdimm(vms);
}

static void vmspec_init(MachineState *ms)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(ms);
    Error *err = NULL;

    vmspec_boot_menu(ms);
    vmspec_warn_boot_order(ms);
    vmspec_warn_vga();
    if (!plan_machine(vms, &err) || !vmspec_make_flash(vms, &err)) {
        error_report_err(err);
        exit(1);
    }
    vmspec_register_stream(vms);
    vmspec_hold_layout(vms);
    make_devices(vms);
    if (!vmspec_check_nics(&err) || !vmspec_check_drives(&err)) {
        error_report_err(err);
        exit(1);
    }
    vms->powerdown.notify = vmspec_powerdown;
    qemu_register_powerdown_notifier(&vms->powerdown);
    rom_set_fw(vms->fw_cfg);
    vmspec_start_boot(vms);
    vms->machine_done.notify = vmspec_machine_done;
    qemu_add_machine_init_done_notifier(&vms->machine_done);
}

/* QEMU's option ROMs are x86 code: no firmware here can run them. */
static GlobalProperty no_option_rom[] = {
    { TYPE_PCI_DEVICE, "romfile", "" },
};

static void vmspec_class_init(ObjectClass *oc, VmspecClassData *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->init = vmspec_init;
    mc->wakeup = vmspec_wakeup;
    VMSPEC_MACHINE_CLASS(oc)->create_default_memdev =
        mc->create_default_memdev;
    mc->create_default_memdev = create_memdev;
    mc->valid_cpu_types = vmspec_valid_cpu_types;
    mc->max_cpus = VMSPEC_MAX_CPUS;
    mc->smp_props.clusters_supported = true;
    vmspec_init_caches(mc);
    mc->possible_cpu_arch_ids = vmspec_possible_cpus;
    mc->cpu_index_to_instance_props = vmspec_cpu_props;
    mc->get_default_cpu_node_id = vmspec_default_cpu_node;
    mc->cpu_cluster_has_numa_boundary = true;
    /* Memory that is plugged has a node, so RAM must have one. */
    mc->auto_enable_numa_with_memhp = true;
    mc->auto_enable_numa_with_memdev = true;
    mc->nvdimm_supported = true;
    mc->default_ram_id = "vmspec.ram";
    mc->default_ram_size = 1 * GiB;
    mc->default_nic = "virtio-net-pci";
    mc->block_default_type = IF_VIRTIO;
    /* without a window system, the serial console is on the terminal */
    mc->default_display = "none";
    mc->no_cdrom = true;
    mc->pci_allow_0_address = true;
    mc->minimum_page_bits = 12;
    mc->kvm_type = vmspec_kvm_type;
    vmspec_init_hotplug(oc);
    vmspec_add_properties(oc);
    vmspec_add_virt_properties(oc);
    vmspec_add_flash_properties(oc);
    vmspec_add_nvram_properties(oc);
    vmspec_add_info(oc);
}

static void vmspec_instance_init(Object *obj)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    vms->gic_version = VMSPEC_GIC_DEFAULT;
    vms->acpi = ON_OFF_AUTO_AUTO;
    vms->graphics = ON_OFF_AUTO_AUTO;
    vms->fdt = true;
    vms->its = true;
    vms->dtb_randomness = true;
    vms->virtio_mmio = VMSPEC_VIRTIO_MMIO_DEFAULT;
    vms->plugged.virtio_iommu_rid = -1;
    vms->unpacked_kernel = -1;
    vmspec_init_flash(vms);
}

static void vmspec_instance_finalize(Object *obj)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        g_free(vms->flash_node[i]);
    }
    g_free(vms->nvram_arg);
    g_free(vms->nvram_path);
    g_free(vms->firmware_path);
    g_free(vms->node_mem);
    g_free(vms->cpu_node);
    g_free(vms->distance);
    g_free((void *)vms->plan);
}

static const TypeInfo vmspec_types[] = {
    {
        .name = TYPE_VMSPEC_MACHINE,
        .parent = TYPE_MACHINE,
        .abstract = true,
        .instance_size = sizeof(VmspecMachineState),
        .class_size = sizeof(VmspecMachineClass),
        .instance_init = vmspec_instance_init,
        .instance_finalize = vmspec_instance_finalize,
        .class_init = vmspec_class_init,
        .interfaces = (InterfaceInfo[]) {
            { TYPE_HOTPLUG_HANDLER },
            { }
        },
    },
};

DEFINE_TYPES(vmspec_types)

static void vmspec_class_init_version(ObjectClass *oc,
                                      const VmspecPlatform *platform)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    VMSPEC_MACHINE_CLASS(oc)->platform = platform;
    compat_props_add(mc->compat_props, no_option_rom,
                     ARRAY_SIZE(no_option_rom));
    mc->desc = g_strdup_printf("Arm VM System Specification platform %u.%u",
                               platform->major, platform->minor);
    mc->default_cpu_type = g_strdup_printf(ARM_CPU_TYPE_NAME("%s"),
                                           platform->default_cpu);
    g_assert(g_str_equal(mc->name, platform->machine));
}

/*
 * Define the machine type virt-vmspec-MAJOR.MINOR of the platform
 * vmspec_platform_MAJOR_MINOR.
 * vmspec_MAJOR_MINOR_options() sets what else the version needs: the newest has
 * the alias, an older one the compat properties that keep it as it was.
 */
#define DEFINE_VMSPEC_MACHINE(major, minor)                                 \
    static void vmspec_##major##_##minor##_class_init(ObjectClass *oc,      \
                                                      VmspecClassData *data) \
    {                                                                       \
        vmspec_class_init_version(oc, &vmspec_platform_##major##_##minor);  \
        vmspec_##major##_##minor##_options(MACHINE_CLASS(oc));              \
    }                                                                       \
                                                                            \
    static const TypeInfo vmspec_##major##_##minor##_type = {               \
        .name = MACHINE_TYPE_NAME("virt-vmspec-" #major "." #minor),        \
        .parent = TYPE_VMSPEC_MACHINE,                                      \
        .class_init = vmspec_##major##_##minor##_class_init,                \
        .interfaces = VMSPEC_MACHINE_INTERFACES,                            \
    };                                                                      \
                                                                            \
    static void vmspec_##major##_##minor##_register(void)                   \
    {                                                                       \
        type_register_static(&vmspec_##major##_##minor##_type);             \
    }                                                                       \
                                                                            \
    type_init(vmspec_##major##_##minor##_register)

static void vmspec_1_0_options(MachineClass *mc)
{
    mc->alias = "vmspec";
}

DEFINE_VMSPEC_MACHINE(1, 0)
