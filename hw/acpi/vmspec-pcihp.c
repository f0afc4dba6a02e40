/*
 * ACPI PCI hot-plug registers for root ports
 *
 * A machine has FDT and ACPI, so guests of either kind can run. When a guest
 * evaluates _OSC, that method sets bit 0 of the control register, and these
 * registers serve the guest from then on: plug and removal are events of the
 * Generic Event Device, and the guest ejects by a register. Until then, and for
 * guests that never evaluate _OSC (firmware, guests that run on FDT), native
 * hot-plug of the port serves. hw/arm/vmspec/acpi/pcihp.c has the AML, and
 * platform.md, section 4.6, has the times of both kinds.
 *
 * The registers name a port by its function on bus 0, which neither migration
 * nor other ports change.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/vmspec-pcihp.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/hotplug.h"
#include "hw/pci-host/vmspec-root-port.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pcie_port.h"
#include "migration/vmstate.h"
#include "qemu/error-report.h"
#include "qemu/log.h"

/*
 * A second device_del within this time fails: QEMU gives native hot-plug the
 * same time for the guest's answer to the attention button.
 */
#define REQUEST_AGAIN_MS 5000

struct VmspecPcihpState {
    SysBusDevice parent_obj;

    MemoryRegion registers;
    PCIBus *root;               /* NULL before vmspec_pcihp_take_ports() */
    DeviceState *ged;

    /* Registers; the first two exist once for each value of the selector. */
    uint32_t up[VMSPEC_PCIHP_SELECTORS];
    uint32_t down[VMSPEC_PCIHP_SELECTORS];
    uint32_t selector;
    uint32_t control;
};

bool vmspec_pcihp_is_port(const PCIDevice *dev)
{
    return object_dynamic_cast(OBJECT(dev), TYPE_PCIE_SLOT) &&
           PCIE_SLOT(dev)->hotplug;
}

static void notify_guest(VmspecPcihpState *s)
{
    acpi_send_event(s->ged, ACPI_PCI_HOTPLUG_STATUS);
}

static uint32_t port_bit(const PCIDevice *port)
{
    return 1u << port->devfn % VMSPEC_PCIHP_PORTS;
}

/* The element of @words, s->up or s->down, that has @port's bit */
static uint32_t *port_word(uint32_t *words, const PCIDevice *port)
{
    return &words[port->devfn / VMSPEC_PCIHP_PORTS];
}

/* The port above @dev */
static PCIDevice *port_of(DeviceState *dev)
{
    return pci_bridge_get_device(pci_get_bus(PCI_DEVICE(dev)));
}

/* Returns whether ACPI, rather than the port itself, serves @port now. */
static bool served_by_acpi(VmspecPcihpState *s, const PCIDevice *port)
{
    return s->control & VMSPEC_PCIHP_CONTROL_ACPI &&
           pci_get_bus(port) == s->root;
}

static bool slot_is_off(const PCIDevice *port)
{
    return pci_get_word(port->config + port->exp.exp_cap + PCI_EXP_SLTCTL) &
           PCI_EXP_SLTCTL_PCC;
}

/*
 * Switch the power of @port's slot as a guest of native hot-plug does, by the
 * slot control register. Off ejects what is in the slot.
 */
static void set_slot_power(PCIDevice *port, bool on)
{
    uint32_t at = port->exp.exp_cap + PCI_EXP_SLTCTL;
    uint32_t value = pci_get_word(port->config + at);

    value &= ~(PCI_EXP_SLTCTL_PCC | PCI_EXP_SLTCTL_PIC);
    value |= on ? PCI_EXP_SLTCTL_PWR_ON | PCI_EXP_SLTCTL_PWR_IND_ON :
                  PCI_EXP_SLTCTL_PWR_OFF | PCI_EXP_SLTCTL_PWR_IND_OFF;
    PCI_DEVICE_GET_CLASS(port)->config_write(port, at, value, 2);
}

static void vmspec_pcihp_pre_plug(HotplugHandler *handler, DeviceState *dev,
                                  Error **errp)
{
    ERRP_GUARD();
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    if (dev->hotplugged && s->control & VMSPEC_PCIHP_CONTROL_ACPI &&
        pci_get_bus(port) != s->root) {
        error_setg(errp, "port %s is not on pcie.0: the guest uses ACPI "
                   "hot-plug, which serves the ports on pcie.0 alone",
                   DEVICE(port)->id ?: "without id");
        error_append_hint(errp, "Use a port on pcie.0, or start the guest "
                          "with -machine acpi=off.\n");
        return;
    }
    if (vmspec_port_takes(port, dev, errp)) {
        hotplug_handler_pre_plug(HOTPLUG_HANDLER(port), dev, errp);
    }
}

static void vmspec_pcihp_plug(HotplugHandler *handler, DeviceState *dev,
                              Error **errp)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    if (!dev->hotplugged || !served_by_acpi(s, port)) {
        hotplug_handler_plug(HOTPLUG_HANDLER(port), dev, errp);
        return;
    }
    set_slot_power(port, true);
    hotplug_handler_plug(HOTPLUG_HANDLER(port), dev, errp);
    /* A guest looks for functions when function 0 is there: it comes last. */
    if (pci_get_function_0(PCI_DEVICE(dev))) {
        *port_word(s->up, port) |= port_bit(port);
        notify_guest(s);
    }
}

static void vmspec_pcihp_unplug_request(HotplugHandler *handler,
                                        DeviceState *dev, Error **errp)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    /*
     * Without function 0 the guest has not seen the device. Native hot-plug
     * then removes it without asking the guest.
     */
    if (!served_by_acpi(s, port) || !pci_get_function_0(PCI_DEVICE(dev))) {
        hotplug_handler_unplug_request(HOTPLUG_HANDLER(port), dev, errp);
        return;
    }
    dev->pending_deleted_event = true;
    dev->pending_deleted_expires_ms =
        qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + REQUEST_AGAIN_MS;
    *port_word(s->down, port) |= port_bit(port);
    notify_guest(s);
}

static void vmspec_pcihp_unplug(HotplugHandler *handler, DeviceState *dev,
                                Error **errp)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    *port_word(s->up, port) &= ~port_bit(port);
    *port_word(s->down, port) &= ~port_bit(port);
    hotplug_handler_unplug(HOTPLUG_HANDLER(port), dev, errp);
}

/*
 * The guest's driver has released the devices in the slots of @ports, a value
 * of the eject register. A port whose slot loses power deletes the device in
 * it, with all functions.
 */
static void vmspec_pcihp_eject(VmspecPcihpState *s, uint32_t ports)
{
    for (unsigned bit = 0; bit < VMSPEC_PCIHP_PORTS; bit++) {
        unsigned devfn = s->selector * VMSPEC_PCIHP_PORTS + bit;
        PCIDevice *port = s->root ? s->root->devices[devfn] : NULL;

        if (!(ports & 1u << bit)) {
            continue;
        }
        if (!port || !vmspec_pcihp_is_port(port)) {
            qemu_log_mask(LOG_GUEST_ERROR, "acpi-pcihp: eject of %02x.%x, "
                          "which is no hot-plug port\n", PCI_SLOT(devfn),
                          PCI_FUNC(devfn));
            continue;
        }
        /*
         * The port ejects on the edge from on to off. The register can say
         * "off" already, so make that edge; then leave the power on.
         */
        set_slot_power(port, true);
        set_slot_power(port, false);
        set_slot_power(port, true);
    }
}

/*
 * Returns whether device_del has named a function on @bus. One function is
 * enough, since all of them are removed together.
 */
static bool removal_asked(const PCIBus *bus)
{
    for (unsigned devfn = 0; devfn < PCI_FUNC_MAX; devfn++) {
        if (bus->devices[devfn] &&
            DEVICE(bus->devices[devfn])->pending_deleted_event) {
            return true;
        }
    }
    return false;
}

/*
 * The guest switches from native to ACPI hot-plug. Report again what native
 * hot-plug left open: a removal that the guest was asked for, and a device
 * whose slot nobody has powered on (the firmware does not).
 */
static void vmspec_pcihp_take_over(VmspecPcihpState *s)
{
    bool event = false;

    for (unsigned devfn = 0; s->root && devfn < PCI_DEVFN_MAX; devfn++) {
        PCIDevice *port = s->root->devices[devfn];
        PCIBus *bus;

        if (!port || !vmspec_pcihp_is_port(port)) {
            continue;
        }
        bus = pci_bridge_get_sec_bus(PCI_BRIDGE(port));
        if (removal_asked(bus)) {
            *port_word(s->down, port) |= port_bit(port);
        } else if (bus->devices[0] && slot_is_off(port)) {
            set_slot_power(port, true);
            *port_word(s->up, port) |= port_bit(port);
        }
        if (*port_word(s->down, port) || *port_word(s->up, port)) {
            event = true;
        }
    }
    if (event) {
        notify_guest(s);
    }
}

static uint64_t vmspec_pcihp_read(void *opaque, hwaddr addr, unsigned size)
{
    VmspecPcihpState *s = opaque;

    switch (addr) {
    case VMSPEC_PCIHP_UP:
        return s->up[s->selector];
    case VMSPEC_PCIHP_DOWN:
        return s->down[s->selector];
    case VMSPEC_PCIHP_CONTROL:
        return s->control;
    case VMSPEC_PCIHP_SELECTOR:
        return s->selector;
    default:
        return 0;
    }
}

static void vmspec_pcihp_write(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    VmspecPcihpState *s = opaque;

    switch (addr) {
    case VMSPEC_PCIHP_UP:
        s->up[s->selector] &= ~value;
        break;
    case VMSPEC_PCIHP_DOWN:
        s->down[s->selector] &= ~value;
        break;
    case VMSPEC_PCIHP_EJECT:
        vmspec_pcihp_eject(s, value);
        break;
    case VMSPEC_PCIHP_CONTROL:
        s->control = value & VMSPEC_PCIHP_CONTROL_ACPI;
        if (s->control) {
            vmspec_pcihp_take_over(s);
        }
        break;
    case VMSPEC_PCIHP_SELECTOR:
        if (value < VMSPEC_PCIHP_SELECTORS) {
            s->selector = value;
            break;
        }
        /* fall through */
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "acpi-pcihp: 0x%" PRIx64 " written at "
                      "offset 0x%" HWADDR_PRIx "\n", value, addr);
    }
}

static const MemoryRegionOps vmspec_pcihp_ops = {
    .read = vmspec_pcihp_read,
    .write = vmspec_pcihp_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

/*
 * A removal that was asked for stays so over a reset: s->down keeps its bits,
 * and vmspec_pcihp_take_over() reports them to the next guest.
 */
static void vmspec_pcihp_reset_hold(Object *obj, ResetType type)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(obj);

    memset(s->up, 0, sizeof(s->up));
    s->selector = 0;
    s->control = 0;
}

static void vmspec_pcihp_take_port(PCIBus *bus, PCIDevice *dev, void *opaque)
{
    BusState *secondary;

    if (!object_dynamic_cast(OBJECT(dev), TYPE_PCI_BRIDGE)) {
        return;
    }
    secondary = BUS(pci_bridge_get_sec_bus(PCI_BRIDGE(dev)));
    if (vmspec_pcihp_is_port(dev)) {
        qbus_set_hotplug_handler(secondary, OBJECT(opaque));
    }
    pci_for_each_device_under_bus(PCI_BUS(secondary), vmspec_pcihp_take_port,
                                  opaque);
}

void vmspec_pcihp_take_ports(VmspecPcihpState *s, PCIBus *root,
                             DeviceState *ged)
{
    s->root = root;
    s->ged = ged;
    pci_for_each_device_under_bus(root, vmspec_pcihp_take_port, s);
}

static void vmspec_pcihp_instance_init(Object *obj)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(obj);

    memory_region_init_io(&s->registers, obj, &vmspec_pcihp_ops, s,
                          "acpi-pcihp-registers", VMSPEC_PCIHP_LENGTH);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->registers);
}

/* The selector indexes arrays, so check it; a stream can say anything. */
static int vmspec_pcihp_post_load(void *opaque, int version_id)
{
    VmspecPcihpState *s = opaque;

    if (s->selector >= VMSPEC_PCIHP_SELECTORS) {
        error_report("acpi-pcihp: selector %" PRIu32 " in the migration "
                     "stream, expected 0 to %d", s->selector,
                     VMSPEC_PCIHP_SELECTORS - 1);
        return -EINVAL;
    }
    s->control &= VMSPEC_PCIHP_CONTROL_ACPI;
    return 0;
}

static const VMStateDescription vmstate_vmspec_pcihp = {
    .name = TYPE_VMSPEC_PCIHP,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = vmspec_pcihp_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(up, VmspecPcihpState, VMSPEC_PCIHP_SELECTORS),
        VMSTATE_UINT32_ARRAY(down, VmspecPcihpState, VMSPEC_PCIHP_SELECTORS),
        VMSTATE_UINT32(selector, VmspecPcihpState),
        VMSTATE_UINT32(control, VmspecPcihpState),
        VMSTATE_END_OF_LIST()
    },
};

static void vmspec_pcihp_class_init(ObjectClass *oc, VmspecClassData *data)
{
    HotplugHandlerClass *hc = HOTPLUG_HANDLER_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "vmspec's ACPI PCI hot-plug registers";
    dc->vmsd = &vmstate_vmspec_pcihp;
    dc->user_creatable = false;
    RESETTABLE_CLASS(oc)->phases.hold = vmspec_pcihp_reset_hold;
    hc->pre_plug = vmspec_pcihp_pre_plug;
    hc->plug = vmspec_pcihp_plug;
    hc->unplug_request = vmspec_pcihp_unplug_request;
    hc->unplug = vmspec_pcihp_unplug;
}

static const TypeInfo vmspec_pcihp_types[] = {
    {
        .name = TYPE_VMSPEC_PCIHP,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(VmspecPcihpState),
        .instance_init = vmspec_pcihp_instance_init,
        .class_init = vmspec_pcihp_class_init,
        .interfaces = (InterfaceInfo[]) {
            { TYPE_HOTPLUG_HANDLER },
            { }
        },
    },
};

DEFINE_TYPES(vmspec_pcihp_types)
