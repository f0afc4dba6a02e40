#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Print each word that stands where it must not, and return 1 if one does.

  words.py numbers|properties|literals|statics|gone [REPO [QEMU]]

numbers   a describer (FDT, ACPI) takes each number from the plan: it uses no
          name that the map's header defines
properties
          the board reads the plan: what the user set is read by config.c, which
          copies it for the plan, and by the files that PROPERTY_READERS lists
literals  a name by which a guest finds a driver (an ACPI ID, a compatible
          string of the FDT) is written once in what is built, so that the
          builders and the manual's tables cannot differ; and so is the revision
          of an ACPI table, in acpi/tables.c (the RSDP is none of them).
          The platform's name is in platform.c, and EDK2's build cannot read it:
          the firmware's description must have the same one
statics   a debugger finds a static name: no two files of hw/ share one, none is
          a common word, and none is a name of a file of the source tree QEMU
gone      no file names what is outside the repository or no longer in it
"""

import re
import subprocess
import sys

from csource import files, read, strings, tokens

MAP = 'include/hw/arm/vmspec-map.h'
PLATFORM = 'hw/arm/vmspec/platform/platform.c'
DSC = 'firmware/VmspecPkg/VmspecPkg.dsc'
REVISION = re.compile(r'\.rev(ision)?\s*=\s*[0-9]')
DESCRIBERS = ('hw/arm/vmspec/fdt', 'hw/arm/vmspec/acpi')
MACHINE = 'include/hw/arm/vmspec-machine.h'
# secure_boot, nvram_arg and nvram_reset are not in the plan
NOT_PLANNED = ('secure_boot', 'nvram_arg', 'nvram_reset')
PROPERTY_READERS = {
    'hw/arm/vmspec/board.c': None,          # the defaults, and g_free()
    'hw/arm/vmspec/config.c': None,
    'hw/arm/vmspec/properties.c': None,     # getters and setters
    'hw/arm/vmspec/virt-properties.c': None,
    'hw/arm/vmspec/devices/flash.c': NOT_PLANNED,
    'hw/arm/vmspec/nvram/nvram.c': NOT_PLANNED,
    'hw/arm/vmspec/nvram/open.c': NOT_PLANNED,
    'hw/arm/vmspec/nvram/template.c': NOT_PLANNED,
    'hw/arm/vmspec/stream.c': NOT_PLANNED,
}
BUILT = ('hw', 'include', 'tools')
# four letters of a vendor or three, and four hexadecimal digits
ACPI_ID = re.compile(r'(?:[A-Z]{4}|[A-Z][A-Z0-9]{2})[0-9A-F]{4}')
# "vendor,device", and the bindings that name no vendor
COMPATIBLE = re.compile(r'[a-z][a-z0-9-]*,[a-z][a-z0-9.,-]*[a-z0-9]|cfi-flash|'
                        r'pci-host-ecam-generic|gpio-keys|fixed-clock|'
                        r'pmem-region')
QEMU_DIRS = ('accel', 'block', 'hw', 'qom', 'system', 'target/arm', 'util')
COMMON = {'plug', 'pre_plug', 'unplug', 'unplug_request', 'class_init',
          'instance_init', 'instance_finalize', 'realize', 'unrealize',
          'reset', 'types', 'type_info', 'properties', 'vmstate', 'ops'}
GONE = re.compile(r'\.\./shared|platform-1\.0\.md|DEVELOPERS\.md|'
                  r'architecture\.md|requirements\.md|redesign\.md|'
                  r'tests/conformance|vmspec-image\b')


def numbers(root):
    """Names of the map in a describer"""
    names = set(re.findall(r'^[ \t]*#[ \t]*define[ \t]+(VMSPEC_\w+)',
                           read(root, MAP), re.M))
    names.discard('VMSPEC_MAP_H')
    for name in files(root, DESCRIBERS):
        for kind, word, line in tokens(read(root, name)):
            if kind == 'word' and word in names:
                yield f'{name}:{line}: {word} is a number of the map'


def properties(root):
    """Uses of a machine's property outside PROPERTY_READERS"""
    text = read(root, MACHINE)
    block = re.search(r'\* Properties, .*?\*/(.*?)/\* Made by', text, re.S)
    fields = set(re.findall(r'^    \w+ \*?(\w+);', block[1], re.M))
    for name in files(root, ('hw',)):
        allowed = PROPERTY_READERS.get(name, ())
        toks = list(tokens(read(root, name)))
        for i, (_, word, line) in enumerate(toks):
            if allowed is None or word not in fields or word in allowed:
                continue
            before = ' '.join(t for _, t, _ in toks[max(0, i - 5):i])
            if re.search(r'(\bvms|VMSPEC_MACHINE \( \w+ \)) ->$', before):
                yield f'{name}:{line}: {word} is a property: read the plan'


def revisions(root):
    """Revisions of ACPI tables that a builder types"""
    for name in files(root, ('hw/arm/vmspec/acpi',), ('.c',)):
        if name.endswith(('/tables.c', '/acpi.c')):
            continue
        for n, line in enumerate(read(root, name).splitlines(), 1):
            if REVISION.search(line):
                yield f'{name}:{n}: a revision beside acpi/tables.c: ' + \
                    line.strip()


def firmware_name(root):
    """Is the platform's name another one in the firmware's description?"""
    name = re.search(r'\.model = "([^"]*)"', read(root, PLATFORM))[1]
    for version in re.findall(r'FIRMWARE_VER\s*=\s*(\S+)', read(root, DSC)):
        if version != name:
            yield f'{DSC}: FIRMWARE_VER is {version}, and {PLATFORM} has {name}'


def literals(root):
    """IDs and compatible strings that are written more than once"""
    yield from revisions(root)
    yield from firmware_name(root)
    seen = {}
    for name in files(root, BUILT):
        for text, line in strings(read(root, name)):
            if ACPI_ID.fullmatch(text) or COMPATIBLE.fullmatch(text):
                seen.setdefault(text, []).append(f'{name}:{line}')
    for text, places in sorted(seen.items()):
        if len(places) > 1:
            yield f'"{text}" is written {len(places)} times: ' + \
                ' '.join(places)


def tags(root, dirs):
    """(NAME, PLACE, is it static) of the functions and variables below DIRS"""
    out = subprocess.run(
        ['ctags', '--languages=C', '--kinds-C=fv', '--fields=fn', '--sort=no',
         '-L', '-', '-f', '-'], cwd=root, text=True, check=True,
        errors='replace', input='\n'.join(files(root, dirs, ('.c',))),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    for line in out.splitlines():
        name, path, *rest = line.split('\t')
        at = next((f for f in rest if f.startswith('line:')), 'line:0')[5:]
        yield name, f'{path}:{at}', 'file:' in rest


def statics(root, qemu=None):
    """Static functions and variables of hw/ by names that are taken"""
    seen = {}
    for name, place, static in tags(root, ('hw',)):
        if static and not name.isupper():     # that is a macro
            seen.setdefault(name, []).append(place)
    theirs = {name: place for name, place, _ in tags(qemu, QEMU_DIRS)
              if 'vmspec' not in place} if qemu else {}
    for name, places in sorted(seen.items()):
        if len({p.split(':')[0] for p in places}) > 1:
            yield f'{name}: {" ".join(places)}'
        elif name in COMMON:
            yield f'{name}: {places[0]}: a common word'
        elif name in theirs:
            yield f'{name}: {places[0]}: also in QEMU\'s {theirs[name]}'


def gone(root):
    """Names of what a reader of the repository does not have"""
    for name in files(root, ('.',), ('',)):
        if not name.endswith(('words.py', '.gz', '.pyc')):
            for n, line in enumerate(read(root, name).splitlines(), 1):
                if GONE.search(line):
                    yield f'{name}:{n}: {line.strip()}'


def main():
    rule = {'numbers': numbers, 'properties': properties,
            'literals': literals, 'statics': statics, 'gone': gone}[sys.argv[1]]
    found = 0
    for line in rule(*(sys.argv[2:] or ['.'])):
        print(line)
        found = 1
    return found


if __name__ == '__main__':
    sys.exit(main())
