#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Print what breaks the order of the rooms, and return 1 if anything does.

  structure.py files|folders|rooms [REPO]

files    circles of files: of two that need each other, neither can be read
         first.
folders  the same of folders.
rooms    a need against the order of rooms.txt.
"""

import os
import sys

from csource import files, read
from graph import DIRS, circles, edges

ROOMS = 'tests/style/rooms.txt'


def report(ties, of):
    """Print the circles of the graph of OF, and what ties each."""
    graph, why = {}, {}
    for name, other, reason in ties:
        a, b = of(name), of(other)
        if a != b:
            graph.setdefault(a, set()).add(b)
            why.setdefault((a, b), []).append(f'{name} -> {other}: {reason}')
    groups = circles(graph)
    for group in groups:
        print(f'circle of {len(group)}: ' + ' '.join(group))
        for a in group:
            for b in sorted(graph[a] & set(group)):
                shown = why[a, b]
                print(f'  {a} -> {b}')
                for line in shown[:6]:
                    print(f'      {line}')
                if len(shown) > 6:
                    print(f'      and {len(shown) - 6} more')
    return len(groups)


def read_rooms(root):
    """FOLDER or FILE -> its rank in rooms.txt."""
    rooms, rank = {}, 0
    for line in read(root, ROOMS).splitlines():
        words = line.split('#')[0].split()
        if words:
            rank += 1
            rooms.update((w, rank) for w in words)
    return rooms


def report_rooms(root, ties):
    """Print each need of a room by one of the same or a lower line."""
    rooms, bad = read_rooms(root), set()

    def room(name):
        return name if name in rooms else os.path.dirname(name)

    for name in files(root, DIRS):
        if room(name) not in rooms:
            bad.add(f'{room(name)}: has no line in {ROOMS}')
    for name, other, reason in ties:
        a, b = room(name), room(other)
        if a != b and rooms.get(a, 0) <= rooms.get(b, 0):
            bad.add(f'upwards or sideways: {name} -> {other}: {reason}')
    for line in sorted(bad):
        print(line)
    return len(bad)


def main():
    root = sys.argv[2] if len(sys.argv) > 2 else '.'
    ties = list(edges(root))
    if sys.argv[1] == 'files':
        bad = report(ties, str)
    elif sys.argv[1] == 'folders':
        bad = report(ties, os.path.dirname)
    else:
        bad = report_rooms(root, ties)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
