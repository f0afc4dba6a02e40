/*
 * vmspec platform 1.0: the rows
 *
 * The one table of regions and devices, and the table of private interrupts,
 * as data: no behaviour and no QEMU type. The numbers are in vmspec-map.h. The
 * rooms devices/, fdt/ and acpi/ say what is done with a row; presence.c says
 * when a row exists.
 *
 * The macros paste tokens, so a search for VMSPEC_UART0_BASE finds only
 * vmspec-map.h: ROW(UART0, ...) below uses it.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hw/arm/vmspec-plain.h"
#include "hw/arm/vmspec-map.h"
#include "hw/arm/vmspec-platform.h"

#define SIZED_ROW(ID, NAME, SIZE)               \
    .id = VMSPEC_##ID,                          \
    .name = NAME,                               \
    .base = VMSPEC_##ID##_BASE,                 \
    .size = SIZE

/* A row of a second register frame, and a row whose node is in a parent's */
#define FRAMED_ROW(ID, NAME, SECOND_FRAME)              \
    SIZED_ROW(ID, NAME, VMSPEC_##ID##_SIZE),            \
    .parent = VMSPEC_NO_ROW,                            \
    .second_frame = SECOND_FRAME

#define CHILD_ROW(ID, NAME, PARENT)                     \
    SIZED_ROW(ID, NAME, VMSPEC_##ID##_SIZE),            \
    .parent = PARENT,                                   \
    .second_frame = VMSPEC_NO_ROW

#define ROW(ID, NAME) FRAMED_ROW(ID, NAME, VMSPEC_NO_ROW)

/* Strings of more than one row */
#define PRIMECELL "arm,primecell"
#define PL011 "arm,pl011"
#define PL011_HID "ARMH0011"
#define CFI_FLASH_HID "LNRO0015"

static const VmspecRow rows[] = {
    {
        SIZED_ROW(FLASH0, "flash0", VMSPEC_FLASH_MAX_SIZE),
        .parent = VMSPEC_NO_ROW,
        .second_frame = VMSPEC_FLASH1,
        .presence = VMSPEC_IF_FLASH0,
        .node = "flash",
        .compatible = { "cfi-flash" },
        .hid = CFI_FLASH_HID, .acpi_name = "FLS0", .acpi_uid = 0,
        .firmware_owned = true,
        .doc = "CFI NOR flash, read-only, the firmware's code",
        .rules = "F1 F2 F8",
    }, {
        SIZED_ROW(FLASH1, "flash1", VMSPEC_FLASH_MAX_SIZE),
        .parent = VMSPEC_NO_ROW,
        .second_frame = VMSPEC_NO_ROW,
        .presence = VMSPEC_IF_FLASH1,
        .hid = CFI_FLASH_HID, .acpi_name = "FLS1", .acpi_uid = 1,
        .firmware_owned = true,
        .doc = "CFI NOR flash, the instance's UEFI variables",
        .rules = "F4 F5 F6",
    }, {
        ROW(GIC_DIST, "gic-dist"),
        .presence = VMSPEC_ALWAYS,
        .doc = "GIC distributor (GICD)",
        .rules = "P5 B_GIC_01",
    }, {
        ROW(GIC_CPU, "gic-cpu"),
        .presence = VMSPEC_IF_GICV2,
        .doc = "GICv2 CPU interface (GICC)",
        .rules = "P5 B_GIC_01",
    }, {
        CHILD_ROW(GIC_V2M, "gic-v2m", VMSPEC_GIC_DIST),
        .presence = VMSPEC_IF_GICV2,
        .irqs = { VMSPEC_GIC_V2M_SPI, VMSPEC_GIC_V2M_SPI_COUNT,
                  VMSPEC_EDGE_RISING },
        .node = "v2m",
        .compatible = { "arm,gic-v2m-frame" },
        .msi_controller = true,
        .doc = "GICv2m MSI frame",
        .rules = "B_GIC_02",
    }, {
        ROW(GIC_HYP, "gic-hyp"),
        .presence = VMSPEC_IF_GICV2_EL2,
        .doc = "GICv2 virtual interface control (GICH)",
        .rules = "P5",
    }, {
        ROW(GIC_VCPU, "gic-vcpu"),
        .presence = VMSPEC_IF_GICV2_EL2,
        .doc = "GICv2 virtual CPU interface (GICV)",
        .rules = "P5",
    }, {
        CHILD_ROW(GIC_ITS, "gic-its", VMSPEC_GIC_DIST),
        .presence = VMSPEC_IF_ITS,
        .node = "msi-controller",
        .compatible = { "arm,gic-v3-its" },
        .msi_controller = true,
        .msi_cells = 1,
        .doc = "GICv3 interrupt translation service",
        .rules = "B_GIC_03 ITS_01",
    }, {
        ROW(GIC_REDIST, "gic-redist"),
        .presence = VMSPEC_IF_GICV3,
        .doc = "GICv3 redistributors of the first CPUs",
        .rules = "P5 B_GIC_01",
    }, {
        ROW(UART0, "uart0"),
        .presence = VMSPEC_ALWAYS,
        .irqs = { VMSPEC_UART0_SPI, 1, VMSPEC_LEVEL_HIGH },
        .node = "serial",
        .compatible = { PL011, PRIMECELL },
        .clock_names = { "uartclk", "apb_pclk" },
        .hid = PL011_HID, .acpi_name = "COM0", .acpi_uid = 0,
        .doc = "PL011 UART, the console",
        .rules = "P4 B_PER_05 B_PER_06 B_PER_07",
    }, {
        ROW(RTC, "rtc"),
        .presence = VMSPEC_ALWAYS,
        .irqs = { VMSPEC_RTC_SPI, 1, VMSPEC_LEVEL_HIGH },
        .node = "rtc",
        .compatible = { "arm,pl031", PRIMECELL },
        .clock_names = { "apb_pclk" },
        .doc = "PL031 real-time clock, the firmware's when firmware runs",
        .rules = "F9",
    }, {
        ROW(FW_CFG, "fw-cfg"),
        .presence = VMSPEC_ALWAYS,
        .node = "fw-cfg",
        .compatible = { "qemu,fw-cfg-mmio" },
        .dma = true,
        .hid = "QEMU0002", .acpi_name = "FWCF", .acpi_hidden = true,
        .doc = "QEMU's firmware configuration device, with DMA",
        .rules = "",
    }, {
        ROW(GPIO, "gpio"),
        .presence = VMSPEC_ALWAYS,
        .irqs = { VMSPEC_GPIO_SPI, 1, VMSPEC_LEVEL_HIGH },
        .node = "gpio",
        .compatible = { "arm,pl061", PRIMECELL },
        .clock_names = { "apb_pclk" },
        .hid = "ARMH0061", .acpi_name = "GPI0",
        .doc = "PL061 GPIO controller; line 3 is the power button, line 4 the "
               "wake key",
        .rules = "A4",
    }, {
        ROW(UART1, "uart1"),
        .presence = VMSPEC_IF_UART1,
        .irqs = { VMSPEC_UART1_SPI, 1, VMSPEC_LEVEL_HIGH },
        .node = "serial",
        .compatible = { PL011, PRIMECELL },
        .clock_names = { "uartclk", "apb_pclk" },
        .hid = PL011_HID, .acpi_name = "COM1", .acpi_uid = 1,
        .doc = "Second PL011 UART, with a second -serial option",
        .rules = "B_PER_06 B_PER_07",
    }, {
        ROW(SMMU, "smmu"),
        .presence = VMSPEC_IF_SMMU,
        .irqs = { VMSPEC_SMMU_SPI, VMSPEC_SMMU_SPI_COUNT, VMSPEC_EDGE_RISING },
        .node = "iommu",
        .compatible = { "arm,smmu-v3" },
        .dma = true,
        .doc = "SMMUv3 in front of PCIe",
        .rules = "V_L1SM_01 V_L1SM_02 V_L1SM_03",
    }, {
        ROW(ACPI_GED, "acpi-ged"),
        .presence = VMSPEC_IF_ACPI,
        .irqs = { VMSPEC_ACPI_GED_SPI, 1, VMSPEC_EDGE_RISING },
        .hid = "ACPI0013", .acpi_name = "GED",
        .doc = "Generic Event Device: power button, memory hot-plug",
        .rules = "H3",
    }, {
        ROW(ACPI_MEMHP, "acpi-memhp"),
        .presence = VMSPEC_IF_MEMORY_HOTPLUG,
        .doc = "Memory hot-plug registers",
        .rules = "H3",
    }, {
        ROW(VMGENID, "vmgenid"),
        .presence = VMSPEC_IF_VMGENID,
        .irqs = { VMSPEC_VMGENID_SPI, 1, VMSPEC_EDGE_RISING },
        .node = "vmgenid",
        .compatible = { "microsoft,vmgenid" },
        .hid = "QEMUVGID", .acpi_name = "VGEN",
        .doc = "VM generation ID, read-only, with -device vmgenid",
        .rules = "",
    }, {
        ROW(ACPI_PCIHP, "acpi-pcihp"),
        .presence = VMSPEC_IF_ACPI_PCIHP,
        .doc = "ACPI PCI hot-plug registers",
        .rules = "H3 P7",
    }, {
        ROW(STEAL_TIME, "steal-time"),
        .presence = VMSPEC_IF_STEAL_TIME,
        .doc = "Time that the host took from each CPU, with KVM",
        .rules = "",
    }, {
        ROW(WATCHDOG_REFRESH, "watchdog-refresh"),
        .presence = VMSPEC_ALWAYS,
        .doc = "Arm generic watchdog, refresh frame",
        .rules = "V_L2WD_01",
    }, {
        FRAMED_ROW(WATCHDOG_CONTROL, "watchdog-control",
                   VMSPEC_WATCHDOG_REFRESH),
        .presence = VMSPEC_ALWAYS,
        .irqs = { VMSPEC_WATCHDOG_SPI, 1, VMSPEC_LEVEL_HIGH },
        .node = "watchdog",
        .compatible = { "arm,sbsa-gwdt" },
        .doc = "Arm generic watchdog, control frame; WS0 interrupts, WS1 acts",
        .rules = "V_L2WD_01",
    }, {
        SIZED_ROW(VIRTIO_MMIO, "virtio-mmio",
                  VMSPEC_VIRTIO_MMIO_STRIDE * VMSPEC_VIRTIO_MMIO_MAX),
        .parent = VMSPEC_NO_ROW,
        .second_frame = VMSPEC_NO_ROW,
        .count = VMSPEC_VIRTIO_MMIO_MAX,
        .stride = VMSPEC_VIRTIO_MMIO_STRIDE,
        .presence = VMSPEC_IF_VIRTIO_MMIO,
        .irqs = { VMSPEC_VIRTIO_MMIO_SPI, VMSPEC_VIRTIO_MMIO_MAX,
                  VMSPEC_LEVEL_HIGH },
        .node = "virtio",
        .compatible = { "virtio,mmio" },
        .dma = true,
        .hid = "LNRO0005", .acpi_name = "VR",
        .doc = "virtio-mmio transports, 512 bytes and one interrupt each",
        .rules = "G4",
    }, {
        ROW(PLATFORM_BUS, "platform-bus"),
        .presence = VMSPEC_ALWAYS,
        .irqs = { VMSPEC_PLATFORM_BUS_SPI, VMSPEC_PLATFORM_BUS_SPI_COUNT,
                  VMSPEC_LEVEL_HIGH },
        .doc = "Devices added with -device that sit on no bus (TPM TIS)",
        .rules = "B_PER_11",
    }, {
        ROW(PCIE_ECAM, "pcie-ecam"),
        .kind = VMSPEC_KIND_WINDOW,
        .presence = VMSPEC_ALWAYS,
        .irqs = { VMSPEC_PCIE_INTX_SPI, VMSPEC_PCIE_INTX_COUNT,
                  VMSPEC_LEVEL_HIGH },
        .doc = "PCIe configuration space (ECAM) of segment 0, buses 0 to 255",
        .rules = "P7 B_PER_08 PCI_IN_01 PCI_IN_02 PCI_LI_01 PCI_LI_02",
    }, {
        ROW(PCIE_MMIO32, "pcie-mmio32"),
        .kind = VMSPEC_KIND_WINDOW,
        .presence = VMSPEC_ALWAYS,
        .doc = "PCIe 32-bit memory window, CPU address = PCI address",
        .rules = "PCI_MM_01 PCI_MM_03 PCI_MM_04",
    }, {
        ROW(PCIE_PIO, "pcie-pio"),
        .kind = VMSPEC_KIND_WINDOW,
        .presence = VMSPEC_ALWAYS,
        .doc = "PCIe I/O window, PCI address 0",
        .rules = "PCI_IO_01",
    }, {
        ROW(RESERVED_LOW, "reserved-low"),
        .kind = VMSPEC_KIND_HOLE,
        .presence = VMSPEC_NEVER,
        .doc = "Reserved: must stay a hole",
        .rules = "B_MEM_02",
    }, {
        ROW(RAM_LOW, "ram-low"),
        .kind = VMSPEC_KIND_RAM,
        .presence = VMSPEC_ALWAYS,
        .doc = "RAM, up to 127 GiB",
        .rules = "B_MEM_01",
    }, {
        ROW(DEVICE_MEMORY, "device-memory"),
        .kind = VMSPEC_KIND_RAM,
        .presence = VMSPEC_IF_DEVICE_MEMORY,
        .pa_bits = 38,
        .doc = "Memory devices: pc-dimm, virtio-mem",
        .rules = "",
    }, {
        ROW(GIC_REDIST_HIGH, "gic-redist-high"),
        .presence = VMSPEC_IF_REDIST_HIGH,
        .pa_bits = 39,
        .doc = "GICv3 redistributors of the remaining CPUs",
        .rules = "P5 B_GIC_01",
    }, {
        ROW(PCIE_SEGMENTS, "pcie-segments"),
        .kind = VMSPEC_KIND_HOLE,
        .presence = VMSPEC_NEVER,
        .pa_bits = 39,
        .doc = "Reserved for further PCIe segments",
        .rules = "B_MEM_02",
    }, {
        ROW(PCIE_MMIO64, "pcie-mmio64"),
        .kind = VMSPEC_KIND_WINDOW,
        .presence = VMSPEC_IF_MMIO64,
        .pa_bits = 40,
        .doc = "PCIe 64-bit prefetchable window, CPU address = PCI address",
        .rules = "PCI_MM_01",
    }, {
        ROW(RAM_HIGH, "ram-high"),
        .kind = VMSPEC_KIND_RAM,
        .presence = VMSPEC_IF_RAM_HIGH,
        .pa_bits = 41,
        .doc = "RAM beyond 127 GiB",
        .rules = "B_MEM_01",
    },
};

#define PPI(ID) .id = VMSPEC_PPI_ID_##ID

static const VmspecPpi ppis[] = {
    {
        PPI(PMU), .name = "pmu",
        .intid = VMSPEC_PPI_PMU,
        .presence = VMSPEC_IF_PMU,
        .doc = "Performance monitor overflow",
    }, {
        PPI(GIC_MAINTENANCE), .name = "gic-maintenance",
        .intid = VMSPEC_PPI_GIC_MAINTENANCE,
        .presence = VMSPEC_IF_EL2,
        .doc = "GIC maintenance",
    }, {
        PPI(EL2_PHYS), .name = "el2-phys-timer",
        .intid = VMSPEC_PPI_EL2_PHYS_TIMER,
        .presence = VMSPEC_IF_EL2,
        .doc = "EL2 physical timer",
    }, {
        PPI(EL1_VIRT), .name = "el1-virt-timer",
        .intid = VMSPEC_PPI_EL1_VIRT_TIMER,
        .presence = VMSPEC_ALWAYS,
        .doc = "EL1 virtual timer",
    }, {
        PPI(EL2_VIRT), .name = "el2-virt-timer",
        .intid = VMSPEC_PPI_EL2_VIRT_TIMER,
        .presence = VMSPEC_IF_VHE,
        .doc = "EL2 virtual timer",
    }, {
        PPI(EL1_PHYS), .name = "el1-phys-timer",
        .intid = VMSPEC_PPI_EL1_PHYS_TIMER,
        .presence = VMSPEC_ALWAYS,
        .doc = "EL1 physical timer",
    },
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == VMSPEC_NUM_ROWS,
               "one row per id");
_Static_assert(sizeof(ppis) / sizeof(ppis[0]) == VMSPEC_NUM_PPIS,
               "one row per private interrupt");

const VmspecPlatform vmspec_platform_1_0 = {
    .major = 1,
    .minor = 0,
    .machine = "virt-vmspec-1.0",
    .model = "vmspec-1.0",
    .default_cpu = "neoverse-n1",
    .oem_id = "VMSPEC",
    .oem_table_id = "VMSPEC10",
    .rows = rows,
    .num_rows = VMSPEC_NUM_ROWS,
    .ppis = ppis,
    .num_ppis = VMSPEC_NUM_PPIS,
    .num_spis = VMSPEC_NUM_SPIS,
    .cpu_clock_hz = VMSPEC_CPU_CLOCK_HZ,
    .apb_clock_hz = VMSPEC_APB_CLOCK_HZ,
    .power_button_line = VMSPEC_GPIO_POWER_BUTTON,
    .wake_key_line = VMSPEC_GPIO_WAKE_KEY,
    .nvdimm_dsm_offset = VMSPEC_ACPI_MEMHP_NVDIMM,
};
