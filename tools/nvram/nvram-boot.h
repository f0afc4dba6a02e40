/*
 * vmspec-nvram: boot options of UEFI
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_NVRAM_BOOT_H
#define VMSPEC_TOOLS_NVRAM_BOOT_H

#include "nvram-store.h"

/*
 * The number of the boot option that @name of EFI's global variables has, such
 * as "Boot0003" or "0003"; -1 if it is none.
 */
int boot_number(const char *name);

/*
 * A boot option's description, device path and whether the firmware may start
 * it. False if @var is no sound boot option (UEFI 2.10, 3.1.3). The caller
 * frees the strings.
 */
bool boot_option_read(const VarstoreVar *var, char **description, char **path,
                      bool *active);

/*
 * What @var means, for a person: the fields of a boot option, the numbers of
 * BootOrder or BootNext, the seconds of Timeout. NULL if it is
 * another variable. The caller frees it.
 */
char *boot_var_text(const VarstoreVar *var);

/* The numbers of the variable BootOrder, and how many; free them. */
uint16_t *boot_order_read(const StoreFile *store, size_t *count);

/* Find the boot option of @number. */
bool boot_option_find(const StoreFile *store, uint16_t number,
                      VarstoreVar *var);

/*
 * Put the @count numbers into BootOrder, in memory. Returns false with @error
 * set if the store has no such boot option, or no room.
 */
bool boot_order_write(StoreFile *store, const uint16_t *order, size_t count,
                      GError **error);

#endif
