/*
 * Memory errors by ACPI, told by the Generic Event Device
 *
 * ACPI 6.5, 18.3.2.7.1, and UEFI 2.10, appendix N: a status block with one
 * entry, which has one memory error. See include/hw/acpi/vmspec-ras.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/aml-build.h"
#include "hw/acpi/vmspec-ged.h"
#include "hw/acpi/vmspec-ras.h"
#include "qemu/bswap.h"
#include "qemu/uuid.h"

#define UNCORRECTABLE 1
#define RECOVERABLE 0
#define ENTRY_REVISION 0x300
#define ENTRY_SIZE 72
/* Before the timestamp, which is not valid: IDs and text of a part */
#define ENTRY_NO_PART 36

#define MEMORY_ERROR_SIZE 80
#define HAS_ADDRESS (1 << 1)
#define HAS_TYPE (1 << 14)
#define MULTI_BIT 3

/* Offsets in the HEST: the first source, and in a source */
#define HEST_SOURCES 40
#define SOURCE_SIZE 92
#define SOURCE_BLOCK 24
#define SOURCE_ACKNOWLEDGEMENT 68

static uint64_t read_word(uint64_t address)
{
    uint64_t word = 0;

    cpu_physical_memory_read(address, &word, sizeof(word));
    return le64_to_cpu(word);
}

void vmspec_ras_set_address(DeviceState *ged, uint64_t address)
{
    AcpiGhesState *ghes = &ACPI_GED(ged)->ghes_state;

    VMSPEC_RAS_ADDRESS(ghes) = cpu_to_le64(address);
    VMSPEC_RAS_SET_PRESENT(ghes);
}

/* Where the source has its block and its acknowledgement; 0: not known yet */
static uint64_t find_source(DeviceState *ged, unsigned id,
                            uint64_t *acknowledgement)
{
    AcpiGhesState *ghes = &ACPI_GED(ged)->ghes_state;
    uint64_t base = le64_to_cpu(VMSPEC_RAS_ADDRESS(ghes));

    if (!base) {
        return 0;
    }
    if (VMSPEC_RAS_BY_TABLE) {
        base += HEST_SOURCES + id * SOURCE_SIZE;
        *acknowledgement = read_word(base + SOURCE_ACKNOWLEDGEMENT);
        return read_word(read_word(base + SOURCE_BLOCK));
    }
    base += id * VMSPEC_RAS_PAIR;
    *acknowledgement = base + 8;
    return read_word(base);
}

static void append_memory_error(GArray *block, uint64_t address)
{
    build_append_int_noprefix(block, HAS_ADDRESS | HAS_TYPE, 8);
    build_append_int_noprefix(block, 0, 8);             /* status */
    build_append_int_noprefix(block, address, 8);
    acpi_data_push(block, 48);                          /* not valid */
    build_append_int_noprefix(block, MULTI_BIT, 1);
    acpi_data_push(block, 7);
}

static void append_block(GArray *block, uint64_t address)
{
    /* CPER_SEC_PLATFORM_MEM */
    static const uint8_t memory_section[] =
        UUID_LE(0xa5bc1114, 0x6f64, 0x4ede, 0xb8, 0x63, 0x3e, 0x83, 0xed,
                0x7c, 0x83, 0xb1);

    build_append_int_noprefix(block, UNCORRECTABLE | 1 << 4, 4); /* 1 entry */
    build_append_int_noprefix(block, 0, 4);             /* raw data */
    build_append_int_noprefix(block, 0, 4);
    build_append_int_noprefix(block, ENTRY_SIZE + MEMORY_ERROR_SIZE, 4);
    build_append_int_noprefix(block, RECOVERABLE, 4);

    g_array_append_vals(block, memory_section, sizeof(memory_section));
    build_append_int_noprefix(block, RECOVERABLE, 4);
    build_append_int_noprefix(block, ENTRY_REVISION, 2);
    build_append_int_noprefix(block, 0, 2);             /* what is valid */
    build_append_int_noprefix(block, MEMORY_ERROR_SIZE, 4);
    acpi_data_push(block, ENTRY_NO_PART + 8);           /* and the time */
    append_memory_error(block, address);
}

void vmspec_ras_memory_error(DeviceState *ged, uint64_t address, Error **errp)
{
    ERRP_GUARD();
    g_autoptr(GArray) block = g_array_new(false, true, 1);
    uint64_t acknowledgement = 0, zero = 0;
    uint64_t at = find_source(ged, VMSPEC_RAS_EVENT, &acknowledgement);

    if (!at) {
        error_setg(errp, "memory-error: the guest has not taken the tables of "
                   "ACPI yet");
        error_append_hint(errp, "Try again when the guest runs.\n");
        return;
    }
    if (!read_word(acknowledgement)) {
        error_setg(errp, "memory-error: the guest has not acknowledged the "
                   "error before");
        error_append_hint(errp, "Try again later; a guest that runs by FDT "
                          "acknowledges none.\n");
        return;
    }
    append_block(block, address);
    cpu_physical_memory_write(acknowledgement, &zero, sizeof(zero));
    cpu_physical_memory_write(at, block->data, block->len);
    acpi_send_event(ged, VMSPEC_GENERIC_ERROR_STATUS);
}
