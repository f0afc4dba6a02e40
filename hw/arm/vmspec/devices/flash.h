/*
 * vmspec: flash0 and flash1, as the board uses them
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_DEVICES_FLASH_H
#define HW_ARM_VMSPEC_DEVICES_FLASH_H

#include "hw/arm/vmspec-machine.h"

/*
 * RAM in bytes that the bundled images need, found by trying: at 127 MiB each
 * of the three ends in an exception, at 128 MiB each starts a loader.
 */
#define VMSPEC_FIRMWARE_MIN_RAM (128ULL << 20)

/* Add the class properties pflash0 and pflash1. Cannot fail. */
void vmspec_add_flash_properties(ObjectClass *oc);

/*
 * Create both banks in vms->flash[], not realized, so that pflash0 and pflash1
 * can be set. Aborts on failure.
 */
void vmspec_init_flash(VmspecMachineState *vms);

/*
 * Choose the images of -bios, pflash0, pflash1, nvram= and the bundled
 * firmware, and attach them to the banks. Sets vms->firmware, vms->bundled,
 * vms->firmware_path and vms->bundle, and size[0] and size[1] to the banks'
 * sizes in bytes; 0 is an absent bank. Returns false with @errp set if an image
 * cannot be used; no image is written then, but a store file may be new.
 */
bool vmspec_choose_flash(VmspecMachineState *vms, uint64_t size[],
                         Error **errp);

/*
 * Realize and map the banks that the plan has, and remove the others from
 * vms->flash[]. Returns false with @errp set if an image cannot be read, or
 * another program uses the image of flash1.
 */
bool vmspec_make_flash(VmspecMachineState *vms, Error **errp);

#endif
