# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Installing changes nothing for the host's other guests (F1, F6).

The first case installs, so that it sees the host before and after.
"""

import difflib
import os
import re
import shutil

import libvirt

import host
from domain import disk, domain
from guest import paused
from tap import case, expect, say

MACHINES = ('virt', None)
FORMATS = ('raw', 'qcow', 'qcow2', 'qed', 'vmdk', 'vdi', 'vpc')
POOL = '''<pool type='dir'><name>pool</name>
  <target><path>/srv/disks/pool</path></target></pool>'''
VOLUME = '''<volume><name>v.%s</name><capacity unit='MiB'>10</capacity>
  <target><format type='%s'/></target></volume>'''


def volumes(conn):
    """Which formats of volumes the host can make."""
    os.makedirs('/srv/disks/pool')
    pool = conn.storagePoolCreateXML(POOL)
    said = []
    for kind in FORMATS:
        try:
            pool.createXML(VOLUME % (kind, kind))
            said.append(kind + ': made')
        except libvirt.libvirtError as e:
            said.append('%s: %s' % (kind, e))
    pool.destroy()
    shutil.rmtree('/srv/disks/pool')
    return '\n'.join(said)


def host_facts():
    """What libvirt tells of the host's own emulator and of its pools."""
    conn = host.daemon('system').conn
    facts = {'capabilities': conn.getCapabilities(),
             'pools': conn.getStoragePoolCapabilities(),
             'volumes': volumes(conn)}
    for arch in ('aarch64', 'armv7l'):
        for machine in MACHINES:
            facts[arch, machine] = conn.getDomainCapabilities(
                None, arch, machine, 'qemu')
    host.daemon('system').stop()
    return facts


def in_order(text):
    """The order of machines in the capabilities is that of a hash table, and
    the host's UUID is made at each start."""
    return sorted(line for line in text.splitlines() if '<uuid>' not in line)


def image_formats():
    text = host.run('qemu-img', '--help')
    return re.search(r'Supported (?:image )?formats:\s*((?:.|\n)*?)\n\n', text)[1]


@case('install/harms-nobody')
def harms_nobody():
    before, formats = host_facts(), image_formats()
    files = host.run('dpkg', '--verify')
    host.install()
    after = host_facts()
    say(after['volumes'])
    assert 'vmdk: made' in after['volumes']
    for what in before:
        changes = list(difflib.unified_diff(in_order(before[what]),
                                            in_order(after[what]), n=0))
        expect('changes of %s' % (what,), changes, [])
    expect('formats of qemu-img', image_formats(), formats)
    expect('files of packages changed', host.run('dpkg', '--verify'), files)


@case('install/virt-starts')
def virt_starts():
    """As every tool writes it: no emulator named, NIC with its boot ROM."""
    conn = host.daemon('system').conn
    xml = domain('virt', "<interface type='user'/>", machine='virt', firmware='')
    xml = xml.replace('<acpi/>', '')
    dom = conn.defineXML(re.sub('<emulator>.*</emulator>', '', xml))
    emulator = re.search('<emulator>(.*)</emulator>', dom.XMLDesc())[1]
    expect('emulator', emulator, host.DEBIAN)
    dom.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    say('virt runs')


@case('install/virt-starts-on-ours')
def virt_starts_on_ours():
    conn = host.daemon('system').conn
    dom = conn.defineXML(domain('virt', "<interface type='user'/>", firmware='',
                                machine='virt', features=''))
    dom.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    say('virt runs with', host.PROGRAM)


@case('install/apparmor-helper')
def apparmor_helper():
    """What libvirt's helper lets a VM read and write under AppArmor: the firmware,
    the variables and the disk. Whether the profiles let the emulator run is in
    tests/packages/apparmor.sh; a kernel that enforces them was not there."""
    dom = paused('system', domain('apparmor', disk('apparmor')))
    said = host.run('/usr/lib/libvirt/virt-aa-helper', '--dryrun', '--create',
                    '--uuid', 'libvirt-' + dom.UUIDString(), stdin=dom.XMLDesc())
    say(said)
    for rule in ('"%s/vmspec-uefi-aarch64.fd" rk' % host.IMAGES,
                 '"/var/lib/libvirt/qemu/nvram/apparmor_VARS.fd" rwk',
                 '"/srv/disks/apparmor/vda.qcow2" rwk'):
        assert rule in said, 'no rule ' + rule


@case('install/capabilities')
def capabilities():
    conn = host.daemon('system').conn
    text = conn.getDomainCapabilities(host.PROGRAM, 'aarch64', 'vmspec', 'qemu')
    say(*re.findall('<machine>.*</machine>|<value>/.*</value>', text))
    assert '<machine>virt-vmspec-1.0</machine>' in text
    assert '<value>%s/vmspec-uefi-aarch64.fd</value>' % host.IMAGES in text
    assert os.path.exists(host.IMAGES + '/vmspec-uefi-aarch64.fd')
