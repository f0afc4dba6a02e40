/*
 * vmspec tests: what the descriptions say of memory in slots
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_SLOTS_H
#define VMSPEC_TEST_SLOTS_H

#include "../libqtest.h"

/* Two nodes of 32 MiB; with TCG, as qtest's CPUs are not the machine's */
#define NODES "-accel tcg -S -smp 2,sockets=2 " \
    "-object memory-backend-ram,id=n0,size=32M " \
    "-object memory-backend-ram,id=n1,size=32M " \
    "-numa node,memdev=n0,cpus=0 -numa node,memdev=n1,cpus=1 "

typedef struct Slot {
    uint64_t base;
    uint64_t size;
    unsigned node;
    bool persistent;
} Slot;

/*
 * The FDT at the start of RAM has a memory@ or pmem@ node for each of @want,
 * in address order, and no other in device-memory.
 */
void slots_check_fdt(QTestState *qts, const Slot *want, unsigned count);

/*
 * The SRAT covers @size bytes of device-memory once: @want with their nodes,
 * what is free as @free_node's; the NFIT has the persistent ones.
 */
void slots_check_tables(QTestState *qts, const Slot *want, unsigned count,
                        uint64_t size, unsigned free_node);

#endif
