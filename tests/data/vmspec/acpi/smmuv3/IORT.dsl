// SPDX-License-Identifier: GPL-2.0-or-later
// IORT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,iommu=smmuv3
// Written by "make refresh-golden".
// iasl 20200925, 216 bytes
// sha256 163c9ca5cb05f028f6fb26e3991dd5efc7ea92836105c018b1815e9634f80541

Signature : "IORT"    [IO Remapping Table]
Table Length : 000000D8
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Node Count : 00000003
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

Type : 04
Length : 0058
Revision : 04
Reserved : 00000001
Mapping Count : 00000001
Mapping Offset : 00000044

Base Address : 0000000009050000
Flags (decoded below) : 00000001
    COHACC Override : 1
    HTTU Override : 0
    Proximity Domain Valid : 0
Reserved : 00000000
VATOS Address : 0000000000000000
Model : 00000000
Event GSIV : 00000090
PRI GSIV : 00000091
GERR GSIV : 00000093
Sync GSIV : 00000092
Proximity Domain : 00000000
Device ID Mapping Index : 00000000

Input base : 00000000
ID Count : 0000FFFF
Output Base : 00000000
Output Reference : 00000030
Flags (decoded below) : 00000000
    Single Mapping : 0

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
Output Reference : 00000048
Flags (decoded below) : 00000000
    Single Mapping : 0
