/** @file
  The FDT, for the drivers that look for their devices in it.

  The driver reads the FDT once and remembers each node that FDT_CLIENT_PROTOCOL can
  find: those with "compatible" and those of memory (Devicetree Specification 0.4,
  2.3.1 and 3.4). Most drivers of a boot ask for a node, and a machine with
  many CPUs has a long FDT.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <libfdt.h>
#include <Guid/FdtHob.h>
#include <Library/HobLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/FdtClient.h>
#include "Nodes.h"

STATIC VOID  *mFdt;

/**
  Get a property of a node.

  @param[in]  This          The protocol.
  @param[in]  Node          The node's offset.
  @param[in]  PropertyName  The property's name.
  @param[out] Prop          Its value, in the FDT.
  @param[out] PropSize      The length of the value in bytes. Optional.

  @retval EFI_SUCCESS    The node has the property.
  @retval EFI_NOT_FOUND  It does not.
**/
STATIC
EFI_STATUS
EFIAPI
GetNodeProperty (
  IN  FDT_CLIENT_PROTOCOL  *This,
  IN  INT32                Node,
  IN  CONST CHAR8          *PropertyName,
  OUT CONST VOID           **Prop,
  OUT UINT32               *PropSize OPTIONAL
  )
{
  INT32  Length;

  *Prop = fdt_getprop (mFdt, Node, PropertyName, &Length);
  if (*Prop == NULL) {
    return EFI_NOT_FOUND;
  }

  if (PropSize != NULL) {
    *PropSize = (UINT32)Length;
  }

  return EFI_SUCCESS;
}

/**
  Set a property of a node. Offsets of nodes behind it are not valid any more.

  @param[in] This          The protocol.
  @param[in] Node          The node's offset.
  @param[in] PropertyName  The property's name.
  @param[in] Prop          Its new value.
  @param[in] PropSize      The length of the value in bytes.

  @retval EFI_SUCCESS       The node has the property.
  @retval EFI_DEVICE_ERROR  The FDT has no room for it.
**/
STATIC
EFI_STATUS
EFIAPI
SetNodeProperty (
  IN FDT_CLIENT_PROTOCOL  *This,
  IN INT32                Node,
  IN CONST CHAR8          *PropertyName,
  IN CONST VOID           *Prop,
  IN UINT32               PropSize
  )
{
  UINT32  Size;

  Size = fdt_size_dt_struct (mFdt);
  if (fdt_setprop (mFdt, Node, PropertyName, Prop, (INT32)PropSize) != 0) {
    return EFI_DEVICE_ERROR;
  }

  MoveNodes (Node, (INT32)(fdt_size_dt_struct (mFdt) - Size));
  return EFI_SUCCESS;
}

/**
  Find the next enabled node that is compatible with a device.

  @param[in]  This              The protocol.
  @param[in]  CompatibleString  The device's name in "compatible".
  @param[in]  PrevNode          The offset behind which the node is to lie.
  @param[out] Node              The node's offset.

  @retval EFI_SUCCESS    There is a node.
  @retval EFI_NOT_FOUND  There is none.
**/
STATIC
EFI_STATUS
EFIAPI
FindNextCompatibleNode (
  IN  FDT_CLIENT_PROTOCOL  *This,
  IN  CONST CHAR8          *CompatibleString,
  IN  INT32                PrevNode,
  OUT INT32                *Node
  )
{
  *Node = FindCompatible (CompatibleString, PrevNode);
  return *Node < 0 ? EFI_NOT_FOUND : EFI_SUCCESS;
}

/**
  Find the first enabled node that is compatible with a device.

  @param[in]  This              The protocol.
  @param[in]  CompatibleString  The device's name in "compatible".
  @param[out] Node              The node's offset.

  @retval EFI_SUCCESS    There is a node.
  @retval EFI_NOT_FOUND  There is none.
**/
STATIC
EFI_STATUS
EFIAPI
FindCompatibleNode (
  IN  FDT_CLIENT_PROTOCOL  *This,
  IN  CONST CHAR8          *CompatibleString,
  OUT INT32                *Node
  )
{
  return FindNextCompatibleNode (This, CompatibleString, 0, Node);
}

/**
  Get a property of the first enabled node that is compatible with a device.

  @param[in]  This              The protocol.
  @param[in]  CompatibleString  The device's name in "compatible".
  @param[in]  PropertyName      The property's name.
  @param[out] Prop              Its value, in the FDT.
  @param[out] PropSize          The length of the value in bytes. Optional.

  @retval EFI_SUCCESS    There is a node and it has the property.
  @retval EFI_NOT_FOUND  There is no such node, or no such property.
**/
STATIC
EFI_STATUS
EFIAPI
FindCompatibleNodeProperty (
  IN  FDT_CLIENT_PROTOCOL  *This,
  IN  CONST CHAR8          *CompatibleString,
  IN  CONST CHAR8          *PropertyName,
  OUT CONST VOID           **Prop,
  OUT UINT32               *PropSize OPTIONAL
  )
{
  EFI_STATUS  Status;
  INT32       Node;

  Status = FindCompatibleNode (This, CompatibleString, &Node);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  return GetNodeProperty (This, Node, PropertyName, Prop, PropSize);
}

/**
  Get a node's "reg". This machine has two cells for each address and each size.

  @param[in]  Node          The node's offset.
  @param[out] Reg           The value, in the FDT.
  @param[out] AddressCells  The cells of an address.
  @param[out] SizeCells     The cells of a size.
  @param[out] RegSize       The length of the value in bytes.

  @retval EFI_SUCCESS    The node has the property.
  @retval EFI_NOT_FOUND  It does not, or the property has another length.
**/
STATIC
EFI_STATUS
GetReg (
  IN  INT32       Node,
  OUT CONST VOID  **Reg,
  OUT UINTN       *AddressCells,
  OUT UINTN       *SizeCells,
  OUT UINT32      *RegSize
  )
{
  EFI_STATUS  Status;

  *AddressCells = 2;
  *SizeCells    = 2;
  Status        = GetNodeProperty (NULL, Node, "reg", Reg, RegSize);
  if (!EFI_ERROR (Status) && (*RegSize % (4 * sizeof (UINT32)) != 0)) {
    return EFI_NOT_FOUND;
  }

  return Status;
}

/**
  Get "reg" of the first enabled node that is compatible with a device.

  @param[in]  This              The protocol.
  @param[in]  CompatibleString  The device's name in "compatible".
  @param[out] Reg               The value, in the FDT.
  @param[out] AddressCells      The cells of an address.
  @param[out] SizeCells         The cells of a size.
  @param[out] RegSize           The length of the value in bytes.

  @retval EFI_SUCCESS    There is a node and it has the property.
  @retval EFI_NOT_FOUND  There is no such node, or no such property.
**/
STATIC
EFI_STATUS
EFIAPI
FindCompatibleNodeReg (
  IN  FDT_CLIENT_PROTOCOL  *This,
  IN  CONST CHAR8          *CompatibleString,
  OUT CONST VOID           **Reg,
  OUT UINTN                *AddressCells,
  OUT UINTN                *SizeCells,
  OUT UINT32               *RegSize
  )
{
  EFI_STATUS  Status;
  INT32       Node;

  Status = FindCompatibleNode (This, CompatibleString, &Node);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  return GetReg (Node, Reg, AddressCells, SizeCells, RegSize);
}

/**
  Find the next enabled node of memory, and get its "reg".

  @param[in]  This          The protocol.
  @param[in]  PrevNode      The offset behind which the node is to lie.
  @param[out] Node          The node's offset.
  @param[out] Reg           The value of "reg", in the FDT.
  @param[out] AddressCells  The cells of an address.
  @param[out] SizeCells     The cells of a size.
  @param[out] RegSize       The length of the value in bytes.

  @retval EFI_SUCCESS    There is a node.
  @retval EFI_NOT_FOUND  There is none.
**/
STATIC
EFI_STATUS
EFIAPI
FindNextMemoryNodeReg (
  IN  FDT_CLIENT_PROTOCOL  *This,
  IN  INT32                PrevNode,
  OUT INT32                *Node,
  OUT CONST VOID           **Reg,
  OUT UINTN                *AddressCells,
  OUT UINTN                *SizeCells,
  OUT UINT32               *RegSize
  )
{
  for (*Node = FindMemory (PrevNode); *Node >= 0; *Node = FindMemory (*Node)) {
    if (!EFI_ERROR (GetReg (*Node, Reg, AddressCells, SizeCells, RegSize))) {
      return EFI_SUCCESS;
    }
  }

  return EFI_NOT_FOUND;
}

/**
  Find the first enabled node of memory, and get its "reg".

  @param[in]  This          The protocol.
  @param[out] Node          The node's offset.
  @param[out] Reg           The value of "reg", in the FDT.
  @param[out] AddressCells  The cells of an address.
  @param[out] SizeCells     The cells of a size.
  @param[out] RegSize       The length of the value in bytes.

  @retval EFI_SUCCESS    There is a node.
  @retval EFI_NOT_FOUND  There is none.
**/
STATIC
EFI_STATUS
EFIAPI
FindMemoryNodeReg (
  IN  FDT_CLIENT_PROTOCOL  *This,
  OUT INT32                *Node,
  OUT CONST VOID           **Reg,
  OUT UINTN                *AddressCells,
  OUT UINTN                *SizeCells,
  OUT UINT32               *RegSize
  )
{
  return FindNextMemoryNodeReg (This, 0, Node, Reg, AddressCells, SizeCells, RegSize);
}

/**
  Find the node /chosen, or make it.

  @param[in]  This  The protocol.
  @param[out] Node  The node's offset.

  @retval EFI_SUCCESS           There is a node now.
  @retval EFI_OUT_OF_RESOURCES  The FDT or the pool has no room for it.
**/
STATIC
EFI_STATUS
EFIAPI
GetOrInsertChosenNode (
  IN  FDT_CLIENT_PROTOCOL  *This,
  OUT INT32                *Node
  )
{
  *Node = fdt_path_offset (mFdt, "/chosen");
  if (*Node >= 0) {
    return EFI_SUCCESS;
  }

  *Node = fdt_add_subnode (mFdt, 0, "chosen");
  return *Node < 0 ? EFI_OUT_OF_RESOURCES : ReadTree (mFdt);
}

STATIC FDT_CLIENT_PROTOCOL  mFdtClient = {
  GetNodeProperty,
  SetNodeProperty,
  FindCompatibleNode,
  FindNextCompatibleNode,
  FindCompatibleNodeProperty,
  FindCompatibleNodeReg,
  FindMemoryNodeReg,
  FindNextMemoryNodeReg,
  GetOrInsertChosenNode
};

/**
  Read the FDT that PEI has left, and install the protocol.

  @param[in] ImageHandle  This driver's handle.
  @param[in] SystemTable  The system table.

  @retval EFI_SUCCESS           The protocol is installed.
  @retval EFI_NOT_FOUND         There is no FDT.
  @retval EFI_OUT_OF_RESOURCES  There is no memory for the table of nodes.
**/
EFI_STATUS
EFIAPI
FdtClientDxeEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  VOID        *Hob;
  EFI_STATUS  Status;

  Hob = GetFirstGuidHob (&gFdtHobGuid);
  if ((Hob == NULL) || (GET_GUID_HOB_DATA_SIZE (Hob) != sizeof (UINT64))) {
    return EFI_NOT_FOUND;
  }

  mFdt = (VOID *)(UINTN)*(UINT64 *)GET_GUID_HOB_DATA (Hob);
  if (fdt_check_header (mFdt) != 0) {
    return EFI_NOT_FOUND;
  }

  Status = ReadTree (mFdt);
  if (EFI_ERROR (Status)) {
    return Status;
  }

  return gBS->InstallProtocolInterface (
                &ImageHandle,
                &gFdtClientProtocolGuid,
                EFI_NATIVE_INTERFACE,
                &mFdtClient
                );
}
