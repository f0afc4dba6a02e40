/*
 * vmspec tests: PCI functions, by their configuration space
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_PCI_H
#define VMSPEC_TEST_PCI_H

#include "hw/pci/pci_regs.h"
#include "machine.h"

/*
 * The address of a function in ECAM; the address of a register adds its
 * offset.
 */
#define PCI_FN(bus, device, fn) \
    ((uint32_t)(bus) << 20 | (uint32_t)(device) << 15 | (uint32_t)(fn) << 12)

#define PCI_FN_DEVICE(fn) ((fn) >> 15 & 0x1f)

/*
 * The machine's hot-plug port number @i, from 0 on (platform.md, section 4.5)
 */
uint32_t pci_port(unsigned i);

/* The address of register @reg (PCI_IN_06: PCI Express Base, 7.2.2) */
uint64_t pci_config(uint32_t fn, unsigned reg);

/* @size is 1, 2 or 4 bytes. */
uint32_t pci_read(QTestState *qts, uint32_t fn, unsigned reg, unsigned size);
void pci_write(QTestState *qts, uint32_t fn, unsigned reg, unsigned size,
               uint32_t value);

/* The offset of the capability; 0 if the function has none of that ID */
unsigned pci_cap(QTestState *qts, uint32_t fn, uint8_t id);
unsigned pci_ext_cap(QTestState *qts, uint32_t fn, uint16_t id);

/*
 * Program port @fn as a guest does: bus @bus is behind it, its memory window
 * is the 2 MiB from @memory on, and it is bus master.
 */
void pci_open_port(QTestState *qts, uint32_t fn, unsigned bus,
                   uint64_t memory);

/* Bytes of the BAR at @reg, 0 if there is none (PCI 3.0, 6.2.5.1) */
uint64_t pci_bar_size(QTestState *qts, uint32_t fn, unsigned reg);

#endif
