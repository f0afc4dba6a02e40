/*
 * vmspec benchmark: a process, and what it cost
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "bench.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

/* The end of a process's output that a failure shows */
#define TAIL_BYTES 400

typedef struct Process {
    char *output;       /* the file of stdout and stderr */
    GPid pid;
    int pidfd;
    gint64 start;
    int status;
    double cpu, wall;   /* seconds */
} Process;

void run_fail(Run *run, const char *format, ...)
{
    va_list ap;

    if (run->why) {
        return;
    }
    va_start(ap, format);
    run->why = g_strdup_vprintf(format, ap);
    va_end(ap);
}

char *run_path(const Run *run, const char *suffix)
{
    g_autofree char *name = g_strdup_printf("run-%u%s", run->number, suffix);

    return scratch_path(name);
}

static void in_child(gpointer path)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
}

static bool start(Run *run, char **words, const char *suffix, Process *p)
{
    g_autoptr(GError) error = NULL;

    *p = (Process) { .output = run_path(run, suffix) };
    p->start = g_get_monotonic_time();
    if (!g_spawn_async(NULL, words, NULL, G_SPAWN_DO_NOT_REAP_CHILD |
                       G_SPAWN_SEARCH_PATH, in_child, p->output, &p->pid,
                       &error)) {
        run_fail(run, "%s", error->message);
        return false;
    }
    p->pidfd = syscall(SYS_pidfd_open, p->pid, 0);
    return true;
}

/* Wait for the process; kill it when its time is over. */
static void finish(Run *run, Process *p)
{
    struct pollfd ended = { .fd = p->pidfd, .events = POLLIN };
    struct rusage usage;

    if (poll(&ended, 1, BENCH_TIME_LIMIT * 1000) == 0) {
        run_fail(run, "took more than %d s", BENCH_TIME_LIMIT);
        kill(p->pid, SIGKILL);
    }
    wait4(p->pid, &p->status, 0, &usage);
    close(p->pidfd);
    p->wall = (g_get_monotonic_time() - p->start) / 1e6;
    p->cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
             (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    if (!WIFEXITED(p->status) || WEXITSTATUS(p->status)) {
        g_autofree char *text = NULL;
        gsize size = 0;

        g_file_get_contents(p->output, &text, &size, NULL);
        run_fail(run, "ended with wait status %d: %s", p->status,
                 text ? g_strdelimit(g_strstrip(text + size -
                                                MIN(size, TAIL_BYTES)),
                                     "\n", ' ') : "");
    }
}

/* Return the number behind the last occurrence of these words in the output. */
static double number_behind(Run *run, const Process *p, const char *words)
{
    g_autofree char *text = NULL;
    const char *at;

    g_file_get_contents(p->output, &text, NULL, NULL);
    at = text ? g_strrstr(text, words) : NULL;
    if (!at) {
        run_fail(run, "no '%s' in its output", words);
        return 0;
    }
    return g_ascii_strtod(at + strlen(words), NULL);
}

static void forget(Process *p)
{
    unlink(p->output);
    g_free(p->output);
}

/* The words that start the side, with what counts around them; NULL: failed */
static char **counted_words(Run *run)
{
    static const char *const callgrind[] = {
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
        "--trace-children=no", NULL };
    g_auto(GStrv) words = command_words(run->side, &run->why);
    g_autofree char *plugin = NULL;
    GPtrArray *all = g_ptr_array_new();

    if (!words) {
        g_ptr_array_free(all, TRUE);
        return NULL;
    }
    if (run->row->measure == HOST_INSTRUCTIONS) {
        for (unsigned i = 0; callgrind[i]; i++) {
            g_ptr_array_add(all, g_strdup(callgrind[i]));
        }
    }
    for (unsigned i = 0; words[i]; i++) {
        g_ptr_array_add(all, g_strdup(words[i]));
    }
    if (run->row->measure == HOST_INSTRUCTIONS) {
        /* one thread for all CPUs: the others would count their waiting */
        g_ptr_array_add(all, g_strdup("-accel"));
        g_ptr_array_add(all, g_strdup("tcg,thread=single"));
    } else if (run->row->measure == GUEST_INSTRUCTIONS) {
        plugin = command_expand("@plugin@", &run->why);
        g_ptr_array_add(all, g_strdup("-plugin"));
        g_ptr_array_add(all, g_strdup(plugin ? plugin : ""));
        g_ptr_array_add(all, g_strdup("-d"));
        g_ptr_array_add(all, g_strdup("plugin"));
    }
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE);
}

void probe_exit(Run *run)
{
    g_auto(GStrv) words = counted_words(run);
    Process p;

    if (!words || run->why || !start(run, words, ".out", &p)) {
        return;
    }
    finish(run, &p);
    switch (run->row->measure) {
    case HOST_INSTRUCTIONS:
        run->value = number_behind(run, &p, "Collected : ");
        break;
    case GUEST_INSTRUCTIONS:
        run->value = number_behind(run, &p, "total insns: ");
        break;
    case CPU_TIME:
        run->value = p.cpu;
        break;
    default:
        run->value = p.wall;
        break;
    }
    forget(&p);
}

void probe_storm(Run *run)
{
    g_auto(GStrv) words = counted_words(run);
    gint64 begin = g_get_monotonic_time();
    unsigned count = 0, at_once = 0;
    double cpu = 0;

    if (!words ||
        sscanf(run->row->argument, "%u %u", &count, &at_once) != 2) {
        return;
    }
    for (unsigned done = 0; done < count; done += at_once) {
        g_autofree Process *p = g_new0(Process, at_once);

        for (unsigned i = 0; i < at_once; i++) {
            g_autofree char *suffix = g_strdup_printf("-%u.out", i);

            if (!start(run, words, suffix, &p[i])) {
                return;
            }
        }
        for (unsigned i = 0; i < at_once; i++) {
            finish(run, &p[i]);
            cpu += p[i].cpu;
            forget(&p[i]);
        }
    }
    run->value = run->row->measure == CPU_TIME ? cpu :
        (g_get_monotonic_time() - begin) / 1e6;
}

void probe_flushes(Run *run)
{
    g_auto(GStrv) words = command_words(run->side, &run->why);
    g_autofree char *log = run_path(run, ".strace");
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    const char *strace[] = { "strace", "-f", "-qq", "-e",
                             "trace=fdatasync,fsync", "-o", log };
    Process p;

    for (unsigned i = 0; i < G_N_ELEMENTS(strace); i++) {
        g_ptr_array_add(all, (char *)strace[i]);
    }
    for (unsigned i = 0; words && words[i]; i++) {
        g_ptr_array_add(all, words[i]);
    }
    g_ptr_array_add(all, NULL);
    if (!words || !start(run, (char **)all->pdata, ".out", &p)) {
        return;
    }
    finish(run, &p);
    forget(&p);
    g_file_get_contents(log, &text, NULL, NULL);
    for (const char *at = text; at && (at = strstr(at, "sync(")); at++) {
        run->value++;
    }
    unlink(log);
}
