/*
 * vmspec: vmspec run: start a VM on this terminal
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "console.h"
#include "machine.h"
#include "process.h"
#include "registry/registry.h"
#include "seed.h"
#include "setup.h"
#include "text.h"

#define MAX_HELPERS 9           /* swtpm and the shares */

/* A VM that this process runs */
typedef struct Vm {
    VmSetup *setup;
    VmRun run;
    GPid helpers[MAX_HELPERS];
    unsigned helper_count;
    bool tells_stages;          /* not on the terminal that has the console */
} Vm;

static GPid qemu_pid;           /* for the handler of signals */

static void print_line(const GPtrArray *words, bool wrap)
{
    g_autofree char *line = shell_line(words, wrap);

    printf("%s%s\n", line, wrap ? "" : " &");
}

static bool print_seed(const VmSetup *s, GError **error)
{
    g_autoptr(GPtrArray) commands = seed_commands(s, error);
    g_autofree char *dir = g_path_get_dirname(s->seed);
    g_autofree char *meta = NULL;
    g_autofree char *quoted_meta = NULL;
    g_autofree char *user = NULL;

    if (!commands) {
        return false;
    }
    meta = seed_meta_data(s);
    quoted_meta = g_shell_quote(meta);
    user = g_shell_quote(s->user_data);
    printf("cp %s %s/user-data\n", user, dir);
    printf("printf %%s %s > %s/meta-data\n", quoted_meta, dir);
    for (unsigned i = 0; i < commands->len; i++) {
        g_autofree char *line = shell_line(g_ptr_array_index(commands, i),
                                           false);

        printf("%s\n", line);
    }
    return true;
}

static bool print_directory(const VmSetup *s, GError **error)
{
    g_autoptr(GPtrArray) seed = s->seed ? seed_commands(s, error) : NULL;
    g_autofree char *dir = g_path_get_dirname(s->qmp);

    if (s->seed && !seed) {
        return false;
    }
    printf("mkdir -p %s\n", dir);
    return true;
}

/* Print each command that vmspec run would run, in its order. */
static bool print_commands(const VmSetup *s, GError **error)
{
    g_autoptr(GPtrArray) qemu = machine_qemu(s);
    g_autoptr(GPtrArray) swtpm = machine_swtpm(s);
    if (!print_directory(s, error) || (s->seed && !print_seed(s, error))) {
        return false;
    }
    if (swtpm) {
        printf("mkdir -p %s\n", s->tpm_dir);
        print_line(swtpm, false);
    }
    for (unsigned i = 0; i < s->shares->len; i++) {
        g_autoptr(GPtrArray) words =
            machine_virtiofsd(s->virtiofsd, g_ptr_array_index(s->shares, i));

        if (words) {
            print_line(words, false);
        }
    }
    print_line(qemu, true);
    return true;
}

/* Is the disk another VM's, or another program's? */
static bool check_disk_is_free(const VmSetup *s, GError **error)
{
    g_autofree char *other = s->disk ? vm_run_of_disk(s->disk) : NULL;

    if (other) {
        g_autoptr(VmRun) run = vm_run_load(other);

        return bail(error, "%s is the disk of the VM '%s', which runs (process "
                    "%d): vmspec console %s shows it, vmspec stop %s ends it",
                    s->disk, other, run ? run->pid : 0, other, other);
    }
    return true;
}

static bool save_record(const VmSetup *s, GError **error)
{
    VmRecord record = {
        .name = s->name,
        .disk = s->disk,
        .format = s->format,
        .store = g_strcmp0(s->store, "auto") ? s->store : NULL,
        .tpm = s->tpm_dir,
        .arch = (char *)s->arch,
        .ssh_port = s->ssh_port,
        .last_used = g_get_real_time() / G_USEC_PER_SEC,
    };
    g_autoptr(VmRecord) old = vm_record_load(s->name, NULL);
    bool same = old && !g_strcmp0(old->disk, s->disk);

    if (!s->disk) {
        return true;            /* nothing of it stays */
    }
    if (same && !record.tpm) {
        record.tpm = old->tpm;  /* vmspec delete removes it too */
    }
    if (same && !record.store) {
        record.store = old->store;
    }
    return vm_record_save(&record, error);
}

static bool start_helper(Vm *vm, const GPtrArray *words, const char *socket,
                         GError **error)
{
    return process_start_server(words, socket, &vm->helpers[vm->helper_count],
                                error) && ++vm->helper_count;
}

static bool start_tpm(Vm *vm, GError **error)
{
    g_autoptr(GPtrArray) words = machine_swtpm(vm->setup);
    g_autofree char *program = words ? g_find_program_in_path("swtpm") : NULL;

    if (!words) {
        return true;
    }
    if (!program) {
        return bail(error, "--tpm: there is no swtpm: install the package "
                    "swtpm");
    }
    if (g_mkdir_with_parents(vm->setup->tpm_dir, 0700) < 0) {
        return bail(error, "--tpm: cannot create %s: %s", vm->setup->tpm_dir,
                    g_strerror(errno));
    }
    return start_helper(vm, words, vm->setup->tpm_socket, error);
}

static bool start_shares(Vm *vm, GError **error)
{
    for (unsigned i = 0; i < vm->setup->shares->len; i++) {
        const VmShare *share = g_ptr_array_index(vm->setup->shares, i);
        g_autoptr(GPtrArray) words =
            machine_virtiofsd(vm->setup->virtiofsd, share);

        if (words && !start_helper(vm, words, share->socket, error)) {
            return false;
        }
    }
    return true;
}

static void introduce_shares(const VmSetup *s)
{
    for (unsigned i = 0; i < s->shares->len; i++) {
        const VmShare *share = g_ptr_array_index(s->shares, i);

        say("%s is shared by %s; in the guest: mount -t %s %s /mnt",
            share->dir, share->socket ? "virtiofs" :
            "9p (install virtiofsd for the faster virtiofs)",
            share->socket ? "virtiofs" :
            "9p -o trans=virtio,version=9p2000.L", share->tag);
    }
}

/* What a person wants to know before the guest prints */
static void introduce(const Vm *vm)
{
    const VmSetup *s = vm->setup;

    if (s->options->quiet) {
        return;
    }
    say("VM '%s': %s, %" G_GUINT64_FORMAT " MiB, %d CPU%s; Ctrl-A X ends it",
        s->name, s->arch, s->memory, s->cpus, s->cpus == 1 ? "" : "s");
    say("ssh: vmspec ssh %s, or ssh -p %d USER@127.0.0.1", s->name,
        s->ssh_port);
    introduce_shares(s);
    if (s->seed) {
        say("cloud-init reads %s", s->user_data);
    }
    if (s->no_loader && s->iso) {
        say("the disk has no boot loader, so the ISO starts; once the disk has "
            "one, the disk starts");
    } else if (s->no_loader && !s->kernel) {
        say("%s has no boot loader for Arm; vmspec check %s tells more, --iso "
            "FILE installs a system", s->disk, s->disk);
    }
}

static void note_stage(void *opaque, Stage stage)
{
    Vm *vm = opaque;

    g_free(vm->run.stage);
    vm->run.stage = g_strdup(stage_name(stage));
    vm_run_update(vm->setup->name, &vm->run);
    if (vm->tells_stages) {
        say("stage: %s", stage_name(stage));
    }
}

static void give_advice(void *opaque, const char *advice)
{
    const Vm *vm = opaque;

    if (vm->setup->options->quiet) {
        return;
    }
    if (isatty(STDERR_FILENO)) {
        fputs("\r\n", stderr);  /* the guest may be within a line */
    }
    say("%s", advice);
}

/* Do both name the same terminal? Then messages would be in the guest's way. */
static bool share_terminal(int a, int b)
{
    struct stat one, other;

    return isatty(a) && isatty(b) && fstat(a, &one) == 0 &&
           fstat(b, &other) == 0 && one.st_rdev == other.st_rdev;
}

static void pass_signal(int number)
{
    (void)number;
    if (qemu_pid) {
        kill(qemu_pid, SIGTERM);
    }
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = pass_signal };

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Start QEMU, and carry its console until it ends. */
static bool run_qemu(Vm *vm, GError **error)
{
    static const StagesOps ops = { note_stage, give_advice };
    g_autoptr(GPtrArray) words = machine_qemu(vm->setup);
    g_autofree char *path = vm_run_path(vm->setup->name, "console");
    g_autoptr(Stages) stages = stages_new(&ops, vm);
    int ends[2];
    int listener = console_listen(path, error);
    bool ok;
    int status;

    if (listener < 0) {
        return false;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        close(listener);
        return bail(error, "cannot make a socket: %s", g_strerror(errno));
    }
    catch_signals();
    ok = process_start(words, ends[1], &qemu_pid, error);
    close(ends[1]);
    if (ok) {
        note_stage(vm, STAGE_START);
        console_carry(ends[0], listener, stages);
        status = process_wait(qemu_pid);
        qemu_pid = 0;
        ok = status == 0 || bail(error, "QEMU ended with status %d%s", status,
                                 status == 1 ? ": its message is above" : "");
    }
    close(ends[0]);
    close(listener);
    return ok;
}

static bool run_vm(VmSetup *setup, GError **error)
{
    Vm vm = {
        .setup = setup,
        .run = {
            .disk = setup->disk,
            .pid = getpid(),
            .ssh_port = setup->ssh_port,
            .shared_memory = setup->virtiofsd,
        },
        .tells_stages = !setup->options->quiet &&
                        (setup->options->verbose ||
                         !share_terminal(STDOUT_FILENO, STDERR_FILENO)),
    };
    bool ok;
    int lock;

    if (!check_disk_is_free(setup, error)) {
        return false;
    }
    lock = vm_run_begin(setup->name, error);
    if (lock < 0) {
        return false;
    }
    ok = save_record(setup, error) &&
         (!setup->seed || seed_make(setup, error)) &&
         start_tpm(&vm, error) && start_shares(&vm, error);
    if (ok) {
        introduce(&vm);
        ok = run_qemu(&vm, error);
    }
    for (unsigned i = 0; i < vm.helper_count; i++) {
        process_end(vm.helpers[i]);
    }
    g_free(vm.run.stage);
    vm_run_end(setup->name);
    close(lock);
    return ok;
}

static bool run_command(const Words *words, GError **error)
{
    g_autoptr(VmSetup) setup = setup_new(words->list[0], &run_options,
                                         words->rest, error);

    if (!setup) {
        return false;
    }
    return run_options.dry_run ? print_commands(setup, error) :
                                 run_vm(setup, error);
}

const Command command_run = {
    .name = "run",
    .arguments = "[DISK|NAME] [-- QEMU OPTIONS]",
    .about = "start a VM on this terminal",
    .details = "The console of the guest is this terminal; Ctrl-A X ends the "
               "VM. UEFI variables are\nin DISK.nvram, the state of a TPM in "
               "DISK.tpm.",
    .options = run_option_entries,
    .max = 1,
    .takes_rest = true,
    .run = run_command,
};
