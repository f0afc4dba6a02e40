#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Read the log of meson's tests: a JSON object a line, a test each.

    testlog.py count LOG     "N passed, N failed, N skipped": each line of a TAP
                             test, and as one what crashed or ran out of time;
                             the exit status is 0 if none failed and some passed
    testlog.py passed LOG    the names of TAP lines that passed, none skipped
"""

import json
import re
import sys

# the number is there in all our tests, the dash and the name in most
TAP_LINE = re.compile(r'(not )?ok\b *\d* *(?:- )?([^#]*?) *(?:# *(.*))?$')


def tests(path):
    with open(path, encoding='utf-8') as log:
        return [json.loads(line) for line in log]


def tap_lines(test):
    """(name, 'passed', 'failed' or 'skipped') of each line; none if no TAP"""
    lines = (test.get('stdout') or '').splitlines()
    if not any(re.match(r'1\.\.\d', line) for line in lines):
        return
    for match in filter(None, map(TAP_LINE.match, lines)):
        bad, name, comment = match.groups()
        directive = (comment or '')[:4].lower()
        # a known fault, with its reason, is skipped too
        if directive == ('todo' if bad else 'skip'):
            yield name, 'skipped'
        else:
            yield name, 'failed' if bad else 'passed'


def count(path):
    total = {'passed': 0, 'failed': 0, 'skipped': 0}
    for test in tests(path):
        here = dict.fromkeys(total, 0)
        for _, verdict in tap_lines(test):
            here[verdict] += 1
        result = test['result']
        if result not in ('OK', 'SKIP', 'EXPECTEDFAIL'):
            if not here['failed'] or result == 'TIMEOUT':
                here['failed'] += 1
        elif not here['passed'] and not here['skipped']:
            here['skipped' if result == 'SKIP' else 'passed'] += 1
        for verdict, number in here.items():
            total[verdict] += number
    print('{passed} passed, {failed} failed, {skipped} skipped'.format(**total))
    return 1 if total['failed'] or not total['passed'] else 0


def passed(path):
    for test in tests(path):
        for name, verdict in tap_lines(test):
            if verdict == 'passed':
                print(name)
    return 0


if __name__ == '__main__':
    commands = {'count': count, 'passed': passed}
    if len(sys.argv) != 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]](sys.argv[2]))
