/*
 * vmspec: what the files of the ACPI namespace share
 *
 * Each function that has a @scope appends its devices there. None can fail:
 * QEMU's AML builder aborts when it has no memory.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_AML_H
#define HW_ARM_VMSPEC_ACPI_AML_H

#include "names.h"
#include "table.h"

/* aml.c */

/* Append _HID @hid, as a string, and _UID @uid to @dev; returns @dev. */
Aml *vmspec_aml_identify(Aml *dev, const char *hid, unsigned uid);

/* A device with @name and these; the caller appends its _CRS. */
Aml *vmspec_aml_device(const char *name, const char *hid, unsigned uid);

/*
 * Interrupts of @row for a _CRS: @count lines from @first on, exclusive, with
 * the row's trigger
 */
Aml *vmspec_aml_interrupts(const VmspecPlan *plan, VmspecRowId row,
                           unsigned first, unsigned count);

/* Append @aml to @a->data as the DSDT or SSDT @id. */
void vmspec_aml_append_table(VmspecAcpi *a, VmspecTableId id, Aml *aml);

/* cpus.c */

/* _UID of the container of @cpu's socket, and of @cpu's cluster */
uint32_t vmspec_acpi_socket_uid(const VmspecCpuPlan *cpu);
uint32_t vmspec_acpi_cluster_uid(const VmspecPlan *plan,
                                 const VmspecCpuPlan *cpu);

/* Sockets, in them clusters, in them the CPUs */
void vmspec_aml_cpus(const VmspecPlan *plan, Aml *scope);

/*
 * ged.c: the Generic Event Device, whose row is @id, with the events of
 * @a->ged_events
 */
void vmspec_aml_ged(const VmspecAcpi *a, VmspecRowId id, Aml *scope);

/*
 * gpio.c: the events of the GPIO controller, whose row is @id, in its device
 * @dev
 */
void vmspec_aml_gpio_events(const VmspecPlan *plan, VmspecRowId id, Aml *dev);

/* pcie.c: the interrupt links, what reserves the ECAM, and the host bridge */
void vmspec_aml_pcie(const VmspecPlan *plan, Aml *scope);

/* pcihp.c */

/* The method, in the host bridge, that asks the hot-plug ports for events */
#define VMSPEC_PCIHP_SCAN "PCNT"
/* The hot-plug registers as fields of @bridge, the host bridge's device */
void vmspec_aml_pcihp_registers(const VmspecPlan *plan, Aml *bridge);
/* The statement of _OSC by which the guest turns to ACPI hot-plug */
Aml *vmspec_aml_pcihp_take(void);

/* hest.c: what the GED notifies of memory errors, with ras=on */
void vmspec_aml_error_device(const VmspecAcpi *a, Aml *scope);

/* vmgenid.c: the VM generation ID, if -device made one */
void vmspec_aml_vmgenid(const VmspecAcpi *a, Aml *scope);

/* tpm.c: the TPM on the platform bus, if @a->tpm says that there is one */
void vmspec_aml_tpm(const VmspecAcpi *a, Aml *scope);

#endif
