# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Migration between two daemons, of one release and of two, there and back."""

import re
import shutil

import libvirt

import host
from domain import disk, domain, ports
from guest import Guest, boot
from tap import Skip, case, expect, say

# UNSAFE: the folder of the disk is shared, but not known as a shared file system
FLAGS = (libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PERSIST_DEST |
         libvirt.VIR_MIGRATE_UNDEFINE_SOURCE | libvirt.VIR_MIGRATE_UNSAFE)
MAC = '52:54:00:00:00:07'
NIC = '''<interface type='user'><mac address='%s'/>
  <model type='virtio'/></interface>''' % MAC
STORE = '/srv/%s/store.fd'


def at_home(xml, there):
    """The XML with the store where the daemon keeps its own."""
    return re.sub('(<nvram[^>]*>)[^<]*', r'\g<1>' + STORE % there.name, xml)


def migrate(g, there, flags=FLAGS):
    """Move the guest, and its console."""
    xml = at_home(g.dom.XMLDesc(libvirt.VIR_DOMAIN_XML_MIGRATABLE), there)
    saved = at_home(g.dom.XMLDesc(libvirt.VIR_DOMAIN_XML_MIGRATABLE |
                                  libvirt.VIR_DOMAIN_XML_INACTIVE), there)
    parameters = {
        libvirt.VIR_MIGRATE_PARAM_URI: 'unix:///srv/disks/migrate/socket',
        libvirt.VIR_MIGRATE_PARAM_DEST_XML: xml,
        libvirt.VIR_MIGRATE_PARAM_PERSIST_XML: saved,
    }
    if flags & libvirt.VIR_MIGRATE_PEER2PEER:
        g.dom.migrateToURI3(there.uri, parameters, flags)
    else:
        g.dom.migrate3(there.conn, parameters, flags)
    g.dom = there.conn.lookupByName(g.dom.name())
    g.server, g.events = there, there.events
    g.attach()
    expect('on %s the shell has' % there.name, g.ask('echo $MARK'), '42')


def set_variable(g, name):
    g.ask('modprobe efivarfs; mount -t efivarfs e /sys/firmware/efi/efivars')
    g.ask("printf '\\007\\000\\000\\000X' > /sys/firmware/efi/efivars/"
          "%s-9b7c1d52-6d3f-4a5a-8d0e-52a1f07ac6f3" % name)


def stored(server):
    """The guest's own variables in the daemon's file; a VM has it in use."""
    shutil.copy(STORE % server.name, '/srv/disks/migrate/copy.fd')
    text = host.run('vmspec-nvram', 'list', '/srv/disks/migrate/copy.fd')
    return sorted(set(re.findall('(Here|There)-9b7c1d52', text)))


def with_nic(there):
    """There and back, with a NIC that was plugged, and the variables in the other's
    file."""
    here = host.daemon('session')
    say('libvirt %d, and there %d' % (here.conn.getLibVersion(),
                                      there.conn.getLibVersion()))
    more = '<nvram>%s</nvram>' % (STORE % here.name)
    g = boot(here, domain('migrate', disk('migrate'), ports(4), os_more=more,
                          features=''))
    g.ask('MARK=42')
    set_variable(g, 'Here')
    g.dom.attachDeviceFlags(NIC, libvirt.VIR_DOMAIN_AFFECT_LIVE)
    g.until('cat /sys/class/net/*/address', MAC)
    migrate(g, there)
    g.until('cat /sys/class/net/*/address', MAC)
    expect('variables in the file', stored(there), ['Here'])
    set_variable(g, 'There')
    g.dom.detachDeviceFlags(NIC, libvirt.VIR_DOMAIN_AFFECT_LIVE)
    g.events.wait(g.dom, 'removed')
    say('the NIC is gone')
    migrate(g, here)
    expect('variables in the file', stored(here), ['Here', 'There'])
    g.poweroff()


@case('migrate/there-and-back')
def there_and_back():
    with_nic(host.daemon('other'))


def to_release(name):
    if not host.has_release(name):
        raise Skip('the chroot of %s is not there yet: make check-libvirt' % name)
    with_nic(host.daemon(name))


for release_name in ('bookworm', 'trixie', 'sid'):
    if release_name != host.release:
        case('migrate/with-' + release_name, to_release, release_name)


@case('migrate/p2p')
def p2p():
    here, there = host.daemon('session'), host.daemon('other')
    more = '<nvram>%s</nvram>' % (STORE % 'session')
    g = boot(here, domain('migrate', disk('migrate'), os_more=more, features=''))
    g.ask('MARK=42')
    migrate(g, there, FLAGS | libvirt.VIR_MIGRATE_PEER2PEER)
    g.poweroff()
    again = Guest(there, g.dom.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)).boot()
    again.poweroff()
