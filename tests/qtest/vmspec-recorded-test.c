/*
 * vmspec qtest: what an earlier build saved, this one loads
 *
 * tests/data/streams/BUILD/NAME.gz is the state of a machine that the build
 * BUILD saved. Every later build that has this version of the platform takes
 * it (platform.md, section 9), and the guest finds what it wrote. A recorded
 * stream is never made anew: SHA256SUMS beside the streams says so. A build
 * that saves more adds a folder of its own: see record().
 * VMSPEC_STREAMS names another folder than tests/data/streams.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/migrate.h"
#include "vmspec/pci.h"
#include "vmspec/registers.h"
#include "vmspec/store-run.h"

#define PAGE 4096
/* In RAM, behind the FDT and whatever a direct boot loads */
#define PATTERN 0x2000000
#define PATTERN_SIZE (16 * PAGE)
#define DIMM "-m size=64M,slots=2,maxmem=1G " \
    "-object memory-backend-ram,id=d0,size=128M " \
    "-device pc-dimm,memdev=d0,id=dimm0 "
#define PORTS "-M hotplug-ports=2 "
#define BEHIND_PORT PORTS "-device virtio-net-pci,bus=hotplug0 "
#define BUS 7
/* In bank 1, behind the store's blocks */
#define FLASH_OFFSET 0xf0000
#define FLASH_WORD UINT32_C(0x12345678)

typedef struct Recording {
    const char *name;
    const char *config;         /* of configs.c */
    const char *options;        /* besides */
    const char *store;          /* format of a variable store, or NULL */
    bool tpm;                   /* a TPM of swtpm */
    bool cpu;                   /* TCG's CPU, which runs the program below */
    /* What the guest does besides registers_write(), and finds again */
    void (*fill)(QTestState *qts);
    void (*check)(QTestState *qts);
} Recording;

static void fill_plugged(QTestState *qts)
{
    pci_open_port(qts, pci_port(0), BUS, vmspec_base("pcie-mmio32"));
    pci_write(qts, PCI_FN(BUS, 0, 0), PCI_COMMAND, 2, PCI_COMMAND_MASTER);
}

static void check_plugged(QTestState *qts)
{
    g_assert_cmphex(pci_read(qts, pci_port(0), PCI_SECONDARY_BUS, 1), ==, BUS);
    g_assert_cmphex(pci_read(qts, PCI_FN(BUS, 0, 0), PCI_VENDOR_ID, 2), ==,
                    0x1af4);
    g_assert_cmphex(pci_read(qts, PCI_FN(BUS, 0, 0), PCI_COMMAND, 2), ==,
                    PCI_COMMAND_MASTER);
}

static void fill_dimm(QTestState *qts)
{
    qtest_writeq(qts, vmspec_base("device-memory"), 0x0123456789abcdef);
}

static void check_dimm(QTestState *qts)
{
    g_assert_cmphex(qtest_readq(qts, vmspec_base("device-memory")), ==,
                    0x0123456789abcdef);
}

static void fill_flash(QTestState *qts)
{
    g_assert_cmphex(cfi_program(qts, FLASH_OFFSET, FLASH_WORD), ==, CFI_READY);
}

static void check_flash(QTestState *qts)
{
    uint64_t address = vmspec_base("flash1") + FLASH_OFFSET;

    g_assert_cmphex(qtest_readl(qts, address), ==, FLASH_WORD);
    /* QEMU owns the file once the guest goes on. */
    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    g_assert_cmphex(cfi_program(qts, FLASH_OFFSET + 4, ~FLASH_WORD), ==,
                    CFI_READY);
    g_assert_cmphex(qtest_readl(qts, address + 4), ==, ~FLASH_WORD);
}

/* Two words of a write through the buffer, of which one has come */
static void fill_program(QTestState *qts)
{
    uint64_t address = vmspec_base("flash1") + FLASH_OFFSET;

    qtest_writel(qts, address, CFI_PAIR(0xe8));
    qtest_writel(qts, address, CFI_PAIR(1));
    qtest_writel(qts, address, FLASH_WORD);
}

static void check_program(QTestState *qts)
{
    uint64_t address = vmspec_base("flash1") + FLASH_OFFSET;

    qtest_writel(qts, address + 4, ~FLASH_WORD);
    qtest_writel(qts, address, CFI_PAIR(0xd0));
    g_assert_cmphex(qtest_readl(qts, address), ==, CFI_READY);
    qtest_writel(qts, address, CFI_READ_ARRAY);
    g_assert_cmphex(qtest_readl(qts, address), ==, FLASH_WORD);
    g_assert_cmphex(qtest_readl(qts, address + 4), ==, ~FLASH_WORD);
}

/* The guest holds locality 0: TCG PC Client Platform TPM Profile, 6.5.2.4 */
#define TPM_ACCESS_REQUEST 0x02
#define TPM_ACCESS_ACTIVE 0x20

static void fill_tpm(QTestState *qts)
{
    qtest_writeb(qts, vmspec_base("platform-bus"), TPM_ACCESS_REQUEST);
    g_assert_cmphex(qtest_readb(qts, vmspec_base("platform-bus")) &
                    TPM_ACCESS_ACTIVE, !=, 0);
}

static void check_tpm(QTestState *qts)
{
    g_assert_cmphex(qtest_readb(qts, vmspec_base("platform-bus")) &
                    TPM_ACCESS_ACTIVE, !=, 0);
}

/* A program that counts, and its counter behind it */
#define PROGRAM 0x3000000
#define COUNTER (PROGRAM + 0x100)

static const uint32_t program[] = {
    0x10000801,                 /*     adr x1, counter */
    0xf9400020,                 /* 1:  ldr x0, [x1] */
    0x91000400,                 /*     add x0, x0, #1 */
    0xf9000020,                 /*     str x0, [x1] */
    0x17fffffd,                 /*     b 1b */
};

/* Let the guest run until it has counted on. */
static void count_on(QTestState *qts)
{
    uint64_t counter = vmspec_base("ram-low") + COUNTER;
    uint64_t before = qtest_readq(qts, counter);

    qtest_qmp_assert_success(qts, "{'execute': 'cont'}");
    while (qtest_readq(qts, counter) == before) {
        /* each read is a message to QEMU and back */
    }
    qtest_qmp_assert_success(qts, "{'execute': 'stop'}");
}

static void check_count(QTestState *qts)
{
    g_assert_cmpuint(qtest_readq(qts, vmspec_base("ram-low") + COUNTER), >, 0);
    count_on(qts);
}

static const Recording recordings[] = {
    { "gicv3", "default" },
    { "gicv2", "gicv2-1-cpu" },
    { "gicv4", "gicv4" },
    { "el2", "virtualization" },
    { "smmuv3", "smmuv3-serial" },
    { "aarch32", "cortex-a15" },
    { "cpus-8", "cpus-8" },
    { "no-acpi", "no-acpi" },
    { "ports-empty", "default", PORTS },
    { "ports-device", "default", BEHIND_PORT, .fill = fill_plugged,
      .check = check_plugged },
    { "dimm", "default", DIMM, .fill = fill_dimm, .check = check_dimm },
    { "store-raw", "default", .store = "raw", .fill = fill_flash,
      .check = check_flash },
    { "store-qcow2", "default", .store = "qcow2", .fill = fill_flash,
      .check = check_flash },
    { "flash-mid-program", "default", .fill = fill_program,
      .check = check_program },
    { "tpm", "default", "-device tpm-tis-device,tpmdev=tpm0", .tpm = true,
      .fill = fill_tpm, .check = check_tpm },
    { "cpu-cortex-a57", "default", "-cpu cortex-a57", .cpu = true },
    { "cpu-neoverse-n1", "gicv2", "-cpu neoverse-n1", .cpu = true },
    { "cpu-neoverse-n2-el2", "virtualization", "-cpu neoverse-n2",
      .cpu = true },
};

/* A TPM of its own for each QEMU; it ends with its client. */
static char *start_swtpm(void)
{
    static unsigned count;
    g_autofree char *name = g_strdup_printf("tpm%u", count++);
    g_autofree char *dir = scratch_path(name);
    g_autofree char *socket = g_strdup_printf("%s/socket", dir);
    g_autofree char *state = g_strdup_printf("dir=%s", dir);
    g_autofree char *control = g_strdup_printf("type=unixio,path=%s", socket);
    const char *argv[] = { "swtpm", "socket", "--tpm2", "--terminate",
                           "--daemon", "--tpmstate", state, "--ctrl", control,
                           NULL };
    g_autoptr(GError) error = NULL;
    int status;

    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    /* with --daemon swtpm returns when its socket is there */
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                 NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return g_strdup_printf("-chardev socket,id=tpm-socket,path=%s "
                           "-tpmdev emulator,id=tpm0,chardev=tpm-socket ",
                           socket);
}

/* The program in RAM, and a CPU at its first instruction */
static char *make_program(void)
{
    g_autofree char *path = scratch_file("program", program, sizeof(program),
                                         sizeof(program));

    return g_strdup_printf("-S -accel tcg -device loader,file=%s,force-raw=on,"
                           "addr=0x%" PRIx64 ",cpu-num=0 ", path,
                           vmspec_base("ram-low") + PROGRAM);
}

static QTestState *start_recording(const Recording *r, const char *incoming)
{
    g_autofree char *cpu = r->cpu ? make_program() : g_strdup("");
    g_autofree char *tpm = r->tpm ? start_swtpm() : g_strdup("");
    const char *file = g_strcmp0(r->store, "raw") ? "vars.qcow2" : "vars.fd";
    g_autofree char *store = r->store ? store_image(file, r->store) : NULL;
    g_autofree char *nvram = store ? g_strdup_printf("-M nvram=%s", store) :
                                     g_strdup("");
    g_autofree char *options = g_strdup_printf("%s%s%s %s %s", cpu, tpm, nvram,
                                               r->options ?: "", incoming);

    return registers_start(config_named(r->config), options);
}

/* Each page has bytes of its own, which gzip packs well. */
static uint8_t *make_pattern(void)
{
    uint8_t *pattern = g_malloc(PATTERN_SIZE);

    for (int i = 0; i < PATTERN_SIZE; i++) {
        pattern[i] = i / PAGE + i % 16 + 1;
    }
    return pattern;
}

static void fill(const Recording *r, QTestState *qts)
{
    g_autofree uint8_t *pattern = make_pattern();

    qtest_memwrite(qts, vmspec_base("ram-low") + PATTERN, pattern,
                   PATTERN_SIZE);
    if (r->cpu) {
        /* with TCG the registers are the CPU's: qtest is another master */
        count_on(qts);
        return;
    }
    registers_write(qts, config_named(r->config));
    if (r->fill) {
        r->fill(qts);
    }
}

static void check(const Recording *r, QTestState *qts)
{
    g_autofree uint8_t *want = make_pattern();
    g_autofree uint8_t *have = g_malloc(PATTERN_SIZE);

    qtest_memread(qts, vmspec_base("ram-low") + PATTERN, have, PATTERN_SIZE);
    g_assert_cmpmem(have, PATTERN_SIZE, want, PATTERN_SIZE);
    if (r->cpu) {
        check_count(qts);
        return;
    }
    registers_check_written(qts, config_named(r->config));
    if (r->check) {
        r->check(qts);
    }
}

/* The folder with a folder for each build; g_free() it. */
static char *streams_root(void)
{
    const char *other = g_getenv("VMSPEC_STREAMS");

    return other ? g_strdup(other) : vmspec_data("streams");
}

static char *stream_path(const char *build, const char *name)
{
    g_autofree char *root = streams_root();

    return g_strdup_printf("%s/%s/%s.gz", root, build, name);
}

static void test_loads(const void *opaque)
{
    g_auto(GStrv) where = g_strsplit(opaque, "/", 2);
    g_autofree char *path = stream_path(where[0], where[1]);
    g_autofree char *uri = g_strdup_printf("exec:gzip -dc '%s'", path);
    const Recording *r = recordings;
    g_autoptr(QTestState) qts = NULL;

    while (strcmp(r->name, where[1])) {
        r++;
    }
    qts = start_recording(r, MIGRATE_TARGET);
    migrate_in_from(qts, uri);
    check(r, qts);
    qtest_system_reset(qts);
}

/* A check that a stream without the guest's writes passes shows nothing. */
static void test_check_can_fail(void)
{
    g_autoptr(QTestState) qts = start_recording(recordings, "");
    g_autofree uint8_t *want = make_pattern();
    g_autofree uint8_t *have = g_malloc(PATTERN_SIZE);

    registers_check_reset(qts, config_named(recordings->config));
    qtest_memread(qts, vmspec_base("ram-low") + PATTERN, have, PATTERN_SIZE);
    g_assert_cmpint(memcmp(have, want, PATTERN_SIZE), !=, 0);
}

/* The streams of @build are those of its SHA256SUMS, and no others. */
static void test_never_made_anew(const void *build)
{
    g_autofree char *root = streams_root();
    g_autofree char *dir = g_build_filename(root, (const char *)build, NULL);
    g_autofree char *command = g_strdup_printf(
        "sh -c 'cd %s && sha256sum --strict -c SHA256SUMS && "
        "for f in *.gz; do grep -q \" $f\\$\" SHA256SUMS || exit 1; done'",
        dir);
    g_autoptr(VmspecRun) run = vmspec_run_program(command);

    g_test_message("%s%s", run->out, run->err);
    g_assert_cmpint(run->status, ==, 0);
}

/*
 * VMSPEC_RECORD=BUILD makes the folder of a new build, with every stream of
 * the table above; a folder that is there stays as it is.
 */
static void record(const void *build)
{
    g_autofree char *root = streams_root();
    g_autofree char *dir = g_build_filename(root, (const char *)build, NULL);
    g_autofree char *stream = migrate_stream();
    g_autofree char *sum = g_strdup_printf(
        "sh -c 'cd %s && sha256sum *.gz > SHA256SUMS'", dir);

    g_assert_cmpint(g_mkdir(dir, 0755), ==, 0);
    for (int i = 0; i < ARRAY_SIZE(recordings); i++) {
        const Recording *r = &recordings[i];
        g_autofree char *path = stream_path(build, r->name);
        g_autofree char *pack = g_strdup_printf(
            "sh -c 'gzip -9nc %s > %s'", stream, path);
        QTestState *qts = start_recording(r, "");

        fill(r, qts);
        migrate_out(qts);
        vmspec_run_free(vmspec_run_program(pack));
    }
    vmspec_run_free(vmspec_run_program(sum));
}

static bool is_known(const char *name)
{
    for (int i = 0; i < ARRAY_SIZE(recordings); i++) {
        if (!strcmp(recordings[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The streams of one build; returns how many there are */
static unsigned add_build(const char *root, const char *build)
{
    g_autofree char *path = g_build_filename(root, build, NULL);
    g_autofree char *sums = g_strdup_printf(
        "/vmspec/recorded/never-made-anew/%s", build);
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *file;
    unsigned count = 0;

    g_assert_nonnull(dir);
    qtest_add_data_func_full(sums, g_strdup(build), test_never_made_anew,
                             g_free);
    while ((file = g_dir_read_name(dir))) {
        g_autofree char *name = g_strndup(file, strcspn(file, "."));
        g_autofree char *test = NULL;

        if (!g_str_has_suffix(file, ".gz")) {
            continue;
        }
        /* a stream that nothing checks would never be missed */
        g_assert_true(is_known(name));
        test = g_strdup_printf("/vmspec/recorded/loads/%s/%s", build, name);
        qtest_add_data_func_full(test, g_strdup_printf("%s/%s", build, name),
                                 test_loads, g_free);
        count++;
    }
    g_dir_close(dir);
    return count;
}

static void add_tests(void)
{
    const char *new = g_getenv("VMSPEC_RECORD");
    g_autofree char *root = streams_root();
    const char *build;
    unsigned count = 0;
    GDir *dir;

    if (new) {
        qtest_add_data_func("/vmspec/recorded/record", new, record);
        return;
    }
    dir = g_dir_open(root, 0, NULL);
    g_assert_nonnull(dir);
    while ((build = g_dir_read_name(dir))) {
        count += add_build(root, build);
    }
    g_dir_close(dir);
    g_assert_cmpuint(count, >=, ARRAY_SIZE(recordings));
    qtest_add_func("/vmspec/recorded/check-can-fail", test_check_can_fail);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
