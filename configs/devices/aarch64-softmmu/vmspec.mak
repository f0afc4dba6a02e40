# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
# A build with vmspec and QEMU's virt, against which vmspec is measured:
#   configure --with-devices-aarch64=vmspec
# This file switches every other board off by name. It keeps QEMU's defaults,
# because PCI devices, test devices and the TPM come by "default y".
CONFIG_VMSPEC=y
# virt-acpi-build.c is linked with any CONFIG_ACPI and calls into virt.c.
CONFIG_ARM_VIRT=y

# These crash QEMU when they are plugged, unplugged or reset.
CONFIG_EEPRO100_PCI=n
CONFIG_ROCKER=n
CONFIG_TULIP=n
# These wait for the client of their character device with the big lock held.
CONFIG_USB_SERIAL=n
CONFIG_TPCI200=n

CONFIG_CUBIEBOARD=n
CONFIG_DIGIC=n
CONFIG_EXYNOS4=n
CONFIG_HIGHBANK=n
CONFIG_INTEGRATOR=n
CONFIG_MPS3R=n
CONFIG_MUSCA=n
CONFIG_MUSICPAL=n
CONFIG_NETDUINO2=n
CONFIG_NETDUINOPLUS2=n
CONFIG_OLIMEX_STM32_H405=n
CONFIG_REALVIEW=n
CONFIG_SBSA_REF=n
CONFIG_SABRELITE=n
CONFIG_STELLARIS=n
CONFIG_STM32VLDISCOVERY=n
CONFIG_COLLIE=n
CONFIG_SX1=n
CONFIG_VERSATILE=n
CONFIG_VEXPRESS=n
CONFIG_ZYNQ=n
CONFIG_ALLWINNER_H3=n
CONFIG_ALLWINNER_R40=n
CONFIG_RASPI=n
CONFIG_B_L475E_IOT01A=n
CONFIG_XLNX_ZYNQMP_ARM=n
CONFIG_XLNX_VERSAL=n
CONFIG_NPCM7XX=n
CONFIG_NPCM8XX=n
CONFIG_FSL_IMX25=n
CONFIG_FSL_IMX31=n
CONFIG_ASPEED_SOC=n
CONFIG_MPS2=n
CONFIG_FSL_IMX7=n
CONFIG_FSL_IMX8MP_EVK=n
CONFIG_FSL_IMX6UL=n
CONFIG_MICROBIT=n
CONFIG_EMCRAFT_SF2=n
CONFIG_VMAPPLE=n
