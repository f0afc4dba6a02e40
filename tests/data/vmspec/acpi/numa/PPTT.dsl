// SPDX-License-Identifier: GPL-2.0-or-later
// PPTT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,hmat=on
//     -m 512M
//     -smp 2,sockets=2
//     -object memory-backend-ram,id=m0,size=256M
//     -object memory-backend-ram,id=m1,size=256M
//     -numa node,nodeid=0,memdev=m0,cpus=0
//     -numa node,nodeid=1,memdev=m1,cpus=1,initiator=1
//     -numa dist,src=0,dst=1,val=20
//     -numa hmat-lb,initiator=0,target=0,hierarchy=memory,data-type=access-latency,latency=5
//     -numa hmat-lb,initiator=0,target=1,hierarchy=memory,data-type=access-latency,latency=10
//     -numa hmat-lb,initiator=1,target=0,hierarchy=memory,data-type=access-latency,latency=10
//     -numa hmat-lb,initiator=1,target=1,hierarchy=memory,data-type=access-latency,latency=5
// Written by "make refresh-golden".
// iasl 20200925, 348 bytes
// sha256 cd5b77984cd8b2c8aed739b5f6bc869c5ca083bde57ca31305047fe99afe72c2

Signature : "PPTT"    [Processor Properties Topology Table]
Table Length : 0000015C
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
Parent : 000000C0
ACPI Processor ID : 00001001
Private Resource Number : 00000001
Private Resource : 000000D4

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
Parent : 000000F0
ACPI Processor ID : 00000001
Private Resource Number : 00000002
Private Resource : 00000108
Private Resource : 00000124
