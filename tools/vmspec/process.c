/*
 * vmspec: the processes that a VM needs
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "text.h"

#define WAIT_US 10000
#define WAIT_LIMIT_US (10 * G_USEC_PER_SEC)

/* In the new process: it gets SIGTERM when this one ends, however it ends. */
static void end_with_parent(void *unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGINT, SIG_IGN);    /* of the terminal; vmspec passes SIGTERM on */
}

static void outlive_parent(void *unused)
{
    (void)unused;
    setsid();
}

/*
 * Start a program with @io as its input and output and @err for its messages;
 * -1: nothing, or in the case of @err this process' own, which GLib would close
 * if it were named.
 */
static bool start(const GPtrArray *words, int io, int err,
                  GSpawnChildSetupFunc setup, GPid *pid, GError **error)
{
    g_autoptr(GError) why = NULL;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int fd = io < 0 ? null : io;
    bool ok = g_spawn_async_with_fds(NULL, (char **)words->pdata, NULL,
                                     G_SPAWN_SEARCH_PATH |
                                     G_SPAWN_DO_NOT_REAP_CHILD, setup, NULL,
                                     pid, fd, fd, err, &why);

    close(null);
    return ok || bail(error, "%s", why->message);
}

bool process_start(const GPtrArray *words, int io, GPid *pid, GError **error)
{
    return start(words, io, -1, end_with_parent, pid, error);
}

/* Wait for the socket; false with @error set if the process ends. */
static bool wait_for_socket(const char *program, const char *socket, GPid pid,
                            GError **error)
{
    gint64 limit = g_get_monotonic_time() + WAIT_LIMIT_US;
    int status;

    while (access(socket, F_OK) < 0) {
        if (waitpid(pid, &status, WNOHANG) == pid) {
            return bail(error, "%s ended: its own message is above", program);
        }
        if (g_get_monotonic_time() > limit) {
            process_end(pid);
            return bail(error, "%s did not start in time", program);
        }
        g_usleep(WAIT_US);
    }
    return true;
}

static bool start_server(const GPtrArray *words, const char *socket, int err,
                         GSpawnChildSetupFunc setup, GPid *pid, GError **error)
{
    GPid started;

    unlink(socket);
    if (!start(words, -1, err, setup, &started, error) ||
        !wait_for_socket(words->pdata[0], socket, started, error)) {
        return false;
    }
    *pid = started;
    return true;
}

bool process_start_server(const GPtrArray *words, const char *socket,
                          GPid *pid, GError **error)
{
    return start_server(words, socket, -1, end_with_parent, pid, error);
}

bool process_start_lasting(const GPtrArray *words, const char *socket,
                           GError **error)
{
    g_autofree char *log = g_strconcat(socket, ".log", NULL);
    g_autofree char *text = NULL;
    int err = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    GPid pid;
    bool ok = start_server(words, socket, err, outlive_parent, &pid, error);

    close(err);
    if (!ok && g_file_get_contents(log, &text, NULL, NULL)) {
        g_prefix_error(error, "%s\n", g_strchomp(text));
    }
    return ok;
}

int process_wait(GPid pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return 1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process_end(GPid pid)
{
    if (pid) {
        kill(pid, SIGTERM);
        process_wait(pid);
    }
}
