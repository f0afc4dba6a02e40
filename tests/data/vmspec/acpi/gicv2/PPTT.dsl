// SPDX-License-Identifier: GPL-2.0-or-later
// PPTT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,gic-version=2
//     -smp 4
// Written by "make refresh-golden".
// iasl 20200925, 444 bytes
// sha256 727de8d7eebe575f4f4ed55f3c36991f04a63ae25dcebf6a6c48f99c7485cebb

Signature : "PPTT"    [Processor Properties Topology Table]
Table Length : 000001BC
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

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00100000
Number of Sets : 00000800
Associativity : 08
Attributes : 08
    Allocation Type : 0
    Cache Type : 2
    Write Policy : 0
Line Size : 0040

Subtable Type : 00 [Processor Hierarchy Node]
Length : 18
Reserved : 0000
Flags (decoded below) : 00000012
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000024
ACPI Processor ID : 00001000
Private Resource Number : 00000001
Private Resource : 00000038

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 00
    Allocation Type : 0
    Cache Type : 0
    Write Policy : 0
Line Size : 0040

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 04
    Allocation Type : 0
    Cache Type : 1
    Write Policy : 0
Line Size : 0040

Subtable Type : 00 [Processor Hierarchy Node]
Length : 1C
Reserved : 0000
Flags (decoded below) : 0000000A
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000054
ACPI Processor ID : 00000000
Private Resource Number : 00000002
Private Resource : 0000006C
Private Resource : 00000088

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 00
    Allocation Type : 0
    Cache Type : 0
    Write Policy : 0
Line Size : 0040

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 04
    Allocation Type : 0
    Cache Type : 1
    Write Policy : 0
Line Size : 0040

Subtable Type : 00 [Processor Hierarchy Node]
Length : 1C
Reserved : 0000
Flags (decoded below) : 0000000A
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000054
ACPI Processor ID : 00000001
Private Resource Number : 00000002
Private Resource : 000000C0
Private Resource : 000000DC

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 00
    Allocation Type : 0
    Cache Type : 0
    Write Policy : 0
Line Size : 0040

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 04
    Allocation Type : 0
    Cache Type : 1
    Write Policy : 0
Line Size : 0040

Subtable Type : 00 [Processor Hierarchy Node]
Length : 1C
Reserved : 0000
Flags (decoded below) : 0000000A
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000054
ACPI Processor ID : 00000002
Private Resource Number : 00000002
Private Resource : 00000114
Private Resource : 00000130

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 00
    Allocation Type : 0
    Cache Type : 0
    Write Policy : 0
Line Size : 0040

Subtable Type : 01 [Cache Type]
Length : 1C
Reserved : 0000
Flags (decoded below) : 000000D7
    Size valid : 1
    Number of Sets valid : 1
    Associativity valid : 1
    Allocation Type valid : 0
    Cache Type valid : 1
    Write Policy valid : 0
    Line Size valid : 1
Next Level of Cache : 00000000
Size : 00010000
Number of Sets : 00000100
Associativity : 04
Attributes : 04
    Allocation Type : 0
    Cache Type : 1
    Write Policy : 0
Line Size : 0040

Subtable Type : 00 [Processor Hierarchy Node]
Length : 1C
Reserved : 0000
Flags (decoded below) : 0000000A
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000054
ACPI Processor ID : 00000003
Private Resource Number : 00000002
Private Resource : 00000168
Private Resource : 00000184
