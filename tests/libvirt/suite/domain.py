# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Domain XML, as a user writes it: short."""

import os

import host

KERNEL = '''<kernel>/demo/vmlinuz-aarch64</kernel>
    <initrd>/guest/initramfs.cpio.gz</initrd><cmdline>quiet</cmdline>'''
KERNEL_CLOUD = '''<kernel>/images/vmlinuz-cloud-aarch64</kernel>
    <initrd>/images/initramfs-cloud-aarch64.cpio.gz</initrd>
    <cmdline>quiet acpi=force</cmdline>'''
KERNEL_ARM = '''<kernel>/demo/vmlinuz-arm</kernel>
    <initrd>/demo/initramfs-arm.cpio.gz</initrd><cmdline>quiet</cmdline>'''
A15 = "<cpu mode='custom' match='exact'><model>cortex-a15</model></cpu>"
CONSOLE = "<serial type='pty'/>"
ROOT = "<controller type='pci' index='0' model='pcie-root'/>"
XHCI = "<controller type='usb' model='qemu-xhci'/>"


def ports(number):
    """Ports of libvirt's; its own devices take the first ones."""
    return ROOT + "<controller type='pci' model='pcie-root-port'/>" * number


def disk(name, base='/guest/guest.img', target='vda', fmt='raw', bus='virtio'):
    """A layer of its own over an image that stays as it is."""
    folder = '/srv/disks/' + name
    path = '%s/%s.qcow2' % (folder, target)
    os.makedirs(folder, exist_ok=True)
    host.run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', base, '-F', fmt, path)
    host.run('chmod', '-R', 'a+rwX', folder)
    return disk_xml(path, target, bus)


def disk_xml(path, target, bus='virtio', fmt='qcow2'):
    return '''<disk type='file' device='disk'><driver name='qemu' type='%s'/>
      <source file='%s'/><target dev='%s' bus='%s'/></disk>''' % (
          fmt, path, target, bus)


def empty(name, target, size='64M', fmt='qcow2'):
    """A new disk; returns its path."""
    path = '/srv/disks/%s/%s.%s' % (name, target, fmt)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    host.run('qemu-img', 'create', '-q', '-f', fmt, path, size)
    host.run('chmod', 'a+rw', path)
    return path


def domain(name, *devices, arch='aarch64', machine='virt-vmspec-1.0', memory=512,
           vcpu="<vcpu>1</vcpu>", firmware='efi', os_more='', features='<acpi/>',
           cpu='', more='', qemu='', emulator=host.PROGRAM, console=CONSOLE):
    """The XML; firmware='' and os_more=KERNEL start a kernel without firmware."""
    space = qemu and " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    return '''<domain type='qemu'%s>
  <name>%s</name><memory unit='MiB'>%d</memory>%s%s
  <os%s><type arch='%s' machine='%s'>hvm</type>
    %s</os>
  <features>%s</features>%s
  <on_crash>destroy</on_crash>
  <devices><emulator>%s</emulator>
  %s
  %s
  </devices>%s
</domain>''' % (space, name, memory, more, vcpu,
                firmware and " firmware='%s'" % firmware, arch, machine, os_more,
                features, cpu, emulator, console, '\n  '.join(devices),
                qemu and '<qemu:commandline>%s</qemu:commandline>' % ''.join(
                    "<qemu:arg value='%s'/>" % a for a in qemu.split()))
