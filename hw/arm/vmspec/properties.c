/*
 * vmspec: the machine's properties
 *
 * What -machine takes, and how -machine vmspec,help describes each property
 * with its default. A setter only checks that it knows the value; the plan
 * checks that the values fit together. devices/flash.c adds pflash0 and
 * pflash1, nvram/nvram.c adds the properties of the variable store.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-common.h"
#include "qapi/visitor.h"
#include "qemu/cutils.h"
#include "hw/acpi/vmspec-ras.h"
#include "hw/arm/vmspec-map.h"
#include "config.h"
#include "properties.h"

static const struct {
    const char *name;
    VmspecGicVersion version;
} gic_versions[] = {
    { "2", VMSPEC_GIC_V2 },
    { "3", VMSPEC_GIC_V3 },
    { "4", VMSPEC_GIC_V4 },
    { "host", VMSPEC_GIC_HOST },
    { "max", VMSPEC_GIC_MAX },
};

static char *get_gic_version(Object *obj, Error **errp)
{
    for (int i = 0; i < ARRAY_SIZE(gic_versions); i++) {
        if (gic_versions[i].version == VMSPEC_MACHINE(obj)->gic_version) {
            return g_strdup(gic_versions[i].name);
        }
    }
    return g_strdup("");
}

static void set_gic_version(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();

    for (int i = 0; i < ARRAY_SIZE(gic_versions); i++) {
        if (!strcmp(gic_versions[i].name, value)) {
            VMSPEC_MACHINE(obj)->gic_version = gic_versions[i].version;
            return;
        }
    }
    error_setg(errp, "gic-version=%s is unknown", value);
    error_append_hint(errp, "Use 2, 3, 4, host or max.\n");
}

static char *get_iommu(Object *obj, Error **errp)
{
    return g_strdup(VMSPEC_MACHINE(obj)->smmu ? "smmuv3" : "none");
}

static void set_iommu(Object *obj, const char *value, Error **errp)
{
    ERRP_GUARD();

    if (strcmp(value, "smmuv3") && strcmp(value, "none")) {
        error_setg(errp, "iommu=%s is unknown", value);
        error_append_hint(errp, "Use none or smmuv3.\n");
        return;
    }
    VMSPEC_MACHINE(obj)->smmu = !strcmp(value, "smmuv3");
}

static void get_acpi(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    visit_type_OnOffAuto(v, name, &VMSPEC_MACHINE(obj)->acpi, errp);
}

static void set_acpi(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    visit_type_OnOffAuto(v, name, &VMSPEC_MACHINE(obj)->acpi, errp);
}

/*
 * QEMU's machines have a bool of this name, and no class can give a property of
 * its parent another type. So these two take the place of the accessors, which
 * they call for every other machine.
 */
static ObjectPropertyAccessor *get_bool_graphics, *set_bool_graphics;

static void get_graphics(Object *obj, Visitor *v, const char *name,
                         void *opaque, Error **errp)
{
    if (object_dynamic_cast(obj, TYPE_VMSPEC_MACHINE)) {
        visit_type_OnOffAuto(v, name, &VMSPEC_MACHINE(obj)->graphics, errp);
    } else {
        get_bool_graphics(obj, v, name, opaque, errp);
    }
}

static void set_graphics(Object *obj, Visitor *v, const char *name,
                         void *opaque, Error **errp)
{
    VmspecMachineState *vms;

    if (!object_dynamic_cast(obj, TYPE_VMSPEC_MACHINE)) {
        set_bool_graphics(obj, v, name, opaque, errp);
        return;
    }
    vms = VMSPEC_MACHINE(obj);
    if (visit_type_OnOffAuto(v, name, &vms->graphics, errp)) {
        MACHINE(vms)->enable_graphics = vms->graphics != ON_OFF_AUTO_OFF;
    }
}

static void take_graphics_property(ObjectClass *oc)
{
    ObjectProperty *p = object_class_property_find(oc, "graphics");

    get_bool_graphics = p->get;
    set_bool_graphics = p->set;
    p->get = get_graphics;
    p->set = set_graphics;
    g_free(p->type);
    p->type = g_strdup("OnOffAuto");
    g_free(p->description);
    p->description = g_strdup(
        "Graphics: on or off; vmspec takes auto too, which adds a screen, "
        "keyboard and pointer if a display of QEMU was chosen that can show "
        "them (default: auto with vmspec, on with other machines)");
}

static bool is_ram(const VmspecPlan *plan, uint64_t address)
{
    for (unsigned i = 0; i < plan->num_mem; i++) {
        if (address - plan->mem[i].range.base < plan->mem[i].range.size) {
            return true;
        }
    }
    return false;
}

static void get_hotplug_ports(Object *obj, Visitor *v, const char *name,
                              void *opaque, Error **errp)
{
    uint32_t value = vmspec_hotplug_ports(VMSPEC_MACHINE(obj));

    visit_type_uint32(v, name, &value, errp);
}

static void set_hotplug_ports(Object *obj, Visitor *v, const char *name,
                              void *opaque, Error **errp)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);

    if (visit_type_uint32(v, name, &vms->hotplug_ports, errp)) {
        vms->hotplug_ports_given = true;
    }
}

/* @opaque of the accessors below: the field's offset in VmspecMachineState */
static void *field(Object *obj, void *opaque)
{
    return (char *)VMSPEC_MACHINE(obj) + (uintptr_t)opaque;
}

static void visit_bool_field(Object *obj, Visitor *v, const char *name,
                             void *opaque, Error **errp)
{
    visit_type_bool(v, name, field(obj, opaque), errp);
}

static void visit_uint32_field(Object *obj, Visitor *v, const char *name,
                               void *opaque, Error **errp)
{
    visit_type_uint32(v, name, field(obj, opaque), errp);
}

static const struct {
    const char *name;
    size_t offset;
    const char *description;
} bool_properties[] = {
    { "virtualization", offsetof(VmspecMachineState, virtualization),
      "Give the CPUs EL2, for a hypervisor in the guest (default: off)" },
    { "mte", offsetof(VmspecMachineState, mte),
      "Give RAM memory tags (MTE), if the CPU has them (default: off)" },
    { "its", offsetof(VmspecMachineState, its),
      "Have an ITS, which takes MSIs, with GICv3 and newer; without one PCIe "
      "has INTx alone (default: on)" },
    { "fdt", offsetof(VmspecMachineState, fdt),
      "Describe the machine by FDT (default: on)" },
    /* devices/flash.c refuses it where it cannot use that firmware. */
    { "secure-boot", offsetof(VmspecMachineState, secure_boot),
      "Bundled UEFI that starts signed loaders only, with keys in a new "
      "variable store; AArch64 (default: off)" },
    { "ras", offsetof(VmspecMachineState, ras),
      "Report memory errors to the guest by ACPI (default: off)" },
    { "dtb-randomness", offsetof(VmspecMachineState, dtb_randomness),
      "Put rng-seed and kaslr-seed into the FDT (default: on)" },
};

static void add_bool_properties(ObjectClass *oc)
{
    for (int i = 0; i < ARRAY_SIZE(bool_properties); i++) {
        object_class_property_add(oc, bool_properties[i].name, "bool",
                                  visit_bool_field, visit_bool_field, NULL,
                                  (void *)bool_properties[i].offset);
        object_class_property_set_description(
            oc, bool_properties[i].name, bool_properties[i].description);
    }
}

static void add_count_properties(ObjectClass *oc)
{
    object_class_property_add(
        oc, "virtio-mmio", "uint32", visit_uint32_field, visit_uint32_field,
        NULL, (void *)offsetof(VmspecMachineState, virtio_mmio));
    object_class_property_set_description(oc, "virtio-mmio",
        "Number of virtio-mmio transports, 0 to "
        stringify(VMSPEC_VIRTIO_MMIO_MAX) " (default: "
        stringify(VMSPEC_VIRTIO_MMIO_DEFAULT) ")");
    object_class_property_add(oc, "hotplug-ports", "uint32",
                              get_hotplug_ports, set_hotplug_ports, NULL,
                              NULL);
    object_class_property_set_description(oc, "hotplug-ports",
        "Number of PCIe root ports for device_add, 0 to "
        stringify(VMSPEC_HOTPLUG_PORTS_MAX) " (default: "
        stringify(VMSPEC_HOTPLUG_PORTS_DEFAULT) ", or 0 with -nodefaults)");
}

/* For tests of guests, and for memory that a management program knows is bad */
static void set_memory_error(Object *obj, Visitor *v, const char *name,
                             void *opaque, Error **errp)
{
    ERRP_GUARD();
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);
    uint64_t address;

    if (!visit_type_uint64(v, name, &address, errp)) {
        return;
    }
    if (!vms->plan || !vms->plan->ras) {
        error_setg(errp, "memory-error: the machine reports no memory errors");
        error_append_hint(errp, "Start it with -machine ras=on, and set "
                          "memory-error while the guest runs.\n");
        return;
    }
    if (!is_ram(vms->plan, address)) {
        error_setg(errp, "memory-error=0x%" PRIx64 ": there is no RAM",
                   address);
        error_append_hint(errp, "RAM begins at 0x%" PRIx64 ".\n",
                          vms->plan->region[VMSPEC_RAM_LOW].base);
        return;
    }
    vmspec_ras_memory_error(vms->ged, address, errp);
}

void vmspec_add_properties(ObjectClass *oc)
{
    object_class_property_add(oc, "memory-error", "uint64", NULL,
                              set_memory_error, NULL, NULL);
    object_class_property_set_description(oc, "memory-error",
        "Report an error of memory at this physical address, with ras=on, "
        "while the guest runs");
    add_bool_properties(oc);
    add_count_properties(oc);
    take_graphics_property(oc);
    object_class_property_add_str(oc, "gic-version", get_gic_version,
                                  set_gic_version);
    object_class_property_set_description(oc, "gic-version",
        "GIC version: 2, 3, 4, host or max (default: 3, or 2 with an "
        "AArch32 CPU)");
    object_class_property_add_str(oc, "iommu", get_iommu, set_iommu);
    object_class_property_set_description(oc, "iommu",
        "IOMMU in front of PCIe: none or smmuv3 (default: none)");
    object_class_property_add(oc, "acpi", "OnOffAuto", get_acpi, set_acpi,
                              NULL, NULL);
    object_class_property_set_description(oc, "acpi",
        "Describe the machine by ACPI: on, off or auto (default: auto, which "
        "is on for AArch64 CPUs)");
}
