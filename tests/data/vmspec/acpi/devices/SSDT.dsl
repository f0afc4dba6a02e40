// SPDX-License-Identifier: GPL-2.0-or-later
// SSDT of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 547 bytes
// sha256 a80255dd2debfb456eb366501313db0b6deb1e9cb461c78b76e4887d0693b567

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
        Device (P0E0)
        {
            Name (_ADR, 0x001C0000)  // _ADR: Address
            Device (SLOT)
            {
                Name (_ADR, Zero)  // _ADR: Address
                Name (_SUN, 0xE0)  // _SUN: Slot User Number
                Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
                {
                    Acquire (HPLK, 0xFFFF)
                    HPBK = 0x07
                    HPEJ = One
                    Release (HPLK)
                }
            }
        }

        Device (P0E1)
        {
            Name (_ADR, 0x001C0001)  // _ADR: Address
            Device (SLOT)
            {
                Name (_ADR, Zero)  // _ADR: Address
                Name (_SUN, 0xE1)  // _SUN: Slot User Number
                Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
                {
                    Acquire (HPLK, 0xFFFF)
                    HPBK = 0x07
                    HPEJ = 0x02
                    Release (HPLK)
                }
            }
        }

        Device (P0E2)
        {
            Name (_ADR, 0x001C0002)  // _ADR: Address
            Device (SLOT)
            {
                Name (_ADR, Zero)  // _ADR: Address
                Name (_SUN, 0xE2)  // _SUN: Slot User Number
                Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
                {
                    Acquire (HPLK, 0xFFFF)
                    HPBK = 0x07
                    HPEJ = 0x04
                    Release (HPLK)
                }
            }
        }

        Device (P0E3)
        {
            Name (_ADR, 0x001C0003)  // _ADR: Address
            Device (SLOT)
            {
                Name (_ADR, Zero)  // _ADR: Address
                Name (_SUN, 0xE3)  // _SUN: Slot User Number
                Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
                {
                    Acquire (HPLK, 0xFFFF)
                    HPBK = 0x07
                    HPEJ = 0x08
                    Release (HPLK)
                }
            }
        }

        Method (PCNT, 0, NotSerialized)
        {
            Acquire (HPLK, 0xFFFF)
            HPBK = 0x07
            Local0 = HPUP /* External reference */
            HPUP = Local0
            Local1 = HPDN /* External reference */
            HPDN = Local1
            If ((Local0 & One))
            {
                Notify (^P0E0.SLOT, One) // Device Check
            }

            If ((Local1 & One))
            {
                Notify (^P0E0.SLOT, 0x03) // Eject Request
            }

            If ((Local0 & 0x02))
            {
                Notify (^P0E1.SLOT, One) // Device Check
            }

            If ((Local1 & 0x02))
            {
                Notify (^P0E1.SLOT, 0x03) // Eject Request
            }

            If ((Local0 & 0x04))
            {
                Notify (^P0E2.SLOT, One) // Device Check
            }

            If ((Local1 & 0x04))
            {
                Notify (^P0E2.SLOT, 0x03) // Eject Request
            }

            If ((Local0 & 0x08))
            {
                Notify (^P0E3.SLOT, One) // Device Check
            }

            If ((Local1 & 0x08))
            {
                Notify (^P0E3.SLOT, 0x03) // Eject Request
            }

            Release (HPLK)
        }
    }
}
