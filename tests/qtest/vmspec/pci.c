/*
 * vmspec tests: PCI functions, by their configuration space
 *
 * See pci.h. The address of ECAM is the contract's; offsets are those of the
 * PCI Express Base Specification, from Linux's pci_regs.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "pci.h"

#define EXT_CAP_FIRST 0x100

uint64_t pci_config(uint32_t fn, unsigned reg)
{
    return vmspec_base("pcie-ecam") + fn + reg;
}

uint32_t pci_port(unsigned i)
{
    const Contract *c = vmspec_contract();
    unsigned functions = contract_value(c, "hotplug-ports-a-device");

    return PCI_FN(0, contract_value(c, "hotplug-port-device") + i / functions,
                  i % functions);
}

uint32_t pci_read(QTestState *qts, uint32_t fn, unsigned reg, unsigned size)
{
    uint64_t addr = pci_config(fn, reg);

    if (size == 1) {
        return qtest_readb(qts, addr);
    } else if (size == 2) {
        return qtest_readw(qts, addr);
    }
    return qtest_readl(qts, addr);
}

void pci_write(QTestState *qts, uint32_t fn, unsigned reg, unsigned size,
               uint32_t value)
{
    uint64_t addr = pci_config(fn, reg);

    if (size == 1) {
        qtest_writeb(qts, addr, value);
    } else if (size == 2) {
        qtest_writew(qts, addr, value);
    } else {
        qtest_writel(qts, addr, value);
    }
}

unsigned pci_cap(QTestState *qts, uint32_t fn, uint8_t id)
{
    unsigned at = pci_read(qts, fn, PCI_CAPABILITY_LIST, 1);

    while (at && pci_read(qts, fn, at, 1) != id) {
        at = pci_read(qts, fn, at + PCI_CAP_LIST_NEXT, 1);
    }
    return at;
}

unsigned pci_ext_cap(QTestState *qts, uint32_t fn, uint16_t id)
{
    unsigned at = EXT_CAP_FIRST;

    while (at) {
        uint32_t header = pci_read(qts, fn, at, 4);

        if (PCI_EXT_CAP_ID(header) == id) {
            break;
        }
        at = PCI_EXT_CAP_NEXT(header);
    }
    return at;
}

void pci_open_port(QTestState *qts, uint32_t fn, unsigned bus,
                   uint64_t memory)
{
    pci_write(qts, fn, PCI_SECONDARY_BUS, 1, bus);
    pci_write(qts, fn, PCI_SUBORDINATE_BUS, 1, bus);
    pci_write(qts, fn, PCI_MEMORY_BASE, 2, memory >> 16);
    pci_write(qts, fn, PCI_MEMORY_LIMIT, 2, (memory + 2 * MiB - 1) >> 16);
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY |
              PCI_COMMAND_MASTER);
}

uint64_t pci_bar_size(QTestState *qts, uint32_t fn, unsigned reg)
{
    uint32_t low = pci_read(qts, fn, reg, 4);
    bool io = low & PCI_BASE_ADDRESS_SPACE_IO;
    bool wide = !io && (low & PCI_BASE_ADDRESS_MEM_TYPE_64);
    uint64_t mask = io ? PCI_BASE_ADDRESS_IO_MASK : PCI_BASE_ADDRESS_MEM_MASK;
    uint64_t bits = UINT64_MAX << 32;

    pci_write(qts, fn, reg, 4, UINT32_MAX);
    bits |= pci_read(qts, fn, reg, 4);
    if (wide) {
        pci_write(qts, fn, reg + 4, 4, UINT32_MAX);
        bits = (bits & UINT32_MAX) |
               (uint64_t)pci_read(qts, fn, reg + 4, 4) << 32;
    }
    return bits & mask & UINT32_MAX || wide ? -(bits & mask) : 0;
}
