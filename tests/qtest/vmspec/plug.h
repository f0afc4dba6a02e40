/*
 * vmspec tests: device_add and device_del by QMP, and their errors
 *
 * libqtest's qtest_qmp_device_add() and qtest_qmp_device_del() are for what
 * succeeds at once.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_PLUG_H
#define VMSPEC_TEST_PLUG_H

#include "../libqtest.h"

/* QMP's @response is an error with the words @why; drops the response. */
void plug_assert_error(QDict *response, const char *why);

/*
 * device_add with the arguments of @fmt, a JSON object, fails with an error
 * that has the words @why.
 */
void plug_refused(QTestState *qts, const char *why, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);

/* device_del of @id fails with an error that has the words @why. */
void plug_removal_refused(QTestState *qts, const char *id, const char *why);

/* device_del of @id succeeds: the guest is asked for the device. */
void plug_request_removal(QTestState *qts, const char *id);

#endif
