/*
 * libqos node of the vmspec machine
 *
 * Tells QEMU's device tests where memory, PCI and virtio-mmio are on vmspec.
 * The addresses come from the board's own map; the tests vmspec-*-test.c
 * compare the machine with the contract.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "libqos-malloc.h"
#include "qgraph.h"
#include "virtio-mmio.h"
#include "generic-pcihost.h"
#include "hw/arm/vmspec-map.h"

#define NODE "aarch64/vmspec"
#define PAGE_SIZE_4K 4096

/* The machine's default RAM, with the FDT at its start */
#define RAM_SIZE (1 * GiB)
#define FDT_SPACE (16 * MiB)

/*
 * -device virtio-*-device without bus= takes the transport that was made
 * last: QEMU looks through a bus from its newest child on.
 */
#define FIRST_CHOICE (VMSPEC_VIRTIO_MMIO_DEFAULT - 1)

typedef struct QVmspecMachine {
    QOSGraphObject obj;
    QGuestAllocator alloc;
    QVirtioMMIODevice transport;
    QGenericPCIHost bridge;
} QVmspecMachine;

static void *get_driver(void *object, const char *interface)
{
    QVmspecMachine *machine = object;

    if (strcmp(interface, "memory")) {
        g_error("%s has no driver %s", NODE, interface);
    }
    return &machine->alloc;
}

static QOSGraphObject *get_device(void *object, const char *device)
{
    QVmspecMachine *machine = object;

    if (!strcmp(device, "generic-pcihost")) {
        return &machine->bridge.obj;
    }
    if (strcmp(device, "virtio-mmio")) {
        g_error("%s has no device %s", NODE, device);
    }
    return &machine->transport.obj;
}

static void destroy(QOSGraphObject *obj)
{
    QVmspecMachine *machine = container_of(obj, QVmspecMachine, obj);

    alloc_destroy(&machine->alloc);
}

/* Replace the addresses of the generic host, which are another machine's. */
static void place_windows(QGenericPCIBus *pci)
{
    pci->gpex_pio_base = VMSPEC_PCIE_PIO_BASE;
    pci->ecam_alloc_ptr = VMSPEC_PCIE_ECAM_BASE;
    pci->bus.pio_limit = VMSPEC_PCIE_PIO_SIZE;
    pci->bus.mmio_alloc_ptr = VMSPEC_PCIE_MMIO32_BASE;
    pci->bus.mmio_limit = VMSPEC_PCIE_MMIO32_BASE + VMSPEC_PCIE_MMIO32_SIZE;
}

static void *create(QTestState *qts)
{
    QVmspecMachine *machine = g_new0(QVmspecMachine, 1);

    alloc_init(&machine->alloc, ALLOC_NO_FLAGS,
               VMSPEC_RAM_LOW_BASE + FDT_SPACE,
               VMSPEC_RAM_LOW_BASE + RAM_SIZE, PAGE_SIZE_4K);
    qvirtio_mmio_init_device(&machine->transport, qts,
                             VMSPEC_VIRTIO_MMIO_BASE +
                             FIRST_CHOICE * VMSPEC_VIRTIO_MMIO_STRIDE,
                             VMSPEC_VIRTIO_MMIO_STRIDE);
    qos_create_generic_pcihost(&machine->bridge, qts, &machine->alloc);
    place_windows(&machine->bridge.pci);

    machine->obj.get_driver = get_driver;
    machine->obj.get_device = get_device;
    machine->obj.destructor = destroy;
    return machine;
}

static void register_nodes(void)
{
    qos_node_create_machine(NODE, create);
    qos_node_contains(NODE, "generic-pcihost", NULL);
    qos_node_contains(NODE, "virtio-mmio", NULL);
}

libqos_init(register_nodes);
