/*
 * vmspec: ACPI and SMBIOS for a kernel that starts without firmware
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_HANDOVER_H
#define HW_ARM_VMSPEC_HANDOVER_H

#include "acpi/acpi.h"
#include "hw/arm/vmspec-machine.h"

/*
 * Build the tables and decide where they go, if the kernel of -kernel reads
 * them (platform.md, section 8.2). The kernel must be loaded, the FDT not yet.
 * Returns false with @errp set if fdt=off and it does not read them, or if RAM
 * is too small.
 */
bool vmspec_make_handover(VmspecMachineState *vms,
                          const VmspecAcpiSources *sources, Error **errp);

/* Name the tables in @fdt, or nothing if there are none; apply fdt=off. */
void vmspec_describe_handover(VmspecMachineState *vms, void *fdt);

/*
 * Have each reset put the tables into RAM. Returns false with @errp set if the
 * kernel, the initrd, the FDT or a file of -device loader lies there.
 */
bool vmspec_load_handover(VmspecMachineState *vms, Error **errp);

/* Memory was plugged or unplugged: change what the next reset gives. */
void vmspec_update_handover(VmspecMachineState *vms);

#endif
