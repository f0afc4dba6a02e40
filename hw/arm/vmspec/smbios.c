/*
 * vmspec: SMBIOS 3
 *
 * Owns what the machine calls itself in SMBIOS and which memory the tables
 * name. -smbios overrides the rest; QEMU builds the structures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/firmware/smbios.h"
#include "machine.h"

void vmspec_setup_smbios(VmspecMachineState *vms)
{
    const VmspecPlan *plan = &vms->plan;
    struct smbios_phys_mem_area area[VMSPEC_MAX_NODES + 1];
    uint8_t *tables, *anchor;
    size_t tables_size, anchor_size;

    for (unsigned i = 0; i < plan->num_mem; i++) {
        area[i].address = plan->mem[i].range.base;
        area[i].length = plan->mem[i].range.size;
    }
    smbios_set_defaults("QEMU", "vmspec virtual machine",
                        MACHINE_GET_CLASS(vms)->name);
    smbios_get_tables(MACHINE(vms), SMBIOS_ENTRY_POINT_TYPE_64, area,
                      plan->num_mem, &tables, &tables_size, &anchor,
                      &anchor_size, &error_fatal);
    fw_cfg_add_file(vms->fw_cfg, "etc/smbios/smbios-tables", tables,
                    tables_size);
    fw_cfg_add_file(vms->fw_cfg, "etc/smbios/smbios-anchor", anchor,
                    anchor_size);
}
