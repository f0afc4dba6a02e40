/*
 * vmspec platform 1.0: the numbers
 *
 * Every address, size and interrupt number of the platform, written once.
 * Numbers only: no include, no type, no expression that an assembler does not
 * take, so that firmware, guests' probes and libqos nodes can include it too.
 * The contract is docs/platform.md, sections 2 and 3; tests compare the
 * running machine with tests/data/contract.txt, never with this file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_MAP_H
#define HW_ARM_VMSPEC_MAP_H

/* Flash banks: the size is the largest a bank may have */
#define VMSPEC_FLASH0_BASE              0x00000000
#define VMSPEC_FLASH1_BASE              0x04000000
#define VMSPEC_FLASH_MAX_SIZE           0x04000000
#define VMSPEC_FLASH_BLOCK_SIZE         0x00040000
#define VMSPEC_FLASH1_DEFAULT_SIZE      0x00100000
/* What reads 0 at address 0 when there is no firmware */
#define VMSPEC_BLANK_SIZE               0x00040000

/* Interrupt controller */
#define VMSPEC_GIC_DIST_BASE            0x08000000
#define VMSPEC_GIC_DIST_SIZE            0x00010000
#define VMSPEC_GIC_CPU_BASE             0x08010000
#define VMSPEC_GIC_CPU_SIZE             0x00010000
#define VMSPEC_GIC_V2M_BASE             0x08020000
#define VMSPEC_GIC_V2M_SIZE             0x00001000
#define VMSPEC_GIC_HYP_BASE             0x08030000
#define VMSPEC_GIC_HYP_SIZE             0x00010000
#define VMSPEC_GIC_VCPU_BASE            0x08040000
#define VMSPEC_GIC_VCPU_SIZE            0x00010000
#define VMSPEC_GIC_ITS_BASE             0x08080000
#define VMSPEC_GIC_ITS_SIZE             0x00020000
#define VMSPEC_GIC_REDIST_BASE          0x080a0000
#define VMSPEC_GIC_REDIST_SIZE          0x00f60000
#define VMSPEC_GIC_REDIST_HIGH_BASE     0x4000000000
#define VMSPEC_GIC_REDIST_HIGH_SIZE     0x04000000
#define VMSPEC_GICV3_REDIST_FRAME       0x00020000
#define VMSPEC_GICV4_REDIST_FRAME       0x00040000

/* Devices */
#define VMSPEC_UART0_BASE               0x09000000
#define VMSPEC_UART0_SIZE               0x00001000
#define VMSPEC_RTC_BASE                 0x09010000
#define VMSPEC_RTC_SIZE                 0x00001000
#define VMSPEC_FW_CFG_BASE              0x09020000
#define VMSPEC_FW_CFG_SIZE              24
#define VMSPEC_GPIO_BASE                0x09030000
#define VMSPEC_GPIO_SIZE                0x00001000
#define VMSPEC_UART1_BASE               0x09040000
#define VMSPEC_UART1_SIZE               0x00001000
#define VMSPEC_SMMU_BASE                0x09050000
#define VMSPEC_SMMU_SIZE                0x00020000
#define VMSPEC_ACPI_GED_BASE            0x09080000
#define VMSPEC_ACPI_GED_SIZE            0x00001000
#define VMSPEC_ACPI_MEMHP_BASE          0x09090000
#define VMSPEC_ACPI_MEMHP_SIZE          0x00001000
#define VMSPEC_VMGENID_BASE             0x090a0000
#define VMSPEC_VMGENID_SIZE             0x00010000
#define VMSPEC_ACPI_PCIHP_BASE          0x090c0000
#define VMSPEC_ACPI_PCIHP_SIZE          0x00001000
#define VMSPEC_STEAL_TIME_BASE          0x090d0000
#define VMSPEC_STEAL_TIME_SIZE          0x00010000
#define VMSPEC_STEAL_TIME_CPU_SIZE      64
#define VMSPEC_WATCHDOG_REFRESH_BASE    0x090e0000
#define VMSPEC_WATCHDOG_REFRESH_SIZE    0x00001000
#define VMSPEC_WATCHDOG_CONTROL_BASE    0x090f0000
#define VMSPEC_WATCHDOG_CONTROL_SIZE    0x00001000
#define VMSPEC_VIRTIO_MMIO_BASE         0x0a000000
#define VMSPEC_VIRTIO_MMIO_STRIDE       0x00000200
#define VMSPEC_VIRTIO_MMIO_MAX          32
#define VMSPEC_VIRTIO_MMIO_DEFAULT      8
#define VMSPEC_PLATFORM_BUS_BASE        0x0c000000
#define VMSPEC_PLATFORM_BUS_SIZE        0x02000000

/* PCI Express, segment 0 */
#define VMSPEC_PCIE_ECAM_BASE           0x10000000
#define VMSPEC_PCIE_ECAM_SIZE           0x10000000
#define VMSPEC_PCIE_BUSES               256
#define VMSPEC_PCIE_BUS_SIZE            0x00100000
#define VMSPEC_PCIE_MMIO32_BASE         0x20000000
#define VMSPEC_PCIE_MMIO32_SIZE         0x1eff0000
#define VMSPEC_PCIE_PIO_BASE            0x3eff0000
#define VMSPEC_PCIE_PIO_SIZE            0x00010000
#define VMSPEC_HOTPLUG_PORTS_MAX        32
#define VMSPEC_HOTPLUG_PORTS_DEFAULT    4
#define VMSPEC_HOTPLUG_DEVICE           0x1c
#define VMSPEC_SCREEN_DEVICE            0x1b
#define VMSPEC_USB_DEVICE               0x1a
#define VMSPEC_RESERVED_LOW_BASE        0x3f000000
#define VMSPEC_RESERVED_LOW_SIZE        0x01000000
#define VMSPEC_PCIE_SEGMENTS_BASE       0x4010000000
#define VMSPEC_PCIE_SEGMENTS_SIZE       0x3ff0000000
#define VMSPEC_PCIE_MMIO64_BASE         0x8000000000
#define VMSPEC_PCIE_MMIO64_SIZE         0x8000000000

/* Memory; ram-high ends with the largest physical address (52 bits) */
#define VMSPEC_RAM_LOW_BASE             0x40000000
#define VMSPEC_RAM_LOW_SIZE             0x1fc0000000
#define VMSPEC_DEVICE_MEMORY_BASE       0x2000000000
#define VMSPEC_DEVICE_MEMORY_SIZE       0x2000000000
#define VMSPEC_RAM_HIGH_BASE            0x10000000000
#define VMSPEC_RAM_HIGH_SIZE            0xfff0000000000

/* Private peripheral interrupts, by INTID (B_PPI_01) */
#define VMSPEC_PPI_PMU                  23
#define VMSPEC_PPI_GIC_MAINTENANCE      25
#define VMSPEC_PPI_EL2_PHYS_TIMER       26
#define VMSPEC_PPI_EL1_VIRT_TIMER       27
#define VMSPEC_PPI_EL2_VIRT_TIMER       28
#define VMSPEC_PPI_EL1_SEC_TIMER        29
#define VMSPEC_PPI_EL1_PHYS_TIMER       30

/* Shared peripheral interrupts: SPI n is INTID 32 + n */
#define VMSPEC_NUM_SPIS                 256
#define VMSPEC_UART0_SPI                1
#define VMSPEC_RTC_SPI                  2
#define VMSPEC_PCIE_INTX_SPI            3
#define VMSPEC_PCIE_INTX_COUNT          4
#define VMSPEC_GPIO_SPI                 7
#define VMSPEC_UART1_SPI                8
#define VMSPEC_ACPI_GED_SPI             9
#define VMSPEC_WATCHDOG_SPI             10
#define VMSPEC_VMGENID_SPI              13
#define VMSPEC_VIRTIO_MMIO_SPI          16
#define VMSPEC_GIC_V2M_SPI              48
#define VMSPEC_GIC_V2M_SPI_COUNT        64
#define VMSPEC_SMMU_SPI                 112
#define VMSPEC_SMMU_SPI_COUNT           4
#define VMSPEC_PLATFORM_BUS_SPI         128
#define VMSPEC_PLATFORM_BUS_SPI_COUNT   64

/* What one GICv2 serves (platform.md, section 5) */
#define VMSPEC_GICV2_MAX_CPUS           8

/* gpio: the line of the power button */
#define VMSPEC_GPIO_POWER_BUTTON        3
#define VMSPEC_GPIO_WAKE_KEY            4

/* acpi-memhp: the 4-byte register by which a guest calls an NVDIMM's _DSM */
#define VMSPEC_ACPI_MEMHP_NVDIMM        0x800

/*
 * clock-frequency of an AArch32 CPU's node, in Hz: Linux reports an error
 * without the property. An emulated CPU has no frequency; the number is
 * nominal.
 */
#define VMSPEC_CPU_CLOCK_HZ             1000000000

/* Rate of the fixed clock behind uart0, uart1, rtc and gpio, in Hz */
#define VMSPEC_APB_CLOCK_HZ             24000000

#endif
