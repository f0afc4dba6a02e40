/** @file
  The time that gBS->Stall() takes, most of it asleep.

  Drivers stall while they wait for a device. A CPU that looks at the counter all
  the time takes the host's CPU from the device, and executes the more instructions
  the longer the host takes: on a loaded host, more than the whole boot otherwise.

  The CPU sleeps until the timer of the firmware's tick (ArmPkg/Drivers/TimerDxe)
  fires, which for this time is set to the end of the stall. It keeps its interrupts
  off meanwhile: an interrupt ends WFI all the same (Arm DDI 0487, WFI), and the
  handler of the tick does not see the borrowed time.

  Copyright (c) 2026 The vmspec authors

  SPDX-License-Identifier: BSD-2-Clause-Patent

**/

#include <PiDxe.h>
#include <Library/ArmGenericTimerCounterLib.h>
#include <Library/ArmLib.h>
#include <Library/BaseLib.h>
#include <Library/UefiBootServicesTableLib.h>
#include <Protocol/Metronome.h>

#define TICKS_PER_SECOND  1000000

//
// To fall asleep and wake up takes some ten microseconds. Drivers that look at a
// device a thousand times, with a microsecond in between, would wait too long.
//
#define SHORTEST_SLEEP  50

/**
  Sleep until the counter has a value, or an interrupt comes.

  @param[in] End  The value of the counter.
**/
STATIC
VOID
SleepUntil (
  IN UINT64  End
  )
{
  BOOLEAN  WereEnabled;
  UINTN    Control;
  UINT64   Tick;

  WereEnabled = SaveAndDisableInterrupts ();
  Control     = ArmGenericTimerGetTimerCtrlReg ();
  //
  // Nothing would wake the CPU while the firmware has no tick.
  //
  if ((Control & (ARM_ARCH_TIMER_ENABLE | ARM_ARCH_TIMER_IMASK)) ==
      ARM_ARCH_TIMER_ENABLE)
  {
    Tick = ArmGenericTimerGetCompareVal ();
    //
    // A tick that is due is taken as soon as interrupts are on again. With
    // interrupts off for longer, it waits.
    //
    if (!WereEnabled || (Tick > End)) {
      ArmGenericTimerSetCompareVal (End);
    }

    ArmCallWFI ();
    ArmGenericTimerSetCompareVal (Tick);
  }

  SetInterruptState (WereEnabled);
}

/**
  Wait for a number of ticks of a microsecond.

  @param[in] This        This protocol.
  @param[in] TickNumber  The number of ticks.

  @retval EFI_SUCCESS  The time is over.
**/
STATIC
EFI_STATUS
EFIAPI
WaitForTick (
  IN EFI_METRONOME_ARCH_PROTOCOL  *This,
  IN UINT32                       TickNumber
  )
{
  UINT64  End;

  End = ArmGenericTimerGetSystemCount () +
        DivU64x32 (
          MultU64x64 (TickNumber, ArmGenericTimerGetTimerFreq ()),
          TICKS_PER_SECOND
          );
  while (ArmGenericTimerGetSystemCount () < End) {
    if (TickNumber >= SHORTEST_SLEEP) {
      SleepUntil (End);
    }
  }

  return EFI_SUCCESS;
}

//
// The period is in units of 100 ns.
//
STATIC EFI_METRONOME_ARCH_PROTOCOL  mMetronome = { WaitForTick, 10 };

/**
  Give the DXE core its metronome.

  @param[in] ImageHandle  This driver's image.
  @param[in] SystemTable  The EFI system table.

  @retval EFI_SUCCESS  The protocol is there.
  @return              Otherwise, why it cannot be installed.
**/
EFI_STATUS
EFIAPI
MetronomeDxeEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  return gBS->InstallProtocolInterface (
                &ImageHandle,
                &gEfiMetronomeArchProtocolGuid,
                EFI_NATIVE_INTERFACE,
                &mMetronome
                );
}
