/*
 * vmspec qtest: altered migration streams
 *
 * Bytes of the sections of our devices and of pflash are altered, and QEMU
 * loads the stream: it takes it, or refuses it with an error that names the
 * section. A machine that took the stream is used and reset.
 *
 * One QEMU loads many streams: each is a snapshot in the qcow2 file of its
 * variable store, whose bytes the test alters before "loadvm". The loader is
 * the one of a migration. A state that QEMU took can matter to the next stream,
 * so a trial, which has one seed, is a QEMU and fifty streams.
 *
 *   VMSPEC_TRIAL_SEED=N      the seed of the first trial (1); then N+1, ...
 *   VMSPEC_STREAM_COUNT=N    how many streams (200)
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "vmspec/cfi.h"
#include "vmspec/machine.h"
#include "vmspec/pci.h"
#include "vmspec/store-run.h"
#include "vmspec/trial.h"

#define ERRORS "errors"
#define STREAMS_A_TRIAL 50

/* The stream's marks (QEMU's docs/devel/migration/main.rst) */
#define SECTION_FULL 0x04
#define SECTION_FOOTER 0x7e
#define HEADER 6                /* the mark, a number, the length of the name */
#define FOOTER 5
#define SECTION_MAX (64 * KiB)

/* A section: @size bytes at @begin of the file, which stand behind its name */
typedef struct Section {
    char *name;
    size_t begin, size;
} Section;

/* The file with the snapshot, as QEMU has written it */
typedef struct Stream {
    char *path;
    uint8_t *bytes;
    size_t size;
    GArray *sections;           /* of Section: those that are altered */
} Stream;

static const char *const fuzzed[] = {
    "*vmspec*", "*pflash*", "*pl011*", "*pcihp*", "*ged*",
};

static bool is_fuzzed(const char *name)
{
    for (int i = 0; i < ARRAY_SIZE(fuzzed); i++) {
        if (g_pattern_match_simple(fuzzed[i], name)) {
            return true;
        }
    }
    return false;
}

static QTestState *start_fuzzed(const char *store)
{
    g_autofree char *errors = scratch_path(ERRORS);
    g_autofree char *nvram = store_option(store);
    g_autofree char *machine = g_strdup_printf(",hotplug-ports=4%s", nvram);

    return vmspec_start(machine, "-m 64M -serial null -no-shutdown "
        "-device pcie-root-port,id=mine,addr=5,chassis=9 "
        "-device virtio-rng-pci,bus=hotplug0 2>>%s", errors);
}

/* Where the section at @at ends, if there is one of up to SECTION_MAX; or 0 */
static size_t section_end(const Stream *s, size_t at)
{
    const uint8_t *p = s->bytes + at;
    uint8_t footer[FOOTER] = { SECTION_FOOTER };
    uint8_t *end;

    if (at + HEADER + UINT8_MAX > s->size || p[0] != SECTION_FULL || !p[5]) {
        return 0;
    }
    for (int i = 0; i < p[5]; i++) {
        if (!g_ascii_isgraph(p[HEADER + i])) {
            return 0;
        }
    }
    memcpy(footer + 1, p + 1, 4);
    end = memmem(p + HEADER, MIN(s->size - at - HEADER, SECTION_MAX), footer,
                 FOOTER);
    return end ? end - s->bytes : 0;
}

static void find_sections(Stream *s)
{
    size_t end;

    s->sections = g_array_new(false, false, sizeof(Section));
    for (size_t at = 0; at < s->size - HEADER;
         at = end ? end + FOOTER : at + 1) {
        unsigned length = s->bytes[at + HEADER - 1];
        Section section = { .begin = at + HEADER + length };

        end = section_end(s, at);
        if (!end) {
            continue;
        }
        section.name = g_strndup((char *)s->bytes + at + HEADER, length);
        section.size = end - section.begin;
        if (is_fuzzed(section.name)) {
            g_array_append_val(s->sections, section);
        } else {
            g_free(section.name);
        }
    }
}

/* Save a machine in which the guest has touched what is fuzzed. */
static void make_stream(QTestState *qts, Stream *s)
{
    g_autofree char *answer = NULL;

    pci_open_port(qts, pci_port(0), 1, vmspec_base("pcie-mmio32"));
    qtest_writel(qts, vmspec_base("flash1"), CFI_PAIR(0xe8));
    qtest_writel(qts, vmspec_base("flash1"), CFI_PAIR(1));
    qtest_writel(qts, vmspec_base("flash1"), 0x12345678);
    answer = qtest_hmp(qts, "savevm s");
    g_assert_cmpstr(answer, ==, "");
    g_assert_true(g_file_get_contents(s->path, (char **)&s->bytes, &s->size,
                                      NULL));
    find_sections(s);
}

/* Alter one to four places, mostly at the ends: the middle is often data. */
static const Section *alter(const Stream *s, uint8_t *bytes)
{
    const Section *section = &g_array_index(s->sections, Section,
                                            trial_below(s->sections->len));

    for (int n = 1 + trial_below(4); n > 0; n--) {
        size_t range = trial_once_in(3) ? section->size :
                                          MIN(section->size, 64);
        size_t at = trial_below(range);
        uint8_t *p;

        if (trial_once_in(2)) {
            at = section->size - 1 - at;
        }
        p = bytes + section->begin + at;
        if (at + 4 <= section->size && trial_once_in(2)) {
            stl_be_p(p, trial_value());
        } else if (trial_once_in(2)) {
            *p ^= 1 << trial_below(8);
        } else {
            *p = trial_value();
        }
        trial_note("alter %s at %zu of %zu", section->name, at, section->size);
    }
    return section;
}

/* The machine has state that may be odd: a guest uses the devices. */
static void use_machine(QTestState *qts)
{
    static const char *const rows[] = {
        "flash1", "uart0", "acpi-ged", "acpi-pcihp", "watchdog-control",
    };

    trial_note("use the machine");
    for (int i = 0; i < ARRAY_SIZE(rows); i++) {
        for (unsigned reg = 0; reg < 0x20; reg += 4) {
            uint64_t address = vmspec_base(rows[i]) + reg;

            qtest_readl(qts, address);
            qtest_writel(qts, address, trial_value());
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        pci_write(qts, pci_port(i), trial_below(0x100) & ~3, 4, trial_value());
    }
    qtest_clock_step(qts, 1000 * 1000);
}

/* What QEMU has said since the last call */
static char *new_errors(void)
{
    g_autofree char *path = scratch_path(ERRORS);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpint(truncate(path, 0), ==, 0);
    return text;
}

/* QEMU has died: print its last words, which are in a file. */
static void print_errors(void *do_not_use)
{
    g_autofree char *errors = new_errors();

    fprintf(stderr, "# QEMU: %s\n", errors);
}

static void write_section(const Stream *s, const Section *section,
                          const uint8_t *bytes)
{
    int fd = open(s->path, O_WRONLY);

    g_assert_cmpint(pwrite(fd, bytes + section->begin, section->size,
                           section->begin), ==, section->size);
    close(fd);
}

/* Does @text say which section it is about? */
static bool names_section(const Stream *s, const char *text)
{
    for (unsigned i = 0; i < s->sections->len; i++) {
        if (strstr(text, g_array_index(s->sections, Section, i).name)) {
            return true;
        }
    }
    /* QEMU's words for a section that the machine, as it is now, has not */
    return strstr(text, "Unknown savevm section") != NULL;
}

/*
 * Load an altered stream; true if QEMU takes it. It may have taken an earlier
 * one in which another device's state forbids what the stream has for it.
 */
static bool load_altered(QTestState *qts, const Stream *s)
{
    g_autofree uint8_t *bytes = g_memdup2(s->bytes, s->size);
    g_autofree char *answer = NULL, *errors = NULL, *all = NULL;
    const Section *section = alter(s, bytes);

    write_section(s, section, bytes);
    answer = qtest_hmp(qts, "loadvm s");
    write_section(s, section, s->bytes);
    errors = new_errors();
    if (strstr(answer, "Error")) {
        all = g_strconcat(answer, errors, NULL);
        g_test_message("%s: %s", section->name, all);
        g_assert_true(names_section(s, all));
        return false;
    }
    use_machine(qts);
    return true;
}

/* A trial of @count streams. Returns how many QEMU takes. */
static unsigned fuzz_streams(uint64_t seed, unsigned count)
{
    Stream s = { .path = store_image("stream", "qcow2") };
    QTestState *qts = start_fuzzed(s.path);
    unsigned taken = 0, mib;

    trial_begin(seed);
    make_stream(qts, &s);
    g_assert_cmpuint(s.sections->len, >, 8);
    trial_guard(qts);
    for (unsigned i = 0; i < count; i++) {
        taken += load_altered(qts, &s);
        if (trial_once_in(8)) {
            trial_note("reset");
            qtest_system_reset(qts);
        }
    }
    mib = trial_unguard();
    g_test_message("seed %" PRIu64 ": %u of %u streams taken, at most %u MiB",
                   seed, taken, count, mib);
    qtest_quit(qts);
    for (unsigned i = 0; i < s.sections->len; i++) {
        g_free(g_array_index(s.sections, Section, i).name);
    }
    g_array_free(s.sections, true);
    g_free(s.bytes);
    g_free(s.path);
    return taken;
}

static unsigned number(const char *variable, unsigned otherwise)
{
    const char *text = g_getenv(variable);

    return text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void test_altered(void)
{
    unsigned count = number("VMSPEC_STREAM_COUNT", 200), taken = 0;
    unsigned seed = number("VMSPEC_TRIAL_SEED", 1);

    qtest_add_abrt_handler(print_errors, &fuzzed);
    for (unsigned done = 0; done < count; done += STREAMS_A_TRIAL) {
        taken += fuzz_streams(seed++, STREAMS_A_TRIAL);
    }
    g_test_message("%u of %u streams taken", taken, count);
    qtest_remove_abrt_handler((void *)&fuzzed);
}

static void add_tests(void)
{
    qtest_add_func("/vmspec/stream-fuzz/altered", test_altered);
}

int main(int argc, char **argv)
{
    return vmspec_test_main(argc, argv, add_tests);
}
