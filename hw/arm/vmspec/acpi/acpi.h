/*
 * vmspec: ACPI, assembled and handed to the firmware
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_ACPI_H
#define HW_ARM_VMSPEC_ACPI_ACPI_H

#include "hw/arm/vmspec-machine.h"

/*
 * Build the ACPI tables, if the plan has them, and put them into fw_cfg. Every
 * device of -device must be made.
 */
void vmspec_setup_acpi(VmspecMachineState *vms);

#endif
