// SPDX-License-Identifier: GPL-2.0-or-later
// PPTT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
//     -smp 16,sockets=2,clusters=2,cores=2,threads=2
// Written by "make refresh-golden".
// iasl 20200925, 1276 bytes
// sha256 5b34fff93cc49db5a65bf794b236122a3e7f1d5443cd5fca27efed58472270a6

Signature : "PPTT"    [Processor Properties Topology Table]
Table Length : 000004FC
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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000054
ACPI Processor ID : 00002000
Private Resource Number : 00000002
Private Resource : 0000006C
Private Resource : 00000088

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000000A4
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
Parent : 000000A4
ACPI Processor ID : 00000001
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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000054
ACPI Processor ID : 00002001
Private Resource Number : 00000002
Private Resource : 000000E8
Private Resource : 00000104

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000120
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
Parent : 00000120
ACPI Processor ID : 00000003
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
ACPI Processor ID : 00001001
Private Resource Number : 00000001
Private Resource : 00000164

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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000180
ACPI Processor ID : 00002002
Private Resource Number : 00000002
Private Resource : 00000198
Private Resource : 000001B4

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000001D0
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
Parent : 000001D0
ACPI Processor ID : 00000005
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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 00000180
ACPI Processor ID : 00002003
Private Resource Number : 00000002
Private Resource : 00000214
Private Resource : 00000230

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 0000024C
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
Parent : 0000024C
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
Parent : 00000290
ACPI Processor ID : 00001002
Private Resource Number : 00000001
Private Resource : 000002A4

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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000002C0
ACPI Processor ID : 00002004
Private Resource Number : 00000002
Private Resource : 000002D8
Private Resource : 000002F4

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000310
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
Parent : 00000310
ACPI Processor ID : 00000009
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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000002C0
ACPI Processor ID : 00002005
Private Resource Number : 00000002
Private Resource : 00000354
Private Resource : 00000370

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 0000038C
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
Parent : 0000038C
ACPI Processor ID : 0000000B
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
Parent : 00000290
ACPI Processor ID : 00001003
Private Resource Number : 00000001
Private Resource : 000003D0

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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000003EC
ACPI Processor ID : 00002006
Private Resource Number : 00000002
Private Resource : 00000404
Private Resource : 00000420

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 0000043C
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
Parent : 0000043C
ACPI Processor ID : 0000000D
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
Flags (decoded below) : 00000010
    Physical package : 0
    ACPI Processor ID valid : 0
    Processor is a thread : 0
    Node is a leaf : 0
    Identical Implementation : 1
Parent : 000003EC
ACPI Processor ID : 00002007
Private Resource Number : 00000002
Private Resource : 00000480
Private Resource : 0000049C

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000E
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 1
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 000004B8
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
Parent : 000004B8
ACPI Processor ID : 0000000F
Private Resource Number : 00000000
