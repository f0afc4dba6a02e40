/*
 * vmspec: ACPI PCI hot-plug
 *
 * Owns the registers by which the AML of acpi-pcihp.c learns what was plugged
 * to a port and what is to be removed, and lets go of it (platform.md, section
 * 4.6). A machine has both descriptions, so either kind of guest can run: a
 * guest that evaluates _OSC sets the control register's bit 0 there, and is
 * then served by these registers; before, and without, the port's own, native
 * hot-plug serves it. Firmware and FDT guests are such guests.
 *
 * A port is named by its function on bus 0, which migration and other ports
 * do not change.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/arm/vmspec-compat.h"
#include "hw/hotplug.h"
#include "hw/pci-host/vmspec-root-port.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pcie_port.h"
#include "migration/vmstate.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "hw/acpi/vmspec-pcihp.h"

/* As long as a guest has for its answer to the attention button */
#define REQUEST_AGAIN_MS 5000

struct VmspecPcihpState {
    SysBusDevice parent_obj;

    MemoryRegion registers;
    PCIBus *root;
    DeviceState *ged;

    uint32_t up[VMSPEC_PCIHP_BANKS];
    uint32_t down[VMSPEC_PCIHP_BANKS];
    uint32_t bank;
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
    return 1u << port->devfn % VMSPEC_PCIHP_BANK_BITS;
}

/* The word of @words with @port's bit */
static uint32_t *port_word(uint32_t *words, const PCIDevice *port)
{
    return &words[port->devfn / VMSPEC_PCIHP_BANK_BITS];
}

static PCIDevice *port_of(DeviceState *dev)
{
    return pci_bridge_get_device(pci_get_bus(PCI_DEVICE(dev)));
}

/* Does the guest plug by ACPI what comes to @port? */
static bool by_acpi(VmspecPcihpState *s, const PCIDevice *port)
{
    return s->control & VMSPEC_PCIHP_CONTROL_ACPI &&
           pci_get_bus(port) == s->root;
}

static bool slot_is_off(const PCIDevice *port)
{
    return pci_get_word(port->config + port->exp.exp_cap + PCI_EXP_SLTCTL) &
           PCI_EXP_SLTCTL_PCC;
}

/* Write the slot control register as the guest of native hot-plug would. */
static void set_slot_power(PCIDevice *port, bool on)
{
    uint32_t at = port->exp.exp_cap + PCI_EXP_SLTCTL;
    uint32_t value = pci_get_word(port->config + at);

    value &= ~(PCI_EXP_SLTCTL_PCC | PCI_EXP_SLTCTL_PIC);
    value |= on ? PCI_EXP_SLTCTL_PWR_ON | PCI_EXP_SLTCTL_PWR_IND_ON :
                  PCI_EXP_SLTCTL_PWR_OFF | PCI_EXP_SLTCTL_PWR_IND_OFF;
    PCI_DEVICE_GET_CLASS(port)->config_write(port, at, value, 2);
}

static void pre_plug(HotplugHandler *handler, DeviceState *dev, Error **errp)
{
    ERRP_GUARD();
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    if (dev->hotplugged && s->control & VMSPEC_PCIHP_CONTROL_ACPI &&
        pci_get_bus(port) != s->root) {
        error_setg(errp, "port %s is not on pcie.0, and the guest plugs by "
                   "ACPI, which describes those ports alone",
                   DEVICE(port)->id ?: "without id");
        error_append_hint(errp, "Use a port on pcie.0, or start the guest "
                          "with -machine acpi=off.\n");
        return;
    }
    if (vmspec_port_takes(port, dev, errp)) {
        hotplug_handler_pre_plug(HOTPLUG_HANDLER(port), dev, errp);
    }
}

static void plug(HotplugHandler *handler, DeviceState *dev, Error **errp)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    if (!dev->hotplugged || !by_acpi(s, port)) {
        hotplug_handler_plug(HOTPLUG_HANDLER(port), dev, errp);
        return;
    }
    set_slot_power(port, true);
    hotplug_handler_plug(HOTPLUG_HANDLER(port), dev, errp);
    /* Function 0 comes last and brings the others along. */
    if (pci_get_function_0(PCI_DEVICE(dev))) {
        *port_word(s->up, port) |= port_bit(port);
        notify_guest(s);
    }
}

static void unplug_request(HotplugHandler *handler, DeviceState *dev,
                           Error **errp)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    /* Without a function 0 the guest has seen none: native needs no guest. */
    if (!by_acpi(s, port) || !pci_get_function_0(PCI_DEVICE(dev))) {
        hotplug_handler_unplug_request(HOTPLUG_HANDLER(port), dev, errp);
        return;
    }
    dev->pending_deleted_event = true;
    dev->pending_deleted_expires_ms =
        qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + REQUEST_AGAIN_MS;
    *port_word(s->down, port) |= port_bit(port);
    notify_guest(s);
}

static void unplug(HotplugHandler *handler, DeviceState *dev, Error **errp)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(handler);
    PCIDevice *port = port_of(dev);

    *port_word(s->up, port) &= ~port_bit(port);
    *port_word(s->down, port) &= ~port_bit(port);
    hotplug_handler_unplug(HOTPLUG_HANDLER(port), dev, errp);
}

/*
 * The guest's driver has let go: a slot that loses its power loses its
 * device, all functions of it.
 */
static void eject(VmspecPcihpState *s, uint32_t ports)
{
    for (unsigned bit = 0; bit < VMSPEC_PCIHP_BANK_BITS; bit++) {
        unsigned devfn = s->bank * VMSPEC_PCIHP_BANK_BITS + bit;
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
        /* The port acts on the change, whatever stood there. */
        set_slot_power(port, true);
        set_slot_power(port, false);
        set_slot_power(port, true);
    }
}

/* Is a function on @bus to be removed? Any of them takes all with it. */
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
 * A removal that was asked for by the native way is asked for anew; a device
 * that nobody has powered on by then, as firmware does not, comes now.
 */
static void take_over(VmspecPcihpState *s)
{
    bool any = false;

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
        any |= *port_word(s->down, port) | *port_word(s->up, port);
    }
    if (any) {
        notify_guest(s);
    }
}

static uint64_t read_register(void *opaque, hwaddr addr, unsigned size)
{
    VmspecPcihpState *s = opaque;

    switch (addr) {
    case VMSPEC_PCIHP_UP:
        return s->up[s->bank];
    case VMSPEC_PCIHP_DOWN:
        return s->down[s->bank];
    case VMSPEC_PCIHP_CONTROL:
        return s->control;
    case VMSPEC_PCIHP_BANK:
        return s->bank;
    default:
        return 0;
    }
}

static void write_register(void *opaque, hwaddr addr, uint64_t value,
                           unsigned size)
{
    VmspecPcihpState *s = opaque;

    switch (addr) {
    case VMSPEC_PCIHP_UP:
        s->up[s->bank] &= ~value;
        break;
    case VMSPEC_PCIHP_DOWN:
        s->down[s->bank] &= ~value;
        break;
    case VMSPEC_PCIHP_EJECT:
        eject(s, value);
        break;
    case VMSPEC_PCIHP_CONTROL:
        s->control = value & VMSPEC_PCIHP_CONTROL_ACPI;
        if (s->control) {
            take_over(s);
        }
        break;
    case VMSPEC_PCIHP_BANK:
        if (value < VMSPEC_PCIHP_BANKS) {
            s->bank = value;
            break;
        }
        /* fall through */
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "acpi-pcihp: 0x%" PRIx64 " written at "
                      "offset 0x%" HWADDR_PRIx "\n", value, addr);
    }
}

static const MemoryRegionOps register_ops = {
    .read = read_register,
    .write = write_register,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

/* What is to be removed stays so: the next guest is asked (take_over). */
static void reset_hold(Object *obj, ResetType type)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(obj);

    memset(s->up, 0, sizeof(s->up));
    s->bank = 0;
    s->control = 0;
}

static void take_port(PCIBus *bus, PCIDevice *dev, void *opaque)
{
    BusState *secondary;

    if (!object_dynamic_cast(OBJECT(dev), TYPE_PCI_BRIDGE)) {
        return;
    }
    secondary = BUS(pci_bridge_get_sec_bus(PCI_BRIDGE(dev)));
    if (vmspec_pcihp_is_port(dev)) {
        qbus_set_hotplug_handler(secondary, OBJECT(opaque));
    }
    pci_for_each_device_under_bus(PCI_BUS(secondary), take_port, opaque);
}

void vmspec_pcihp_take_ports(VmspecPcihpState *s, PCIBus *root,
                             DeviceState *ged)
{
    s->root = root;
    s->ged = ged;
    pci_for_each_device_under_bus(root, take_port, s);
}

static void instance_init(Object *obj)
{
    VmspecPcihpState *s = VMSPEC_PCIHP(obj);

    memory_region_init_io(&s->registers, obj, &register_ops, s,
                          "acpi-pcihp-registers", VMSPEC_PCIHP_LENGTH);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->registers);
}

/* What indexes an array is checked, whoever made the stream. */
static int post_load(void *opaque, int version_id)
{
    VmspecPcihpState *s = opaque;

    if (s->bank >= VMSPEC_PCIHP_BANKS) {
        error_report("acpi-pcihp: bank %" PRIu32 " in the migration stream, "
                     "expected 0 to %d", s->bank, VMSPEC_PCIHP_BANKS - 1);
        return -EINVAL;
    }
    s->control &= VMSPEC_PCIHP_CONTROL_ACPI;
    return 0;
}

static const VMStateDescription vmstate_pcihp = {
    .name = TYPE_VMSPEC_PCIHP,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(up, VmspecPcihpState, VMSPEC_PCIHP_BANKS),
        VMSTATE_UINT32_ARRAY(down, VmspecPcihpState, VMSPEC_PCIHP_BANKS),
        VMSTATE_UINT32(bank, VmspecPcihpState),
        VMSTATE_UINT32(control, VmspecPcihpState),
        VMSTATE_END_OF_LIST()
    },
};

static void class_init(ObjectClass *oc, VmspecClassData *data)
{
    HotplugHandlerClass *hc = HOTPLUG_HANDLER_CLASS(oc);
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "vmspec's ACPI PCI hot-plug registers";
    dc->vmsd = &vmstate_pcihp;
    dc->user_creatable = false;
    RESETTABLE_CLASS(oc)->phases.hold = reset_hold;
    hc->pre_plug = pre_plug;
    hc->plug = plug;
    hc->unplug_request = unplug_request;
    hc->unplug = unplug;
}

static const TypeInfo types[] = {
    {
        .name = TYPE_VMSPEC_PCIHP,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(VmspecPcihpState),
        .instance_init = instance_init,
        .class_init = class_init,
        .interfaces = (InterfaceInfo[]) {
            { TYPE_HOTPLUG_HANDLER },
            { }
        },
    },
};

DEFINE_TYPES(types)
