/*
 * vmspec tests: registers that hold what the guest writes
 *
 * See registers.h. Bases are the contract's; offsets and values are those of
 * the devices' manuals, which each block names.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "registers.h"

/* PCI slot 1, function 0 in ECAM (PCI Express Base, 7.2.2) */
#define SLOT1 (1 << 15)
#define UNKNOWN -1

typedef struct Register {
    const char *region;
    const char *when;
    unsigned offset;
    uint32_t written;           /* and read back */
    int64_t reset;              /* or UNKNOWN, as the manual says */
    const char *name;
} Register;

/* In the order in which they are written. */
static const Register registers[] = {
    /* PL011, Arm DDI 0183 */
    { "uart0", "always", 0x24, 0x0027, 0, "UARTIBRD" },
    { "uart0", "always", 0x28, 0x0015, 0, "UARTFBRD" },
    { "uart0", "always", 0x2c, 0x0070, 0, "UARTLCR_H" },
    { "uart0", "always", 0x30, 0x0301, 0x0300, "UARTCR" },
    { "uart0", "always", 0x34, 0x0009, 0x0012, "UARTIFLS" },
    { "uart0", "always", 0x38, 0x0050, 0, "UARTIMSC" },
    { "uart1", "serial1", 0x24, 0x0003, 0, "UARTIBRD" },
    { "uart1", "serial1", 0x38, 0x0010, 0, "UARTIMSC" },
    /* PL061, Arm DDI 0190; GPIODATA with all lines in its address */
    { "gpio", "always", 0x400, 0xf0, 0, "GPIODIR" },
    { "gpio", "always", 0x3fc, 0xa0, 0, "GPIODATA" },
    { "gpio", "always", 0x404, 0x01, 0, "GPIOIS" },
    { "gpio", "always", 0x408, 0x02, 0, "GPIOIBE" },
    { "gpio", "always", 0x40c, 0x08, 0, "GPIOIEV" },
    { "gpio", "always", 0x410, 0x08, 0, "GPIOIE" },
    /* SBSA generic watchdog, Arm DEN0029, control frame */
    { "watchdog-control", "always", 0x008, 0x7fffffff, 0, "WOR low" },
    { "watchdog-control", "always", 0x00c, 0x0007, 0, "WOR high" },
    { "watchdog-control", "always", 0x000, 0x0001, 0, "WCS" },
    /* GIC, Arm IHI 0048 and IHI 0069 */
    { "gic-dist", "always", 0x104, 0x00000002, 0, "GICD_ISENABLER1" },
    { "gic-dist", "always", 0x204, 0x00000100, 0, "GICD_ISPENDR1" },
    { "gic-dist", "always", 0x420, 0xa0a0a0a0, 0, "GICD_IPRIORITYR8" },
    { "gic-dist", "always", 0xc08, 0x00080000, 0, "GICD_ICFGR2" },
    { "gic-cpu", "gicv2", 0x000, 0x00000001, 0, "GICC_CTLR" },
    { "gic-cpu", "gicv2", 0x004, 0x000000f0, 0, "GICC_PMR" },
    { "gic-redist", "gicv3", 0x10100, 0x08000000, 0, "GICR_ISENABLER0" },
    { "gic-redist", "gicv3", 0x10418, 0x90000000, 0, "GICR_IPRIORITYR6" },
    { "gic-its", "its", 0x00080, 0x40100000, 0, "GITS_CBASER low" },
    { "gic-its", "its", 0x00084, 0x80000000, 0, "GITS_CBASER high" },
    /* SMMUv3, Arm IHI 0070 */
    { "smmu", "smmuv3", 0x80, 0x40200000, UNKNOWN, "SMMU_STRTAB_BASE low" },
    { "smmu", "smmuv3", 0x88, 0x0000000a, UNKNOWN, "SMMU_STRTAB_BASE_CFG" },
    { "smmu", "smmuv3", 0x90, 0x40300008, UNKNOWN, "SMMU_CMDQ_BASE low" },
    { "smmu", "smmuv3", 0x20, 0x00000008, 0, "SMMU_CR0" },
    { "smmu", "smmuv3", 0x50, 0x00000005, 0, "SMMU_IRQ_CTRL" },
    /* Virtio 1.2, 4.2.2 and 4.2.4 (legacy) */
    { "virtio-mmio", "always", 0x70, 0x00000003, 0, "Status" },
    { "virtio-mmio", "always", 0x40, 0x00040100, 0, "QueuePFN" },
    /* Type 0 header; a BAR's low bits say 64-bit prefetchable memory. */
    { "pcie-ecam", "always", SLOT1 + 0x3c, 0x00000123, 0x00000100,
      "Interrupt Line and Pin" },
    { "pcie-ecam", "always", SLOT1 + 0x20, 0x2000400c, 0x0000000c, "BAR 4" },
};

/*
 * A register to write that cannot be read: page size of legacy virtio (4.2.4)
 */
#define GUEST_PAGE_SIZE 0x28

const char *const registers_configs[] = {
    "default", "gicv2-1-cpu", "smmuv3-serial", "cortex-a15", NULL
};

static bool present(const TestConfig *config, const Register *r)
{
    return config_meets(config, r->when);
}

QTestState *registers_start(const TestConfig *config, const char *more)
{
    g_autofree char *options = g_strdup_printf(
        "-m 64M -device virtio-rng-device,bus=virtio-mmio-bus.0 "
        "-device virtio-rng-pci,addr=1 %s", more);

    return config_start(config, options);
}

void registers_write(QTestState *qts, const TestConfig *config)
{
    qtest_writel(qts, vmspec_base("virtio-mmio") + GUEST_PAGE_SIZE, 4096);
    for (int i = 0; i < ARRAY_SIZE(registers); i++) {
        const Register *r = &registers[i];

        if (present(config, r)) {
            qtest_writel(qts, vmspec_base(r->region) + r->offset, r->written);
        }
    }
}

void registers_check_written(QTestState *qts, const TestConfig *config)
{
    for (int i = 0; i < ARRAY_SIZE(registers); i++) {
        const Register *r = &registers[i];

        if (present(config, r)) {
            g_test_message("%s: %s", r->region, r->name);
            g_assert_cmphex(qtest_readl(qts, vmspec_base(r->region) +
                                        r->offset), ==, r->written);
        }
    }
}

void registers_check_reset(QTestState *qts, const TestConfig *config)
{
    for (int i = 0; i < ARRAY_SIZE(registers); i++) {
        const Register *r = &registers[i];

        if (present(config, r) && r->reset != UNKNOWN) {
            g_test_message("%s: %s", r->region, r->name);
            g_assert_cmphex(qtest_readl(qts, vmspec_base(r->region) +
                                        r->offset), ==, r->reset);
        }
    }
}
