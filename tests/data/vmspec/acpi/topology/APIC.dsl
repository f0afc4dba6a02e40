// SPDX-License-Identifier: GPL-2.0-or-later
// APIC of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
//     -smp 16,sockets=2,clusters=2,cores=2,threads=2
// Written by "make refresh-golden".
// iasl 20200925, 1416 bytes
// sha256 ee0f780083eec9b12350500bb17b5cc43f3da16158b8e0bb89b405fe402a36a3

Signature : "APIC"    [Multiple APIC Description Table (MADT)]
Table Length : 00000588
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

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000002
Processor UID : 00000002
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
ARM MPIDR : 0000000000000002
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000003
Processor UID : 00000003
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
ARM MPIDR : 0000000000000003
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000004
Processor UID : 00000004
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
ARM MPIDR : 0000000000000004
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000005
Processor UID : 00000005
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
ARM MPIDR : 0000000000000005
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000006
Processor UID : 00000006
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
ARM MPIDR : 0000000000000006
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000007
Processor UID : 00000007
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
ARM MPIDR : 0000000000000007
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000008
Processor UID : 00000008
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
ARM MPIDR : 0000000000000008
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 00000009
Processor UID : 00000009
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
ARM MPIDR : 0000000000000009
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 0000000A
Processor UID : 0000000A
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
ARM MPIDR : 000000000000000A
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 0000000B
Processor UID : 0000000B
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
ARM MPIDR : 000000000000000B
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 0000000C
Processor UID : 0000000C
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
ARM MPIDR : 000000000000000C
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 0000000D
Processor UID : 0000000D
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
ARM MPIDR : 000000000000000D
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 0000000E
Processor UID : 0000000E
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
ARM MPIDR : 000000000000000E
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0B [Generic Interrupt Controller]
Length : 52
Reserved : 0000
CPU Interface Number : 0000000F
Processor UID : 0000000F
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
ARM MPIDR : 000000000000000F
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
