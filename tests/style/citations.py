#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Print each citation of docs/platform.md that does not resolve, and return 1
if there is one.

  citations.py form|sections|rules|uncited|facts [REPO]

form      a section is cited as "platform.md, section 4.5" or "platform.md,
          sections 2 and 7", and one of another document by its name:
          "UEFI 2.10 section 8.2". No other words name the contract's sections.
sections  each cited section is a heading or a numbered sentence of the page
rules     each rule ID (H3, B_MEM_02) is a row of the page's last table
uncited   each row of that table is cited outside it
facts     each line of the tests' oracle is below a comment that names its
          section; its regions and SPIs are those of the page's tables
"""

import functools
import os
import re
import sys

PAGE = 'docs/platform.md'
ORACLE = 'tests/data/contract.txt'
UNITS = {'bytes': 1, 'KiB': 1 << 10, 'MiB': 1 << 20, 'GiB': 1 << 30}
# what a machine wrote or reads byte by byte cites nothing
SKIPPED = ('LICENSE', 'tests/data/vmspec/', 'tests/data/nvram',
           'tests/data/pcie-corpus/', 'tests/data/streams/',
           'tests/data/varstore-corpus/')

NUMBER = r'[0-9]+(?:\.[0-9]+)*'
LIST = rf'{NUMBER}(?:(?:, | and |, and | to ){NUMBER})*'
OURS = re.compile(rf'platform\.md[`\])>_]*,? sections? ({LIST})')
ANY = re.compile(rf'\b[Ss]ections? {NUMBER}')
# another document: a name, its version, its volume
OTHER = re.compile(r'\b(?:UEFI|PI|ACPI|PCIe|PCI|BSA|VBSA|SBSA|SBBR|EBBR|SMBIOS|'
                   r'PE/COFF|Devicetree|IORT|JESD[0-9]+|GIC|SMMUv3|PSCI|RFC)'
                   r'(?: [A-Z]?[0-9][\w.]*)?(?:,? (?:volume|part) [0-9]+)?,? $')
LOOSE = re.compile(r'\b[Pp]latform page|\b[Cc]ontract,? sections? [0-9]|'
                   r'\bcontract,? [0-9]|'
                   r'\bsections? [0-9.]+ of the (?:contract|vmspec|platform)')
RULE = re.compile(r'(?<![\w.-])(?:[AFGHIP][1-9]|ITS(?:_DEV)?_[0-9]+|'
                  r'B_(?:PE|MEM|GIC|PPI|SMMU|TIME|WAK|WD|PER|SEC)_[0-9]+|'
                  r'V_L[0-9][A-Z]{2}_[0-9]+|S_L[0-9][A-Z]{2}_[0-9]+|'
                  r'PCI_(?:IN|MM|MSI|LI|SM|IC|IO|PP|PAS|PTM|IEP)_[0-9]+)'
                  r'(?![\w-])')


def texts(root):
    """(NAME, TEXT) of each file of the repository that can cite."""
    for folder, subdirs, names in os.walk(root):
        subdirs[:] = sorted(d for d in subdirs if d != '.git' and not
                            os.path.exists(os.path.join(folder, d,
                                                        '.vmspec-build')))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if not path.startswith(SKIPPED) and '__pycache__' not in path:
                with open(os.path.join(root, path), 'rb') as f:
                    yield path, f.read().decode('utf-8', 'replace')


def unbroken(text):
    """TEXT with each end of a line, and the comment sign behind it, made one
    blank; and the line of each character of that."""
    out, lines, line, last = [], [], 1, 0
    for m in re.finditer(r'[ \t]*"?\n[ \t]*(?:\*(?!/)|//|#|"|>|\|)*[ \t]*', text):
        piece = text[last:m.start()] + ' '
        out.append(piece)
        lines += [line] * len(piece)
        line += 1
        last = m.end()
    out.append(text[last:])
    lines += [line] * len(text[last:])
    return ''.join(out), lines


@functools.lru_cache
def page(root):
    """The numbers of the page's sections, and its rules with their lines."""
    with open(os.path.join(root, PAGE), encoding='utf-8') as f:
        text = f.read()
    numbers = set(re.findall(rf'^(?:##+|-) ({NUMBER})\.? ', text, re.M))
    rules = dict.fromkeys(re.findall(rf'^\| ({RULE.pattern}) \|', text, re.M))
    return text, numbers, rules


def check_form(root, name, text):
    del root
    flat, lines = unbroken(text)
    for m in ANY.finditer(flat):
        before = flat[max(0, m.start() - 40):m.start()]
        if not (re.search(r'platform\.md[`\])>_]*,? $', before) or
                OTHER.search(before) or name == PAGE):
            yield lines[m.start()], m.group()
    for m in LOOSE.finditer(flat):
        yield lines[m.start()], m.group()


def check_sections(root, name, text):
    numbers = page(root)[1]
    flat, lines = unbroken(text)
    found = [(m.start(), m.group(1)) for m in OURS.finditer(flat)]
    if name == PAGE:
        found += [(m.start(), m.group(1)) for m in
                  re.finditer(rf'\b[Ss]ections? ({LIST})', flat)]
    if name == 'tests/data/pcie-rules.txt':
        found += [(m.start(), m.group(1)) for m in
                  re.finditer(rf'(?<![\w.])({NUMBER}\.{NUMBER}) \| ', flat)]
    for at, cited in found:
        for number in re.findall(NUMBER, cited):
            if number not in numbers:
                yield lines[at], f'section {number}'


def check_rules(root, name, text):
    del name
    rules = page(root)[2]
    for n, line in enumerate(text.splitlines(), 1):
        for rule in RULE.findall(line):
            if rule not in rules:
                yield n, rule


def uncited(root):
    """The rows of the table that nothing but the table itself has."""
    text, _, rules = page(root)
    table = re.compile(rf'^\| {RULE.pattern} \|.*$', re.M)
    cited = set(RULE.findall(table.sub('', text)))
    for name, body in texts(root):
        if name != PAGE and not name.startswith('docs/'):
            cited.update(RULE.findall(body))
    return [rule for rule in rules if rule not in cited]


def size_of(text):
    """The bytes that a cell of the page's map says, None if options decide."""
    text = text.replace('_', '')
    m = re.fullmatch(r'(?:up to )?(?:([0-9]+) x )?([0-9]+) (bytes|[KMG]iB)', text)
    if m:
        return int(m.group(1) or 1) * int(m.group(2)) * UNITS[m.group(3)]
    return int(text, 16) if text.startswith('0x') else None


def page_facts(text):
    """What the tables of the page say: REGION -> (base, size), LINE -> SPIs."""
    regions, spis = {}, {}
    for line in text.splitlines():
        cells = [c.strip() for c in line.split('|')[1:-1]]
        if len(cells) == 4 and re.match('0x[0-9A-F_]+$', cells[1]):
            regions[cells[0]] = (int(cells[1].replace('_', ''), 16),
                                 size_of(cells[2]))
        m = re.match(r'SPI ([0-9]+)(?: to ([0-9]+))?', cells[1]) \
            if len(cells) == 3 else None
        if m:
            first = int(m.group(1))
            spis[cells[0].split()[0]] = (first, int(m.group(2) or first))
    return regions, spis


def facts(root):
    """What the oracle has and the page has not, and the other way round."""
    regions, spis = page_facts(page(root)[0])
    # the page names the interrupts of two regions by what they are
    spis['pcie-ecam'] = spis.pop('PCIe')
    spis['watchdog-control'] = spis.pop('watchdog')
    section = None
    with open(os.path.join(root, ORACLE), encoding='utf-8') as f:
        for n, line in enumerate(f, 1):
            section = OURS.search(line) or section
            word = line.split('#')[0].split()
            if word and not section:
                yield f'{ORACLE}:{n}: no comment above it says its section'
            if word[:1] == ['region']:
                base, size = regions.pop(word[1], (None, None))
                if base != int(word[2], 16) or \
                        size not in (None, int(word[3], 0)):
                    yield f'{ORACLE}:{n}: {word[1]} is another in {PAGE}'
            if word[:1] == ['irq'] and word[1] != 'virtio-mmio':
                first, count = int(word[2]), int(word[3])
                if spis.pop(word[1], None) != (first, first + count - 1):
                    yield f'{ORACLE}:{n}: SPIs of {word[1]} differ in {PAGE}'
    spis.pop('virtio-mmio')     # one line a transport there
    for name in [*regions, *spis]:
        yield f'{PAGE}: {name} is not in {ORACLE}'


def main():
    what = sys.argv[1]
    root = sys.argv[2] if len(sys.argv) > 2 else '.'
    if what == 'uncited':
        missing = uncited(root)
        for rule in missing:
            print(f'{PAGE}: nothing cites {rule}')
        return bool(missing)
    if what == 'facts':
        wrong = list(facts(root))
        print('\n'.join(wrong))
        return bool(wrong)
    check = {'form': check_form, 'sections': check_sections,
             'rules': check_rules}[what]
    found = 0
    for name, text in texts(root):
        for line, cited in check(root, name, text):
            print(f'{name}:{line}: {cited}')
            found = 1
    return found


if __name__ == '__main__':
    sys.exit(main())
