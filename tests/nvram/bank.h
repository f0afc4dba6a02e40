/*
 * vmspec tests: a variable store that fills a flash bank
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_BANK_H
#define VMSPEC_TESTS_NVRAM_BANK_H

#include <stdint.h>

#include "hw/arm/vmspec-varstore.h"

/* Bytes of the variable store that the tests use */
#define BANK_SIZE (4 * VARSTORE_AREA_SIZE)

/* A variable store of BANK_SIZE bytes with the fillers of sequence.h alone */
uint8_t *bank_prefilled(void);

/*
 * Write a variable store of BANK_SIZE bytes to the scratch file @name: as
 * qcow2 if the name ends in .qcow2, else raw.
 */
void bank_save(const char *name, const uint8_t *store);

#endif
