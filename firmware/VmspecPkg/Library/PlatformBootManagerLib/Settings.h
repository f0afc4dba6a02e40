/** @file
  What Settings.c and its form share. The compiler of forms reads this file too.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#ifndef SETTINGS_H_
#define SETTINGS_H_

#include <Guid/HiiPlatformSetupFormset.h>

#define SETTINGS_FORM_SET_GUID \
  { 0x5c0e1f27, 0x9a64, 0x4d1b, { 0xb8, 0x35, 0x2e, 0x71, 0xc4, 0x06, 0xd9, 0x8a } }

#define SETTINGS_FORM  1

#endif
