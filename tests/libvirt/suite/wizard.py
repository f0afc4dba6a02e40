#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""What virt-manager's wizard for new VMs does, without its windows: the calls of
virtinst that virtManager/createvm.py makes for an image that is imported.

  wizard.py FOLDER URI ARCH MACHINE DISK     FOLDER: where virtinst is

Prints lines "# ..." and the XML.
"""

import sys

FOLDER, URI, ARCH, MACHINE, DISK = sys.argv[1:]
sys.path.insert(0, FOLDER)
# pylint: disable=wrong-import-position
import virtinst                                     # noqa: E402
from virtinst.connection import VirtinstConnection  # noqa: E402


def offered(capsinfo):
    """The list of machines, as _populate_machine() makes it."""
    machines = sorted(capsinfo.machines)
    print('# offered:', *[m for m in machines if 'vmspec' in m])
    return machines


def build_guest(conn, capsinfo):
    """_GuestData.build_guest()"""
    guest = virtinst.Guest(conn)
    guest.set_capabilities_defaults(capsinfo)
    guest.os.machine = MACHINE
    guest.name = 'wizard'
    guest.vcpus = 1
    guest.currentMemory = guest.memory = 512 * 1024
    disk = virtinst.DeviceDisk(conn)
    disk.set_source_path(DISK)
    guest.add_device(disk)
    net = virtinst.DeviceInterface(conn)
    net.type = 'user'
    guest.add_device(net)
    return guest


def main():
    conn = VirtinstConnection(URI)
    conn.open(None, None)
    capsinfo = conn.caps.guest_lookup(os_type='hvm', arch=ARCH, typ='qemu')
    machines = offered(capsinfo)
    if MACHINE not in machines:
        print('# %s is not offered' % MACHINE)
        return
    guest = build_guest(conn, capsinfo)
    # _set_caps_state(): without UEFI the wizard says that the architecture is not
    # installable, and takes an image with a kernel alone
    print('# installable:', guest.prefers_uefi())
    if guest.prefers_uefi():
        guest.enable_uefi()
        guest.uefi_requested = True
    installer = virtinst.Installer(conn)
    print(installer.start_install(guest, return_xml=True)[1])


main()
