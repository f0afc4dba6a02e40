/** @file
  Visits to all handles with a protocol.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Library/MemoryAllocationLib.h>
#include <Library/UefiBootServicesTableLib.h>

/**
  Call a function for every handle that has a protocol.

  @param[in] Protocol  The protocol.
  @param[in] Visit     The function.
  @param[in] Context   What Visit gets beside the handle.
**/
VOID
ForEachHandle (
  IN EFI_GUID      *Protocol,
  IN VISIT_HANDLE  Visit,
  IN VOID          *Context
  )
{
  EFI_HANDLE  *Handles;
  UINTN       Count;
  UINTN       Index;
  EFI_STATUS  Status;

  Status = gBS->LocateHandleBuffer (
                  ByProtocol,
                  Protocol,
                  NULL,
                  &Count,
                  &Handles
                  );
  if (EFI_ERROR (Status)) {
    return;
  }

  for (Index = 0; Index < Count; Index++) {
    Visit (Handles[Index], Context);
  }

  FreePool (Handles);
}
