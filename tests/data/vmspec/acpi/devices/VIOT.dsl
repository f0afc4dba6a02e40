// SPDX-License-Identifier: GPL-2.0-or-later
// VIOT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 88 bytes
// sha256 c6f9223438c6bd280b449ac98c440d5ec61590ea788dfcc12a25242458672af6

Signature : "VIOT"
Table Length : 00000058
Revision : 00
Oem ID : "VMSPEC"
Oem Table ID : "VMSPEC10"
Oem Revision : 00000001
Asl Compiler ID : "BXPC"
Asl Compiler Revision : 00000001


    **** Unknown ACPI table signature [VIOT]


    Raw Table Data: Length 88 (0x58)

    0000: 56 49 4F 54 58 00 00 00 00 A6 56 4D 53 50 45 43  // VIOTX.....VMSPEC
    0010: 56 4D 53 50 45 43 31 30 01 00 00 00 42 58 50 43  // VMSPEC10....BXPC
    0020: 01 00 00 00 02 00 30 00 00 00 00 00 00 00 00 00  // ......0.........
    0030: 03 00 10 00 00 00 08 00 00 00 00 00 00 00 00 00  // ................
    0040: 01 00 18 00 00 00 00 00 00 00 00 00 00 00 FF FF  // ................
    0050: 30 00 00 00 00 00 00 00                          // 0.......
