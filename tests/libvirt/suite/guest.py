# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""A guest at its serial console, as virsh console has it."""

import re
import threading
import time

import libvirt

import host
import tap

PROMPT = 'demo:/# '
BOOT_SECONDS = 150
ESCAPE = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>78]|\r')


class Console:
    """The stream is read by the event loop's thread, as virsh does: a thread that
    waits in recv() while another one sends misses what arrives then."""

    def __init__(self, dom):
        self.text = ''
        self.done = False
        self.told = threading.Condition()
        self.stream = dom.connect().newStream(libvirt.VIR_STREAM_NONBLOCK)
        dom.openConsole(None, self.stream, libvirt.VIR_DOMAIN_CONSOLE_FORCE)
        self.stream.eventAddCallback(
            libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_HANGUP |
            libvirt.VIR_STREAM_EVENT_ERROR, self.read, None)

    def read(self, stream, events, opaque):
        data = b''
        try:
            if events & libvirt.VIR_STREAM_EVENT_READABLE:
                data = stream.recv(4096)
        except libvirt.libvirtError:
            pass
        if data == -2:      # nothing there, after all
            return
        with self.told:
            self.text += data.decode('utf-8', 'replace')
            if not data:
                self.done = True
                stream.eventRemoveCallback()
            self.told.notify_all()

    def expect(self, text, seconds=BOOT_SECONDS):
        """Wait for the text; what was before it is taken, and returned."""
        end = time.monotonic() + seconds
        with self.told:
            while True:
                clean = ESCAPE.sub('', self.text)
                at = clean.find(text)
                if at >= 0:
                    self.text = clean[at + len(text):]
                    return clean[:at]
                left = end - time.monotonic()
                assert left > 0 and not self.done, \
                    'the console has no %r, but:\n%s' % (text, clean[-2000:])
                self.told.wait(min(left, 5))

    def type(self, text):
        self.stream.send(text.encode())

    def ask(self, command, seconds=60):
        """What the guest's shell answers."""
        self.type(command + '\r')
        self.expect('\n', seconds)
        return self.expect(PROMPT, seconds).strip()


class Guest:
    """A domain that is defined, started and seen at its console."""

    def __init__(self, server, xml):
        self.server = server
        self.events = server.events
        self.dom = server.conn.defineXML(xml)
        self.console = None

    def start(self, flags=0):
        self.dom.createWithFlags(flags | libvirt.VIR_DOMAIN_START_PAUSED)
        self.attach()
        self.dom.resume()
        return self

    def attach(self):
        """A new console: the old one ended with its QEMU."""
        self.console = Console(self.dom)

    def boot(self, flags=0):
        began = time.monotonic()
        self.start(flags)
        self.console.expect(PROMPT)
        self.ask('stty columns 999')    # else the shell breaks what is typed
        tap.say('a prompt after %.1f s' % (time.monotonic() - began))
        return self

    def ask(self, command, seconds=60):
        return self.console.ask(command, seconds)

    def until(self, command, wanted, seconds=60):
        """Ask again until the answer has the text: the guest's drivers take
        their time, and nothing tells us when they are done."""
        end = time.monotonic() + seconds
        while True:
            answer = self.ask(command)
            if wanted in answer:
                tap.say('%s: %s' % (command, answer))
                return answer
            assert time.monotonic() < end, '%s: %r, and not %r' % (
                command, answer, wanted)

    def poweroff(self):
        self.console.type('poweroff\r')
        self.stopped()

    def stopped(self):
        self.events.wait(self.dom, 'lifecycle', libvirt.VIR_DOMAIN_EVENT_STOPPED,
                         libvirt.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN)


def boot(server, xml):
    if isinstance(server, str):
        server = host.daemon(server)
    return Guest(server, xml).boot()


def paused(server, xml):
    """A domain that is defined and started, and whose guest does not run."""
    dom = host.daemon(server).conn.defineXML(xml)
    dom.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    return dom


def remove(dom):
    dom.destroy()
    dom.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)


def refusal(server, xml):
    """What is said of a domain that cannot be defined or started."""
    try:
        paused(server, xml)
    except libvirt.libvirtError as e:
        return str(e)
    raise AssertionError('it was not refused')
