/*
 * vmspec-map: the pictures of the manual
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_PICTURES_H
#define VMSPEC_PICTURES_H

#include <stdbool.h>

#include "hw/arm/vmspec-platform.h"

/*
 * Print the picture @name of @p as SVG: "memory-map", "overview", "interrupts"
 * or "pcie". False: there is no such picture.
 */
bool print_picture(const VmspecPlatform *p, const char *name);

#endif
