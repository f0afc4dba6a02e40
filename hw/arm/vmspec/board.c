/*
 * vmspec: the machine type
 *
 * Owns the machine class, its versions and properties, and the order in which
 * the machine is made: configuration -> plan -> memory, CPUs, GIC, PCIe,
 * devices, boot. It decides nothing that the plan can decide. The platform is
 * docs/system/arm/vmspec.rst.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "hw/loader.h"
#include "hw/pci/pci_device.h"
#include "system/kvm.h"
#include "system/numa.h"
#include "system/runstate.h"
#include "system/system.h"
#include "target/arm/kvm_arm.h"
#include "hw/arm/vmspec-machine.h"

static MemoryRegion *row_container(VmspecMachineState *vms, VmspecRowId row)
{
    VmspecRange range = vms->plan.region[row];

    if (!vms->container[row]) {
        vms->container[row] = g_new0(MemoryRegion, 1);
        memory_region_init(vms->container[row], OBJECT(vms),
                           vms->plan.platform->rows[row].name, range.size);
        memory_region_add_subregion(get_system_memory(), range.base,
                                    vms->container[row]);
    }
    return vms->container[row];
}

void vmspec_move_region(VmspecMachineState *vms, VmspecRowId row,
                        MemoryRegion *mr, hwaddr offset)
{
    memory_region_del_subregion(get_system_memory(), mr);
    memory_region_add_subregion(row_container(vms, row), offset, mr);
}

void vmspec_map_sysbus(VmspecMachineState *vms, VmspecRowId row,
                       SysBusDevice *sbd, int n, hwaddr offset)
{
    /* Lets info qtree show the address; then the container takes it over. */
    sysbus_mmio_map(sbd, n, vms->plan.region[row].base + offset);
    vmspec_move_region(vms, row, sysbus_mmio_get_region(sbd, n), offset);
}

void vmspec_adopt(VmspecMachineState *vms, VmspecRowId row, DeviceState *dev)
{
    const char *name = vms->plan.platform->rows[row].name;

    dev->id = g_strdup(name);
    object_property_add_child(OBJECT(vms), name, OBJECT(dev));
    object_unref(OBJECT(dev));
}

static void read_numa(VmspecMachineState *vms, VmspecConfig *c)
{
    MachineState *ms = MACHINE(vms);
    NumaState *numa = ms->numa_state;
    const CPUArchIdList *cpus = vmspec_possible_cpus(ms);
    unsigned n = numa ? numa->num_nodes : 0;

    c->num_nodes = n;
    if (!n) {
        return;
    }
    vms->node_mem = g_new0(uint64_t, n);
    vms->cpu_node = g_new0(uint8_t, cpus->len);
    for (unsigned i = 0; i < n; i++) {
        vms->node_mem[i] = numa->nodes[i].node_mem;
    }
    for (int i = 0; i < cpus->len; i++) {
        vms->cpu_node[i] = cpus->cpus[i].props.node_id;
    }
    if (numa->have_numa_distance) {
        vms->distance = g_new0(uint8_t, n * n);
        for (unsigned i = 0; i < n * n; i++) {
            vms->distance[i] = numa->nodes[i / n].distance[i % n];
        }
    }
    c->node_mem = vms->node_mem;
    c->cpu_node = vms->cpu_node;
    c->distance = vms->distance;
}

static void read_config(VmspecMachineState *vms, VmspecConfig *c)
{
    MachineState *ms = MACHINE(vms);

    c->gic = vms->gic_version;
    c->kvm = kvm_enabled();
    c->kvm_gics = vmspec_kvm_gics();
    c->cpus = ms->smp.cpus;
    c->max_cpus = ms->smp.max_cpus;
    c->sockets = ms->smp.sockets;
    c->clusters = ms->smp.clusters;
    c->cores = ms->smp.cores;
    c->threads = ms->smp.threads;
    vmspec_probe_cpu(ms, c);
    if (vms->ipa_bits) {
        c->pa_bits = MIN(c->pa_bits, vms->ipa_bits);
    }
    c->virtualization = vms->virtualization;
    c->acpi = c->aarch64 && vms->acpi != ON_OFF_AUTO_OFF;
    c->acpi_pcihp = c->acpi;
    c->smmu = vms->smmu;
    c->uart1 = serial_hd(1);
    c->virtio_mmio = vms->virtio_mmio;
    c->hotplug_ports = vmspec_hotplug_ports(vms);
    c->ram_size = ms->ram_size;
    c->device_memory_size = ms->maxram_size - ms->ram_size;
    c->mem_slots = MIN(ms->ram_slots, UINT_MAX);
    read_numa(vms, c);
}

/*
 * platform.md, section 6: both descriptions by default; AArch32 has FDT alone.
 */
static bool check_description(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();

    if (vms->acpi == ON_OFF_AUTO_ON && !vms->config.aarch64) {
        error_setg(errp, "acpi=on: no AArch32 guest takes ACPI, and the CPU "
                   "is AArch32");
        error_append_hint(errp, "Use -machine acpi=off, or -cpu max.\n");
        return false;
    }
    if (!vms->fdt && !vms->config.acpi) {
        error_setg(errp, "fdt=off: without ACPI too the machine has no "
                   "description");
        error_append_hint(errp, "Use -machine fdt=on%s.\n",
                          vms->config.aarch64 ? ", or acpi=on" : "");
        return false;
    }
    if (!vms->fdt && !vms->firmware) {
        error_setg(errp, "fdt=off: this build hands ACPI over by firmware "
                   "only");
        error_append_hint(errp, "Start the kernel by firmware, or leave out "
                          "fdt=off.\n");
        return false;
    }
    return true;
}

/* What this version of vmspec does not have yet. */
static bool check_unsupported(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();

    if (vms->ras) {
        error_setg(errp, "ras=on: this build has no error reporting by ACPI");
        error_append_hint(errp, "Leave out ras=on.\n");
        return false;
    }
    return true;
}

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

static bool plan_machine(VmspecMachineState *vms, Error **errp)
{
    char why[256];
    const VmspecCheck *check = vmspec_platform_check(&vmspec_platform, why,
                                                     sizeof(why));
    VmspecPlanError err;

    if (check) {
        error_setg(&error_abort, "platform check %s: %s", check->name, why);
    }
    read_config(vms, &vms->config);
    if (!check_unsupported(vms, errp) ||
        !vmspec_place_caches(MACHINE(vms), vms->config.cache, errp) ||
        !vmspec_choose_flash(vms, vms->config.flash_size, errp) ||
        !check_description(vms, errp)) {
        return false;
    }
    if (!vmspec_plan(&vms->config, &vms->plan, &err)) {
        return report_plan_error(&err, errp);
    }
    return vmspec_check_kernel(vms, errp);
}

/* RAM is one block; the map shows its low and high part. */
static void make_memory(VmspecMachineState *vms)
{
    static const VmspecRowId rows[] = { VMSPEC_RAM_LOW, VMSPEC_RAM_HIGH };
    uint64_t offset = 0;

    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        VmspecRange range = vms->plan.region[rows[i]];
        MemoryRegion *part;

        if (!range.size) {
            continue;
        }
        part = g_new0(MemoryRegion, 1);
        memory_region_init_alias(part, OBJECT(vms),
                                 vms->plan.platform->rows[rows[i]].name,
                                 MACHINE(vms)->ram, offset, range.size);
        memory_region_add_subregion(get_system_memory(), range.base, part);
        offset += range.size;
    }
}

static void vmspec_init(MachineState *ms)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(ms);
    Error *err = NULL;

    vmspec_boot_menu(ms);
    if (!plan_machine(vms, &err) || !vmspec_make_flash(vms, &err)) {
        error_report_err(err);
        exit(1);
    }
    make_memory(vms);
    vmspec_make_device_memory(vms);
    vmspec_make_cpus(vms);
    vmspec_make_gic(vms);
    vmspec_make_pcie(vms);
    vmspec_make_devices(vms);
    vmspec_make_nvdimm(vms);
    vms->powerdown.notify = vmspec_powerdown;
    qemu_register_powerdown_notifier(&vms->powerdown);
    rom_set_fw(vms->fw_cfg);
    vmspec_start_boot(vms);
}

/*
 * KVM: as many address bits as the plan can use. 40 hold the 64-bit PCIe
 * window; more only with RAM above it.
 */
static int kvm_type(MachineState *ms, const char *type)
{
    bool fixed;
    int max = kvm_arm_get_max_vm_ipa_size(ms, &fixed);
    int want = 40;

    VMSPEC_MACHINE(ms)->ipa_bits = max;
    if (ms->ram_size > VMSPEC_RAM_LOW_SIZE) {
        want = 64 - clz64(VMSPEC_RAM_HIGH_BASE + ms->ram_size -
                          VMSPEC_RAM_LOW_SIZE - 1);
    }
    return fixed ? 0 : MIN(want, max);
}

/* QEMU's option ROMs are x86 code: no firmware here can run them. */
static GlobalProperty no_option_rom[] = {
    { TYPE_PCI_DEVICE, "romfile", "" },
};

static void vmspec_class_init(ObjectClass *oc, VmspecClassData *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->init = vmspec_init;
    VMSPEC_MACHINE_CLASS(oc)->create_default_memdev =
        mc->create_default_memdev;
    mc->create_default_memdev = create_memdev;
    mc->default_cpu_type = ARM_CPU_TYPE_NAME("max");
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
    mc->no_cdrom = true;
    mc->pci_allow_0_address = true;
    mc->minimum_page_bits = 12;
    mc->kvm_type = kvm_type;
    vmspec_init_hotplug(oc);
    vmspec_add_properties(oc);
    vmspec_add_flash_properties(oc);
    vmspec_add_nvram_properties(oc);
}

static void vmspec_instance_init(Object *obj)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    vms->gic_version = VMSPEC_GIC_DEFAULT;
    vms->acpi = ON_OFF_AUTO_AUTO;
    vms->fdt = true;
    vms->dtb_randomness = true;
    vms->virtio_mmio = VMSPEC_VIRTIO_MMIO_DEFAULT;
    vms->hotplug_ports = -1;
    vmspec_init_flash(vms);
}

static void vmspec_instance_finalize(Object *obj)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    for (int i = 0; i < VMSPEC_NUM_FLASH; i++) {
        g_free(vms->flash_node[i]);
    }
    g_free(vms->nvram);
    g_free(vms->nvram_path);
    g_free(vms->firmware_path);
    g_free(vms->node_mem);
    g_free(vms->cpu_node);
    g_free(vms->distance);
}

static void vmspec_1_0_class_init(ObjectClass *oc, VmspecClassData *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    mc->desc = "Arm VM System Specification platform 1.0";
    mc->alias = "vmspec";
    compat_props_add(mc->compat_props, no_option_rom,
                     ARRAY_SIZE(no_option_rom));
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
    }, {
        .name = MACHINE_TYPE_NAME("virt-vmspec-1.0"),
        .parent = TYPE_VMSPEC_MACHINE,
        .class_init = vmspec_1_0_class_init,
        .interfaces = VMSPEC_MACHINE_INTERFACES,
    },
};

DEFINE_TYPES(vmspec_types)
