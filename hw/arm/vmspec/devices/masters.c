/*
 * vmspec: what bus masters may write to
 *
 * RAM, memory in BARs, and MSI controllers. Not registers:
 *
 * - A device that unplugs or resets something by DMA waits for the end of that
 *   DMA, which waits for the device. virtio-blk, for one, ends all its requests
 *   when its status register is written, and one of them is that write.
 * - Each word that DMA writes to flash is a command, which can erase a block or
 *   switch ROM mode: some megabytes would hold the big QEMU lock for minutes
 *   and take gigabytes of the host's memory.
 *
 * QEMU's guard against re-entrancy sees only an access within an access. The
 * DMA of a request comes later, when no access is under way.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/core/cpu.h"
#include "hw/pci/pci_device.h"
#include "hw/qdev-core.h"
#include "system/cpus.h"
#include "system/qtest.h"
#include "system/tcg.h"
#include "masters.h"

/*
 * Is this the access of a CPU? TCG says so: such an access has the security
 * state of the CPU, in secure and space, or is unprivileged. What a device
 * accesses has unspecified attributes, and an MSI a requester ID alone, which
 * can be 0. KVM does not mark the access of a CPU, which comes in the thread of
 * a CPU, and most DMA in another. Under qtest there is no CPU, and the test
 * plays its part.
 */
static bool is_cpu_access(MemTxAttrs attrs)
{
    if (attrs.unspecified) {
        return qtest_enabled() || (!tcg_enabled() && qemu_in_vcpu_thread());
    }
    return attrs.secure || attrs.space || attrs.user;
}

static bool accepts_cpu_writes(void *opaque, hwaddr addr, unsigned size,
                               bool is_write, MemTxAttrs attrs)
{
    if (is_write && !is_cpu_access(attrs)) {
        qemu_log_mask(LOG_GUEST_ERROR, "vmspec: a bus master writes to a "
                      "device's register, offset 0x%" HWADDR_PRIx "\n", addr);
        return false;
    }
    return true;
}

/*
 * @ops that accept a CPU's writes alone. They live as long as QEMU, because a
 * device may be plugged and unplugged many times. A device may also have made
 * @ops itself, so that others are at the same address later.
 */
static const MemoryRegionOps *closed_ops(const MemoryRegionOps *ops)
{
    static GHashTable *made;
    const MemoryRegionOps *known;
    MemoryRegionOps *closed;

    if (!made) {
        made = g_hash_table_new(NULL, NULL);
    }
    closed = g_memdup2(ops, sizeof(*ops));
    closed->valid.accepts = accepts_cpu_writes;
    known = g_hash_table_lookup(made, ops);
    if (known && !memcmp(known, closed, sizeof(*closed))) {
        g_free(closed);
        return known;
    }
    g_hash_table_insert(made, (void *)ops, closed);
    return closed;
}

void vmspec_refuse_bus_masters(MemoryRegion *mr)
{
    /* fw_cfg decides by itself, and its DMA reaches memory alone. */
    if (!mr->ops->valid.accepts) {
        mr->ops = closed_ops(mr->ops);
    }
}

/* Registers, and not memory, whatever QEMU implements it with */
static bool has_registers(const MemoryRegion *mr)
{
    /* Other devices may read and write the memory buffer of an nvme. */
    static const char buffer[] = "nvme-cmb";

    return mr->terminates && !mr->ram &&
           g_strcmp0(memory_region_name(mr), buffer);
}

/*
 * With KVM, any thread may carry out the writes of a CPU that KVM has
 * coalesced.
 */
static bool comes_late(const MemoryRegion *mr)
{
    return !tcg_enabled() && !QTAILQ_EMPTY(&mr->coalesced);
}

static void close_region(MemoryRegion *mr)
{
    MemoryRegion *part;

    QTAILQ_FOREACH(part, &mr->subregions, subregions_link) {
        close_region(part);
    }
    if (mr->alias && mr->alias->owner == mr->owner) {
        close_region(mr->alias);
    }
    if (has_registers(mr) && !comes_late(mr)) {
        vmspec_refuse_bus_masters(mr);
    }
}

static void close_bars_of(DeviceListener *listener, DeviceState *dev)
{
    PCIDevice *pci = (PCIDevice *)object_dynamic_cast(OBJECT(dev),
                                                      TYPE_PCI_DEVICE);

    for (int i = 0; pci && i < PCI_NUM_REGIONS; i++) {
        if (pci->io_regions[i].memory) {
            close_region(pci->io_regions[i].memory);
        }
    }
}

void vmspec_close_bars(void)
{
    static DeviceListener listener = { .realize = close_bars_of };

    device_listener_register(&listener);
}
