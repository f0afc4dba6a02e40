/*
 * vmspec qtest: a driver that does anything (SECURITY.md)
 *
 * Random operations: registers of all the board's devices, configuration space
 * of the host bridge, ports and devices, DMA of virtio-blk, nvme, xhci and
 * fw_cfg to the addresses of master_address(), plugging and unplugging,
 * reset, saving and loading.
 * QEMU lives on, takes less than 1 GiB and ends each operation.
 *
 * A trial is one QEMU and some thousand operations. Its seed repeats it:
 *
 *   VMSPEC_TRIAL_SEED=N      the seed of the first trial (1); then N+1, ...
 *   VMSPEC_RANDOM_SECONDS=N  begin trials for so long (4)
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "vmspec/machine.h"
#include "vmspec/masters.h"
#include "vmspec/pci.h"
#include "vmspec/store-run.h"
#include "vmspec/trial.h"

#define OPERATIONS 1500
#define PORTS 4
#define IDS 8                   /* how many devices may be plugged */

/* The windows of 1 MiB that the BARs of the three masters are in */
#define MASTER(slot) { PCI_FN(0, slot, 0), 0, 0 }

static Master blk = MASTER(2), nvme = MASTER(3), xhci = MASTER(4);
static QTestState *random_qts;
static bool has_store;

static const char *pick(const char *const *names, unsigned n)
{
    return names[trial_below(n)];
}

static void start_trial(void)
{
    static const char *const machines[] = {
        "", ",iommu=smmuv3", ",gic-version=2", ",virtualization=on",
        ",iommu=smmuv3,virtualization=on", ",acpi=off", ",virtio-mmio=32",
    };
    g_autofree char *store = NULL, *machine = NULL;

    has_store = trial_once_in(2);
    store = has_store ? store_image("random", "qcow2") : NULL;
    machine = g_strdup_printf(",hotplug-ports=%d%s%s%s", PORTS,
                              pick(machines, ARRAY_SIZE(machines)),
                              store ? ",nvram=" : "", store ?: "");
    random_qts = vmspec_start(machine, "-m 128M "
        "-no-shutdown -serial null -serial null "
        "-blockdev null-co,node-name=d0,size=67108864,read-zeroes=on,"
        "read-only=on "
        "-blockdev null-co,node-name=d1,size=67108864,read-zeroes=on,"
        "read-only=on "
        "-blockdev null-co,node-name=d2,size=67108864,read-zeroes=on,"
        "read-only=on "
        "-device virtio-blk-pci,drive=d0,share-rw=on,bus=pcie.0,addr=2 "
        "-device virtio-gpu-pci,bus=pcie.0,addr=5 "
        "-device nvme,drive=d1,serial=one,bus=pcie.0,addr=3 "
        "-device qemu-xhci,id=usb,bus=pcie.0,addr=4 "
        "-device usb-tablet,bus=usb.0 -netdev hubport,id=net,hubid=0");
    trial_note("machine %s", machine);
    trial_guard(random_qts);
}

static void program_bus(void)
{
    Master *const masters[] = { &blk, &nvme, &xhci };
    uint64_t free = vmspec_base("pcie-mmio32") + 16 * MiB;

    for (int i = 0; i < ARRAY_SIZE(masters); i++) {
        masters[i]->bar0 = free;
        masters[i]->bar4 = free + 512 * KiB;
        free += MiB;
        master_enable(random_qts, masters[i]);
    }
    for (unsigned i = 0; i < PORTS; i++) {
        pci_open_port(random_qts, pci_port(i), i + 1,
                      vmspec_base("pcie-mmio32") + i * 2 * MiB);
    }
}

static void access_register(uint64_t address)
{
    uint64_t value = trial_value();

    switch (trial_below(8)) {
    case 0:
        trial_note("writeb 0x%" PRIx64 " 0x%02x", address, (uint8_t)value);
        qtest_writeb(random_qts, address, value);
        break;
    case 1:
        trial_note("writew 0x%" PRIx64 " 0x%04x", address, (uint16_t)value);
        qtest_writew(random_qts, address, value);
        break;
    case 2:
        trial_note("writeq 0x%" PRIx64 " 0x%" PRIx64, address, value);
        qtest_writeq(random_qts, address, value);
        break;
    case 3:
        trial_note("readq 0x%" PRIx64, address);
        qtest_readq(random_qts, address);
        break;
    case 4:
        trial_note("readl 0x%" PRIx64, address);
        qtest_readl(random_qts, address);
        break;
    default:
        trial_note("writel 0x%" PRIx64 " 0x%08x", address, (uint32_t)value);
        qtest_writel(random_qts, address, value);
    }
}

static void operate_board(void)
{
    const Contract *c = vmspec_contract();
    const ContractRegion *region = &c->regions[trial_below(c->num_regions)];
    uint64_t offset = trial_value() & 0xfff;

    if (trial_once_in(4)) {
        offset = trial_random() % region->size;
    }
    access_register(region->base + (offset & ~3ull) +
                    (trial_once_in(8) ? trial_below(4) : 0));
}

static void operate_bar(void)
{
    const Master *const masters[] = { &blk, &nvme, &xhci };
    const Master *m = masters[trial_below(ARRAY_SIZE(masters))];

    access_register((trial_once_in(2) ? m->bar0 : m->bar4) +
                    (trial_value() & 0x3ffc));
}

/* A register of a function: the host bridge, a port or what may be there */
static void operate_config(void)
{
    uint32_t fn = PCI_FN(0, trial_below(6), 0);
    unsigned reg = trial_value() & (trial_once_in(2) ? 0xfc : 0xffc);

    if (trial_once_in(2)) {
        fn = pci_port(trial_below(PORTS));
    } else if (trial_once_in(2)) {
        fn = PCI_FN(1 + trial_below(PORTS), 0, trial_once_in(8));
    }
    access_register(pci_config(fn, reg));
}

static void operate_master(void)
{
    unsigned which = trial_below(4);

    if (trial_once_in(4)) {
        program_bus();
    }
    trial_note("master %u", which);
    switch (which) {
    case 0:
        master_virtio_blk(random_qts, &blk);
        break;
    case 1:
        master_nvme(random_qts, &nvme);
        break;
    case 2:
        master_xhci(random_qts, &xhci);
        break;
    default:
        master_fw_cfg(random_qts);
    }
}

/* What QEMU answers does not matter: it may refuse. */
static void qmp_say(const char *command, const char *json)
{
    qobject_unref(qtest_qmp(random_qts, "{'execute': %s, 'arguments': %p}",
                            command, qobject_from_json(json, NULL)));
}

static void operate_plug(void)
{
    static const struct {
        const char *driver, *more;
    } devices[] = {
        { "virtio-rng-pci", "" }, { "virtio-net-pci", ", 'netdev': 'net'" },
        { "virtio-blk-pci", ", 'drive': 'd2', 'share-rw': true" },
        { "e1000e", "" }, { "qemu-xhci", "" }, { "pci-testdev", "" },
        { "nvme", ", 'drive': 'd2', 'serial': 'two', 'share-rw': true" },
        { "edu", "" }, { "virtio-balloon-pci", "" }, { "igb", "" },
        { "usb-kbd", ", 'bus': 'usb.0'" }, { "usb-hub", ", 'bus': 'usb.0'" },
        { "usb-storage", ", 'bus': 'usb.0', 'drive': 'd2', 'share-rw': true" },
    };
    unsigned which = trial_below(ARRAY_SIZE(devices));
    g_autofree char *json = g_strdup_printf(
        "{'driver': '%s', 'id': 'p%u'%s}", devices[which].driver,
        trial_below(IDS), devices[which].more);

    trial_note("plug %s", json);
    qmp_say("device_add", json);
}

static void operate_unplug(void)
{
    g_autofree char *json = g_strdup_printf("{'id': 'p%u'}", trial_below(IDS));

    trial_note("unplug %s", json);
    qmp_say("device_del", json);
}

static void operate_machine(void)
{
    unsigned which = trial_below(12);

    trial_note("machine: %u", which);
    if (which < 5) {
        qtest_clock_step(random_qts, 1 + (trial_value() & 0xffffffff));
    } else if (which < 7) {
        qtest_system_reset_nowait(random_qts);
    } else if (which == 7) {
        qmp_say("stop", "{}");
    } else if (which == 8 && has_store) {
        g_free(qtest_hmp(random_qts, "savevm s"));
    } else if (which == 9 && has_store) {
        g_free(qtest_hmp(random_qts, "loadvm s"));
    } else if (which == 10) {
        qmp_say("system_powerdown", "{}");
    }
    qmp_say("cont", "{}");
}

static void operate_any(void)
{
    switch (trial_below(16)) {
    case 0:
        operate_machine();
        break;
    case 1:
        if (trial_once_in(2)) {
            operate_plug();
        } else {
            operate_unplug();
        }
        break;
    case 2:
    case 3:
        operate_master();
        break;
    case 4:
    case 5:
    case 6:
    case 7:
        operate_config();
        break;
    case 8:
    case 9:
        operate_bar();
        break;
    default:
        operate_board();
    }
}

static void run_trial(uint64_t seed)
{
    unsigned mib;

    trial_begin(seed);
    start_trial();
    program_bus();
    for (int i = 0; i < OPERATIONS; i++) {
        operate_any();
    }
    trial_note("end");
    mib = trial_unguard();
    g_test_message("seed %" PRIu64 ": at most %u MiB", seed, mib);
    qtest_quit(random_qts);
}

static uint64_t random_number(const char *variable, uint64_t otherwise)
{
    const char *text = g_getenv(variable);

    return text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void test_driver(void)
{
    uint64_t seconds = random_number("VMSPEC_RANDOM_SECONDS", 4);
    uint64_t seed = random_number("VMSPEC_TRIAL_SEED", 1);
    gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;

    do {
        run_trial(seed++);
    } while (g_get_monotonic_time() < end);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/random/driver", test_driver);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
