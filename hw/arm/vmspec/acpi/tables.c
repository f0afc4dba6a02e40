/*
 * vmspec: the ACPI tables that describe the processor's surroundings
 *
 * FADT, MADT, GTDT, SPCR and DBG2, from the plan (ACPI 6.5). QEMU's SPCR
 * builder stops at revision 4 of the table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/acpi-defs.h"
#include "table.h"

#define GTDT_NO_ADDRESS UINT64_MAX

/* MADT structures (ACPI 6.5, 5.2.12) */
#define MADT_GICC 0x0b
#define MADT_GICC_LENGTH 82
#define MADT_GICC_ENABLED 1
#define MADT_GICD 0x0c
#define MADT_GICD_LENGTH 24
#define MADT_MSI_FRAME 0x0d
#define MADT_MSI_FRAME_LENGTH 24
#define MADT_MSI_FRAME_SPI_SELECT 1
#define MADT_GICR 0x0e
#define MADT_GICR_LENGTH 16
#define MADT_ITS 0x0f
#define MADT_ITS_LENGTH 20

/* GTDT (ACPI 6.5, 5.2.25); level and active high are 0 */
#define GTDT_ALWAYS_ON (1 << 2)
#define GTDT_TIMERS 4
#define GTDT_WATCHDOG 1
#define GTDT_WATCHDOG_LENGTH 28
#define GTDT_PLATFORM_TIMERS_OFFSET 104

/* SPCR and DBG2 */
#define SPCR_PL011 0x03
#define SPCR_INTERRUPT_GIC (1 << 3)
#define SPCR_BAUD_AS_IS 0
#define SPCR_STOP_BITS_1 1
#define SPCR_TERMINAL_VT_UTF8 2
#define DBG2_SERIAL 0x8000
#define DBG2_HEADER_LENGTH 22
#define GAS_LENGTH 12
#define GAS_ACCESS_DWORD 3
#define CONSOLE_PATH "\\_SB.COM0"

void vmspec_acpi_fadt(VmspecAcpi *a, unsigned dsdt)
{
    AcpiFadtData fadt = {
        .rev = 6,
        .minor_ver = 5,
        .flags = 1 << ACPI_FADT_F_HW_REDUCED_ACPI,
        .arm_boot_arch = ACPI_FADT_ARM_PSCI_COMPLIANT,
        .xdsdt_tbl_offset = &dsdt,
    };

    if (!a->plan->conduit_smc) {
        fadt.arm_boot_arch |= ACPI_FADT_ARM_PSCI_USE_HVC;
    }
    build_fadt(a->data, a->linker, &fadt, VMSPEC_OEM_ID, VMSPEC_OEM_TABLE_ID);
}

static uint32_t ppi_gsi(const VmspecPlan *plan, VmspecPpiId id)
{
    return plan->ppi[id] ? plan->platform->ppis[id].intid : 0;
}

static void madt_gicc(VmspecAcpi *a, unsigned n)
{
    const VmspecPlan *p = a->plan;
    bool v2 = p->gic.version == 2;

    vmspec_acpi_int(a, MADT_GICC, 1);
    vmspec_acpi_int(a, MADT_GICC_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, n, 4);                   /* CPU interface number */
    vmspec_acpi_int(a, n, 4);                   /* ACPI processor UID */
    vmspec_acpi_int(a, MADT_GICC_ENABLED, 4);
    vmspec_acpi_int(a, 0, 4);                   /* parking protocol */
    vmspec_acpi_int(a, ppi_gsi(p, VMSPEC_PPI_ID_PMU), 4);
    vmspec_acpi_int(a, 0, 8);                   /* parked address */
    vmspec_acpi_int(a, v2 ? p->region[VMSPEC_GIC_CPU].base : 0, 8);
    vmspec_acpi_int(a, p->region[VMSPEC_GIC_VCPU].size ?
                    p->region[VMSPEC_GIC_VCPU].base : 0, 8);
    vmspec_acpi_int(a, p->region[VMSPEC_GIC_HYP].size ?
                    p->region[VMSPEC_GIC_HYP].base : 0, 8);
    vmspec_acpi_int(a, ppi_gsi(p, VMSPEC_PPI_ID_GIC_MAINTENANCE), 4);
    vmspec_acpi_int(a, 0, 8);                   /* GICR: by GICR structures */
    vmspec_acpi_int(a, p->cpu[n].mpidr, 8);
    vmspec_acpi_int(a, 0, 1);                   /* efficiency class */
    vmspec_acpi_int(a, 0, 1);
    vmspec_acpi_int(a, 0, 2);                   /* SPE overflow interrupt */
    vmspec_acpi_int(a, 0, 2);                   /* TRBE interrupt */
}

static void madt_gicd(VmspecAcpi *a)
{
    vmspec_acpi_int(a, MADT_GICD, 1);
    vmspec_acpi_int(a, MADT_GICD_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 4);                   /* GIC ID */
    vmspec_acpi_int(a, a->plan->region[VMSPEC_GIC_DIST].base, 8);
    vmspec_acpi_int(a, 0, 4);                   /* system vector base */
    vmspec_acpi_int(a, a->plan->gic.version, 1);
    vmspec_acpi_int(a, 0, 3);
}

static void madt_msi_frame(VmspecAcpi *a)
{
    const VmspecIrqs *irqs = &a->plan->platform->rows[VMSPEC_GIC_V2M].irqs;

    vmspec_acpi_int(a, MADT_MSI_FRAME, 1);
    vmspec_acpi_int(a, MADT_MSI_FRAME_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 4);                   /* frame ID */
    vmspec_acpi_int(a, a->plan->region[VMSPEC_GIC_V2M].base, 8);
    vmspec_acpi_int(a, MADT_MSI_FRAME_SPI_SELECT, 4);
    vmspec_acpi_int(a, irqs->count, 2);
    vmspec_acpi_int(a, vmspec_gsi(a->plan, VMSPEC_GIC_V2M, 0), 2);
}

static void madt_gicr(VmspecAcpi *a, VmspecRange range)
{
    vmspec_acpi_int(a, MADT_GICR, 1);
    vmspec_acpi_int(a, MADT_GICR_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, range.base, 8);
    vmspec_acpi_int(a, range.size, 4);
}

static void madt_its(VmspecAcpi *a)
{
    vmspec_acpi_int(a, MADT_ITS, 1);
    vmspec_acpi_int(a, MADT_ITS_LENGTH, 1);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, 0, 4);                   /* ITS ID */
    vmspec_acpi_int(a, a->plan->region[VMSPEC_GIC_ITS].base, 8);
    vmspec_acpi_int(a, 0, 4);
}

void vmspec_acpi_madt(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "APIC", .rev = 6, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
    const VmspecPlan *p = a->plan;

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, 0, 4);                   /* local interrupt controller */
    vmspec_acpi_int(a, 0, 4);                   /* flags */
    madt_gicd(a);
    for (unsigned i = 0; i < p->num_cpus; i++) {
        madt_gicc(a, i);
    }
    if (p->gic.version == 2) {
        madt_msi_frame(a);
    } else {
        madt_gicr(a, p->region[VMSPEC_GIC_REDIST]);
        if (p->gic.num_redists > 1) {
            madt_gicr(a, p->region[VMSPEC_GIC_REDIST_HIGH]);
        }
        if (p->region[VMSPEC_GIC_ITS].size) {
            madt_its(a);
        }
    }
    acpi_table_end(a->linker, &table);
}

static void gtdt_watchdog(VmspecAcpi *a)
{
    const VmspecPlan *p = a->plan;

    vmspec_acpi_int(a, GTDT_WATCHDOG, 1);
    vmspec_acpi_int(a, GTDT_WATCHDOG_LENGTH, 2);
    vmspec_acpi_int(a, 0, 1);
    vmspec_acpi_int(a, p->region[VMSPEC_WATCHDOG_REFRESH].base, 8);
    vmspec_acpi_int(a, p->region[VMSPEC_WATCHDOG_CONTROL].base, 8);
    vmspec_acpi_int(a, vmspec_gsi(p, VMSPEC_WATCHDOG_CONTROL, 0), 4);
    vmspec_acpi_int(a, p->platform->rows[VMSPEC_WATCHDOG_CONTROL].irqs.trigger
                    == VMSPEC_EDGE_RISING, 4);
}

void vmspec_acpi_gtdt(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "GTDT", .rev = 3, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
    const VmspecPlan *p = a->plan;

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, GTDT_NO_ADDRESS, 8);          /* CNTControlBase */
    vmspec_acpi_int(a, 0, 4);
    /*
     * The order is the FDT binding's. There is no secure timer (platform.md,
     * section 5); that of EL2 is named with and without EL2, since Linux calls
     * 0 a firmware bug.
     */
    vmspec_acpi_int(a, 0, 4);
    vmspec_acpi_int(a, 0, 4);
    for (int i = 1; i < GTDT_TIMERS; i++) {
        vmspec_acpi_int(a, p->timer[i], 4);
        vmspec_acpi_int(a, GTDT_ALWAYS_ON, 4);
    }
    vmspec_acpi_int(a, GTDT_NO_ADDRESS, 8);          /* CNTReadBase */
    vmspec_acpi_int(a, 1, 4);                   /* platform timers */
    vmspec_acpi_int(a, GTDT_PLATFORM_TIMERS_OFFSET, 4);
    vmspec_acpi_int(a, ppi_gsi(p, VMSPEC_PPI_ID_EL2_VIRT), 4);
    vmspec_acpi_int(a, p->ppi[VMSPEC_PPI_ID_EL2_VIRT] ? GTDT_ALWAYS_ON : 0, 4);
    gtdt_watchdog(a);
    acpi_table_end(a->linker, &table);
}

void vmspec_acpi_spcr(VmspecAcpi *a)
{
    AcpiSpcrData spcr = {
        .interface_type = SPCR_PL011,
        .base_addr = {
            .id = AML_AS_SYSTEM_MEMORY,
            .width = 32,
            .size = GAS_ACCESS_DWORD,
            .addr = a->plan->region[VMSPEC_UART0].base,
        },
        .interrupt_type = SPCR_INTERRUPT_GIC,
        .interrupt = vmspec_gsi(a->plan, VMSPEC_UART0, 0),
        .baud_rate = SPCR_BAUD_AS_IS,
        .stop_bits = SPCR_STOP_BITS_1,
        .terminal_type = SPCR_TERMINAL_VT_UTF8,
        .pci_device_id = 0xffff,
        .pci_vendor_id = 0xffff,
        .uart_clk_freq = 0,
        .namespace_string_length = sizeof(CONSOLE_PATH),
        .namespace_string_offset = 88,
    };

    build_spcr(a->data, a->linker, &spcr, 4, VMSPEC_OEM_ID,
               VMSPEC_OEM_TABLE_ID, CONSOLE_PATH);
}

/* Microsoft's Debug Port Table 2: one PL011 with one register block */
void vmspec_acpi_dbg2(VmspecAcpi *a)
{
    AcpiTable table = { .sig = "DBG2", .rev = 0, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
    VmspecRange uart = a->plan->region[VMSPEC_UART0];
    unsigned size_offset = DBG2_HEADER_LENGTH + GAS_LENGTH;
    unsigned name_offset = size_offset + 4;
    unsigned length = name_offset + sizeof(CONSOLE_PATH);

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, 44, 4);                  /* offset of the device */
    vmspec_acpi_int(a, 1, 4);                   /* devices */

    vmspec_acpi_int(a, 0, 1);                   /* revision */
    vmspec_acpi_int(a, length, 2);
    vmspec_acpi_int(a, 1, 1);                   /* register blocks */
    vmspec_acpi_int(a, sizeof(CONSOLE_PATH), 2);
    vmspec_acpi_int(a, name_offset, 2);
    vmspec_acpi_int(a, 0, 2);                   /* no OEM data */
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, DBG2_SERIAL, 2);
    vmspec_acpi_int(a, SPCR_PL011, 2);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, DBG2_HEADER_LENGTH, 2);
    vmspec_acpi_int(a, size_offset, 2);
    build_append_gas(a->data, AML_AS_SYSTEM_MEMORY, 32, 0, GAS_ACCESS_DWORD,
                     uart.base);
    vmspec_acpi_int(a, uart.size, 4);
    g_array_append_vals(a->data, CONSOLE_PATH, sizeof(CONSOLE_PATH));
    acpi_table_end(a->linker, &table);
}
