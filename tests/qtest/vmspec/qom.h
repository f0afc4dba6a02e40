/*
 * vmspec tests: properties of QOM objects, read by QMP
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_QOM_H
#define VMSPEC_TEST_QOM_H

#include "../libqtest.h"

/*
 * The property @name of the object at @path as text: a string as it is, a
 * number in decimal, a bool as "on" or "off". g_free() it. A property that
 * does not exist, or is of another type, fails the test.
 */
char *qom_text(QTestState *qts, const char *path, const char *name);

#endif
