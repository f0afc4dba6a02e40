// SPDX-License-Identifier: GPL-2.0-or-later
// SSDT2 of: qemu-system-aarch64 -nodefaults -bios FIRMWARE
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
// iasl 20200925, 1473 bytes
// sha256 58ca263f4c59c3f0c9295b2a4a72a40e0feae41f5c9960066b8faffffbb874a0

DefinitionBlock ("", "SSDT", 2, "VMSPEC", "VMSPECMH", 0x00000001)
{
    Device (\_SB.MHPD)
    {
        Name (_HID, "PNP0A06" /* Generic Container Device */)  // _HID: Hardware ID
        Name (_UID, "Memory hotplug resources")  // _UID: Unique ID
        Name (_CRS, ResourceTemplate ()  // _CRS: Current Resource Settings
        {
            Memory32Fixed (ReadWrite,
                0x09090000,         // Address Base
                0x00000018,         // Address Length
                )
        })
        OperationRegion (HPMR, SystemMemory, 0x09090000, 0x18)
    }

    Device (\_SB.MHPC)
    {
        Name (_HID, "PNP0A06" /* Generic Container Device */)  // _HID: Hardware ID
        Name (_UID, "DIMM devices")  // _UID: Unique ID
        Name (MDNR, 0x04)
        Field (\_SB.MHPD.HPMR, DWordAcc, NoLock, Preserve)
        {
            MRBL,   32,
            MRBH,   32,
            MRLL,   32,
            MRLH,   32,
            MPX,    32
        }

        Field (\_SB.MHPD.HPMR, ByteAcc, NoLock, WriteAsZeros)
        {
            Offset (0x14),
            MES,    1,
            MINS,   1,
            MRMV,   1,
            MEJ,    1
        }

        Field (\_SB.MHPD.HPMR, DWordAcc, NoLock, Preserve)
        {
            MSEL,   32,
            MOEV,   32,
            MOSC,   32
        }

        Method (_STA, 0, NotSerialized)  // _STA: Status
        {
            If ((MDNR == Zero))
            {
                Return (Zero)
            }

            Return (0x0B)
        }

        Mutex (MLCK, 0x00)
        Method (MSCN, 0, NotSerialized)
        {
            If ((MDNR == Zero))
            {
                Return (Zero)
            }

            Local0 = Zero
            Acquire (MLCK, 0xFFFF)
            While ((Local0 < MDNR))
            {
                MSEL = Local0
                If ((MINS == One))
                {
                    MTFY (Local0, One)
                    MINS = One
                }
                ElseIf ((MRMV == One))
                {
                    MTFY (Local0, 0x03)
                    MRMV = One
                }

                Local0 += One
            }

            Release (MLCK)
            Return (One)
        }

        Method (MRST, 1, NotSerialized)
        {
            Local0 = Zero
            Acquire (MLCK, 0xFFFF)
            MSEL = ToInteger (Arg0)
            If ((MES == One))
            {
                Local0 = 0x0F
            }

            Release (MLCK)
            Return (Local0)
        }

        Method (MCRS, 1, Serialized)
        {
            Acquire (MLCK, 0xFFFF)
            MSEL = ToInteger (Arg0)
            Name (MR64, ResourceTemplate ()
            {
                QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, Cacheable, ReadWrite,
                    0x0000000000000000, // Granularity
                    0x0000000000000000, // Range Minimum
                    0xFFFFFFFFFFFFFFFE, // Range Maximum
                    0x0000000000000000, // Translation Offset
                    0xFFFFFFFFFFFFFFFF, // Length
                    ,, _Y00, AddressRangeMemory, TypeStatic)
            })
            CreateDWordField (MR64, \_SB.MHPC.MCRS._Y00._MIN, MINL)  // _MIN: Minimum Base Address
            CreateDWordField (MR64, 0x12, MINH)
            CreateDWordField (MR64, \_SB.MHPC.MCRS._Y00._LEN, LENL)  // _LEN: Length
            CreateDWordField (MR64, 0x2A, LENH)
            CreateDWordField (MR64, \_SB.MHPC.MCRS._Y00._MAX, MAXL)  // _MAX: Maximum Base Address
            CreateDWordField (MR64, 0x1A, MAXH)
            MINH = MRBH /* \_SB_.MHPC.MRBH */
            MINL = MRBL /* \_SB_.MHPC.MRBL */
            LENH = MRLH /* \_SB_.MHPC.MRLH */
            LENL = MRLL /* \_SB_.MHPC.MRLL */
            MAXL = (MINL + LENL) /* \_SB_.MHPC.MCRS.LENL */
            MAXH = (MINH + LENH) /* \_SB_.MHPC.MCRS.LENH */
            If ((MAXL < MINL))
            {
                MAXH += One
            }

            If ((MAXL < One))
            {
                MAXH -= One
            }

            MAXL -= One
            If ((MAXH == Zero))
            {
                Name (MR32, ResourceTemplate ()
                {
                    DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, Cacheable, ReadWrite,
                        0x00000000,         // Granularity
                        0x00000000,         // Range Minimum
                        0xFFFFFFFE,         // Range Maximum
                        0x00000000,         // Translation Offset
                        0xFFFFFFFF,         // Length
                        ,, _Y01, AddressRangeMemory, TypeStatic)
                })
                CreateDWordField (MR32, \_SB.MHPC.MCRS._Y01._MIN, MIN)  // _MIN: Minimum Base Address
                CreateDWordField (MR32, \_SB.MHPC.MCRS._Y01._MAX, MAX)  // _MAX: Maximum Base Address
                CreateDWordField (MR32, \_SB.MHPC.MCRS._Y01._LEN, LEN)  // _LEN: Length
                MIN = MINL /* \_SB_.MHPC.MCRS.MINL */
                MAX = MAXL /* \_SB_.MHPC.MCRS.MAXL */
                LEN = LENL /* \_SB_.MHPC.MCRS.LENL */
                Release (MLCK)
                Return (MR32) /* \_SB_.MHPC.MCRS.MR32 */
            }

            Release (MLCK)
            Return (MR64) /* \_SB_.MHPC.MCRS.MR64 */
        }

        Method (MPXM, 1, NotSerialized)
        {
            Acquire (MLCK, 0xFFFF)
            MSEL = ToInteger (Arg0)
            Local0 = MPX /* \_SB_.MHPC.MPX_ */
            Release (MLCK)
            Return (Local0)
        }

        Method (MOST, 4, NotSerialized)
        {
            Acquire (MLCK, 0xFFFF)
            MSEL = ToInteger (Arg0)
            MOEV = Arg1
            MOSC = Arg2
            Release (MLCK)
        }

        Method (MEJ0, 2, NotSerialized)
        {
            Acquire (MLCK, 0xFFFF)
            MSEL = ToInteger (Arg0)
            MEJ = One
            Release (MLCK)
        }

        Device (MP00)
        {
            Name (_UID, "0x00")  // _UID: Unique ID
            Name (_HID, EisaId ("PNP0C80") /* Memory Device */)  // _HID: Hardware ID
            Method (_CRS, 0, NotSerialized)  // _CRS: Current Resource Settings
            {
                Return (MCRS (_UID))
            }

            Method (_STA, 0, NotSerialized)  // _STA: Status
            {
                Return (MRST (_UID))
            }

            Method (_PXM, 0, NotSerialized)  // _PXM: Device Proximity
            {
                Return (MPXM (_UID))
            }

            Method (_OST, 3, NotSerialized)  // _OST: OSPM Status Indication
            {
                MOST (_UID, Arg0, Arg1, Arg2)
            }

            Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
            {
                MEJ0 (_UID, Arg0)
            }
        }

        Device (MP01)
        {
            Name (_UID, "0x01")  // _UID: Unique ID
            Name (_HID, EisaId ("PNP0C80") /* Memory Device */)  // _HID: Hardware ID
            Method (_CRS, 0, NotSerialized)  // _CRS: Current Resource Settings
            {
                Return (MCRS (_UID))
            }

            Method (_STA, 0, NotSerialized)  // _STA: Status
            {
                Return (MRST (_UID))
            }

            Method (_PXM, 0, NotSerialized)  // _PXM: Device Proximity
            {
                Return (MPXM (_UID))
            }

            Method (_OST, 3, NotSerialized)  // _OST: OSPM Status Indication
            {
                MOST (_UID, Arg0, Arg1, Arg2)
            }

            Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
            {
                MEJ0 (_UID, Arg0)
            }
        }

        Device (MP02)
        {
            Name (_UID, "0x02")  // _UID: Unique ID
            Name (_HID, EisaId ("PNP0C80") /* Memory Device */)  // _HID: Hardware ID
            Method (_CRS, 0, NotSerialized)  // _CRS: Current Resource Settings
            {
                Return (MCRS (_UID))
            }

            Method (_STA, 0, NotSerialized)  // _STA: Status
            {
                Return (MRST (_UID))
            }

            Method (_PXM, 0, NotSerialized)  // _PXM: Device Proximity
            {
                Return (MPXM (_UID))
            }

            Method (_OST, 3, NotSerialized)  // _OST: OSPM Status Indication
            {
                MOST (_UID, Arg0, Arg1, Arg2)
            }

            Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
            {
                MEJ0 (_UID, Arg0)
            }
        }

        Device (MP03)
        {
            Name (_UID, "0x03")  // _UID: Unique ID
            Name (_HID, EisaId ("PNP0C80") /* Memory Device */)  // _HID: Hardware ID
            Method (_CRS, 0, NotSerialized)  // _CRS: Current Resource Settings
            {
                Return (MCRS (_UID))
            }

            Method (_STA, 0, NotSerialized)  // _STA: Status
            {
                Return (MRST (_UID))
            }

            Method (_PXM, 0, NotSerialized)  // _PXM: Device Proximity
            {
                Return (MPXM (_UID))
            }

            Method (_OST, 3, NotSerialized)  // _OST: OSPM Status Indication
            {
                MOST (_UID, Arg0, Arg1, Arg2)
            }

            Method (_EJ0, 1, NotSerialized)  // _EJx: Eject Device, x=0-9
            {
                MEJ0 (_UID, Arg0)
            }
        }

        Method (MTFY, 2, NotSerialized)
        {
            If ((Arg0 == Zero))
            {
                Notify (MP00, Arg1)
            }

            If ((Arg0 == One))
            {
                Notify (MP01, Arg1)
            }

            If ((Arg0 == 0x02))
            {
                Notify (MP02, Arg1)
            }

            If ((Arg0 == 0x03))
            {
                Notify (MP03, Arg1)
            }
        }
    }
}
