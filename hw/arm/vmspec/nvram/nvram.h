/*
 * vmspec: the variable store file, as the board uses it
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_NVRAM_H
#define HW_ARM_VMSPEC_NVRAM_H

#include "hw/arm/vmspec-machine.h"
#include "hw/arm/vmspec-varstore.h"

/*
 * Add the class properties nvram, nvram-reset, and the read-only ones that
 * describe the variable store and the firmware. Cannot fail.
 */
void vmspec_add_nvram_properties(ObjectClass *oc);

/*
 * The path of the bundled file @name, firmware or a template, in QEMU's data
 * directories, for the caller to free. NULL if no directory has it. The current
 * directory is none of them (platform.md, section 7.1).
 */
char *vmspec_find_bundled(const char *name);

/*
 * Decide what nvram= means (platform.md, section 7) and open the store file.
 * Needs vms->firmware, and pflash1 attached to flash1 if the user names it.
 * Sets vms->nvram_mode and vms->nvram_path, and *@store to the store file's
 * block backend, whose reference the caller owns; to NULL if the machine has
 * no store file. The store is locked, checked and repaired then. Returns false
 * with @errp set if the store cannot be used; no variable is lost then.
 */
bool vmspec_open_nvram(VmspecMachineState *vms, BlockBackend **store,
                       Error **errp);

/*
 * Copy the template into flash1, which is realized and has no image. Returns
 * false with @errp set if the template cannot be used.
 */
bool vmspec_fill_nvram(VmspecMachineState *vms, Error **errp);

/*
 * Warn once if the guest writes a variable into flash1, which is realized and
 * has no image, that its user may miss when QEMU has ended. Does nothing if the
 * user has asked for a volatile store. Cannot fail.
 */
void vmspec_watch_nvram(VmspecMachineState *vms);

/*
 * Will the firmware of secure-boot=on check signatures with the variables of
 * @vs (UEFI 2.10, 32.3)? If not, returns false with @errp set to the reason;
 * the caller knows the way out.
 */
bool vmspec_nvram_check_keys(const Varstore *vs, Error **errp);

#endif
