/*
 * vmspec tests: a guest that changes variables or tells what they are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TESTS_NVRAM_GUEST_H
#define VMSPEC_TESTS_NVRAM_GUEST_H

#include <glib.h>
#include <stdint.h>

#include "hw/arm/vmspec-varstore.h"

#define BANK (4 * VARSTORE_AREA_SIZE)

/* A number from the environment */
unsigned guest_setting(const char *name, unsigned initial);

/* A store of BANK bytes with the fillers and nothing else */
uint8_t *guest_prefill(void);
/* Put a store of BANK bytes into the scratch file @name, raw or .qcow2. */
void guest_save(const char *name, const uint8_t *store);

/*
 * QEMU's command for a guest whose application gets @line ("w FIRST COUNT":
 * operations and a check, "c": check, "q": quit), with more of -M in @machine;
 * its first four words are timeout(1)'s.
 */
char **guest_command(const char *machine, const char *options,
                     const char *line);
/* What the guest of that command says until it turns the machine off */
char *guest_run(const char *machine, const char *options, const char *line);

/*
 * The operations after which the variables stand that a guest's @out tells:
 * no fewer than @least, nor more than @most.
 */
int guest_found(const char *out, int least, int most);
/* The same of a guest that boots the store and only checks */
int guest_boot(const char *machine, int least, int most);

#endif
