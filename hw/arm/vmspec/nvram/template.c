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

/* The menu's switch, EDK2's AuthenticatedVariableFormat.h */
static const uint8_t enable_name[] = {
    'S', 0, 'e', 0, 'c', 0, 'u', 0, 'r', 0, 'e', 0, 'B', 0, 'o', 0, 'o', 0,
    't', 0, 'E', 0, 'n', 0, 'a', 0, 'b', 0, 'l', 0, 'e', 0, 0, 0,
};
static const uint8_t enable_guid[VARSTORE_GUID_SIZE] = {
    0xc7, 0x0b, 0xa3, 0xf0, 0x08, 0xaf, 0x56, 0x45,
    0x99, 0xc4, 0x00, 0x10, 0x09, 0xc9, 0x3a, 0x44,
};

bool vmspec_nvram_check_keys(const Varstore *vs, Error **errp)
{
    ERRP_GUARD();
    VarstoreVar var;

    if (!varstore_find(vs, pk_name, sizeof(pk_name), pk_guid, &var)) {
        error_setg(errp, "secure-boot=on: the variable store has no platform "
                   "key (PK), and without one Secure Boot is off");
        return false;
    }
    if (varstore_find(vs, enable_name, sizeof(enable_name), enable_guid,
                      &var) && var.data_size == 1 && !var.data[0]) {
        error_setg(errp, "secure-boot=on: the variable store switches Secure "
                   "Boot off (SecureBootEnable is 0)");
        return false;
    }
    return true;
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
    if (vms->secure_boot && !vmspec_nvram_check_keys(&vs, errp)) {
        error_prepend(errp, "template %s: ", path);
        error_append_hint(errp, "Install the template of this build of the "
                          "firmware.\n");
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
