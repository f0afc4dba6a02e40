// SPDX-License-Identifier: GPL-2.0-or-later
// SLIT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 48 bytes
// sha256 def739e84937f8d1edfc0df499e8caca798c5e6ec670a1b70803ed1615d10f5b

Signature : "SLIT"    [System Locality Information Table]
Table Length : 00000030
Revision : 01
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Localities : 0000000000000002
Locality   0 : 0A 14
Locality   1 : 14 0A
