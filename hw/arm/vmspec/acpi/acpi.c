/*
 * vmspec: ACPI, assembled and handed to the firmware
 *
 * Owns which tables there are, the files in fw_cfg and their renewal when the
 * firmware asks for them again after a reset. What is in a table is in the
 * acpi-*.c files, which get the plan alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/units.h"
#include "hw/acpi/acpi.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/acpi/hmat.h"
#include "hw/acpi/tpm.h"
#include "hw/acpi/utils.h"
#include "hw/loader.h"
#include "hw/mem/nvdimm.h"
#include "hw/platform-bus.h"
#include "migration/vmstate.h"
#include "system/reset.h"
#include "system/tpm.h"
#include "acpi.h"
#include "table.h"
#include "hw/acpi/vmspec-pcihp.h"

/* Room for a rebuild that has more to say: the size is part of migration. */
#define TABLES_ALIGN (128 * KiB)
#define LINKER_ALIGN (4 * KiB)

typedef struct VmspecAcpiState {
    MemoryRegion *tables;
    MemoryRegion *rsdp;
    MemoryRegion *linker;
    /* The firmware has had this reset's tables. */
    bool patched;
} VmspecAcpiState;

typedef void VmspecTable(VmspecAcpi *a);

static VmspecTable *const tables_always[] = {
    vmspec_acpi_madt, vmspec_acpi_pptt, vmspec_acpi_gtdt, vmspec_acpi_mcfg,
    vmspec_acpi_spcr, vmspec_acpi_dbg2, vmspec_acpi_iort,
};

static void add_numa_tables(VmspecMachineState *vms, VmspecAcpi *a,
                            GArray *offsets)
{
    MachineState *ms = MACHINE(vms);

    if (!a->plan->num_nodes) {
        return;
    }
    acpi_add_table(offsets, a->data);
    vmspec_acpi_srat(a);
    if (a->plan->distance) {
        acpi_add_table(offsets, a->data);
        build_slit(a->data, a->linker, ms, VMSPEC_OEM_ID,
                   VMSPEC_OEM_TABLE_ID);
    }
    if (ms->numa_state->hmat_enabled) {
        acpi_add_table(offsets, a->data);
        build_hmat(a->data, a->linker, ms->numa_state, VMSPEC_OEM_ID,
                   VMSPEC_OEM_TABLE_ID);
    }
}

static void add_memory_tables(VmspecMachineState *vms, VmspecAcpi *a,
                              GArray *offsets)
{
    if (a->plan->region[VMSPEC_ACPI_MEMHP].size) {
        acpi_add_table(offsets, a->data);
        vmspec_acpi_memory_hotplug(a);
    }
    if (a->plan->nvdimm) {
        nvdimm_build_acpi(offsets, a->data, a->linker,
                          MACHINE(vms)->nvdimms_state, a->plan->mem_slots,
                          VMSPEC_OEM_ID, VMSPEC_OEM_TABLE_ID);
    }
}

/* The TPM's registers, if -device tpm-tis-device put one on the bus */
static VmspecRange find_tpm(VmspecMachineState *vms)
{
    VmspecRange range = { 0 };
#ifdef CONFIG_TPM
    TPMIf *tpm = tpm_find();

    if (tpm && object_dynamic_cast(OBJECT(tpm), TYPE_TPM_TIS_SYSBUS)) {
        SysBusDevice *sbd = SYS_BUS_DEVICE(tpm);
        hwaddr offset = platform_bus_get_mmio_addr(
            PLATFORM_BUS_DEVICE(vms->platform_bus), sbd, 0);

        range.base = vms->plan->region[VMSPEC_PLATFORM_BUS].base + offset;
        range.size = memory_region_size(sysbus_mmio_get_region(sbd, 0));
    }
#endif
    return range;
}

static uint32_t ged_events(VmspecMachineState *vms)
{
    return ACPI_GED(vms->ged)->ged_event_bitmap |
           (vms->pcihp ? VMSPEC_GED_PCI_HOTPLUG : 0);
}

static void add_pcihp_table(VmspecMachineState *vms, VmspecAcpi *a,
                            GArray *offsets)
{
    g_autoptr(GArray) ports = g_array_new(false, false, sizeof(uint8_t));

    if (!vms->pcihp) {
        return;
    }
    for (unsigned devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        const PCIDevice *dev = vms->bus->devices[devfn];
        uint8_t port = devfn;

        if (dev && !DEVICE(dev)->hotplugged && vmspec_pcihp_is_port(dev)) {
            g_array_append_val(ports, port);
        }
    }
    acpi_add_table(offsets, a->data);
    vmspec_acpi_pcihp(a, ports);
}

static void align_blob(GArray *blob, unsigned align)
{
    g_array_set_size(blob, ROUND_UP(blob->len, align));
}

static void build_tables(VmspecMachineState *vms, AcpiBuildTables *tables)
{
    VmspecAcpi a = { vms->plan, &vms->plugged, tables->table_data,
                     tables->linker };
    g_autoptr(GArray) offsets = g_array_new(false, true, sizeof(uint32_t));
    VmspecRange tpm = find_tpm(vms);
    unsigned dsdt, xsdt;
    AcpiRsdpData rsdp = {
        .revision = 2,
        .oem_id = (char *)VMSPEC_OEM_ID,
        .xsdt_tbl_offset = &xsdt,
    };

    bios_linker_loader_alloc(a.linker, ACPI_BUILD_TABLE_FILE, a.data, 64,
                             false);
    dsdt = a.data->len;
    vmspec_acpi_dsdt(&a, ged_events(vms), tpm.base, tpm.size);
    acpi_add_table(offsets, a.data);
    vmspec_acpi_fadt(&a, dsdt);
    for (int i = 0; i < ARRAY_SIZE(tables_always); i++) {
        acpi_add_table(offsets, a.data);
        tables_always[i](&a);
    }
    add_numa_tables(vms, &a, offsets);
    add_pcihp_table(vms, &a, offsets);
    add_memory_tables(vms, &a, offsets);
    if (vms->plugged.virtio_iommu_rid >= 0) {
        acpi_add_table(offsets, a.data);
        vmspec_acpi_viot(&a);
    }
#ifdef CONFIG_TPM
    if (tpm.size) {
        acpi_add_table(offsets, a.data);
        build_tpm2(a.data, a.linker, tables->tcpalog, VMSPEC_OEM_ID,
                   VMSPEC_OEM_TABLE_ID);
    }
#endif
    xsdt = a.data->len;
    build_xsdt(a.data, a.linker, offsets, VMSPEC_OEM_ID, VMSPEC_OEM_TABLE_ID);
    build_rsdp(tables->rsdp, tables->linker, &rsdp);

    align_blob(tables->linker->cmd_blob, LINKER_ALIGN);
    align_blob(tables->table_data, TABLES_ALIGN);
}

static void update_blob(MemoryRegion *mr, const GArray *blob)
{
    /* A migration source can have had another size. */
    memory_region_ram_resize(mr, blob->len, &error_abort);
    memcpy(memory_region_get_ram_ptr(mr), blob->data, blob->len);
    memory_region_set_dirty(mr, 0, blob->len);
}

/* The firmware selects a file: devices may have come and gone since. */
static void update_tables(void *opaque)
{
    VmspecAcpiState *s = opaque;
    AcpiBuildTables tables;

    if (s->patched) {
        return;
    }
    s->patched = true;
    acpi_build_tables_init(&tables);
    build_tables(VMSPEC_MACHINE(qdev_get_machine()), &tables);
    update_blob(s->tables, tables.table_data);
    update_blob(s->rsdp, tables.rsdp);
    update_blob(s->linker, tables.linker->cmd_blob);
    acpi_build_tables_cleanup(&tables, true);
}

static void reset_tables(void *opaque)
{
    VmspecAcpiState *s = opaque;

    s->patched = false;
}

static const VMStateDescription vmstate_vmspec_acpi = {
    .name = "vmspec-acpi",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(patched, VmspecAcpiState),
        VMSTATE_END_OF_LIST()
    },
};

void vmspec_setup_acpi(VmspecMachineState *vms)
{
    VmspecAcpiState *s;
    AcpiBuildTables tables;

    if (!vms->plan->acpi) {
        return;
    }
    if (vms->pcihp) {
        vmspec_pcihp_take_ports(VMSPEC_PCIHP(vms->pcihp), vms->bus, vms->ged);
    }
    s = g_new0(VmspecAcpiState, 1);
    acpi_build_tables_init(&tables);
    build_tables(vms, &tables);
    s->tables = acpi_add_rom_blob(update_tables, s, tables.table_data,
                                  ACPI_BUILD_TABLE_FILE);
    s->linker = acpi_add_rom_blob(update_tables, s, tables.linker->cmd_blob,
                                  ACPI_BUILD_LOADER_FILE);
    s->rsdp = acpi_add_rom_blob(update_tables, s, tables.rsdp,
                                ACPI_BUILD_RSDP_FILE);
    fw_cfg_add_file(vms->fw_cfg, ACPI_BUILD_TPMLOG_FILE,
                    tables.tcpalog->data, tables.tcpalog->len);
    qemu_register_reset(reset_tables, s);
    vmstate_register(NULL, 0, &vmstate_vmspec_acpi, s);
    /* The blobs live on in the ROM regions' backing. */
    acpi_build_tables_cleanup(&tables, false);
}
