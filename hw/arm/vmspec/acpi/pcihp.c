/*
 * vmspec: ACPI PCI hot-plug in the namespace
 *
 * PCI0 gets the registers of hw/acpi/vmspec-pcihp.c as fields. An SSDT has a
 * device for each hot-plug port on bus 0 that was there at start. ACPI cannot
 * describe a port or a bridge that is plugged later (ACPI 6.5, 6.3).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/vmspec-pcihp.h"
#include "hw/pci/pci.h"
#include "aml.h"

/* Names in the guest's namespace, part of the platform's version */
#define REGION "HPRG"
#define UP "HPUP"
#define DOWN "HPDN"
#define EJECT "HPEJ"
#define CONTROL "HPCT"
#define SELECTOR "HPBK"
#define LOCK "HPLK"
#define PORT_NAME "P%03X"
#define SLOT_NAME "SLOT"

#define WAIT_FOREVER 0xffff
#define NOTIFY_DEVICE_CHECK 1
#define NOTIFY_EJECT_REQUEST 3
#define ADR_DEVICE_SHIFT 16

/* What the selector must hold for the bit of @port, and that bit */
static unsigned selector_of(uint8_t port)
{
    return port / VMSPEC_PCIHP_PORTS;
}

static Aml *bit_of(uint8_t port)
{
    return aml_int(1u << port % VMSPEC_PCIHP_PORTS);
}

void vmspec_aml_pcihp_registers(const VmspecPlan *plan, Aml *bridge)
{
    /* By offset, without a gap */
    static const char *const names[] = { UP, DOWN, EJECT, CONTROL, SELECTOR };
    Aml *field = aml_field(REGION, AML_DWORD_ACC, AML_NOLOCK,
                           AML_WRITE_AS_ZEROS);

    aml_append(bridge, aml_operation_region(
        REGION, AML_SYSTEM_MEMORY,
        aml_int(plan->region[VMSPEC_ACPI_PCIHP].base), VMSPEC_PCIHP_LENGTH));
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        aml_append(field, aml_named_field(names[i], 32));
    }
    aml_append(bridge, field);
    aml_append(bridge, aml_mutex(LOCK, 0));
}

Aml *vmspec_aml_pcihp_take(void)
{
    return aml_store(aml_int(VMSPEC_PCIHP_CONTROL_ACPI), aml_name(CONTROL));
}

static Aml *eject_method(uint8_t port)
{
    Aml *method = aml_method("_EJ0", 1, AML_NOTSERIALIZED);

    aml_append(method, aml_acquire(aml_name(LOCK), WAIT_FOREVER));
    aml_append(method, aml_store(aml_int(selector_of(port)),
                                 aml_name(SELECTOR)));
    aml_append(method, aml_store(bit_of(port), aml_name(EJECT)));
    aml_append(method, aml_release(aml_name(LOCK)));
    return method;
}

/* A port has one device number below it, 0 (PCIe 6.0, 7.5.1.1.9). */
static Aml *aml_port(uint8_t port)
{
    Aml *dev = aml_device(PORT_NAME, port);
    Aml *slot = aml_device(SLOT_NAME);

    aml_append(dev, aml_name_decl("_ADR", aml_int(PCI_SLOT(port) <<
                                                  ADR_DEVICE_SHIFT |
                                                  PCI_FUNC(port))));
    aml_append(slot, aml_name_decl("_ADR", aml_int(0)));
    aml_append(slot, aml_name_decl("_SUN", aml_int(port)));
    aml_append(slot, eject_method(port));
    aml_append(dev, slot);
    return dev;
}

/* Notify @port's slot of @value if @port's bit is set in Local<@local>. */
static Aml *notify_if(unsigned local, uint8_t port, unsigned value)
{
    Aml *cond = aml_if(aml_and(aml_local(local), bit_of(port), NULL));

    aml_append(cond, aml_notify(aml_name("^" PORT_NAME "." SLOT_NAME, port),
                                aml_int(value)));
    return cond;
}

/*
 * For each value of the selector: read the events of its ports into Local0
 * (plugged) and Local1 (to be removed), clear them, and notify the slots.
 * @ports is sorted, so each value comes once.
 */
static Aml *scan_method(const GArray *ports)
{
    Aml *method = aml_method(VMSPEC_PCIHP_SCAN, 0, AML_NOTSERIALIZED);
    int selected = -1;

    aml_append(method, aml_acquire(aml_name(LOCK), WAIT_FOREVER));
    for (unsigned i = 0; i < ports->len; i++) {
        uint8_t port = g_array_index(ports, uint8_t, i);

        if ((int)selector_of(port) != selected) {
            selected = selector_of(port);
            aml_append(method, aml_store(aml_int(selected),
                                         aml_name(SELECTOR)));
            aml_append(method, aml_store(aml_name(UP), aml_local(0)));
            aml_append(method, aml_store(aml_local(0), aml_name(UP)));
            aml_append(method, aml_store(aml_name(DOWN), aml_local(1)));
            aml_append(method, aml_store(aml_local(1), aml_name(DOWN)));
        }
        aml_append(method, notify_if(0, port, NOTIFY_DEVICE_CHECK));
        aml_append(method, notify_if(1, port, NOTIFY_EJECT_REQUEST));
    }
    aml_append(method, aml_release(aml_name(LOCK)));
    return method;
}

void vmspec_acpi_pcihp(VmspecAcpi *a)
{
    Aml *ssdt = init_aml_allocator();
    Aml *scope = aml_scope(VMSPEC_PCIE_PATH);

    for (unsigned i = 0; i < a->ports->len; i++) {
        aml_append(scope, aml_port(g_array_index(a->ports, uint8_t, i)));
    }
    aml_append(scope, scan_method(a->ports));
    aml_append(ssdt, scope);
    vmspec_aml_append_table(a, VMSPEC_TABLE_SSDT_PCIHP, ssdt);
    free_aml_allocator();
}
