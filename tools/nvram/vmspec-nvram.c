/*
 * vmspec-nvram: look at and change a store of UEFI variables
 *
 * vmspec-nvram --help lists the commands (nvram-commands.c). FILE is a store's
 * file, or the name of a VM: of vmspec run, or of nvram=auto. VARIABLE is
 * NAME-GUID, or the NAME of one of EFI's global variables. A file is raw if its
 * name ends in .fd or .raw, else qcow2; --format= says otherwise. No VM may use
 * the file.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nvram-commands.h"
#include "registry/registry.h"

#define EXIT_MISTAKE 2

/* What the options say, which may stand anywhere */
typedef struct Options {
    StoreFormat format;
    bool json;
    bool help;
    bool version;
} Options;

/* Set @options by the option @text. Returns false if @text is none. */
static bool parse_option(const char *text, Options *options)
{
    static const char *const formats[] = {
        [STORE_FORMAT_AUTO] = "--format=auto",
        [STORE_FORMAT_RAW] = "--format=raw",
        [STORE_FORMAT_QCOW2] = "--format=qcow2",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (!strcmp(text, formats[i])) {
            options->format = i;
            return true;
        }
    }
    options->json |= !strcmp(text, "--json");
    options->help |= !strcmp(text, "--help") || !strcmp(text, "-h");
    options->version |= !strcmp(text, "--version");
    return !strcmp(text, "--json") || !strcmp(text, "--help") ||
           !strcmp(text, "-h") || !strcmp(text, "--version");
}

/*
 * Is the word @text, behind @count others, meant as an option? In the place of
 * FILE a file may have such a name, and in those behind it anything may.
 */
static bool looks_like_option(const char *text, int count)
{
    return (count == 0 && g_str_has_prefix(text, "-")) ||
           (count == 1 && g_str_has_prefix(text, "--") &&
            access(text, F_OK) < 0);
}

static void print_help(void)
{
    printf("usage: vmspec-nvram [OPTIONS] COMMAND FILE|NAME [ARGUMENTS]\n\n"
           "Look at and change the UEFI variables of a VM that is stopped.\n\n"
           "commands:\n");
    for (const NvramCommand *c = nvram_commands; c->name; c++) {
        printf("  %-10s FILE%-30s %s\n", c->name, c->args, c->about);
    }
    printf("\noptions:\n"
           "  --format=FORMAT   raw, qcow2 or auto: by the file's name\n"
           "  --json            print JSON\n"
           "  --help, --version\n\n"
           "FILE may be the name of a VM. VARIABLE is NAME-GUID, or NAME for "
           "EFI's own.\n"
           "exit status: 0 done, 1 failed, 2 mistake on the command line\n");
}

static int G_GNUC_PRINTF(1, 2) mistake(const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, format);
    text = g_strdup_vprintf(format, ap);
    va_end(ap);
    fprintf(stderr, "vmspec-nvram: %s\n", text);
    return EXIT_MISTAKE;
}

static const NvramCommand *find_command(const char *name)
{
    for (const NvramCommand *c = nvram_commands; c->name; c++) {
        if (!strcmp(c->name, name)) {
            return c;
        }
    }
    return NULL;
}

/* The path of the store that the user calls @text, for the caller to free */
static char *find_path(const char *text, NvramAccess access_kind)
{
    char *path = NULL;

    if (access_kind != NVRAM_NO_STORE && !strchr(text, '/') &&
        access(text, F_OK) < 0) {
        path = vm_store_path(text);
    }
    return path ?: g_strdup(text);
}

/* Open the store as the command needs it. */
static bool open_store(NvramCall *call, NvramAccess access_kind,
                       GError **error)
{
    switch (access_kind) {
    case NVRAM_NO_STORE:
        return true;
    case NVRAM_ANY_STORE:
        call->store = store_file_open_any(call->path, call->format, error);
        break;
    default:
        call->store = store_file_open(call->path, call->format,
                                      access_kind == NVRAM_CHANGE, error);
        break;
    }
    return call->store;
}

/* Write what stdio still holds: the disk of the output may be full. */
static bool flush_output(GError **error)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return true;
    }
    g_set_error(error, STORE_ERROR, errno, "cannot write the output: %s",
                g_strerror(errno));
    return false;
}

static int run(const NvramCommand *command, char **words,
               const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = find_path(words[1], command->access);
    NvramCall call = {
        .path = path, .format = options->format, .args = words + 2,
        .json = options->json,
    };
    NvramAccess access_kind = command->access;
    bool ok;

    /* without a number boot-order only shows */
    if (command->max > 3 && !call.args[0]) {
        access_kind = NVRAM_READ;
    }
    ok = open_store(&call, access_kind, &error) &&
         command->run(&call, &error) && flush_output(&error);
    store_file_free(call.store);
    if (!ok) {
        fprintf(stderr, "vmspec-nvram: %s\n", error->message);
    }
    return ok ? 0 : 1;
}

/* Run the command that the @count @words name, without the options. */
static int run_words(char **words, int count, const Options *options)
{
    const NvramCommand *command;

    if (options->help) {
        print_help();
        return 0;
    }
    if (options->version) {
        printf("vmspec-nvram %s\n", VMSPEC_VERSION);
        return 0;
    }
    if (!count) {
        return mistake("no command; vmspec-nvram --help lists them");
    }
    command = find_command(words[0]);
    if (!command) {
        return mistake("there is no command '%s'; vmspec-nvram --help lists "
                       "them", words[0]);
    }
    if (count - 2 < command->min) {
        return mistake("something is missing; it is: vmspec-nvram %s FILE%s",
                       command->name, command->args);
    }
    if (count - 2 > command->max) {
        return mistake("'%s' is too much; it is: vmspec-nvram %s FILE%s",
                       words[command->max + 2], command->name, command->args);
    }
    return run(command, words, options);
}

int main(int argc, char **argv)
{
    g_autofree char **words = g_new0(char *, argc + 1);
    Options options = { .format = STORE_FORMAT_AUTO };
    int count = 0;

    /* A write beyond the limit for a file's size fails then (setrlimit(2)). */
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 1; i < argc; i++) {
        if (parse_option(argv[i], &options)) {
            continue;
        }
        if (looks_like_option(argv[i], count)) {
            return mistake("there is no option '%s'; vmspec-nvram --help "
                           "lists them", argv[i]);
        }
        words[count++] = argv[i];
    }
    return run_words(words, count, &options);
}
