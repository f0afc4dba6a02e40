/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sets of cases
 */

#ifndef VMSPEC_TESTS_CASES_H
#define VMSPEC_TESTS_CASES_H

void add_matrix_cases(void);
void add_firmware_cases(void);
void add_loader_cases(void);
void add_facts_cases(void);
void add_secure_boot_cases(void);
void add_power_cases(void);
void add_device_cases(void);
void add_hypervisor_cases(void);
void add_acpi_cases(void);
void add_hotplug_cases(void);
void add_pcie_cases(void);
void add_pcie_bar_cases(void);
void add_race_cases(void);
void add_memory_cases(void);
void add_cpu_cases(void);
void add_fwts_cases(void);
void add_both_cases(void);
void add_nvram_cases(void);

#endif
