# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""C text for the rules: which files are ours, and their tokens."""

import os
import re

C_DIRS = ('hw', 'include', 'tools', 'firmware', 'tests')

TOKEN = re.compile(r'''
    (?P<space>   \s+ | \\\n )
  | (?P<comment> /\*.*?\*/ | //[^\n]* )
  | (?P<string>  L?"(?:\\.|[^"\\])*" | L?'(?:\\.|[^'\\])*' )
  | (?P<word>    [A-Za-z_]\w* )
  | (?P<number>  \.?\d[\w.]* )
  | (?P<op>      <<= | >>= | \.\.\. | -> | \+\+ | -- | << | >> | && | \|\|
               | [-+*/%&|^=!<>]= | . )
''', re.X | re.S)


def files(root, dirs=C_DIRS, suffixes=('.c', '.h')):
    """The files below DIRS of ROOT, outside any build directory, sorted."""
    found = []
    for top in dirs:
        for folder, subdirs, names in os.walk(os.path.join(root, top)):
            subdirs[:] = [d for d in subdirs if d != '.git' and not
                          os.path.exists(os.path.join(folder, d,
                                                      '.vmspec-build'))]
            found += [os.path.relpath(os.path.join(folder, n), root)
                      for n in names if n.endswith(suffixes)]
    return sorted(found)


def read(root, name):
    """The text of the file NAME of ROOT."""
    with open(os.path.join(root, name), encoding='utf-8',
              errors='replace') as f:
        return f.read()


def tokens(text):
    """(KIND, TEXT, LINE) of each token; no blanks, comments, directives."""
    # a directive with its continued lines, but for what a #define defines
    text = re.sub(r'^[ \t]*#[ \t]*(?!define\b)\w+(?:\\\n|[^\n])*',
                  lambda m: '\n' * m.group().count('\n'), text, flags=re.M)
    line = 1
    for m in TOKEN.finditer(text):
        if m.lastgroup not in ('space', 'comment'):
            yield m.lastgroup, m.group(), line
        line += m.group().count('\n')


def strings(text):
    """(STRING, LINE) of each string literal, without its quotes."""
    for kind, t, line in tokens(text):
        if kind == 'string' and t.endswith('"'):
            yield t[t.index('"') + 1:-1], line
