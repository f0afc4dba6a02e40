/*
 * vmspec console, vmspec ssh, vmspec stop: a running VM from elsewhere
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "console.h"
#include "qmp.h"
#include "registry/registry.h"
#include "text.h"

#define STOP_SECONDS 60

static char *user, *identity;
static gboolean force;
static int stop_seconds = STOP_SECONDS;

static const GOptionEntry ssh_entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_STRING, &user,
      "Name in the guest (default: root)", "USER" },
    { "identity", 'i', 0, G_OPTION_ARG_FILENAME, &identity,
      "Private key to log in with (default: ssh's own)", "FILE" },
    G_OPTION_ENTRY_NULL
};

static const GOptionEntry stop_entries[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force,
      "Turn it off: what the guest has not written yet is lost", NULL },
    { "timeout", 't', 0, G_OPTION_ARG_INT, &stop_seconds,
      "How long to wait for the guest (default: 60)", "SECONDS" },
    G_OPTION_ENTRY_NULL
};

static VmRun *load_running(const char *name, GError **error)
{
    VmRun *run = vm_run_load(name);

    if (!run) {
        bail(error, "the VM '%s' does not run; vmspec run %s starts it, vmspec "
             "list shows the VMs", name, name);
    }
    return run;
}

static bool run_console(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autofree char *path = vm_run_path(name, "console");
    g_autoptr(VmRun) run = load_running(name, error);

    if (!run) {
        return false;
    }
    say("the console of '%s'; Ctrl-] leaves it, Ctrl-A X ends the VM", name);
    return console_attach(path, error);
}

static void add_words(GPtrArray *argv, ...)
{
    va_list ap;
    const char *word;

    va_start(ap, argv);
    while ((word = va_arg(ap, const char *))) {
        g_ptr_array_add(argv, g_strdup(word));
    }
    va_end(ap);
}

/*
 * The file that has the guest's host key: a VM's own, for names and ports of
 * VMs come back with other guests. No attacker is between this host and itself,
 * so the first key is taken unasked.
 */
static char *host_key_option(const char *name, GError **error)
{
    g_autofree char *file = vm_host_key_path(name);
    g_autofree char *dir = g_path_get_dirname(file);

    if (g_mkdir_with_parents(dir, 0700) < 0) {
        bail(error, "cannot create %s: %s", dir, g_strerror(errno));
        return NULL;
    }
    return g_strdup_printf("UserKnownHostsFile=\"%s\"", file);
}

static bool run_ssh(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autoptr(VmRun) run = load_running(name, error);
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *port = NULL;
    g_autofree char *alias = g_strconcat("HostKeyAlias=vmspec-", name, NULL);
    g_autofree char *where = g_strconcat(user ?: "root", "@127.0.0.1", NULL);
    g_autofree char *keys = NULL;

    if (!run) {
        return false;
    }
    if (!run->ssh_port) {
        return bail(error, "the VM '%s' has no network of vmspec", name);
    }
    keys = host_key_option(name, error);
    if (!keys) {
        return false;
    }
    port = g_strdup_printf("%d", run->ssh_port);
    add_words(argv, "ssh", "-p", port, "-o", alias, "-o", keys, "-o",
              "StrictHostKeyChecking=accept-new", NULL);
    if (identity) {
        add_words(argv, "-i", identity, NULL);
    }
    add_words(argv, where, NULL);
    for (int i = 0; words->rest && words->rest[i]; i++) {
        add_words(argv, words->rest[i], NULL);
    }
    g_ptr_array_add(argv, NULL);
    execvp("ssh", (char **)argv->pdata);
    return bail(error, "cannot start ssh: %s; install the package "
                "openssh-client", g_strerror(errno));
}

/* Has QEMU ended within the time? Its monitor's socket is closed then. */
static bool wait_until_ended(Qmp *qmp, int seconds)
{
    static const char *const none[] = { NULL };
    g_autoptr(GError) why = NULL;

    json_object_put(qmp_wait(qmp, none, seconds, &why));
    return why && why->code == QMP_CLOSED;
}

static bool run_stop(const Words *words, GError **error)
{
    const char *name = words->list[0];
    g_autoptr(Qmp) qmp = qmp_open(name, error);

    if (!qmp) {
        return false;
    }
    if (stop_seconds < 1) {
        return misuse(error, "stop: --timeout: %d is not from 1 up",
                      stop_seconds);
    }
    if (!qmp_do(qmp, error, force ? "quit" : "system_powerdown", NULL)) {
        return false;
    }
    if (wait_until_ended(qmp, stop_seconds)) {
        return true;
    }
    return bail(error, "the guest was told to shut down, as by its power "
                "button, but still runs after %d s: look at it by vmspec "
                "console %s, or turn it off by vmspec stop --force %s",
                stop_seconds, name, name);
}

const Command command_console = {
    .name = "console",
    .arguments = "NAME",
    .about = "show the console of a running VM here too",
    .details = "Ctrl-] leaves it; the VM runs on.",
    .min = 1,
    .max = 1,
    .run = run_console,
};

const Command command_ssh = {
    .name = "ssh",
    .arguments = "NAME [-- COMMAND]",
    .about = "log in to a running VM by ssh",
    .details = "The guest must run an ssh server and know a key or password "
               "of the user.",
    .options = ssh_entries,
    .min = 1,
    .max = 1,
    .takes_rest = true,
    .run = run_ssh,
};

const Command command_stop = {
    .name = "stop",
    .arguments = "NAME",
    .about = "shut a running VM down, as by its power button",
    .details = "Returns when the VM has ended.",
    .options = stop_entries,
    .min = 1,
    .max = 1,
    .run = run_stop,
};
