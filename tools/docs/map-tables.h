/*
 * vmspec-map: the memory map and the interrupts
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_MAP_TABLES_H
#define VMSPEC_MAP_TABLES_H

#include "hw/arm/vmspec-platform.h"

/* Print the tables of the rows and of the private interrupts of @p. */
void print_map(const VmspecPlatform *p);

#endif
