/*
 * vmspec tests: how FDT and ACPI describe DIMMs
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_DIMMS_H
#define VMSPEC_TEST_DIMMS_H

#include "../libqtest.h"

/* Two NUMA nodes of 32 MiB; with TCG, because qtest has its own CPU model */
#define NODES "-accel tcg -S -smp 2,sockets=2 " \
    "-object memory-backend-ram,id=n0,size=32M " \
    "-object memory-backend-ram,id=n1,size=32M " \
    "-numa node,memdev=n0,cpus=0 -numa node,memdev=n1,cpus=1 "

typedef struct Dimm {
    uint64_t base;
    uint64_t size;
    unsigned node;
    bool persistent;
} Dimm;

/*
 * The FDT in RAM has a memory@ or pmem@ node for each of @want, in the order
 * of addresses, and no other node in device-memory.
 */
void dimms_check_fdt(QTestState *qts, const Dimm *want, unsigned count);

/*
 * The SRAT has each of @want with its node, and the rest of the @size bytes of
 * device-memory with @free_node. The NFIT has the persistent ones of @want.
 */
void dimms_check_tables(QTestState *qts, const Dimm *want, unsigned count,
                        uint64_t size, unsigned free_node);

#endif
