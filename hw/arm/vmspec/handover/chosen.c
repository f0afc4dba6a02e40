/*
 * vmspec: how the FDT tells a kernel of EFI's tables
 *
 * The properties are those by which the EFI stub of arm64 Linux hands over to
 * the kernel (Linux, Documentation/arch/arm/uefi.rst). Kernels of
 * distributions demand linux,uefi-secure-boot, too.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include <libfdt.h>
#include "efi.h"
#include "map.h"

#define SYSTEM_TABLE "linux,uefi-system-table"
#define MAP_START "linux,uefi-mmap-start"
#define MAP_SIZE "linux,uefi-mmap-size"
#define DESC_SIZE "linux,uefi-mmap-desc-size"
#define DESC_VERSION "linux,uefi-mmap-desc-ver"
#define SECURE_BOOT "linux,uefi-secure-boot"

/* Of Linux' enum efi_secureboot_mode: unset */
#define SECURE_BOOT_UNSET 0

static void remove_names(void *fdt, int chosen)
{
    static const char *const names[] = {
        SYSTEM_TABLE, MAP_START, MAP_SIZE, DESC_SIZE, DESC_VERSION,
        SECURE_BOOT,
    };

    for (unsigned n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        fdt_delprop(fdt, chosen, names[n]);
    }
}

void vmspec_handover_chosen(const VmspecHandover *h, void *fdt)
{
    int chosen = fdt_path_offset(fdt, "/chosen");

    if (!h) {
        if (chosen >= 0) {
            remove_names(fdt, chosen);
        }
        return;
    }
    fdt_setprop_u64(fdt, chosen, SYSTEM_TABLE, h->system_table);
    fdt_setprop_u64(fdt, chosen, MAP_START, h->map);
    fdt_setprop_u32(fdt, chosen, MAP_SIZE, h->map_size);
    fdt_setprop_u32(fdt, chosen, DESC_SIZE, VMSPEC_EFI_DESC_SIZE);
    fdt_setprop_u32(fdt, chosen, DESC_VERSION, VMSPEC_EFI_DESC_VERSION);
    fdt_setprop_u32(fdt, chosen, SECURE_BOOT, SECURE_BOOT_UNSET);
}

/* A child of the root that is not /chosen; negative: there is none */
static int find_other(const void *fdt)
{
    int node;

    fdt_for_each_subnode(node, fdt, 0) {
        if (strcmp(fdt_get_name(fdt, node, NULL), "chosen")) {
            break;
        }
    }
    return node;
}

void vmspec_handover_stub(void *fdt)
{
    int node, chosen;

    while ((node = find_other(fdt)) >= 0) {
        fdt_del_node(fdt, node);
    }
    /* These name nodes that are gone. */
    fdt_delprop(fdt, 0, "interrupt-parent");
    chosen = fdt_path_offset(fdt, "/chosen");
    if (chosen >= 0) {
        fdt_delprop(fdt, chosen, "stdout-path");
    }
}
