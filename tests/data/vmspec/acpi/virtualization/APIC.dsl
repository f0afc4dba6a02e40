// SPDX-License-Identifier: GPL-2.0-or-later
// APIC of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,virtualization=on
// Written by "make refresh-golden".
// iasl 20200925, 186 bytes
// sha256 4f93a1a60cdacd2107e2d050f5c6b44f2911143b5ec5deb10832f369e9eca6ef

Signature : "APIC"    [Multiple APIC Description Table (MADT)]
Table Length : 000000BA
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
Virtual GIC Interrupt : 00000019
Redistributor Base Address : 0000000000000000
ARM MPIDR : 0000000000000000
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
