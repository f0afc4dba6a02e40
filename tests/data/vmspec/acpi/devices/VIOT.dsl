// SPDX-License-Identifier: GPL-2.0-or-later
// VIOT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,virtio-mmio=32
//     -serial null
//     -serial null
//     -device pcie-root-port,id=port0,chassis=1
//     -device pcie-root-port,id=port1,chassis=2
//     -device virtio-iommu-pci
// Written by "make refresh-golden".
// iasl 20200925, 88 bytes
// sha256 d10c2c2cd812bfd01dfeb4a13aaa719a9eb21c6b02c58f19a9ea1145f517af49

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

    0000: 56 49 4F 54 58 00 00 00 00 96 56 4D 53 50 45 43  // VIOTX.....VMSPEC
    0010: 56 4D 53 50 45 43 31 30 01 00 00 00 42 58 50 43  // VMSPEC10....BXPC
    0020: 01 00 00 00 02 00 30 00 00 00 00 00 00 00 00 00  // ......0.........
    0030: 03 00 10 00 00 00 18 00 00 00 00 00 00 00 00 00  // ................
    0040: 01 00 18 00 00 00 00 00 00 00 00 00 00 00 FF FF  // ................
    0050: 30 00 00 00 00 00 00 00                          // 0.......
