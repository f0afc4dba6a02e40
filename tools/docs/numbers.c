/*
 * vmspec-map: numbers as people read them
 *
 * See numbers.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <inttypes.h>
#include <stdio.h>

#include "numbers.h"

void format_hex(char *out, uint64_t n)
{
    char digits[20];
    int len = snprintf(digits, sizeof(digits), "%08" PRIX64, n);

    out += sprintf(out, "0x");
    for (int i = 0; i < len; i++) {
        *out++ = digits[i];
        if (i < len - 1 && (len - 1 - i) % 4 == 0) {
            *out++ = '_';
        }
    }
    *out = '\0';
}

void format_bytes(char *out, uint64_t size)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    uint64_t n = size;
    unsigned unit = 0;

    while (unit < 4 && n % 1024 == 0) {
        n /= 1024;
        unit++;
    }
    if (n < 1024) {
        sprintf(out, "%" PRIu64 " %s", n, units[unit]);
    } else {
        format_hex(out, size);
    }
}
