// SPDX-License-Identifier: GPL-2.0-or-later
// SSDT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
//     -M vmspec,dtb-randomness=off,acpi=on,virtio-mmio=32
//     -serial null
//     -serial null
//     -device pcie-root-port,id=port0,chassis=1
//     -device pcie-root-port,id=port1,chassis=2
//     -device virtio-iommu-pci
// Written by "make refresh-golden".
// iasl 20200925, 335 bytes
// sha256 9cb559973006c90fdfa2daf8b66fad45895d7d361ded036fc636faf12dd00c7a

DefinitionBlock ("", "SSDT", 2, "VMSPEC", "PCIHP", 0x00000001)
{
    External (_SB_.PCI0, DeviceObj)
    External (HPBK, UnknownObj)
    External (HPDN, IntObj)
    External (HPEJ, UnknownObj)
    External (HPLK, UnknownObj)
    External (HPUP, IntObj)

    Scope (\_SB.PCI0)
    {
        Device (P008)
        {
            Name (_ADR, 0x00010000)  // _ADR: Address
            Device (SLOT)
            {
                Name (_ADR, Zero)  // _ADR: Address
                Name (_SUN, 0x08)  // _SUN: Slot User Number
                Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
                {
                    Acquire (HPLK, 0xFFFF)
                    HPBK = Zero
                    HPEJ = 0x0100
                    Release (HPLK)
                }
            }
        }

        Device (P010)
        {
            Name (_ADR, 0x00020000)  // _ADR: Address
            Device (SLOT)
            {
                Name (_ADR, Zero)  // _ADR: Address
                Name (_SUN, 0x10)  // _SUN: Slot User Number
                Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
                {
                    Acquire (HPLK, 0xFFFF)
                    HPBK = Zero
                    HPEJ = 0x00010000
                    Release (HPLK)
                }
            }
        }

        Method (PCNT, 0, NotSerialized)
        {
            Acquire (HPLK, 0xFFFF)
            HPBK = Zero
            Local0 = HPUP /* External reference */
            HPUP = Local0
            Local1 = HPDN /* External reference */
            HPDN = Local1
            If ((Local0 & 0x0100))
            {
                Notify (^P008.SLOT, One) // Device Check
            }

            If ((Local1 & 0x0100))
            {
                Notify (^P008.SLOT, 0x03) // Eject Request
            }

            If ((Local0 & 0x00010000))
            {
                Notify (^P010.SLOT, One) // Device Check
            }

            If ((Local1 & 0x00010000))
            {
                Notify (^P010.SLOT, 0x03) // Eject Request
            }

            Release (HPLK)
        }
    }
}
