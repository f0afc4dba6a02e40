/*
 * vmspec: say that the variables of this VM will be lost
 *
 * Without -name and nvram= the variables are in flash1 alone, and end with
 * QEMU. That is right for a guest that only runs once. But an installed
 * operating system that writes a boot option, or a user in the firmware's
 * menu, expects to find it again. So the first variable that the firmware does
 * not write by itself at each start is answered with a warning, once.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "hw/block/flash.h"
#include "hw/block/vmspec-pflash.h"
#include "qemu/main-loop.h"
#include "nvram.h"
#include "store-file.h"

#define MAX_NAME 64
/* EFI_LOAD_OPTION (UEFI 2.10, section 3.1.3): the description is behind it. */
#define OPTION_HEADER 6
/* The node of a file in a firmware volume (UEFI PI 1.8, volume 2, 8.2) */
#define NODE_MEDIA 4
#define NODE_VOLUME 7

/* Lives as long as the machine does */
typedef struct Watch {
    MemoryRegion *mr;
    size_t before;              /* variables below this offset are no news */
} Watch;

/* What the firmware writes by itself at a start with an empty store */
static const char *const own_names[] = {
    "BootOrder", "ConIn", "ConOut", "CustomMode", "ErrOut", "Lang", "MTC",
    "MemoryTypeInformation", "PlatformLang", "SecureBootEnable", "Timeout",
    "VarErrorFlag", "VendorKeysNv", "certdb",
};

/* BDS marks the options that it makes for devices by this GUID at the end. */
static const uint8_t automatic_guid[VARSTORE_GUID_SIZE] = {
    0x4e, 0xac, 0x08, 0x81, 0x11, 0x9f, 0x59, 0x4d,
    0x85, 0x0e, 0xe2, 0x1a, 0x52, 0x2c, 0x59, 0xb2,
};

/* The name of @var as text; what is not ASCII becomes '?'. */
static void name_of(const VarstoreVar *var, char *name)
{
    unsigned length = MIN(var->name_size / 2, MAX_NAME - 1);

    for (unsigned i = 0; i < length; i++) {
        bool plain = !var->name[2 * i + 1] && var->name[2 * i] < 0x7f;

        name[i] = plain ? var->name[2 * i] : '?';
    }
    name[length] = '\0';
}

/* Did the firmware make the boot option @var, for a device or for its menu? */
static bool is_automatic_option(const VarstoreVar *var)
{
    uint32_t path = OPTION_HEADER;

    if (var->data_size >= VARSTORE_GUID_SIZE &&
        !memcmp(var->data + var->data_size - VARSTORE_GUID_SIZE,
                automatic_guid, VARSTORE_GUID_SIZE)) {
        return true;
    }
    while (path + 2 <= var->data_size &&
           (var->data[path] || var->data[path + 1])) {
        path += 2;
    }
    path += 2;
    return path + 2 <= var->data_size && var->data[path] == NODE_MEDIA &&
           var->data[path + 1] == NODE_VOLUME;
}

static bool is_own(const VarstoreVar *var, const char *name)
{
    for (int i = 0; i < ARRAY_SIZE(own_names); i++) {
        if (!strcmp(name, own_names[i])) {
            return true;
        }
    }
    return g_str_has_prefix(name, "Boot0") && is_automatic_option(var);
}

static void warn_of_first(void *opaque)
{
    Watch *watch = opaque;
    VarstoreVar var = { 0 };
    VarstoreDamage damage;
    char name[MAX_NAME];
    Varstore vs;

    if (!varstore_check(memory_region_get_ram_ptr(watch->mr),
                        memory_region_size(watch->mr), &vs, &damage)) {
        return;
    }
    while (varstore_next(&vs, &var)) {
        name_of(&var, name);
        if (var.offset >= watch->before && !is_own(&var, name)) {
            warn_report("the guest has written the UEFI variable %s, which is "
                        "lost when QEMU ends: give the VM a -name, or use "
                        "nvram=PATH", name);
            vmspec_pflash_watch(NULL, NULL);
            return;
        }
    }
}

/*
 * The bottom half runs after the guest's write, and so sees a variable at the
 * latest when its last byte is written.
 */
void vmspec_nvram_watch_volatile(VmspecMachineState *vms)
{
    Watch *watch = g_new0(Watch, 1);
    VarstoreDamage damage;
    Varstore vs;

    watch->mr = pflash_cfi01_get_memory(vms->flash[1]);
    if (varstore_check(memory_region_get_ram_ptr(watch->mr),
                       memory_region_size(watch->mr), &vs, &damage)) {
        watch->before = VARSTORE_FIRST + vs.used;
    }
    vmspec_pflash_watch(watch->mr, qemu_bh_new(warn_of_first, watch));
}
