/*
 * vmspec: devices that need no file of their own
 *
 * One function makes one kind of device; the table at the end says which row
 * is made by which function. Addresses and interrupts come from the row.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/acpi/vmspec-ged.h"
#include "hw/acpi/vmspec-pcihp.h"
#include "hw/arm/smmuv3.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-firmware.h"
#include "hw/char/pl011.h"
#include "hw/irq.h"
#include "hw/platform-bus.h"
#include "hw/qdev-properties.h"
#include "hw/rtc/pl031.h"
#include "hw/watchdog/sbsa_gwdt.h"
#include "system/system.h"
#include "target/arm/cpu.h"
#include "place.h"
#include "simple.h"

static void make_pl011(VmspecMachineState *vms, VmspecRowId row)
{
    DeviceState *dev = qdev_new(TYPE_PL011);

    qdev_prop_set_chr(dev, "chardev", serial_hd(row == VMSPEC_UART1));
    vmspec_place_device(vms, row, dev);
}

static void make_pl031(VmspecMachineState *vms, VmspecRowId row)
{
    vmspec_place_device(vms, row, qdev_new(TYPE_PL031));
}

/* A key that presses @line of the GPIO controller @gpio for a moment */
static DeviceState *make_key(VmspecMachineState *vms, DeviceState *gpio,
                             unsigned line, const char *name)
{
    DeviceState *key = qdev_new("gpio-key");

    object_property_add_child(OBJECT(vms), name, OBJECT(key));
    key->id = g_strdup(name);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(key), &error_fatal);
    sysbus_connect_irq(SYS_BUS_DEVICE(key), 0, qdev_get_gpio_in(gpio, line));
    return key;
}

/* The keys are lines of the GPIO controller (gpio-keys in the FDT). */
static void make_pl061(VmspecMachineState *vms, VmspecRowId row)
{
    const VmspecPlatform *platform = vms->plan->platform;
    DeviceState *dev = qdev_new("pl061");

    /* A line that nothing drives reads 0. */
    qdev_prop_set_uint32(dev, "pullups", 0);
    qdev_prop_set_uint32(dev, "pulldowns", 0xff);
    vmspec_place_device(vms, row, dev);

    vms->power_button = make_key(vms, dev, platform->power_button_line,
                                 "power-button");
    vms->wake_key = make_key(vms, dev, platform->wake_key_line, "wake-key");
}

void vmspec_powerdown(Notifier *n, void *opaque)
{
    VmspecMachineState *vms = container_of(n, VmspecMachineState, powerdown);

    if (vms->ged) {
        acpi_send_event(vms->ged, ACPI_POWER_DOWN_STATUS);
    }
    qemu_set_irq(qdev_get_gpio_in(vms->power_button, 0), 1);
}

void vmspec_wakeup(MachineState *ms)
{
    qemu_set_irq(qdev_get_gpio_in(VMSPEC_MACHINE(ms)->wake_key, 0), 1);
}

static void add_alias(VmspecMachineState *vms, MemoryRegion *container,
                      MemoryRegion *part, hwaddr base)
{
    MemoryRegion *alias = g_new0(MemoryRegion, 1);

    memory_region_init_alias(alias, OBJECT(vms), memory_region_name(part),
                             part, 0, memory_region_size(part));
    memory_region_add_subregion(container, base, alias);
}

/*
 * What fw_cfg's DMA reaches: RAM, and memory that is plugged. A guest cannot
 * make fw_cfg write to registers, where a transfer of 4 GiB would hold the big
 * QEMU lock for minutes.
 */
static AddressSpace *make_fw_cfg_memory(VmspecMachineState *vms)
{
    static const VmspecRowId rows[] = { VMSPEC_RAM_LOW, VMSPEC_RAM_HIGH };
    MemoryRegion *root = g_new0(MemoryRegion, 1);
    AddressSpace *as = g_new0(AddressSpace, 1);

    memory_region_init(root, OBJECT(vms), "fw-cfg-dma", UINT64_MAX);
    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        if (vmspec_has(vms->plan, rows[i])) {
            add_alias(vms, root, vms->ram_part[i],
                      vms->plan->region[rows[i]].base);
        }
    }
    if (MACHINE(vms)->device_memory) {
        add_alias(vms, root, &MACHINE(vms)->device_memory->mr,
                  MACHINE(vms)->device_memory->base);
    }
    address_space_init(as, root, "fw-cfg-dma");
    return as;
}

/* Selector, data and DMA registers share the row. */
static void make_fw_cfg(VmspecMachineState *vms, VmspecRowId row)
{
    static const hwaddr offset[] = { 8, 0, 16 };
    static uint8_t present = 1;
    uint64_t base = vms->plan->region[row].base;
    SysBusDevice *sbd;

    vms->fw_cfg = fw_cfg_init_mem_wide(base + offset[0], base + offset[1], 8,
                                       base + offset[2],
                                       make_fw_cfg_memory(vms));
    DEVICE(vms->fw_cfg)->id = g_strdup(vmspec_row(vms->plan, row)->name);
    sbd = SYS_BUS_DEVICE(vms->fw_cfg);
    for (int i = 0; i < ARRAY_SIZE(offset); i++) {
        vmspec_map_sysbus(vms, row, sbd, i, offset[i]);
    }
    fw_cfg_add_i16(vms->fw_cfg, FW_CFG_NB_CPUS, vms->plan->num_cpus);
    if (!vms->plan->fdt) {
        fw_cfg_add_file(vms->fw_cfg, VMSPEC_FW_CFG_NO_FDT, &present,
                        sizeof(present));
    }
}

/* The GED also has the memory hot-plug registers. */
static void make_ged(VmspecMachineState *vms, VmspecRowId row)
{
    bool memhp = vmspec_has(vms->plan, VMSPEC_ACPI_MEMHP);
    uint32_t events = ACPI_GED_PWR_DOWN_EVT;

    if (memhp) {
        events |= ACPI_GED_MEM_HOTPLUG_EVT;
    }
    if (vms->plan->nvdimm) {
        events |= ACPI_GED_NVDIMM_HOTPLUG_EVT;
    }
    vms->ged = qdev_new(TYPE_VMSPEC_GED);
    qdev_prop_set_uint32(vms->ged, "ged-event", events);
    vmspec_place_device(vms, row, vms->ged);
    if (memhp) {
        vmspec_map_sysbus(vms, VMSPEC_ACPI_MEMHP, SYS_BUS_DEVICE(vms->ged), 1,
                          0);
    }
}

static void make_pcihp(VmspecMachineState *vms, VmspecRowId row)
{
    vms->pcihp = qdev_new(TYPE_VMSPEC_PCIHP);
    vmspec_place_device(vms, row, vms->pcihp);
}

static void make_smmu(VmspecMachineState *vms, VmspecRowId row)
{
    DeviceState *dev = qdev_new(TYPE_ARM_SMMUV3);

    /* Stage 1, stage 2 and both, as virt has it (platform.md, section 2.1) */
    qdev_prop_set_string(dev, "stage", "nested");
    object_property_set_link(OBJECT(dev), "primary-bus", OBJECT(vms->bus),
                             &error_abort);
    vmspec_place_device(vms, row, dev);
}

/* The watchdog counts at the rate of the generic timer, as in CNTFRQ. */
static void make_watchdog(VmspecMachineState *vms, VmspecRowId row)
{
    DeviceState *dev = qdev_new(TYPE_WDT_SBSA);

    qdev_prop_set_uint64(dev, "clock-frequency",
                         ARM_CPU(first_cpu)->gt_cntfrq_hz);
    vmspec_place_device(vms, row, dev);
}

static void map_watchdog_control(VmspecMachineState *vms, VmspecRowId row)
{
    VmspecRowId refresh = vmspec_row(vms->plan, row)->second_frame;
    Object *dev = object_resolve_path_component(
        OBJECT(vms), vmspec_row(vms->plan, refresh)->name);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    vmspec_map_sysbus(vms, row, sbd, 1, 0);
    vmspec_connect_irqs(vms, row, sbd);
}

/*
 * QEMU names a transport's bus after the device's id if there is one. The id
 * is set after realize, so that the bus of transport n gets the name that
 * people know from virt: virtio-mmio-bus.n.
 *
 * Guests probe all transports that the row has room for without asking (LK,
 * RT-Thread, Zephyr, Nanos), so those that are absent read 0.
 */
static void make_virtio_mmio(VmspecMachineState *vms, VmspecRowId row)
{
    const VmspecRow *r = vmspec_row(vms->plan, row);

    vmspec_fill_row(vms, row);
    for (unsigned i = 0; i < vms->plan->count[row]; i++) {
        g_autofree char *name = g_strdup_printf("%s.%u", r->name, i);
        DeviceState *dev = qdev_new("virtio-mmio");
        SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

        object_property_add_child(OBJECT(vms), name, OBJECT(dev));
        sysbus_realize_and_unref(sbd, &error_fatal);
        dev->id = g_steal_pointer(&name);
        vmspec_map_sysbus(vms, row, sbd, 0, i * r->stride);
        sysbus_connect_irq(sbd, 0, vmspec_spi(vms, r->irqs.spi + i));
    }
}

/* vmspec_link_platform_device() connects the lines. */
static void make_platform_bus(VmspecMachineState *vms, VmspecRowId row)
{
    DeviceState *dev = qdev_new(TYPE_PLATFORM_BUS_DEVICE);

    qdev_prop_set_uint32(dev, "num_irqs",
                         vmspec_row(vms->plan, row)->irqs.count);
    qdev_prop_set_uint32(dev, "mmio_size", vms->plan->region[row].size);
    vmspec_adopt(vms, row, dev);
    sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
    vmspec_map_sysbus(vms, row, SYS_BUS_DEVICE(dev), 0, 0);
    vms->platform_bus = dev;
}

/*
 * The first device connects the lines of the bus: most machines have none, and
 * a line costs as much as a device.
 */
void vmspec_link_platform_device(VmspecMachineState *vms, SysBusDevice *sbd)
{
    if (!vms->platform_devices) {
        vms->platform_devices = true;
        vmspec_connect_irqs(vms, VMSPEC_PLATFORM_BUS,
                            SYS_BUS_DEVICE(vms->platform_bus));
    }
    platform_bus_link_device(PLATFORM_BUS_DEVICE(vms->platform_bus), sbd);
}

typedef void VmspecMaker(VmspecMachineState *vms, VmspecRowId row);

/*
 * How a row is made, by id; NULL: another file makes it, or it is no device.
 * fdt/fdt.c and acpi/dsdt.c have such a table each for what is special about a
 * row there. The three are not one table, because the rooms do not know each
 * other.
 */
static VmspecMaker *const makers[VMSPEC_NUM_ROWS] = {
    [VMSPEC_UART0] = make_pl011,
    [VMSPEC_RTC] = make_pl031,
    [VMSPEC_FW_CFG] = make_fw_cfg,
    [VMSPEC_GPIO] = make_pl061,
    [VMSPEC_UART1] = make_pl011,
    [VMSPEC_SMMU] = make_smmu,
    [VMSPEC_ACPI_GED] = make_ged,
    [VMSPEC_ACPI_PCIHP] = make_pcihp,
    [VMSPEC_WATCHDOG_REFRESH] = make_watchdog,
    [VMSPEC_WATCHDOG_CONTROL] = map_watchdog_control,
    [VMSPEC_VIRTIO_MMIO] = make_virtio_mmio,
    [VMSPEC_PLATFORM_BUS] = make_platform_bus,
};

/*
 * Guests in the wild read through a null pointer early: where virt has flash
 * they find a number, and here without firmware they would find a hole
 * (platform.md, section 8).
 */
static void make_blank_at_zero(VmspecMachineState *vms)
{
    if (!vmspec_has(vms->plan, VMSPEC_FLASH0)) {
        vmspec_add_blank(vms, "blank", 0, VMSPEC_BLANK_SIZE);
    }
}

void vmspec_make_devices(VmspecMachineState *vms)
{
    make_blank_at_zero(vms);
    for (VmspecRowId row = 0; row < VMSPEC_NUM_ROWS; row++) {
        if (makers[row] && vmspec_has(vms->plan, row)) {
            makers[row](vms, row);
        }
    }
}
