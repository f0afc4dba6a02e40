// SPDX-License-Identifier: GPL-2.0-or-later
// SRAT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 226 bytes
// sha256 3d639253dcaff84faf2a8a875ff9246c07127ce2abd29c85b25611483d1de402

Signature : "SRAT"    [System Resource Affinity Table]
Table Length : 000000E2
Revision : 03
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001

Table Revision : 00000001
Reserved : 0000000000000000

Subtable Type : 03 [GICC Affinity]
Length : 12

Proximity Domain : 00000000
Acpi Processor UID : 00000000
Flags (decoded below) : 00000001
    Enabled : 1
Clock Domain : 00000000

Subtable Type : 01 [Memory Affinity]
Length : 28

Proximity Domain : 00000000
Reserved1 : 0000
Base Address : 0000000040000000
Address Length : 0000000040000000
Reserved2 : 00000000
Flags (decoded below) : 00000001
    Enabled : 1
    Hot Pluggable : 0
    Non-Volatile : 0
Reserved3 : 0000000000000000

Subtable Type : 01 [Memory Affinity]
Length : 28

Proximity Domain : 00000000
Reserved1 : 0000
Base Address : 0000002000000000
Address Length : 0000000020000000
Reserved2 : 00000000
Flags (decoded below) : 00000003
    Enabled : 1
    Hot Pluggable : 1
    Non-Volatile : 0
Reserved3 : 0000000000000000

Subtable Type : 01 [Memory Affinity]
Length : 28

Proximity Domain : 00000000
Reserved1 : 0000
Base Address : 0000002020000000
Address Length : 0000000008000000
Reserved2 : 00000000
Flags (decoded below) : 00000005
    Enabled : 1
    Hot Pluggable : 0
    Non-Volatile : 1
Reserved3 : 0000000000000000

Subtable Type : 01 [Memory Affinity]
Length : 28

Proximity Domain : 00000000
Reserved1 : 0000
Base Address : 0000002028000000
Address Length : 0000000098000000
Reserved2 : 00000000
Flags (decoded below) : 00000003
    Enabled : 1
    Hot Pluggable : 1
    Non-Volatile : 0
Reserved3 : 0000000000000000
