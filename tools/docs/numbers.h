/*
 * vmspec-map: numbers as people read them
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_NUMBERS_H
#define VMSPEC_NUMBERS_H

#include <stdint.h>

/* Room for a number in text, 64 bits in hexadecimal with underscores */
#define NUMBER_SIZE 32

/* Hexadecimal in groups of four digits, at least two groups */
void format_hex(char *out, uint64_t n);

/* In the largest unit that is exact, or hexadecimal if the number is long */
void format_bytes(char *out, uint64_t size);

#endif
