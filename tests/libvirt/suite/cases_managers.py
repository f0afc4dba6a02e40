# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Domain XML as OpenStack Nova and KubeVirt write it for aarch64, with the name of
our machine. Neither names an emulator: ours is libvirt's default here."""

import os
import re

from cases_virtinst import plain_name, source
from domain import disk
from guest import Guest
from tap import case, expect, say

# Nova 2025: nova/virt/libvirt/config.py and driver.py. hw_machine_type names the
# machine; ports are added because the name begins with virt; the loader is the
# first one of the descriptors that fits (host.py).
NOVA = '''<domain type='qemu'>
  <name>instance-00000001</name><memory>524288</memory><vcpu>1</vcpu>
  <metadata><nova:instance xmlns:nova='http://openstack.org/xmlns/libvirt/nova/1.1'>
    <nova:name>test</nova:name></nova:instance></metadata>
  <sysinfo type='smbios'><system>
    <entry name='manufacturer'>OpenStack Foundation</entry>
    <entry name='product'>OpenStack Nova</entry>
    <entry name='family'>Virtual Machine</entry></system></sysinfo>
  <os><type arch='aarch64' machine='virt-vmspec-1.0'>hvm</type>
    <loader type='pflash' readonly='yes'>%s</loader><nvram template='%s'/>
    <boot dev='hd'/><smbios mode='sysinfo'/></os>
  <features><acpi/><apic/></features>
  <cpu mode='custom' match='exact'><model>max</model>
    <topology sockets='1' cores='1' threads='1'/></cpu>
  <clock offset='utc'><timer name='pit' tickpolicy='delay'/>
    <timer name='rtc' tickpolicy='catchup'/></clock>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/>
      <source file='%s'/><target dev='vda' bus='virtio'/></disk>
    <interface type='user'><mac address='fa:16:3e:00:00:01'/>
      <model type='virtio'/></interface>
    <controller type='pci' model='pcie-root'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='usb' index='0' model='qemu-xhci'/>
    <serial type='pty'/>
    <graphics type='vnc' autoport='yes' listen='127.0.0.1'/>
    <video><model type='virtio'/></video>
    <input type='keyboard' bus='usb'/><input type='tablet' bus='usb'/>
    <memballoon model='virtio'><stats period='10'/></memballoon>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices></domain>'''

# KubeVirt 1.7: pkg/virt-launcher/virtwrap/converter. The loader's path is that of
# AAVMF, unless Secure Boot is asked for, and then libvirt chooses.
KUBEVIRT = '''<domain type='qemu'>
  <name>default_vm</name><memory unit='b'>536870912</memory>
  <os><type arch='aarch64' machine='virt-vmspec-1.0'>hvm</type>
    <smbios mode='sysinfo'/>%s</os>
  <sysinfo type='smbios'><system>
    <entry name='manufacturer'>KubeVirt</entry></system></sysinfo>
  <features><acpi/></features>
  <cpu mode='maximum'><topology sockets='1' cores='1' threads='1'/></cpu>
  <vcpu placement='static'>1</vcpu><iothreads>1</iothreads>
  <devices>
    <disk device='disk' type='file'><source file='%s'/>
      <target bus='virtio' dev='vda'/>
      <driver cache='none' error_policy='stop' name='qemu' type='qcow2'
        discard='unmap' iothread='1'/>
      <alias name='ua-rootdisk'/></disk>
    <interface type='user'><model type='virtio-non-transitional'/>
      <alias name='ua-default'/></interface>
    <controller type='usb' index='0' model='qemu-xhci'/>
    <controller type='scsi' index='0' model='virtio-non-transitional'/>
    <controller type='virtio-serial' index='0' model='virtio-non-transitional'/>
    <channel type='unix'><target name='org.qemu.guest_agent.0' type='virtio'/>
      </channel>
    <graphics type='vnc' autoport='yes'/>
    <video><model type='virtio' heads='1'/></video>
    <input type='tablet' bus='usb'/><input type='keyboard' bus='usb'/>
    <memballoon model='virtio-non-transitional'><stats period='10'/></memballoon>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <watchdog model='i6300esb' action='poweroff'/>
    <serial type='pty'/><console type='pty'/>
  </devices></domain>'''
LOADER = '''<loader readonly='yes' secure='no' type='pflash'>%s</loader>
    <nvram template='%s'/>'''
CHOSEN = '<firmware>%s</firmware>' % ''.join(
    "<feature enabled='yes' name='%s'/>" % f for f in ('secure-boot', 'enrolled-keys'))
DATA = '/usr/local/share/qemu-vmspec/vmspec-%s-aarch64.fd'
AAVMF = '/usr/share/AAVMF/AAVMF_%s.fd'


def runs(xml):
    with plain_name() as server:
        g = Guest(server, xml).boot()
        say(*re.findall('<emulator.*|<loader.*', g.dom.XMLDesc()))
        expect('firmware', g.ask('report | grep ^firmware'), 'firmware: UEFI')
        g.dom.shutdown()
        g.stopped()


@case('managers/nova')
def nova():
    runs(NOVA % (DATA % 'uefi', DATA % 'vars', source(disk('managers'))))


@case('managers/kubevirt')
def kubevirt():
    """With the image that KubeVirt names, which is made for virt."""
    code = AAVMF % 'CODE.no-secboot'
    if not os.path.exists(code):
        code = AAVMF % 'CODE'
    runs(KUBEVIRT % (LOADER % (code, AAVMF % 'VARS'), source(disk('managers'))))


@case('managers/kubevirt-secure')
def kubevirt_secure():
    xml = KUBEVIRT % (CHOSEN, source(disk('managers', '/images/signed-aarch64.img')))
    runs(xml.replace('<os>', "<os firmware='efi'>"))
