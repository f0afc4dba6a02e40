/*
 * vmspec: a TPM 2.0 with the command response buffer interface
 *
 * QEMU's tpm-crb lies at an address of x86 PCs. This one is a device of the
 * platform bus, as tpm-tis-device is, with one page of registers: those of
 * locality 0 and the buffer of 3968 bytes (TCG PC Client Platform TPM Profile
 * 1.05, 6.5.3). It has no interrupt; drivers poll.
 *
 * Property tpmdev: the backend (-tpmdev), which must be given.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_TPM_VMSPEC_TPM_CRB_H
#define HW_TPM_VMSPEC_TPM_CRB_H

#define TYPE_VMSPEC_TPM_CRB "tpm-crb-device"
/*
 * The same device. libvirt asks each architecture for a type of this name,
 * which QEMU for Arm does not have.
 */
#define VMSPEC_TPM_CRB_OF_LIBVIRT "tpm-crb"

/* Bytes of the registers' page */
#define VMSPEC_TPM_CRB_SIZE 0x1000
/* Offset of the control area, which the ACPI table TPM2 names */
#define VMSPEC_TPM_CRB_CONTROL 0x40

#endif
