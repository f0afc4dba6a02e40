/*
 * vmspec: properties of QEMU's machine virt
 *
 * People and scripts pass virt's properties to this machine. This file takes
 * the value that is true here, and refuses each other value with the reason
 * and the way out. No value changes the machine, except dtb-kaslr-seed, virt's
 * old name of dtb-randomness.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-platform.h"
#include "properties.h"

/* A boolean property that only one value fits */
typedef struct FixedProperty {
    const char *name;
    bool value;                 /* what is true here */
    const char *description;
    const char *why;            /* the other value is refused */
    const char *way_out;
} FixedProperty;

#define FIXED_MAP "the addresses of this machine are the platform's"

static const FixedProperty fixed_properties[] = {
    { "highmem", true,
      "Have devices above 4 GiB; they are always there (default: on)",
      FIXED_MAP ", and some are above 4 GiB",
      "Leave out highmem=off: a guest that cannot reach addresses above "
      "4 GiB finds RAM, ECAM and a PCIe window below." },
    { "highmem-ecam", false,
      "Put the PCIe ECAM above 4 GiB; it is always below (default: off)",
      FIXED_MAP ", and the ECAM of 256 buses is below 4 GiB",
      "Leave out highmem-ecam=on: the ECAM has all 256 buses." },
    { "highmem-mmio", true,
      "Have a 64-bit PCIe window; CPUs with 40 address bits always do "
      "(default: on)",
      FIXED_MAP ", and the 64-bit PCIe window is one of them",
      "Leave out highmem-mmio=off: a guest can ignore this window." },
    { "highmem-redists", true,
      "Have GICv3 redistributors above 4 GiB if CPUs need them (default: on)",
      FIXED_MAP ", and those of CPUs beyond the 123rd are above 4 GiB",
      "Leave out highmem-redists=off: with fewer CPUs there are none above "
      "4 GiB." },
    { "compact-highmem", false,
      "Move regions above 4 GiB together; they never move (default: off)",
      FIXED_MAP ", and no region moves if another one is absent",
      "Leave out compact-highmem=on." },
    { "secure", false,
      "Give the CPUs EL3 (TrustZone); this machine has none (default: off)",
      "this machine has neither EL3 nor a secure address space",
      "Leave out secure=on, or use -machine virt; secure-boot=on is UEFI's "
      "Secure Boot." },
    { "default-bus-bypass-iommu", false,
      "Leave devices on pcie.0 untranslated by the IOMMU (default: off)",
      "an IOMMU of this machine is in front of every device on pcie.0",
      "Leave out default-bus-bypass-iommu=on; iommu=none has no IOMMU." },
};

static void get_fixed(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    const FixedProperty *p = opaque;
    bool value = p->value;

    visit_type_bool(v, name, &value, errp);
}

static void set_fixed(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    ERRP_GUARD();
    const FixedProperty *p = opaque;
    bool value;

    if (!visit_type_bool(v, name, &value, errp) || value == p->value) {
        return;
    }
    error_setg(errp, "%s=%s: %s", name, value ? "on" : "off", p->why);
    error_append_hint(errp, "%s\n", p->way_out);
}

static void get_mmio_size(Object *obj, Visitor *v, const char *name,
                          void *opaque, Error **errp)
{
    uint64_t size = VMSPEC_PCIE_MMIO64_SIZE;

    visit_type_size(v, name, &size, errp);
}

static void set_mmio_size(Object *obj, Visitor *v, const char *name,
                          void *opaque, Error **errp)
{
    ERRP_GUARD();
    uint64_t size;

    if (!visit_type_size(v, name, &size, errp) ||
        size == VMSPEC_PCIE_MMIO64_SIZE) {
        return;
    }
    error_setg(errp, "%s=%" PRIu64 ": " FIXED_MAP ", and the 64-bit PCIe "
               "window has 512 GiB", name, size);
    error_append_hint(errp, "Leave out %s.\n", name);
}

static const char *oem_string(Object *obj, const char *name)
{
    const VmspecPlatform *p = VMSPEC_MACHINE_GET_CLASS(obj)->platform;

    return strcmp(name, "x-oem-id") ? p->oem_table_id : p->oem_id;
}

static void get_oem(Object *obj, Visitor *v, const char *name, void *opaque,
                    Error **errp)
{
    g_autofree char *value = g_strdup(oem_string(obj, name));

    visit_type_str(v, name, &value, errp);
}

/* Guests recognise the machine by these two strings of its ACPI tables. */
static void set_oem(Object *obj, Visitor *v, const char *name, void *opaque,
                    Error **errp)
{
    ERRP_GUARD();
    g_autofree char *value = NULL;

    if (!visit_type_str(v, name, &value, errp) ||
        !strcmp(value, oem_string(obj, name))) {
        return;
    }
    error_setg(errp, "%s=%s: the ACPI tables of this machine have '%s'", name,
               value, oem_string(obj, name));
    error_append_hint(errp, "Leave out %s; -smbios can name your product.\n",
                      name);
}

static void visit_kaslr_seed(Object *obj, Visitor *v, const char *name,
                             void *opaque, Error **errp)
{
    visit_type_bool(v, name, &VMSPEC_MACHINE(obj)->dtb_randomness, errp);
}

static void add_property(ObjectClass *oc, const char *name, const char *type,
                         ObjectPropertyAccessor *get,
                         ObjectPropertyAccessor *set, void *opaque,
                         const char *description)
{
    object_class_property_add(oc, name, type, get, set, NULL, opaque);
    object_class_property_set_description(oc, name, description);
}

void vmspec_add_virt_properties(ObjectClass *oc)
{
    for (int i = 0; i < ARRAY_SIZE(fixed_properties); i++) {
        const FixedProperty *p = &fixed_properties[i];

        add_property(oc, p->name, "bool", get_fixed, set_fixed, (void *)p,
                     p->description);
    }
    add_property(oc, "highmem-mmio-size", "size", get_mmio_size,
                 set_mmio_size, NULL,
                 "Size of the 64-bit PCIe window, which is fixed "
                 "(default: 512G)");
    add_property(oc, "x-oem-id", "string", get_oem, set_oem, NULL,
                 "OEM ID of the ACPI tables, which is fixed (default: the "
                 "platform's)");
    add_property(oc, "x-oem-table-id", "string", get_oem, set_oem, NULL,
                 "OEM table ID of the ACPI tables, which is fixed (default: "
                 "the platform's)");
    add_property(oc, "dtb-kaslr-seed", "bool", visit_kaslr_seed,
                 visit_kaslr_seed, NULL,
                 "Old name of dtb-randomness (default: on)");
}
