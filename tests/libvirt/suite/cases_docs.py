# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Each XML of docs/libvirt is started as it stands, and each virt-install line
of docs/libvirt.md makes a domain that starts."""

import json
import os
import re
import shutil

import libvirt_qemu

import host
from guest import boot, paused
from tap import case, expect, say

PAGE = '/docs/libvirt.md'
FOLDER = '/docs/libvirt'
IMAGES = '/var/lib/libvirt/images'
BASES = {'arm': '/demo/demo-arm.img', 'secure-boot': '/images/signed-aarch64.img'}
SECURE = 'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
FIRMWARE = 'report | grep -E "^(description|firmware)"'
TABLES = 'dmesg | grep -o "ACPI 2.0" || echo no tables'
STORE = '/var/lib/libvirt/qemu/nvram/nvram-reset.fd'

# name: what to ask the guest, and what must be in the answer
ANSWERS = {
    'uefi-acpi': ((FIRMWARE, 'UEFI'), (TABLES, 'ACPI 2.0')),
    'fdt': ((FIRMWARE, 'description: FDT\nfirmware: UEFI'), (TABLES, 'no tables')),
    'kernel': ((FIRMWARE, 'description: FDT\nfirmware: none'),),
    'arm': (('uname -m', 'armv7l'),),
    'secure-boot': (('modprobe efivarfs; mount -t efivarfs e '
                     '/sys/firmware/efi/efivars', ''),
                    ('od -An -tu1 /sys/firmware/efi/efivars/' + SECURE, ' 1')),
    # a TPM 2.0 that Linux has a driver for, and that the firmware has measured into
    'tpm': ((TABLES, 'ACPI 2.0'), ('cat /sys/class/tpm/tpm0/tpm_version_major', '2'),
            ('grep -qv "^0*$" /sys/class/tpm/tpm0/pcr-sha256/0 && echo extended',
             'extended')),
    'snapshots': ((FIRMWARE, 'UEFI'),),
    'el2': (('dmesg | grep EL2', 'started at EL2'),),
    'numa': (('nproc', '12'), ('report | grep node1', '6-11')),
    'ports': (('report | grep -c 0x060400', '12'),),
    'smmu': (('dmesg | grep arm-smmu-v3', 'arm-smmu-v3'),),
    'virtio-mem': (('cat /sys/bus/virtio/devices/*/device', '0x0018'),),
    'desktop': (('cat /sys/class/graphics/fb0/name', 'virtio_gpu'),
                ('cat /proc/bus/input/devices', 'QEMU USB Keyboard')),
    'hotplug-ports': (),
    'fdt-off': ((FIRMWARE, 'description: ACPI\nfirmware: UEFI'),),
    'nvram-reset': ((FIRMWARE, 'UEFI'),),
}


def text(path):
    """The page or the XML, for where the machine is installed here."""
    with open(path, encoding='utf-8') as f:
        return f.read().replace('/usr/local/', host.PREFIX + '/')


def files(name):
    """What the XML names."""
    os.makedirs(IMAGES, exist_ok=True)
    base = BASES.get(name, '/guest/guest.img')
    host.run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', base, '-F', 'raw',
             '%s/%s.qcow2' % (IMAGES, name))
    for source, target in (('/demo/vmlinuz-aarch64', 'vmlinuz'),
                           ('/guest/initramfs.cpio.gz', 'initrd.img')):
        if not os.path.exists(IMAGES + '/' + target):
            shutil.copy(source, IMAGES + '/' + target)
    host.run('chmod', '-R', 'a+rwX', IMAGES)


def more(g, name):
    if name == 'hotplug-ports':
        said = libvirt_qemu.qemuMonitorCommand(g.dom, json.dumps(
            {'execute': 'device_add', 'arguments': {
                'driver': 'virtio-rng-pci', 'id': 'rng1'}}), 0)
        say(said)
        g.until('cat /sys/bus/virtio/devices/*/device', '0x0004')
    if name == 'nvram-reset':
        assert os.path.exists(STORE)
        g.poweroff()
        with open(STORE, 'r+b') as f:
            f.seek(0x40)
            f.write(b'damage' * 100)
        g.boot()
        assert os.path.exists(STORE + '.bak'), os.listdir(os.path.dirname(STORE))
        say('the damaged store is kept as .bak')


def started(name):
    files(name)
    g = boot('system', text('%s/%s.xml' % (FOLDER, name)))
    for command, wanted in ANSWERS[name]:
        g.until(command, wanted)
    more(g, name)


@case('docs/all-are-started')
def all_are_started():
    names = sorted(f[:-4] for f in os.listdir(FOLDER) if f.endswith('.xml'))
    expect('files', names, sorted(ANSWERS))
    expect('lines of virt-install', sorted(lines()), names)
    same_as_page()


def lines():
    """{name: command}: virt-install's blocks of the page, by --name"""
    found = re.findall(r'^    (virt-install (?:.*\\\n)*.*)', text(PAGE), re.M)
    return {re.search('--name ([^ ]*)', line)[1]: line for line in found
            if '$VMSPEC' in line}


def virt_install(name):
    """The line makes a domain that starts: --print-xml, then paused."""
    files(name)
    server = host.daemon('system')
    names = re.search(r'^    (VMSPEC="(?:[^"]|\n)*")', text(PAGE), re.M)[1]
    names = names.replace('\\\n', ' ')
    xml = host.run('sh', '-c', 'D=%s; %s; %s --connect %s --print-xml 1' % (
        IMAGES, names, lines()[name], server.uri))
    say(*re.findall('<type arch.*|<loader.*|<emulator.*', xml))
    assert 'virt-vmspec-1.0' in xml
    paused('system', xml[xml.index('<domain'):])


def same_as_page():
    """The page shows the first file."""
    block = re.search(r'^    <domain(?:.*\n)*?    </domain>\n', text(PAGE), re.M)[0]
    shown = re.sub('^    ', '', block, flags=re.M)
    expect('the page shows uefi-acpi.xml',
           text(FOLDER + '/uefi-acpi.xml').endswith(shown), True)


for docs_name in ANSWERS:
    case('docs/' + docs_name, started, docs_name)
for docs_name in ANSWERS:
    case('docs/virt-install-' + docs_name, virt_install, docs_name)
