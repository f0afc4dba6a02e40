/*
 * vmspec: names that the board and its UEFI agree on
 *
 * hw/arm/vmspec makes these files of fw_cfg, firmware/VmspecPkg looks for
 * them. Like vmspec-map.h this header has neither an include nor a type, so
 * that EDK2 can include it. It may also be used under BSD-2-Clause-Patent.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_FIRMWARE_H
#define HW_ARM_VMSPEC_FIRMWARE_H

/*
 * The file exists with fdt=off and holds one byte. Firmware needs the FDT
 * itself; the file tells it to hand no FDT to the OS (platform.md, section 6).
 */
#define VMSPEC_FW_CFG_NO_FDT "etc/vmspec/no-fdt"

/*
 * The file exists if the machine has a TPM with the interface CRB and ACPI. It
 * holds the address of the TPM's page, 8 bytes, little-endian.
 */
#define VMSPEC_FW_CFG_TPM_CRB "etc/vmspec/tpm-crb"

/*
 * A line for each drive: the text of its UEFI device path, or how that begins,
 * a space, and the name that the user gave the drive. Firmware calls the drive
 * by that name when nothing boots.
 */
#define VMSPEC_FW_CFG_DRIVES "etc/vmspec/drives"

#endif
