// SPDX-License-Identifier: GPL-2.0-or-later
// SPCR of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
// Written by "make refresh-golden".
// iasl 20200925, 98 bytes
// sha256 a1958f52f88c4a0d3e5abff53db602f11d8098b304802f889c25fa3c9e16e9a9

Signature : "SPCR"    [Serial Port Console Redirection table]
Table Length : 00000062
Revision : 04
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Interface Type : 03
Reserved : 000000

Serial Port Register : [Generic Address Structure]
Space ID : 00 [SystemMemory]
Bit Width : 20
Bit Offset : 00
Encoded Access Width : 03 [DWord Access:32]
Address : 0000000009000000

Interrupt Type : 08
PCAT-compatible IRQ : 00
Interrupt : 00000021
Baud Rate : 00
Parity : 00
Stop Bits : 01
Flow Control : 00
Terminal Type : 02
Reserved : 00
PCI Device ID : FFFF
PCI Vendor ID : FFFF
PCI Bus : 00
PCI Device : 00
PCI Function : 00
PCI Flags : 00000000
PCI Segment : 00
Reserved : 00000000
