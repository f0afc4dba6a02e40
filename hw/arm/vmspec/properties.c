/*
 * vmspec: the machine's properties
 *
 * Owns what -machine takes and how each is described, with its default, by
 * -machine vmspec,help. Values are only checked for being known here; whether
 * they fit together is the plan's to say. pflash0 and pflash1 are flash.c's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-common.h"
#include "qapi/visitor.h"
#include "hw/arm/vmspec-machine.h"

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

static bool get_virtualization(Object *obj, Error **errp)
{
    return VMSPEC_MACHINE(obj)->virtualization;
}

static void set_virtualization(Object *obj, bool value, Error **errp)
{
    VMSPEC_MACHINE(obj)->virtualization = value;
}

static bool get_dtb_randomness(Object *obj, Error **errp)
{
    return VMSPEC_MACHINE(obj)->dtb_randomness;
}

static void set_dtb_randomness(Object *obj, bool value, Error **errp)
{
    VMSPEC_MACHINE(obj)->dtb_randomness = value;
}

static bool get_ras(Object *obj, Error **errp)
{
    return VMSPEC_MACHINE(obj)->ras;
}

static void set_ras(Object *obj, bool value, Error **errp)
{
    VMSPEC_MACHINE(obj)->ras = value;
}

static bool get_fdt(Object *obj, Error **errp)
{
    return VMSPEC_MACHINE(obj)->fdt;
}

static void set_fdt(Object *obj, bool value, Error **errp)
{
    VMSPEC_MACHINE(obj)->fdt = value;
}

static bool get_secure_boot(Object *obj, Error **errp)
{
    return VMSPEC_MACHINE(obj)->secure_boot;
}

/* Whether it can be had is known when the firmware is chosen: flash.c. */
static void set_secure_boot(Object *obj, bool value, Error **errp)
{
    VMSPEC_MACHINE(obj)->secure_boot = value;
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

static void get_virtio_mmio(Object *obj, Visitor *v, const char *name,
                            void *opaque, Error **errp)
{
    visit_type_uint32(v, name, &VMSPEC_MACHINE(obj)->virtio_mmio, errp);
}

static void set_virtio_mmio(Object *obj, Visitor *v, const char *name,
                            void *opaque, Error **errp)
{
    ERRP_GUARD();
    uint32_t value;

    if (!visit_type_uint32(v, name, &value, errp)) {
        return;
    }
    if (value > VMSPEC_VIRTIO_MMIO_MAX) {
        error_setg(errp, "virtio-mmio=%u is not within 0..%u", value,
                   VMSPEC_VIRTIO_MMIO_MAX);
        error_append_hint(errp, "Use at most %u, or PCI devices.\n",
                          VMSPEC_VIRTIO_MMIO_MAX);
        return;
    }
    VMSPEC_MACHINE(obj)->virtio_mmio = value;
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
    ERRP_GUARD();
    uint32_t value;

    if (!visit_type_uint32(v, name, &value, errp)) {
        return;
    }
    if (value > VMSPEC_HOTPLUG_PORTS_MAX) {
        error_setg(errp, "hotplug-ports=%u is not within 0..%u", value,
                   VMSPEC_HOTPLUG_PORTS_MAX);
        error_append_hint(errp, "Use at most %u, and -device "
                          "vmspec-root-port for more.\n",
                          VMSPEC_HOTPLUG_PORTS_MAX);
        return;
    }
    VMSPEC_MACHINE(obj)->hotplug_ports = value;
}

void vmspec_add_properties(ObjectClass *oc)
{
    object_class_property_add_str(oc, "gic-version", get_gic_version,
                                  set_gic_version);
    object_class_property_set_description(oc, "gic-version",
        "GIC version: 2, 3, 4, host or max (default: 3, or 2 with an "
        "AArch32 CPU)");
    object_class_property_add_bool(oc, "virtualization", get_virtualization,
                                   set_virtualization);
    object_class_property_set_description(oc, "virtualization",
        "Give the CPUs EL2, for a hypervisor in the guest (default: off)");
    object_class_property_add_str(oc, "iommu", get_iommu, set_iommu);
    object_class_property_set_description(oc, "iommu",
        "IOMMU in front of PCIe: none or smmuv3 (default: none)");
    object_class_property_add(oc, "virtio-mmio", "uint32", get_virtio_mmio,
                              set_virtio_mmio, NULL, NULL);
    object_class_property_set_description(oc, "virtio-mmio",
        "Number of virtio-mmio transports, 0 to 32 (default: 8)");
    object_class_property_add(oc, "hotplug-ports", "uint32",
                              get_hotplug_ports, set_hotplug_ports, NULL,
                              NULL);
    object_class_property_set_description(oc, "hotplug-ports",
        "Number of PCIe root ports for device_add, 0 to 32 (default: 4, or 0 "
        "with -nodefaults)");
    object_class_property_add(oc, "acpi", "OnOffAuto", get_acpi, set_acpi,
                              NULL, NULL);
    object_class_property_set_description(oc, "acpi",
        "Describe the machine by ACPI: on, off or auto (default: auto, which "
        "is on for AArch64 CPUs)");
    object_class_property_add_bool(oc, "fdt", get_fdt, set_fdt);
    object_class_property_set_description(oc, "fdt",
        "Describe the machine by FDT (default: on)");
    object_class_property_add_bool(oc, "secure-boot", get_secure_boot,
                                   set_secure_boot);
    object_class_property_set_description(oc, "secure-boot",
        "Bundled UEFI that starts signed loaders only, with keys in a new "
        "variable store; AArch64 (default: off)");
    object_class_property_add_bool(oc, "ras", get_ras, set_ras);
    object_class_property_set_description(oc, "ras",
        "Report memory errors to the guest by ACPI (default: off; this build "
        "refuses on)");
    object_class_property_add_bool(oc, "dtb-randomness", get_dtb_randomness,
                                   set_dtb_randomness);
    object_class_property_set_description(oc, "dtb-randomness",
        "Put rng-seed and kaslr-seed into the FDT (default: on)");
}
