/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * guest-test: real guests on the machine
 *
 * Lists the sets of cases.  Each case is /guest/GROUP/NAME, and each group is
 * a test of its own in meson.build, so that groups run in parallel.
 */

#include <glib.h>

#include "cases.h"

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_matrix_cases();
    add_firmware_cases();
    add_loader_cases();
    add_facts_cases();
    add_secure_boot_cases();
    add_power_cases();
    add_device_cases();
    add_hypervisor_cases();
    add_acpi_cases();
    add_hotplug_cases();
    add_pcie_cases();
    add_pcie_bar_cases();
    add_race_cases();
    add_memory_cases();
    add_cpu_cases();
    add_fwts_cases();
    add_both_cases();
    add_nvram_cases();
    return g_test_run();
}
