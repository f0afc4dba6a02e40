/*
 * vmspec guest: an EFI application that returns at once, with an error
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "efi.h"

Status efi_main(void *image, SystemTable *table)
{
    (void)image;
    (void)table;
    return EFI_ABORTED;
}
