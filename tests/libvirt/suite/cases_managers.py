# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Domain XML as OpenStack Nova and KubeVirt write it for aarch64, with the name of
our machine. Neither names an emulator: ours is libvirt's default here. And the
command line of Proxmox VE, which has no libvirt."""

import os
import re
import shlex
import socket
import subprocess
import time

import host
from cases_virtinst import plain_name, source
from domain import disk
from guest import ESCAPE, PROMPT, Guest
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
DATA = host.DATA + '/vmspec-%s-aarch64.fd'
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


# Proxmox VE 9: what qemu-server makes of a VM with "arch: aarch64", "bios: ovmf",
# "vga: virtio", "serial0: socket" and "args: -machine virt-vmspec-1.0"; its own tests
# have such lines (src/test/cfg2cmd/aarch64). Not as there: the program, which it
# names /usr/bin/qemu-system-aarch64; -id and the end of type=virt+pve0, which only
# Proxmox's QEMU knows; the network, which needs a bridge; SPICE, which needs keys;
# the CD-ROM, whose IDE the machine virt has not either.
PROXMOX = '''%(program)s -name simple,debug-threads=on -no-shutdown
 -chardev socket,id=qmp,path=%(dir)s/qmp,server=on,wait=off
 -mon chardev=qmp,mode=control -pidfile %(dir)s/pid
 -smbios type=1,uuid=7b10d7af-b932-4c66-b2c3-3996152ec465
 -object '{"id":"throttle-drive-efidisk0","limits":{},"qom-type":"throttle-group"}'
 -blockdev '{"driver":"raw","file":{"driver":"file","filename":"%(code)s"},
  "node-name":"pflash0","read-only":true}'
 -blockdev '{"detect-zeroes":"on","discard":"ignore","driver":"throttle","file":{
  "cache":{"direct":false,"no-flush":false},"detect-zeroes":"on","discard":"ignore",
  "driver":"qcow2","file":{"aio":"io_uring","cache":{"direct":false,"no-flush":false},
  "detect-zeroes":"on","discard":"ignore","driver":"file","filename":"%(efidisk)s",
  "node-name":"e0","read-only":false},"node-name":"f0","read-only":false},
  "node-name":"drive-efidisk0","read-only":false,
  "throttle-group":"throttle-drive-efidisk0"}'
 -smp 3,sockets=1,cores=3,maxcpus=3 -nodefaults
 -boot menu=on,strict=on,reboot-timeout=1000,splash=%(dir)s/splash.jpg
 -vnc unix:%(dir)s/vnc,password=on -cpu cortex-a57 -m 768
 -object '{"id":"throttle-drive-scsi0","limits":{},"qom-type":"throttle-group"}'
 -device pci-bridge,id=pci.1,chassis_nr=1,bus=pcie.0,addr=0x1e
 -device pci-bridge,id=pci.2,chassis_nr=2,bus=pcie.0,addr=0x1f
 -device vmgenid,guid=c773c261-d800-4348-9f5d-167fadd53cf8
 -device usb-ehci,id=ehci,bus=pcie.0,addr=0x1
 -device usb-tablet,id=tablet,bus=ehci.0,port=1
 -device usb-kbd,id=keyboard,bus=ehci.0,port=2
 -chardev socket,id=serial0,path=%(dir)s/serial0,server=on,wait=off
 -serial chardev:serial0
 -device virtio-gpu,id=vga,bus=pcie.0,addr=0x2
 -device virtio-serial,id=spice,bus=pcie.0,addr=0x9
 -chardev qemu-vdagent,id=vdagent,name=vdagent,clipboard=on
 -device virtserialport,chardev=vdagent,name=com.redhat.spice.0
 -device virtio-balloon-pci,id=balloon0,bus=pcie.0,addr=0x3,free-page-reporting=on
 -iscsi initiator-name=iqn.1993-08.org.debian:01:aabbccddeeff
 -device virtio-scsi-pci,id=scsihw0,bus=pcie.0,addr=0x5
 -blockdev '{"detect-zeroes":"unmap","discard":"unmap","driver":"throttle","file":{
  "cache":{"direct":false,"no-flush":false},"detect-zeroes":"unmap","discard":"unmap",
  "driver":"qcow2","file":{"aio":"io_uring","cache":{"direct":false,"no-flush":false},
  "detect-zeroes":"unmap","discard":"unmap","driver":"file","filename":"%(disk)s",
  "node-name":"e1","read-only":false},"node-name":"f1","read-only":false},
  "node-name":"drive-scsi0","read-only":false,"throttle-group":"throttle-drive-scsi0"}'
 -device scsi-hd,bus=scsihw0.0,channel=0,scsi-id=0,lun=0,drive=drive-scsi0,id=scsi0,''' \
    '''device_id=drive-scsi0,bootindex=100,write-cache=on
 -netdev user,id=net0
 -device virtio-net-pci,mac=bc:24:11:77:08:a0,netdev=net0,bus=pcie.0,addr=0x12,''' \
    '''id=net0,rx_queue_size=1024,tx_queue_size=256,bootindex=300,host_mtu=1500
 -machine pflash0=pflash0,pflash1=drive-efidisk0,accel=tcg,type=%(type)s
 %(args)s'''


def proxmox_line(machine, args):
    folder = '/srv/disks/managers'
    path = source(disk('managers'))
    efidisk = folder + '/efidisk.qcow2'
    host.run('qemu-img', 'convert', '-O', 'qcow2', DATA % 'vars', efidisk)
    with open(folder + '/splash.jpg', 'wb') as f:
        f.write(b'\xff\xd8' + bytes(62))
    return shlex.split(PROXMOX % {
        'program': host.PROGRAM, 'dir': folder, 'code': DATA % 'uefi',
        'efidisk': efidisk, 'disk': path, 'type': machine, 'args': args})


def read_until(path, text, process, seconds=150):
    """Until the guest's console, a socket, has said it."""
    end = time.monotonic() + seconds
    while not os.path.exists(path):
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < end, 'no socket'
        time.sleep(0.05)
    seen = ''
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        s.settimeout(seconds)
        while text not in ESCAPE.sub('', seen):
            assert time.monotonic() < end, seen[-2000:]
            data = s.recv(4096)
            assert data, 'the console has ended: ' + seen[-2000:]
            seen += data.decode('utf-8', 'replace')


@case('managers/proxmox')
def proxmox():
    """The machine's name by args:, which stand at the end of the command line."""
    words = proxmox_line('virt', '-machine virt-vmspec-1.0')
    say('-machine', words[-3], *words[-2:])
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as process:
        try:
            read_until('/srv/disks/managers/serial0', PROMPT, process)
            say('a prompt')
        finally:
            process.kill()
