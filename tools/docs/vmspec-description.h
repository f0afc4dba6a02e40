/*
 * vmspec-map: FDT and ACPI beside each other
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_DESCRIPTION_H
#define VMSPEC_DESCRIPTION_H

#include "hw/arm/vmspec-platform.h"

/* Print the tables. Ends the program if @p gives no plan. */
void print_description(const VmspecPlatform *p);

#endif
