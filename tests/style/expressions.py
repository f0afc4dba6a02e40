#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Print each expression that a reader must decode: a ?: inside a ?:, and
arithmetic or a comparison on the result of "!".

  expressions.py nested|booleans [REPO]
"""

import sys

from csource import files, read, tokens

ARITHMETIC = {'+', '-', '*', '/', '%', '+=', '-=', '*=', '<<', '>>',
              '==', '!=', '<', '>', '<=', '>='}
CLOSE = {'(': ')', '[': ']', '{': '}'}


def nested(toks):
    """The lines of each ? in an operand of another ?, whatever the brackets."""
    stack = [[0, False]]        # a bracket: its open ?, and is this behind a :
    for i, (_, t, line) in enumerate(toks):
        top = stack[-1]
        if t in CLOSE:
            stack.append([0, False])
        elif t in CLOSE.values():
            if len(stack) > 1:
                stack.pop()
            if t == '}':
                stack[-1] = [0, False]
        elif t in (',', ';'):
            stack[-1] = [0, False]
        elif t == '?' and toks[i + 1][1] != ':':
            if any(n or behind for n, behind in stack):
                yield line
            top[0] += 1
        elif t == ':' and top[0]:
            top[0] -= 1
            top[1] = True


def after_operand(toks, i):
    """The index behind the unary operand that starts at I."""
    while toks[i][1] in ('!', '*', '&', '-', '~'):
        i += 1
    depth = 0
    while i < len(toks):
        kind, t, _ = toks[i]
        if t in ('(', '['):
            depth += 1
        elif t in (')', ']'):
            if not depth:
                break
            depth -= 1
        elif not depth and kind == 'op' and t not in ('.', '->'):
            break
        i += 1
    return i


def booleans(toks):
    """The lines of each ! that is an operand of arithmetic or comparison."""
    for i, (_, t, line) in enumerate(toks):
        if t != '!' or not i or toks[i - 1][1] == '!':
            continue
        behind = after_operand(toks, i)
        if toks[i - 1][1] in ARITHMETIC or (
                behind < len(toks) and toks[behind][1] in ARITHMETIC):
            yield line


def main():
    rule = {'nested': nested, 'booleans': booleans}[sys.argv[1]]
    root = sys.argv[2] if len(sys.argv) > 2 else '.'
    found = 0
    for name in files(root):
        text = read(root, name)
        for line in sorted(set(rule(list(tokens(text))))):
            print(f'{name}:{line}: {text.splitlines()[line - 1].strip()}')
            found = 1
    return found


if __name__ == '__main__':
    sys.exit(main())
