/** @file
  The names that the user gave the drives.

  The machine has a file of fw_cfg with a line for each drive: the text of the
  drive's UEFI device path, or how that begins, a space and the drive's name.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Library/BaseLib.h>
#include <Library/MemoryAllocationLib.h>
#include <Library/PrintLib.h>
#include <Library/QemuFwCfgLib.h>

#include <vmspec-firmware.h>

/**
  Read the machine's file of names.

  @return  The text with a null character at its end, which the caller frees; NULL
           when the machine has no such file.
**/
STATIC
CHAR8 *
ReadNames (
  VOID
  )
{
  FIRMWARE_CONFIG_ITEM  Item;
  CHAR8                 *Names;
  UINTN                 Size;

  if (RETURN_ERROR (QemuFwCfgFindFile (VMSPEC_FW_CFG_DRIVES, &Item, &Size))) {
    return NULL;
  }

  Names = AllocateZeroPool (Size + 1);
  if (Names != NULL) {
    QemuFwCfgSelectItem (Item);
    QemuFwCfgReadBytes (Size, Names);
  }

  return Names;
}

/**
  Tell whether a device path is the one of a line.

  @param[in] Path  The device path's text.
  @param[in] Line  The line: a text, a space and more.

  @retval TRUE   The line's text is the path, or whole nodes at its start.
  @retval FALSE  It is the text of another path.
**/
STATIC
BOOLEAN
IsLineOf (
  IN CONST CHAR16  *Path,
  IN CONST CHAR8   *Line
  )
{
  while ((*Line != ' ') && (*Line == *Path)) {
    Line++;
    Path++;
  }

  return (*Line == ' ') &&
         ((*Path == L'\0') || (*Path == L'/') || (*Path == L','));
}

/**
  Tell whether a line is of a drive that a device has.

  @param[in] Path  The device path's text.
  @param[in] Line  The line: the text of the drive's path, a space and more.

  @retval TRUE   The path is the line's text, or whole nodes at its start.
  @retval FALSE  The drive is another device's.
**/
STATIC
BOOLEAN
IsDriveOf (
  IN CONST CHAR16  *Path,
  IN CONST CHAR8   *Line
  )
{
  while ((*Path != L'\0') && (*Line == *Path)) {
    Line++;
    Path++;
  }

  return (*Path == L'\0') && ((*Line == ' ') || (*Line == '/'));
}

/**
  Print the names of the drives that a device has, in parentheses.

  @param[in] Path  The text of the device's path. Nothing is printed when the
                   machine has no name for any of the drives.
**/
VOID
SayDrivesOf (
  IN CONST CHAR16  *Path
  )
{
  CHAR8    *Names;
  CHAR8    *Line;
  CHAR8    *End;
  BOOLEAN  Found;

  Found = FALSE;
  Names = ReadNames ();
  for (Line = Names; (Line != NULL) && (*Line != '\0'); Line = End + 1) {
    End = AsciiStrStr (Line, "\n");
    if (End == NULL) {
      break;
    }

    if (IsDriveOf (Path, Line)) {
      *End = '\0';
      Say (Found ? L", %a" : L" (%a", AsciiStrStr (Line, " ") + 1);
      Found = TRUE;
    }
  }

  if (Found) {
    Say (L")");
  }

  if (Names != NULL) {
    FreePool (Names);
  }
}

/**
  Print the name that a user knows a drive by.

  @param[in] Path  The text of the drive's device path, which is printed when the
                   machine has no name for the drive.
**/
VOID
SayDrive (
  IN CONST CHAR16  *Path
  )
{
  CHAR8  *Names;
  CHAR8  *Line;
  CHAR8  *End;

  Names = ReadNames ();
  for (Line = Names; (Line != NULL) && (*Line != '\0'); Line = End + 1) {
    End = AsciiStrStr (Line, "\n");
    if (End == NULL) {
      break;
    }

    if (IsLineOf (Path, Line)) {
      *End = '\0';
      Say (L" %a:", AsciiStrStr (Line, " ") + 1);
      FreePool (Names);
      return;
    }
  }

  Say (L" %s:", Path);
  if (Names != NULL) {
    FreePool (Names);
  }
}
