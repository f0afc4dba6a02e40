/** @file
  The table of the nodes that FDT_CLIENT_PROTOCOL can find.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <libfdt.h>
#include <Library/BaseLib.h>
#include <Library/BaseMemoryLib.h>
#include <Library/MemoryAllocationLib.h>
#include "Nodes.h"

//
// The first size of the table of nodes
//
#define MIN_NODES  64

typedef struct {
  INT32          Offset;        // in the FDT's structure block
  BOOLEAN        Disabled;      // by "status"
  BOOLEAN        Memory;        // by "device_type"
  CONST CHAR8    *Compatible;   // the list of strings, or NULL
  UINTN          Length;        // of the list, in bytes
} FDT_NODE;

STATIC VOID      *mFdt;
STATIC FDT_NODE  *mNodes;
STATIC UINTN     mCount;
STATIC UINTN     mRoom;

/**
  Tell whether a property's value is a string.

  @param[in] Value   The value.
  @param[in] Length  Its length in bytes.
  @param[in] String  The string.

  @retval TRUE   It is this string, with its zero.
  @retval FALSE  It is something else.
**/
STATIC
BOOLEAN
IsString (
  IN CONST VOID   *Value,
  IN INT32        Length,
  IN CONST CHAR8  *String
  )
{
  return (BOOLEAN)(((UINTN)Length == AsciiStrSize (String)) &&
                   (CompareMem (Value, String, (UINTN)Length) == 0));
}

/**
  Note what one property says of its node.

  @param[in,out] Node    The node.
  @param[in]     Offset  The property's offset in the structure block.
**/
STATIC
VOID
ReadProperty (
  IN OUT FDT_NODE  *Node,
  IN     INT32     Offset
  )
{
  CONST struct fdt_property  *Property;
  CONST CHAR8                *Name;
  INT32                      Length;

  Property = fdt_get_property_by_offset (mFdt, Offset, &Length);
  if (Property == NULL) {
    return;
  }

  Name = fdt_string (mFdt, (INT32)fdt32_to_cpu (Property->nameoff));
  if (AsciiStrCmp (Name, "compatible") == 0) {
    Node->Compatible = Property->data;
    Node->Length     = (UINTN)Length;
  } else if (AsciiStrCmp (Name, "device_type") == 0) {
    Node->Memory = IsString (Property->data, Length, "memory");
  } else if (AsciiStrCmp (Name, "status") == 0) {
    Node->Disabled = (BOOLEAN)(!IsString (Property->data, Length, "okay") &&
                               !IsString (Property->data, Length, "ok"));
  }
}

/**
  Read a node's properties.

  @param[out] Node    What they say.
  @param[in]  Offset  The node's offset in the structure block.

  @return  The offset of what follows the properties, negative after an error.
**/
STATIC
INT32
ReadNode (
  OUT FDT_NODE  *Node,
  IN  INT32     Offset
  )
{
  INT32  Next;

  ZeroMem (Node, sizeof (*Node));
  Node->Offset = Offset;
  fdt_next_tag (mFdt, Offset, &Next);
  for (Offset = Next; Offset >= 0; Offset = Next) {
    switch (fdt_next_tag (mFdt, Offset, &Next)) {
      case FDT_PROP:
        ReadProperty (Node, Offset);
        break;
      case FDT_NOP:
        break;
      default:
        return Offset;
    }
  }

  return Offset;
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
  INT32     Offset;
  INT32     Next;
  UINT32    Tag;

  mFdt   = Fdt;
  mCount = 0;
  for (Offset = 0; Offset >= 0; Offset = Next) {
    Tag = fdt_next_tag (mFdt, Offset, &Next);
    if (Tag == FDT_END) {
      break;
    }

    if (Tag != FDT_BEGIN_NODE) {
      continue;
    }

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

    Next = ReadNode (&mNodes[mCount], Offset);
    if ((mNodes[mCount].Compatible != NULL) || mNodes[mCount].Memory) {
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
  UINTN  Index;

  for (Index = 0; Index < mCount; Index++) {
    if (mNodes[Index].Offset == Offset) {
      ReadNode (&mNodes[Index], Offset);
    } else if (mNodes[Index].Offset > Offset) {
      mNodes[Index].Offset += Grown;
      if (mNodes[Index].Compatible != NULL) {
        mNodes[Index].Compatible += Grown;
      }
    }
  }
}

/**
  Tell whether a node is compatible with a device.

  @param[in] Node    The node.
  @param[in] String  The device's name.

  @retval TRUE   "compatible" lists the name.
  @retval FALSE  It does not.
**/
STATIC
BOOLEAN
IsCompatible (
  IN CONST FDT_NODE  *Node,
  IN CONST CHAR8     *String
  )
{
  CONST CHAR8  *Item;
  UINTN        Size;
  UINTN        Left;
  UINTN        Length;

  Size = AsciiStrSize (String);
  Item = Node->Compatible;
  for (Left = Node->Length; Left >= Size; Left -= Length) {
    if (CompareMem (Item, String, Size) == 0) {
      return TRUE;
    }

    Length = MIN (AsciiStrnLenS (Item, Left) + 1, Left);
    Item  += Length;
  }

  return FALSE;
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

  for (Index = 0; Index < mCount; Index++) {
    if ((mNodes[Index].Offset > Prev) && !mNodes[Index].Disabled &&
        IsCompatible (&mNodes[Index], String))
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
