/*
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest under test
 *
 * A Guest is one QEMU process, its console, its QMP monitor and its log.  The
 * first failure ends a guest's test: every function that is called after it
 * does nothing, so that a case reads as a plain list of steps.  This file knows
 * nothing of what a case looks for.
 *
 * Every wait ends when GUEST_TIME_LIMIT is over; the case then fails.
 */

#ifndef VMSPEC_TESTS_GUEST_GUEST_H
#define VMSPEC_TESTS_GUEST_GUEST_H

#include <glib.h>
#include <stdbool.h>

/* Seconds that a guest may live. It ends a dead guest; it measures no speed. */
#define GUEST_TIME_LIMIT 240

/* The prompt of demo/profile. */
#define GUEST_PROMPT "demo:/# "

typedef struct Guest Guest;

/* guest.c: the process */

/* @name, the case's, also names the log: NAME.log with '-' for '/'. */
Guest *guest_new(const char *name);

/* Kills QEMU if it still runs.  After a failure, prints the log's end. */
void guest_free(Guest *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guest, guest_free)

/* Starts this program with these options in place of QEMU and all so far. */
void guest_set_words(Guest *g, char **words);

/* Starts QEMU from this build folder in place of the usual one. */
void guest_set_folder(Guest *g, const char *build);

/* Adds words to QEMU's command line, split as a shell does. */
void guest_add(Guest *g, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds a QMP monitor; guest_qmp() and its kin need it. */
void guest_add_qmp(Guest *g);

/* Adds a second -serial, which guest_expect_uart1() reads. */
void guest_add_uart1(Guest *g);

/*
 * Adds a character device @id that is one end of a socket pair.  Returns the
 * other end, which the caller closes.
 */
int guest_add_socket(Guest *g, const char *id);

/* Gives the guest another limit, for one that runs a guest of its own. */
void guest_set_limit(Guest *g, int seconds);

/* Starts QEMU; the time limit runs from here. */
void guest_launch(Guest *g);

/* The number of QEMU's process while it runs */
GPid guest_pid(Guest *g);

/* Waits until QEMU ends by itself; fails unless it exits with @expected. */
void guest_expect_status(Guest *g, int expected);

/* The same, with 0. */
void guest_expect_exit(Guest *g);

/* Has the case failed?  Then every other function here does nothing. */
bool guest_failed(Guest *g);

/* Fails the case for the reason of @format; a later call changes nothing. */
void guest_fail(Guest *g, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The path of a file that the build made for the tests; the caller frees it. */
char *guest_file(const char *name);

/* The path of a program in QEMU's build folder; the caller frees it. */
char *guest_program(const char *name);

/* The guest's own folder, which main() removes with all that is in it. */
const char *guest_folder(Guest *g);

/* stream.c: the console and the second UART */

/* Waits until the text appears in what was printed since the last match. */
void guest_expect(Guest *g, const char *text);

/* The same on the second UART, which guest_add_uart1() added. */
void guest_expect_uart1(Guest *g, const char *text);

/*
 * Waits in the same way; returns what was printed before the text, which the
 * caller frees.
 */
char *guest_until(Guest *g, const char *text);

/* The same on the second UART */
char *guest_until_uart1(Guest *g, const char *text);

/* Types the bytes on the console. */
void guest_type(Guest *g, const char *text);

/* The same on the second UART */
void guest_type_uart1(Guest *g, const char *text);

/* Types a line; returns what the guest prints before its next prompt. */
char *guest_ask(Guest *g, const char *line);

/* Fails if the answer lacks the text; with @has false, if it has the text. */
void guest_check(Guest *g, const char *answer, const char *text, bool has);

/* qmp.c: the monitor */

/*
 * Runs a QMP command, which is JSON with ' for ".  Returns the reply, which the
 * caller frees; an error fails the case.
 */
char *guest_qmp(Guest *g, const char *command);

/*
 * Runs the command again and again while QEMU refuses it with this error.  It
 * is for refusals whose end QEMU sends no event for.
 */
char *guest_qmp_retry(Guest *g, const char *command, const char *refusal);

/* Runs a QMP command, which must fail with this text in the error. */
void guest_qmp_refused(Guest *g, const char *command, const char *refusal);

/* Runs a line of the human monitor, which must print nothing. */
void guest_hmp(Guest *g, const char *line);

/*
 * Waits for the next QMP event of this name that has the text.  Events are kept
 * until they are expected: none is lost while a command runs.  Those that came
 * before the expected one are dropped.
 */
void guest_expect_event(Guest *g, const char *event, const char *text);

/*
 * Waits until the device @id is deleted.  Its children, such as the backend of
 * a virtio device, have events of their own before that one.
 */
void guest_expect_deleted(Guest *g, const char *id);

/* Starts a migration to the file. */
void guest_migrate(Guest *g, const char *file);

/* Waits until that migration is complete. */
void guest_expect_migrated(Guest *g);

#endif
