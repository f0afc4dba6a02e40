/** @file
  The table of the nodes that FDT_CLIENT_PROTOCOL can find.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#ifndef NODES_H_
#define NODES_H_

/**
  Read the nodes of the whole FDT.

  @param[in] Fdt  The FDT, whose header is valid.

  @retval EFI_SUCCESS           The table has each node that can be found.
  @retval EFI_OUT_OF_RESOURCES  There is no memory for the table.
**/
EFI_STATUS
ReadTree (
  IN VOID  *Fdt
  );

/**
  Follow a change of one node's properties: what lies behind it has moved.

  @param[in] Offset  The node's offset in the structure block.
  @param[in] Grown   By how many bytes the node is longer than before.
**/
VOID
MoveNodes (
  IN INT32  Offset,
  IN INT32  Grown
  );

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
  );

/**
  Find the next enabled node of memory.

  @param[in] Prev  The offset behind which the node is to lie.

  @return  The node's offset, or -1 when there is none.
**/
INT32
FindMemory (
  IN INT32  Prev
  );

#endif
