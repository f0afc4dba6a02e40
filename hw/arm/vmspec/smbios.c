/*
 * vmspec: SMBIOS 3
 *
 * What the machine calls itself in SMBIOS and which memory the tables name.
 * QEMU builds the structures, and -smbios changes them. QEMU has no source for
 * the CPU's caches (type 7), which SBBR wants, and for the characteristics of a
 * processor (type 4), so this file adds them.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bitmap.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "hw/firmware/smbios.h"
#include "target/arm/cpu.h"
#include "smbios.h"

#define TYPE_PROCESSOR 4
#define TYPE_CACHE 7
#define CACHE_HANDLE 0x700
#define NO_CACHE 0xffff

/* Processor family 2 (SMBIOS 3.0, 7.5.2) */
#define FAMILY_ARMV7 0x100
#define FAMILY_ARMV8 0x101
/* Processor characteristics (7.5.9) */
#define CPU_64_BIT (1 << 2)
#define CPU_MULTI_CORE (1 << 3)
#define CPU_HARDWARE_THREAD (1 << 4)
#define CPU_EXECUTE_PROTECTION (1 << 5)
#define CPU_VIRTUALIZATION (1 << 6)

/* Cache configuration (7.8): enabled, internal, operational mode unknown */
#define CACHE_ENABLED (1 << 7)
#define CACHE_MODE_UNKNOWN (3 << 8)
#define CACHE_SIZE_64K (1 << 15)
#define CACHE_SIZE_MAX 0x7fff
#define CACHE_UNKNOWN 2         /* SRAM type (a bit), error correction */

/* Type 7, cache information, as in SMBIOS 3.0, which QEMU announces */
struct smbios_type_7 {
    struct smbios_structure_header header;
    uint8_t socket_designation_str;
    uint16_t configuration;
    uint16_t maximum_size;
    uint16_t installed_size;
    uint16_t supported_sram_type;
    uint16_t current_sram_type;
    uint8_t speed;
    uint8_t error_correction_type;
    uint8_t system_cache_type;
    uint8_t associativity;
} QEMU_PACKED;

/* Associativity has codes, not numbers (7.8.5). */
static uint8_t associativity(unsigned ways)
{
    static const struct { unsigned ways; uint8_t code; } codes[] = {
        { 1, 3 }, { 2, 4 }, { 4, 5 }, { 8, 7 }, { 16, 8 }, { 12, 9 },
        { 24, 10 }, { 32, 11 }, { 48, 12 }, { 64, 13 }, { 20, 14 },
    };

    for (int i = 0; i < ARRAY_SIZE(codes); i++) {
        if (codes[i].ways == ways) {
            return codes[i].code;
        }
    }
    return 1;                                   /* other */
}

/* One structure describes this cache of all CPUs: the CPUs are equal. */
static void add_cache(GByteArray *out, VmspecCacheId id, const VmspecCache *c)
{
    static const struct { const char *name; uint8_t level, type; } kind[] = {
        [VMSPEC_CACHE_L1D] = { "L1 data cache", 0, 4 },
        [VMSPEC_CACHE_L1I] = { "L1 instruction cache", 0, 3 },
        [VMSPEC_CACHE_L2] = { "L2 cache", 1, 5 },
        [VMSPEC_CACHE_L3] = { "L3 cache", 2, 5 },
    };
    unsigned kib = c->sets * c->ways * c->line / KiB;
    uint16_t size = cpu_to_le16(kib <= CACHE_SIZE_MAX ? kib :
                                kib / 64 | CACHE_SIZE_64K);
    struct smbios_type_7 t = {
        .header = { TYPE_CACHE, sizeof(t), cpu_to_le16(CACHE_HANDLE + id) },
        .socket_designation_str = 1,
        .configuration = cpu_to_le16(kind[id].level | CACHE_ENABLED |
                                     CACHE_MODE_UNKNOWN),
        .maximum_size = size,
        .installed_size = size,
        .supported_sram_type = cpu_to_le16(CACHE_UNKNOWN),
        .current_sram_type = cpu_to_le16(CACHE_UNKNOWN),
        .error_correction_type = CACHE_UNKNOWN,
        .system_cache_type = kind[id].type,
        .associativity = associativity(c->ways),
    };

    g_byte_array_append(out, (void *)&t, sizeof(t));
    g_byte_array_append(out, (void *)kind[id].name, strlen(kind[id].name) + 1);
    g_byte_array_append(out, (void *)"", 1);
}

static uint16_t cache_handle(const VmspecPlan *plan, VmspecCacheId id)
{
    return cpu_to_le16(plan->cache[id].ways ? CACHE_HANDLE + id : NO_CACHE);
}

static void amend_processor(const VmspecPlan *plan, struct smbios_type_4 *t)
{
    const VmspecTopology *topology = &plan->topology;
    uint16_t can = CPU_EXECUTE_PROTECTION;

    can |= plan->aarch64 ? CPU_64_BIT : 0;
    can |= topology->clusters * topology->cores > 1 ? CPU_MULTI_CORE : 0;
    can |= topology->threads > 1 ? CPU_HARDWARE_THREAD : 0;
    can |= plan->el2 ? CPU_VIRTUALIZATION : 0;
    t->processor_characteristics = cpu_to_le16(can);
    t->l1_cache_handle = cache_handle(plan, VMSPEC_CACHE_L1D);
    t->l2_cache_handle = cache_handle(plan, VMSPEC_CACHE_L2);
    t->l3_cache_handle = cache_handle(plan, VMSPEC_CACHE_L3);
}

/* Offset of the structure after the one at @at, whose strings end with "" */
static size_t next_structure(const uint8_t *tables, size_t at)
{
    const struct smbios_structure_header *h = (const void *)(tables + at);

    at += h->length;
    while (tables[at] || tables[at + 1]) {
        at++;
    }
    return at + 2;
}

/* Do not change structures that the user gave (-smbios file=). */
static GByteArray *amend_tables(VmspecMachineState *vms, uint8_t *tables,
                                size_t size)
{
    GByteArray *out = g_byte_array_new();
    const VmspecCache *cache = vms->plan->cache;

    if (test_bit(TYPE_CACHE, smbios_have_binfile_bitmap) ||
        test_bit(TYPE_PROCESSOR, smbios_have_binfile_bitmap)) {
        return g_byte_array_append(out, tables, size);
    }
    for (int i = 0; i < VMSPEC_NUM_CACHES; i++) {
        if (cache[i].ways) {
            add_cache(out, i, &cache[i]);
        }
    }
    for (size_t at = 0; at < size; at = next_structure(tables, at)) {
        if (tables[at] == TYPE_PROCESSOR) {
            amend_processor(vms->plan, (void *)(tables + at));
        }
    }
    return g_byte_array_append(out, tables, size);
}

GByteArray *vmspec_make_smbios(VmspecMachineState *vms, GByteArray **anchor)
{
    const VmspecPlan *plan = vms->plan;
    struct smbios_phys_mem_area area[VMSPEC_MAX_NODES + 1];
    struct smbios_30_entry_point *entry;
    uint8_t *tables, *first;
    size_t tables_size, first_size;
    GByteArray *all;

    for (unsigned i = 0; i < plan->num_mem; i++) {
        area[i].address = plan->mem[i].range.base;
        area[i].length = plan->mem[i].range.size;
    }
    smbios_set_defaults("QEMU", "vmspec virtual machine",
                        MACHINE_GET_CLASS(vms)->name);
    smbios_set_default_processor_family(plan->aarch64 ? FAMILY_ARMV8 :
                                                        FAMILY_ARMV7);
    /* Without an SoC ID of SMCCC the processor ID is MIDR_EL1 (7.5.3.3). */
    smbios_set_cpuid(ARM_CPU(first_cpu)->midr, 0);
    smbios_get_tables(MACHINE(vms), SMBIOS_ENTRY_POINT_TYPE_64, area,
                      plan->num_mem, &tables, &tables_size, &first,
                      &first_size, &error_fatal);
    all = amend_tables(vms, tables, tables_size);
    entry = (void *)first;
    entry->structure_table_max_size = cpu_to_le32(all->len);
    *anchor = g_byte_array_append(g_byte_array_new(), first, first_size);
    return all;
}

void vmspec_setup_smbios(VmspecMachineState *vms)
{
    GByteArray *anchor;
    GByteArray *tables = vmspec_make_smbios(vms, &anchor);
    size_t size = tables->len;

    fw_cfg_add_file(vms->fw_cfg, "etc/smbios/smbios-tables",
                    g_byte_array_free(tables, false), size);
    size = anchor->len;
    fw_cfg_add_file(vms->fw_cfg, "etc/smbios/smbios-anchor",
                    g_byte_array_free(anchor, false), size);
}
