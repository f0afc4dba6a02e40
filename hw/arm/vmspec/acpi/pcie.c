/*
 * vmspec: PCIe in the ACPI namespace
 *
 * The host bridge PCI0 with its windows, interrupt routing and methods, the
 * interrupt links, and the motherboard resource directly under \_SB that
 * reserves the ECAM (platform.md, section 4.4; PCI Firmware Specification 3.3,
 * 4.1.2).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/pci/pci.h"
#include "aml.h"

/* _ADR of a PCI function: device number in the high word (ACPI 6.5, 6.1.1) */
#define ADR_DEVICE_SHIFT 16
#define ADR_ANY_FUNCTION 0xffff

/* AML (ACPI 6.5, 20.2): a package, constants, a segment of a name */
#define PACKAGE_OP 0x12
#define BYTE_PREFIX 0x0a
#define WORD_PREFIX 0x0b
#define DWORD_PREFIX 0x0c
#define NAME_LENGTH 4

/* _OSC (PCI Firmware Specification 3.3, 4.5.1) */
#define OSC_UUID "33DB4D5B-1FF7-401C-9657-7441C03DD766"
#define OSC_UNKNOWN_UUID (1 << 2)
#define OSC_UNKNOWN_REVISION (1 << 3)
#define OSC_MASKED (1 << 4)
#define OSC_QUERY (1 << 0)
/* PME, AER, the PCIe capability structure; not SHPC */
#define OSC_GRANTED 0x1c
#define OSC_NATIVE_HOTPLUG (1 << 0)

/* _DSM (PCI Firmware Specification 3.3, 4.6) */
#define DSM_UUID "E5C937D0-3553-4D7A-9117-EA4D19C3434D"
#define DSM_FUNCTIONS 0
#define DSM_PRESERVE_CONFIG 5

static void aml_links(const VmspecPlan *plan, Aml *scope)
{
    const VmspecPciePlan *pcie = &plan->pcie;
    AmlLevelAndEdge trigger = pcie->intx.trigger == VMSPEC_EDGE_RISING ?
                              AML_EDGE : AML_LEVEL;

    for (unsigned i = 0; i < pcie->intx.count; i++) {
        uint32_t gsi = vmspec_gsi(plan, VMSPEC_PCIE_ECAM, i);
        Aml *dev = aml_device(VMSPEC_LINK_NAME, 'A' + i);
        Aml *crs = aml_resource_template();

        aml_append(dev, aml_name_decl("_HID", aml_eisaid(VMSPEC_LINK_HID)));
        aml_append(dev, aml_name_decl("_UID", aml_int(i)));
        aml_append(crs, aml_interrupt(AML_CONSUMER, trigger,
                                      AML_ACTIVE_HIGH, AML_SHARED, &gsi, 1));
        aml_append(dev, aml_name_decl("_PRS", crs));
        aml_append(dev, aml_name_decl("_CRS", crs));
        aml_append(dev, aml_method("_SRS", 1, AML_NOTSERIALIZED));
        aml_append(scope, dev);
    }
}

/* Write @value as aml_int() does; returns the number of bytes. */
static unsigned put_int(uint8_t *out, uint32_t value)
{
    if (value <= 1) {
        out[0] = value;                 /* ZeroOp, OneOp */
        return 1;
    }
    if (value <= UINT8_MAX) {
        out[0] = BYTE_PREFIX;
        out[1] = value;
        return 2;
    }
    if (value <= UINT16_MAX) {
        out[0] = WORD_PREFIX;
        stw_le_p(out + 1, value);
        return 3;
    }
    out[0] = DWORD_PREFIX;
    stl_le_p(out + 1, value);
    return 5;
}

/*
 * A package of four: the device, the pin, the link's name, 0. The bytes are
 * written here, because 640 objects of QEMU's builder are half of the work of
 * all tables, and a kernel without firmware has them built at each start.
 */
static void append_route(Aml *prt, unsigned device, unsigned pin,
                         const char *link)
{
    uint8_t entry[16] = { PACKAGE_OP, 0, 4 };
    unsigned size = 3;

    size += put_int(entry + size, device << ADR_DEVICE_SHIFT |
                                  ADR_ANY_FUNCTION);
    size += put_int(entry + size, pin);
    memcpy(entry + size, link, NAME_LENGTH);
    size += NAME_LENGTH;
    size += put_int(entry + size, 0);
    entry[1] = size - 1;                /* PkgLength counts itself */
    g_array_append_vals(prt->buf, entry, size);
}

/* INTx of device s, pin p is line (s + p) mod 4 (platform.md, section 3). */
static Aml *interrupt_routing(const VmspecPciePlan *pcie)
{
    Aml *prt = aml_package(PCI_SLOT_MAX * PCI_NUM_PINS);
    char link[PCI_NUM_PINS][NAME_LENGTH + 1];

    g_assert(pcie->intx.count <= PCI_NUM_PINS);
    for (unsigned i = 0; i < pcie->intx.count; i++) {
        snprintf(link[i], sizeof(link[i]), VMSPEC_LINK_NAME, 'A' + i);
    }
    for (unsigned device = 0; device < PCI_SLOT_MAX; device++) {
        for (unsigned pin = 0; pin < PCI_NUM_PINS; pin++) {
            unsigned line = (device + pin) % pcie->intx.count;

            append_route(prt, device, pin, link[line]);
        }
    }
    return prt;
}

static Aml *windows(const VmspecPciePlan *pcie)
{
    Aml *crs = aml_resource_template();
    VmspecRange r = pcie->mmio32;

    aml_append(crs, aml_word_bus_number(AML_MIN_FIXED, AML_MAX_FIXED,
                                        AML_POS_DECODE, 0, 0, pcie->buses - 1,
                                        0, pcie->buses));
    aml_append(crs, aml_dword_io(AML_MIN_FIXED, AML_MAX_FIXED, AML_POS_DECODE,
                                 AML_ENTIRE_RANGE, 0, 0, pcie->pio.size - 1,
                                 pcie->pio.base, pcie->pio.size));
    aml_append(crs, aml_dword_memory(AML_POS_DECODE, AML_MIN_FIXED,
                                     AML_MAX_FIXED, AML_NON_CACHEABLE,
                                     AML_READ_WRITE, 0, r.base,
                                     r.base + r.size - 1, 0, r.size));
    r = pcie->mmio64;
    if (r.size) {
        aml_append(crs, aml_qword_memory(AML_POS_DECODE, AML_MIN_FIXED,
                                         AML_MAX_FIXED, AML_PREFETCHABLE,
                                         AML_READ_WRITE, 0, r.base,
                                         r.base + r.size - 1, 0, r.size));
    }
    return crs;
}

static Aml *or_status(uint32_t bits)
{
    return aml_or(aml_name("CDW1"), aml_int(bits), aml_name("CDW1"));
}

/*
 * _OSC grants the guest control of PCIe features. This method alone decides how
 * an ACPI guest plugs: by ACPI if the machine has the hot-plug registers, which
 * spares the wait for the attention button (platform.md, section 4.6), and
 * natively if not.
 */
static Aml *osc_method(bool acpi_hotplug)
{
    uint32_t granted = OSC_GRANTED | (acpi_hotplug ? 0 : OSC_NATIVE_HOTPLUG);
    Aml *method = aml_method("_OSC", 4, AML_NOTSERIALIZED);
    Aml *known = aml_if(aml_equal(aml_arg(0), aml_touuid(OSC_UUID)));
    Aml *other = aml_else();
    Aml *control = aml_local(0);
    Aml *cond;

    aml_append(method, aml_create_dword_field(aml_arg(3), aml_int(0),
                                              "CDW1"));
    aml_append(known, aml_create_dword_field(aml_arg(3), aml_int(8), "CDW3"));
    aml_append(known, aml_and(aml_name("CDW3"), aml_int(granted),
                              control));
    cond = aml_if(aml_lnot(aml_equal(aml_arg(1), aml_int(1))));
    aml_append(cond, or_status(OSC_UNKNOWN_REVISION));
    aml_append(known, cond);
    cond = aml_if(aml_lnot(aml_equal(aml_name("CDW3"), control)));
    aml_append(cond, or_status(OSC_MASKED));
    aml_append(known, cond);
    if (acpi_hotplug) {
        cond = aml_if(aml_lnot(aml_and(aml_name("CDW1"), aml_int(OSC_QUERY),
                                       NULL)));
        aml_append(cond, vmspec_aml_pcihp_take());
        aml_append(known, cond);
    }
    aml_append(known, aml_store(control, aml_name("CDW3")));
    aml_append(known, aml_return(aml_arg(3)));
    aml_append(method, known);

    aml_append(other, or_status(OSC_UNKNOWN_UUID));
    aml_append(other, aml_return(aml_arg(3)));
    aml_append(method, other);
    return method;
}

/*
 * Function 5 returns 0: the OS keeps what the firmware assigned, and with it
 * the windows of the ports (platform.md, section 4.5). Linux by itself would
 * give each port 2 MiB, and under ACPI hot-plug, unlike native, it never makes
 * a window larger. The OS still assigns what the firmware left, and it may move
 * any BAR (platform.md, section 4.7).
 */
static Aml *dsm_method(void)
{
    uint8_t functions = 1 << DSM_FUNCTIONS | 1 << DSM_PRESERVE_CONFIG;
    uint8_t none = 0;
    Aml *method = aml_method("_DSM", 4, AML_NOTSERIALIZED);
    Aml *known = aml_if(aml_equal(aml_arg(0), aml_touuid(DSM_UUID)));
    Aml *cond = aml_if(aml_equal(aml_arg(2), aml_int(DSM_FUNCTIONS)));

    aml_append(cond, aml_return(aml_buffer(1, &functions)));
    aml_append(known, cond);
    cond = aml_if(aml_equal(aml_arg(2), aml_int(DSM_PRESERVE_CONFIG)));
    aml_append(cond, aml_return(aml_int(0)));
    aml_append(known, cond);
    aml_append(method, known);
    aml_append(method, aml_return(aml_buffer(1, &none)));
    return method;
}

static void aml_ecam(const VmspecPciePlan *pcie, Aml *scope)
{
    Aml *dev = aml_device(VMSPEC_ECAM_NAME);
    Aml *crs = aml_resource_template();

    aml_append(dev, aml_name_decl("_HID", aml_eisaid(VMSPEC_ECAM_HID)));
    aml_append(dev, aml_name_decl("_UID", aml_int(0)));
    aml_append(crs, aml_memory32_fixed(pcie->ecam.base, pcie->ecam.size,
                                       AML_READ_WRITE));
    aml_append(dev, aml_name_decl("_CRS", crs));
    aml_append(scope, dev);
}

void vmspec_aml_pcie(const VmspecPlan *plan, Aml *scope)
{
    const VmspecPciePlan *pcie = &plan->pcie;
    bool acpi_hotplug = vmspec_has(plan, VMSPEC_ACPI_PCIHP);
    Aml *dev = aml_device(VMSPEC_PCIE_NAME);

    aml_links(plan, scope);
    aml_ecam(pcie, scope);
    aml_append(dev, aml_name_decl("_HID", aml_eisaid(VMSPEC_PCIE_HID)));
    aml_append(dev, aml_name_decl("_CID", aml_eisaid(VMSPEC_PCIE_CID)));
    aml_append(dev, aml_name_decl("_SEG", aml_int(0)));
    aml_append(dev, aml_name_decl("_BBN", aml_int(0)));
    aml_append(dev, aml_name_decl("_UID", aml_int(0)));
    aml_append(dev, aml_name_decl("_CCA", aml_int(1)));
    aml_append(dev, aml_name_decl("_CRS", windows(pcie)));
    aml_append(dev, aml_name_decl("_PRT", interrupt_routing(pcie)));
    if (acpi_hotplug) {
        vmspec_aml_pcihp_registers(plan, dev);
    }
    aml_append(dev, osc_method(acpi_hotplug));
    aml_append(dev, dsm_method());
    aml_append(scope, dev);
}
