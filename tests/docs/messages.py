#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Compare the messages of the sources with docs/messages.txt.

  messages.py missing|stale [REPO]

missing   messages of the sources that no line of the list has a part of
stale     lines of the list that no message has

A message is the text of error_setg(), warn_report() and the like in what runs for a
user, what the firmware prints by Say() and Print(), and the first argument of die and
note in the build's scripts. What changes from case to case is a star in both.
"""

import os
import re
import sys

LIST = 'docs/messages.txt'
# functions whose first string is a message; of MISTAKE(), any string may be
CALLS = {
    'error_setg', 'error_setg_errno', 'error_report', 'error_report_once',
    'warn_report', 'warn_report_once', 'info_report', 'error_prepend',
    'vmspec_refuse', 'vmspec_image_refuse', 'MISTAKE', 'g_set_error', 'fail',
    'bad', 'bail', 'misuse', 'mistake', 'store_failed', 'g_error', 'Say', 'Print', 'refuse',
}
# what these make may be a message
MAYBE = {'g_strdup_printf', 'g_strdup', 'snprintf', 'g_prefix_error'}
# a hint, where a function's message is a variable
HINT = 'Give it as '
DIRS = ('hw', 'include', 'tools', 'firmware/VmspecPkg')
# what no user runs, and what is a detail of a message that is in the list
SKIPPED = ('tools/docs/', 'tools/registry/', 'tools/build/docs.sh')
SCRIPTS = ('tools/build', 'firmware')
WORDS = re.compile(r'[a-z]{2,}[ =:,].*[a-z]{2,}')


def normal(text):
    """TEXT with a star for each part that is filled in"""
    text = re.sub(r'%-?[#0-9.*]*(?:ll|l|z|h)*[a-zA-Z]?', '*', text)
    text = re.sub(r'\\[nr"]', ' ', text)
    return re.sub(r'\s+', ' ', re.sub(r'\*+', '*', text)).strip()


def arguments(toks, i):
    """The arguments of the call whose parenthesis is TOKS[i]"""
    depth, found, current = 0, [], []
    for kind, text, _ in toks[i:]:
        depth += {'(': 1, ')': -1}.get(text, 0)
        if depth == 0:
            break
        if depth == 1 and text == ',':
            found.append(current)
            current = []
        else:
            current.append((kind, text))
    return found + [current]


def c_messages(root, calls):
    """(PLACE, MESSAGE) of the CALLS in the C sources"""
    from csource import files, read, tokens     # beside the rules of style
    for name in files(root, DIRS, ('.c', '.h')):
        if name.startswith(SKIPPED):
            continue
        toks = list(tokens(read(root, name)))
        for i, (kind, word, line) in enumerate(toks[:-1]):
            if kind != 'word' or word not in calls or toks[i + 1][1] != '(':
                continue
            texts = [''.join(t[t.index('"') + 1:-1] for k, t in a
                             if k == 'string' and t.endswith('"'))
                     for a in arguments(toks, i + 1)]
            texts = [t for t in texts if t]
            said = normal(' '.join(texts) if word == 'MISTAKE' else
                          (texts or [''])[0])
            if WORDS.search(said) and not said.startswith(HINT):
                yield f'{name}:{line}', said


def script_messages(root):
    """(PLACE, MESSAGE) of the scripts of the build"""
    for top in SCRIPTS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(n for n in names if n.endswith('.sh')):
                path = os.path.join(folder, name)
                with open(path, encoding='utf-8') as f:
                    text = f.read()
                for m in re.finditer(
                        r'(?<![-\w])(?:die|note) (?:"((?:\\.|[^"\\])*)"|'
                        r"'([^']*)')", text):
                    said = re.sub(r'\$\{[^}]*\}|\$\([^)]*\)|\$\w+', '*',
                                  m[1] or m[2])
                    if re.search(r'[a-z]{2,}', said.replace('*', '')) and \
                            not said.startswith('*') or ' ' in said:
                        line = text[:m.start()].count('\n') + 1
                        yield f'{os.path.relpath(path, root)}:{line}', \
                            normal(said)


def entries(root):
    """The parts of messages that the list has"""
    with open(os.path.join(root, LIST), encoding='utf-8') as f:
        return [line.partition(' | ')[0] for line in f
                if ' | ' in line and not line.startswith('#')]


def main():
    """As the head says"""
    what, root = sys.argv[1], (sys.argv[2:] or ['.'])[0]
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(
        __file__)), '../style'))
    calls = CALLS if what == 'missing' else CALLS | MAYBE
    found = list(c_messages(root, calls)) + list(script_messages(root))
    parts = entries(root)
    bad = 0
    if what == 'missing':
        for place, message in found:
            if not any(part in message for part in parts):
                print(f'{place}: not in {LIST}: {message}')
                bad += 1
    else:
        for part in parts:
            if not any(part in message for _, message in found):
                print(f'{LIST}: no message has: {part}')
                bad += 1
    if len(found) < 150:
        print(f'only {len(found)} messages in the sources')
        bad += 1
    return bad > 0


if __name__ == '__main__':
    sys.exit(main())
