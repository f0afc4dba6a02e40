// SPDX-License-Identifier: GPL-2.0-or-later
// IORT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,gic-version=2
//     -smp 4
// Written by "make refresh-golden".
// iasl 20200925, 84 bytes
// sha256 bec4eed16b301907d3984012d0f7d7bb4adf40d5e7e877fd3e815952e07c32e1

Signature : "IORT"    [IO Remapping Table]
Table Length : 00000054
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Node Count : 00000001
Node Offset : 00000030
Reserved : 00000000

Type : 02
Length : 0024
Revision : 03
Reserved : 00000002
Mapping Count : 00000000
Mapping Offset : 00000000

Memory Properties : [IORT Memory Access Properties]
Cache Coherency : 00000001
Hints (decoded below) : 00
    Transient : 0
    Write Allocate : 0
    Read Allocate : 0
    Override : 0
Reserved : 0000
Memory Flags (decoded below) : 03
    Coherency : 1
    Device Attribute : 1
ATS Attribute : 00000000
PCI Segment Number : 00000000
Memory Size Limit : 40
Reserved : 000000
