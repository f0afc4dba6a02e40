/*
 * vmspec: ACPI and SMBIOS for a kernel that starts without firmware
 *
 * Who gets them, when they are built, and how they get into RAM. What is in RAM
 * then is made in handover/.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "hw/acpi/acpi.h"
#include "hw/acpi/vmspec-ras.h"
#include "hw/loader.h"
#include "hw/mem/nvdimm.h"
#include "target/arm/cpu.h"
#include "handover.h"
#include "handover/efi.h"
#include "smbios.h"

/* The header of an arm64 Image (Linux, Documentation/arch/arm64/booting.rst) */
#define HEADER_SIZE 64
#define IMAGE_SIZE_OFFSET 16
#define MAGIC_OFFSET 56
#define MAGIC "ARM\x64"
/* The first bytes of a kernel that is an EFI application as well */
#define EFI_MAGIC "MZ"

/* NVDIMMs that are plugged later add so much to the file of tables. */
#define NFIT_SIZE (4 * KiB)
#define NFIT_DEVICE_SIZE 184

struct VmspecHandoverState {
    VmspecAcpiSources sources;
    GByteArray *anchor, *structures;    /* SMBIOS */
    VmspecHandover handover;
    size_t tables_room;                 /* bytes for the file of tables */
    uint8_t *image;                     /* until vmspec_load_handover() */
};

static AddressSpace *boot_space(VmspecMachineState *vms)
{
    return arm_boot_address_space(ARM_CPU(first_cpu), &vms->bootinfo);
}

/* The header of the kernel, unpacked; NULL: it has none at its entry */
static const uint8_t *kernel_header(VmspecMachineState *vms)
{
    const uint8_t *header = NULL;

    if (MACHINE(vms)->kernel_filename) {
        header = rom_ptr_for_as(boot_space(vms), vms->bootinfo.entry,
                                HEADER_SIZE);
    }
    return header && !memcmp(header + MAGIC_OFFSET, MAGIC, 4) ? header : NULL;
}

/*
 * An arm64 kernel with EFI looks for the tables. Whoever gives an FDT wants
 * this FDT, and no other memory map.
 */
static bool kernel_reads_tables(VmspecMachineState *vms)
{
    const uint8_t *header;

    switch (vms->plan->tables_reader) {
    case VMSPEC_TABLES_KERNEL:
        return MACHINE(vms)->kernel_filename;
    case VMSPEC_TABLES_EFI_KERNEL:
        header = kernel_header(vms);
        return header && !memcmp(header, EFI_MAGIC, 2) &&
               !MACHINE(vms)->dtb;
    default:
        return false;
    }
}

static VmspecHandoverFile file_of(const char *name, const GArray *blob)
{
    return (VmspecHandoverFile) {
        .name = name, .data = blob->data, .size = blob->len,
        .room = blob->len,
    };
}

static VmspecHandoverFile smbios_file(const GByteArray *bytes)
{
    return (VmspecHandoverFile) {
        .data = bytes->data, .size = bytes->len, .room = bytes->len,
    };
}

static void fill_input(const VmspecHandoverState *s,
                       const AcpiBuildTables *tables, VmspecHandoverInput *in)
{
    const VmspecPlan *plan = s->sources.plan;
    VmspecHandoverFile *file = in->file;

    *in = (VmspecHandoverInput) {
        .plan = plan,
        .plugged = s->sources.plugged,
        .script = tables->linker->cmd_blob->data,
        .script_size = tables->linker->cmd_blob->len,
    };
    file[VMSPEC_HANDOVER_RSDP] = file_of(ACPI_BUILD_RSDP_FILE, tables->rsdp);
    file[VMSPEC_HANDOVER_TABLES] = file_of(ACPI_BUILD_TABLE_FILE,
                                           tables->table_data);
    file[VMSPEC_HANDOVER_TPM_LOG] = file_of(ACPI_BUILD_TPMLOG_FILE,
                                            tables->tcpalog);
    file[VMSPEC_HANDOVER_ERRORS] = file_of(VMSPEC_RAS_FILE,
                                           tables->hardware_errors);
    if (plan->nvdimm) {
        file[VMSPEC_HANDOVER_NVDIMM] = file_of(
            NVDIMM_DSM_MEM_FILE,
            s->sources.machine->nvdimms_state->dsm_mem);
    }
    file[VMSPEC_HANDOVER_SMBIOS_ANCHOR] = smbios_file(s->anchor);
    file[VMSPEC_HANDOVER_SMBIOS_TABLES] = smbios_file(s->structures);
    file[VMSPEC_HANDOVER_TABLES].room =
        MAX(s->tables_room, tables->table_data->len);
}

static void write_image(VmspecHandoverState *s, const VmspecHandoverInput *in,
                        uint8_t *image)
{
    const char *why = vmspec_handover_write(in, &s->handover, image);

    if (why) {
        error_setg(&error_abort, "the tables of ACPI: %s", why);
    }
    if (in->plan->ras) {
        vmspec_ras_set_address(s->sources.ged, s->handover.pointer);
    }
}

static bool refuse_room(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();

    error_setg(errp, "-kernel: -m %" PRIu64 "M has no room for the tables of "
               "ACPI beside the kernel, the initrd and the FDT",
               MACHINE(vms)->ram_size / MiB);
    error_append_hint(errp, "Use a larger -m, or -machine acpi=off.\n");
    return false;
}

static bool make_image(VmspecMachineState *vms, Error **errp)
{
    VmspecHandoverState *s = vms->handover;
    const VmspecPlan *plan = vms->plan;
    AcpiBuildTables tables;
    VmspecHandoverInput in;
    bool fits;

    acpi_build_tables_init(&tables);
    vmspec_build_acpi(&s->sources, &tables);
    s->tables_room = tables.table_data->len;
    if (plan->nvdimm) {
        s->tables_room += NFIT_SIZE + plan->mem_slots * NFIT_DEVICE_SIZE;
    }
    fill_input(s, &tables, &in);
    fits = vmspec_handover_place(&in, &s->handover);
    if (fits) {
        s->image = g_malloc(s->handover.region.size);
        write_image(s, &in, s->image);
    }
    acpi_build_tables_cleanup(&tables, true);
    return fits || refuse_room(vms, errp);
}

bool vmspec_make_handover(VmspecMachineState *vms,
                          const VmspecAcpiSources *sources, Error **errp)
{
    ERRP_GUARD();
    VmspecHandoverState *s;

    if (!kernel_reads_tables(vms)) {
        if (vms->plan->fdt || vms->plan->firmware) {
            return true;
        }
        error_setg(errp, "fdt=off: the kernel cannot read ACPI without "
                   "firmware");
        error_append_hint(errp, "Use -machine fdt=on, or an arm64 Image of a "
                          "kernel with EFI and without -dtb.\n");
        return false;
    }
    s = g_new0(VmspecHandoverState, 1);
    s->sources = *sources;
    s->structures = vmspec_make_smbios(vms, &s->anchor);
    vms->handover = s;
    return make_image(vms, errp);
}

void vmspec_describe_handover(VmspecMachineState *vms, void *fdt)
{
    if (vms->plan->firmware) {
        return;
    }
    vmspec_handover_chosen(vms->handover ? &vms->handover->handover : NULL,
                           fdt);
    if (!vms->plan->fdt) {
        vmspec_handover_stub(fdt);
    }
}

/* The kernel's file does not have the memory that its header asks for. */
static uint64_t end_of_kernel(VmspecMachineState *vms)
{
    const uint8_t *header = kernel_header(vms);

    return header ? vms->bootinfo.entry + ldq_le_p(header + IMAGE_SIZE_OFFSET) :
                    0;
}

bool vmspec_load_handover(VmspecMachineState *vms, Error **errp)
{
    VmspecHandoverState *s = vms->handover;
    VmspecRange region;

    if (!s) {
        return true;
    }
    region = s->handover.region;
    if (rom_find_largest_gap_between(region.base, region.size).size <
        region.size || end_of_kernel(vms) > region.base) {
        return refuse_room(vms, errp);
    }
    rom_add_blob_fixed_as("efi-tables", s->image, region.size, region.base,
                          boot_space(vms));
    g_clear_pointer(&s->image, g_free);
    return true;
}

void vmspec_update_handover(VmspecMachineState *vms)
{
    VmspecHandoverState *s = vms->handover;
    AcpiBuildTables tables;
    VmspecHandoverInput in;

    if (!s) {
        return;
    }
    acpi_build_tables_init(&tables);
    vmspec_build_acpi(&s->sources, &tables);
    fill_input(s, &tables, &in);
    write_image(s, &in, rom_ptr_for_as(boot_space(vms),
                                       s->handover.region.base,
                                       s->handover.region.size));
    acpi_build_tables_cleanup(&tables, true);
}
