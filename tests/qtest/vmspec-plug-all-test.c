/*
 * vmspec qtest: every device that can be plugged (SECURITY.md)
 *
 * Each device of "-device help" is plugged, used, reset and unplugged, and
 * QEMU lives on. What a device does is not looked at. One QEMU has all of
 * them after each other, and a case is a device, so that the name of the case
 * that QEMU dies in is that of the device.
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
#include "vmspec/pci.h"
#include "vmspec/trial.h"

#define PORT_BUS 1
#define REGISTERS 64            /* how many words of each BAR are used */
#define CONFIG_USED 0x200       /* how many bytes of configuration space */
#define BARS 6

#define DRIVE "'drive': 'disk', 'share-rw': true"
#define CHARDEV "'chardev': 'null'"

/* What a device needs besides its driver */
static const struct {
    const char *driver;         /* or the begin of its name, with a "*" */
    const char *properties;
} needs[] = {
    { "acpi-erst", "'memdev': 'erst'" },
    { "ctucan_pci", "'canbus0': 'can', 'canbus1': 'can'" },
    { "cxl-type3", "'volatile-memdev': 'cxl'" },
    { "ide-*", DRIVE },
    { "ivshmem-plain", "'memdev': 'shared'" },
    { "kvaser_pci", "'canbus': 'can'" },
    { "mioe3680_pci", "'canbus0': 'can', 'canbus1': 'can'" },
    { "nvme", "'serial': 'one', " DRIVE },
    { "nvdimm", "'memdev': 'nvdimm'" },
    { "nvme-ns", DRIVE },
    { "pc-dimm", "'memdev': 'dimm'" },
    { "pci-bridge*", "'chassis_nr': 7" },
    { "pci-serial", CHARDEV },
    { "pci-serial-2x", "'chardev1': 'null', 'chardev2': 'null2'" },
    { "pci-serial-4x", "'chardev1': 'null', 'chardev2': 'null2'" },
    { "pcm3680_pci", "'canbus0': 'can', 'canbus1': 'can'" },
    { "scsi-cd", DRIVE },
    { "scsi-hd", DRIVE },
    { "usb-audio", "'audiodev': 'none'" },
    { "usb-mtp", "'rootdir': '/'" },
    { "usb-net", "'netdev': 'net'" },
    { "usb-storage", DRIVE },
    { "virtconsole", CHARDEV },
    { "virtserialport", CHARDEV },
    { "virtio-9p*", "'fsdev': 'fs', 'mount_tag': 'tag'" },
    { "virtio-blk*", DRIVE },
    { "virtio-crypto*", "'cryptodev': 'crypto'" },
    { "virtio-mem*", "'memdev': 'mem', 'requested-size': 2097152" },
    { "virtio-net*", "'netdev': 'net'" },
    { "virtio-pmem*", "'memdev': 'pmem'" },
    { "virtio-serial*", "'max_ports': 4" },
};

static QTestState *qts;         /* one machine for all devices */

static const char *needed(const char *driver)
{
    for (int i = 0; i < ARRAY_SIZE(needs); i++) {
        if (g_pattern_match_simple(needs[i].driver, driver)) {
            return needs[i].properties;
        }
    }
    return NULL;
}

static void start_machine(void)
{
    qts = vmspec_start(",hotplug-ports=4,nvdimm=on", "-no-shutdown "
        "-m 128M,slots=8,maxmem=8G "
        "-device qemu-xhci,id=usb,bus=pcie.0 "
        "-device virtio-scsi-pci,id=scsi,bus=pcie.0 "
        "-device virtio-serial-pci,id=serial,bus=pcie.0 "
        "-device nvme-subsys,id=subsys "
        "-device nvme,id=nvme,serial=cold,subsys=subsys,bus=pcie.0 "
        "-device ich9-ahci,id=ahci,bus=pcie.0 "
        "-device intel-hda,id=hda,bus=pcie.0 "
        "-blockdev null-co,node-name=disk,size=67108864,read-zeroes=on "
        "-chardev null,id=null -chardev null,id=null2 -audiodev none,id=none "
        "-netdev hubport,id=net,hubid=0 "
        "-fsdev local,id=fs,path=%s,security_model=none "
        "-object cryptodev-backend-builtin,id=crypto "
        "-object can-bus,id=can "
        "-object memory-backend-ram,id=mem,size=128M "
        "-object memory-backend-ram,id=dimm,size=128M "
        "-object memory-backend-ram,id=nvdimm,size=128M "
        "-object memory-backend-ram,id=pmem,size=128M "
        "-object memory-backend-ram,id=cxl,size=256M "
        "-object memory-backend-ram,id=erst,size=1M "
        "-object memory-backend-ram,id=shared,share=on,size=1M",
        scratch_make());
    pci_open_port(qts, pci_port(0), PORT_BUS, vmspec_base("pcie-mmio32"));
    trial_guard(qts);
}

/* Program each BAR of memory up to 1 MiB; @at is where they are, or 0. */
static void place_bars(uint32_t fn, uint64_t *at, uint64_t *size)
{
    uint64_t free = vmspec_base("pcie-mmio32");

    for (int i = 0; i < BARS; i++) {
        unsigned bar = PCI_BASE_ADDRESS_0 + 4 * i;
        uint32_t flags = pci_read(qts, fn, bar, 4);

        size[i] = pci_bar_size(qts, fn, bar);
        at[i] = 0;
        if (size[i] && size[i] <= MiB && !(flags & PCI_BASE_ADDRESS_SPACE_IO)) {
            at[i] = ROUND_UP(free, size[i]);
            free = at[i] + size[i];
            pci_write(qts, fn, bar, 4, at[i]);
        }
        if (at[i] && flags & PCI_BASE_ADDRESS_MEM_TYPE_64) {
            pci_write(qts, fn, bar + 4, 4, 0);
            at[++i] = 0;
        }
    }
}

/* Read and write the first words of each BAR. */
static void use_bars(const uint64_t *at, const uint64_t *size)
{
    for (int i = 0; i < BARS; i++) {
        for (unsigned n = 0; at[i] && n < MIN(size[i] / 4, REGISTERS); n++) {
            uint32_t value = qtest_readl(qts, at[i] + 4 * n);

            qtest_writel(qts, at[i] + 4 * n, trial_once_in(2) ? value :
                                             trial_value());
        }
    }
}

static void use_function(uint32_t fn)
{
    uint64_t at[BARS], size[BARS];

    if (pci_read(qts, fn, PCI_VENDOR_ID, 2) == UINT16_MAX) {
        return;
    }
    place_bars(fn, at, size);
    pci_write(qts, fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_IO |
                                       PCI_COMMAND_MASTER);
    use_bars(at, size);
    for (unsigned reg = PCI_STD_HEADER_SIZEOF; reg < CONFIG_USED; reg += 4) {
        pci_write(qts, fn, reg, 4, pci_read(qts, fn, reg, 4));
    }
    qtest_clock_step(qts, 1000 * 1000 * 1000);
}

static void slot_power(uint16_t value)
{
    pci_write(qts, pci_port(0), pci_cap(qts, pci_port(0), PCI_CAP_ID_EXP) +
              PCI_EXP_SLTCTL, 2, value);
}

/* The error in QEMU's answer, which is dropped; NULL if there is none */
static char *refusal(QDict *answer)
{
    char *why = NULL;

    if (qdict_haskey(answer, "error")) {
        why = g_strdup(qdict_get_str(qdict_get_qdict(answer, "error"), "desc"));
    }
    qobject_unref(answer);
    return why;
}

static char *plug_one(const char *driver, bool is_pci)
{
    const char *properties = needed(driver);
    g_autofree char *json = g_strdup_printf(
        "{'driver': '%s', 'id': 'one-%s'%s%s%s}", driver, driver,
        is_pci ? ", 'bus': 'hotplug0'" : "", properties ? ", " : "",
        properties ?: "");

    return refusal(qtest_qmp(qts, "{'execute': 'device_add', 'arguments': %p}",
                             qobject_from_json(json, NULL)));
}

static char *unplug_one(const char *driver)
{
    g_autofree char *id = g_strdup_printf("one-%s", driver);

    return refusal(qtest_qmp(qts, "{'execute': 'device_del', 'arguments': "
                             "{'id': %s}}", id));
}

/* Is the device gone? */
static bool removed(const char *driver)
{
    g_autofree char *id = g_strdup_printf("one-%s", driver);
    g_autofree char *why = refusal(qtest_qmp(qts, "{'execute': 'qom-get', "
        "'arguments': {'path': %s, 'property': 'type'}}", id));

    return why != NULL;
}

/* Give the port its power, and use what is behind it. */
static void use_device(void)
{
    pci_open_port(qts, pci_port(0), PORT_BUS, vmspec_base("pcie-mmio32"));
    slot_power(PCI_EXP_SLTCTL_PWR_IND_ON);
    use_function(PCI_FN(PORT_BUS, 0, 0));
}

static void test_device(const void *opaque)
{
    g_auto(GStrv) word = g_strsplit(opaque, " ", 2);
    const char *driver = word[0];
    bool is_pci = !strcmp(word[1], "PCI");
    g_autofree char *why = NULL;

    if (!qts) {
        start_machine();
    }
    trial_begin(g_str_hash(driver));
    trial_note("plug %s", driver);
    why = plug_one(driver, is_pci);
    if (why) {
        g_test_message("%s is not plugged: %s", driver, why);
        return;
    }
    trial_note("use %s", driver);
    use_device();
    trial_note("reset with %s", driver);
    qtest_system_reset(qts);
    use_device();
    trial_note("unplug %s", driver);
    why = unplug_one(driver);
    slot_power(PCI_EXP_SLTCTL_PWR_IND_OFF | PCI_EXP_SLTCTL_PWR_OFF);
    qtest_clock_step(qts, 10ll * 1000 * 1000 * 1000);
    trial_note("reset without %s", driver);
    qtest_system_reset(qts);
    g_test_message("%s: %s", driver, why ?: "unplugged");
    /* The removal of memory waits for the guest, which is not there. */
    g_assert_true(why || !is_pci || removed(driver));
}

/* The last case: all machines have ended well. */
static void test_end(void)
{
    g_assert_nonnull(qts);
    trial_note("end");
    g_test_message("peak memory: %u MiB", trial_unguard());
    qtest_quit(qts);
}

static void add_device(const char *line)
{
    g_autofree char *name = NULL, *path = NULL;
    const char *bus = strstr(line, ", bus ");
    const char *end;

    if (!g_str_has_prefix(line, "name \"")) {
        return;
    }
    line += strlen("name \"");
    end = strchr(line, '"');
    name = g_strndup(line, end - line);
    path = g_strdup_printf("/vmspec/plug-all/%s", name);
    qtest_add_data_func_full(path, g_strdup_printf("%s %s", name,
        bus && g_str_has_prefix(bus, ", bus PCI") ? "PCI" : "other"),
        test_device, g_free);
}

static void add_tests(void)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec -device help");
    g_auto(GStrv) lines = g_strsplit(run->out, "\n", 0);

    g_assert_cmpint(run->status, ==, 0);
    for (int i = 0; lines[i]; i++) {
        add_device(lines[i]);
    }
    qtest_add_func("/vmspec/plug-all/~end", test_end);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
