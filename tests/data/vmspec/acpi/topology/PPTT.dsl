// SPDX-License-Identifier: GPL-2.0-or-later
// PPTT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
//     -smp 16,sockets=2,clusters=2,cores=2,threads=2
// Written by "make refresh-golden".
// iasl 20200925, 636 bytes
// sha256 b0579b96a85ad950398a60bb97469150211efab3be8f0e64871f8e71b42e045e

Signature : "PPTT"    [Processor Properties Topology Table]
Table Length : 0000027C
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001


Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000013
    Physical package : 1
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000000
ACPI Processor ID : 00000000
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000012
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000024
ACPI Processor ID : 00001000
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000038
ACPI Processor ID : 00002000
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 0000004C
ACPI Processor ID : 00000000
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 0000004C
ACPI Processor ID : 00000001
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000038
ACPI Processor ID : 00002001
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000088
ACPI Processor ID : 00000002
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000088
ACPI Processor ID : 00000003
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000012
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000024
ACPI Processor ID : 00001001
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000000C4
ACPI Processor ID : 00002002
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000000D8
ACPI Processor ID : 00000004
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000000D8
ACPI Processor ID : 00000005
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000000C4
ACPI Processor ID : 00002003
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000114
ACPI Processor ID : 00000006
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000114
ACPI Processor ID : 00000007
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000013
    Physical package : 1
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000000
ACPI Processor ID : 00000001
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000012
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000150
ACPI Processor ID : 00001002
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000164
ACPI Processor ID : 00002004
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000178
ACPI Processor ID : 00000008
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000178
ACPI Processor ID : 00000009
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000164
ACPI Processor ID : 00002005
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000001B4
ACPI Processor ID : 0000000A
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000001B4
ACPI Processor ID : 0000000B
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000012
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000150
ACPI Processor ID : 00001003
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000001F0
ACPI Processor ID : 00002006
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000204
ACPI Processor ID : 0000000C
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000204
ACPI Processor ID : 0000000D
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000001F0
ACPI Processor ID : 00002007
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000240
ACPI Processor ID : 0000000E
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000240
ACPI Processor ID : 0000000F
Private Resource Number : 00000000
