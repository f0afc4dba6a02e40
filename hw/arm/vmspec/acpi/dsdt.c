/*
 * vmspec: the DSDT
 *
 * One loop makes the devices of all rows that have an ACPI ID: name, ID,
 * registers, interrupts and trigger come from row and plan. CPUs, PCIe, the
 * Generic Event Device and the TPM have files of their own. The RTC belongs to
 * the firmware, so the DSDT does not describe it (F9).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/generic_event_device.h"
#include "aml.h"

/* _STA (ACPI 6.5, 6.3.7) */
#define STA_ABSENT 0
#define STA_PRESENT 0x0f
#define STA_HIDDEN 0x0b         /* present, not shown in user interfaces */

static unsigned row_status(const VmspecRow *row)
{
    if (row->firmware_owned) {
        return STA_ABSENT;
    }
    return row->acpi_hidden ? STA_HIDDEN : STA_PRESENT;
}

/*
 * Device @n of row @id. One of several equal devices has the row's name with
 * its number, and no _STA: without one it is present (ACPI 6.5, 6.3.7).
 */
static Aml *row_device(const VmspecPlan *plan, VmspecRowId id, unsigned n)
{
    const VmspecRow *row = vmspec_row(plan, id);
    VmspecRange range = plan->region[id];
    unsigned irqs = row->irqs.count;
    g_autofree char *name = g_strdup(row->acpi_name);
    Aml *crs = aml_resource_template();
    Aml *dev;

    if (row->count) {
        range = (VmspecRange) { range.base + n * row->stride, row->stride };
        irqs = 1;
        g_free(name);
        name = g_strdup_printf("%s%02u", row->acpi_name, n);
    }
    dev = vmspec_aml_device(name, row->hid, row->acpi_uid + n);
    if (!row->count) {
        aml_append(dev, aml_name_decl("_STA", aml_int(row_status(row))));
    }
    if (row->dma) {
        aml_append(dev, aml_name_decl("_CCA", aml_int(1)));
    }
    aml_append(crs, aml_memory32_fixed(range.base, range.size,
                                       AML_READ_WRITE));
    if (irqs) {
        aml_append(crs, vmspec_aml_interrupts(plan, id, n, irqs));
    }
    aml_append(dev, aml_name_decl("_CRS", crs));
    if (id == VMSPEC_GPIO) {
        vmspec_aml_gpio_events(plan, id, dev);
    }
    return dev;
}

/*
 * What makes the devices of rows that row_device() does not fit, by id. The
 * rooms fdt/ and devices/ have such a table each: a room does not know the
 * others, so no table holds all three.
 */
typedef void VmspecAmlMaker(const VmspecAcpi *a, VmspecRowId id, Aml *scope);

static VmspecAmlMaker *const aml_makers[VMSPEC_MAX_ROWS] = {
    [VMSPEC_ACPI_GED] = vmspec_aml_ged,
};

/* The devices of all rows that have a maker, or of those that have none */
static void aml_rows(const VmspecAcpi *a, Aml *scope, bool with_maker)
{
    const VmspecPlan *plan = a->plan;

    for (size_t id = 0; id < plan->platform->num_rows; id++) {
        bool has_maker = aml_makers[id];

        if (!vmspec_row(plan, id)->hid || has_maker != with_maker) {
            continue;
        }
        for (unsigned n = 0; n < plan->count[id]; n++) {
            if (has_maker) {
                aml_makers[id](a, id, scope);
            } else {
                aml_append(scope, row_device(plan, id, n));
            }
        }
    }
}

void vmspec_acpi_dsdt(VmspecAcpi *a)
{
    Aml *dsdt = init_aml_allocator();
    Aml *scope = aml_scope("\\_SB");

    vmspec_aml_cpus(a->plan, scope);
    aml_rows(a, scope, false);
    vmspec_aml_pcie(a->plan, scope);
    /* The GED's method calls one of the host bridge. */
    aml_rows(a, scope, true);
    acpi_dsdt_add_power_button(scope);
    vmspec_aml_tpm(a, scope);
    vmspec_aml_vmgenid(a, scope);
    vmspec_aml_error_device(a, scope);
    aml_append(dsdt, scope);

    a->dsdt = a->data->len;
    vmspec_aml_append_table(a, VMSPEC_TABLE_DSDT, dsdt);
    free_aml_allocator();
}
