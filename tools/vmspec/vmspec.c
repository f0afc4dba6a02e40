/*
 * vmspec: start and look after VMs of the machine vmspec
 *
 * The program knows no more of the machine than its manual says. What it does
 * is a command line of QEMU, which vmspec run --dry-run prints, and commands to
 * QEMU's monitor.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "text.h"

static const Command *const commands[] = {
    &command_run,
    &command_list,
    &command_check,
    &command_console,
    &command_ssh,
    &command_stop,
    &command_attach,
    &command_detach,
    &command_snapshot,
    &command_revert,
    &command_reset,
    &command_delete,
    &command_xml,
};

static const Command *find_command(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (!strcmp(commands[i]->name, name)) {
            return commands[i];
        }
    }
    return NULL;
}

static void print_help(void)
{
    printf("usage: vmspec COMMAND [OPTIONS] [ARGUMENTS]\n\n"
           "Start and look after virtual Arm machines of the machine vmspec.\n"
           "\ncommands:\n");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        printf("  %-10s %s\n", commands[i]->name, commands[i]->about);
    }
    printf("  %-10s %s\n", "help", "show the options of a command");
    printf("\nvmspec help COMMAND tells more. The first steps:\n"
           "  vmspec run debian.qcow2\n"
           "  vmspec run new.qcow2 --iso debian-arm64-netinst.iso\n\n"
           "exit status: 0 done, 1 failed, 2 mistake on the command line\n");
}

static GOptionContext *new_context(const Command *command)
{
    GOptionContext *context = g_option_context_new(command->arguments);

    g_option_context_set_summary(context, command->about);
    g_option_context_set_description(context, command->details);
    if (command->options) {
        g_option_context_add_main_entries(context, command->options, NULL);
    }
    return context;
}

static void print_command_help(const Command *command)
{
    GOptionContext *context = new_context(command);
    g_autofree char *program = g_strconcat("vmspec ", command->name, NULL);
    g_autofree char *help = NULL;

    g_set_prgname(program);
    help = g_option_context_get_help(context, true, NULL);
    fputs(help, stdout);
    g_option_context_free(context);
}

static bool print_help_of(char **words, GError **error)
{
    const Command *command;

    if (!words[0]) {
        print_help();
        return true;
    }
    if (!strcmp(words[0], "--commands")) {
        for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
            puts(commands[i]->name);
        }
        puts("help");
        return true;
    }
    command = find_command(words[0]);
    if (!command) {
        return misuse(error, "there is no command '%s'; vmspec help lists "
                      "them", words[0]);
    }
    print_command_help(command);
    return true;
}

/* Cut the words at "--", and return what is behind it; NULL: there is none. */
static char **cut_rest(char **words)
{
    for (char **word = words; *word; word++) {
        if (!strcmp(*word, "--")) {
            *word = NULL;
            return word + 1;
        }
    }
    return NULL;
}

static bool check_words(const Command *command, const Words *words,
                        GError **error)
{
    if (words->rest && !command->takes_rest) {
        return misuse(error, "%s takes nothing behind '--'", command->name);
    }
    if (words->count < command->min) {
        return misuse(error, "something is missing; it is: vmspec %s %s",
                      command->name, command->arguments);
    }
    if (words->count > command->max) {
        return misuse(error, "'%s' is too much; it is: vmspec %s%s%s",
                      words->list[command->max], command->name,
                      *command->arguments ? " " : "", command->arguments);
    }
    return true;
}

static bool run_command(const Command *command, char **args, GError **error)
{
    GOptionContext *context = new_context(command);
    Words words = { .rest = cut_rest(args) };
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) list = NULL;
    bool ok;

    /* GOption takes the program's name first */
    g_strv_builder_add(builder, command->name);
    g_strv_builder_addv(builder, (const char **)args);
    list = g_strv_builder_end(builder);
    g_option_context_set_help_enabled(context, false);
    ok = g_option_context_parse_strv(context, &list, error);
    g_option_context_free(context);
    if (!ok) {
        g_prefix_error(error, "%s: ", command->name);
        if (error && *error) {
            g_autofree char *more = g_strdup_printf(
                "%s; vmspec help %s lists the options", (*error)->message,
                command->name);

            g_free((*error)->message);
            (*error)->message = g_steal_pointer(&more);
        }
        return false;
    }
    words.list = list + 1;
    words.count = g_strv_length(words.list);
    return check_words(command, &words, error) && command->run(&words, error);
}

/* Is the error a mistake on the command line? */
static int exit_code(const GError *error)
{
    return error->domain == G_OPTION_ERROR ||
           (error->domain == VMSPEC_ERROR && error->code == EXIT_MISUSE) ?
           EXIT_MISUSE : EXIT_FAILED;
}

static bool wants_help(char **args)
{
    for (int i = 0; args[i] && strcmp(args[i], "--"); i++) {
        if (!strcmp(args[i], "--help") || !strcmp(args[i], "-h")) {
            return true;
        }
    }
    return false;
}

static bool run_words(char **argv, GError **error)
{
    const Command *command;

    if (!argv[1]) {
        return misuse(error, "no command; vmspec run DISK starts a disk, "
                      "vmspec help lists the commands");
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
        !strcmp(argv[1], "help")) {
        return print_help_of(argv + 2, error);
    }
    if (!strcmp(argv[1], "--version")) {
        printf("vmspec %s\n", VMSPEC_VERSION);
        return true;
    }
    command = find_command(argv[1]);
    if (!command) {
        return misuse(error, "there is no command '%s'; vmspec help lists "
                      "them%s", argv[1], argv[1][0] == '-' ? "" :
                      ", vmspec run DISK starts a disk");
    }
    if (wants_help(argv + 2)) {
        print_command_help(command);
        return true;
    }
    return run_command(command, argv + 2, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    bool ok;

    (void)argc;
    g_set_prgname("vmspec");
    ok = run_words(argv, &error);
    if (ok && (fflush(stdout) || ferror(stdout))) {
        ok = bail(&error, "cannot write the output: %s", g_strerror(errno));
    }
    if (!ok) {
        say("%s", error->message);
        return exit_code(error);
    }
    return EXIT_DONE;
}
