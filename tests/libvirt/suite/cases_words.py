# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""What libvirt shows of QEMU's errors leads an author of XML on (F4, F8, F12)."""

import host
from domain import ROOT, XHCI, domain
from guest import refusal
from tap import case, say

A15_AARCH64 = "<cpu mode='custom' match='exact'><model>cortex-a15</model></cpu>"
SERIAL = "<serial type='pty'/>"


# name: the XML, and the words that must be there
WORDS = {
    'gic': (lambda: domain('words', vcpu='<vcpu>12</vcpu>'),
            "<gic version='3'/>"),
    'arm-without-cpu': (lambda: domain('words', arch='armv7l', features=''),
                        '<model>cortex-a15</model>'),
    'arm-cpu-for-aarch64': (lambda: domain('words', cpu=A15_AARCH64), '<cpu>'),
    'pxb': (lambda: domain('words', ROOT + """<controller type='pci' index='1'
        model='pcie-expander-bus'><target busNr='128'/></controller>"""),
            'pcie-root-port'),
    'third-serial': (lambda: domain('words', SERIAL, SERIAL), 'serial'),
    'usb-net': (lambda: domain('words', XHCI, """<interface type='user'>
        <model type='usb-net'/></interface>"""), 'usb-net'),
    'memory-slots-without-acpi': (lambda: domain(
        'words', more="<maxMemory slots='4' unit='MiB'>2048</maxMemory>",
        cpu="""<cpu><numa><cell id='0' cpus='0' memory='512' unit='MiB'/>
        </numa></cpu>""", features=''), '<acpi/>'),
}


# libvirt 9.0 refuses this itself
BOOKWORM = {'usb-net': 'PCI bus'}


def words(name):
    xml, wanted = WORDS[name]
    if host.release == 'bookworm':
        wanted = BOOKWORM.get(name, wanted)
    said = refusal('system', xml())
    say(said)
    assert wanted in said, 'there is no %r' % wanted


for words_name in WORDS:
    case('words/' + words_name, words, words_name)
