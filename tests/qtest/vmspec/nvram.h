/*
 * vmspec tests: machines with a variable store
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_NVRAM_H
#define VMSPEC_TEST_NVRAM_H

#include "machine.h"

/*
 * QEMU with "-M vmspec@machine", the firmware stub and @options, until its
 * monitor has said how full the store is. Where @runner is given, it runs
 * QEMU.
 */
VmspecRun *nvram_start(const char *runner, const char *machine,
                       const char *options);

/* Such a start is refused, names @path and says @what. */
void nvram_check_refused(const char *runner, const char *machine,
                         const char *path, const char *what);

/* ",nvram=@path" */
char *nvram_option(const char *path);

/* The sample store as a new file of @size bytes; its path */
char *nvram_sample(const char *name, size_t size);

/* The same as an image of @format */
char *nvram_image(const char *name, const char *format);

/* The STORE_BANK bytes that the image of @format at @path holds */
uint8_t *nvram_read_image(const char *path, const char *format);

/* How full a running machine's store is */
char *nvram_fill(QTestState *qts);

/* Is there an strace that may trace? If not, the test is skipped. */
bool nvram_can_trace(void);

#endif
