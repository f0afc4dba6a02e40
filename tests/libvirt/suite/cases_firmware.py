# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Which firmware libvirt chooses: ours for our machine, for no other (F2, F9)."""

import os
import re

import host
from domain import A15, disk, domain
from guest import Guest, boot, paused, refusal, remove
from tap import case, expect, say

FEATURE = "<feature enabled='%s' name='%s'/>"
QCOW2 = "<nvram format='qcow2'/>"
PLAIN = ('vmspec-uefi-aarch64.fd', 'vmspec-vars-aarch64.fd')
SECURE = ('vmspec-uefi-aarch64-secure.fd', 'vmspec-vars-aarch64-secure.fd')
NO_KEYS = (SECURE[0], PLAIN[1])
ARM = ('vmspec-uefi-arm.fd', 'vmspec-vars-arm.fd')


def wish(secure='', keys=''):
    """<firmware> with what is wished: yes, no or nothing."""
    features = ''.join(FEATURE % (value, name) for value, name in
                       ((secure, 'secure-boot'), (keys, 'enrolled-keys')) if value)
    return features and '<firmware>%s</firmware>' % features


def qcow2(files):
    return tuple(f.replace('.fd', '.qcow2') for f in files)


def chosen(dom):
    """The image and the template of a running domain, if they are ours."""
    xml = dom.XMLDesc()
    loader = re.search('<loader[^>]*>(.*)</loader>', xml)[1]
    template = re.search("<nvram[^>]*template='([^']*)'", xml)
    paths = [loader] + ([template[1]] if template else [])
    return tuple(re.sub('^(%s|%s)/' % (host.DATA, host.IMAGES), '', p) for p in paths)


# name: what stands in <os>, the architecture, what is to be chosen
CHOICES = {
    'plain': ('', 'aarch64', PLAIN),
    'secure-no': (wish('no'), 'aarch64', PLAIN),
    'secure-yes': (wish('yes'), 'aarch64', SECURE),
    'secure-yes-keys-yes': (wish('yes', 'yes'), 'aarch64', SECURE),
    'secure-yes-keys-no': (wish('yes', 'no'), 'aarch64', NO_KEYS),
    'keys-no': (wish('', 'no'), 'aarch64', PLAIN),
    'keys-yes': (wish('', 'yes'), 'aarch64', SECURE),
    'qcow2': (QCOW2, 'aarch64', qcow2(PLAIN)),
    'qcow2-secure-no': (wish('no') + QCOW2, 'aarch64', qcow2(PLAIN)),
    'qcow2-secure-yes': (wish('yes') + QCOW2, 'aarch64', qcow2(SECURE)),
    'qcow2-secure-yes-keys-no': (wish('yes', 'no') + QCOW2, 'aarch64',
                                 qcow2(NO_KEYS)),
    'raw': ("<nvram format='raw'/>", 'aarch64', PLAIN),
    'stateless': ("<loader stateless='yes'/>", 'aarch64', PLAIN[:1]),
    'arm': ('', 'armv7l', ARM),
    'arm-secure-no': (wish('no'), 'armv7l', ARM),
    'arm-qcow2': (QCOW2, 'armv7l', qcow2(ARM)),
    'arm-raw': ("<nvram format='raw'/>", 'armv7l', ARM),
    'arm-stateless': ("<loader stateless='yes'/>", 'armv7l', ARM[:1]),
}
# libvirt 9.0 does not know the format of a store
RAW_ONLY = {'qcow2': PLAIN, 'qcow2-secure-no': PLAIN, 'qcow2-secure-yes': SECURE,
            'qcow2-secure-yes-keys-no': NO_KEYS, 'arm-qcow2': ARM}


def choice(name, machine):
    more, arch, wanted = CHOICES[name]
    if host.release == 'bookworm':
        wanted = RAW_ONLY.get(name, wanted)
    arm = arch == 'armv7l'
    xml = domain('choice', os_more=more, arch=arch, machine=machine,
                 features='' if arm else '<acpi/>', cpu=A15 if arm else '')
    expect('chosen', chosen(paused('system', xml)), wanted)


for choice_name in CHOICES:
    case('firmware/' + choice_name, choice, choice_name, 'virt-vmspec-1.0')
for choice_name in ('plain', 'secure-yes', 'qcow2'):
    case('firmware/alias-' + choice_name, choice, choice_name, 'vmspec')


@case('firmware/never-for-virt')
def never_for_virt():
    """With libvirt's own emulator and with ours."""
    for emulator in (host.DEBIAN, host.PROGRAM):
        for more in ('', wish('no'), wish('yes', 'yes')):
            dom = paused('system', domain('choice', os_more=more, machine='virt',
                                          emulator=emulator))
            files = chosen(dom)
            say(more or 'efi', 'on', emulator, files)
            assert not [f for f in files if 'vmspec' in f], 'ours'
            remove(dom)


@case('firmware/arm-secure-refused')
def arm_secure_refused():
    """There is no such image, and none is taken that does not check."""
    say(refusal('system', domain('choice', os_more=wish('yes'), arch='armv7l',
                                 features='', cpu=A15)))


@case('firmware/none')
def none():
    """The bundled firmware starts; the first variable is lost, which it says (F10)."""
    g = boot('system', domain('choice', disk('choice'), firmware='', features=''))
    expect('firmware', g.ask('report | grep ^firmware'), 'firmware: UEFI')
    g.ask('modprobe efivarfs; mount -t efivarfs e /sys/firmware/efi/efivars')
    for name in 'AB':
        g.ask("printf '\\007\\000\\000\\000X' > /sys/firmware/efi/efivars/"
              '%s-9b7c1d52-6d3f-4a5a-8d0e-52a1f07ac6f3' % name)
    log = host.daemon('system').logs() + '/choice.log'
    with open(log, encoding='utf-8', errors='replace') as f:
        said = [line for line in f if 'lost when QEMU ends' in line]
    say(*said)
    expect('lines about variables that are lost', len(said), 1)


@case('firmware/secure-refuses')
def secure_refuses():
    """The image checks: an unsigned loader does not run."""
    g = Guest(host.daemon('system'), domain(
        'choice', disk('choice'), os_more=wish('yes'))).start()
    g.console.expect('is refused by')
    say('the unsigned loader is refused')


@case('firmware/secure-signed')
def secure_signed():
    """... and a signed one does."""
    image = '/images/signed-aarch64.img'
    assert os.path.exists(image), image
    g = boot('system', domain('choice', disk('choice', image), os_more=wish('yes'),
                              features=''))
    g.ask('modprobe efivarfs; mount -t efivarfs e /sys/firmware/efi/efivars')
    expect('SecureBoot', g.ask('od -An -tu1 /sys/firmware/efi/efivars/'
           'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c').split()[-1], '1')
