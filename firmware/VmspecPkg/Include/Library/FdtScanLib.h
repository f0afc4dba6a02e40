/** @file
  One pass over the nodes of an FDT.

  libfdt looks for each property from the start of its node, and checks each word that
  it reads. A look at all nodes costs it some thousand instructions for each CPU of the
  machine. This library goes through the FDT once and keeps, of each node, the
  properties by which firmware knows devices.

  The FDT is QEMU's, or one that QEMU has checked: the library stays within the block
  of the structure, and trusts the strings.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#ifndef FDT_SCAN_LIB_H_
#define FDT_SCAN_LIB_H_

#include <Base.h>

typedef enum {
  FdtScanCompatible,
  FdtScanDeviceType,
  FdtScanRanges,
  FdtScanReg,
  FdtScanStatus,
  FdtScanProperties
} FDT_SCAN_PROPERTY;

typedef struct {
  CONST UINT8    *Data;         // in the FDT; NULL: the node lacks the property
  UINT32         Size;          // in bytes
} FDT_SCAN_VALUE;

typedef struct {
  // the node that FdtScanNextNode() has found
  INT32             Offset;     // of the node, as libfdt's functions take it
  UINTN             Depth;      // 0: the root
  FDT_SCAN_VALUE    Property[FdtScanProperties];

  // for the library only
  CONST UINT8       *Structure;
  CONST CHAR8       *Strings;
  UINT32            Size;       // of the structure in bytes
  UINT32            Next;       // the offset of the next tag
  UINTN             Open;       // how many nodes are open there
} FDT_SCAN;

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
  );

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
  );

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
  );

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
  );

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
  );

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
  );

#endif
