/*
 * vmspec: the DSDT
 *
 * One loop over the rows that have an ACPI ID, plus CPUs, virtio-mmio, the
 * power button and PCIe (vmspec-pcie-acpi.c). Addresses, interrupts, trigger
 * and names come from the plan and its rows; the RTC is the firmware's and is
 * not described (F9).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/generic_event_device.h"
#include "table.h"

#define STA_ABSENT 0
#define STA_PRESENT 0x0f
#define STA_HIDDEN 0x0b         /* present, not shown in user interfaces */

Aml *vmspec_aml_interrupts(const VmspecPlan *plan, VmspecRowId row,
                           unsigned first, unsigned count)
{
    VmspecTrigger trigger = plan->platform->rows[row].irqs.trigger;
    g_autofree uint32_t *gsi = g_new(uint32_t, count);

    for (unsigned i = 0; i < count; i++) {
        gsi[i] = vmspec_gsi(plan, row, first + i);
    }
    return aml_interrupt(AML_CONSUMER,
                         trigger == VMSPEC_EDGE_RISING ? AML_EDGE : AML_LEVEL,
                         AML_ACTIVE_HIGH, AML_EXCLUSIVE, gsi, count);
}

Aml *vmspec_aml_device(const char *name, const char *hid, unsigned uid)
{
    Aml *dev = aml_device("%s", name);

    aml_append(dev, aml_name_decl("_HID", aml_string("%s", hid)));
    aml_append(dev, aml_name_decl("_UID", aml_int(uid)));
    return dev;
}

static void aml_row(const VmspecPlan *plan, Aml *scope, VmspecRowId id)
{
    const VmspecRow *row = &plan->platform->rows[id];
    VmspecRange range = plan->region[id];
    Aml *dev = vmspec_aml_device(row->acpi_name, row->hid, row->acpi_uid);
    Aml *crs = aml_resource_template();

    aml_append(dev, aml_name_decl("_STA", aml_int(row->firmware_owned ? STA_ABSENT :
                                                  row->acpi_hidden ?
                                                  STA_HIDDEN : STA_PRESENT)));
    if (row->dma) {
        aml_append(dev, aml_name_decl("_CCA", aml_int(1)));
    }
    aml_append(crs, aml_memory32_fixed(range.base, range.size,
                                       AML_READ_WRITE));
    if (row->irqs.count) {
        aml_append(crs, vmspec_aml_interrupts(plan, id, 0, row->irqs.count));
    }
    aml_append(dev, aml_name_decl("_CRS", crs));
    aml_append(scope, dev);
}

static void aml_virtio_mmio(const VmspecPlan *plan, Aml *scope)
{
    const VmspecRow *row = &plan->platform->rows[VMSPEC_VIRTIO_MMIO];
    VmspecRange all = plan->region[VMSPEC_VIRTIO_MMIO];

    for (unsigned i = 0; i < plan->count[VMSPEC_VIRTIO_MMIO]; i++) {
        unsigned stride = all.size / plan->count[VMSPEC_VIRTIO_MMIO];
        g_autofree char *name = g_strdup_printf("VR%02u", i);
        Aml *dev = vmspec_aml_device(name, row->hid, i);
        Aml *crs = aml_resource_template();

        aml_append(dev, aml_name_decl("_CCA", aml_int(1)));
        aml_append(crs, aml_memory32_fixed(all.base + i * stride, stride,
                                           AML_READ_WRITE));
        aml_append(crs, vmspec_aml_interrupts(plan, VMSPEC_VIRTIO_MMIO, i, 1));
        aml_append(dev, aml_name_decl("_CRS", crs));
        aml_append(scope, dev);
    }
}

/* The containers are the PPTT's sockets and clusters, by _UID. */
static Aml *container(const char *prefix, unsigned n, uint32_t uid)
{
    Aml *dev = aml_device("%s%03X", prefix, n);

    aml_append(dev, aml_name_decl("_HID", aml_string("ACPI0010")));
    aml_append(dev, aml_name_decl("_UID", aml_int(uid)));
    return dev;
}

/* TPM 2.0 on the platform bus (B_PER_11); @size 0: none */
static void aml_tpm(Aml *scope, uint64_t base, uint32_t size)
{
    Aml *dev, *crs;

    if (!size) {
        return;
    }
    dev = vmspec_aml_device("TPM0", "MSFT0101", 0);
    crs = aml_resource_template();
    aml_append(dev, aml_name_decl("_STR", aml_unicode("TPM 2.0 Device")));
    aml_append(crs, aml_memory32_fixed(base, size, AML_READ_WRITE));
    aml_append(dev, aml_name_decl("_CRS", crs));
    aml_append(scope, dev);
}

static bool same_cluster(const VmspecCpuPlan *a, const VmspecCpuPlan *b)
{
    return a->place.socket == b->place.socket &&
           a->place.cluster == b->place.cluster;
}

/* The cluster that begins with CPU @i; returns the first CPU of the next. */
static unsigned aml_cluster(const VmspecPlan *plan, Aml *socket, unsigned i)
{
    const VmspecCpuPlan *first = &plan->cpu[i];
    Aml *cluster = container("L", first->place.cluster,
                             vmspec_acpi_cluster_uid(plan, first));

    for (; i < plan->num_cpus && same_cluster(first, &plan->cpu[i]); i++) {
        Aml *dev = aml_device("C%03X", i);

        aml_append(dev, aml_name_decl("_HID", aml_string("ACPI0007")));
        aml_append(dev, aml_name_decl("_UID", aml_int(i)));
        aml_append(cluster, dev);
    }
    aml_append(socket, cluster);
    return i;
}

static void aml_cpus(const VmspecPlan *plan, Aml *scope)
{
    unsigned i = 0;

    while (i < plan->num_cpus) {
        const VmspecCpuPlan *first = &plan->cpu[i];
        Aml *socket = container("S", first->place.socket,
                                vmspec_acpi_socket_uid(plan, first));

        while (i < plan->num_cpus &&
               plan->cpu[i].place.socket == first->place.socket) {
            i = aml_cluster(plan, socket, i);
        }
        aml_append(scope, socket);
    }
}

void vmspec_acpi_dsdt(VmspecAcpi *a, uint32_t ged_events, uint64_t tpm_base,
                      uint32_t tpm_size)
{
    AcpiTable table = { .sig = "DSDT", .rev = 2, .oem_id = VMSPEC_OEM_ID,
                        .oem_table_id = VMSPEC_OEM_TABLE_ID };
    const VmspecPlan *plan = a->plan;
    Aml *dsdt = init_aml_allocator();
    Aml *scope = aml_scope("\\_SB");

    aml_cpus(plan, scope);
    for (VmspecRowId id = 0; id < VMSPEC_NUM_ROWS; id++) {
        if (!plan->platform->rows[id].hid || !plan->region[id].size) {
            continue;
        }
        if (id == VMSPEC_VIRTIO_MMIO) {
            aml_virtio_mmio(plan, scope);
        } else {
            aml_row(plan, scope, id);
        }
    }
    vmspec_aml_pcie(plan, scope);
    vmspec_aml_ged(plan, scope, ged_events);
    acpi_dsdt_add_power_button(scope);
    aml_tpm(scope, tpm_base, tpm_size);
    aml_append(dsdt, scope);

    acpi_table_begin(&table, a->data);
    g_array_append_vals(a->data, dsdt->buf->data, dsdt->buf->len);
    acpi_table_end(a->linker, &table);
    free_aml_allocator();
}
