/*
 * vmspec: the EFI memory map
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_HANDOVER_MAP_H
#define HW_ARM_VMSPEC_HANDOVER_MAP_H

#include "hw/arm/vmspec-plan.h"

/* EFI_MEMORY_DESCRIPTOR (UEFI 2.10, 7.2.3) */
#define VMSPEC_EFI_DESC_SIZE 40
#define VMSPEC_EFI_DESC_VERSION 1

/* Bytes that the map needs at most, whatever is plugged */
size_t vmspec_efi_map_room(const VmspecPlan *plan);

/*
 * Write the map to @out: RAM and DIMMs, but no NVDIMM and no register.
 * @reserved, which is in RAM, has the type ACPI reclaim. Returns the map's
 * size in bytes.
 */
uint32_t vmspec_efi_map(const VmspecPlan *plan, const VmspecPlugged *plugged,
                        VmspecRange reserved, uint8_t *out);

#endif
