/*
 * vmspec tests: the contract, read from tests/data/contract.txt
 *
 * The parser of tests/data/contract.txt, whose head explains the columns.
 * Plain C and GLib, because host tests and qtests share it. It must not know a
 * number of the platform, nor include the platform's headers.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_CONTRACT_H
#define VMSPEC_CONTRACT_H

#include <glib.h>

typedef struct ContractRegion {
    const char *name;
    guint64 base;
    guint64 size;               /* bytes, the largest the region can be */
    const char *kind;           /* device, ram, window, hole */
    const char *when;
    unsigned pa_bits;
} ContractRegion;

typedef struct ContractIrq {
    const char *region;
    unsigned spi;               /* 0-based, INTID 32 + spi */
    unsigned count;
    gboolean edge;              /* else level */
} ContractIrq;

typedef struct ContractPpi {
    const char *name;
    unsigned intid;
    gboolean edge;
    const char *when;
} ContractPpi;

typedef struct ContractWindow {
    const char *region;
    guint64 pci_address;
    const char *space;          /* config, io, mem32, mem64 */
} ContractWindow;

typedef struct ContractNode {
    const char *region;
    const char *name;           /* before the "@" */
    const char *compatible;     /* NULL: the file does not say */
} ContractNode;

typedef struct ContractValue {
    const char *name;
    guint64 value;
} ContractValue;

/* Rows of one kind, in the order of the file. */
typedef struct Contract {
    const ContractRegion *regions;
    unsigned num_regions;
    const ContractIrq *irqs;
    unsigned num_irqs;
    const ContractPpi *ppis;
    unsigned num_ppis;
    const ContractWindow *windows;
    unsigned num_windows;
    const ContractNode *nodes;
    unsigned num_nodes;
    const ContractValue *values;
    unsigned num_values;
} Contract;

/*
 * The contract in file @path, or in the file that the environment variable
 * VMSPEC_CONTRACT names if @path is NULL. Lives until the program ends. Any
 * fault of the file (unknown word, missing or surplus column, bad number,
 * unknown region, name given twice) ends the program with its line number.
 */
const Contract *contract_load(const char *path);

/* The row of that name, NULL if there is none. */
const ContractRegion *contract_region(const Contract *c, const char *name);
const ContractIrq *contract_irq(const Contract *c, const char *region);
const ContractPpi *contract_ppi(const Contract *c, const char *name);
const ContractWindow *contract_window(const Contract *c, const char *region);
const ContractNode *contract_node(const Contract *c, const char *region);

/* A number that the tests rely on: ends the program if it is not there. */
guint64 contract_value(const Contract *c, const char *name);

#endif
