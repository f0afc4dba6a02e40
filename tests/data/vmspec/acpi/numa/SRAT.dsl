// SPDX-License-Identifier: GPL-2.0-or-later
// SRAT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 164 bytes
// sha256 3524534fe196198894f536eb36207ef57c907946904b90b7091a22769932702e

Signature : "SRAT"    [System Resource Affinity Table]
Table Length : 000000A4
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Table Revision : 00000001
Reserved : 0000000000000000

Subtable Type : 03 [GICC Affinity]
Length : 12

Proximity Domain : 00000000
Acpi Processor UID : 00000000
Flags (decoded below) : 00000001
    Enabled : 1
Clock Domain : 00000000

Subtable Type : 03 [GICC Affinity]
Length : 12

Proximity Domain : 00000001
Acpi Processor UID : 00000001
Flags (decoded below) : 00000001
    Enabled : 1
Clock Domain : 00000000

Subtable Type : 01 [Memory Affinity]
Length : 28

Proximity Domain : 00000000
Reserved1 : 0000
Base Address : 0000000040000000
Address Length : 0000000010000000
Reserved2 : 00000000
Flags (decoded below) : 00000001
    Enabled : 1
    Hot Pluggable : 0
    Non-Volatile : 0
Reserved3 : 0000000000000000

Subtable Type : 01 [Memory Affinity]
Length : 28

Proximity Domain : 00000001
Reserved1 : 0000
Base Address : 0000000050000000
Address Length : 0000000010000000
Reserved2 : 00000000
Flags (decoded below) : 00000001
    Enabled : 1
    Hot Pluggable : 0
    Non-Volatile : 0
Reserved3 : 0000000000000000
