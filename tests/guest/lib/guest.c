/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest under test
 */

#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONSOLE, UART1, QMP, STREAMS };

/* Console lines that a failure shows. */
#define RETRY_US 10000
#define TAIL_LINES 60

/* What QEMU writes to a socket of ours; text before seen is dealt with. */
typedef struct Stream {
    int fd;
    int qemu_fd;
    GString *text;
    gsize seen;
} Stream;

struct Guest {
    char *name;
    char *log_path;
    int log_fd;
    char *folder;
    GPtrArray *argv;
    Stream stream[STREAMS];
    GPid pid;
    gint64 deadline;
    bool failed;
};

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
    g_error("%s is not there: build it first", name);
}

char *guest_program(const char *name)
{
    return g_build_filename(setting("VMSPEC_TEST_QEMU"), name, NULL);
}

const char *guest_folder(Guest *g)
{
    if (!g->folder) {
        g->folder = g_dir_make_tmp("vmspec-guest-XXXXXX", NULL);
        g_assert_nonnull(g->folder);
    }
    return g->folder;
}

static void open_stream(Stream *s)
{
    int fd[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), ==, 0);
    g_assert_cmpint(fcntl(fd[0], F_SETFD, FD_CLOEXEC), ==, 0);
    s->fd = fd[0];
    s->qemu_fd = fd[1];
}

Guest *guest_new(const char *name)
{
    const char *logs = setting("VMSPEC_TEST_LOGS");
    Guest *g = g_new0(Guest, 1);
    g_autofree char *file = g_strconcat(name, ".log", NULL);

    g->name = g_strdup(name);
    g_mkdir_with_parents(logs, 0777);
    g->log_path = g_build_filename(logs, g_strdelimit(file, "/", '-'), NULL);
    g->log_fd = g_open(g->log_path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND |
                       O_CLOEXEC, 0666);
    g_assert_cmpint(g->log_fd, >=, 0);
    g->argv = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(g->argv, guest_program("qemu-system-aarch64"));
    for (int i = 0; i < STREAMS; i++) {
        g->stream[i] = (Stream) { -1, -1, g_string_new(NULL), 0 };
    }
    open_stream(&g->stream[CONSOLE]);
    return g;
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
    open_stream(&g->stream[QMP]);
    guest_add(g, "-chardev socket,id=qmp,fd=%d -mon chardev=qmp,mode=control",
              g->stream[QMP].qemu_fd);
}

void guest_add_uart1(Guest *g)
{
    open_stream(&g->stream[UART1]);
    guest_add(g, "-chardev socket,id=uart1,fd=%d -serial chardev:uart1",
              g->stream[UART1].qemu_fd);
}

/* Runs in the child: QEMU ends with its parent, and talks on our socket. */
static void child_setup(gpointer data)
{
    Guest *g = data;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(g->stream[CONSOLE].qemu_fd, STDIN_FILENO);
    dup2(g->stream[CONSOLE].qemu_fd, STDOUT_FILENO);
    dup2(g->log_fd, STDERR_FILENO);
}

void guest_launch(Guest *g)
{
    g_autoptr(GError) err = NULL;
    g_autofree char *line = NULL;

    g_ptr_array_add(g->argv, NULL);
    line = g_strjoinv(" ", (char **)g->argv->pdata);
    dprintf(g->log_fd, "%s\n", line);
    g->deadline = g_get_monotonic_time() +
                  GUEST_TIME_LIMIT * G_TIME_SPAN_SECOND;
    if (!g_spawn_async(NULL, (char **)g->argv->pdata, NULL,
                       G_SPAWN_DO_NOT_REAP_CHILD |
                       G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                       child_setup, g, &g->pid, &err)) {
        guest_fail(g, "%s", err->message);
    }
    for (int i = 0; i < STREAMS; i++) {
        if (g->stream[i].qemu_fd >= 0) {
            close(g->stream[i].qemu_fd);
            g->stream[i].qemu_fd = -1;
        }
    }
    if (g->stream[QMP].fd >= 0) {
        g_free(guest_qmp(g, "{'execute': 'qmp_capabilities'}"));
    }
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
    g_test_message("%s: %s", g->name, why);
    dprintf(g->log_fd, "\n*** %s\n", why);
    g_test_fail();
}

static void read_stream(Guest *g, int i)
{
    Stream *s = &g->stream[i];
    char buf[4096];
    ssize_t n = read(s->fd, buf, sizeof(buf));

    if (n <= 0) {
        close(s->fd);
        s->fd = -1;
        return;
    }
    for (ssize_t k = 0; k < n; k++) {
        g_string_append_c(s->text, buf[k] ?: ' ');
    }
    if (i == CONSOLE && write(g->log_fd, buf, n) != n) {
        guest_fail(g, "cannot write the log %s", g->log_path);
    }
}

/* Waits until QEMU says something; false when it has gone or time is up. */
static bool read_some(Guest *g)
{
    gint64 left = g->deadline - g_get_monotonic_time();
    struct pollfd fds[STREAMS];

    if (left <= 0) {
        guest_fail(g, "the time limit of %d s is over", GUEST_TIME_LIMIT);
        return false;
    }
    if (g->stream[CONSOLE].fd < 0) {
        return false;
    }
    for (int i = 0; i < STREAMS; i++) {
        fds[i] = (struct pollfd) { .fd = g->stream[i].fd, .events = POLLIN };
    }
    if (poll(fds, STREAMS, left / G_TIME_SPAN_MILLISECOND + 1) < 0) {
        g_assert_cmpint(errno, ==, EINTR);
        return true;
    }
    for (int i = 0; i < STREAMS; i++) {
        if (fds[i].revents) {
            read_stream(g, i);
        }
    }
    return true;
}

/* Waits for the text; gives what stands before it, and steps behind it. */
static char *read_until(Guest *g, int i, const char *text)
{
    Stream *s = &g->stream[i];
    char *at = NULL;
    char *before;

    while (!g->failed) {
        at = strstr(s->text->str + s->seen, text);
        if (at) {
            before = g_strndup(s->text->str + s->seen,
                               at - s->text->str - s->seen);
            s->seen = at - s->text->str + strlen(text);
            return before;
        }
        if (!read_some(g)) {
            guest_fail(g, "QEMU has gone, expected \"%s\"", text);
        }
    }
    g_test_message("while waiting for \"%s\"", text);
    return g_strdup("");
}

void guest_expect(Guest *g, const char *text)
{
    if (!g->failed) {
        g_free(read_until(g, CONSOLE, text));
    }
}

void guest_expect_uart1(Guest *g, const char *text)
{
    if (!g->failed) {
        g_free(read_until(g, UART1, text));
    }
}

static void write_stream(Guest *g, int i, const char *text)
{
    size_t size = strlen(text);
    ssize_t n;

    while (!g->failed && size) {
        n = send(g->stream[i].fd, text, size, MSG_NOSIGNAL);
        if (n < 0) {
            guest_fail(g, "QEMU has gone, could not send \"%s\"", text);
            return;
        }
        text += n;
        size -= n;
    }
}

void guest_type(Guest *g, const char *text)
{
    write_stream(g, CONSOLE, text);
}

char *guest_until(Guest *g, const char *text)
{
    return g->failed ? g_strdup("") : read_until(g, CONSOLE, text);
}

char *guest_ask(Guest *g, const char *line)
{
    guest_type(g, line);
    guest_type(g, "\r");
    return guest_until(g, GUEST_PROMPT);
}

void guest_check(Guest *g, const char *answer, const char *text, bool has)
{
    if (!strstr(answer, text) == has) {
        guest_fail(g, "the guest's answer has %s\"%s\"", has ? "no " : "",
                   text);
    }
}

/* Sends the command once; gives the line of its reply. */
static char *ask_qmp(Guest *g, const char *json)
{
    /* at once: QEMU may be gone as soon as it has read quit's last brace */
    g_autofree char *command = g_strconcat(json, "\n", NULL);

    write_stream(g, QMP, command);
    while (!g->failed) {
        g_autofree char *line = read_until(g, QMP, "\n");

        if (g_str_has_prefix(line, "{\"error\"") ||
            g_str_has_prefix(line, "{\"return\"")) {
            return g_steal_pointer(&line);
        }
    }
    return g_strdup("");
}

char *guest_qmp_while(Guest *g, const char *command, const char *refusal)
{
    g_autofree char *json = g_strdelimit(g_strdup(command), "'", '"');
    char *reply = ask_qmp(g, json);

    while (refusal && strstr(reply, refusal)) {
        g_usleep(RETRY_US);
        g_free(reply);
        reply = ask_qmp(g, json);
    }
    if (g_str_has_prefix(reply, "{\"error\"")) {
        guest_fail(g, "%s: %s", json, reply);
    }
    return reply;
}

char *guest_qmp(Guest *g, const char *command)
{
    return guest_qmp_while(g, command, NULL);
}

void guest_qmp_refused(Guest *g, const char *command, const char *refusal)
{
    g_autofree char *json = g_strdelimit(g_strdup(command), "'", '"');
    g_autofree char *reply = ask_qmp(g, json);

    if (!g_str_has_prefix(reply, "{\"error\"") || !strstr(reply, refusal)) {
        guest_fail(g, "%s: %s, expected an error with \"%s\"", json, reply,
                   refusal);
    }
}

void guest_hmp(Guest *g, const char *line)
{
    g_autofree char *command = g_strdup_printf(
        "{'execute': 'human-monitor-command',"
        " 'arguments': {'command-line': '%s'}}", line);
    g_autofree char *reply = guest_qmp(g, command);

    if (!g->failed && !strstr(reply, "\"return\": \"\"")) {
        guest_fail(g, "%s: %s", line, reply);
    }
}

void guest_expect_event(Guest *g, const char *event, const char *text)
{
    g_autofree char *name = g_strdup_printf("\"event\": \"%s\"", event);
    bool found = false;

    while (!g->failed && !found) {
        g_autofree char *line = read_until(g, QMP, "\n");

        if (strstr(line, name)) {
            guest_check(g, line, text, true);
            found = true;
        }
    }
}

void guest_expect_exit(Guest *g)
{
    int status;

    while (!g->failed && read_some(g)) {
        /* The console's end is QEMU's end. */
    }
    if (g->failed) {
        return;
    }
    g_assert_cmpint(waitpid(g->pid, &status, 0), ==, g->pid);
    g->pid = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status)) {
        guest_fail(g, "QEMU did not exit with status 0 (wait status %d)",
                   status);
    }
}

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
        g_test_message("| %s", lines[i]);
    }
    g_test_message("the whole log: %s", g->log_path);
}

/* With all that a case has put into it */
static void remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (g_remove(path) < 0) {
            remove_folder(path);
        }
    }
    g_rmdir(folder);
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
    if (g->folder) {
        remove_folder(g->folder);
    }
    close(g->log_fd);
    g_ptr_array_unref(g->argv);
    g_free(g->folder);
    g_free(g->log_path);
    g_free(g->name);
    g_free(g);
}
