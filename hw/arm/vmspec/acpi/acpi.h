/*
 * vmspec: ACPI, for the board
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_ACPI_H
#define HW_ARM_VMSPEC_ACPI_ACPI_H

#include "hw/acpi/aml-build.h"
#include "hw/arm/vmspec-plan.h"
#include "hw/boards.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/pci/pci_bus.h"

/*
 * What the tables are made of: the plan, what was plugged, and the devices
 * whose own state the tables describe. All of it must live as long as the
 * machine.
 */
typedef struct VmspecAcpiSources {
    const VmspecPlan *plan;
    const VmspecPlugged *plugged;
    MachineState *machine;      /* QEMU's NUMA and NVDIMM state */
    FWCfgState *fw_cfg;         /* receives the tables */
    PCIBus *bus;                /* bus 0 */
    DeviceState *ged;
    DeviceState *platform_bus;
} VmspecAcpiSources;

/*
 * Append the tables, and the script that links them, to @tables, which
 * acpi_build_tables_init() has made. Aborts as vmspec_setup_acpi().
 */
void vmspec_build_acpi(const VmspecAcpiSources *sources,
                       AcpiBuildTables *tables);

/*
 * Build the tables and offer them to the firmware as fw_cfg files; build them
 * anew when the firmware asks for them after a reset. Called once, when all
 * devices of the command line are there. Aborts if a builder contradicts
 * acpi/tables.c, which no configuration can cause.
 */
void vmspec_setup_acpi(const VmspecAcpiSources *sources);

#endif
