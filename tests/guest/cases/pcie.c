/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * PCIe as a guest sees it
 *
 * The cases that compare a guest's lspci with platform.md, section 4: the
 * functions on the buses, the capabilities and windows of a port, and the
 * controller that signals interrupts.  The numbers are typed by hand, as those
 * of tests/data/contract.txt.
 */

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "demo.h"

/* platform.md, section 2: pcie-mmio32 and pcie-mmio64, first and last byte */
#define MMIO32_BASE UINT64_C(0x20000000)
#define MMIO32_END UINT64_C(0x3efeffff)
#define MMIO64_BASE UINT64_C(0x8000000000)
#define MMIO64_END UINT64_C(0xffffffffff)

/*
 * A port reserves 2 MiB and 1 GiB (platform.md, section 4.5).  The firmware
 * assigns windows of that size, and by ACPI Linux keeps them.  By FDT Linux
 * assigns all windows itself, also after firmware, and gives a port its own
 * default of 2 MiB of either kind (pci=hpmmiosize=, hpmmioprefsize=).
 */
#define PORT_WINDOW (UINT64_C(2) << 20)
#define PORT_PREFETCH (UINT64_C(1) << 30)

typedef struct Row {
    const char *name;
    const Arch *arch;
    const char *properties;
    const char *options;
    const char *description;
    const char *msi;        /* names of interrupts in /proc/interrupts */
    bool mmio64;
    bool kept;              /* does Linux keep what firmware assigned? */
} Row;

static const Row rows[] = {
    { "aarch64-fdt", &arch_aarch64, "", "", "FDT", " ITS-PCI-MSI", true,
      false },
    { "aarch64-acpi", &arch_aarch64, ",fdt=off",
      "-bios vmspec-uefi-aarch64.fd", "ACPI", " ITS-PCI-MSI", true, true },
    { "arm-fdt", &arch_arm, "", "", "FDT", " GICv2m-PCI-MSI", false,
      false },
};

/*
 * Ten ports are eight functions of one device and two of the next.  A virtio
 * device on the root bus is transitional: 1af4:1000 is a network card.
 */
#define PORTS ",hotplug-ports=10"
static const char devices[] =
    "00:00.0 0600: 1b36:0008\r\n"
    "00:01.0 0200: 1af4:1000\r\n"
    "00:1c.0 0604: 1b36:000c\r\n"
    "00:1c.1 0604: 1b36:000c\r\n"
    "00:1c.2 0604: 1b36:000c\r\n"
    "00:1c.3 0604: 1b36:000c\r\n"
    "00:1c.4 0604: 1b36:000c\r\n"
    "00:1c.5 0604: 1b36:000c\r\n"
    "00:1c.6 0604: 1b36:000c\r\n"
    "00:1c.7 0604: 1b36:000c\r\n"
    "00:1d.0 0604: 1b36:000c\r\n"
    "00:1d.1 0604: 1b36:000c\r\n";
static const char tree[] =
    "-[0000:00]-+-00.0\r\n"
    "           +-01.0\r\n"
    "           +-1c.0-[01]--\r\n"
    "           +-1c.1-[02]--\r\n"
    "           +-1c.2-[03]--\r\n"
    "           +-1c.3-[04]--\r\n"
    "           +-1c.4-[05]--\r\n"
    "           +-1c.5-[06]--\r\n"
    "           +-1c.6-[07]--\r\n"
    "           +-1c.7-[08]--\r\n"
    "           +-1d.0-[09]--\r\n"
    "           \\-1d.1-[0a]--\r\n";

static const struct {
    const char *address;
    const char *buses;
    const char *slot;
} ports[] = {
    { "1c.0", "primary=00, secondary=01, subordinate=01, sec-latency=0",
      "Slot #224," },
    { "1c.7", "primary=00, secondary=08, subordinate=08, sec-latency=0",
      "Slot #231," },
    { "1d.1", "primary=00, secondary=0a, subordinate=0a, sec-latency=0",
      "Slot #233," },
};

/* What lspci prints of every port, with the offset of each capability */
static const char *const port_has[] = {
    "Capabilities: [40] Subsystem: 1b36:0000\r",
    "Capabilities: [60] MSI: Enable+ Count=1/1 Maskable+ 64bit+\r",
    "Capabilities: [90] Express (v2) Root Port (Slot+), IntMsgNum 0\r",
    "SltCap:\tAttnBtn+ PwrCtrl+ MRL- AttnInd+ PwrInd+ HotPlug+ Surprise+\r",
    " ARIFwd+\r",
    " LLActRep+ ",
    " DLActive- ",
    "Capabilities: [100 v2] Advanced Error Reporting\r",
    "Capabilities: [148 v1] Access Control Services\r",
    "ACSCap:\tSrcValid+ TransBlk+ ReqRedir+ CmpltRedir+ UpstreamFwd+ "
        "EgressCtrl- DirectTrans+\r",
    "Kernel driver in use: pcieport\r",
    "I/O+ Mem+ BusMaster+ ",
    "fff [size=4K] [16-bit]\r",     /* I/O behind bridge */
};

/* What lspci prints of a BAR or a register with a fault */
static const char *const no_device_has[] = {
    "unassigned", "[virtual]", "<ignored>", "[disabled]", "access denied",
    "broken", "!!!", "Expansion ROM",
};

static const char *const no_log_has[] = {
    "can't assign", "failed to assign", "no space", "no compatible bridge",
    "address conflict", "can't claim", "Firmware Bug", "invalid BAR",
};

static void expect_range(Guest *g, const char *what, const char *text,
                         uint64_t base, uint64_t end, uint64_t size)
{
    const char *at = strstr(text, what);
    char *rest = NULL;
    uint64_t first = at ? g_ascii_strtoull(at + strlen(what), &rest, 16) : 0;
    uint64_t last = rest && *rest == '-' ?
                    g_ascii_strtoull(rest + 1, NULL, 16) : 0;

    if (first < base || last > end || last - first + 1 != size) {
        guest_fail(g, "%s0x%" PRIx64 "-0x%" PRIx64 ", expected 0x%" PRIx64
                   " bytes within 0x%" PRIx64 "-0x%" PRIx64, what, first,
                   last, size, base, end);
    }
}

/* The guest prints exactly these lines after the echoed command. */
static void expect_lines(Guest *g, const char *command, const char *lines)
{
    g_autofree char *answer = guest_ask(g, command);
    g_autofree char *want = g_strconcat(command, "\r\n", lines, NULL);

    /* Nothing may follow but the prompt, which guest_ask() took. */
    if (!g_str_has_suffix(answer, want)) {
        guest_fail(g, "%s is not\n%s", answer, lines);
    }
}

static void check_port(Guest *g, const Row *row, int i)
{
    g_autofree char *line = g_strdup_printf("lspci -nvvvs %s",
                                            ports[i].address);
    g_autofree char *answer = guest_ask(g, line);

    guest_check(g, answer, ports[i].buses, true);
    guest_check(g, answer, ports[i].slot, true);
    for (int k = 0; k < G_N_ELEMENTS(port_has); k++) {
        guest_check(g, answer, port_has[k], true);
    }
    expect_range(g, "\tMemory behind bridge: ", answer, MMIO32_BASE,
                 MMIO32_END, PORT_WINDOW);
    expect_range(g, "\tPrefetchable memory behind bridge: ", answer,
                 row->mmio64 ? MMIO64_BASE : MMIO32_BASE,
                 row->mmio64 ? MMIO64_END : MMIO32_END,
                 row->kept ? PORT_PREFETCH : PORT_WINDOW);
}

/* Check all functions for faults, the network card's BARs among them. */
static void check_all(Guest *g)
{
    g_autofree char *answer = guest_ask(
        g, "lspci -nvvv | grep -vE '(Sta|Msk|Svrt|Cap|Ctl):'");
    g_autofree char *log = guest_ask(g, "dmesg | grep -i pci");

    for (int i = 0; i < G_N_ELEMENTS(no_device_has); i++) {
        guest_check(g, answer, no_device_has[i], false);
    }
    guest_check(g, answer, "[98] MSI-X: Enable+ Count=", true);
    for (int i = 0; i < G_N_ELEMENTS(no_log_has); i++) {
        guest_check(g, log, no_log_has[i], false);
    }
}

/* B_GIC_02, B_GIC_03: MSIs are LPIs of the ITS, or SPIs of GICv2m */
static void check_interrupts(Guest *g, const Row *row)
{
    g_autofree char *port = g_strconcat(row->msi, "-0000:00:1c.0 ", NULL);
    g_autofree char *card = g_strconcat(row->msi, "X-0000:00:01.0 ", NULL);
    g_autofree char *all = guest_ask(g, "cat /proc/interrupts");

    guest_check(g, all, port, true);
    guest_check(g, all, card, true);
    guest_check(g, all, "virtio0-input.0", true);
}

static void test_lspci(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("pcie/lspci-%s", row->name);
    g_autofree char *properties = g_strconcat(PORTS, row->properties, NULL);
    g_autofree char *description = g_strdup_printf("described by %s\r",
                                                   row->description);
    g_autofree char *banner = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, row->arch, properties);
    guest_add(g, "%s", row->options);
    demo_add_lspci(g, row->arch);
    demo_add_network(g);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    banner = guest_ask(g, "report banner");
    guest_check(g, banner, description, true);
    expect_lines(g, "lspci -n", devices);
    expect_lines(g, "lspci -t", tree);
    for (int i = 0; i < G_N_ELEMENTS(ports); i++) {
        check_port(g, row, i);
    }
    check_all(g);
    check_interrupts(g, row);
    demo_power_off(g);
}

/*
 * its=off: a disk, a network card, and one that is plugged later, all by INTx.
 * The first's name is virtio0, as Linux calls a device that has no vectors.
 */
static const Row no_its_rows[] = {
    { "no-its-fdt", &arch_aarch64, "", "", "FDT", NULL, true, false },
    { "no-its-acpi", &arch_aarch64, ",fdt=off", "", "ACPI", NULL, true, true },
};

static void expect_intx(Guest *g, const char *function, const char *device)
{
    g_autofree char *list = g_strdup_printf("lspci -nvvs %s", function);
    g_autofree char *functions = guest_ask(g, list);
    g_autofree char *line = g_strdup_printf("grep ' %s$' /proc/interrupts",
                                            device);
    g_autofree char *interrupt = guest_ask(g, line);

    guest_check(g, functions, "Interrupt: pin A routed to IRQ ", true);
    guest_check(g, functions, "DisINTx-", true);
    guest_check(g, functions, "MSI", false);
    guest_check(g, interrupt, " GICv3 ", true);
    guest_check(g, interrupt, " Level ", true);
}

static void test_no_its(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *name = g_strdup_printf("pcie/%s", row->name);
    g_autofree char *properties = g_strconcat(",its=off,hotplug-ports=1",
                                              row->properties, NULL);
    g_autofree char *description = g_strdup_printf("described by %s\r",
                                                   row->description);
    g_autofree char *banner = NULL, *log = NULL, *all = NULL;
    g_autofree char *plugged = NULL, *read = NULL;
    g_autoptr(Guest) g = guest_new(name);

    demo_add_machine(g, row->arch, properties);
    demo_add_lspci(g, row->arch);
    demo_add_disk(g, row->arch);
    demo_add_network(g);
    guest_launch(g);
    guest_expect(g, GUEST_PROMPT);
    banner = guest_ask(g, "report banner");
    guest_check(g, banner, description, true);
    guest_check(g, banner, "eth0 10.0.2.15/24", true);
    expect_intx(g, "1.0", "virtio0");
    expect_intx(g, "2.0", "virtio1");
    read = guest_ask(g, "dd if=/dev/vda of=/dev/null bs=1M count=8 2>&1");
    guest_check(g, read, "8+0 records in", true);
    g_free(guest_qmp(g, "{'execute': 'device_add', 'arguments': {"
                     "'driver': 'virtio-net-pci', 'id': 'later'}}"));
    plugged = guest_ask(g, "until [ -e /sys/class/net/eth1 ]; do usleep 10000;"
                        " done; ip link set eth1 up; echo plugged");
    guest_check(g, plugged, "plugged\r", true);
    expect_intx(g, "01:00.0", "virtio2");
    all = guest_ask(g, "cat /proc/interrupts");
    guest_check(g, all, "MSI", false);
    guest_check(g, all, "ITS", false);
    log = guest_ask(g, "dmesg | grep -iE 'its|lpi|msi'");
    guest_check(g, log, "ITS [mem", false);
    guest_check(g, log, "rror", false);
    demo_power_off(g);
}

static void add_pcie_cases(void)
{
    for (int i = 0; i < G_N_ELEMENTS(no_its_rows); i++) {
        guest_add_case(test_no_its, &no_its_rows[i], "pcie/%s",
                       no_its_rows[i].name);
    }
    for (int i = 0; i < G_N_ELEMENTS(rows); i++) {
        guest_add_case(test_lspci, &rows[i], "pcie/lspci-%s", rows[i].name);
    }
}

guest_cases(add_pcie_cases)
