/*
 * vmspec: why a kernel image is refused
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_HOST
#include "qemu/osdep.h"
#endif
#include <stdio.h>
#include "private.h"

bool vmspec_image_refuse(VmspecImageError *err, const char *msg,
                         const char *hint)
{
    snprintf(err->msg, sizeof(err->msg), "%s", msg);
    snprintf(err->hint, sizeof(err->hint), "%s", hint);
    return false;
}

bool vmspec_image_truncated(VmspecImageError *err, uint64_t want,
                            uint64_t have)
{
    snprintf(err->msg, sizeof(err->msg),
             "is truncated: its header asks for %llu bytes, it has %llu",
             (unsigned long long)want, (unsigned long long)have);
    snprintf(err->hint, sizeof(err->hint), "Copy or download it again.");
    return false;
}
