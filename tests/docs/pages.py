#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Print what is wrong with the sources of the manual; return 1 if anything is.

  pages.py links|tree [REPO]
  pages.py commands REPO TESTS    TESTS: meson's intro-tests.json
  pages.py blocks REPO DIR [TEST]  write the command blocks that a test runs

links     each link of a page leads to a file, and to a heading if it names one
tree      each page is in the tree of docs/index.rst, and each entry is a page
commands  a block that has a command says above itself who runs it:
          "tested: NAME, NAME", with names of tests; "run", and then the test
          docs-commands runs the block as it is; or "not run: REASON".
          Another TEST runs blocks as they are, too, if it asks for them. In
          Markdown this stands in a comment <!-- ... -->, in reStructuredText
          behind two dots.
"""

import json
import os
import re
import sys

ROOT_PAGES = ('README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md',
              'patches/README.md')
INDEX = 'docs/index.rst'
# the first word of a command, behind a prompt, sudo and variables
PROGRAMS = re.compile(
    r'^(?:[$#] |\(qemu\) |\{ |! )?(?:sudo )?(?:[A-Za-z_]\w*=\S* )*'
    r'(?:qemu-\S+|\$Q|[\w./-]*qemu-system-\S+|make|\./\S+|build/\S+|meson|ninja|'
    r'vmspec(?:-\w+)?|apt(?:-get)?|git|virsh|virt-\w+|ssh\S*|dtc|gdb\S*|lldb|'
    r'swtpm\S*|cd|curl|wget|mkdir|cp|mv|rm|mount|umount|truncate|dd|printf|sh|'
    r'virtiofsd|openssl|efi-\S+|virt-fw-\S+|cert-to-efi\S*|sbsign|python3|'
    r'cloud-localds|genisoimage|xorriso|mkfs\S*|mformat|mcopy|poweroff|lsusb|'
    r'aarch64-\S+|arm-\S+|docker|podman|dpkg\S*|scripts/\S+|tools/\S+|'
    r'(?:device|object|netdev|drive|chardev)_(?:add|del)|savevm|loadvm|'
    r'migrate|info|system_\w+|qom-\w+|tests/\S+|patch|systemctl|dnf|pacman)'
    r'(?=\s|$)')
MARK = re.compile(r'^(?:<!-- |\.\. )(tested: .*?|not run: .*?|run)(?: -->)?$')


def read(root, name):
    """The text of the file NAME of ROOT"""
    with open(os.path.join(root, name), encoding='utf-8') as f:
        return f.read()


def pages(root):
    """The names of all pages"""
    found = [p for p in ROOT_PAGES if os.path.exists(os.path.join(root, p))]
    for folder, _, names in os.walk(os.path.join(root, 'docs')):
        found += [os.path.relpath(os.path.join(folder, n), root)
                  for n in names if n.endswith(('.md', '.rst'))]
    return sorted(found)


def without_code(text):
    """TEXT without fenced blocks and code in backquotes"""
    text = re.sub(r'^```.*?^```', '', text, flags=re.M | re.S)
    return re.sub(r'`[^`\n]*`', '', text)


def anchors(text):
    """The anchors of the headings of a Markdown page, as a forge makes them"""
    found = set()
    for head in re.findall(r'^#+ +(.*)$', re.sub(
            r'^```.*?^```', '', text, flags=re.M | re.S), re.M):
        head = re.sub(r'[^\w\- ]', '', re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1',
                                               head).lower())
        found.add(head.strip().replace(' ', '-'))
    return found | set(re.findall(r'<a (?:name|id)="([^"]*)"', text)) | \
        set(re.findall(r'^\(([\w-]+)\)=$', text, re.M))


def targets(root, page):
    """Each target of a link in PAGE that is in the repository"""
    text = read(root, page)
    if page.endswith('.md'):
        found = re.findall(r'\]\(([^)\s]+)\)', without_code(text))
        return [t for t in found if not re.match(r'[a-z]+:', t)]
    found = re.findall(r'^\.\. (?:image|figure|include|literalinclude):: (\S+)',
                       text, re.M)
    for target in re.findall(r':doc:`(?:[^`<]*<)?([^`<>]+)>?`', text):
        if target.startswith('/docs/'):
            target = os.path.relpath(target[1:], os.path.dirname(page))
        if not target.startswith('/system/'):     # that is QEMU's manual
            found += [target + s for s in ('.md', '.rst') if os.path.exists(
                os.path.join(root, os.path.dirname(page), target + s))] or \
                [target]
    return found


def links(root):
    """Links that lead nowhere"""
    for page in pages(root):
        for target in targets(root, page):
            name, _, anchor = target.partition('#')
            path = os.path.normpath(os.path.join(os.path.dirname(page), name)) \
                if name else page
            if not os.path.exists(os.path.join(root, path)):
                yield f'{page}: no file {target}'
            elif anchor and path.endswith('.md') and \
                    anchor not in anchors(read(root, path)):
                yield f'{page}: no heading {target}'


def tree(root):
    """Pages that are in no tree, and entries that are no page"""
    text = read(root, INDEX)
    listed = set()
    for block in re.findall(r'^\.\. toctree::\n((?:(?: +.*)?\n)*)', text, re.M):
        listed |= {line.strip().rpartition('<')[2].rstrip('>')
                   for line in block.splitlines()
                   if line.strip() and not line.strip().startswith(':')}
    known = {os.path.splitext(p)[0] for p in pages(root)} - {'docs/index'}
    for page in sorted(known - listed):
        yield f'{page} is not in {INDEX}'
    for page in sorted(listed - known):
        yield f'{INDEX}: {page} is no page'


class Block:
    """A literal block of a page: where it is, its lines, the mark above it"""

    def __init__(self, page, line, mark):
        self.page, self.line, self.mark = page, line, mark
        self.lines = []

    def is_command(self):
        """Has it a line that a person types?"""
        return any(PROGRAMS.match(text) for text in self.lines)


def literal(lines, i, page):
    """The end of the literal block that begins at LINES[i], and its lines"""
    if page.endswith('.md') and lines[i].lstrip().startswith('```'):
        margin = len(lines[i]) - len(lines[i].lstrip())
        end = next(j for j in range(i + 1, len(lines))
                   if lines[j].strip() == '```')
        return end + 1, [text[margin:] for text in lines[i + 1:end]]
    margin = len(lines[i]) - len(lines[i].lstrip())
    end = i
    while end < len(lines) and (not lines[end].strip() or
                                lines[end].startswith(' ' * margin)):
        end += 1
    return end, [text[margin:] for text in lines[i:end]]


def begins(lines, i, page):
    """Does a literal block begin at LINES[i]?"""
    text = lines[i]
    if page.endswith('.md'):
        return text.lstrip().startswith('```') or (
            text.startswith('    ') and text.strip() and
            not (i and lines[i - 1].strip()))
    before = next((t for t in reversed(lines[:i]) if t.strip()), '')
    return text.startswith(' ') and text.strip() and \
        not lines[i - 1].strip() and (
            before.endswith('::') or before.strip().startswith('.. code-block'))


def blocks(root, page):
    """The literal blocks of PAGE, and the marks that no block follows"""
    lines = read(root, page).splitlines()
    mark, i = None, 0
    while i < len(lines):
        seen = MARK.match(lines[i].strip())
        if seen:
            if mark:
                yield Block(page, i + 1, f'two marks: {mark}')
            mark, i = seen[1], i + 1
        elif begins(lines, i, page):
            block = Block(page, i + 1, mark)
            i, block.lines = literal(lines, i, page)
            if block.is_command() or mark:
                yield block
                mark = None
        else:
            i += 1
    if mark:
        yield Block(page, len(lines), f'no block: {mark}')


def commands(root, tests):
    """Command blocks that do not say who runs them"""
    with open(tests, encoding='utf-8') as f:
        known = {test['name'].split(' / ')[-1] for test in json.load(f)}
    for page in pages(root):
        for block in blocks(root, page):
            where = f'{page}:{block.line}'
            mark = block.mark or ''
            if not mark:
                yield f'{where}: who runs it? {block.lines[0]}'
            elif mark.startswith(('two marks', 'no block')):
                yield f'{where}: {mark}'
            elif mark.startswith('tested: '):
                for name in re.split(r', *', mark[8:]):
                    if name not in known:
                        yield f'{where}: {name} is no test'


def write_blocks(root, folder, test=None):
    """Each block that a test runs as a file, by page and line"""
    for page in pages(root):
        for block in blocks(root, page):
            mark = block.mark or ''
            named = re.split(r', *', mark.removeprefix('tested: '))
            if mark == 'run' if test is None else test in named:
                name = f'{page.replace("/", "_")}:{block.line:03}'
                with open(os.path.join(folder, name), 'w',
                          encoding='utf-8') as f:
                    f.write('\n'.join(block.lines).rstrip() + '\n')
    return ()


def main():
    """As the head says"""
    what, root = sys.argv[1], (sys.argv[2:] or ['.'])[0]
    rule = {'links': links, 'tree': tree, 'commands': commands,
            'blocks': write_blocks}[what]
    found = 0
    for line in rule(root, *sys.argv[3:]):
        print(line)
        found = 1
    return found


if __name__ == '__main__':
    sys.exit(main())
