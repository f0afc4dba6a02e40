# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""A guest with a screen: what virt-manager and virt-viewer need."""

import re
import socket

import libvirt

from domain import KERNEL, domain
from guest import boot, paused, remove
from tap import case, expect, say

SCREEN = '''<graphics type='vnc' autoport='yes'/>
  <video><model type='virtio'/></video>
  <controller type='usb' model='qemu-xhci'/>
  <input type='keyboard' bus='usb'/><input type='tablet' bus='usb'/>'''
# Linux' codes of keys (input-event-codes.h)
KEYS = {'t': 20, 'o': 24, 'u': 22, 'c': 46, 'h': 35, ' ': 57, 'k': 37, '\n': 28}


def screenshot(dom):
    stream = dom.connect().newStream()
    kind = dom.screenshot(stream, 0)
    picture = b''
    while True:
        data = stream.recv(1 << 16)
        if not data:
            break
        picture += data
    stream.finish()
    return kind, picture


@case('screen/screenshot-keys')
def screenshot_keys():
    g = boot('system', domain('screen', SCREEN, firmware='', os_more=KERNEL,
                              features=''))
    g.until('cat /sys/class/graphics/fb0/name', 'virtio_gpu')
    kind, picture = screenshot(g.dom)
    expect('picture', kind, 'image/png')
    assert picture.startswith(b'\x89PNG'), picture[:16]
    say('%d bytes' % len(picture))
    typed(g)


def typed(g):
    """The shell on the screen takes what is typed there, when it is there."""
    for _ in range(30):
        for letter in 'touch kk\n':
            g.dom.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 10, [KEYS[letter]], 1, 0)
        if 'kk' in g.ask('sync; ls /'):
            say('the keys arrived')
            return
    raise AssertionError('no key arrived')


def vnc_security(dom):
    """The security types that the server offers (RFC 6143, 7.1.2)."""
    port = int(re.search("type='vnc' port='([0-9]+)'", dom.XMLDesc())[1])
    with socket.create_connection(('127.0.0.1', port), 30) as s:
        version = s.recv(12)
        s.sendall(version)
        types = s.recv(1)
        return sorted(s.recv(types[0]))


@case('screen/vnc-password')
def vnc_password():
    dom = paused('system', domain('screen', SCREEN))
    expect('security without a password', vnc_security(dom), [1])
    remove(dom)
    dom = paused('system', domain('screen', SCREEN.replace(
        "autoport='yes'", "autoport='yes' passwd='secret'")))
    expect('security with a password', vnc_security(dom), [2])


@case('screen/spice')
def spice():
    dom = paused('system', domain('screen', SCREEN.replace('vnc', 'spice') +
                 '''<channel type='spicevmc'><target type='virtio'
                 name='com.redhat.spice.0'/></channel>
                 <redirdev bus='usb' type='spicevmc'/>'''))
    port = int(re.search("type='spice' port='([0-9]+)'", dom.XMLDesc())[1])
    with socket.create_connection(('127.0.0.1', port), 30):
        say('SPICE listens on', port)
