/*
 * vmspec: EFI's tables, without EFI
 *
 * The system table, the configuration table and the memory map as UEFI 2.10
 * defines them, with neither boot services nor runtime services (platform.md,
 * section 8.2).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <zlib.h>
#include "bytes.h"
#include "efi.h"
#include "map.h"

#define FILE_ALIGN 4096
#define FOUR_GIB (4ULL << 30)

/* Offsets in the region; the files follow the memory map. */
#define SYSTEM_TABLE 0x000
#define CONFIG_TABLE 0x080
#define RT_PROPERTIES 0x100
#define VENDOR 0x140
#define MEMORY_RESERVE 0x180
#define MEMORY_MAP 0x200

/* EFI_SYSTEM_TABLE (UEFI 2.10, 4.3) */
#define SIGNATURE "IBI SYST"
#define REVISION (2 << 16 | 100)
#define HEADER_REVISION 8
#define HEADER_SIZE 12
#define HEADER_CRC 16
#define FIRMWARE_VENDOR 24
#define FIRMWARE_REVISION 32
#define NUM_ENTRIES 104
#define ENTRIES 112
#define SYSTEM_TABLE_SIZE 120

/* EFI_CONFIGURATION_TABLE (4.6): a GUID and a pointer */
#define GUID_SIZE 16
#define CONFIG_ENTRY_SIZE 24
#define NUM_CONFIG_ENTRIES 4

/* EFI_RT_PROPERTIES_TABLE (4.6.2): no service is supported */
#define RT_PROPERTIES_VERSION 1
#define RT_PROPERTIES_SIZE 8

/* The entry point of SMBIOS 3.0 (DSP0134, 5.2.2) */
#define SMBIOS_CHECKSUM 5
#define SMBIOS_LENGTH 6
#define SMBIOS_ADDRESS 16

static const uint8_t guids[NUM_CONFIG_ENTRIES][GUID_SIZE] = {
    /* EFI_ACPI_20_TABLE_GUID */
    { 0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
      0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 },
    /* SMBIOS3_TABLE_GUID */
    { 0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97, 0x2c, 0x4a,
      0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94 },
    /* EFI_RT_PROPERTIES_TABLE_GUID */
    { 0x8a, 0x91, 0x66, 0xeb, 0xef, 0x7e, 0x2a, 0x40,
      0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9 },
    /*
     * Linux' LINUX_EFI_MEMRESERVE_TABLE_GUID, which its EFI stub installs. The
     * driver of the ITS keeps a list there of what a kexec must not touch. An
     * empty list has the size, count and pointer 0.
     */
    { 0xc6, 0xb0, 0x8e, 0x88, 0xde, 0x8e, 0xf5, 0x4f,
      0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2 },
};

static uint64_t align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) & ~(align - 1);
}

bool vmspec_handover_place(const VmspecHandoverInput *in, VmspecHandover *h)
{
    VmspecRange ram = in->plan->region[VMSPEC_RAM_LOW];
    uint64_t end = ram.base + ram.size;
    uint64_t size = MEMORY_MAP + vmspec_efi_map_room(in->plan);

    memset(h, 0, sizeof(*h));
    for (int id = 0; id < VMSPEC_HANDOVER_NUM_FILES; id++) {
        size = align_up(size, FILE_ALIGN);
        h->file[id] = size;
        size += in->file[id].room;
    }
    size = align_up(size, VMSPEC_HANDOVER_ALIGN);
    end = (end < FOUR_GIB ? end : FOUR_GIB) & -(uint64_t)VMSPEC_HANDOVER_ALIGN;
    if (end < ram.base + size) {
        return false;
    }
    h->region = (VmspecRange) { end - size, size };
    h->system_table = h->region.base + SYSTEM_TABLE;
    h->map = h->region.base + MEMORY_MAP;
    for (int id = 0; id < VMSPEC_HANDOVER_NUM_FILES; id++) {
        h->file[id] += h->region.base;
    }
    return true;
}

static const char *copy_files(const VmspecHandoverInput *in,
                              const VmspecHandover *h, uint8_t *out)
{
    for (int id = 0; id < VMSPEC_HANDOVER_NUM_FILES; id++) {
        const VmspecHandoverFile *file = &in->file[id];

        if (file->size > file->room) {
            return "a file has grown beyond its room";
        }
        if (file->data && file->size) {
            memcpy(out + (h->file[id] - h->region.base), file->data,
                   file->size);
        }
    }
    return NULL;
}

/* Point the entry point to the structures. */
static void link_smbios(const VmspecHandover *h, uint8_t *out)
{
    uint8_t *anchor = out + (h->file[VMSPEC_HANDOVER_SMBIOS_ANCHOR] -
                             h->region.base);
    uint8_t sum = 0;

    handover_put(anchor + SMBIOS_ADDRESS,
                 h->file[VMSPEC_HANDOVER_SMBIOS_TABLES], 8);
    anchor[SMBIOS_CHECKSUM] = 0;
    for (unsigned n = 0; n < anchor[SMBIOS_LENGTH]; n++) {
        sum += anchor[n];
    }
    anchor[SMBIOS_CHECKSUM] = -sum;
}

static void write_config_table(const VmspecHandover *h, uint8_t *out)
{
    const uint64_t tables[NUM_CONFIG_ENTRIES] = {
        h->file[VMSPEC_HANDOVER_RSDP],
        h->file[VMSPEC_HANDOVER_SMBIOS_ANCHOR],
        h->region.base + RT_PROPERTIES,
        h->region.base + MEMORY_RESERVE,
    };
    uint8_t *properties = out + RT_PROPERTIES;

    for (int n = 0; n < NUM_CONFIG_ENTRIES; n++) {
        uint8_t *entry = out + CONFIG_TABLE + n * CONFIG_ENTRY_SIZE;

        memcpy(entry, guids[n], GUID_SIZE);
        handover_put(entry + GUID_SIZE, tables[n], 8);
    }
    handover_put(properties, RT_PROPERTIES_VERSION, 2);
    handover_put(properties + 2, RT_PROPERTIES_SIZE, 2);
}

static void write_system_table(const VmspecHandover *h,
                               const VmspecPlatform *platform, uint8_t *out)
{
    static const char vendor[] = "vmspec";
    uint8_t *table = out + SYSTEM_TABLE;

    for (unsigned n = 0; n < sizeof(vendor); n++) {
        handover_put(out + VENDOR + 2 * n, vendor[n], 2);
    }
    memcpy(table, SIGNATURE, 8);
    handover_put(table + HEADER_REVISION, REVISION, 4);
    handover_put(table + HEADER_SIZE, SYSTEM_TABLE_SIZE, 4);
    handover_put(table + FIRMWARE_VENDOR, h->region.base + VENDOR, 8);
    handover_put(table + FIRMWARE_REVISION,
                 platform->major << 16 | platform->minor, 4);
    handover_put(table + NUM_ENTRIES, NUM_CONFIG_ENTRIES, 8);
    handover_put(table + ENTRIES, h->region.base + CONFIG_TABLE, 8);
    /* the polynomial is that of gzip (UEFI 2.10, 4.2) */
    handover_put(table + HEADER_CRC, crc32(0, table, SYSTEM_TABLE_SIZE), 4);
}

const char *vmspec_handover_write(const VmspecHandoverInput *in,
                                  VmspecHandover *h, uint8_t *out)
{
    const char *why;

    memset(out, 0, h->region.size);
    why = copy_files(in, h, out);
    if (!why) {
        why = vmspec_handover_link(in, h, out);
    }
    if (!why) {
        link_smbios(h, out);
        write_config_table(h, out);
        write_system_table(h, in->plan->platform, out);
        h->map_size = vmspec_efi_map(in->plan, in->plugged, h->region,
                                     out + MEMORY_MAP);
    }
    return why;
}
