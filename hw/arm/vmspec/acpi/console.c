/*
 * vmspec: SPCR and DBG2, the console
 *
 * Both name uart0, the SPCR as console and the DBG2 as debug port (platform.md,
 * section 6). QEMU's SPCR builder stops at revision 4 of the table.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/acpi-defs.h"
#include "table.h"

/* Microsoft, Serial Port Console Redirection Table */
#define SPCR_PL011 0x03
#define SPCR_INTERRUPT_GIC (1 << 3)
#define SPCR_BAUD_AS_IS 0
#define SPCR_STOP_BITS_1 1
#define SPCR_TERMINAL_VT_UTF8 2
#define SPCR_NO_PCI_ID 0xffff
#define SPCR_LENGTH 88          /* the device's path follows */

/* Microsoft, Debug Port Table 2 */
#define DBG2_DEVICE_OFFSET 44
#define DBG2_HEADER_LENGTH 22
#define DBG2_SERIAL 0x8000

/* Generic address (ACPI 6.5, 5.2.3.2) */
#define GAS_LENGTH 12
#define GAS_ACCESS_DWORD 3
#define REGISTER_BITS 32

/* uart0's device in the namespace; free with g_free(). */
static char *console_path(const VmspecPlan *plan)
{
    return g_strdup_printf("\\_SB.%s",
                           vmspec_row(plan, VMSPEC_UART0)->acpi_name);
}

void vmspec_acpi_spcr(VmspecAcpi *a)
{
    g_autofree char *path = console_path(a->plan);
    AcpiSpcrData spcr = {
        .interface_type = SPCR_PL011,
        .base_addr = {
            .id = AML_AS_SYSTEM_MEMORY,
            .width = REGISTER_BITS,
            .size = GAS_ACCESS_DWORD,
            .addr = a->plan->region[VMSPEC_UART0].base,
        },
        .interrupt_type = SPCR_INTERRUPT_GIC,
        .interrupt = vmspec_gsi(a->plan, VMSPEC_UART0, 0),
        .baud_rate = SPCR_BAUD_AS_IS,
        .stop_bits = SPCR_STOP_BITS_1,
        .terminal_type = SPCR_TERMINAL_VT_UTF8,
        .pci_device_id = SPCR_NO_PCI_ID,
        .pci_vendor_id = SPCR_NO_PCI_ID,
        .namespace_string_length = strlen(path) + 1,
        .namespace_string_offset = SPCR_LENGTH,
    };

    build_spcr(a->data, a->linker, &spcr,
               vmspec_tables[VMSPEC_TABLE_SPCR].revision, a->oem_id,
               a->oem_table_id, path);
}

/* One PL011 with one register block */
void vmspec_acpi_dbg2(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_DBG2);
    g_autofree char *path = console_path(a->plan);
    unsigned path_length = strlen(path) + 1;
    VmspecRange uart = a->plan->region[VMSPEC_UART0];
    unsigned size_offset = DBG2_HEADER_LENGTH + GAS_LENGTH;
    unsigned name_offset = size_offset + sizeof(uint32_t);

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, DBG2_DEVICE_OFFSET, 4);
    vmspec_acpi_int(a, 1, 4);                   /* devices */

    vmspec_acpi_int(a, 0, 1);                   /* revision */
    vmspec_acpi_int(a, name_offset + path_length, 2);   /* length */
    vmspec_acpi_int(a, 1, 1);                   /* register blocks */
    vmspec_acpi_int(a, path_length, 2);
    vmspec_acpi_int(a, name_offset, 2);
    vmspec_acpi_int(a, 0, 2);                   /* no OEM data */
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, DBG2_SERIAL, 2);
    vmspec_acpi_int(a, SPCR_PL011, 2);
    vmspec_acpi_int(a, 0, 2);
    vmspec_acpi_int(a, DBG2_HEADER_LENGTH, 2);
    vmspec_acpi_int(a, size_offset, 2);
    build_append_gas(a->data, AML_AS_SYSTEM_MEMORY, REGISTER_BITS, 0,
                     GAS_ACCESS_DWORD, uart.base);
    vmspec_acpi_int(a, uart.size, 4);
    g_array_append_vals(a->data, path, path_length);
    acpi_table_end(a->linker, &table);
}
