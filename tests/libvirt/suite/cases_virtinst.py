# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""virt-install, with the host's own QEMU as libvirt's default, and with ours
under the plain name, which a user may choose (F7)."""

import contextlib
import os
import re

import host
from domain import disk, domain
from guest import PROMPT, Guest, paused, remove
from tap import case, expect, say

COMMON = ('--name', 'inst', '--memory', '512', '--arch', 'aarch64',
          '--osinfo', 'generic', '--graphics', 'none', '--noautoconsole',
          '--network', 'user')
# libvirt knows the machines of its default emulator alone, and virt-install
# looks there: so the names are put into its XML when it is ready
OURS = ('--xml', './devices/emulator=' + host.PROGRAM,
        '--xml', './os/type/@machine=virt-vmspec-1.0')
UEFI = ('--boot', 'uefi')
PLAIN = '/usr/local/bin/qemu-system-aarch64'


def virt_install(server, *words, check=True):
    words = ('virt-install', '--connect', server.uri) + words
    return host.run(*words, check=check, env=server.folders()
                    if server.user else None)


def source(xml):
    return re.search("<source file='([^']*)'", xml)[1]


def installed(server):
    """The guest that virt-install has started, at its console."""
    g = Guest.__new__(Guest)
    g.server, g.events = server, server.events
    g.dom = server.conn.lookupByName('inst')
    g.attach()
    return g


def boots(server, *words):
    virt_install(server, *COMMON, *words)
    g = installed(server)
    g.console.expect(PROMPT)
    xml = g.dom.XMLDesc()
    say(*re.findall('<loader.*|<type arch.*|<gic.*|<emulator.*|<model fallback.*', xml))
    assert "machine='virt-vmspec-1.0'" in xml
    g.poweroff()


@contextlib.contextmanager
def plain_name():
    """Our emulator as libvirt's default."""
    os.symlink(host.PROGRAM, PLAIN)
    host.daemon('system').stop()
    try:
        yield host.daemon('system')
    finally:
        os.remove(PLAIN)
        host.clean()
        host.daemon('system').stop()


@case('virt-install/import')
def by_import():
    path = source(disk('inst'))
    boots(host.daemon('system'), *OURS, *UEFI, '--import', '--disk', path)


@case('virt-install/import-session')
def import_session():
    path = source(disk('inst'))
    boots(host.daemon('session'), *OURS, *UEFI, '--import', '--disk', path)


@case('virt-install/kernel')
def by_kernel():
    boots(host.daemon('system'), *OURS, '--disk', 'none', '--import', '--boot',
          'kernel=/demo/vmlinuz-aarch64,initrd=/guest/initramfs.cpio.gz,'
          'kernel_args=quiet', '--features', 'acpi=off')


@case('virt-install/cd')
def by_cd():
    """The firmware starts the loader on the CD: GRUB, which finds no menu."""
    server = host.daemon('system')
    virt_install(server, *COMMON, *OURS, *UEFI, '--disk', 'none',
                 '--cdrom', '/images/boot-aarch64.iso')
    g = installed(server)
    g.console.expect('grub>')
    say('GRUB from the CD')


@case('virt-install/machine-without-emulator')
def machine_without_emulator():
    """The name alone: virt-install says that the host's QEMU has no such machine."""
    said = virt_install(host.daemon('system'), *COMMON, *UEFI, '--import', '--disk',
                        'none', '--machine', 'virt-vmspec-1.0', check=False)
    say(said)
    assert "machine 'virt-vmspec-1.0'" in said
    expect('domains', host.daemon('system').conn.listAllDomains(), [])


@case('virt-install/plain-name')
def by_plain_name():
    """As libvirt's default emulator, ours serves its machine and virt."""
    with plain_name() as server:
        path = source(disk('inst'))
        boots(server, *UEFI, '--import', '--disk', path, '--machine',
              'virt-vmspec-1.0')
        remove_inst(server)
        xml = domain('virt', "<interface type='user'/>", machine='virt',
                     firmware='', features='')
        remove(paused('system', re.sub('<emulator>.*</emulator>', '', xml)))
        say('virt starts, too')


def remove_inst(server):
    host.virsh(server, 'undefine', '--nvram', 'inst')


@case('virt-install/alias')
def alias():
    """The short name: what virt-install makes of it is refused, with a way out."""
    with plain_name() as server:
        said = virt_install(server, *COMMON, *UEFI, '--import', '--disk',
                            source(disk('inst')), '--machine', 'vmspec',
                            check=False)
        say(said)
        assert 'virt-vmspec-1.0' in said
