// SPDX-License-Identifier: GPL-2.0-or-later
// GTDT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
// Written by "make refresh-golden".
// iasl 20200925, 132 bytes
// sha256 27552461cbd1284fba8f522e0d212dbe011be16c76cb13c8d234ee7a5e2f8564

Signature : "GTDT"    [Generic Timer Description Table]
Table Length : 00000084
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Counter Block Address : FFFFFFFFFFFFFFFF
Reserved : 00000000

Secure EL1 Interrupt : 00000000
EL1 Flags (decoded below) : 00000000
    Trigger Mode : 0
    Polarity : 0
    Always On : 0

Non-Secure EL1 Interrupt : 0000001E
NEL1 Flags (decoded below) : 00000004
    Trigger Mode : 0
    Polarity : 0
    Always On : 1

Virtual Timer Interrupt : 0000001B
VT Flags (decoded below) : 00000004
    Trigger Mode : 0
    Polarity : 0
    Always On : 1

Non-Secure EL2 Interrupt : 0000001A
NEL2 Flags (decoded below) : 00000004
    Trigger Mode : 0
    Polarity : 0
    Always On : 1
Counter Read Block Address : FFFFFFFFFFFFFFFF

Platform Timer Count : 00000001
Platform Timer Offset : 00000068
Virtual EL2 Timer GSIV : 00000000
Virtual EL2 Timer Flags : 00000000

Subtable Type : 01 [Generic Watchdog Timer]
Length : 001C
Reserved : 00
Refresh Frame Address : 00000000090E0000
Control Frame Address : 00000000090F0000
Timer Interrupt : 0000002A
Timer Flags (decoded below) : 00000000
    Trigger Mode : 0
    Polarity : 0
    Security : 0
