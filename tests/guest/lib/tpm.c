/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest's TPM, played by swtpm
 */

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tpm.h"

/*
 * Runs in the child, behind which GLib closes all other descriptors: swtpm ends
 * with this program, and its connection to QEMU stays open.
 */
static void set_up_tpm(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fcntl(GPOINTER_TO_INT(data), F_SETFD, 0);
}

/* Starts a TPM that keeps its state in the folder and serves the descriptor. */
static GPid start_tpm(const char *folder, int fd)
{
    g_autofree char *state = g_strdup_printf("dir=%s", folder);
    g_autofree char *control = g_strdup_printf("type=unixio,clientfd=%d", fd);
    char *const argv[] = {
        (char *)"swtpm", (char *)"socket", (char *)"--tpm2",
        (char *)"--tpmstate", state, (char *)"--ctrl", control,
        (char *)"--terminate", NULL
    };
    GPid pid;

    if (!g_spawn_async(NULL, (char **)argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                       set_up_tpm, GINT_TO_POINTER(fd), &pid, NULL)) {
        return 0;
    }
    return pid;
}

GPid tpm_add(Guest *g, const char *type)
{
    int fd = guest_add_socket(g, "tpm");
    GPid tpm = start_tpm(guest_folder(g), fd);

    close(fd);
    if (!tpm) {
        guest_fail(g, "cannot start swtpm, which 'make setup' installs");
        return 0;
    }
    guest_add(g, "-tpmdev emulator,id=tpm0,chardev=tpm -device %s,tpmdev=tpm0",
              type);
    return tpm;
}

void tpm_end(GPid tpm)
{
    if (tpm) {
        kill(tpm, SIGTERM);
        waitpid(tpm, NULL, 0);
    }
}
