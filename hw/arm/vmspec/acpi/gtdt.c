/*
 * vmspec: GTDT, timers and watchdog
 *
 * ACPI 6.5, 5.2.25.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "table.h"

#define GTDT_NO_ADDRESS UINT64_MAX
#define GTDT_ALWAYS_ON (1 << 2)         /* level and active high are 0 */
#define GTDT_EDGE (1 << 0)
#define GTDT_TIMERS 4
#define GTDT_PLATFORM_TIMERS_OFFSET 104
#define GTDT_WATCHDOG 1
#define GTDT_WATCHDOG_LENGTH 28

static void gtdt_watchdog(VmspecAcpi *a)
{
    const VmspecPlan *p = a->plan;
    const VmspecRow *row = vmspec_row(p, VMSPEC_WATCHDOG_CONTROL);

    vmspec_acpi_int(a, GTDT_WATCHDOG, 1);
    vmspec_acpi_int(a, GTDT_WATCHDOG_LENGTH, 2);
    vmspec_acpi_int(a, 0, 1);
    vmspec_acpi_int(a, p->region[VMSPEC_WATCHDOG_REFRESH].base, 8);
    vmspec_acpi_int(a, p->region[VMSPEC_WATCHDOG_CONTROL].base, 8);
    vmspec_acpi_int(a, vmspec_gsi(p, VMSPEC_WATCHDOG_CONTROL, 0), 4);
    vmspec_acpi_int(a, row->irqs.trigger == VMSPEC_EDGE_RISING ? GTDT_EDGE : 0,
                    4);
}

void vmspec_acpi_gtdt(VmspecAcpi *a)
{
    AcpiTable table = vmspec_acpi_table(a, VMSPEC_TABLE_GTDT);
    const VmspecPlan *p = a->plan;

    acpi_table_begin(&table, a->data);
    vmspec_acpi_int(a, GTDT_NO_ADDRESS, 8);     /* CNTControlBase */
    vmspec_acpi_int(a, 0, 4);
    /*
     * The order is the FDT binding's. The secure timer comes first and is
     * absent (platform.md, section 5.4). The entry of the EL2 timer has its
     * interrupt even without EL2, since Linux calls a 0 there a firmware bug.
     */
    vmspec_acpi_int(a, 0, 4);
    vmspec_acpi_int(a, 0, 4);
    for (int i = 1; i < GTDT_TIMERS; i++) {
        vmspec_acpi_int(a, p->timer[i], 4);
        vmspec_acpi_int(a, GTDT_ALWAYS_ON, 4);
    }
    vmspec_acpi_int(a, GTDT_NO_ADDRESS, 8);     /* CNTReadBase */
    vmspec_acpi_int(a, 1, 4);                   /* platform timers */
    vmspec_acpi_int(a, GTDT_PLATFORM_TIMERS_OFFSET, 4);
    vmspec_acpi_int(a, vmspec_ppi_gsi(p, VMSPEC_PPI_ID_EL2_VIRT), 4);
    vmspec_acpi_int(a, p->ppi[VMSPEC_PPI_ID_EL2_VIRT] ? GTDT_ALWAYS_ON : 0, 4);
    gtdt_watchdog(a);
    acpi_table_end(a->linker, &table);
}
