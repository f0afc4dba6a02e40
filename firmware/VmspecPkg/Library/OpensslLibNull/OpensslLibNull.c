/** @file
  An OpensslLib without content.

  Modules that name OpensslLib, but call nothing of it, link with this instance.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <Base.h>
