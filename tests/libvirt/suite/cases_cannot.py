# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""What libvirt cannot do with the machine, as docs/libvirt.md lists it. The rest of
the list is in other cases: plug/no-cpus, plug/one-port-is-free, words/gic, words/pxb,
state/snapshot-raw-refused and virt-install/machine-without-emulator."""

import re

import libvirt

import host
from cases_probes import CELL, HOT, NVDIMM
from domain import disk, domain
from guest import paused, refusal
from tap import case, expect, say


def refused(words, function, *args):
    """The call fails with these words."""
    try:
        function(*args)
    except libvirt.libvirtError as e:
        say(e)
        assert words in str(e), 'there is no %r' % words
        return
    raise AssertionError('it was not refused')


@case('cannot/plug-nvdimm')
def plug_nvdimm():
    host.run('truncate', '-s', '256M', '/srv/disks/nvdimm')
    host.run('chmod', 'a+rw', '/srv/disks/nvdimm')
    dom = paused('system', domain('cannot', more=HOT, cpu=CELL))
    refused('NVDIMMs are not enabled', dom.attachDeviceFlags, NVDIMM,
            libvirt.VIR_DOMAIN_AFFECT_LIVE)


@case('cannot/inject-nmi')
def inject_nmi():
    dom = paused('system', domain('cannot'))
    refused('does not provide NMIs', dom.injectNMI)


@case('cannot/know-cpu-models')
def know_cpu_models():
    """libvirt lists what the machine refuses, with the list of the right ones."""
    text = host.daemon('system').conn.getDomainCapabilities(
        host.PROGRAM, 'aarch64', 'virt-vmspec-1.0', 'qemu')
    for model in ('a64fx', 'cortex-a8'):
        expect(model + ' is listed', bool(re.search('>%s</model>' % model, text)), True)
        said = refusal('system', domain(
            model, cpu="<cpu mode='custom'><model>%s</model></cpu>" % model))
        say(said)
        assert 'cortex-a57' in said


@case('cannot/alias-in-9.0')
def alias():
    """libvirt 9.0 looks for virt in the name as it was written; later ones do not."""
    conn = host.daemon('system').conn
    dom = conn.defineXML(domain('cannot', disk('cannot'), machine='vmspec'))
    xml = dom.XMLDesc()
    seen = re.search("<disk.*?<address type='([a-z-]*)'", xml, re.S)[1]
    wanted = 'virtio-mmio' if host.release == 'bookworm' else 'pci'
    expect('the address of the disk', seen, wanted)
