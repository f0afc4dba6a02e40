/*
 * vmspec: ACPI names of what no row describes
 *
 * Hardware IDs and names in the namespace that the AML and tools/docs share.
 * Those of devices with a row are in the row (platform/platform.c). Plain C
 * without QEMU; names only, no numbers of the platform.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_NAMES_H
#define HW_ARM_VMSPEC_ACPI_NAMES_H

/* Processors and their containers: sockets and clusters (ACPI 6.5, 8.4) */
#define VMSPEC_CPU_HID "ACPI0007"
#define VMSPEC_CONTAINER_HID "ACPI0010"
#define VMSPEC_CPU_NAME "C%03X"
#define VMSPEC_SOCKET_NAME "S%03X"
#define VMSPEC_CLUSTER_NAME "L%03X"

/*
 * _UIDs of containers, which the PPTT names too: sockets count from 0, then
 * come the clusters, then cores that have threads.
 */
#define VMSPEC_CLUSTER_UID_BASE 0x1000
#define VMSPEC_CORE_UID_BASE 0x2000

/* The host bridge (PCI Firmware Specification 3.3) and its interrupt links */
#define VMSPEC_PCIE_HID "PNP0A08"
#define VMSPEC_PCIE_CID "PNP0A03"
#define VMSPEC_PCIE_NAME "PCI0"
#define VMSPEC_PCIE_PATH "\\_SB." VMSPEC_PCIE_NAME
#define VMSPEC_LINK_HID "PNP0C0F"
#define VMSPEC_LINK_NAME "LNK%c"

/* What reserves the ECAM */
#define VMSPEC_ECAM_HID "PNP0C02"
#define VMSPEC_ECAM_NAME "ECAM"

/* A TPM 2.0 on the platform bus */
#define VMSPEC_TPM_HID "MSFT0101"
#define VMSPEC_TPM_NAME "TPM0"

/* The error device, by which the GED tells of memory errors */
#define VMSPEC_ERROR_HID "PNP0C33"
#define VMSPEC_ERROR_NAME "GEDD"
#define VMSPEC_ERROR_PATH "\\_SB." VMSPEC_ERROR_NAME

/* The VM generation ID, by the name of its row */
#define VMSPEC_VMGENID_PATH "\\_SB.VGEN"

#endif
