/*
 * vmspec qtest: each device raises its own SPI (platform.md, section 3)
 *
 * The test intercepts the GIC's inputs and makes a device raise its line. Of
 * all SPIs exactly the one in the contract must be high.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"

/* The GIC, whose input n is SPI n */
#define GIC "/machine/gic-dist"

/* PL011 (Arm DDI 0183) */
#define UARTDR 0x00
#define UARTIMSC 0x38
#define UARTICR 0x44
#define UART_TX (1 << 5)
/* PL031 (Arm DDI 0224) */
#define RTCDR 0x00
#define RTCMR 0x04
#define RTCIMSC 0x10
#define RTCICR 0x1c
/* PL061 (Arm DDI 0190) */
#define GPIOIEV 0x40c
#define GPIOIE 0x410
#define GPIOIC 0x41c
/* Generic watchdog (Arm DEN0029), control frame */
#define WCS 0x000
#define WOR 0x008
#define WCS_EN (1 << 0)
#define WCS_WS0 (1 << 1)
/* Virtio 1.2, 4.2.2 */
#define VIRTIO_INTERRUPT_ACK 0x64
#define VIRTIO_STATUS 0x70
#define VIRTIO_RUNNING 7        /* ACKNOWLEDGE, DRIVER, DRIVER_OK */
#define VIRTIO_INTERRUPTS 3     /* used ring, configuration */
/* QEMU's edu device (docs/specs/edu.rst) */
#define EDU_RAISE 0x60
#define EDU_LOWER 0x64
#define EDU_BAR_SIZE (1 * MiB)
/* INTA to INTD */
#define PINS 4

/* Only input @spi is high; with a negative @spi no input is high. */
static void expect_only(QTestState *qts, int spi)
{
    int n = contract_value(vmspec_contract(), "spis");

    for (int i = 0; i < n; i++) {
        if (qtest_get_irq(qts, i) != (i == spi)) {
            g_test_message("SPI %d, when only %d may be high:", i, spi);
            g_assert_cmpint(qtest_get_irq(qts, i), ==, i == spi);
        }
    }
}

static QTestState *start_intercepted(const char *machine, const char *options)
{
    QTestState *qts = vmspec_start(machine, "%s", options);

    qtest_irq_intercept_in(qts, GIC);
    return qts;
}

static void check_uart(QTestState *qts, const char *name)
{
    uint64_t uart = vmspec_base(name);

    qtest_writel(qts, uart + UARTIMSC, UART_TX);
    expect_only(qts, -1);
    qtest_writel(qts, uart + UARTDR, 'x');
    expect_only(qts, vmspec_spi(name));
    qtest_writel(qts, uart + UARTICR, UART_TX);
    expect_only(qts, -1);
}

static void test_uart0_line(void)
{
    g_autoptr(QTestState) qts = start_intercepted("", "-serial null");

    check_uart(qts, "uart0");
}

static void test_uart1_line(void)
{
    g_autoptr(QTestState) qts =
        start_intercepted("", "-serial null -serial null");

    check_uart(qts, "uart1");
    check_uart(qts, "uart0");
}

/* The inputs are the same with GICv2 and its largest number of CPUs. */
static void test_uart0_line_gicv2(void)
{
    g_autoptr(QTestState) qts = start_intercepted(",gic-version=2",
                                                  "-serial null -smp 8");

    check_uart(qts, "uart0");
}

static void test_rtc_line(void)
{
    g_autoptr(QTestState) qts = start_intercepted("", "-rtc clock=vm");
    uint64_t rtc = vmspec_base("rtc");

    qtest_writel(qts, rtc + RTCIMSC, 1);
    qtest_writel(qts, rtc + RTCMR, qtest_readl(qts, rtc + RTCDR) + 2);
    qtest_clock_step(qts, NANOSECONDS_PER_SECOND / 2);
    expect_only(qts, -1);
    qtest_clock_step(qts, 2 * NANOSECONDS_PER_SECOND);
    expect_only(qts, vmspec_spi("rtc"));
    qtest_writel(qts, rtc + RTCICR, 1);
    expect_only(qts, -1);
}

static void test_power_button_line(void)
{
    g_autoptr(QTestState) qts = start_intercepted("", "");
    uint64_t gpio = vmspec_base("gpio");
    uint8_t button = 1 << contract_value(vmspec_contract(),
                                         "gpio-power-button");

    qtest_writel(qts, gpio + GPIOIEV, button);
    qtest_writel(qts, gpio + GPIOIE, button);
    expect_only(qts, -1);
    qtest_qmp_assert_success(qts, "{ 'execute': 'system_powerdown' }");
    qtest_qmp_eventwait(qts, "POWERDOWN");
    expect_only(qts, vmspec_spi("gpio"));
    qtest_writel(qts, gpio + GPIOIC, button);
    expect_only(qts, -1);
}

/* system_wakeup presses the wake key alone (platform.md, section 5). */
static void test_wake_key_line(void)
{
    g_autoptr(QTestState) qts = start_intercepted("", "");
    uint64_t gpio = vmspec_base("gpio");
    uint8_t key = 1 << contract_value(vmspec_contract(), "gpio-wake-key");

    qtest_writel(qts, gpio + GPIOIEV, 0xff);
    qtest_writel(qts, gpio + GPIOIE, 0xff & ~key);
    qtest_qmp_assert_success(qts, "{ 'execute': 'system_wakeup' }");
    expect_only(qts, -1);
    qtest_writel(qts, gpio + GPIOIE, key);
    expect_only(qts, vmspec_spi("gpio"));
    qtest_writel(qts, gpio + GPIOIC, key);
    expect_only(qts, -1);
}

/* The button stays pressed for a while, so that a guest can poll it. */
static void test_power_button_releases(void)
{
    g_autoptr(QTestState) qts = start_intercepted("", "");
    uint8_t button = 1 << contract_value(vmspec_contract(),
                                         "gpio-power-button");
    /* address bits 9:2 mask the lines (DDI 0190, 3.3.1) */
    uint64_t data = vmspec_base("gpio") + (button << 2);

    g_assert_cmphex(qtest_readl(qts, data), ==, 0);
    qtest_qmp_assert_success(qts, "{ 'execute': 'system_powerdown' }");
    qtest_qmp_eventwait(qts, "POWERDOWN");
    g_assert_cmphex(qtest_readl(qts, data), ==, button);
    qtest_clock_step_next(qts);
    g_assert_cmphex(qtest_readl(qts, data), ==, 0);
}

static void test_watchdog_line(void)
{
    g_autoptr(QTestState) qts = start_intercepted("", "-action watchdog=none");
    uint64_t control = vmspec_base("watchdog-control");

    qtest_writel(qts, control + WOR, 1000000);
    qtest_writel(qts, control + WCS, WCS_EN);
    expect_only(qts, -1);
    qtest_clock_step_next(qts);
    g_assert_cmphex(qtest_readl(qts, control + WCS), ==, WCS_EN | WCS_WS0);
    expect_only(qts, vmspec_spi("watchdog-control"));
    qtest_writel(qts, control + WCS, 0);
    expect_only(qts, -1);
}

/*
 * A link that goes down changes the configuration of a running device, which
 * interrupts.
 */
static void test_virtio_mmio_lines(void)
{
    unsigned n = contract_value(vmspec_contract(), "virtio-mmio-max");
    uint64_t stride = contract_value(vmspec_contract(), "virtio-mmio-stride");
    g_autoptr(GString) options = g_string_new("");
    g_autoptr(QTestState) qts = NULL;

    for (unsigned k = 0; k < n; k++) {
        g_string_append_printf(options, " -device virtio-net-device,id=nic%u,"
                               "bus=virtio-mmio-bus.%u", k, k);
    }
    qts = start_intercepted(",virtio-mmio=32", options->str);
    for (unsigned k = 0; k < n; k++) {
        uint64_t base = vmspec_base("virtio-mmio") + k * stride;
        g_autofree char *nic = g_strdup_printf("nic%u", k);

        g_test_message("transport %u", k);
        qtest_writel(qts, base + VIRTIO_STATUS, VIRTIO_RUNNING);
        expect_only(qts, -1);
        qtest_qmp_assert_success(qts, "{ 'execute': 'set_link', 'arguments':"
                                 " { 'name': %s, 'up': false } }", nic);
        expect_only(qts, vmspec_spi("virtio-mmio") + k);
        qtest_writel(qts, base + VIRTIO_INTERRUPT_ACK,
                     VIRTIO_INTERRUPTS);
        expect_only(qts, -1);
    }
}

static unsigned intx(unsigned device, unsigned pin)
{
    const ContractIrq *irq = contract_irq(vmspec_contract(), "pcie-ecam");

    return irq->spi + (device + pin) % irq->count;
}

/* The edu device at @bus:@device, with its BAR at @bar, raises @spi. */
static void check_edu(QTestState *qts, unsigned bus, unsigned device,
                      uint64_t bar, unsigned spi)
{
    uint32_t fn = PCI_FN(bus, device, 0);

    g_test_message("bus %u, device %u", bus, device);
    g_assert_cmphex(pci_read(qts, fn, PCI_INTERRUPT_PIN, 1), ==, 1);
    pci_write(qts, fn, PCI_BASE_ADDRESS_0, 4, bar);
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    expect_only(qts, -1);
    qtest_writel(qts, bar + EDU_RAISE, 1);
    expect_only(qts, spi);
    qtest_writel(qts, bar + EDU_LOWER, 1);
    expect_only(qts, -1);
}

static bool have_edu(void)
{
    if (!qtest_has_device("edu")) {
        g_test_skip("no edu device in this QEMU");
        return false;
    }
    return true;
}

/* Pin A of each device number that a device can have */
static void test_intx_of_each_device(void)
{
    const unsigned first = 1, last = 31;
    g_autoptr(GString) options = g_string_new("");
    g_autoptr(QTestState) qts = NULL;

    if (!have_edu()) {
        return;
    }
    for (unsigned device = first; device <= last; device++) {
        g_string_append_printf(options, " -device edu,addr=%x", device);
    }
    qts = start_intercepted("", options->str);
    for (unsigned device = first; device <= last; device++) {
        check_edu(qts, 0, device,
                  vmspec_base("pcie-mmio32") + device * EDU_BAR_SIZE,
                  intx(device, 0));
    }
}

/* Let the bridge forward the buses @first to @last and a memory window. */
static void enable_bridge(QTestState *qts, uint32_t fn, unsigned first,
                          unsigned last, uint64_t base, uint64_t size)
{
    pci_write(qts, fn, PCI_SECONDARY_BUS, 1, first);
    pci_write(qts, fn, PCI_SUBORDINATE_BUS, 1, last);
    pci_write(qts, fn, PCI_MEMORY_BASE, 2, base >> 16);
    pci_write(qts, fn, PCI_MEMORY_LIMIT, 2, (base + size - 1) >> 16);
    pci_write(qts, fn, PCI_COMMAND, 2,
              PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/* Add an edu device for each pin of a bridge, from device 4 on. */
static void add_pins(GString *options, const char *bridge)
{
    for (unsigned d = PINS; d < 2 * PINS; d++) {
        g_string_append_printf(options, " -device edu,bus=%s,addr=%x", bridge,
                               d);
    }
}

/*
 * Pins A to D of @device: pin A of device d behind a bridge is pin d mod 4 of
 * the bridge (PCI-to-PCI Bridge Architecture, 9.1).
 */
static void check_pins(QTestState *qts, unsigned bus, unsigned device,
                       uint64_t base)
{
    for (unsigned d = PINS; d < 2 * PINS; d++) {
        check_edu(qts, bus, d, base + (d - PINS) * EDU_BAR_SIZE,
                  intx(device, d));
    }
}

/*
 * PCI_LI_01, PCI_LI_02: each pin of each device number that a device can have
 */
static void test_intx_pins(void)
{
    const unsigned first = 1, last = 31;
    g_autoptr(GString) options = g_string_new("");
    g_autoptr(QTestState) qts = NULL;

    if (!have_edu()) {
        return;
    }
    for (unsigned device = first; device <= last; device++) {
        g_autofree char *id = g_strdup_printf("b%u", device);

        g_string_append_printf(options, " -device pcie-pci-bridge,id=%s,"
                               "addr=%x", id, device);
        add_pins(options, id);
    }
    qts = start_intercepted("", options->str);
    for (unsigned device = first; device <= last; device++) {
        uint64_t base = vmspec_base("pcie-mmio32") +
                        device * PINS * EDU_BAR_SIZE;

        /* the bus behind the bridge gets the number of the bridge */
        enable_bridge(qts, PCI_FN(0, device, 0), device, device, base,
                      PINS * EDU_BAR_SIZE);
        check_pins(qts, device, device, base);
    }
}

/*
 * Pins A to D of device 0 behind a port follow from the port's device number,
 * whatever its function.
 */
static void test_intx_behind_port(void)
{
    const unsigned max = contract_value(vmspec_contract(),
                                        "hotplug-ports-max");
    const unsigned ports[] = { 0, 1, 9, 18, max - 1 };
    g_autofree char *machine = g_strdup_printf(",hotplug-ports=%u", max);
    g_autoptr(GString) options = g_string_new("");
    g_autoptr(QTestState) qts = NULL;

    if (!have_edu()) {
        return;
    }
    for (int i = 0; i < ARRAY_SIZE(ports); i++) {
        g_autofree char *id = g_strdup_printf("b%d", i);

        g_string_append_printf(options, " -device pcie-pci-bridge,id=%s,"
                               "bus=hotplug%u", id, ports[i]);
        add_pins(options, id);
    }
    qts = start_intercepted(machine, options->str);
    for (int i = 0; i < ARRAY_SIZE(ports); i++) {
        uint64_t base = vmspec_base("pcie-mmio32") +
                        i * PINS * EDU_BAR_SIZE;
        unsigned bus = 1 + 2 * i;

        enable_bridge(qts, pci_port(ports[i]), bus, bus + 1, base,
                      PINS * EDU_BAR_SIZE);
        enable_bridge(qts, PCI_FN(bus, 0, 0), bus + 1, bus + 1, base,
                      PINS * EDU_BAR_SIZE);
        check_pins(qts, bus + 1, PCI_FN_DEVICE(pci_port(ports[i])), base);
    }
}

/*
 * A port without MSI signals its own events on its pin; here a device is
 * plugged.
 */
static void test_intx_of_port(void)
{
    static const unsigned ports[] = { 0, 3, 12 };
    g_autoptr(QTestState) qts = start_intercepted(",hotplug-ports=13", "");

    for (int i = 0; i < ARRAY_SIZE(ports); i++) {
        uint32_t fn = pci_port(ports[i]);
        unsigned exp = pci_cap(qts, fn, PCI_CAP_ID_EXP);
        unsigned pin = pci_read(qts, fn, PCI_INTERRUPT_PIN, 1);
        g_autofree char *id = g_strdup_printf("dev%d", i);
        g_autofree char *bus = g_strdup_printf("hotplug%u", ports[i]);

        g_test_message("port %u, pin %u", ports[i], pin);
        g_assert_cmpuint(pin, >=, 1);
        g_assert_cmpuint(pin, <=, PINS);
        pci_write(qts, fn, exp + PCI_EXP_SLTCTL, 2,
                  PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_PDCE);
        expect_only(qts, -1);
        qtest_qmp_device_add(qts, "virtio-rng-pci", id, "{'bus': %s}", bus);
        expect_only(qts, intx(PCI_FN_DEVICE(pci_port(ports[i])), pin - 1));
        /* QEMU ignores a write that clears events which are not there. */
        pci_write(qts, fn, exp + PCI_EXP_SLTSTA, 2, PCI_EXP_SLTSTA_PDC);
        expect_only(qts, -1);
    }
}

/*
 * Only the guest that clears the event lowers the line; no other write does
 * (PCI Express Base 5.0, 6.7.3.4).
 */
static void test_intx_of_port_stays(void)
{
    g_autoptr(QTestState) qts = start_intercepted(",its=off,hotplug-ports=1",
                                                  "");
    uint32_t fn = pci_port(0);
    unsigned exp = pci_cap(qts, fn, PCI_CAP_ID_EXP);
    unsigned line = intx(PCI_FN_DEVICE(fn), 0);

    /* The command that enables the event is completed at once. */
    pci_write(qts, fn, exp + PCI_EXP_SLTCTL, 2,
              PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_CCIE);
    expect_only(qts, line);
    pci_write(qts, fn, PCI_INTERRUPT_LINE, 1, 0x5a);
    expect_only(qts, line);
    pci_write(qts, fn, exp + PCI_EXP_SLTSTA, 2, PCI_EXP_SLTSTA_CC);
    expect_only(qts, -1);
}

static void add_tests(void)
{
    g_test_add_func("/vmspec/irq/uart0", test_uart0_line);
    g_test_add_func("/vmspec/irq/uart0-gicv2", test_uart0_line_gicv2);
    g_test_add_func("/vmspec/irq/uart1", test_uart1_line);
    g_test_add_func("/vmspec/irq/rtc", test_rtc_line);
    g_test_add_func("/vmspec/irq/power-button", test_power_button_line);
    g_test_add_func("/vmspec/irq/wake-key", test_wake_key_line);
    g_test_add_func("/vmspec/irq/power-button-releases",
                    test_power_button_releases);
    g_test_add_func("/vmspec/irq/watchdog-ws0", test_watchdog_line);
    g_test_add_func("/vmspec/irq/virtio-mmio", test_virtio_mmio_lines);
    g_test_add_func("/vmspec/irq/intx-devices", test_intx_of_each_device);
    g_test_add_func("/vmspec/irq/intx-pins", test_intx_pins);
    g_test_add_func("/vmspec/irq/intx-behind-port", test_intx_behind_port);
    g_test_add_func("/vmspec/irq/intx-of-port", test_intx_of_port);
    g_test_add_func("/vmspec/irq/intx-of-port-stays", test_intx_of_port_stays);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
