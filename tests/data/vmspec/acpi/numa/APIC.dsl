// SPDX-License-Identifier: GPL-2.0-or-later
// APIC of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 268 bytes
// sha256 bf8ff6a769b5595968594a4c0f88a2f3bb32a0ff5989ed25ce4035f00c92768c

Signature : "APIC"    [Multiple APIC Description Table (MADT)]
Table Length : 0000010C
Revision : 06
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Local Apic Address : 00000000
Flags (decoded below) : 00000000
    PC-AT Compatibility : 0

Subtable Type : 0C [Generic Interrupt Distributor]
Length : 18
Reserved : 0000
Local GIC Hardware ID : 00000000
Base Address : 0000000008000000
Interrupt Base : 00000000
Version : 03
Reserved : 000000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000000
Processor UID : 00000000
Flags (decoded below) : 00000001
    Processor Enabled : 1
    Performance Interrupt Trigger Mode : 0
    Virtual GIC Interrupt Trigger Mode : 0
Parking Protocol Version : 00000000
Performance Interrupt : 00000017
Parked Address : 0000000000000000
Base Address : 0000000000000000
Virtual GIC Base Address : 0000000000000000
Hypervisor GIC Base Address : 0000000000000000
Virtual GIC Interrupt : 00000000
Redistributor Base Address : 0000000000000000
ARM MPIDR : 0000000000000000
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000001
Processor UID : 00000001
Flags (decoded below) : 00000001
    Processor Enabled : 1
    Performance Interrupt Trigger Mode : 0
    Virtual GIC Interrupt Trigger Mode : 0
Parking Protocol Version : 00000000
Performance Interrupt : 00000017
Parked Address : 0000000000000000
Base Address : 0000000000000000
Virtual GIC Base Address : 0000000000000000
Hypervisor GIC Base Address : 0000000000000000
Virtual GIC Interrupt : 00000000
Redistributor Base Address : 0000000000000000
ARM MPIDR : 0000000000000001
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0E [Generic Interrupt Redistributor]
Length : 10
Reserved : 0000
Base Address : 00000000080A0000
Length : 00F60000

Subtable Type : 0F [Generic Interrupt Translator]
Length : 14
Reserved : 0000
Translation ID : 00000000
Base Address : 0000000008080000
Reserved : 00000000
