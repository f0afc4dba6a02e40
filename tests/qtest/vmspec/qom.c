/*
 * vmspec tests: properties of QOM objects, read by QMP
 *
 * See qom.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qbool.h"
#include "qobject/qdict.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#include "qom.h"

static char *value_text(QObject *value)
{
    int64_t n;

    if (qobject_to(QString, value)) {
        return g_strdup(qstring_get_str(qobject_to(QString, value)));
    }
    if (qobject_to(QBool, value)) {
        return g_strdup(qbool_get_bool(qobject_to(QBool, value)) ? "on" :
                        "off");
    }
    g_assert_nonnull(qobject_to(QNum, value));
    g_assert_true(qnum_get_try_int(qobject_to(QNum, value), &n));
    return g_strdup_printf("%" PRId64, n);
}

char *qom_text(QTestState *qts, const char *path, const char *name)
{
    QDict *response = qtest_qmp(qts, "{'execute': 'qom-get', 'arguments': {"
                                "'path': %s, 'property': %s}}", path, name);
    char *text;

    g_assert_true(qdict_haskey(response, "return"));
    text = value_text(qdict_get(response, "return"));
    g_test_message("%s %s: %s", path, name, text);
    qobject_unref(response);
    return text;
}
