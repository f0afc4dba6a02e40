/*
 * vmspec qtest: the machine tells what it is
 *
 * The property "info" of /machine, and "info vmspec" in the monitor
 * (docs/system/arm/vmspec.rst).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "vmspec/machine.h"
#include "vmspec/store.h"
#include "vmspec/store-run.h"

#define PORTS "-M hotplug-ports=2 -device virtio-rng-pci,id=rng,bus=hotplug1 "

static QDict *query(QTestState *qts)
{
    QDict *reply = qtest_qmp(qts, "{'execute': 'qom-get', 'arguments': "
                             "{'path': '/machine', 'property': 'info'}}");
    g_autoptr(GString) json = qobject_to_json_pretty(QOBJECT(reply), true);
    QDict *info;

    g_test_message("%s", json->str);
    info = qdict_get_qdict(reply, "return");
    g_assert_nonnull(info);
    qobject_ref(info);
    qobject_unref(reply);
    return info;
}

static void assert_text(const QDict *dict, const char *name, const char *want)
{
    g_assert_cmpstr(qdict_get_try_str(dict, name), ==, want);
}

static const QDict *port(const QDict *info, unsigned i)
{
    const QListEntry *entry = qlist_first(qdict_get_qlist(info, "ports"));

    while (i--) {
        entry = qlist_next(entry);
    }
    return qobject_to(QDict, qlist_entry_obj(entry));
}

static void test_default(void)
{
    g_autoptr(QTestState) qts = vmspec_start("", PORTS);
    QDict *info = query(qts);
    QDict *firmware = qdict_get_qdict(info, "firmware");
    QDict *gic = qdict_get_qdict(info, "gic");

    assert_text(info, "platform", "1.0");
    assert_text(firmware, "file", vmspec_stub());
    g_assert_false(qdict_get_bool(firmware, "bundled"));
    g_assert_false(qdict_get_bool(firmware, "secure-boot"));
    assert_text(qdict_get_qdict(info, "store"), "kind", "volatile");
    g_assert_true(qdict_get_bool(info, "fdt"));
    g_assert_true(qdict_get_bool(info, "acpi"));
    g_assert_cmpint(qdict_get_int(gic, "version"), ==, 3);
    g_assert_true(qdict_get_bool(gic, "its"));
    g_assert_cmpuint(qlist_size(qdict_get_qlist(info, "ports")), ==, 2);
    assert_text(port(info, 0), "port", "hotplug0");
    assert_text(port(info, 0), "address", "1c.0");
    g_assert_false(qdict_haskey(port(info, 0), "device"));
    assert_text(port(info, 1), "address", "1c.1");
    assert_text(port(info, 1), "device", "virtio-rng-pci");
    assert_text(port(info, 1), "id", "rng");
    qobject_unref(info);
}

static void test_store_file(void)
{
    g_autofree char *path = store_sample_file("info.fd", STORE_BANK);
    g_autofree char *option = store_option(path);
    g_autoptr(QTestState) qts = vmspec_start(option, "%s", "");
    QDict *info = query(qts);
    QDict *store = qdict_get_qdict(info, "store");
    g_autofree char *text = qtest_hmp(qts, "info vmspec");

    assert_text(store, "kind", "file");
    assert_text(store, "file", path);
    assert_text(store, "format", "raw");
    g_assert_nonnull(strstr(qdict_get_str(store, "fill"), "4 variables"));
    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, path));
    g_assert_nonnull(strstr(text, ", raw"));
    g_assert_nonnull(strstr(text, "4 variables"));
    qobject_unref(info);
}

typedef struct Line {
    const char *name;
    const char *machine, *options;
    const char *line;           /* of info vmspec */
} Line;

static const Line lines[] = {
    { "platform", "", "", "platform: virt-vmspec-1.0" },
    { "firmware", "", "", "stub" },
    { "store", "", "", "variable store: in no file" },
    { "both", "", "", "description: FDT and ACPI\r\n" },
    { "fdt", ",acpi=off", "", "description: FDT\r\n" },
    { "acpi", ",fdt=off", "", "description: ACPI\r\n" },
    { "gicv2", ",gic-version=2", "", "interrupts: GICv2\r\n" },
    { "gicv3", "", "", "interrupts: GICv3 with ITS\r\n" },
    { "no-its", ",its=off", "", "interrupts: GICv3\r\n" },
    { "no-port", "", "", "hot-plug ports: none" },
    { "empty-port", ",hotplug-ports=1", "", "port hotplug0 at 00:1c.0: empty" },
    { "port", "", PORTS, "port hotplug1 at 00:1c.1: virtio-rng-pci rng" },
    { "own-port", "", "-device vmspec-root-port,addr=3",
      "port without a name at 00:03.0: empty" },
};

static void test_line(const void *opaque)
{
    const Line *line = opaque;
    g_autoptr(QTestState) qts = vmspec_start(line->machine, "%s",
                                             line->options);
    g_autofree char *text = qtest_hmp(qts, "info vmspec");

    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, line->line));
}

/* A machine of another kind has the command, which says so. */
static void test_other_machine(void)
{
    g_autoptr(QTestState) qts = qtest_init("-M virt -nic none");
    g_autofree char *text = qtest_hmp(qts, "info vmspec");

    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, "not vmspec"));
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/info/default", test_default);
    qtest_add_func("/vmspec/info/store-file", test_store_file);
    for (int i = 0; i < ARRAY_SIZE(lines); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/info/line/%s",
                                                lines[i].name);

        qtest_add_data_func(path, &lines[i], test_line);
    }
    qtest_add_func("/vmspec/info/other-machine", test_other_machine);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
