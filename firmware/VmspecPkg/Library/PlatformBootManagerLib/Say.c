/** @file
  Text that is not cut inside words.

  A console breaks a long line wherever its last column is. The text here breaks
  before a word.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Library/PrintLib.h>
#include <Library/UefiLib.h>

#define LAST_COLUMN  79
#define MAX_TEXT     400

STATIC UINTN  mColumn;

/**
  Begin a new line.
**/
VOID
SayLine (
  VOID
  )
{
  Print (L"\r\n");
  mColumn = 0;
}

/**
  Print text, and break the line before a word that does not fit into it.

  @param[in] Format  The text, as for Print(); at most MAX_TEXT - 1 characters of it
                     are printed.
  @param[in] ...     What the format needs.
**/
VOID
EFIAPI
Say (
  IN CONST CHAR16  *Format,
  ...
  )
{
  CHAR16   Text[MAX_TEXT];
  CHAR16   *Word;
  UINTN    Length;
  VA_LIST  Marker;

  VA_START (Marker, Format);
  UnicodeVSPrint (Text, sizeof (Text), Format, Marker);
  VA_END (Marker);

  for (Word = Text; *Word != L'\0'; Word += Length) {
    Length = 1;
    while ((Word[Length] != L'\0') && (Word[Length] != L' ')) {
      Length++;
    }

    if ((*Word == L' ') && (mColumn + Length > LAST_COLUMN)) {
      SayLine ();
      Word++;
      Length--;
    }

    Print (L"%.*s", Length, Word);
    mColumn += Length;
  }
}
