# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Which file needs which: by #include, and by each use of a function or
variable that a header declares and another file defines."""

import os
import re
import subprocess

from csource import files, read, tokens

DIRS = ('hw', 'include', 'firmware/VmspecPkg', 'tools')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)


def included(root, name, known):
    """(FILE, LINE) of each file of ours that the file NAME includes."""
    here = os.path.dirname(name)
    text = read(root, name)
    for m in INCLUDE.finditer(text):
        for base in (here, '', 'include', 'firmware/VmspecPkg/Include'):
            path = os.path.normpath(os.path.join(base, m.group(1)))
            if path in known:
                yield path, text.count('\n', 0, m.start()) + 1
                break


def definitions(root, names):
    """NAME -> the files that define what a header declares: the functions and
    variables that another file can use."""
    declared, found = set(), {}
    out = subprocess.run(
        ['ctags', '--languages=C', '--langmap=C:.c.h', '--kinds-C=fvpx',
         '--fields=fk', '-D', 'STATIC=static', '-D', 'EFIAPI=', '--sort=no',
         '-L', '-', '-f', '-'], cwd=root, input='\n'.join(names), text=True,
        check=True, stdout=subprocess.PIPE).stdout
    for line in out.splitlines():
        name, path, *rest = line.split('\t')
        if name.startswith('!'):
            continue
        if path.endswith('.h') and ('p' in rest or 'x' in rest):
            declared.add(name)
        elif ('f' in rest or 'v' in rest) and 'file:' not in rest:
            found.setdefault(name, set()).add(path)
    return {n: found[n] for n in found if n in declared}


def edges(root, dirs=DIRS):
    """(FILE, FILE, why) for each need of one file by another."""
    names = files(root, dirs)
    known = set(names)
    defined = definitions(root, names)
    for name in names:
        for other, line in included(root, name, known):
            yield name, other, f'includes it in line {line}'
        seen = set()
        if name.endswith('.h'):
            continue            # it declares and calls nothing
        for kind, word, line in tokens(read(root, name)):
            where = defined.get(word, ())
            if kind != 'word' or not where or word in seen or name in where:
                continue
            seen.add(word)
            near = [w for w in where
                    if os.path.dirname(w) == os.path.dirname(name)]
            for other in near or where:
                yield name, other, f'line {line} uses its {word}()'


def circles(graph):
    """The strongly connected groups of more than one node (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            group = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found
