/*
 * vmspec: which firmware has used a variable store?
 *
 * Firmware makes a boot option for each program of its own, such as its menu.
 * The option names the firmware volume that the program is in, by a GUID, and
 * each maker has its own GUIDs. Nothing else in a store tells whose it is: the
 * stores of Debian's AAVMF have the layout of ours.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include "layout.h"

/* 2d5c1e0a-6b7f-4f0e-9a3d-5e8c1b2f7aNN: firmware/VmspecPkg/VmspecPkg.fdf */
const uint8_t varstore_our_volumes[VARSTORE_OUR_VOLUMES_SIZE] = {
    0x0a, 0x1e, 0x5c, 0x2d, 0x7f, 0x6b, 0x0e, 0x4f,
    0x9a, 0x3d, 0x5e, 0x8c, 0x1b, 0x2f, 0x7a,
};

/* A node of a volume: type, subtype and length (UEFI PI 1.8, volume 2, 8.2) */
static const uint8_t node[] = { 4, 7, 20, 0 };

/* "BootNNNN" in UTF-16 with its end */
#define OPTION_NAME_SIZE (9 * 2)

static bool is_boot_option(const VarstoreVar *var)
{
    static const uint8_t boot[] = { 'B', 0, 'o', 0, 'o', 0, 't', 0 };

    return var->name_size == OPTION_NAME_SIZE &&
           !memcmp(var->name, boot, sizeof(boot));
}

/* The GUID of the volume that the option @var starts from, or NULL */
static const uint8_t *volume_of(const VarstoreVar *var)
{
    size_t size = sizeof(node) + VARSTORE_GUID_SIZE;

    for (size_t at = 0; at + size <= var->data_size; at++) {
        if (!memcmp(var->data + at, node, sizeof(node))) {
            return var->data + at + sizeof(node);
        }
    }
    return NULL;
}

VarstoreMaker varstore_maker(const Varstore *vs)
{
    VarstoreVar var = { 0 };
    bool ours = false;
    bool other = false;

    while (varstore_next(vs, &var)) {
        const uint8_t *guid = is_boot_option(&var) ? volume_of(&var) : NULL;

        if (guid && !memcmp(guid, varstore_our_volumes,
                            VARSTORE_OUR_VOLUMES_SIZE)) {
            ours = true;
        } else if (guid) {
            other = true;
        }
    }
    if (ours == other) {
        return VARSTORE_MAKER_UNKNOWN;
    }
    return ours ? VARSTORE_MAKER_OURS : VARSTORE_MAKER_OTHER;
}
