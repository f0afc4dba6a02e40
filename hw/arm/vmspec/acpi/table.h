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
#include "hw/arm/vmspec-plan.h"

/* platform.md, section 6; the table ID is the platform's version. */
#define VMSPEC_OEM_ID "VMSPEC"
#define VMSPEC_OEM_TABLE_ID "VMSPEC10"

/* A global system interrupt is the INTID: SPI n is GSI 32 + n. */
#define VMSPEC_GSI_SPI_BASE VMSPEC_SPI_INTID_BASE

typedef struct VmspecAcpi {
    const VmspecPlan *plan;
    const VmspecPlugged *plugged;
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

/*
 * acpi-cache.c: the cache structures of one core, cluster or socket, as @scope
 * says, into the PPTT that begins at @table. The caches that the processor
 * node must list, as offsets into the table, go to @head; returns how many.
 */
#define VMSPEC_MAX_CACHE_HEADS 2
unsigned vmspec_acpi_caches(VmspecAcpi *a, unsigned table,
                            VmspecCacheScope scope, uint32_t head[]);

/* acpi-topology.c */
void vmspec_acpi_pptt(VmspecAcpi *a);
void vmspec_acpi_srat(VmspecAcpi *a);
void vmspec_acpi_iort(VmspecAcpi *a);
void vmspec_acpi_viot(VmspecAcpi *a);

/*
 * acpi-memory.c: the SSDT of the memory slots, which the DSDT's GED calls, and
 * the SRAT's entries for device memory, as it is plugged now
 */
void vmspec_acpi_memory_hotplug(VmspecAcpi *a);
void vmspec_srat_device_memory(VmspecAcpi *a);

/* _UID of the processor container of @cpu's socket or cluster */
uint32_t vmspec_acpi_socket_uid(const VmspecPlan *plan,
                                const VmspecCpuPlan *cpu);
uint32_t vmspec_acpi_cluster_uid(const VmspecPlan *plan,
                                 const VmspecCpuPlan *cpu);

/*
 * acpi-dsdt.c: @ged_events are the bits that the Generic Event Device serves;
 * @tpm_base and @tpm_size are the TPM's registers on the platform bus, size 0
 * without a TPM.
 */
void vmspec_acpi_dsdt(VmspecAcpi *a, uint32_t ged_events, uint64_t tpm_base,
                      uint32_t tpm_size);
/* A device with these; the caller adds _CRS. */
Aml *vmspec_aml_device(const char *name, const char *hid, unsigned uid);
/* Interrupts @first and on of @row, @count of them, with the row's trigger */
Aml *vmspec_aml_interrupts(const VmspecPlan *plan, VmspecRowId row,
                           unsigned first, unsigned count);

/* acpi-ged.c: the Generic Event Device, with the events of @served alone */
void vmspec_aml_ged(const VmspecPlan *plan, Aml *scope, uint32_t served);

/* acpi-pcihp.c: the method that asks the ports, in PCI0 */
#define VMSPEC_PCIHP_SCAN "PCNT"
/* The hot-plug registers, for the @pci device of the DSDT */
void vmspec_aml_pcihp_registers(const VmspecPlan *plan, Aml *pci);
/* What _OSC does when the guest takes ACPI hot-plug instead of native */
Aml *vmspec_aml_pcihp_take(void);
/* The SSDT; @ports are the hot-plug ports' functions on bus 0 (uint8_t). */
void vmspec_acpi_pcihp(VmspecAcpi *a, const GArray *ports);

/*
 * hw/pci-host/vmspec-pcie-acpi.c: PCI0, its interrupt links and the ECAM's
 * reservation; the MCFG is above
 */
void vmspec_aml_pcie(const VmspecPlan *plan, Aml *scope);

#endif
