/*
 * vmspec qtest: the VM generation ID (platform.md, section 6.6)
 *
 * A loaded state has a new ID, or the one that is given; the guest is told
 * when it runs again, by the row's interrupt and by the GED. How FDT and ACPI
 * name the ID is for vmspec-agree-test.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/uuid.h"
#include "qobject/qdict.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/qom.h"
#include "vmspec/store-run.h"

#define GUID "324e6eaf-d1d1-4bf6-bf41-b9bb6c91fb87"
#define OTHER "12345678-9abc-4ef0-8123-456789abcdef"
#define DEVICE "-device vmgenid,id=gen"
#define OURS "/machine/peripheral/gen"

/* The event register, at the start of the GED's registers (ACPI 6.5, 5.6.9) */
#define GED_VMGENID 0x80000000
#define GICD_ISPENDR 0x200
#define GICD_ICPENDR 0x280
#define GICD_ICFGR 0xc00

/* The ID that the guest reads: the first three fields are little-endian. */
static char *read_id(QTestState *qts)
{
    QemuUUID id;

    qtest_memread(qts, vmspec_base("vmgenid"), id.data, sizeof(id.data));
    id = qemu_uuid_bswap(id);
    return qemu_uuid_unparse_strdup(&id);
}

static void check_id(QTestState *qts, const char *want)
{
    g_autofree char *id = read_id(qts);
    g_autofree char *property = qom_text(qts, OURS, "guid");
    QDict *reply = qtest_qmp(qts, "{'execute': 'query-vm-generation-id'}");

    g_assert_cmpstr(id, ==, want);
    g_assert_cmpstr(property, ==, want);
    g_assert_cmpstr(qdict_get_str(qdict_get_qdict(reply, "return"), "guid"),
                    ==, want);
    qobject_unref(reply);
}

/* A machine whose GIC has the interrupt as an edge, as an FDT guest asks */
static QTestState *start_with_id(const char *machine, const char *options)
{
    QTestState *qts = vmspec_start(machine, "%s", options);
    unsigned intid = 32 + vmspec_spi("vmgenid");

    qtest_writel(qts, vmspec_base("gic-dist") + GICD_ICFGR + intid / 16 * 4,
                 2u << intid % 16 * 2);
    return qts;
}

/* Is the row's interrupt pending, and is the GED's event set? Clears both. */
static void check_told(QTestState *qts, bool told)
{
    unsigned intid = 32 + vmspec_spi("vmgenid");
    uint64_t gic = vmspec_base("gic-dist") + intid / 32 * 4;
    uint32_t bit = 1u << intid % 32;

    g_assert_cmphex(qtest_readl(qts, gic + GICD_ISPENDR) & bit, ==,
                    told ? bit : 0);
    g_assert_cmphex(qtest_readl(qts, vmspec_base("acpi-ged")), ==,
                    told ? GED_VMGENID : 0);
    qtest_writel(qts, gic + GICD_ICPENDR, bit);
}

static void test_given_id(void)
{
    g_autoptr(QTestState) qts = start_with_id("", DEVICE ",guid=" GUID);

    check_id(qts, GUID);
    check_told(qts, false);
    /* The guest cannot write it. */
    qtest_writel(qts, vmspec_base("vmgenid"), 0);
    check_id(qts, GUID);
    qtest_system_reset(qts);
    check_id(qts, GUID);
    check_told(qts, false);
}

static void test_auto_id(void)
{
    g_autoptr(QTestState) one = start_with_id("", DEVICE ",guid=auto");
    g_autoptr(QTestState) two = start_with_id("", DEVICE);
    g_autofree char *id = read_id(one), *other = read_id(two);

    check_id(one, id);
    g_assert_cmpstr(id, !=, other);
}

/* Load a snapshot of @qts; its guest runs again. */
static void load_snapshot(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{'execute': 'stop'}");
    g_assert_cmpstr(qtest_hmp(qts, "loadvm s"), ==, "");
    check_told(qts, false);
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
}

static QTestState *start_with_snapshot(const char *device)
{
    g_autofree char *store = store_image("vmgenid", "qcow2");
    g_autofree char *option = store_option(store);
    QTestState *qts = start_with_id(option, device);

    qtest_qmp_assert_success(qts, "{'execute': 'stop'}");
    g_assert_cmpstr(qtest_hmp(qts, "savevm s"), ==, "");
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    return qts;
}

static void test_loadvm_auto(void)
{
    g_autoptr(QTestState) qts = start_with_snapshot(DEVICE);
    g_autofree char *first = read_id(qts), *second = NULL, *third = NULL;

    load_snapshot(qts);
    second = read_id(qts);
    g_assert_cmpstr(first, !=, second);
    check_id(qts, second);
    check_told(qts, true);
    load_snapshot(qts);
    third = read_id(qts);
    g_assert_cmpstr(second, !=, third);
    g_assert_cmpstr(first, !=, third);
    check_told(qts, true);
}

static void test_loadvm_given(void)
{
    g_autoptr(QTestState) qts = start_with_snapshot(DEVICE ",guid=" GUID);

    load_snapshot(qts);
    check_id(qts, GUID);
    check_told(qts, false);
}

/* A source's and a target's guid=, and what the target has then */
static const struct {
    const char *name, *source, *target;
    const char *id;             /* NULL: neither of the others */
    bool told;
} moves[] = {
    { "auto", "auto", "auto", NULL, true },
    { "same", GUID, GUID, GUID, false },
    { "other", GUID, OTHER, OTHER, true },
    { "given-to-auto", GUID, "auto", NULL, true },
};

static void test_id_moves(const void *opaque)
{
    int i = GPOINTER_TO_INT(opaque);
    g_autofree char *options = g_strconcat(DEVICE ",guid=", moves[i].source,
                                           NULL);
    QTestState *source = start_with_id("", options);
    g_autoptr(QTestState) target = NULL;
    g_autofree char *before = read_id(source), *at_start = NULL, *after = NULL;

    migrate_out(source);
    target = vmspec_start("", DEVICE ",guid=%s -S " MIGRATE_TARGET,
                          moves[i].target);
    at_start = read_id(target);
    migrate_in(target);
    after = read_id(target);
    check_id(target, moves[i].id ?: after);
    if (!moves[i].id) {
        g_assert_cmpstr(after, !=, before);
        g_assert_cmpstr(after, !=, at_start);
    }
    check_told(target, false);
    qtest_qmp_assert_success(target, "{'execute': 'cont'}");
    check_told(target, moves[i].told);
}

/* A program that saves guests without QEMU's help sets the property. */
static void test_set_while_it_runs(void)
{
    g_autoptr(QTestState) qts = start_with_id("", DEVICE ",guid=" GUID);

    qtest_qmp_assert_success(qts, "{'execute': 'qom-set', 'arguments': {"
                             "'path': '" OURS "', 'property': 'guid',"
                             " 'value': '" OTHER "'}}");
    check_id(qts, OTHER);
    check_told(qts, true);
}

static void test_id_refused(void)
{
    vmspec_assert_refused(DEVICE " -device vmgenid",
                          "has a VM generation ID already");
    vmspec_assert_refused(DEVICE ",guid=mine", "guid=mine is no GUID");
}

static void test_id_on_none(void)
{
    g_autoptr(VmspecRun) run = vmspec_run("-M none -device vmgenid");

    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, "this machine has no place for it"));
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/vmgenid/given", test_given_id);
    qtest_add_func("/vmspec/vmgenid/auto", test_auto_id);
    qtest_add_func("/vmspec/vmgenid/loadvm-auto", test_loadvm_auto);
    qtest_add_func("/vmspec/vmgenid/loadvm-given", test_loadvm_given);
    for (int i = 0; i < ARRAY_SIZE(moves); i++) {
        g_autofree char *path = g_strdup_printf("/vmspec/vmgenid/migration-%s",
                                                moves[i].name);

        qtest_add_data_func(path, GINT_TO_POINTER(i), test_id_moves);
    }
    qtest_add_func("/vmspec/vmgenid/set-while-it-runs",
                   test_set_while_it_runs);
    qtest_add_func("/vmspec/vmgenid/refused", test_id_refused);
    qtest_add_func("/vmspec/vmgenid/other-machine", test_id_on_none);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
