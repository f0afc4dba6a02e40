// SPDX-License-Identifier: GPL-2.0-or-later
// MCFG of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
// Written by "make refresh-golden".
// iasl 20200925, 60 bytes
// sha256 4bd93b9697dda5a1f0a26f2b36dbc12f5c5ce1f3075b097013f8010f14e70bca

Signature : "MCFG"    [Memory Mapped Configuration table]
Table Length : 0000003C
Revision : 01
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Reserved : 0000000000000000

Base Address : 0000000010000000
Segment Group Number : 0000
Start Bus Number : 00
End Bus Number : FF
Reserved : 00000000
