# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Does a domain with this feature start? A guest is not waited for.

Each probe is defined and started, paused. What libvirt or the machine refuses
says so in the words that the probe names; where a release of libvirt differs,
it is named.
"""

import host
from domain import (A15, KERNEL, KERNEL_ARM, ROOT, XHCI, disk, disk_xml, domain, empty,
                    ports)
from guest import paused, refusal
from tap import case, say

NUMA = '''<vcpu>2</vcpu><cpu><numa>
  <cell id='0' cpus='0' memory='256' unit='MiB'/>
  <cell id='1' cpus='1' memory='256' unit='MiB'/></numa></cpu>'''
CELL = '''<cpu><numa>
  <cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>'''
HOT = "<maxMemory slots='4' unit='MiB'>2048</maxMemory>"
MEM = "<memory model='%s'>%s<target><size unit='MiB'>256</size>%s</target>%s</memory>"
DIMM = MEM % ('dimm', '', '<node>0</node>', '')
NVDIMM = MEM % ('nvdimm', '<source><path>/srv/disks/nvdimm</path></source>',
                '<node>0</node>', '')
VIRTIO_MEM = MEM % ('virtio-mem', '', '''<node>0</node><block unit='MiB'>2</block>
    <requested unit='MiB'>64</requested>''', '')
TPM = "<tpm model='%s'><backend type='emulator' version='2.0'/></tpm>"
PCIE = "<controller type='pci' index='%d' model='%s'/>"
VNC = "<graphics type='vnc' autoport='yes'/>"
SHARE = '''<filesystem type='mount'><source dir='/srv/disks'/>
    <target dir='share'/></filesystem>'''
SECURE = '''<firmware><feature enabled='%s' name='secure-boot'/></firmware>'''
LOADER = '''<loader readonly='yes' type='pflash'>%s</loader>
    <nvram template='%s'/>'''
AAVMF = '/usr/share/AAVMF/AAVMF_%s.fd'
ROM = "<loader type='rom'>%s/vmspec-uefi-aarch64.fd</loader>" % host.DATA
OURS = (host.DATA + '/vmspec-uefi-aarch64.fd', host.DATA + '/vmspec-vars-aarch64.fd')


def device(xml):
    return lambda: domain('probe', xml)


def setting(**more):
    return lambda: domain('probe', **more)


def disk_probe(bus):
    target = 'vda' if bus == 'virtio' else 'sda'
    return lambda: domain('probe', XHCI if bus == 'usb' else '',
                          disk('probe', target=target, bus=bus))


def mmio_disk():
    xml = disk('probe').replace('</disk>', "<address type='virtio-mmio'/></disk>")
    return domain('probe', xml)


def cd(bus):
    xml = disk_xml(empty('probe', 'sda', fmt='raw'), 'sda', bus, 'raw')
    return domain('probe', xml.replace("device='disk'", "device='cdrom'"))


def nvdimm():
    host.run('truncate', '-s', '256M', '/srv/disks/nvdimm')
    host.run('chmod', 'a+rw', '/srv/disks/nvdimm')
    return domain('probe', NVDIMM, more=HOT, cpu=CELL)


def explicit_loader(code, variables):
    return lambda: domain('probe', firmware='', os_more=LOADER % (code, variables))


def aavmf():
    name = 'CODE' if host.release == 'bookworm' else 'CODE.no-secboot'
    return domain('probe', firmware='', os_more=LOADER % (AAVMF % name,
                                                          AAVMF % 'VARS'))


# name: what makes the XML, and what is said where it is refused
PROBES = {
    'console': device("<console type='pty'/>"),
    'serial-second': device("<serial type='pty'/>"),
    'serial-pl011': setting(console='''<serial type='pty'>
        <target type='system-serial' port='0'><model name='pl011'/></target>
        </serial>'''),
    'gic-2': setting(features="<acpi/><gic version='2'/>"),
    'gic-3': setting(features="<acpi/><gic version='3'/>"),
    'iommu-smmuv3': device("<iommu model='smmuv3'/>"),
    'iommu-virtio': device("<iommu model='virtio'/>"),
    'ras': setting(features="<acpi/><ras state='on'/>"),
    'disk-virtio': disk_probe('virtio'),
    'disk-scsi': disk_probe('scsi'),
    'disk-sata': disk_probe('sata'),
    'disk-usb': disk_probe('usb'),
    'disk-virtio-mmio': mmio_disk,
    'cdrom-sata': lambda: cd('sata'),
    'cdrom-scsi': lambda: cd('scsi'),
    'rng': device('''<rng model='virtio'>
        <backend model='random'>/dev/urandom</backend></rng>'''),
    'balloon': device("<memballoon model='virtio'/>"),
    'input-virtio': device("<input type='tablet' bus='virtio'/>"),
    'channel-agent': device('''<channel type='unix'>
        <target type='virtio' name='org.qemu.guest_agent.0'/></channel>'''),
    '9p': device(SHARE),
    'virtio-mem': lambda: domain('probe', VIRTIO_MEM, more=HOT, cpu=CELL),
    'usb-xhci': device(XHCI),
    'usb-default': device("<controller type='usb'/>"),
    'usb-tablet': device(XHCI + "<input type='tablet' bus='usb'/>"),
    'watchdog-i6300esb': device("<watchdog model='i6300esb' action='reset'/>"),
    'nic': device("<interface type='user'/>"),
    'nic-virtio': device("<interface type='user'><model type='virtio'/></interface>"),
    'nic-e1000e': device("<interface type='user'><model type='e1000e'/></interface>"),
    'pcie-root': device(ROOT),
    'pcie-root-ports': device(ROOT + PCIE % (1, 'pcie-root-port') +
                              PCIE % (2, 'pcie-root-port')),
    'pcie-switch': device(''.join(PCIE % c for c in (
        (0, 'pcie-root'), (1, 'pcie-root-port'), (2, 'pcie-switch-upstream-port'),
        (3, 'pcie-switch-downstream-port'), (4, 'pcie-switch-downstream-port')))),
    'pcie-ports-40': device(ports(40)),
    'pxb': device(ROOT + '''<controller type='pci' index='1'
        model='pcie-expander-bus'><target busNr='128'/></controller>'''),
    'panic': device("<panic model='pvpanic'/>"),
    'firmware-efi': setting(),
    'firmware-secure-no': setting(os_more=SECURE % 'no'),
    'firmware-secure-yes': setting(os_more=SECURE % 'yes'),
    'firmware-rom': setting(firmware='', features='', os_more=ROM),
    'loader-ours': explicit_loader(*OURS),
    'loader-aavmf': aavmf,
    'acpi-no-firmware': setting(firmware='', os_more=KERNEL),
    'kernel': setting(firmware='', os_more=KERNEL, features=''),
    'tpm-tis': device(TPM % 'tpm-tis'),
    'tpm-crb': device(TPM % 'tpm-crb'),
    'dimm': lambda: domain('probe', DIMM, more=HOT, cpu=CELL),
    'nvdimm': nvdimm,
    'max-memory': setting(more=HOT, cpu=CELL),
    'vcpu-1-of-4': setting(vcpu="<vcpu current='1'>4</vcpu>"),
    'vcpu-512': setting(vcpu='<vcpu>512</vcpu>', memory=2048,
                        features="<acpi/><gic version='3'/>"),
    'numa-2': setting(vcpu='', cpu=NUMA),
    'cpu-max': setting(cpu="<cpu mode='custom'><model>max</model></cpu>"),
    'cpu-maximum': setting(cpu="<cpu mode='maximum'/>"),
    'cpu-cortex-a57': setting(cpu="<cpu mode='custom'><model>cortex-a57</model></cpu>"),
    'cpu-host-passthrough': setting(cpu="<cpu mode='host-passthrough'/>"),
    'arm-kernel': setting(arch='armv7l', cpu=A15, features='', memory=256,
                          firmware='', os_more=KERNEL_ARM),
    'genid': setting(more='<genid/>'),
    'video-virtio': device(VNC + "<video><model type='virtio'/></video>"),
    'video-ramfb': device(VNC + "<video><model type='ramfb'/></video>"),
    'vnc': device(VNC),
    'spice': device("<graphics type='spice' autoport='yes'/>"),
    'sound-hda': device("<sound model='ich9'/>"),
    'vsock': device("<vsock model='virtio'><cid auto='no' address='7'/></vsock>"),
    'smbios': setting(more='''<sysinfo type='smbios'><system>
        <entry name='serial'>42</entry></system></sysinfo>''',
                      os_more="<smbios mode='sysinfo'/>"),
    'numatune': setting(more='''<numatune><memory mode='strict' nodeset='0'/>
        </numatune>'''),
    'io-native': lambda: domain('probe', disk('probe').replace(
        "type='qcow2'", "type='qcow2' cache='none' io='native'")),
    'io-uring': lambda: domain('probe', disk('probe').replace(
        "type='qcow2'", "type='qcow2' io='io_uring'")),
    'redirdev': device(XHCI + "<redirdev bus='usb' type='spicevmc'/>"
                       "<graphics type='spice' autoport='yes'/>"),
}

# what libvirt or the machine refuses, and in which words
REFUSED = {
    'pxb': 'this platform has one PCIe root',
    'acpi-no-firmware': 'ACPI requires UEFI on this architecture',
    'cpu-host-passthrough': 'host-passthrough',
    # that is the host's: QEMU has the device
    'vsock': 'unable to open vhost-vsock device',
}
# ... in one release alone, where None stands for what starts there
BY_RELEASE = {
    'bookworm': {'ras': "unexpected feature 'ras'",
                 'panic': "unknown panic model 'pvpanic'"},
}


def probe(name):
    words = BY_RELEASE.get(host.release, {}).get(name, REFUSED.get(name))
    xml = PROBES[name]()
    if not words:
        paused('system', xml)
        say('runs')
        return
    said = refusal('system', xml)
    say(said)
    assert words in said, 'there is no %r' % words


for probe_name in PROBES:
    case('probe/' + probe_name, probe, probe_name)
