/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest under test: the QEMU process
 *
 * Why not QEMU's own tests/functional, the Python module qemu_test?
 *
 * - The cases are rows of C tables, as those of the qtests and the host tests
 *   are. One program lists, selects (-p) and reports (--tap) them by GLib's
 *   test framework, and tests/guest/meson.build runs any subset of them.
 * - qemu_test is no installed module with a promised interface. It changes with
 *   each version of QEMU, it belongs to that version's source tree and to the
 *   virtual environment of its build, and this repository builds on two.
 * - qemu_test gets its guests as assets: an URL and a hash in each test. Our
 *   guests are built from the packages of the distribution that is used.
 * - qemu_test reads the console in a blocking recv() of one byte. A case here
 *   waits for the console, a second UART and QMP in one poll() (stream.c), and
 *   it can give up on all three after one time limit.
 */

#include "guest.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest-private.h"
#include "scratch.h"

/* Lines of the log that a failure prints */
#define TAIL_LINES 60

/* The value of an environment variable that meson.build sets */
static const char *setting(const char *name)
{
    const char *value = g_getenv(name);

    if (!value) {
        g_error("%s is not set; run this test through meson", name);
    }
    return value;
}

char *guest_file(const char *name)
{
    g_auto(GStrv) folders = g_strsplit(setting("VMSPEC_TEST_FILES"), ":", 0);

    for (int i = 0; folders[i]; i++) {
        g_autofree char *path = g_build_filename(folders[i], name, NULL);

        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            return g_steal_pointer(&path);
        }
    }
    g_error("%s has not been built; meson test builds it first, and "
            "meson test --no-rebuild does not", name);
}

char *guest_program(const char *name)
{
    return g_build_filename(setting("VMSPEC_TEST_QEMU"), name, NULL);
}

const char *guest_folder(Guest *g)
{
    if (!g->folder) {
        g_autofree char *name = g_strdelimit(g_strdup(g->name), "/", '-');

        g->folder = scratch_path(name);
        g_assert_cmpint(g_mkdir_with_parents(g->folder, 0700), ==, 0);
    }
    return g->folder;
}

Guest *guest_new(const char *name)
{
    const char *logs = setting("VMSPEC_TEST_LOGS");
    Guest *g = g_new0(Guest, 1);
    g_autofree char *file = g_strconcat(name, ".log", NULL);

    g->name = g_strdup(name);
    g->limit = GUEST_TIME_LIMIT;
    g_mkdir_with_parents(logs, 0777);
    g->log_path = g_build_filename(logs, g_strdelimit(file, "/", '-'), NULL);
    g->log_fd = g_open(g->log_path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND |
                       O_CLOEXEC, 0666);
    g_assert_cmpint(g->log_fd, >=, 0);
    g->qemu_fds = g_array_new(FALSE, FALSE, sizeof(int));
    g_queue_init(&g->events);
    g->argv = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(g->argv, guest_program("qemu-system-aarch64"));
    for (int i = 0; i < STREAMS; i++) {
        g->stream[i] = (Stream) { -1, -1, g_string_new(NULL), 0 };
    }
    stream_open(&g->stream[CONSOLE]);
    return g;
}

void guest_set_words(Guest *g, char **words)
{
    g_ptr_array_set_size(g->argv, 0);
    for (int i = 0; words[i]; i++) {
        g_ptr_array_add(g->argv, g_strdup(words[i]));
    }
}

void guest_set_folder(Guest *g, const char *build)
{
    g_free(g->argv->pdata[0]);
    g->argv->pdata[0] = g_build_filename(build, "qemu-system-aarch64", NULL);
}

void guest_add(Guest *g, const char *format, ...)
{
    g_autofree char *line = NULL;
    g_auto(GStrv) words = NULL;
    va_list ap;

    va_start(ap, format);
    line = g_strdup_vprintf(format, ap);
    va_end(ap);
    if (!*g_strstrip(line)) {
        return;
    }
    g_assert_true(g_shell_parse_argv(line, NULL, &words, NULL));
    for (int i = 0; words[i]; i++) {
        g_ptr_array_add(g->argv, g_strdup(words[i]));
    }
}

void guest_add_qmp(Guest *g)
{
    stream_open(&g->stream[QMP]);
    guest_add(g, "-chardev socket,id=qmp,fd=%d -mon chardev=qmp,mode=control",
              g->stream[QMP].qemu_fd);
}

void guest_add_uart1(Guest *g)
{
    stream_open(&g->stream[UART1]);
    guest_add(g, "-chardev socket,id=uart1,fd=%d -serial chardev:uart1",
              g->stream[UART1].qemu_fd);
}

int guest_add_socket(Guest *g, const char *id)
{
    Stream pair;

    stream_open(&pair);
    guest_add(g, "-chardev socket,id=%s,fd=%d", id, pair.qemu_fd);
    g_array_append_val(g->qemu_fds, pair.qemu_fd);
    return pair.fd;
}

/* QEMU has its own copies of these descriptors. */
static void close_qemu_fds(Guest *g)
{
    for (int i = 0; i < STREAMS; i++) {
        if (g->stream[i].qemu_fd >= 0) {
            close(g->stream[i].qemu_fd);
            g->stream[i].qemu_fd = -1;
        }
    }
    for (guint i = 0; i < g->qemu_fds->len; i++) {
        close(g_array_index(g->qemu_fds, int, i));
    }
    g_array_set_size(g->qemu_fds, 0);
}

/*
 * Runs in the child. QEMU ends when this program does, its standard input and
 * output are the console, and what it writes to stderr goes to the log.
 */
static void child_setup(gpointer data)
{
    Guest *g = data;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(g->stream[CONSOLE].qemu_fd, STDIN_FILENO);
    dup2(g->stream[CONSOLE].qemu_fd, STDOUT_FILENO);
    dup2(g->log_fd, STDERR_FILENO);
}

void guest_set_limit(Guest *g, int seconds)
{
    g->limit = seconds;
}

void guest_launch(Guest *g)
{
    g_autoptr(GError) err = NULL;
    g_autofree char *line = NULL;

    g_ptr_array_add(g->argv, NULL);
    line = g_strjoinv(" ", (char **)g->argv->pdata);
    dprintf(g->log_fd, "%s\n", line);
    g->deadline = g_get_monotonic_time() + g->limit * G_TIME_SPAN_SECOND;
    if (!g_spawn_async(NULL, (char **)g->argv->pdata, NULL,
                       G_SPAWN_DO_NOT_REAP_CHILD |
                       G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                       child_setup, g, &g->pid, &err)) {
        guest_fail(g, "%s", err->message);
    }
    close_qemu_fds(g);
    if (g->stream[QMP].fd >= 0) {
        g_free(guest_qmp(g, "{'execute': 'qmp_capabilities'}"));
    }
}

GPid guest_pid(Guest *g)
{
    return g->pid;
}

bool guest_failed(Guest *g)
{
    return g->failed;
}

void guest_fail(Guest *g, const char *format, ...)
{
    g_autofree char *why = NULL;
    va_list ap;

    if (g->failed) {
        return;
    }
    g->failed = true;
    va_start(ap, format);
    why = g_strdup_vprintf(format, ap);
    va_end(ap);
    /* not g_test_message(): of a TAP test meson shows stderr alone */
    g_printerr("%s: %s\n", g->name, why);
    dprintf(g->log_fd, "\n*** %s\n", why);
    g_test_fail();
}

void guest_expect_status(Guest *g, int expected)
{
    int status;

    while (!g->failed && stream_read_some(g)) {
        /* QEMU has ended when its end of the console is closed. */
    }
    if (g->failed) {
        return;
    }
    g_assert_cmpint(waitpid(g->pid, &status, 0), ==, g->pid);
    g->pid = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != expected) {
        guest_fail(g, "QEMU did not exit with status %d (wait status %d)",
                   expected, status);
    }
}

void guest_expect_exit(Guest *g)
{
    guest_expect_status(g, 0);
}

/* Prints the end of the log, with blanks for all but printable ASCII. */
static void show_tail(Guest *g)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint n;

    g_file_get_contents(g->log_path, &text, NULL, NULL);
    if (!text) {
        return;
    }
    for (char *c = text; *c; c++) {
        if ((*c < ' ' && *c != '\n') || *c > '~') {
            *c = ' ';
        }
    }
    lines = g_strsplit(text, "\n", 0);
    n = g_strv_length(lines);
    for (guint i = n > TAIL_LINES ? n - TAIL_LINES : 0; i < n; i++) {
        g_printerr("| %s\n", lines[i]);
    }
    g_printerr("the whole log: %s\n", g->log_path);
}

void guest_free(Guest *g)
{
    if (g->pid) {
        kill(g->pid, SIGKILL);
        waitpid(g->pid, NULL, 0);
    }
    if (g->failed) {
        show_tail(g);
    }
    for (int i = 0; i < STREAMS; i++) {
        if (g->stream[i].fd >= 0) {
            close(g->stream[i].fd);
        }
        g_string_free(g->stream[i].text, TRUE);
    }
    close_qemu_fds(g);
    g_array_unref(g->qemu_fds);
    g_queue_clear_full(&g->events, g_free);
    close(g->log_fd);
    g_ptr_array_unref(g->argv);
    g_free(g->folder);
    g_free(g->log_path);
    g_free(g->name);
    g_free(g);
}
