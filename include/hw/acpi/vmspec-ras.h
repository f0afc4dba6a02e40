/*
 * Memory errors by ACPI: what their table and their recorder share
 *
 * The file "etc/hardware_errors" has for each source the address of its block
 * and its acknowledgement, then the blocks. The firmware, or the board in a
 * direct boot, tells QEMU where the file is, or where the HEST is.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ACPI_VMSPEC_RAS_H
#define HW_ACPI_VMSPEC_RAS_H

#include "hw/acpi/generic_event_device.h"
#include "hw/arm/vmspec-compat.h"

/* The sources, by their IDs; QEMU's ghes.c records the first's errors. */
enum {
    VMSPEC_RAS_ABORT,           /* told by a synchronous external abort */
    VMSPEC_RAS_EVENT,           /* told by the Generic Event Device */
    VMSPEC_RAS_NUM_SOURCES,
};

#define VMSPEC_RAS_FILE "etc/hardware_errors"
/* Bytes of a source's address and acknowledgement, and of its block */
#define VMSPEC_RAS_PAIR 16
#define VMSPEC_RAS_BLOCK 1024

/* The file to which the firmware writes where that file or the HEST is */
#define VMSPEC_RAS_ADDRESS_FILE (VMSPEC_RAS_BY_TABLE ?          \
    "etc/acpi_table_hest_addr" : "etc/hardware_errors_addr")

/*
 * Say where file or HEST is: what the firmware writes. 0: nobody has told, and
 * no error can be recorded.
 */
void vmspec_ras_set_address(DeviceState *ged, uint64_t address);

/*
 * Record an uncorrected error of the memory at physical @address, and tell the
 * guest by @ged. Sets @errp if the guest has not taken the tables yet, or has
 * not acknowledged the error before.
 */
void vmspec_ras_memory_error(DeviceState *ged, uint64_t address, Error **errp);

#endif
