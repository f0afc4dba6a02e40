# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""virt-install and virt-manager's wizard, with the host's own QEMU as libvirt's
default, and with ours under the plain name, which a user may choose (F7)."""

import contextlib
import os
import re

import host
from domain import disk, domain
from guest import PROMPT, Guest, paused, refusal, remove
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
# virtinst as the release has it, and with the patches of patches/virtinst
VIRTINST = '/usr/share/virt-manager'
PATCHED = '/usr/local/share/virtinst'
START = """import sys; sys.path.insert(0, '%s')
from virtinst import virtinstall; virtinstall.runcli()"""


def virt_install(server, *words, check=True, program=('virt-install',)):
    words = program + ('--connect', server.uri) + words
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


def boots(server, *words, program=('virt-install',), common=COMMON):
    virt_install(server, *common, *words, program=program)
    g = installed(server)
    g.console.expect(PROMPT)
    xml = g.dom.XMLDesc()
    say(*re.findall('<loader.*|<type arch.*|<gic.*|<emulator.*|<model fallback.*', xml))
    assert "machine='virt-vmspec-1.0'" in xml
    g.poweroff()


def remove_inst(server):
    host.virsh(server, 'undefine', '--nvram', 'inst')


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


@case('virt-install/defaults')
def defaults():
    """All that virt-install adds by itself: screen, TPM, agent, network, ports."""
    boots(host.daemon('session'), *OURS, '--import', '--disk', source(disk('inst')),
          common=('--name', 'inst', '--memory', '512', '--arch', 'aarch64',
                  '--osinfo', 'generic', '--noautoconsole'))


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


def without_emulator(arch):
    """The name alone: virt-install says that the host's QEMU has no such machine."""
    said = virt_install(host.daemon('system'), *COMMON, *UEFI, '--import', '--disk',
                        'none', '--arch', arch, '--machine', 'virt-vmspec-1.0',
                        check=False)
    say(said)
    assert "machine 'virt-vmspec-1.0'" in said
    expect('domains', host.daemon('system').conn.listAllDomains(), [])


case('virt-install/machine-without-emulator', without_emulator, 'aarch64')
case('virt-install/arm-without-emulator', without_emulator, 'armv7l')


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


@case('virt-install/plain-name-arm')
def plain_name_arm():
    """For armv7l libvirt asks qemu-system-arm: the name cannot be chosen."""
    with plain_name():
        without_emulator('armv7l')


@case('virt-install/alias')
def alias():
    """The short name: what virt-install makes of it is refused, with a way out; by
    libvirt 12.8 before QEMU is asked."""
    with plain_name() as server:
        said = virt_install(server, *COMMON, *UEFI, '--import', '--disk',
                            source(disk('inst')), '--machine', 'vmspec',
                            check=False)
        say(said)
        assert ('USB is disabled' if host.release == 'sid' else
                'virt-vmspec-1.0') in said


@case('virt-install/alias-patched')
def alias_patched():
    """With our patch for virtinst the short name serves."""
    with plain_name() as server:
        boots(server, '--import', '--disk', source(disk('inst')), '--machine',
              'vmspec', program=('python3', '-c', START % PATCHED))


def wizard(server, folder, machine, arch='aarch64'):
    return host.run('python3', '/suite/wizard.py', folder, server.uri, arch, machine,
                    source(disk('wizard')))


@case('wizard/full-name')
def wizard_full_name():
    """virt-manager's wizard with the full name makes a VM that starts."""
    with plain_name() as server:
        text = wizard(server, VIRTINST, 'virt-vmspec-1.0')
        say(*re.findall('^#.*', text, re.M))
        assert '# installable: True' in text
        g = Guest(server, text[text.index('<domain'):]).boot()
        g.poweroff()


@case('wizard/alias')
def wizard_alias():
    """The short name, which it offers as well: no UEFI, and libvirt refuses it."""
    with plain_name() as server:
        text = wizard(server, VIRTINST, 'vmspec')
        say(*re.findall('^#.*', text, re.M))
        assert '# installable: False' in text
        said = refusal('system', text[text.index('<domain'):])
        say(said)
        assert 'ACPI requires UEFI' in said or 'USB is disabled' in said


@case('wizard/alias-patched')
def wizard_alias_patched():
    with plain_name() as server:
        text = wizard(server, PATCHED, 'vmspec')
        say(*re.findall('^#.*', text, re.M))
        assert '# installable: True' in text
        remove(paused('system', text[text.index('<domain'):]))
        say('runs')


@case('wizard/without-emulator')
def wizard_without_emulator():
    """With the host's own QEMU as the default the wizard does not offer it."""
    text = wizard(host.daemon('system'), VIRTINST, 'virt-vmspec-1.0')
    say(text)
    assert 'is not offered' in text
