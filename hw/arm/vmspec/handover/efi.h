/*
 * vmspec: what a kernel finds that starts without firmware and can read ACPI
 *
 * platform.md, section 8.2. A region of RAM holds the EFI system table, its
 * configuration table, the EFI memory map, and the files that fw_cfg has for
 * firmware, with the loader script applied. The whole room is plain C with
 * libfdt, and is compiled without QEMU for the host tests, too.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_HANDOVER_EFI_H
#define HW_ARM_VMSPEC_HANDOVER_EFI_H

#include "hw/arm/vmspec-plan.h"

/* The granule of the region: the largest page of an arm64 kernel */
#define VMSPEC_HANDOVER_ALIGN 0x10000

typedef enum VmspecHandoverId {
    VMSPEC_HANDOVER_RSDP,
    VMSPEC_HANDOVER_TABLES,             /* every table of ACPI */
    VMSPEC_HANDOVER_NVDIMM,             /* memory of the _DSM of NVDIMMs */
    VMSPEC_HANDOVER_TPM_LOG,
    VMSPEC_HANDOVER_ERRORS,             /* blocks of memory errors */
    VMSPEC_HANDOVER_SMBIOS_ANCHOR,      /* not in the loader script */
    VMSPEC_HANDOVER_SMBIOS_TABLES,
    VMSPEC_HANDOVER_NUM_FILES,
} VmspecHandoverId;

typedef struct VmspecHandoverFile {
    const char *name;           /* in the loader script; NULL: not there */
    const void *data;           /* may be NULL: filled with 0 */
    size_t size;                /* bytes; 0: absent */
    size_t room;                /* bytes kept for it, at least @size */
} VmspecHandoverFile;

typedef struct VmspecHandoverInput {
    const VmspecPlan *plan;
    const VmspecPlugged *plugged;
    const void *script;         /* QEMU's, for the loader of the firmware */
    size_t script_size;
    VmspecHandoverFile file[VMSPEC_HANDOVER_NUM_FILES];
} VmspecHandoverInput;

/* Where in guest memory everything is */
typedef struct VmspecHandover {
    VmspecRange region;
    uint64_t system_table;
    uint64_t map;               /* the EFI memory map */
    uint32_t map_size;          /* bytes */
    uint64_t file[VMSPEC_HANDOVER_NUM_FILES];
    uint64_t pointer;           /* that the script has QEMU told; 0: none */
} VmspecHandover;

/*
 * Decide where the region lies, and where everything lies in it: at the end of
 * RAM or of its first 4 GiB, because some pointers have 32 bits. @h->map_size
 * is not set. Returns false if RAM is too small.
 */
bool vmspec_handover_place(const VmspecHandoverInput *in, VmspecHandover *h);

/*
 * Write all of it to @out, which has @h->region.size bytes, and set
 * @h->map_size. @h is from vmspec_handover_place() of an input with the same
 * plan and rooms. Returns NULL, or a static text that says what is wrong with
 * the script or which file does not fit; @out is undefined then.
 */
const char *vmspec_handover_write(const VmspecHandoverInput *in,
                                  VmspecHandover *h, uint8_t *out);

/*
 * Apply the loader script of @in to the files in @out, and set @h->pointer.
 * Returns as vmspec_handover_write().
 */
const char *vmspec_handover_link(const VmspecHandoverInput *in,
                                 VmspecHandover *h, uint8_t *out);

/*
 * Name the system table and the memory map of @h in /chosen of @fdt, which has
 * room for it. @h is NULL: remove such names, which another machine has left.
 */
void vmspec_handover_chosen(const VmspecHandover *h, void *fdt);

/* Remove every node but /chosen: Linux takes ACPI then (fdt=off). */
void vmspec_handover_stub(void *fdt);

#endif
