/*
 * vmspec: the content of a new variable store
 *
 * A new store is a copy of the template that belongs to the bundled firmware.
 * The template for secure-boot=on has keys in it (platform.md, section 7).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/datadir.h"
#include "hw/arm/vmspec-map.h"
#include "nvram.h"
#include "store-file.h"

/* "PK" in UTF-16LE with its end, and EFI_GLOBAL_VARIABLE (UEFI 2.10, 3.3) */
static const uint8_t pk_name[] = { 'P', 0, 'K', 0, 0, 0 };
static const uint8_t pk_guid[VARSTORE_GUID_SIZE] = {
    0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11,
    0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c,
};

bool vmspec_nvram_has_keys(const Varstore *vs)
{
    VarstoreVar var;

    return varstore_find(vs, pk_name, sizeof(pk_name), pk_guid, &var);
}

/*
 * qemu_find_file() looks for the name itself first, in the current directory,
 * where anybody can have put a file: a download, an archive's content. The
 * slash makes that the root directory, which is root's, and does not matter
 * behind a data directory.
 */
char *vmspec_find_bundled(const char *name)
{
    g_autofree char *rooted = g_strconcat("/", name, NULL);

    return qemu_find_file(QEMU_FILE_TYPE_BIOS, rooted);
}

uint8_t *vmspec_nvram_template(VmspecMachineState *vms, Error **errp)
{
    ERRP_GUARD();
    const char *name = vms->bundle->vars;
    g_autofree uint8_t *data = g_malloc(VMSPEC_FLASH1_DEFAULT_SIZE);
    g_autofree char *path = vmspec_find_bundled(name);
    g_autofree char *template = NULL;
    GError *err = NULL;
    VarstoreDamage damage;
    Varstore vs;
    size_t size;

    varstore_format(data, VMSPEC_FLASH1_DEFAULT_SIZE);
    if (!path && vms->secure_boot) {
        error_setg(errp, "secure-boot=on: template '%s' not found", name);
        error_append_hint(errp, "Install it with the firmware, or name a "
                          "directory that has it with -L.\n");
        return NULL;
    }
    if (!path) {
        return g_steal_pointer(&data);
    }
    if (!g_file_get_contents(path, &template, &size, &err)) {
        error_setg(errp, "template: %s", err->message);
        g_error_free(err);
        return NULL;
    }
    if (!varstore_check((uint8_t *)template, size, &vs, &damage)) {
        vmspec_nvram_damaged(&damage, true, errp);
        error_prepend(errp, "template %s: ", path);
        return NULL;
    }
    memcpy(data, template, MIN(size, VMSPEC_FLASH1_DEFAULT_SIZE));
    return g_steal_pointer(&data);
}

bool vmspec_fill_nvram(VmspecMachineState *vms, Error **errp)
{
    MemoryRegion *mr = pflash_cfi01_get_memory(vms->flash[1]);
    g_autofree uint8_t *data = vmspec_nvram_template(vms, errp);

    if (!data) {
        return false;
    }
    memcpy(memory_region_get_ram_ptr(mr), data,
           MIN(memory_region_size(mr), VMSPEC_FLASH1_DEFAULT_SIZE));
    return true;
}
