// SPDX-License-Identifier: GPL-2.0-or-later
// APIC of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,gic-version=2
//     -smp 4
// Written by "make refresh-golden".
// iasl 20200925, 420 bytes
// sha256 a71503efe98770a1aa3f5bd3c95a7c9c7f2b9fe5860974b5481c26fb16eaadd1

Signature : "APIC"    [Multiple APIC Description Table (MADT)]
Table Length : 000001A4
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
Version : 02
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
Base Address : 0000000008010000
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
Base Address : 0000000008010000
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
Base Address : 0000000008010000
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
Base Address : 0000000008010000
Virtual GIC Base Address : 0000000000000000
Hypervisor GIC Base Address : 0000000000000000
Virtual GIC Interrupt : 00000000
Redistributor Base Address : 0000000000000000
ARM MPIDR : 0000000000000003
Efficiency Class : 00
Reserved : 00
SPE Overflow Interrupt : 0000

Subtable Type : 0D [Generic MSI Frame]
Length : 18
Reserved : 0000
MSI Frame ID : 00000000
Base Address : 0000000008020000
Flags (decoded below) : 00000001
    Select SPI : 1
SPI Count : 0040
SPI Base : 0050
