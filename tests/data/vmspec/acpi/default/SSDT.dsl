// SPDX-License-Identifier: GPL-2.0-or-later
// SSDT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on
// Written by "make refresh-golden".
// iasl 20200925, 69 bytes
// sha256 db58e7d7d47c89c81be122e9c6a0bf72c35b199cbaea9033495bcfd1a47ad24b

DefinitionBlock ("", "SSDT", 2, "VMSPEC", "PCIHP", 0x00000001)
{
    External (_SB_.PCI0, DeviceObj)
    External (HPLK, UnknownObj)

    Scope (\_SB.PCI0)
    {
        Method (PCNT, 0, NotSerialized)
        {
            Acquire (HPLK, 0xFFFF)
            Release (HPLK)
        }
    }
}
