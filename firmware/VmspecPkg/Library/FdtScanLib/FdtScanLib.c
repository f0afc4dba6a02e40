/** @file
  One pass over the nodes of an FDT.

  The format is that of the Devicetree Specification 0.4, chapter 5.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <Base.h>
#include <Library/BaseLib.h>
#include <Library/FdtScanLib.h>

//
// The header (5.2): its magic, and the offsets of the fields that are used here
//
#define HEADER_MAGIC           0xd00dfeed
#define HEADER_STRUCTURE       8
#define HEADER_STRINGS         12
#define HEADER_STRUCTURE_SIZE  36

//
// The tags (5.4.1)
//
#define TAG_BEGIN_NODE  1
#define TAG_END_NODE    2
#define TAG_PROPERTY    3
#define TAG_NOP         4

#define CELL  sizeof (UINT32)

//
// A property: the tag, the size of its value, the offset of its name
//
#define PROPERTY_SIZE   CELL
#define PROPERTY_NAME   (2 * CELL)
#define PROPERTY_VALUE  (3 * CELL)

/**
  Read a cell. All cells are aligned.

  @param[in] Data  Where it is.

  @return  The number.
**/
STATIC
UINT32
Cell (
  IN CONST UINT8  *Data
  )
{
  return SwapBytes32 (*(CONST UINT32 *)Data);
}

/**
  Tell whether two names are the same.

  AsciiStrCmp() measures both strings before it compares them.

  @param[in] Name   A name.
  @param[in] Other  The other one.

  @retval TRUE   They are.
  @retval FALSE  They are not.
**/
STATIC
BOOLEAN
IsName (
  IN CONST CHAR8  *Name,
  IN CONST CHAR8  *Other
  )
{
  while (*Name == *Other) {
    if (*Name == '\0') {
      return TRUE;
    }

    Name++;
    Other++;
  }

  return FALSE;
}

/**
  Tell which of the properties that a pass keeps has a name.

  @param[in] Name  The name.

  @return  The property, or FdtScanProperties.
**/
STATIC
FDT_SCAN_PROPERTY
FindProperty (
  IN CONST CHAR8  *Name
  )
{
  switch (Name[0]) {
    case 'c':
      return IsName (Name, "compatible") ? FdtScanCompatible : FdtScanProperties;
    case 'd':
      return IsName (Name, "device_type") ? FdtScanDeviceType : FdtScanProperties;
    case 'r':
      if (IsName (Name, "reg")) {
        return FdtScanReg;
      }

      return IsName (Name, "ranges") ? FdtScanRanges : FdtScanProperties;
    case 's':
      return IsName (Name, "status") ? FdtScanStatus : FdtScanProperties;
    default:
      return FdtScanProperties;
  }
}

/**
  Open the node whose tag is next, and go behind its name.

  @param[in,out] Scan  The pass.
**/
STATIC
VOID
OpenNode (
  IN OUT FDT_SCAN  *Scan
  )
{
  UINTN  Index;

  Scan->Offset = (INT32)Scan->Next;
  Scan->Depth  = Scan->Open++;
  for (Index = 0; Index < FdtScanProperties; Index++) {
    Scan->Property[Index].Data = NULL;
    Scan->Property[Index].Size = 0;
  }

  Scan->Next += CELL;
  while ((Scan->Next < Scan->Size) && (Scan->Structure[Scan->Next] != 0)) {
    Scan->Next++;
  }

  Scan->Next = (UINT32)ALIGN_VALUE (Scan->Next + 1, CELL);
}

/**
  Keep the property whose tag is next, if it is of interest, and go behind it.

  @param[in,out] Scan  The pass.
**/
STATIC
VOID
ReadProperty (
  IN OUT FDT_SCAN  *Scan
  )
{
  CONST UINT8        *Tag;
  FDT_SCAN_PROPERTY  Property;
  UINT32             Left;
  UINT32             Size;

  Tag  = Scan->Structure + Scan->Next;
  Left = Scan->Size - Scan->Next;
  Size = Left < PROPERTY_VALUE ? 0 : Cell (Tag + PROPERTY_SIZE);
  if ((Left < PROPERTY_VALUE) || (Size > Left - PROPERTY_VALUE)) {
    Scan->Next = Scan->Size;
    return;
  }

  Property = FindProperty (Scan->Strings + Cell (Tag + PROPERTY_NAME));
  if (Property != FdtScanProperties) {
    Scan->Property[Property].Data = Tag + PROPERTY_VALUE;
    Scan->Property[Property].Size = Size;
  }

  Scan->Next += (UINT32)(PROPERTY_VALUE + ALIGN_VALUE (Size, CELL));
}

/**
  Begin a pass.

  @param[out] Scan    The pass. FdtScanNextNode() finds the first node.
  @param[in]  Fdt     The FDT.
  @param[in]  Offset  The offset of the node to begin with; its depth counts as 0.
                      The offset 0 is that of the root.

  @retval RETURN_SUCCESS            The pass has begun.
  @retval RETURN_INVALID_PARAMETER  There is no FDT.
**/
RETURN_STATUS
EFIAPI
FdtScanStart (
  OUT FDT_SCAN    *Scan,
  IN  CONST VOID  *Fdt,
  IN  INT32       Offset
  )
{
  CONST UINT8  *Header;

  Header = Fdt;
  if ((Header == NULL) || (Cell (Header) != HEADER_MAGIC)) {
    return RETURN_INVALID_PARAMETER;
  }

  Scan->Structure = Header + Cell (Header + HEADER_STRUCTURE);
  Scan->Strings   = (CONST CHAR8 *)Header + Cell (Header + HEADER_STRINGS);
  Scan->Size      = Cell (Header + HEADER_STRUCTURE_SIZE);
  Scan->Next      = (UINT32)Offset;
  Scan->Open      = 0;
  return RETURN_SUCCESS;
}

/**
  Go to the next node, in the order of the FDT.

  @param[in,out] Scan  The pass.

  @retval TRUE   There is one.
  @retval FALSE  The FDT ends here.
**/
BOOLEAN
EFIAPI
FdtScanNextNode (
  IN OUT FDT_SCAN  *Scan
  )
{
  BOOLEAN  Found;

  for (Found = FALSE; Scan->Next < Scan->Size; ) {
    switch (Cell (Scan->Structure + Scan->Next)) {
      case TAG_BEGIN_NODE:
        if (Found) {
          return TRUE;
        }

        OpenNode (Scan);
        Found = TRUE;
        break;
      case TAG_PROPERTY:
        ReadProperty (Scan);
        break;
      case TAG_END_NODE:
        Scan->Next += CELL;
        Scan->Open--;
        if (Found) {
          return TRUE;
        }

        break;
      case TAG_NOP:
        Scan->Next += CELL;
        break;
      default:
        // the end, or no FDT
        return Found;
    }
  }

  return Found;
}

/**
  Tell whether a property's value is a string.

  @param[in] Value   The value.
  @param[in] String  The string.

  @retval TRUE   It is this string, with its zero.
  @retval FALSE  It is something else, or the node lacks the property.
**/
BOOLEAN
EFIAPI
FdtScanIsString (
  IN CONST FDT_SCAN_VALUE  *Value,
  IN CONST CHAR8           *String
  )
{
  return (BOOLEAN)((Value->Size != 0) && (Value->Data[Value->Size - 1] == 0) &&
                   IsName ((CONST CHAR8 *)Value->Data, String));
}

/**
  Tell whether a list of strings has a string.

  @param[in] Value   The value of the property.
  @param[in] String  The string.
  @param[in] Size    The size of the string in bytes, with its zero.

  @retval TRUE   The list has the string.
  @retval FALSE  It does not, or the node lacks the property.
**/
BOOLEAN
EFIAPI
FdtScanHasString (
  IN CONST FDT_SCAN_VALUE  *Value,
  IN CONST CHAR8           *String,
  IN UINTN                 Size
  )
{
  CONST CHAR8  *Item;
  UINT32       Start;
  UINT32       Index;

  Item = (CONST CHAR8 *)Value->Data;
  for (Start = 0; Value->Size - Start >= Size; Start = Index + 1) {
    for (Index = Start; Item[Index] == String[Index - Start]; Index++) {
      if (Item[Index] == '\0') {
        return TRUE;
      }
    }

    while ((Index < Value->Size) && (Item[Index] != '\0')) {
      Index++;
    }

    if (Index == Value->Size) {
      break;
    }
  }

  return FALSE;
}

/**
  Tell whether the node's device is enabled.

  @param[in] Scan  The pass.

  @retval TRUE   The node has no "status", or it says that the device works.
  @retval FALSE  "status" says something else.
**/
BOOLEAN
EFIAPI
FdtScanIsEnabled (
  IN CONST FDT_SCAN  *Scan
  )
{
  CONST FDT_SCAN_VALUE  *Status;

  Status = &Scan->Property[FdtScanStatus];
  return (BOOLEAN)((Status->Data == NULL) || FdtScanIsString (Status, "okay") ||
                   FdtScanIsString (Status, "ok"));
}

/**
  Read a number out of the FDT.

  @param[in] Data   Where its first cell is.
  @param[in] Cells  How many cells of 32 bits it has: 1 or 2.

  @return  The number.
**/
UINT64
EFIAPI
FdtScanNumber (
  IN CONST UINT8  *Data,
  IN UINTN        Cells
  )
{
  UINT64  Number;

  Number = Cell (Data);
  return Cells == 1 ? Number : LShiftU64 (Number, 32) | Cell (Data + CELL);
}
