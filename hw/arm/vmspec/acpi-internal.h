/*
 * vmspec: what the acpi-*.c files share
 *
 * Like the FDT's files they get the plan and own no address and no interrupt
 * number. Builders of tables that QEMU has are called; the rest is here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_ACPI_INTERNAL_H
#define HW_ARM_VMSPEC_ACPI_INTERNAL_H

#include "hw/acpi/aml-build.h"
#include "hw/acpi/bios-linker-loader.h"
#include "hw/arm/vmspec.h"
#include "hw/hotplug.h"

/* Contract section 6; the table ID is the platform's version. */
#define VMSPEC_OEM_ID "VMSPEC"
#define VMSPEC_OEM_TABLE_ID "VMSPEC10"

/* A global system interrupt is the INTID: SPI n is GSI 32 + n. */
#define VMSPEC_GSI_SPI_BASE 32

typedef struct VmspecAcpi {
    const VmspecPlan *plan;
    GArray *data;           /* all tables, one after the other */
    BIOSLinker *linker;
} VmspecAcpi;

static inline void vmspec_acpi_int(VmspecAcpi *a, uint64_t value, int bytes)
{
    build_append_int_noprefix(a->data, value, bytes);
}

static inline uint32_t vmspec_gsi(const VmspecPlan *plan, VmspecRowId row,
                                  unsigned n)
{
    return VMSPEC_GSI_SPI_BASE + plan->platform->rows[row].irqs.spi + n;
}

/* acpi-tables.c */
void vmspec_acpi_fadt(VmspecAcpi *a, unsigned dsdt);
void vmspec_acpi_madt(VmspecAcpi *a);
void vmspec_acpi_gtdt(VmspecAcpi *a);
void vmspec_acpi_mcfg(VmspecAcpi *a);
void vmspec_acpi_spcr(VmspecAcpi *a);
void vmspec_acpi_dbg2(VmspecAcpi *a);

/* acpi-topology.c */
void vmspec_acpi_pptt(VmspecAcpi *a);
void vmspec_acpi_srat(VmspecAcpi *a);
void vmspec_acpi_iort(VmspecAcpi *a);

/* _UID of the processor container of @cpu's socket or cluster */
uint32_t vmspec_acpi_socket_uid(const VmspecPlan *plan,
                                const VmspecCpuPlan *cpu);
uint32_t vmspec_acpi_cluster_uid(const VmspecPlan *plan,
                                 const VmspecCpuPlan *cpu);

/*
 * acpi-dsdt.c: @ged is the Generic Event Device; @tpm_base and @tpm_size are
 * the TPM's registers on the platform bus, size 0 without a TPM.
 */
void vmspec_acpi_dsdt(VmspecAcpi *a, HotplugHandler *ged, uint64_t tpm_base,
                      uint32_t tpm_size);

/* acpi-pcie.c: PCI0, its interrupt links and the ECAM's reservation */
void vmspec_aml_pcie(const VmspecPlan *plan, Aml *scope);

#endif
