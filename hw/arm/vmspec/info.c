/*
 * vmspec: what the machine is, for a person and for a program
 *
 * "info vmspec" in the monitor prints it. The property "info" of /machine has
 * the same as a structure, which qom-get returns as JSON; the manual,
 * docs/system/arm/vmspec.rst, describes it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-types-machine.h"
#include "qapi/visitor.h"
#include "hw/pci-host/vmspec-root-port.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "monitor/monitor.h"
#include "info.h"

/* A root port on pcie.0, and what is in it */
typedef struct Port {
    const char *id;             /* "": the user gave none */
    uint8_t devfn;
    DeviceState *device;        /* NULL: the port is empty */
} Port;

/* Text that the caller frees, never NULL */
static char *text_property(VmspecMachineState *vms, const char *name)
{
    return object_property_get_str(OBJECT(vms), name, NULL) ?: g_strdup("");
}

/* Where the variables are */
static const char *store_kind(VmspecMachineState *vms)
{
    g_autofree char *format = text_property(vms, "nvram-format");

    if (vms->nvram_path) {
        return "file";
    }
    if (!vmspec_has(vms->plan, VMSPEC_FLASH1)) {
        return "none";
    }
    return strcmp(format, "volatile") ? "pflash1" : "volatile";
}

/* The next port on pcie.0 from @devfn on; false if there is none */
static bool next_port(VmspecMachineState *vms, unsigned devfn, Port *port)
{
    for (; devfn < ARRAY_SIZE(vms->bus->devices); devfn++) {
        PCIDevice *dev = vms->bus->devices[devfn];
        PCIDevice *behind;

        if (!dev || !object_dynamic_cast(OBJECT(dev), TYPE_VMSPEC_ROOT_PORT)) {
            continue;
        }
        behind = pci_bridge_get_sec_bus(PCI_BRIDGE(dev))->devices[0];
        *port = (Port) {
            .id = DEVICE(dev)->id ?: "",
            .devfn = devfn,
            .device = behind ? DEVICE(behind) : NULL,
        };
        return true;
    }
    return false;
}

/* As lspci writes it, without the bus */
static char *port_address(const Port *port)
{
    return g_strdup_printf("%02x.%x", PCI_SLOT(port->devfn),
                           PCI_FUNC(port->devfn));
}

static void put_text(Visitor *v, const char *name, const char *text)
{
    char *copy = (char *)text;  /* an output visitor only reads it */

    visit_type_str(v, name, &copy, &error_abort);
}

static void put_bool(Visitor *v, const char *name, bool value)
{
    visit_type_bool(v, name, &value, &error_abort);
}

static void begin_member(Visitor *v, const char *name)
{
    visit_start_struct(v, name, NULL, 0, &error_abort);
}

static void end_member(Visitor *v)
{
    visit_end_struct(v, NULL);
}

static void put_firmware(VmspecMachineState *vms, Visitor *v)
{
    g_autofree char *file = text_property(vms, "firmware-file");

    begin_member(v, "firmware");
    put_text(v, "file", file);
    put_bool(v, "bundled", vms->bundled);
    put_bool(v, "secure-boot", vms->plan->secure_boot);
    end_member(v);
}

static void put_store(VmspecMachineState *vms, Visitor *v)
{
    g_autofree char *file = text_property(vms, "nvram-file");
    g_autofree char *format = text_property(vms, "nvram-format");
    g_autofree char *fill = text_property(vms, "nvram-fill");

    begin_member(v, "store");
    put_text(v, "kind", store_kind(vms));
    put_text(v, "file", file);
    put_text(v, "format", format);
    put_text(v, "fill", fill);
    end_member(v);
}

static void put_gic(VmspecMachineState *vms, Visitor *v)
{
    uint32_t version = vms->plan->gic.version;

    begin_member(v, "gic");
    visit_type_uint32(v, "version", &version, &error_abort);
    put_bool(v, "its", vms->plan->gic.its);
    end_member(v);
}

static void put_port(const Port *port, Visitor *v)
{
    g_autofree char *address = port_address(port);

    begin_member(v, NULL);
    put_text(v, "port", port->id);
    put_text(v, "address", address);
    if (port->device) {
        put_text(v, "device", object_get_typename(OBJECT(port->device)));
        put_text(v, "id", port->device->id ?: "");
    }
    end_member(v);
}

static void put_ports(VmspecMachineState *vms, Visitor *v)
{
    Port port;

    visit_start_list(v, "ports", NULL, 0, &error_abort);
    for (unsigned devfn = 0; next_port(vms, devfn, &port);
         devfn = port.devfn + 1) {
        put_port(&port, v);
    }
    visit_end_list(v, NULL);
}

static void get_info(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    VmspecMachineState *vms = VMSPEC_MACHINE(obj);
    const VmspecPlatform *platform = VMSPEC_MACHINE_GET_CLASS(obj)->platform;
    g_autofree char *version = NULL;

    /* QEMU also lists the properties of a machine that it never makes. */
    if (!vms->plan || !vms->bus) {
        error_setg(errp, "the machine is not made yet");
        return;
    }
    version = g_strdup_printf("%u.%u", platform->major, platform->minor);
    if (!visit_start_struct(v, name, NULL, 0, errp)) {
        return;
    }
    put_text(v, "platform", version);
    put_firmware(vms, v);
    put_store(vms, v);
    put_bool(v, "fdt", vms->plan->fdt);
    put_bool(v, "acpi", vms->plan->acpi);
    put_gic(vms, v);
    put_ports(vms, v);
    end_member(v);
}

static void print_firmware(VmspecMachineState *vms, GString *out)
{
    g_autofree char *file = text_property(vms, "firmware-file");

    if (!vms->plan->firmware) {
        g_string_append(out, "firmware: none, -kernel starts without it\n");
        return;
    }
    g_string_append_printf(out, "firmware: %s%s%s\n", file,
                           vms->bundled ? ", the bundled one" : "",
                           vms->plan->secure_boot ? ", Secure Boot" : "");
}

static void print_store(VmspecMachineState *vms, GString *out)
{
    g_autofree char *format = text_property(vms, "nvram-format");
    g_autofree char *fill = text_property(vms, "nvram-fill");
    const char *kind = store_kind(vms);

    g_string_append(out, "variable store: ");
    if (!strcmp(kind, "none")) {
        g_string_append(out, "none\n");
        return;
    }
    if (!strcmp(kind, "volatile")) {
        g_string_append(out, "in no file, lost when QEMU ends\n");
    } else {
        g_string_append_printf(out, "%s, %s\n", vms->nvram_path ?: kind,
                               format);
    }
    g_string_append_printf(out, "  %s\n", fill);
}

static const char *description_text(const VmspecPlan *plan)
{
    if (plan->fdt && plan->acpi) {
        return "FDT and ACPI";
    }
    return plan->fdt ? "FDT" : "ACPI";
}

static void print_ports(VmspecMachineState *vms, GString *out)
{
    unsigned ports = 0;
    Port port;

    for (unsigned devfn = 0; next_port(vms, devfn, &port);
         devfn = port.devfn + 1) {
        g_autofree char *address = port_address(&port);

        ports++;
        g_string_append_printf(out, "port %s at 00:%s: ",
                               *port.id ? port.id : "without a name", address);
        if (port.device) {
            g_string_append_printf(out, "%s %s\n",
                                   object_get_typename(OBJECT(port.device)),
                                   port.device->id ?: "");
        } else {
            g_string_append(out, "empty\n");
        }
    }
    if (!ports) {
        g_string_append(out, "hot-plug ports: none\n");
    }
}

static HumanReadableText *info_vmspec(Error **errp)
{
    Object *machine = object_dynamic_cast(qdev_get_machine(),
                                          TYPE_VMSPEC_MACHINE);
    HumanReadableText *text;
    VmspecMachineState *vms;
    GString *out;

    if (!machine) {
        error_setg(errp, "the machine is %s, not vmspec",
                   object_get_typename(qdev_get_machine()));
        return NULL;
    }
    vms = VMSPEC_MACHINE(machine);
    out = g_string_new("");
    g_string_append_printf(out, "platform: %s\n",
                           VMSPEC_MACHINE_GET_CLASS(vms)->platform->machine);
    print_firmware(vms, out);
    print_store(vms, out);
    g_string_append_printf(out, "description: %s\n",
                           description_text(vms->plan));
    g_string_append_printf(out, "interrupts: GICv%u%s\n",
                           vms->plan->gic.version,
                           vms->plan->gic.its ? " with ITS" : "");
    print_ports(vms, out);
    text = g_new0(HumanReadableText, 1);
    text->human_readable_text = g_string_free(out, FALSE);
    return text;
}

void vmspec_add_info(ObjectClass *oc)
{
    object_class_property_add(oc, "info", "struct", get_info, NULL, NULL,
                              NULL);
    object_class_property_set_description(oc, "info",
        "What the machine is, as qom-get /machine info tells it, read-only");
    monitor_register_hmp_info_hrt("vmspec", info_vmspec);
}
