/*
 * vmspec tests: machines with a variable store file
 *
 * Starts QEMU on a store and makes the files. store.h has their bytes.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_STORE_RUN_H
#define VMSPEC_TEST_STORE_RUN_H

#include "machine.h"

/*
 * Run "-M vmspec@machine" with the firmware stub and @options until the
 * monitor has answered how full the store is. @runner is a command that runs
 * QEMU ("strace -f"), or "".
 */
VmspecRun *store_run(const char *runner, const char *machine,
                     const char *options);

/* QEMU refuses such a start: its error has @path, @what and "nvram". */
void store_check_refused(const char *runner, const char *machine,
                         const char *path, const char *what);

/* The property ",nvram=@path"; g_free() it. */
char *store_option(const char *path);

/* A new file of @size bytes with the sample store; its path, g_free() it. */
char *store_sample_file(const char *name, size_t size);

/* The same as an image of @format, made by qemu-img */
char *store_image(const char *name, const char *format);

/* What the image of @format at @path holds: STORE_BANK bytes; g_free() it. */
uint8_t *store_read_image(const char *path, const char *format);

/* The property nvram-fill of a running machine; g_free() it. */
char *store_fill(QTestState *qts);

/* Can strace trace here? If not, the test is skipped. */
bool store_can_trace(void);

#endif
