# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""The cases, and how their verdicts are printed: as TAP.

A case is a function that prints what it saw by say(), raises AssertionError or
anything else if it fails, and Skip if it cannot be checked here.
"""

import fnmatch
import os
import signal
import sys
import time
import traceback

CASE_SECONDS = 300
cases = []          # (name, function), in the order of running
at_failure = []     # functions that print what helps to understand a failure
at_end = []         # functions that clean up behind each case


class Skip(Exception):
    pass


def case(name, function=None, *args):
    """Add a case: as a decorator, or case(NAME, FUNCTION, ARGUMENTS...)."""
    def add(f):
        cases.append((name, lambda: f(*args)))
        return f
    return add(function) if function else add


def say(*words):
    for line in ' '.join(str(w) for w in words).splitlines():
        print('#   ' + line)


def expect(what, seen, wanted):
    """Say what was seen; fail if it is not what is wanted."""
    say('%s: %s' % (what, seen))
    assert seen == wanted, '%s: %r is not %r' % (what, seen, wanted)


def too_late(signum, frame):
    raise TimeoutError('the case took longer than %d seconds' % CASE_SECONDS)


def run_case(number, name, function):
    began = time.monotonic()
    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(CASE_SECONDS)
    verdict, why = 'ok', ''
    print('# %s' % name)
    try:
        function()
    except Skip as e:
        why = ' # SKIP %s' % e
    except Exception as e:
        verdict = 'not ok'
        signal.alarm(0)
        where = ['%s:%d' % (os.path.basename(f.filename), f.lineno)
                 for f in traceback.extract_tb(e.__traceback__)[2:]]
        print('%s: %s: %s: %s' % (name, ' '.join(where), type(e).__name__, e),
              file=sys.stderr)
        for show in at_failure:
            show()
    signal.alarm(0)
    for clean in at_end:
        clean()
    print('%s %d - %s%s' % (verdict, number, name, why))
    print('#   %.1f s' % (time.monotonic() - began))
    return verdict == 'ok'


def chosen(patterns):
    return [(name, f) for name, f in cases if not patterns or
            any(fnmatch.fnmatch(name, p) for p in patterns)]


def run(patterns):
    todo = chosen(patterns)
    print('1..%d' % len(todo))
    good = [run_case(n + 1, name, f) for n, (name, f) in enumerate(todo)]
    print('# %d of %d cases passed' % (sum(good), len(good)))
    return 0 if all(good) else 1
