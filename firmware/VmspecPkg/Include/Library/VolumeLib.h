/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Volumes of drivers that are dispatched when something asks for them
 *
 * A driver that is dispatched costs its loading at each boot, and one that
 * binds to devices a look at each of them.  So what few guests need lies in
 * volumes of its own, which EDK2 takes for plain files (FREEFORM) until
 * volume_load() hands it over.
 */

#ifndef VMSPEC_VOLUME_LIB_H
#define VMSPEC_VOLUME_LIB_H

#include <Uefi.h>

/*
 * Dispatches the drivers of the volume in the file @name; nothing if that has
 * been done.  Call at TPL_APPLICATION, after DXE's own dispatch.
 */
VOID volume_load(EFI_GUID *name);

#endif
