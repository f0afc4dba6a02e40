/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest under test
 *
 * Owns one QEMU process, its console, its QMP monitor and its log.  A first
 * failure sticks: what is called after it does nothing, so that a case reads
 * as a plain list of steps.  It must not know what a case looks for.
 */

#ifndef VMSPEC_TESTS_GUEST_H
#define VMSPEC_TESTS_GUEST_H

#include <glib.h>
#include <stdbool.h>

/* Seconds that a case may take: a dead guest's end, not a measure of speed. */
#define GUEST_TIME_LIMIT 240

/* The prompt of demo/profile. */
#define GUEST_PROMPT "demo:/# "

typedef struct Guest Guest;

/* The case's name, with '-' for '/', names the log. */
Guest *guest_new(const char *name);

/* Kills QEMU if it still runs; on failure prints the console's end. */
void guest_free(Guest *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Guest, guest_free)

/* Words for QEMU's command line, split as a shell does. */
void guest_add(Guest *g, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A QMP monitor; without it the command line is the user's alone. */
void guest_add_qmp(Guest *g);

/* A second -serial, read by guest_expect_uart1(). */
void guest_add_uart1(Guest *g);

void guest_launch(Guest *g);
bool guest_failed(Guest *g);
void guest_fail(Guest *g, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Waits until the text stands in what the console said since the last. */
void guest_expect(Guest *g, const char *text);
void guest_expect_uart1(Guest *g, const char *text);

/* Likewise; gives what the console said before the text. */
char *guest_until(Guest *g, const char *text);

/* Types the bytes on the console. */
void guest_type(Guest *g, const char *text);

/* Types a line and gives what the guest answers before its next prompt. */
char *guest_ask(Guest *g, const char *line);

/* The answer has the text (with has false: has it not). */
void guest_check(Guest *g, const char *answer, const char *text, bool has);

/* Runs a QMP command, given with its arguments as JSON; gives the reply. */
char *guest_qmp(Guest *g, const char *command);

/* The same, anew for as long as the reply has the text of this refusal. */
char *guest_qmp_while(Guest *g, const char *command, const char *refusal);

/* Runs a QMP command that must fail, with this text in the error. */
void guest_qmp_refused(Guest *g, const char *command, const char *refusal);

/* Runs a line of the human monitor, which must not complain. */
void guest_hmp(Guest *g, const char *line);

/* Waits for a QMP event whose line has the text. */
void guest_expect_event(Guest *g, const char *event, const char *text);

/* Waits until QEMU ends by itself, with exit status 0. */
void guest_expect_exit(Guest *g);

/* A file that the build made for the tests, QEMU's folder, a folder to use. */
char *guest_file(const char *name);
char *guest_program(const char *name);
const char *guest_folder(Guest *g);

#endif
