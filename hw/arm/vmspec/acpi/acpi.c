/*
 * vmspec: ACPI, assembled and handed to the firmware
 *
 * This file decides which tables there are, puts them into fw_cfg, and builds
 * them again when the firmware reads them after a reset. Each table has a file
 * of its own in this folder.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/units.h"
#include "hw/acpi/acpi.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/acpi/tpm.h"
#include "hw/acpi/utils.h"
#include "hw/acpi/vmspec-ged.h"
#include "hw/acpi/vmspec-pcihp.h"
#include "hw/acpi/vmspec-ras.h"
#include "hw/arm/vmspec-firmware.h"
#include "hw/loader.h"
#include "hw/platform-bus.h"
#include "hw/tpm/vmspec-tpm-crb.h"
#include "migration/vmstate.h"
#include "system/reset.h"
#include "system/tpm.h"
#include "acpi.h"
#include "table.h"

/*
 * The sizes of the files are part of migration, and each reset copies the
 * files: they are as large as their contents, rounded up, and what a rebuild
 * after a reset can add fits.
 */
#define TABLES_ALIGN (32 * KiB)
#define LINKER_ALIGN (4 * KiB)
/* An NVDIMM that is plugged adds 184 bytes, and the first one the NFIT. */
#define NFIT_SIZE (1 * KiB)
#define NFIT_DEVICE_SIZE 184

/* The header of every table (ACPI 6.5, 5.2.6) */
#define SIGNATURE_LENGTH 4
#define REVISION_OFFSET 8

typedef struct VmspecAcpiState {
    VmspecAcpiSources sources;
    MemoryRegion *tables;
    MemoryRegion *rsdp;
    MemoryRegion *linker;
    /* The firmware has read the tables since the last reset. */
    bool patched;
} VmspecAcpiState;

static bool always_present(const VmspecAcpi *a)
{
    return true;
}

static bool has_numa(const VmspecAcpi *a)
{
    return a->plan->num_nodes;
}

static bool has_distances(const VmspecAcpi *a)
{
    return has_numa(a) && a->plan->distance;
}

static bool has_hmat(const VmspecAcpi *a)
{
    return has_numa(a) && a->machine->numa_state->hmat_enabled;
}

static bool has_pcihp(const VmspecAcpi *a)
{
    return vmspec_has(a->plan, VMSPEC_ACPI_PCIHP);
}

static bool has_memory_slots(const VmspecAcpi *a)
{
    return vmspec_has(a->plan, VMSPEC_ACPI_MEMHP);
}

static bool has_nvdimm(const VmspecAcpi *a)
{
    return a->plan->nvdimm;
}

static bool has_virtio_iommu(const VmspecAcpi *a)
{
    return a->plugged->virtio_iommu_rid >= 0;
}

static bool has_tpm(const VmspecAcpi *a)
{
    return a->tpm.size;
}

static bool has_ras(const VmspecAcpi *a)
{
    return a->plan->ras;
}

/* When there is a table, and who builds it: the code beside vmspec_tables[] */
static const struct {
    bool (*present)(const VmspecAcpi *a);
    void (*build)(VmspecAcpi *a);
    /* acpi.c does not list the table in the XSDT: see the comment of each. */
    bool not_listed;
} builders[VMSPEC_NUM_TABLES] = {
    /* The FADT points to it. */
    [VMSPEC_TABLE_DSDT] = {
        always_present, vmspec_acpi_dsdt, .not_listed = true,
    },
    [VMSPEC_TABLE_FADT] = { always_present, vmspec_acpi_fadt },
    [VMSPEC_TABLE_MADT] = { always_present, vmspec_acpi_madt },
    [VMSPEC_TABLE_PPTT] = { always_present, vmspec_acpi_pptt },
    [VMSPEC_TABLE_GTDT] = { always_present, vmspec_acpi_gtdt },
    [VMSPEC_TABLE_MCFG] = { always_present, vmspec_acpi_mcfg },
    [VMSPEC_TABLE_SPCR] = { always_present, vmspec_acpi_spcr },
    [VMSPEC_TABLE_DBG2] = { always_present, vmspec_acpi_dbg2 },
    [VMSPEC_TABLE_IORT] = { always_present, vmspec_acpi_iort },
    [VMSPEC_TABLE_SRAT] = { has_numa, vmspec_acpi_srat },
    [VMSPEC_TABLE_SLIT] = { has_distances, vmspec_acpi_slit },
    [VMSPEC_TABLE_HMAT] = { has_hmat, vmspec_acpi_hmat },
    [VMSPEC_TABLE_SSDT_PCIHP] = { has_pcihp, vmspec_acpi_pcihp },
    [VMSPEC_TABLE_SSDT_MEMHP] = {
        has_memory_slots, vmspec_acpi_memory_hotplug,
    },
    /* QEMU's nvdimm_build_acpi() lists both tables in the XSDT itself. */
    [VMSPEC_TABLE_SSDT_NVDIMM] = {
        has_nvdimm, vmspec_acpi_nvdimm, .not_listed = true,
    },
    /* vmspec_acpi_nvdimm() appends it. */
    [VMSPEC_TABLE_NFIT] = { },
    [VMSPEC_TABLE_VIOT] = { has_virtio_iommu, vmspec_acpi_viot },
    [VMSPEC_TABLE_TPM2] = { has_tpm, vmspec_acpi_tpm2 },
    [VMSPEC_TABLE_HEST] = { has_ras, vmspec_acpi_hest },
};

/* The header at @start is the one that vmspec_tables[] promises. */
static void check_header(const VmspecAcpi *a, unsigned start, VmspecTableId id)
{
    const char *header = a->data->data + start;
    const VmspecTable *table = &vmspec_tables[id];

    g_assert(!memcmp(header, table->signature, SIGNATURE_LENGTH));
    g_assert(header[REVISION_OFFSET] == table->revision);
}

static void add_table(VmspecAcpi *a, VmspecTableId id)
{
    unsigned start = a->data->len;

    if (!builders[id].build || !builders[id].present(a)) {
        return;
    }
    if (!builders[id].not_listed) {
        acpi_add_table(a->offsets, a->data);
    }
    builders[id].build(a);
    check_header(a, start, id);
}

/* The machine's TPM, or NULL. QEMU looks for it in the whole object tree. */
static Object *find_tpm(void)
{
#ifdef CONFIG_TPM
    return OBJECT(tpm_find());
#else
    return NULL;
#endif
}

static bool is_of_type(Object *obj, const char *type)
{
    return obj && object_dynamic_cast(obj, type);
}

/* The registers of @tpm, if it is on the platform bus; size 0: it is not */
static VmspecRange tpm_registers(const VmspecAcpiSources *sources, Object *tpm)
{
    VmspecRange range = { 0 };

    /* not by its type, which a QEMU that is built without TPMs cannot name */
    if (is_of_type(tpm, TYPE_SYS_BUS_DEVICE)) {
        SysBusDevice *sbd = SYS_BUS_DEVICE(tpm);
        hwaddr offset = platform_bus_get_mmio_addr(
            PLATFORM_BUS_DEVICE(sources->platform_bus), sbd, 0);

        range.base = sources->plan->region[VMSPEC_PLATFORM_BUS].base + offset;
        range.size = memory_region_size(sysbus_mmio_get_region(sbd, 0));
    }
    return range;
}

static uint32_t find_ged_events(const VmspecAcpiSources *sources)
{
    uint32_t events = ACPI_GED(sources->ged)->ged_event_bitmap;

    if (vmspec_has(sources->plan, VMSPEC_ACPI_PCIHP)) {
        events |= VMSPEC_GED_PCI_HOTPLUG;
    }
    if (sources->plan->ras) {
        events |= VMSPEC_GED_ERROR;
    }
    if (sources->plugged->vmgenid) {
        events |= VMSPEC_GED_VMGENID;
    }
    return events;
}

/* The hot-plug ports of the command line, by devfn; free the array. */
static GArray *find_ports(PCIBus *bus)
{
    GArray *ports = g_array_new(false, false, sizeof(uint8_t));

    for (unsigned devfn = 0; devfn < PCI_DEVFN_MAX; devfn++) {
        const PCIDevice *dev = bus->devices[devfn];
        uint8_t port = devfn;

        if (dev && !DEVICE(dev)->hotplugged && vmspec_pcihp_is_port(dev)) {
            g_array_append_val(ports, port);
        }
    }
    return ports;
}

static void align_blob(GArray *blob, unsigned align)
{
    g_array_set_size(blob, ROUND_UP(blob->len, align));
}

void vmspec_build_acpi(const VmspecAcpiSources *sources,
                       AcpiBuildTables *tables)
{
    g_autoptr(GArray) offsets = g_array_new(false, true, sizeof(uint32_t));
    g_autoptr(GArray) ports = find_ports(sources->bus);
    const VmspecPlatform *platform = sources->plan->platform;
    Object *tpm = find_tpm();
    VmspecAcpi a = {
        .plan = sources->plan,
        .plugged = sources->plugged,
        .machine = sources->machine,
        .ged_events = find_ged_events(sources),
        .ports = ports,
        .tpm = tpm_registers(sources, tpm),
        .tpm_crb = is_of_type(tpm, TYPE_VMSPEC_TPM_CRB),
        .oem_id = platform->oem_id,
        .oem_table_id = platform->oem_table_id,
        .data = tables->table_data,
        .offsets = offsets,
        .tpm_log = tables->tcpalog,
        .errors = tables->hardware_errors,
        .linker = tables->linker,
    };
    unsigned xsdt;
    AcpiRsdpData rsdp = {
        .revision = 2,
        .oem_id = (char *)platform->oem_id,
        .xsdt_tbl_offset = &xsdt,
    };

    bios_linker_loader_alloc(a.linker, ACPI_BUILD_TABLE_FILE, a.data, 64,
                             false);
    for (VmspecTableId id = 0; id < VMSPEC_NUM_TABLES; id++) {
        add_table(&a, id);
    }
    xsdt = a.data->len;
    build_xsdt(a.data, a.linker, offsets, a.oem_id, a.oem_table_id);
    build_rsdp(tables->rsdp, tables->linker, &rsdp);

    align_blob(tables->linker->cmd_blob, LINKER_ALIGN);
    align_blob(tables->table_data, TABLES_ALIGN);
}

static void update_blob(MemoryRegion *mr, const GArray *blob)
{
    /* The tables that a migration brought along can have another size. */
    memory_region_ram_resize(mr, blob->len, &error_abort);
    memcpy(memory_region_get_ram_ptr(mr), blob->data, blob->len);
    memory_region_set_dirty(mr, 0, blob->len);
}

/*
 * The firmware selects one of the files: renew all of them, once a reset, since
 * devices may have come and gone.
 */
static void update_tables(void *opaque)
{
    VmspecAcpiState *s = opaque;
    AcpiBuildTables tables;

    if (s->patched) {
        return;
    }
    s->patched = true;
    acpi_build_tables_init(&tables);
    vmspec_build_acpi(&s->sources, &tables);
    update_blob(s->tables, tables.table_data);
    update_blob(s->rsdp, tables.rsdp);
    update_blob(s->linker, tables.linker->cmd_blob);
    acpi_build_tables_cleanup(&tables, true);
}

/* What devices that are plugged add to the tables, at most */
static size_t nfit_room(const VmspecPlan *plan)
{
    if (!plan->nvdimm) {
        return 0;
    }
    return ROUND_UP(NFIT_SIZE + plan->mem_slots * NFIT_DEVICE_SIZE,
                    TABLES_ALIGN);
}

/* Offer @blob, which a rebuild can make @room bytes larger, as a file. */
static MemoryRegion *add_blob(VmspecAcpiState *s, const GArray *blob,
                              size_t room, const char *name)
{
    return rom_add_blob(name, blob->data, blob->len, blob->len + room, -1,
                        name, update_tables, s, NULL, true);
}

static void reset_tables(void *opaque)
{
    VmspecAcpiState *s = opaque;

    s->patched = false;
    if (s->sources.plan->ras) {
        vmspec_ras_set_address(s->sources.ged, 0);
    }
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

/* Firmware finds a TIS in the FDT, which has no binding for CRB. */
static void tell_tpm_crb(const VmspecAcpiSources *sources)
{
    Object *tpm = find_tpm();
    uint64_t *base;

    if (is_of_type(tpm, TYPE_VMSPEC_TPM_CRB)) {
        base = g_new(uint64_t, 1);      /* fw_cfg keeps it */
        *base = cpu_to_le64(tpm_registers(sources, tpm).base);
        fw_cfg_add_file(sources->fw_cfg, VMSPEC_FW_CFG_TPM_CRB, base,
                        sizeof(*base));
    }
}

void vmspec_setup_acpi(const VmspecAcpiSources *sources)
{
    VmspecAcpiState *s = g_new0(VmspecAcpiState, 1);
    AcpiBuildTables tables;
    size_t room = nfit_room(sources->plan);

    s->sources = *sources;
    acpi_build_tables_init(&tables);
    vmspec_build_acpi(sources, &tables);
    s->tables = add_blob(s, tables.table_data, room, ACPI_BUILD_TABLE_FILE);
    s->linker = add_blob(s, tables.linker->cmd_blob, room ? LINKER_ALIGN : 0,
                         ACPI_BUILD_LOADER_FILE);
    s->rsdp = add_blob(s, tables.rsdp, 0, ACPI_BUILD_RSDP_FILE);
    fw_cfg_add_file(sources->fw_cfg, ACPI_BUILD_TPMLOG_FILE,
                    tables.tcpalog->data, tables.tcpalog->len);
    tell_tpm_crb(sources);
    if (sources->plan->ras) {
        acpi_ghes_add_fw_cfg(&ACPI_GED(sources->ged)->ghes_state,
                             sources->fw_cfg, tables.hardware_errors);
    }
    qemu_register_reset(reset_tables, s);
    vmstate_register(NULL, 0, &vmstate_vmspec_acpi, s);
    /* The blobs live on in the ROM regions' backing. */
    acpi_build_tables_cleanup(&tables, false);
}
