/*
 * vmspec qtest: opening the variable store file (platform.md, section 7)
 *
 * What can happen to the file while QEMU starts. Each error names the file,
 * what is wrong with it, and the way out.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include <sys/wait.h>
#include "qemu/bswap.h"
#include "vmspec/machine.h"
#include "vmspec/store-run.h"
#include "vmspec/store.h"

/*
 * Run @command under strace, which stops it after the first @call for @path.
 * Returns when it has stopped.
 */
static GPid start_stopped(const char *call, const char *path,
                          const char *command)
{
    g_autofree char *fifo = scratch_path("stopped");
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *traced = g_strdup_printf(
        "exec strace -D -q -o %s -P %s -P %s -e trace=%s "
        "-e inject=%s:signal=STOP:when=1 %s", fifo, path, base, call, call,
        command);
    char *argv[] = { (char *)"sh", (char *)"-c", traced, NULL };
    char line[256];
    FILE *trace;
    GPid pid;

    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_SEARCH_PATH |
                                G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
    trace = fopen(fifo, "r");
    g_assert_nonnull(trace);
    do {
        g_assert_nonnull(fgets(line, sizeof(line), trace));
    } while (!strstr(line, "stopped by SIGSTOP"));
    /* keep it open for what strace writes later */
    g_unlink(fifo);
    g_assert_cmpint(dup(fileno(trace)), >=, 0);
    fclose(trace);
    return pid;
}

/* rename() replaces the file after QEMU has opened it and before the lock. */
static void test_replaced(const void *call)
{
    g_autofree char *path = store_sample_file("replaced.fd", STORE_BANK);
    g_autofree char *output = scratch_path("output");
    g_autofree char *monitor = scratch_file(
        "monitor", "qom-get /machine nvram-fill\nquit\n", 33, 33);
    g_autofree uint8_t *empty = g_malloc(STORE_BANK);
    g_autofree char *command = g_strdup_printf(
        "%s -M vmspec,nvram=%s -nodefaults -bios %s -display none -S "
        "-monitor stdio < %s > %s", getenv("QTEST_QEMU_BINARY"), path,
        vmspec_stub(), monitor, output);
    g_autofree char *other = NULL;
    g_autofree char *text = NULL;
    int status;
    GPid pid;

    if (!store_can_trace()) {
        return;
    }
    store_init(empty, STORE_BANK);
    other = scratch_file("replacing.fd", empty, STORE_BANK, STORE_BANK);
    pid = start_stopped(call, path, command);
    g_assert_cmpint(g_rename(other, path), ==, 0);
    g_assert_cmpint(kill(pid, SIGCONT), ==, 0);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(g_file_get_contents(output, &text, NULL, NULL));
    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, "0 variables"));
    g_assert_cmpint(status, ==, 0);
}

/*
 * With few file descriptors QEMU starts or prints an error. Numbers with which
 * even a volatile store does not start are left out.
 */
static void test_few_descriptors(const void *format)
{
    g_autofree char *path = store_image("few", format);
    g_autofree char *machine = g_strdup_printf(",nvram=%s,nvram-format=%s",
                                               path, (const char *)format);
    unsigned refused = 0;

    if (!g_find_program_in_path("prlimit")) {
        g_test_skip("needs prlimit");
        return;
    }
    for (int i = 6; i < 24; i++) {
        g_autofree char *limit = g_strdup_printf("prlimit --nofile=%d", i);
        g_autoptr(VmspecRun) none = store_run(limit, ",nvram=none", "");
        g_autoptr(VmspecRun) run = NULL;

        if (none->status != 0) {
            continue;
        }
        run = store_run(limit, machine, "");
        if (run->status == 0) {
            g_assert_nonnull(strstr(run->out, "4 variables"));
        } else {
            g_assert_cmpint(run->status, ==, 1);
            g_assert_nonnull(strstr(run->err, path));
            refused++;
        }
    }
    g_test_message("%u refused", refused);
    g_assert_cmpuint(refused, >=, 1);
}

typedef struct ImageDamage {
    const char *name;
    enum { CUT, HEADER, L1, L2 } where;
    uint64_t offset;            /* CUT: the bytes that are left */
    unsigned size;
    uint64_t value;             /* big-endian, like all of a qcow2 image */
    bool other;                 /* as well a file that is no store at all */
} ImageDamage;

/* By QEMU's docs/interop/qcow2.rst */
static const ImageDamage image_damages[] = {
    { "cut-magic", CUT, 3, .other = true },
    { "cut-header", CUT, 60 },
    { "cut-tables", CUT, 0x20000 },
    { "cut-data", CUT, 0x60000 },
    { "version", HEADER, 4, 4, 9 },
    { "backing-file", HEADER, 8, 8, 0x200 },
    { "cluster-bits", HEADER, 20, 4, 1 },
    { "size-huge", HEADER, 24, 8, 1ull << 62, .other = true },
    { "size-short", HEADER, 24, 8, 4096 },
    { "encrypted", HEADER, 32, 4, 7 },
    { "l1-size", HEADER, 36, 4, 0 },
    { "l1-offset", HEADER, 40, 8, 0x12345 },
    { "refcount-offset", HEADER, 48, 8, 0x777 },
    { "unknown-feature", HEADER, 72, 8, 1ull << 40 },
    { "marked-corrupt", HEADER, 72, 8, 2 },
    { "external-data", HEADER, 72, 8, 4 },
    { "header-length", HEADER, 100, 4, 17 },
    { "l1-none", L1, 0, 8, 0 },
    { "l1-unaligned", L1, 0, 8, 0x8000000000000200 },
    { "l2-none", L2, 0, 8, 0 },
    { "l2-unaligned", L2, 0, 8, 0x8000000000050200 },
    { "l2-far", L2, 8, 8, 0x8000010000000000 },
};

static size_t damage_image(uint8_t *data, size_t size, const ImageDamage *d)
{
    uint64_t l1 = ldq_be_p(data + 40);
    uint64_t l2 = ldq_be_p(data + l1) & 0x00fffffffffffe00;
    uint8_t *p = data + d->offset;

    if (d->where == CUT) {
        return d->offset;
    } else if (d->where == L1) {
        p += l1;
    } else if (d->where == L2) {
        p += l2;
    }
    if (d->size == 8) {
        stq_be_p(p, d->value);
    } else {
        stl_be_p(p, d->value);
    }
    return size;
}

/*
 * QEMU refuses the image and does not change it; nvram-reset=on helps. But it
 * does not take away what may be a disk (@other).
 */
static void check_image(const char *path, const char *data, size_t size,
                        bool other)
{
    g_autofree char *machine = store_option(path);
    g_autofree char *reset = g_strconcat(machine, ",nvram-reset=on", NULL);
    g_autofree char *kept = g_strconcat(path, ".bak", NULL);
    g_autofree char *after = NULL;
    g_autofree char *old = NULL;
    g_autoptr(VmspecRun) afresh = NULL;
    size_t now;

    store_check_refused("", machine, path, other ? "" : "nvram-reset=on");
    if (other) {
        store_check_refused("", reset, path, "not a variable store");
    }
    g_assert_true(g_file_get_contents(path, &after, &now, NULL));
    g_assert_cmpmem(after, now, data, size);
    if (other) {
        return;
    }
    afresh = store_run("", reset, "");
    g_assert_cmpint(afresh->status, ==, 0);
    g_assert_nonnull(strstr(afresh->out, "0 variables"));
    g_assert_true(g_file_get_contents(kept, &old, &now, NULL));
    g_assert_cmpmem(old, now, data, size);
    g_unlink(kept);
}

static void test_damaged_image(void)
{
    g_autofree char *sound = store_image("sound.qcow2", "qcow2");
    g_autofree char *path = scratch_path("damaged.qcow2");

    for (int i = 0; i < G_N_ELEMENTS(image_damages); i++) {
        g_autofree char *data = NULL;
        size_t size;

        g_test_message("%s", image_damages[i].name);
        g_assert_true(g_file_get_contents(sound, &data, &size, NULL));
        size = damage_image((uint8_t *)data, size, &image_damages[i]);
        g_assert_true(g_file_set_contents(path, data, size, NULL));
        check_image(path, data, size, image_damages[i].other);
    }
}

/*
 * A name is that of a file, even if it looks like a protocol of the block
 * layer.
 */
static void test_names_are_files(void)
{
    static const char *const names[] = {
        "vm:1.qcow2", "vm:1.fd", "file:foo", "json:x", "nbd:y",
    };
    g_autofree char *dir = scratch_path("names");
    g_autofree char *runner = g_strdup_printf("env -C %s", dir);
    g_autofree char *binary = g_strdup(getenv("QTEST_QEMU_BINARY"));
    g_autofree char *absolute = g_canonicalize_filename(binary, NULL);

    g_setenv("QTEST_QEMU_BINARY", absolute, TRUE);
    for (int i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        g_autofree char *machine = store_option(names[i]);

        g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
        for (int n = 0; n < 2; n++) {
            g_autoptr(VmspecRun) run = store_run(runner, machine, "");

            g_assert_cmpint(run->status, ==, 0);
            g_assert_nonnull(strstr(run->out, "0 variables"));
        }
        g_assert_cmpint(g_unlink(path), ==, 0);
        /* there is no other file */
        g_assert_cmpint(g_rmdir(dir), ==, 0);
    }
    g_setenv("QTEST_QEMU_BINARY", binary, TRUE);
}

/*
 * A process that only reads the file is not blamed: neither for a damaged file
 * nor for the lock.
 */
static void test_reader(void)
{
    g_autofree char *path = store_image("read.qcow2", "qcow2");
    g_autofree char *machine = store_option(path);
    g_autofree char *user = NULL;
    uint8_t version[4] = { 0, 0, 0, 9 };
    QTestState *qts = qtest_initf("-M vmspec,nvram=%s -nodefaults -bios %s",
                                  path, vmspec_stub());
    int fd = open(path, O_RDWR);
    g_autoptr(VmspecRun) run = NULL;

    g_assert_cmpint(fd, >=, 0);
    user = g_strdup_printf("in use by process %d", qtest_pid(qts));
    store_check_refused("", machine, path, user);
    qtest_quit(qts);
    g_assert_cmpint(pwrite(fd, version, 4, 4), ==, 4);
    run = store_run("", machine, "");
    g_assert_cmpint(run->status, ==, 1);
    g_assert_nonnull(strstr(run->err, "version"));
    g_assert_null(strstr(run->err, "in use"));
    close(fd);
}

/* A volatile store is empty before the guest has run, not damaged. */
static void test_volatile(void)
{
    g_autoptr(VmspecRun) run = store_run("", ",nvram=none", "");

    g_assert_cmpint(run->status, ==, 0);
    g_assert_nonnull(strstr(run->out, "0 variables of 0 bytes"));
}

/* Volumes: ours (VmspecPkg.fdf), and AAVMF's (ArmVirtQemuFvMain.fdf.inc) */
static const uint8_t our_volume[16] = {
    0x0a, 0x1e, 0x5c, 0x2d, 0x7f, 0x6b, 0x0e, 0x4f,
    0x9a, 0x3d, 0x5e, 0x8c, 0x1b, 0x2f, 0x7a, 0x44,
};
static const uint8_t aavmf_volume[16] = {
    0xfe, 0x4a, 0x07, 0x64, 0x0a, 0x34, 0xe6, 0x4b,
    0x94, 0xba, 0x91, 0xb5, 0xb4, 0xd0, 0xf7, 0x1e,
};

/* A store with a boot option of the firmware that has the volume @guid */
static char *used_by(const char *name, const uint8_t *guid)
{
    g_autofree uint8_t *data = g_malloc(STORE_BANK);
    uint8_t *path = data + STORE_FIRST + STORE_VAR_HEADER + 18 + 20;

    store_init(data, STORE_BANK);
    store_put(data, STORE_FIRST, "Boot0000", STORE_ADDED, 60);
    memcpy(path, "\4\7\x14", 4);
    memcpy(path + 4, guid, 16);
    return scratch_file(name, data, STORE_BANK, STORE_BANK);
}

/* A UEFI image that contains @guid */
static char *firmware_of(const char *name, const uint8_t *guid)
{
    uint8_t data[4096] = { 0x00, 0x04, 0x00, 0x14 };
    uint16_t sum = 0;

    memcpy(data + 40, "_FVH", 4);
    stw_le_p(data + 48, 72);
    for (int i = 0; i < 72; i += 2) {
        sum += lduw_le_p(data + i);
    }
    stw_le_p(data + 50, -sum);
    memcpy(data + 0x60, guid, 16);
    return scratch_file(name, data, sizeof(data), 256 * 1024);
}

/* A store that only firmware of another maker has used is named. */
static void test_other_firmware(void)
{
    char *stores[] = {
        used_by("ours.fd", our_volume), used_by("aavmf.fd", aavmf_volume),
    };
    char *images[] = {
        firmware_of("ours.img", our_volume),
        firmware_of("aavmf.img", aavmf_volume),
    };

    for (int i = 0; i < 4; i++) {
        const char *store = stores[i / 2];
        g_autofree char *command = g_strdup_printf(
            "sh -c 'echo quit | %s -M vmspec,nvram=%s -nodefaults -bios %s "
            "-display none -S -monitor stdio'", getenv("QTEST_QEMU_BINARY"),
            store, images[i % 2]);
        g_autoptr(VmspecRun) run = vmspec_run_program(command);

        g_test_message("%s", run->err);
        g_assert_cmpint(run->status, ==, 0);
        if (i / 2 == i % 2) {
            g_assert_cmpstr(run->err, ==, "");
        } else {
            g_assert_nonnull(strstr(run->err, store));
            g_assert_nonnull(strstr(run->err, i / 2 ? "other firmware, such "
                                    "as AAVMF" : "the bundled firmware"));
        }
    }
    for (int i = 0; i < 2; i++) {
        g_free(stores[i]);
        g_free(images[i]);
    }
}

static void add_tests(void)
{
    qtest_add_data_func("/vmspec/nvram-open/replaced/opened", "openat",
                        test_replaced);
    qtest_add_data_func("/vmspec/nvram-open/replaced/not-locked", "fcntl",
                        test_replaced);
    qtest_add_data_func("/vmspec/nvram-open/few-descriptors/raw", "raw",
                        test_few_descriptors);
    qtest_add_data_func("/vmspec/nvram-open/few-descriptors/qcow2", "qcow2",
                        test_few_descriptors);
    qtest_add_func("/vmspec/nvram-open/damaged-image", test_damaged_image);
    qtest_add_func("/vmspec/nvram-open/names", test_names_are_files);
    qtest_add_func("/vmspec/nvram-open/reader", test_reader);
    qtest_add_func("/vmspec/nvram-open/volatile", test_volatile);
    qtest_add_func("/vmspec/nvram-open/other-firmware", test_other_firmware);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
