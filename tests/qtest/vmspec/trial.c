/*
 * vmspec tests: random trials that can be repeated
 *
 * See trial.h. A program runs one trial at a time.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/units.h"
#include "trial.h"

#define NOTES 40
#define MEMORY_LIMIT_MIB 1024
#define OPERATION_LIMIT (120 * G_TIME_SPAN_SECOND)
#define GUARD_PERIOD (G_TIME_SPAN_SECOND / 10)

static uint64_t trial_seed, trial_state;
static char *trial_notes[NOTES];
static unsigned trial_n_notes;

static struct {
    GThread *thread;
    GMutex lock;
    GCond cond;
    pid_t pid;
    gint64 since;               /* when the current operation began */
    unsigned peak;              /* MiB */
    bool ended;
} trial_watch;

static void trial_print(void *do_not_use)
{
    unsigned n = MIN(trial_n_notes, NOTES);

    fprintf(stderr, "# trial: seed %" PRIu64 ", operation %u; the last %u:\n",
            trial_seed, trial_n_notes, n);
    for (unsigned i = trial_n_notes - n; i < trial_n_notes; i++) {
        fprintf(stderr, "#   %s\n", trial_notes[i % NOTES]);
    }
}

void trial_begin(uint64_t seed)
{
    static bool hooked;

    if (!hooked) {
        qtest_add_abrt_handler(trial_print, &trial_seed);
        hooked = true;
    }
    trial_seed = trial_state = seed;
    trial_n_notes = 0;
}

/* Sebastiano Vigna's splitmix64: each seed, 0 as well, gives another row. */
uint64_t trial_random(void)
{
    uint64_t z = trial_state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint32_t trial_below(uint32_t n)
{
    return trial_random() % n;
}

bool trial_once_in(uint32_t n)
{
    return trial_below(n) == 0;
}

uint64_t trial_value(void)
{
    switch (trial_below(7)) {
    case 0:
        return 0;
    case 1:
        return UINT64_MAX;
    case 2:
        return 1ull << trial_below(64);
    case 3:
        return (1ull << trial_below(64)) - 1;
    case 4:
        return trial_below(256);
    case 5:
        return trial_below(0x10000);
    default:
        return trial_random();
    }
}

void trial_note(const char *fmt, ...)
{
    char **note = &trial_notes[trial_n_notes % NOTES];
    va_list ap;

    g_free(*note);
    va_start(ap, fmt);
    *note = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    trial_n_notes++;
    g_mutex_lock(&trial_watch.lock);
    trial_watch.since = g_get_monotonic_time();
    g_mutex_unlock(&trial_watch.lock);
}

/* Resident memory of process @pid in MiB, 0 if it has ended */
static unsigned resident_memory(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/statm", (int)pid);
    g_autofree char *text = NULL;
    unsigned long pages = 0;

    if (!g_file_get_contents(path, &text, NULL, NULL) ||
        sscanf(text, "%*u %lu", &pages) != 1) {
        return 0;
    }
    return pages * qemu_real_host_page_size() / MiB;
}

static void *trial_watcher(void *do_not_use)
{
    const char *why = NULL;

    g_mutex_lock(&trial_watch.lock);
    while (!trial_watch.ended && !why) {
        gint64 now = g_get_monotonic_time();
        unsigned mib = resident_memory(trial_watch.pid);

        trial_watch.peak = MAX(trial_watch.peak, mib);
        if (mib > MEMORY_LIMIT_MIB) {
            why = "takes more than 1 GiB of memory";
        } else if (now - trial_watch.since > OPERATION_LIMIT) {
            why = "does not end an operation in two minutes";
        } else {
            g_cond_wait_until(&trial_watch.cond, &trial_watch.lock,
                              now + GUARD_PERIOD);
        }
    }
    if (why) {
        /* The test waits for QEMU, notices its end and prints the notes. */
        fprintf(stderr, "# trial: QEMU %s\n", why);
        kill(trial_watch.pid, SIGKILL);
    }
    g_mutex_unlock(&trial_watch.lock);
    return NULL;
}

void trial_guard(QTestState *qts)
{
    trial_watch.pid = qtest_pid(qts);
    trial_watch.since = g_get_monotonic_time();
    trial_watch.peak = 0;
    trial_watch.ended = false;
    trial_watch.thread = g_thread_new("trial", trial_watcher, NULL);
}

unsigned trial_unguard(void)
{
    g_mutex_lock(&trial_watch.lock);
    trial_watch.ended = true;
    g_cond_signal(&trial_watch.cond);
    g_mutex_unlock(&trial_watch.lock);
    g_thread_join(trial_watch.thread);
    return trial_watch.peak;
}
