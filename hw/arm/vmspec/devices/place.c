/*
 * vmspec: put a device on its row
 *
 * A row says where a device is and which interrupts it has; the functions here
 * map and wire a device accordingly.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/qdev-core.h"
#include "masters.h"
#include "place.h"

static MemoryRegion *row_container(VmspecMachineState *vms, VmspecRowId row)
{
    VmspecRange range = vms->plan->region[row];

    if (!vms->container[row]) {
        vms->container[row] = g_new0(MemoryRegion, 1);
        memory_region_init(vms->container[row], OBJECT(vms),
                           vmspec_row(vms->plan, row)->name, range.size);
        memory_region_add_subregion(get_system_memory(), range.base,
                                    vms->container[row]);
    }
    return vms->container[row];
}

static bool is_for_cpus(const VmspecRow *row)
{
    return row->id == VMSPEC_PCIE_ECAM ||
           (row->kind == VMSPEC_KIND_DEVICE && !row->msi_controller);
}

void vmspec_move_region(VmspecMachineState *vms, VmspecRowId row,
                        MemoryRegion *mr, hwaddr offset)
{
    if (is_for_cpus(vmspec_row(vms->plan, row)) && mr->terminates) {
        vmspec_refuse_bus_masters(mr);
    }
    memory_region_del_subregion(get_system_memory(), mr);
    memory_region_add_subregion(row_container(vms, row), offset, mr);
}

static uint64_t blank_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

static void blank_write(void *opaque, hwaddr addr, uint64_t value,
                         unsigned size)
{
}

static const MemoryRegionOps blank_ops = {
    .read = blank_read,
    .write = blank_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

static MemoryRegion *make_blank(VmspecMachineState *vms, const char *name,
                                uint64_t size)
{
    MemoryRegion *mr = g_new0(MemoryRegion, 1);

    memory_region_init_io(mr, OBJECT(vms), &blank_ops, NULL, name, size);
    return mr;
}

void vmspec_fill_row(VmspecMachineState *vms, VmspecRowId row)
{
    g_autofree char *name = g_strdup_printf(
        "%s-absent", vmspec_row(vms->plan, row)->name);

    /* Below the devices, which have priority 0 */
    memory_region_add_subregion_overlap(
        row_container(vms, row), 0,
        make_blank(vms, name, vms->plan->region[row].size), -1);
}

void vmspec_add_blank(VmspecMachineState *vms, const char *name, hwaddr base,
                      uint64_t size)
{
    memory_region_add_subregion(get_system_memory(), base,
                                make_blank(vms, name, size));
}

void vmspec_map_sysbus(VmspecMachineState *vms, VmspecRowId row,
                       SysBusDevice *sbd, int n, hwaddr offset)
{
    /* sysbus_mmio_map() is what makes info qtree show the address. */
    sysbus_mmio_map(sbd, n, vms->plan->region[row].base + offset);
    vmspec_move_region(vms, row, sysbus_mmio_get_region(sbd, n), offset);
}

void vmspec_adopt(VmspecMachineState *vms, VmspecRowId row, DeviceState *dev)
{
    const char *name = vmspec_row(vms->plan, row)->name;

    dev->id = g_strdup(name);
    object_property_add_child(OBJECT(vms), name, OBJECT(dev));
    object_unref(OBJECT(dev));
}

qemu_irq vmspec_spi(VmspecMachineState *vms, unsigned spi)
{
    return qdev_get_gpio_in(vms->gic, spi);
}

void vmspec_connect_irqs(VmspecMachineState *vms, VmspecRowId row,
                         SysBusDevice *sbd)
{
    const VmspecIrqs *irqs = &vmspec_row(vms->plan, row)->irqs;

    for (unsigned i = 0; i < irqs->count; i++) {
        sysbus_connect_irq(sbd, i, vmspec_spi(vms, irqs->spi + i));
    }
}

void vmspec_place_device(VmspecMachineState *vms, VmspecRowId row,
                         DeviceState *dev)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    vmspec_adopt(vms, row, dev);
    sysbus_realize(sbd, &error_fatal);
    vmspec_map_sysbus(vms, row, sbd, 0, 0);
    vmspec_connect_irqs(vms, row, sbd);
}
