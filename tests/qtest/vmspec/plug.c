/*
 * vmspec tests: device_add and device_del by QMP, and their errors
 *
 * See plug.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "plug.h"

void plug_assert_error(QDict *response, const char *why)
{
    const char *text;

    g_assert_true(qdict_haskey(response, "error"));
    text = qdict_get_str(qdict_get_qdict(response, "error"), "desc");
    g_test_message("'%s' in the error: %s", why, text);
    g_assert_nonnull(strstr(text, why));
    qobject_unref(response);
}

void plug_refused(QTestState *qts, const char *why, const char *fmt, ...)
{
    QDict *arguments;
    va_list ap;

    va_start(ap, fmt);
    arguments = qdict_from_vjsonf_nofail(fmt, ap);
    va_end(ap);
    plug_assert_error(qtest_qmp(qts, "{'execute': 'device_add',"
                                " 'arguments': %p}", arguments), why);
}

void plug_removal_refused(QTestState *qts, const char *id, const char *why)
{
    plug_assert_error(qtest_qmp(qts, "{'execute': 'device_del',"
                                " 'arguments': {'id': %s}}", id), why);
}

void plug_request_removal(QTestState *qts, const char *id)
{
    qtest_qmp_assert_success(qts, "{'execute': 'device_del',"
                             " 'arguments': {'id': %s}}", id);
}
