# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Saved states, snapshots, block jobs, backups and clones."""

import os
import re

import libvirt

import host
from domain import disk, disk_xml, domain, empty
from guest import PROMPT, Guest, boot
from tap import Skip, case, expect, say

QCOW2 = "<nvram format='qcow2'/>"
GUID = '9b7c1d52-6d3f-4a5a-8d0e-52a1f07ac6f3'
EFIVARS = '/sys/firmware/efi/efivars'
EXTERNAL = '''<domainsnapshot><name>%s</name>%s<disks>
  <disk name='vda' snapshot='external'><source file='/srv/disks/state/%s'/></disk>
  </disks></domainsnapshot>'''
PIVOT = libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT
READY = libvirt.VIR_DOMAIN_BLOCK_JOB_READY


def set_variable(g, name, letter):
    """A variable of the guest's own, which UEFI keeps."""
    g.ask('modprobe efivarfs; mount -t efivarfs e %s 2> /dev/null' % EFIVARS)
    g.ask("printf '\\007\\000\\000\\000%s' > %s/%s-%s" % (
        letter, EFIVARS, name, GUID))


def variables(g):
    g.ask('mount -t efivarfs e %s 2> /dev/null' % EFIVARS)
    return sorted(re.findall('([A-Z]\\w+)-' + GUID, g.ask('ls ' + EFIVARS)))


def goes_on(g):
    """The guest that was saved goes on: its shell still has what it had."""
    g.attach()
    expect('the shell has', g.ask('echo $MARK'), '42')


@case('state/managed-save')
def managed_save():
    g = boot('session', domain('state', disk('state'), features=''))
    g.ask('MARK=42')
    g.dom.managedSave()
    expect('has a managed save', g.dom.hasManagedSaveImage(), 1)
    g.dom.create()
    goes_on(g)
    g.poweroff()


@case('state/save-restore')
def save_restore():
    g = boot('system', domain('state', disk('state')))
    g.ask('MARK=42')
    g.dom.save('/srv/disks/state/saved')
    g.server.conn.restore('/srv/disks/state/saved')
    goes_on(g)
    g.poweroff()


def snapshot_xml(name):
    return '<domainsnapshot><name>%s</name></domainsnapshot>' % name


@case('state/snapshot-internal')
def snapshot_internal():
    """RAM, disk and the variables are rolled back."""
    if host.release == 'bookworm':
        raise Skip('libvirt 9.0 keeps variables in raw files alone')
    more = disk_xml(empty('state', 'vdb'), 'vdb')
    g = boot('system', domain('state', disk('state'), more, os_more=QCOW2,
                              features=''))
    g.ask('MARK=42')
    g.ask('echo before > /dev/vdb; sync')
    set_variable(g, 'Before', 'B')
    snapshot = g.dom.snapshotCreateXML(snapshot_xml('one'))
    g.ask('MARK=43')
    g.ask('echo after > /dev/vdb; sync')
    set_variable(g, 'After', 'A')
    expect('variables', variables(g), ['After', 'Before'])
    g.dom.revertToSnapshot(snapshot)
    goes_on(g)
    g.ask('echo 3 > /proc/sys/vm/drop_caches')
    expect('disk', g.ask('head -n 1 /dev/vdb'), 'before')
    expect('variables', variables(g), ['Before'])
    g.poweroff()
    g.boot()
    g.ask('modprobe efivarfs')
    expect('variables after a cold start', variables(g), ['Before'])
    snapshot.delete()


@case('state/snapshot-raw-refused')
def snapshot_raw():
    """Without the qcow2 format libvirt says what is missing."""
    g = Guest(host.daemon('system'), domain('state', disk('state'))).start()
    try:
        g.dom.snapshotCreateXML(snapshot_xml('one'))
    except libvirt.libvirtError as e:
        say(e)
        assert 'nvram' in str(e).lower() or 'pflash' in str(e)
        return
    raise AssertionError('a snapshot of a raw store')


@case('state/snapshot-offline')
def snapshot_offline():
    conn = host.daemon('system').conn
    dom = conn.defineXML(domain('state', disk('state'), firmware='', features=''))
    snapshot = dom.snapshotCreateXML(snapshot_xml('off'))
    dom.revertToSnapshot(snapshot)
    snapshot.delete()
    say('made, reverted to and deleted')


@case('state/snapshot-external')
def snapshot_external():
    g = boot('system', domain('state', disk('state'), features=''))
    g.ask('MARK=42')
    set_variable(g, 'Before', 'B')
    memory = "<memory snapshot='external' file='/srv/disks/state/memory'/>"
    snapshot = g.dom.snapshotCreateXML(EXTERNAL % ('one', memory, 'one.qcow2'))
    g.ask('MARK=43')
    set_variable(g, 'After', 'A')
    try:
        g.dom.revertToSnapshot(snapshot)
    except libvirt.libvirtError as e:
        say(e)
        expect('libvirt before 9.9', host.release, 'bookworm')
        return
    goes_on(g)
    g.poweroff()
    g.boot()
    g.ask('modprobe efivarfs')
    expect('variables after a cold start', variables(g), ['Before'])


def wait_job(g, status):
    g.events.wait(g.dom, 'job', status)


@case('state/block-jobs')
def block_jobs():
    """blockcommit, blockcopy and backup of a disk that is in use."""
    g = boot('system', domain('state', disk('state'), features=''))
    g.dom.snapshotCreateXML(EXTERNAL % ('layer', '', 'layer.qcow2'),
                            libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY |
                            libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)
    assert 'layer.qcow2' in g.dom.XMLDesc()
    g.dom.blockCommit('vda', 'vda[1]', None, 0,
                      libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)
    wait_job(g, READY)
    g.dom.blockJobAbort('vda', PIVOT)
    assert 'layer.qcow2' not in g.dom.XMLDesc()
    say('committed')
    g.dom.blockCopy('vda', '''<disk type='file'><driver type='qcow2'/>
        <source file='/srv/disks/state/copy.qcow2'/></disk>''',
                    {}, libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB)
    wait_job(g, READY)
    g.dom.blockJobAbort('vda', PIVOT)
    assert 'copy.qcow2' in g.dom.XMLDesc()
    say('copied')
    backup(g)
    g.poweroff()
    say(host.run('qemu-img', 'check', '/srv/disks/state/backup.qcow2'))
    assert os.path.getsize('/srv/disks/state/backup.qcow2') > 1 << 20


def backup(g):
    g.dom.backupBegin('''<domainbackup><disks><disk name='vda' type='file'>
        <target file='/srv/disks/state/backup.qcow2'/></disk></disks>
        </domainbackup>''',
                      '<domaincheckpoint><name>c</name></domaincheckpoint>')
    g.events.wait(g.dom, 'ended')
    expect('checkpoints', [c.getName() for c in g.dom.listAllCheckpoints()], ['c'])


@case('state/clone')
def clone():
    """virt-clone copies the disk and the variables. In Debian 12 libvirt has no store
    in the XML of a guest that is off, and the clone begins with new variables."""
    g = boot('system', domain('state', disk('state'), features=''))
    set_variable(g, 'Mine', 'M')
    g.poweroff()
    say(host.run('virt-clone', '--connect', g.server.uri, '--original', 'state',
                 '--name', 'clone', '--auto-clone').splitlines()[-1])
    twin = Guest(g.server, g.server.conn.lookupByName('clone').XMLDesc()).boot()
    store = re.search('<nvram.*>(.*)</nvram>', twin.dom.XMLDesc())[1]
    expect('its own store', os.path.basename(store), 'clone_VARS.fd')
    twin.ask('modprobe efivarfs')
    expect('variables', variables(twin), [] if host.release == 'bookworm' else ['Mine'])
    twin.poweroff()


@case('state/reset-nvram')
def reset_nvram():
    g = boot('system', domain('state', disk('state'), features=''))
    set_variable(g, 'Mine', 'M')
    g.poweroff()
    g.boot()
    g.ask('modprobe efivarfs')
    expect('variables', variables(g), ['Mine'])
    g.poweroff()
    g.boot(libvirt.VIR_DOMAIN_START_RESET_NVRAM)
    g.ask('modprobe efivarfs')
    expect('variables', variables(g), [])


@case('state/suspend')
def suspend():
    g = boot('session', domain('state', disk('state'), features=''))
    g.ask('MARK=42')
    g.dom.suspend()
    g.dom.resume()
    expect('the shell has', g.ask('echo $MARK'), '42')
    g.dom.coreDumpWithFormat('/srv/disks/state/core',
                             libvirt.VIR_DOMAIN_CORE_DUMP_FORMAT_RAW,
                             libvirt.VIR_DUMP_MEMORY_ONLY)
    with open('/srv/disks/state/core', 'rb') as f:
        expect('dump', f.read(4), b'\x7fELF')
