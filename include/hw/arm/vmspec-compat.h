/*
 * vmspec: what differs between the QEMU versions that it builds in
 *
 * The only file that knows QEMU versions; the sources are the same for all.
 * Include after qemu/osdep.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_COMPAT_H
#define HW_ARM_VMSPEC_COMPAT_H

#define VMSPEC_QEMU_AT_LEAST(major, minor)      \
    (QEMU_VERSION_MAJOR > (major) ||            \
     (QEMU_VERSION_MAJOR == (major) && QEMU_VERSION_MINOR >= (minor)))

/* class_init's data became const after 10.0. */
#if VMSPEC_QEMU_AT_LEAST(10, 1)
typedef const void VmspecClassData;
#else
typedef void VmspecClassData;
#endif

/* From 10.2 on a machine is listed only by the binaries that it names. */
#if VMSPEC_QEMU_AT_LEAST(10, 2)
#include "hw/arm/machines-qom.h"
#define VMSPEC_MACHINE_INTERFACES aarch64_machine_interfaces
#else
#define VMSPEC_MACHINE_INTERFACES NULL
#endif

/* CLIDR_EL1 of an ARMCPU; it moved to the ID registers after 10.0. */
#if VMSPEC_QEMU_AT_LEAST(10, 1)
#define VMSPEC_CLIDR(cpu) GET_IDREG(&(cpu)->isar, CLIDR)
#else
#define VMSPEC_CLIDR(cpu) ((cpu)->clidr)
#endif

/* ID_AA64MMFR0_EL1 of an ARMCPU, which moved at the same time */
#if VMSPEC_QEMU_AT_LEAST(10, 1)
#define VMSPEC_AA64MMFR0(cpu) GET_IDREG(&(cpu)->isar, ID_AA64MMFR0)
#else
#define VMSPEC_AA64MMFR0(cpu) ((cpu)->isar.id_aa64mmfr0)
#endif

/*
 * Where QEMU's ghes.c keeps the address of the blocks of memory errors. From
 * 10.2 on it has that of their table, and an event of its own.
 */
#if VMSPEC_QEMU_AT_LEAST(10, 2)
#define VMSPEC_RAS_BY_TABLE 1
#define VMSPEC_RAS_ADDRESS(ghes) ((ghes)->hest_addr_le)
#define VMSPEC_RAS_SET_PRESENT(ghes)
#define VMSPEC_GENERIC_ERROR_STATUS ACPI_GENERIC_ERROR
#else
#define VMSPEC_RAS_BY_TABLE 0
#define VMSPEC_RAS_ADDRESS(ghes) ((ghes)->hw_error_le)
#define VMSPEC_RAS_SET_PRESENT(ghes) ((ghes)->present = true)
#define VMSPEC_GENERIC_ERROR_STATUS 128
#endif

#if VMSPEC_QEMU_AT_LEAST(10, 1)
#include "system/address-spaces.h"
#else
#include "exec/address-spaces.h"
#endif

#endif
