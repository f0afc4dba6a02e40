/*
 * vmspec: PCI hot-plug by ACPI
 *
 * The registers of pcihp.c in PCI0, and the SSDT with a slot for each hot-plug
 * port on bus 0 that was there at start: what is plugged later, a bridge too,
 * ACPI cannot describe (ACPI 6.5, 6.3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "table.h"
#include "hw/acpi/vmspec-pcihp.h"

#define REGION "HPRG"
#define UP "HPUP"
#define DOWN "HPDN"
#define EJECT "HPEJ"
#define CONTROL "HPCT"
#define BANK "HPBK"
#define LOCK "HPLK"

#define WAIT_FOREVER 0xffff
#define NOTIFY_DEVICE_CHECK 1
#define NOTIFY_EJECT_REQUEST 3

static unsigned bank_of(uint8_t port)
{
    return port / VMSPEC_PCIHP_BANK_BITS;
}

static Aml *bit_of(uint8_t port)
{
    return aml_int(1u << port % VMSPEC_PCIHP_BANK_BITS);
}

void vmspec_aml_pcihp_registers(const VmspecPlan *plan, Aml *pci)
{
    static const char *const names[] = { UP, DOWN, EJECT, CONTROL, BANK };
    Aml *field = aml_field(REGION, AML_DWORD_ACC, AML_NOLOCK,
                           AML_WRITE_AS_ZEROS);

    aml_append(pci, aml_operation_region(
        REGION, AML_SYSTEM_MEMORY,
        aml_int(plan->region[VMSPEC_ACPI_PCIHP].base), VMSPEC_PCIHP_LENGTH));
    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        aml_append(field, aml_named_field(names[i], 32));
    }
    aml_append(pci, field);
    aml_append(pci, aml_mutex(LOCK, 0));
}

Aml *vmspec_aml_pcihp_take(void)
{
    return aml_store(aml_int(VMSPEC_PCIHP_CONTROL_ACPI), aml_name(CONTROL));
}

static Aml *eject_method(uint8_t port)
{
    Aml *method = aml_method("_EJ0", 1, AML_NOTSERIALIZED);

    aml_append(method, aml_acquire(aml_name(LOCK), WAIT_FOREVER));
    aml_append(method, aml_store(aml_int(bank_of(port)), aml_name(BANK)));
    aml_append(method, aml_store(bit_of(port), aml_name(EJECT)));
    aml_append(method, aml_release(aml_name(LOCK)));
    return method;
}

/* One device number below a port: 0 (PCIe 6.0, 7.5.1.1.9) */
static Aml *aml_port(uint8_t port)
{
    Aml *dev = aml_device("P%03X", port);
    Aml *slot = aml_device("SLOT");

    aml_append(dev, aml_name_decl("_ADR", aml_int(port >> 3 << 16 |
                                                  (port & 7))));
    aml_append(slot, aml_name_decl("_ADR", aml_int(0)));
    aml_append(slot, aml_name_decl("_SUN", aml_int(port)));
    aml_append(slot, eject_method(port));
    aml_append(dev, slot);
    return dev;
}

static Aml *notify_if(unsigned local, uint8_t port, unsigned value)
{
    Aml *cond = aml_if(aml_and(aml_local(local), bit_of(port), NULL));

    aml_append(cond, aml_notify(aml_name("^P%03X.SLOT", port),
                                aml_int(value)));
    return cond;
}

/* Read and clear what each bank has to say; the last one that was read */
static Aml *scan_method(const GArray *ports)
{
    Aml *method = aml_method(VMSPEC_PCIHP_SCAN, 0, AML_NOTSERIALIZED);
    int bank = -1;

    aml_append(method, aml_acquire(aml_name(LOCK), WAIT_FOREVER));
    for (unsigned i = 0; i < ports->len; i++) {
        uint8_t port = g_array_index(ports, uint8_t, i);

        if ((int)bank_of(port) != bank) {
            bank = bank_of(port);
            aml_append(method, aml_store(aml_int(bank), aml_name(BANK)));
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

void vmspec_acpi_pcihp(VmspecAcpi *a, const GArray *ports)
{
    AcpiTable table = { .sig = "SSDT", .rev = 2, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = "PCIHP" };
    Aml *ssdt = init_aml_allocator();
    Aml *scope = aml_scope("\\_SB.PCI0");

    for (unsigned i = 0; i < ports->len; i++) {
        aml_append(scope, aml_port(g_array_index(ports, uint8_t, i)));
    }
    aml_append(scope, scan_method(ports));
    aml_append(ssdt, scope);

    acpi_table_begin(&table, a->data);
    g_array_append_vals(a->data, ssdt->buf->data, ssdt->buf->len);
    acpi_table_end(a->linker, &table);
    free_aml_allocator();
}
