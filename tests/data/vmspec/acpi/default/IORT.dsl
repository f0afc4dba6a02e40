// SPDX-License-Identifier: GPL-2.0-or-later
// IORT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
// Written by "make refresh-golden".
// iasl 20200925, 128 bytes
// sha256 2246e9b7889d74a4862072c224f819d7a9128a27654360e7b343db3ced1a5986

Signature : "IORT"    [IO Remapping Table]
Table Length : 00000080
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Node Count : 00000002
Node Offset : 00000030
Reserved : 00000000

Type : 00
Length : 0018
Revision : 01
Reserved : 00000000
Mapping Count : 00000000
Mapping Offset : 00000000

ItsCount : 00000001
Identifiers : 00000000

Type : 02
Length : 0038
Revision : 03
Reserved : 00000002
Mapping Count : 00000001
Mapping Offset : 00000024

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

Input base : 00000000
ID Count : 0000FFFF
Output Base : 00000000
Output Reference : 00000030
Flags (decoded below) : 00000000
    Single Mapping : 0
