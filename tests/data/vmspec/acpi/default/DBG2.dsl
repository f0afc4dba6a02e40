// SPDX-License-Identifier: GPL-2.0-or-later
// DBG2 of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
// Written by "make refresh-golden".
// iasl 20200925, 92 bytes
// sha256 3b41f3634d13e7a21ae1f053a700b060303709b847bacebe99bee5eb964003b0

Signature : "DBG2"    [Debug Port table type 2]
Table Length : 0000005C
Revision : 00
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Info Offset : 0000002C
Info Count : 00000001

Revision : 00
Length : 0030
Register Count : 01
Namepath Length : 000A
Namepath Offset : 0026
OEM Data Length : 0000 [Optional field not present]
OEM Data Offset : 0000 [Optional field not present]
Port Type : 8000
Port Subtype : 0003
Reserved : 0000
Base Address Offset : 0016
Address Size Offset : 0022

Base Address Register : [Generic Address Structure]
Space ID : 00 [SystemMemory]
Bit Width : 20
Bit Offset : 00
Encoded Access Width : 03 [DWord Access:32]
Address : 0000000009000000

Address Size : 00001000

Namepath : "\_SB.COM0"
