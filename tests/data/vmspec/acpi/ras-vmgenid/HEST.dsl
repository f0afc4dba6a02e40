// SPDX-License-Identifier: GPL-2.0-or-later
// HEST of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,ras=on
//     -device vmgenid
// Written by "make refresh-golden".
// iasl 20200925, 224 bytes
// sha256 28565ced008a18bf10c097df8c3f0afb49cc0e5f478f7ca35d89ca01e251ce6f

Signature : "HEST"    [Hardware Error Source Table]
Table Length : 000000E0
Revision : 01
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Error Source Count : 00000002

Subtable Type : 000A [Generic Hardware Error Source V2]
Source Id : 0000
Related Source Id : FFFF
Reserved : 00
Enabled : 01
Records To Preallocate : 00000001
Max Sections Per Record : 00000001
Max Raw Data Length : 00000400

Error Status Address : [Generic Address Structure]
Space ID : 00 [SystemMemory]
Bit Width : 40
Bit Offset : 00
Encoded Access Width : 04 [QWord Access:64]
Address : 0000000000000000

Notify : [Hardware Error Notification Structure]
Notify Type : 08 [SEA]
Notify Length : 1C
Configuration Write Enable : 0000
PollInterval : 00000000
Vector : 00000000
Polling Threshold Value : 00000000
Polling Threshold Window : 00000000
Error Threshold Value : 00000000
Error Threshold Window : 00000000

Error Status Block Length : 00000400
Read Ack Register : [Generic Address Structure]
Space ID : 00 [SystemMemory]
Bit Width : 40
Bit Offset : 00
Encoded Access Width : 04 [QWord Access:64]
Address : 0000000000000008

Read Ack Preserve : FFFFFFFFFFFFFFFE
Read Ack Write : 0000000000000001

Subtable Type : 000A [Generic Hardware Error Source V2]
Source Id : 0001
Related Source Id : FFFF
Reserved : 00
Enabled : 01
Records To Preallocate : 00000001
Max Sections Per Record : 00000001
Max Raw Data Length : 00000400

Error Status Address : [Generic Address Structure]
Space ID : 00 [SystemMemory]
Bit Width : 40
Bit Offset : 00
Encoded Access Width : 04 [QWord Access:64]
Address : 0000000000000010

Notify : [Hardware Error Notification Structure]
Notify Type : 07 [GPIO]
Notify Length : 1C
Configuration Write Enable : 0000
PollInterval : 00000000
Vector : 00000000
Polling Threshold Value : 00000000
Polling Threshold Window : 00000000
Error Threshold Value : 00000000
Error Threshold Window : 00000000

Error Status Block Length : 00000400
Read Ack Register : [Generic Address Structure]
Space ID : 00 [SystemMemory]
Bit Width : 40
Bit Offset : 00
Encoded Access Width : 04 [QWord Access:64]
Address : 0000000000000018

Read Ack Preserve : FFFFFFFFFFFFFFFE
Read Ack Write : 0000000000000001
