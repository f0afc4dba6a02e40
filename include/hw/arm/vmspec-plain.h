/*
 * vmspec: what plain C includes first
 *
 * The platform, the variable store's format and the FDT are compiled twice: as
 * a part of QEMU, and without QEMU (VMSPEC_HOST) for tools and host tests.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_PLAIN_H
#define HW_ARM_VMSPEC_PLAIN_H

#ifdef VMSPEC_HOST
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#else
#include "qemu/osdep.h"
#endif

#endif
