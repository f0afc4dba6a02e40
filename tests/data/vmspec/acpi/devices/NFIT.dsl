// SPDX-License-Identifier: GPL-2.0-or-later
// NFIT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,virtio-mmio=32,hotplug-ports=4,nvdimm=on
//     -serial null
//     -serial null
//     -m 1G,slots=4,maxmem=4G
//     -object memory-backend-ram,id=m0,size=512M,reserve=off
//     -device pc-dimm,memdev=m0
//     -object memory-backend-ram,id=n0,size=128M,reserve=off
//     -device nvdimm,memdev=n0
//     -device virtio-iommu-pci
// Written by "make refresh-golden".
// iasl 20200925, 224 bytes
// sha256 8fb5239d1a1993e4a7015f26917be0341fecd70e1b9f802c8dc2331a9dcd9ae2

Signature : "NFIT"    [NVDIMM Firmware Interface Table]
Table Length : 000000E0
Revision : 01
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Reserved : 00000000

Subtable Type : 0000 [System Physical Address Range]
Length : 0038

Range Index : 0004
Flags (decoded below) : 0003
    Add/Online Operation Only : 1
    Proximity Domain Valid : 1
Reserved : 00000000
Proximity Domain : 00000000
Region Type GUID : 66F0D379-B4F3-4074-AC43-0D3318B78CDB
Address Range Base : 0000002020000000
Address Range Length : 0000000008000000
Memory Map Attribute : 0000000000008008

Subtable Type : 0001 [Memory Range Map]
Length : 0030

Device Handle : 00000002
Physical Id : 0000
Region Id : 0000
Range Index : 0004
Control Region Index : 0005
Region Size : 0000000008000000
Region Offset : 0000000000000000
Address Region Base : 0000000000000000
Interleave Index : 0000
Interleave Ways : 0001
Flags : 0000
    Save to device failed : 0
    Restore from device failed : 0
    Platform flush failed : 0
    Device not armed : 0
    Health events observed : 0
    Health events enabled : 0
    Mapping failed : 0
Reserved : 0000

Subtable Type : 0004 [NVDIMM Control Region]
Length : 0050

Region Index : 0005
Vendor Id : 8086
Device Id : 0001
Revision Id : 0001
Subsystem Vendor Id : 0000
Subsystem Device Id : 0000
Subsystem Revision Id : 0000
Valid Fields : 00
Manufacturing Location : 00
Manufacturing Date : 0000
Reserved : 0000
Serial Number : 00123457
Code : 0301
Window Count : 0000
Window Size : 0000000000000000
Command Offset : 0000000000000000
Command Size : 0000000000000000
Status Offset : 0000000000000000
Status Size : 0000000000000000
Flags : 0000
    Windows buffered : 0
Reserved1 : 000000000000
