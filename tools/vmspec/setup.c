/*
 * vmspec: what vmspec run starts: decided from options, records and files
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "esp.h"
#include "find.h"
#include "registry/registry.h"
#include "setup.h"
#include "text.h"

#define DEFAULT_MIB 2048
#define DEFAULT_MIB_ARM 512     /* with more, 32-bit Linux boots more slowly */
#define LEAST_MIB 128           /* what the firmware needs */
#define DEFAULT_CPUS 4
#define MAX_CPUS 512
#define MAX_SHARES 8

static void free_share(VmShare *share)
{
    g_free(share->tag);
    g_free(share->dir);
    g_free(share->socket);
    g_free(share);
}

void setup_free(VmSetup *setup)
{
    if (setup) {
        g_free(setup->qemu);
        g_free(setup->qemu_img);
        g_free(setup->virtiofsd);
        g_free(setup->name);
        g_free(setup->disk);
        g_free(setup->format);
        g_free(setup->store);
        g_free(setup->iso);
        g_free(setup->kernel);
        g_free(setup->initrd);
        g_free(setup->user_data);
        g_free(setup->seed);
        g_free(setup->tpm_dir);
        g_free(setup->tpm_socket);
        g_free(setup->qmp);
        g_ptr_array_unref(setup->shares);
        g_free(setup);
    }
}

/* The absolute path of the file @given of @option, which must be readable */
static bool take_file(const char *option, const char *given, char **path,
                      GError **error)
{
    if (!given) {
        return true;
    }
    *path = g_canonicalize_filename(given, NULL);
    if (g_file_test(*path, G_FILE_TEST_IS_DIR)) {
        return misuse(error, "%s: %s is a directory; name a file", option,
                      given);
    }
    if (access(*path, R_OK) < 0) {
        return misuse(error, "%s: cannot read %s: %s", option, given,
                      g_strerror(errno));
    }
    return true;
}

static bool check_together(const char *disk, const RunOptions *options,
                           GError **error)
{
    const char *arch = options->arch;

    if (!disk && !options->kernel && !options->iso) {
        return misuse(error, "nothing to start: name a disk, a --kernel or an "
                      "--iso");
    }
    if (!options->kernel && (options->initrd || options->append)) {
        return misuse(error, "%s belongs to a --kernel, and there is none",
                      options->initrd ? "--initrd" : "--append");
    }
    if (arch && strcmp(arch, "aarch64") && strcmp(arch, "arm")) {
        return misuse(error, "--arch: '%s' is neither aarch64 nor arm", arch);
    }
    if (options->secure_boot && !g_strcmp0(arch, "arm")) {
        return misuse(error, "--secure-boot needs --arch aarch64: nobody signs "
                      "loaders for 32-bit Arm");
    }
    if (options->cpus < 0 || options->cpus > MAX_CPUS) {
        return misuse(error, "--cpus: %d is not from 1 to %d", options->cpus,
                      MAX_CPUS);
    }
    if (options->ssh_port < 0 || options->ssh_port > 65535) {
        return misuse(error, "--ssh-port: %d is not from 1 to 65535",
                      options->ssh_port);
    }
    if (options->name && !vm_name_valid(options->name)) {
        return misuse(error, "--name: '%s' is no name: use letters, digits, "
                      "and - _ . in between", options->name);
    }
    return true;
}

/* What to do about a disk that cannot be opened */
static const char *way_out(int why)
{
    switch (why) {
    case ENOENT:
        return "; qemu-img create -f qcow2 FILE 20G makes an empty disk";
    case EACCES:
    case EROFS:
        return "; make a disk of your own on it: qemu-img create -f qcow2 -F "
               "FORMAT -b IMAGE FILE";
    default:
        return "";
    }
}

static bool set_disk(VmSetup *s, const char *disk, const VmRecord *record,
                     GError **error)
{
    s->disk = g_canonicalize_filename(disk, NULL);
    if (g_file_test(s->disk, G_FILE_TEST_IS_DIR)) {
        return misuse(error, "%s is a directory; name a disk image", disk);
    }
    if (access(s->disk, R_OK | W_OK) < 0) {
        return misuse(error, "%s: cannot open to write: %s%s", disk,
                      g_strerror(errno), way_out(errno));
    }
    if (s->options->format) {
        s->format = g_strdup(s->options->format);
    } else {
        s->format = g_strdup(record && record->format ? record->format :
                             disk_guess_format(s->disk));
    }
    return true;
}

/* What the loader of the disk is for; a disk that cannot be read is QEMU's. */
static void look_at_disk(VmSetup *s, const char **arch)
{
    g_autoptr(Disk) disk = NULL;
    EspReport report;

    if (!s->disk || (strcmp(s->format, "raw") && !s->qemu_img)) {
        return;
    }
    disk = disk_open(s->disk, s->format, s->qemu_img, NULL);
    if (!disk || !esp_inspect(disk, &report, NULL)) {
        return;
    }
    s->no_loader = !report.loaders[LOADER_AARCH64].found &&
                   !report.loaders[LOADER_ARM].found;
    s->disk_first = s->no_loader;
    if (report.loaders[LOADER_ARM].found &&
        !report.loaders[LOADER_AARCH64].found) {
        *arch = "arm";
    }
}

static bool set_machine(VmSetup *s, const VmRecord *record, GError **error)
{
    const RunOptions *options = s->options;
    guint64 half = (guint64)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) /
                   (2 * 1024 * 1024);
    const char *found = NULL;

    look_at_disk(s, &found);
    s->arch = "aarch64";
    if (g_strcmp0(options->arch ?: found, "arm") == 0) {
        s->arch = "arm";
    }
    if (!options->arch && !found && record &&
        !g_strcmp0(record->arch, "arm")) {
        s->arch = "arm";
    }
    s->cpu = options->cpu;
    if (!s->cpu && !strcmp(s->arch, "arm")) {
        s->cpu = "cortex-a15";
    }
    if (options->secure_boot && !strcmp(s->arch, "arm")) {
        return misuse(error, "--secure-boot: the disk is for 32-bit Arm, for "
                      "which nobody signs loaders; leave --secure-boot out");
    }
    s->cpus = options->cpus ?: MIN(g_get_num_processors(), DEFAULT_CPUS);
    if (!options->memory) {
        s->memory = MIN(strcmp(s->arch, "arm") ? DEFAULT_MIB : DEFAULT_MIB_ARM,
                        MAX(half, LEAST_MIB));
        return true;
    }
    s->memory = parse_mib(options->memory);
    if (s->memory < LEAST_MIB) {
        return misuse(error, "--memory: '%s' is no size from %dM up, such as "
                      "512M or 4G", options->memory, LEAST_MIB);
    }
    return true;
}

/* May this user make files beside the disk? */
static bool is_beside_writable(const char *path)
{
    g_autofree char *dir = g_path_get_dirname(path);

    return access(dir, W_OK) == 0;
}

/* Where variables and TPM state are: beside the disk, if that can be */
static void set_state(VmSetup *s, const VmRecord *record)
{
    bool firmware = !s->kernel || s->options->secure_boot;

    if (firmware && record && record->store) {
        s->store = g_strdup(record->store);
    } else if (firmware) {
        s->store = s->disk && is_beside_writable(s->disk) ?
                   g_strconcat(s->disk, ".nvram", NULL) : g_strdup("auto");
    }
    if (!s->options->tpm) {
        return;
    }
    if (record && record->tpm) {
        s->tpm_dir = g_strdup(record->tpm);
    } else if (s->disk && is_beside_writable(s->disk)) {
        s->tpm_dir = g_strconcat(s->disk, ".tpm", NULL);
    } else {
        s->tpm_dir = g_build_filename(g_get_user_state_dir(), "vmspec", "tpm",
                                      s->name, NULL);
    }
    s->tpm_socket = vm_run_path(s->name, "tpm");
}

static bool set_shares(VmSetup *s, GError **error)
{
    char **dirs = s->options->shares;

    s->virtiofsd = dirs ? find_program("virtiofsd") : NULL;
    for (int i = 0; dirs && dirs[i]; i++) {
        g_autofree char *file = g_strdup_printf("share%d", i);
        VmShare *share = g_new0(VmShare, 1);

        share->dir = g_canonicalize_filename(dirs[i], NULL);
        share->tag = g_strdup(file);
        share->socket = s->virtiofsd ? vm_run_path(s->name, file) : NULL;
        g_ptr_array_add(s->shares, share);
        if (!g_file_test(share->dir, G_FILE_TEST_IS_DIR)) {
            return misuse(error, "--share: %s is no directory", dirs[i]);
        }
        if (i >= MAX_SHARES) {
            return misuse(error, "--share: at most %d folders", MAX_SHARES);
        }
    }
    return true;
}

/* Is the port @port of 127.0.0.1 free? 0: choose one. Returns it, or 0. */
static int free_port(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;

    /* as QEMU binds it: connections that have ended do not count */
    if (fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
        bind(fd, (struct sockaddr *)&address, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
        address.sin_port = 0;
    }
    if (fd >= 0) {
        close(fd);
    }
    return ntohs(address.sin_port);
}

static bool set_port(VmSetup *s, const VmRecord *record, GError **error)
{
    int wanted = s->options->ssh_port;

    if (wanted) {
        s->ssh_port = s->options->dry_run ? wanted : free_port(wanted);
        return s->ssh_port || misuse(error, "--ssh-port: port %d is not free; "
                                     "leave the option out to get one that is",
                                     wanted);
    }
    s->ssh_port = record && record->ssh_port ? free_port(record->ssh_port) : 0;
    s->ssh_port = s->ssh_port ?: free_port(0);
    return s->ssh_port || bail(error, "no port of 127.0.0.1 is free for ssh");
}

/* Sockets have short names only (unix(7)). */
static bool set_sockets(VmSetup *s, GError **error)
{
    s->qmp = vm_run_path(s->name, "qmp");
    if (strlen(s->qmp) > 100) {
        return bail(error, "%s is too long for a socket: set XDG_RUNTIME_DIR "
                    "to a short path, or give a short --name", s->qmp);
    }
    return true;
}

VmSetup *setup_new(const char *disk, const RunOptions *options,
                   char **qemu_words, GError **error)
{
    g_autoptr(VmSetup) s = g_new0(VmSetup, 1);
    g_autoptr(VmRecord) record = NULL;

    s->shares = g_ptr_array_new_with_free_func((GDestroyNotify)free_share);
    s->options = options;
    s->qemu_words = qemu_words;
    if (!check_together(disk, options, error) ||
        !(s->qemu = find_qemu(options->qemu, error))) {
        return NULL;
    }
    s->qemu_img = find_qemu_img(s->qemu, NULL);
    if (disk && access(disk, F_OK) < 0 && vm_name_valid(disk)) {
        record = vm_record_load(disk, NULL);
        disk = record && record->disk ? record->disk : disk;
    }
    s->name = options->name ? g_strdup(options->name) :
              vm_name_for(disk ?: options->kernel ?: options->iso);
    if (!record) {
        record = vm_record_load(s->name, NULL);
    }
    if (record && disk && g_strcmp0(record->disk, disk)) {
        g_autofree char *full = g_canonicalize_filename(disk, NULL);

        /* the name is the user's choice, the disk a new one */
        if (g_strcmp0(record->disk, full)) {
            g_clear_pointer(&record, vm_record_free);
        }
    }
    if ((disk && !set_disk(s, disk, record, error)) ||
        !take_file("--iso", options->iso, &s->iso, error) ||
        !take_file("--kernel", options->kernel, &s->kernel, error) ||
        !take_file("--initrd", options->initrd, &s->initrd, error) ||
        !take_file("--cloud-init", options->cloud_init, &s->user_data,
                   error) ||
        !set_machine(s, record, error) || !set_sockets(s, error) ||
        !set_shares(s, error) || !set_port(s, record, error)) {
        return NULL;
    }
    set_state(s, record);
    if (s->user_data) {
        s->seed = vm_run_path(s->name, "seed");
    }
    return g_steal_pointer(&s);
}
