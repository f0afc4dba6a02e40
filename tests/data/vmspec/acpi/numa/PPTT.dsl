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
// iasl 20200925, 156 bytes
// sha256 b040421e86ebdd7e7d9704a71017525dcddd5e97f8ec0a81488126bb3ab1642d

Signature : "PPTT"    [Processor Properties Topology Table]
Table Length : 0000009C
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
Flags (decoded below) : 0000000A
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000038
ACPI Processor ID : 00000000
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
Parent : 00000060
ACPI Processor ID : 00001001
Private Resource Number : 00000000

Subtable Type : 00 [Processor Hierarchy Node]
Length : 14
Reserved : 0000
Flags (decoded below) : 0000000A
    Physical package : 0
    ACPI Processor ID valid : 1
    Processor is a thread : 0
    Node is a leaf : 1
    Identical Implementation : 0
Parent : 00000074
ACPI Processor ID : 00000001
Private Resource Number : 00000000
