# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""What is plugged into a running guest and taken out again; memory that moves."""

import os
import re
import time

import libvirt

from domain import KERNEL, KERNEL_CLOUD, XHCI, disk, disk_xml, domain, empty, ports
from guest import boot
from tap import case, expect, say

LIVE = libvirt.VIR_DOMAIN_AFFECT_LIVE
MAC = '52:54:00:00:00:07'
NIC = '''<interface type='user'><mac address='%s'/>
  <model type='virtio'/></interface>''' % MAC
RNG = '''<rng model='virtio'><backend model='random'>/dev/urandom</backend>
  </rng>'''
TABLET = "<input type='tablet' bus='virtio'/>"
CELL = '''<cpu><numa>
  <cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>'''
HOT = "<maxMemory slots='4' unit='MiB'>2048</maxMemory>"
DIMM = '''<memory model='dimm'><target><size unit='MiB'>256</size>
  <node>0</node></target></memory>'''
VIRTIO_MEM = '''<memory model='virtio-mem'><target><size unit='MiB'>256</size>
  <node>0</node><block unit='MiB'>2</block>
  <requested unit='MiB'>%d</requested></target></memory>'''
SHARED = '''<memoryBacking><source type='memfd'/><access mode='shared'/>
  </memoryBacking>'''
VIRTIOFS = '''<filesystem type='mount' accessmode='passthrough'>
  <driver type='virtiofs'/><source dir='/srv/disks/share'/><target dir='share'/>
  </filesystem>'''
ACPI_KERNEL = KERNEL.replace('quiet', 'quiet acpi=force')
NICS = 'cat /sys/class/net/*/address'
INPUTS = 'grep Name /proc/bus/input/devices'
HWRNG = 'cat /sys/class/misc/hw_random/rng_available'


def plug(g, xml, command, wanted):
    """Into the guest, seen there; out of it, and no longer seen there."""
    began = time.monotonic()
    g.dom.attachDeviceFlags(xml, LIVE)
    g.until(command, wanted)
    say('in after %.1f s' % (time.monotonic() - began))


def unplug(g, xml, command, unwanted):
    began = time.monotonic()
    g.dom.detachDeviceFlags(xml, LIVE)
    g.events.wait(g.dom, 'removed')
    g.until('(%s) | grep -q "%s" || echo gone' % (command, unwanted), 'gone')
    say('out after %.1f s' % (time.monotonic() - began))


def devices(g, name):
    disk_added = disk_xml(empty(name, 'vda'), 'vda')
    g.ask('modprobe -a virtio-rng virtio_input')
    for xml, command, wanted in (
            (disk_added, 'ls /sys/block', 'vda'), (NIC, NICS, MAC),
            (RNG, HWRNG, 'virtio_rng'), (TABLET, INPUTS, 'QEMU Virtio Tablet')):
        plug(g, xml, command, wanted)
        unplug(g, xml, command, wanted)


@case('plug/acpi')
def by_acpi():
    g = boot('system', domain('plug', ports(10), os_more=ACPI_KERNEL))
    devices(g, 'plug')


@case('plug/fdt-session')
def by_fdt():
    g = boot('session', domain('plug', ports(10), firmware='', os_more=KERNEL,
                               features=''))
    devices(g, 'plug')


@case('plug/one-port-is-free')
def one_port():
    """libvirt leaves one port; the second device needs one in the XML (F8)."""
    g = boot('system', domain('plug', disk('plug'), firmware='', os_more=KERNEL,
                              features=''))
    plug(g, NIC, NICS, MAC)
    try:
        g.dom.attachDeviceFlags(RNG, LIVE)
    except libvirt.libvirtError as e:
        say(e)
        assert 'No more available PCI slots' in str(e)
        return
    raise AssertionError('there was a second free port')


@case('plug/scsi-usb')
def scsi_usb():
    """A SCSI disk, a USB disk and a USB mouse; a disk that grows."""
    g = boot('system', domain(
        'plug', disk('plug'), "<controller type='scsi' model='virtio-scsi'/>",
        XHCI, firmware='',
        os_more=KERNEL, features=''))
    g.ask('modprobe -a virtio_scsi sd_mod xhci-pci usb-storage usbhid hid-generic')
    sda, sdb = (disk_xml(empty('plug', d), d, b) for d, b in
                (('sda', 'scsi'), ('sdb', 'usb')))
    plug(g, sda, 'ls /sys/block', 'sda')
    unplug(g, sda, 'ls /sys/block', 'sda')
    plug(g, sdb, 'cat /proc/bus/usb/devices /sys/bus/usb/devices/*/product',
         'QEMU USB HARDDRIVE')
    mouse = "<input type='mouse' bus='usb'/>"
    plug(g, mouse, INPUTS, 'QEMU USB Mouse')
    g.dom.blockResize('vda', 400 << 20, libvirt.VIR_DOMAIN_BLOCK_RESIZE_BYTES)
    g.until('cat /sys/block/vda/size', str(400 << 11))


@case('plug/virtiofs')
def virtiofs():
    """A folder of the host, which both sides write to."""
    os.makedirs('/srv/disks/share')
    g = boot('system', domain('plug', VIRTIOFS, firmware='', os_more=KERNEL,
                              features='', more=SHARED))
    g.ask('modprobe virtiofs; mkdir -p /mnt; mount -t virtiofs share /mnt')
    with open('/srv/disks/share/host', 'w', encoding='utf-8') as f:
        f.write('written by the host')
    expect('in the guest', g.ask('cat /mnt/host'), 'written by the host')
    g.ask('echo written by the guest > /mnt/guest; sync')
    with open('/srv/disks/share/guest', encoding='utf-8') as f:
        expect('on the host', f.read().strip(), 'written by the guest')


def total(g):
    """The guest's memory, in MiB."""
    return int(g.ask('grep MemTotal /proc/meminfo').split()[1]) // 1024


def until_total(g, what, good):
    end = time.monotonic() + 60
    while True:
        seen = total(g)
        if good(seen):
            say('%s: %d MiB' % (what, seen))
            return
        assert time.monotonic() < end, '%s: %d MiB' % (what, seen)


@case('memory/dimm')
def dimm():
    """By ACPI, with a kernel that takes it; memory for the kernel cannot leave."""
    g = boot('system', domain('memory', more=HOT, cpu=CELL, os_more=KERNEL_CLOUD))
    before = total(g)
    g.ask('echo online_movable > /sys/devices/system/memory/auto_online_blocks')
    g.dom.attachDeviceFlags(DIMM, LIVE)
    until_total(g, 'with the DIMM', lambda m: m > before + 200)
    g.dom.detachDeviceFlags(DIMM, LIVE)
    g.events.wait(g.dom, 'removed')
    until_total(g, 'without', lambda m: m < before + 10)


def memory_xml(dom):
    return re.search("<memory model='virtio-mem'.*?</memory>", dom.XMLDesc(), re.S)[0]


def resized(dom, size):
    """The XML of the domain's virtio-mem, with another size requested."""
    return re.sub('<requested.*</requested>',
                  "<requested unit='MiB'>%d</requested>" % size, memory_xml(dom))


def emptied(g):
    """libvirt has heard that the device has given its memory back."""
    end = time.monotonic() + 60
    while not re.search('<current[^>]*>0</current>', memory_xml(g.dom)):
        assert time.monotonic() < end, memory_xml(g.dom)
        g.ask('true')


@case('memory/virtio-mem')
def virtio_mem():
    g = boot('system', domain('memory', ports(4), more=HOT, cpu=CELL,
                              os_more=ACPI_KERNEL))
    before = total(g)
    g.ask('echo online_movable > /sys/devices/system/memory/auto_online_blocks')
    g.ask('modprobe virtio_mem')
    g.dom.attachDeviceFlags(VIRTIO_MEM % 0, LIVE)
    for size in (256, 128):
        g.dom.updateDeviceFlags(resized(g.dom, size), LIVE)
        until_total(g, 'with %d MiB' % size,
                    lambda m: abs(m - before - size) < 20)
    g.dom.updateDeviceFlags(resized(g.dom, 0), LIVE)
    until_total(g, 'with nothing', lambda m: abs(m - before) < 20)
    emptied(g)
    g.dom.detachDeviceFlags(memory_xml(g.dom), LIVE)
    g.events.wait(g.dom, 'removed')
    say('the device is gone')


@case('memory/balloon')
def balloon():
    g = boot('session', domain('memory', "<memballoon model='virtio'/>", firmware='',
                               os_more=KERNEL, features=''))
    g.ask('modprobe virtio_balloon')
    before = total(g)
    for size in (400, 512):
        g.dom.setMemoryFlags(size << 10, LIVE)
        g.events.wait(g.dom, 'balloon', size << 10)
        until_total(g, 'with %d MiB' % size,
                    lambda m: abs(m - before - size + 512) < 3)
    g.dom.setMemoryStatsPeriod(1, LIVE)
    end = time.monotonic() + 60
    while 'unused' not in g.dom.memoryStats():
        assert time.monotonic() < end, g.dom.memoryStats()
        g.ask('true')
    say(g.dom.memoryStats())
    expect('balloon.current', g.dom.connect().domainListGetStats(
        [g.dom], libvirt.VIR_DOMAIN_STATS_BALLOON)[0][1]['balloon.current'],
        512 << 10)


@case('plug/no-cpus')
def no_cpus():
    """As with virt: a CPU cannot be plugged."""
    g = boot('session', domain('plug', firmware='', os_more=KERNEL, features='',
                               vcpu="<vcpu current='1'>2</vcpu>"))
    try:
        g.dom.setVcpusFlags(2, LIVE)
    except libvirt.libvirtError as e:
        say(e)
        return
    raise AssertionError('a CPU was plugged')


@case('plug/watchdog')
def watchdog():
    g = boot('system', domain('plug', "<watchdog model='i6300esb' action='reset'/>",
                              firmware='', os_more=KERNEL, features=''))
    g.ask('modprobe i6300esb heartbeat=2; echo > /dev/watchdog')
    g.events.wait(g.dom, 'watchdog')
    g.console.expect('demo:/# ')
    say('the watchdog has reset the guest')
