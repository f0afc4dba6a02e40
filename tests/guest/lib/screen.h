/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest's screen and keyboard, which a case uses by QMP
 */

#ifndef VMSPEC_TESTS_GUEST_SCREEN_H
#define VMSPEC_TESTS_GUEST_SCREEN_H

#include "guest.h"

/* Presses keys one after the other: QEMU's names of keys, with blanks. */
void screen_press(Guest *g, const char *keys);

/* Types a line of lower-case letters, digits, and the characters " $/>_-\r". */
void screen_type(Guest *g, const char *text);

/* The picture, which the caller frees: PPM with three bytes a pixel */
char *screen_picture(Guest *g, gsize *size);

/*
 * Fails if the guest does not drive the display, or if its picture has one
 * colour alone.
 */
void screen_check(Guest *g);

#endif
