#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# MAINTAINERS in both directions: each pattern names a file, and each file but
# those at the top has an entry.
#
#   maintainers.py             run in the repository; prints what is wrong

import fnmatch
import os
import sys


def files():
    for folder, folders, names in os.walk('.'):
        folders[:] = [d for d in folders if d != '.git' and not os.path.exists(
            os.path.join(folder, d, '.vmspec-build'))]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name))


def names(pattern, path):
    """QEMU's rules: "dir/" is all below it, "dir/*" all directly in it."""
    if pattern.endswith('/'):
        return path.startswith(pattern)
    return (fnmatch.fnmatch(path, pattern) and
            path.count('/') == pattern.count('/'))


paths = list(files())
patterns = [line.split()[1] for line in open('MAINTAINERS')
            if line.startswith('F:')]
wrong = ['MAINTAINERS: no file is named by ' + pattern for pattern in patterns
         if not any(names(pattern, path) for path in paths)]
wrong += ['MAINTAINERS: no entry for ' + path for path in sorted(paths)
          if '/' in path and '__pycache__' not in path and
          not any(names(pattern, path) for pattern in patterns)]
print('\n'.join(wrong) or '%d patterns, %d files' % (len(patterns), len(paths)))
sys.exit(bool(wrong))
