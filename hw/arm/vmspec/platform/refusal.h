/*
 * vmspec platform: how plan.c and limits.c refuse a configuration
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_PLATFORM_REFUSAL_H
#define HW_ARM_VMSPEC_PLATFORM_REFUSAL_H

#include "hw/arm/vmspec-plan.h"

/* Write what is wrong to @err. Returns false, for the caller to return. */
static inline bool __attribute__((format(printf, 2, 3)))
vmspec_refuse(VmspecPlanError *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
    va_end(ap);
    return false;
}

/* Write the way out to @err. Returns false, for the caller to return. */
static inline bool __attribute__((format(printf, 2, 3)))
vmspec_hint(VmspecPlanError *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
    va_end(ap);
    return false;
}

#endif
