/** @file
  The table of the nodes that FDT_CLIENT_PROTOCOL can find.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <Library/BaseLib.h>
#include <Library/FdtScanLib.h>
#include <Library/MemoryAllocationLib.h>
#include "Nodes.h"

//
// The first size of the table of nodes
//
#define MIN_NODES  64

typedef struct {
  INT32             Offset;     // in the FDT's structure block
  BOOLEAN           Disabled;   // by "status"
  BOOLEAN           Memory;     // by "device_type"
  FDT_SCAN_VALUE    Compatible; // the list of strings
} FDT_NODE;

STATIC VOID      *mFdt;
STATIC FDT_NODE  *mNodes;
STATIC UINTN     mCount;
STATIC UINTN     mRoom;

/**
  Note what a node's properties say.

  @param[out] Node  The node.
  @param[in]  Scan  The pass that has found it.
**/
STATIC
VOID
ReadNode (
  OUT FDT_NODE        *Node,
  IN  CONST FDT_SCAN  *Scan
  )
{
  Node->Offset     = Scan->Offset;
  Node->Compatible = Scan->Property[FdtScanCompatible];
  Node->Disabled   = (BOOLEAN) !FdtScanIsEnabled (Scan);
  Node->Memory     = FdtScanIsString (&Scan->Property[FdtScanDeviceType], "memory");
}

/**
  Read the nodes of the whole FDT.

  @param[in] Fdt  The FDT, whose header is valid.

  @retval EFI_SUCCESS           The table has each node that can be found.
  @retval EFI_OUT_OF_RESOURCES  There is no memory for the table.
**/
EFI_STATUS
ReadTree (
  IN VOID  *Fdt
  )
{
  FDT_NODE  *Grown;
  FDT_SCAN  Scan;

  mFdt   = Fdt;
  mCount = 0;
  FdtScanStart (&Scan, mFdt, 0);
  while (FdtScanNextNode (&Scan)) {
    if (mCount == mRoom) {
      Grown = ReallocatePool (
                mRoom * sizeof (FDT_NODE),
                MAX (mRoom * 2, MIN_NODES) * sizeof (FDT_NODE),
                mNodes
                );
      if (Grown == NULL) {
        return EFI_OUT_OF_RESOURCES;
      }

      mNodes = Grown;
      mRoom  = MAX (mRoom * 2, MIN_NODES);
    }

    ReadNode (&mNodes[mCount], &Scan);
    if ((mNodes[mCount].Compatible.Data != NULL) || mNodes[mCount].Memory) {
      mCount++;
    }
  }

  return EFI_SUCCESS;
}

/**
  Follow a change of one node's properties: what lies behind it has moved.

  @param[in] Offset  The node's offset in the structure block.
  @param[in] Grown   By how many bytes the node is longer than before.
**/
VOID
MoveNodes (
  IN INT32  Offset,
  IN INT32  Grown
  )
{
  FDT_SCAN  Scan;
  UINTN     Index;

  for (Index = 0; Index < mCount; Index++) {
    if (mNodes[Index].Offset == Offset) {
      FdtScanStart (&Scan, mFdt, Offset);
      FdtScanNextNode (&Scan);
      ReadNode (&mNodes[Index], &Scan);
    } else if (mNodes[Index].Offset > Offset) {
      mNodes[Index].Offset += Grown;
      if (mNodes[Index].Compatible.Data != NULL) {
        mNodes[Index].Compatible.Data += Grown;
      }
    }
  }
}

/**
  Find the next enabled node that is compatible with a device.

  @param[in] String  The device's name in "compatible".
  @param[in] Prev    The offset behind which the node is to lie.

  @return  The node's offset, or -1 when there is none.
**/
INT32
FindCompatible (
  IN CONST CHAR8  *String,
  IN INT32        Prev
  )
{
  UINTN  Index;
  UINTN  Size;

  Size = AsciiStrSize (String);
  for (Index = 0; Index < mCount; Index++) {
    if ((mNodes[Index].Offset > Prev) && !mNodes[Index].Disabled &&
        FdtScanHasString (&mNodes[Index].Compatible, String, Size))
    {
      return mNodes[Index].Offset;
    }
  }

  return -1;
}

/**
  Find the next enabled node of memory.

  @param[in] Prev  The offset behind which the node is to lie.

  @return  The node's offset, or -1 when there is none.
**/
INT32
FindMemory (
  IN INT32  Prev
  )
{
  UINTN  Index;

  for (Index = 0; Index < mCount; Index++) {
    if ((mNodes[Index].Offset > Prev) && !mNodes[Index].Disabled &&
        mNodes[Index].Memory)
    {
      return mNodes[Index].Offset;
    }
  }

  return -1;
}
