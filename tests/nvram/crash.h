/*
 * vmspec tests: variables and crashes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_CRASH_H
#define VMSPEC_TESTS_NVRAM_CRASH_H

#include <stdint.h>

/* The store that each test begins with: guest_prefill()'s */
extern uint8_t *prefilled;

/* faults.c */
void test_kills(void);
void test_disk_full(void);
void test_survives(void);

#endif
