/** @file
  A source of random numbers for machines without another one.

  EDK2's network drivers are dispatched only if EFI_RNG_PROTOCOL is there. RngDxe
  installs it where the CPU has FEAT_RNG or the hypervisor has an entropy service
  (Arm DEN0098), VirtioRngDxe for a virtio-rng device. Where neither does, this
  file installs a generator: ChaCha20 (RFC 8439, section 2.3), with the seed that
  QEMU puts into the FDT, /chosen/rng-seed, as its key. That is no raw entropy, so
  the generator does not offer EFI_RNG_ALGORITHM_RAW.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include "Boot.h"

#include <Library/BaseLib.h>
#include <Library/BaseMemoryLib.h>
#include <Library/TimerLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/FdtClient.h>
#include <Protocol/Rng.h>

#define CHACHA_WORDS   16
#define CHACHA_ROUNDS  20
#define KEY_WORDS      8
#define KEY_SIZE       (KEY_WORDS * sizeof (UINT32))

//
// The words "expand 32-byte k" with which each block begins
//
STATIC CONST UINT32  mConstants[] = {
  0x61707865, 0x3320646e, 0x79622d32, 0x6b206574
};

//
// The words that each of the eight quarter rounds of a double round mixes
//
STATIC CONST UINT8  mQuarters[8][4] = {
  { 0, 4, 8,  12 }, { 1, 5, 9,  13 }, { 2, 6, 10, 14 }, { 3, 7, 11, 15 },
  { 0, 5, 10, 15 }, { 1, 6, 11, 12 }, { 2, 7, 8,  13 }, { 3, 4, 9,  14 }
};

STATIC UINT32  mKey[KEY_WORDS];

/**
  Mix four words of a ChaCha20 state (RFC 8439, section 2.1).

  @param[in,out] State    The state.
  @param[in]     Quarter  The four words' indices.
**/
STATIC
VOID
MixQuarter (
  IN OUT UINT32       *State,
  IN     CONST UINT8  *Quarter
  )
{
  STATIC CONST UINT8  Rotations[] = { 16, 12, 8, 7 };
  UINTN               Index;
  UINTN               Sum;
  UINTN               Other;

  for (Index = 0; Index < ARRAY_SIZE (Rotations); Index++) {
    Sum          = Quarter[(Index % 2) * 2];
    Other        = Quarter[3 - (Index % 2) * 2];
    State[Sum]  += State[Quarter[1 + (Index % 2) * 2]];
    State[Other] = LRotU32 (State[Other] ^ State[Sum], Rotations[Index]);
  }
}

/**
  Make one block of random bytes (RFC 8439, section 2.3).

  @param[in]  Number  The block's number under this key.
  @param[in]  Nonce   A number that no earlier start of the machine had.
  @param[out] Block   The block, of CHACHA_WORDS words.
**/
STATIC
VOID
MakeBlock (
  IN  UINT64  Number,
  IN  UINT64  Nonce,
  OUT UINT32  *Block
  )
{
  UINT32  Input[CHACHA_WORDS];
  UINTN   Index;

  CopyMem (Input, mConstants, sizeof (mConstants));
  CopyMem (&Input[ARRAY_SIZE (mConstants)], mKey, KEY_SIZE);
  CopyMem (&Input[12], &Number, sizeof (Number));
  CopyMem (&Input[14], &Nonce, sizeof (Nonce));
  CopyMem (Block, Input, sizeof (Input));
  for (Index = 0; Index < CHACHA_ROUNDS * 4; Index++) {
    MixQuarter (Block, mQuarters[Index % ARRAY_SIZE (mQuarters)]);
  }

  for (Index = 0; Index < CHACHA_WORDS; Index++) {
    Block[Index] += Input[Index];
  }
}

/**
  Tell which algorithms the generator has: EFI_RNG_PROTOCOL.GetInfo().

  @param[in]     This        The protocol.
  @param[in,out] Size        In: the bytes of Algorithms. Out: the bytes of the list.
  @param[out]    Algorithms  The list.

  @retval EFI_SUCCESS            Algorithms has the list.
  @retval EFI_INVALID_PARAMETER  A pointer is NULL.
  @retval EFI_BUFFER_TOO_SMALL   The list is longer than Algorithms.
**/
STATIC
EFI_STATUS
EFIAPI
GetInfo (
  IN     EFI_RNG_PROTOCOL   *This,
  IN OUT UINTN              *Size,
  OUT    EFI_RNG_ALGORITHM  *Algorithms
  )
{
  if ((This == NULL) || (Size == NULL)) {
    return EFI_INVALID_PARAMETER;
  }

  if (*Size < sizeof (EFI_RNG_ALGORITHM)) {
    *Size = sizeof (EFI_RNG_ALGORITHM);
    return EFI_BUFFER_TOO_SMALL;
  }

  if (Algorithms == NULL) {
    return EFI_INVALID_PARAMETER;
  }

  *Size = sizeof (EFI_RNG_ALGORITHM);
  CopyGuid (Algorithms, &gVmspecRngAlgorithmGuid);
  return EFI_SUCCESS;
}

/**
  Give random bytes: EFI_RNG_PROTOCOL.GetRNG().

  The first block of each request is the next request's key, so that nobody who
  reads the memory later learns which bytes were given.

  @param[in]  This       The protocol.
  @param[in]  Algorithm  The algorithm; NULL for the default one.
  @param[in]  Size       The number of bytes.
  @param[out] Value      The bytes.

  @retval EFI_SUCCESS            Value has random bytes.
  @retval EFI_INVALID_PARAMETER  A pointer is NULL, or Size is 0.
  @retval EFI_UNSUPPORTED        The generator does not have the algorithm.
**/
STATIC
EFI_STATUS
EFIAPI
GetRng (
  IN  EFI_RNG_PROTOCOL   *This,
  IN  EFI_RNG_ALGORITHM  *Algorithm  OPTIONAL,
  IN  UINTN              Size,
  OUT UINT8              *Value
  )
{
  UINT32   NextKey[CHACHA_WORDS];
  UINT32   Block[CHACHA_WORDS];
  UINT64   Nonce;
  UINT64   Number;
  UINTN    Part;
  EFI_TPL  Tpl;

  if ((This == NULL) || (Size == 0) || (Value == NULL)) {
    return EFI_INVALID_PARAMETER;
  }

  if ((Algorithm != NULL) && !CompareGuid (Algorithm, &gVmspecRngAlgorithmGuid)) {
    return EFI_UNSUPPORTED;
  }

  Tpl   = gBS->RaiseTPL (TPL_NOTIFY);
  Nonce = GetPerformanceCounter ();
  MakeBlock (0, Nonce, NextKey);
  for (Number = 1; Size > 0; Number++) {
    Part = MIN (Size, sizeof (Block));
    MakeBlock (Number, Nonce, Block);
    CopyMem (Value, Block, Part);
    Value += Part;
    Size  -= Part;
  }

  CopyMem (mKey, NextKey, KEY_SIZE);
  ZeroMem (NextKey, sizeof (NextKey));
  ZeroMem (Block, sizeof (Block));
  gBS->RestoreTPL (Tpl);
  return EFI_SUCCESS;
}

STATIC EFI_RNG_PROTOCOL  mRng = { GetInfo, GetRng };

/**
  Read the seed that QEMU gives by the FDT.

  @retval TRUE   mKey has the seed.
  @retval FALSE  The FDT has none of KEY_SIZE bytes: the user said
                 "dtb-randomness=off".
**/
STATIC
BOOLEAN
ReadSeed (
  VOID
  )
{
  FDT_CLIENT_PROTOCOL  *Fdt;
  CONST VOID           *Seed;
  UINT32               Size;
  INT32                Chosen;
  EFI_STATUS           Status;

  Status = gBS->LocateProtocol (&gFdtClientProtocolGuid, NULL, (VOID **)&Fdt);
  if (EFI_ERROR (Status) ||
      EFI_ERROR (Fdt->GetOrInsertChosenNode (Fdt, &Chosen)) ||
      EFI_ERROR (Fdt->GetNodeProperty (Fdt, Chosen, "rng-seed", &Seed, &Size)) ||
      (Size < KEY_SIZE))
  {
    return FALSE;
  }

  CopyMem (mKey, Seed, KEY_SIZE);
  return TRUE;
}

/**
  Tell whether there is a source of random numbers.

  @retval TRUE   EFI_RNG_PROTOCOL is there.
  @retval FALSE  It is not, so that no network driver starts.
**/
BOOLEAN
HasRandom (
  VOID
  )
{
  VOID  *Rng;

  return !EFI_ERROR (gBS->LocateProtocol (&gEfiRngProtocolGuid, NULL, &Rng));
}

/**
  Install the generator if there is no other source of random numbers.

  Without a seed there is none: a number that others can guess is worse, because
  an OS would trust it.
**/
VOID
AddRandom (
  VOID
  )
{
  EFI_HANDLE  Handle;

  if (HasRandom () || !ReadSeed ()) {
    return;
  }

  Handle = NULL;
  gBS->InstallProtocolInterface (
         &Handle,
         &gEfiRngProtocolGuid,
         EFI_NATIVE_INTERFACE,
         &mRng
         );
}
