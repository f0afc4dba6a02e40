// SPDX-License-Identifier: GPL-2.0-or-later
// HMAT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 176 bytes
// sha256 c2ff6f1bc64ee9ce13fcc5fca6168635d8e8bf7801663cc8e63079602f839015

Signature : "HMAT"    [Heterogeneous Memory Attributes Table]
Table Length : 000000B0
Revision : 02
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Reserved : 00000000

Structure Type : 0000 [Memory Proximity Domain Attributes]
Reserved : 0000
Length : 00000028
Flags (decoded below) : 0001
    Processor Proximity Domain Valid : 1
Reserved1 : 0000
Attached Initiator Proximity Domain : 00000000
Memory Proximity Domain : 00000000
Reserved2 : 00000000
Reserved3 : 0000000000000000
Reserved4 : 0000000000000000

Structure Type : 0000 [Memory Proximity Domain Attributes]
Reserved : 0000
Length : 00000028
Flags (decoded below) : 0001
    Processor Proximity Domain Valid : 1
Reserved1 : 0000
Attached Initiator Proximity Domain : 00000001
Memory Proximity Domain : 00000001
Reserved2 : 00000000
Reserved3 : 0000000000000000
Reserved4 : 0000000000000000

Structure Type : 0001 [System Locality Latency and Bandwidth Information]
Reserved : 0000
Length : 00000038
Flags (decoded below) : 00
    Memory Hierarchy : 0
Data Type : 00
Reserved1 : 0000
Initiator Proximity Domains # : 00000002
Target Proximity Domains # : 00000002
Reserved2 : 00000000
Entry Base Unit : 00000000000003E8
Initiator Proximity Domain List : 00000000
Initiator Proximity Domain List : 00000001
Target Proximity Domain List : 00000000
Target Proximity Domain List : 00000001
Entry : 0005
Entry : 000A
Entry : 000A
Entry : 0005
