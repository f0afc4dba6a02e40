/*
 * vmspec qtest: properties, names and defaults
 *
 * What people read in -machine help, what management software reads by QMP,
 * and what libvirt passes without a patch (platform.md, sections 4, 5, 7 and
 * 9).
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"
#include "vmspec/machine.h"
#include "vmspec/mtree.h"
#include "vmspec/qom.h"

#define CANONICAL "virt-vmspec-1.0"
#define PCI_CLASS_ETHERNET 0x0200

/* What libvirt 9 and later passes for a domain of this machine */
#define LIBVIRT_MACHINE \
    "-machine virt-vmspec-1.0,usb=off,gic-version=3,dump-guest-core=off," \
    "memory-backend=vmspec.ram,mem-merge=off,hmat=off,acpi=off "
#define LIBVIRT_OPTIONS \
    "-object memory-backend-ram,id=vmspec.ram,size=256M -m 256M " \
    "-nodefaults -boot strict=on -rtc base=utc "

typedef struct Property {
    const char *name;
    const char *initial;        /* as text, see qom_text(); NULL: none */
    const char *options;        /* of -machine */
    const char *set;            /* what is read back then */
} Property;

static const Property properties[] = {
    { "gic-version", "", "gic-version=2", "2" },
    { "virtualization", "off", "virtualization=on", "on" },
    { "iommu", "none", "iommu=smmuv3", "smmuv3" },
    { "its", "on", "its=off", "off" },
    { "mte", "off", "mte=on -cpu neoverse-n2", "on" },
    { "virtio-mmio", "8", "virtio-mmio=32", "32" },
    { "hotplug-ports", "0", "hotplug-ports=32", "32" },
    { "acpi", "auto", "acpi=off", "off" },
    { "fdt", "on", "fdt=on", "on" },
    { "graphics", "auto", "graphics=off", "off" },
    { "ras", "off", "ras=on", "on" },
    { "secure-boot", "off", "secure-boot=off", "off" },
    { "dtb-randomness", "on", "dtb-randomness=off", "off" },
    /* QEMU's virt has these; here only one value fits. */
    { "highmem", "on", "highmem=on", "on" },
    { "highmem-ecam", "off", "highmem-ecam=off", "off" },
    { "highmem-mmio", "on", "highmem-mmio=on", "on" },
    { "highmem-mmio-size", NULL, "highmem-mmio-size=512G", "549755813888" },
    { "highmem-redists", "on", "highmem-redists=on", "on" },
    { "compact-highmem", "off", "compact-highmem=off", "off" },
    { "secure", "off", "secure=off", "off" },
    { "default-bus-bypass-iommu", "off", "default-bus-bypass-iommu=off",
      "off" },
    { "x-oem-id", "VMSPEC", "x-oem-id=VMSPEC", "VMSPEC" },
    { "x-oem-table-id", "VMSPEC10", "x-oem-table-id=VMSPEC10", "VMSPEC10" },
    { "dtb-kaslr-seed", "on", "dtb-kaslr-seed=off", "off" },
    /* By default a copy of the firmware, whose node has no fixed name */
    { "pflash0", NULL, "pflash0=code", "code" },
    { "pflash1", "", "pflash1=vars", "vars" },
    { "nvram", "none", "nvram=none", "none" },
    { "nvram-reset", "off", "nvram-reset=off", "off" },
};

/* Other values of -machine gic-version */
static const Property gic_versions[] = {
    { "gic-version", "", "gic-version=3", "3" },
    { "gic-version", "", "gic-version=4,virtualization=on", "4" },
    { "gic-version", "", "gic-version=max", "max" },
};

static void check_value(QTestState *qts, const char *name, const char *want)
{
    g_autofree char *value = qom_text(qts, "/machine", name);

    g_assert_cmpstr(value, ==, want);
}

static void test_property_default(const void *opaque)
{
    const Property *p = opaque;
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");

    check_value(qts, p->name, p->initial);
}

static void test_property_set(const void *opaque)
{
    const Property *p = opaque;
    g_autofree char *code = scratch_file("code.fd", "code", 4, 256 * KiB);
    g_autofree char *vars = scratch_file("vars.fd", "", 0, 256 * KiB);
    g_autoptr(QTestState) qts = NULL;

    qts = qtest_initf("-M vmspec,%s -nodefaults -m 64M %s %s "
                      "-blockdev file,node-name=code,filename=%s,"
                      "read-only=on "
                      "-blockdev file,node-name=vars,filename=%s",
                      p->options,
                      strcmp(p->name, "pflash0") ? "-bios" : "",
                      strcmp(p->name, "pflash0") ? vmspec_stub() : "",
                      code, vars);
    check_value(qts, p->name, p->set);
}

/*
 * The bank is a copy with whole blocks; the property still names the user's
 * node.
 */
static void test_pflash_odd_length(void)
{
    g_autofree char *code = scratch_file("code.fd", "code", 4, 300 * KiB);
    g_autofree char *value = NULL;
    g_autoptr(QTestState) qts = NULL;

    qts = qtest_initf("-M vmspec,pflash0=code -nodefaults -m 64M -blockdev "
                      "file,node-name=code,filename=%s,read-only=on", code);
    value = qom_text(qts, "/machine", "pflash0");
    g_assert_cmpstr(value, ==, "code");
}

static char *help_line(const char *name)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M vmspec,help");
    g_autofree char *start = g_strdup_printf("  %s=<", name);
    g_auto(GStrv) lines = g_strsplit(run->out, "\n", -1);

    g_assert_cmpint(run->status, ==, 0);
    for (int i = 0; lines[i]; i++) {
        if (g_str_has_prefix(lines[i], start)) {
            return g_strdup(lines[i]);
        }
    }
    g_test_message("%s", run->out);
    return NULL;
}

/* The help is one sentence and names the default. */
static void test_help_says_default(const void *opaque)
{
    const Property *p = opaque;
    g_autofree char *line = help_line(p->name);
    const char *text;

    g_assert_nonnull(line);
    g_test_message("%s", line);
    text = strstr(line, " - ");
    g_assert_nonnull(text);
    g_assert_nonnull(strstr(text, "default"));
    g_assert_null(strstr(text, ". "));
}

/* What takes "auto" is no bool. */
static void test_help_says_type(void)
{
    static const char *const names[] = { "acpi", "graphics" };

    for (int i = 0; i < ARRAY_SIZE(names); i++) {
        g_autofree char *line = help_line(names[i]);

        g_assert_nonnull(line);
        g_assert_nonnull(strstr(line, "=<OnOffAuto> "));
    }
}

static void test_machine_help(void)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M help");

    g_assert_cmpint(run->status, ==, 0);
    g_assert_nonnull(strstr(run->out, "\n" CANONICAL " "));
    g_assert_nonnull(strstr(run->out, "\nvmspec "));
    g_assert_nonnull(strstr(run->out, "(alias of " CANONICAL ")"));
}

static QDict *query_machine(void)
{
    g_autoptr(QTestState) qts = qtest_init("-M none");
    QDict *response = qtest_qmp(qts, "{'execute': 'query-machines'}");
    QDict *found = NULL;
    QListEntry *entry;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(response, "return"), entry) {
        QDict *machine = qobject_to(QDict, qlist_entry_obj(entry));

        if (!strcmp(qdict_get_str(machine, "name"), CANONICAL)) {
            found = machine;
            qobject_ref(found);
        }
    }
    qobject_unref(response);
    g_assert_nonnull(found);
    return found;
}

static void test_query_machines(void)
{
    QDict *m = query_machine();

    g_assert_cmpstr(qdict_get_try_str(m, "alias"), ==, "vmspec");
    g_assert_cmpstr(qdict_get_try_str(m, "default-ram-id"), ==,
                    "vmspec.ram");
    g_assert_cmpstr(qdict_get_try_str(m, "default-cpu-type"), ==,
                    "neoverse-n1-arm-cpu");
    g_assert_cmpint(qdict_get_int(m, "cpu-max"), ==,
                    contract_value(vmspec_contract(), "gicv3-max-cpus"));
    g_assert_true(qdict_get_bool(m, "acpi"));
    g_assert_false(qdict_get_bool(m, "hotpluggable-cpus"));
    g_assert_false(qdict_get_bool(m, "deprecated"));
    qobject_unref(m);
}

static void test_libvirt(void)
{
    g_autoptr(QTestState) qts = NULL;
    QDict *status;

    qts = qtest_initf(LIBVIRT_MACHINE LIBVIRT_OPTIONS "-bios %s",
                      vmspec_stub());
    status = qtest_qmp_assert_success_ref(qts, "{'execute': 'query-status'}");
    g_assert_cmpstr(qdict_get_str(status, "status"), ==, "running");
    qobject_unref(status);
}

/* libvirt's <loader> and <nvram>: block nodes for both banks */
static void test_libvirt_pflash(void)
{
    g_autofree char *code = scratch_file("code.fd", "code", 4, 300 * KiB);
    g_autofree char *vars = scratch_file("vars.fd", "", 0, 512 * KiB);
    g_autoptr(QTestState) qts = NULL;

    qts = qtest_initf(LIBVIRT_MACHINE LIBVIRT_OPTIONS
                      "-machine pflash0=format0,pflash1=format1 "
                      "-blockdev file,node-name=storage0,read-only=on,"
                      "auto-read-only=on,discard=unmap,filename=%s "
                      "-blockdev raw,node-name=format0,read-only=on,"
                      "file=storage0 "
                      "-blockdev file,node-name=storage1,read-only=off,"
                      "filename=%s "
                      "-blockdev raw,node-name=format1,read-only=off,"
                      "file=storage1", code, vars);
    check_value(qts, "pflash1", "format1");
}

/*
 * Are there ACPI tables? Then the device of their events must be there, too.
 */
static bool hands_acpi_over(const char *options)
{
    g_autoptr(QTestState) qts = vmspec_start("", "-m 64M %s", options);
    g_autofree char *roms = qtest_hmp(qts, "info roms");
    g_autoptr(GPtrArray) ranges = mtree_system(qts);
    bool tables = strstr(roms, "etc/acpi/tables");

    g_test_message("%s: %s", options, roms);
    g_assert_cmpint(mtree_find(ranges, "acpi-ged") != NULL, ==, tables);
    return tables;
}

/*
 * platform.md, section 6: both descriptions by default; AArch32 has FDT alone.
 */
static void test_acpi_auto(void)
{
    g_assert_true(hands_acpi_over(""));
    g_assert_true(hands_acpi_over("-M acpi=auto"));
    g_assert_true(hands_acpi_over("-M acpi=on"));
    g_assert_false(hands_acpi_over("-M acpi=off"));
    g_assert_false(hands_acpi_over("-cpu cortex-a15"));
    g_assert_false(hands_acpi_over("-cpu cortex-a15 -M acpi=auto"));
}

static unsigned count_nics(QTestState *qts)
{
    QDict *response = qtest_qmp(qts, "{'execute': 'query-pci'}");
    QListEntry *bus, *dev;
    unsigned n = 0;

    QLIST_FOREACH_ENTRY(qdict_get_qlist(response, "return"), bus) {
        QDict *b = qobject_to(QDict, qlist_entry_obj(bus));

        QLIST_FOREACH_ENTRY(qdict_get_qlist(b, "devices"), dev) {
            QDict *d = qobject_to(QDict, qlist_entry_obj(dev));
            QDict *class = qdict_get_qdict(d, "class_info");

            n += qdict_get_int(class, "class") == PCI_CLASS_ETHERNET;
        }
    }
    qobject_unref(response);
    return n;
}

static void test_default_nic(void)
{
    g_autoptr(QTestState) qts = qtest_initf("-M vmspec -m 64M -bios %s",
                                            vmspec_stub());

    g_assert_cmpuint(count_nics(qts), ==, 1);
}

static void test_nodefaults_nic(void)
{
    g_autoptr(QTestState) qts = vmspec_start_config("ram-64M");

    g_assert_cmpuint(count_nics(qts), ==, 0);
}

/*
 * The slots from 1 on are free for the user: libvirt puts root ports at
 * addr=0x1.
 */
static void test_nodefaults_slots(void)
{
    g_autoptr(GString) ports = g_string_new("-m 64M");
    g_autoptr(QTestState) qts = NULL;

    for (unsigned slot = 1; slot < 32; slot++) {
        g_string_append_printf(ports, " -device pcie-root-port,id=port%u,"
                               "bus=pcie.0,chassis=%u,addr=0x%x", slot, slot,
                               slot);
    }
    /* QEMU would end at once if a slot were taken. */
    qts = vmspec_start("", "%s", ports->str);
    qtest_qmp_assert_success(qts, "{'execute': 'query-status'}");
}

/* dtb-kaslr-seed is dtb-randomness under virt's old name. */
static void test_kaslr_seed(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",dtb-kaslr-seed=off", "-m 64M");

    check_value(qts, "dtb-randomness", "off");
}

/* Every property of virt is known here, so that no script stops at a name. */
static void test_virt_properties(void)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M virt,help");
    g_auto(GStrv) lines = g_strsplit(run->out, "\n", -1);
    unsigned known = 0;

    for (int i = 0; lines[i]; i++) {
        g_autofree char *name = NULL;
        g_autofree char *line = NULL;

        if (!g_str_has_prefix(lines[i], "  ")) {
            continue;
        }
        name = g_strndup(lines[i] + 2, strcspn(lines[i] + 2, "="));
        line = help_line(name);
        g_test_message("%s: %s", name, line ?: "unknown");
        g_assert_nonnull(line);
        known++;
    }
    g_assert_cmpuint(known, >, 0);
}

/* Makes the machine and ends, as dumpdtb does. The result is what it said. */
static char *said_at_start(const char *options)
{
    g_autofree char *dtb = scratch_path("said.dtb");
    g_autoptr(VmspecRun) run = vmspec_run(
        "-M vmspec,dumpdtb=%s -nodefaults -m 64M -bios %s %s", dtb,
        vmspec_stub(), options);
    g_auto(GStrv) lines = g_strsplit(run->err, "\n", -1);
    g_autoptr(GString) said = g_string_new("");

    g_test_message("%s: %s", options, run->err);
    g_assert_cmpint(run->status, ==, 0);
    unlink(dtb);
    for (int i = 0; lines[i]; i++) {
        if (*lines[i] && !strstr(lines[i], "dtb dumped to")) {
            g_string_append_printf(said, "%s\n", lines[i]);
        }
    }
    return g_string_free(g_steal_pointer(&said), FALSE);
}

/* One line says how the order is given. */
static void test_boot_order_warning(const void *opaque)
{
    g_autofree char *said = said_at_start(opaque);

    g_assert_nonnull(strstr(said, "warning: "));
    g_assert_nonnull(strstr(said, "bootindex="));
    g_assert_cmpint(strcspn(said, "\n") + 1, ==, strlen(said));
}

static void test_quiet(const void *opaque)
{
    g_autofree char *said = said_at_start(opaque);

    g_assert_cmpstr(said, ==, "");
}

static void test_audio_model(void)
{
    g_autoptr(QTestState) qts = vmspec_start(",hotplug-ports=4",
        "-m 64M -audio none,model=hda");
    g_autofree char *tree = qtest_hmp(qts, "info qtree");

    g_test_message("%s", tree);
    g_assert_nonnull(strstr(tree, "dev: intel-hda"));
    g_assert_nonnull(strstr(tree, "dev: hda-duplex"));
}

static void add_property(const char *rule, const Property *p, const char *name,
                         void (*test)(const void *))
{
    g_autofree char *path = g_strdup_printf("/vmspec/props/%s/%s", rule,
                                            name);

    g_test_add_data_func(path, p, test);
}

static void add_tests(void)
{
    for (int i = 0; i < ARRAY_SIZE(properties); i++) {
        add_property("help", &properties[i], properties[i].name,
                     test_help_says_default);
        if (properties[i].initial) {
            add_property("default", &properties[i], properties[i].name,
                         test_property_default);
        }
        add_property("set", &properties[i], properties[i].options,
                     test_property_set);
    }
    for (int i = 0; i < ARRAY_SIZE(gic_versions); i++) {
        add_property("set", &gic_versions[i], gic_versions[i].options,
                     test_property_set);
    }
    g_test_add_func("/vmspec/props/pflash-odd-length",
                    test_pflash_odd_length);
    g_test_add_func("/vmspec/props/kaslr-seed", test_kaslr_seed);
    g_test_add_func("/vmspec/props/virt-properties", test_virt_properties);
    g_test_add_data_func("/vmspec/props/boot-order/letter", "-boot d",
                         test_boot_order_warning);
    g_test_add_data_func("/vmspec/props/boot-order/order", "-boot order=cn",
                         test_boot_order_warning);
    g_test_add_data_func("/vmspec/props/boot-order/once", "-boot once=d",
                         test_boot_order_warning);
    g_test_add_data_func("/vmspec/props/boot-order/both",
                         "-boot order=c,once=d", test_boot_order_warning);
    g_test_add_data_func("/vmspec/props/boot-quiet/menu", "-boot menu=on",
                         test_quiet);
    g_test_add_data_func("/vmspec/props/boot-quiet/strict",
                         "-boot strict=on,splash-time=1", test_quiet);
    g_test_add_data_func("/vmspec/props/ramfb-quiet", "-device ramfb",
                         test_quiet);
    g_test_add_func("/vmspec/props/audio-model", test_audio_model);
    g_test_add_func("/vmspec/props/help-says-type", test_help_says_type);
    g_test_add_func("/vmspec/props/machine-help", test_machine_help);
    g_test_add_func("/vmspec/props/query-machines", test_query_machines);
    g_test_add_func("/vmspec/props/acpi-auto", test_acpi_auto);
    g_test_add_func("/vmspec/props/libvirt", test_libvirt);
    g_test_add_func("/vmspec/props/libvirt-pflash", test_libvirt_pflash);
    g_test_add_func("/vmspec/props/default-nic", test_default_nic);
    g_test_add_func("/vmspec/props/nodefaults-nic", test_nodefaults_nic);
    g_test_add_func("/vmspec/props/nodefaults-slots", test_nodefaults_slots);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
