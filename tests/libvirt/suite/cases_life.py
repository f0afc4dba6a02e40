# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""A guest's life: start, console, reboot, reset, shutdown, save, undefine."""

import os

import libvirt

import host
from domain import A15, KERNEL, KERNEL_ARM, disk, domain
from guest import PROMPT, boot
from tap import case, expect, say


def reboots(g):
    """A reboot that the guest makes, and a reset from outside."""
    g.console.type('reboot\r')
    g.events.wait(g.dom, 'reboot')
    g.console.expect(PROMPT)
    say('rebooted')
    g.dom.reset(0)
    g.console.expect(PROMPT)
    say('reset')


def shuts_down(g):
    """The power button, by virsh shutdown."""
    g.dom.shutdown()
    g.stopped()
    say('off by the power button')


@case('life/uefi-acpi')
def uefi_acpi():
    """Linux takes the tables where both are, if it is told to."""
    g = boot('system', domain('life-acpi', os_more=KERNEL.replace(
        'quiet', 'quiet acpi=force')))
    expect('described by', g.ask('report | grep -E "^(description|firmware)"'),
           'description: ACPI\nfirmware: UEFI')
    g.dom.reboot(libvirt.VIR_DOMAIN_REBOOT_ACPI_POWER_BTN)
    g.console.expect(PROMPT)
    say('rebooted by the button')
    reboots(g)
    shuts_down(g)


@case('life/fdt-session')
def fdt_session():
    g = boot('session', domain('life-fdt', disk('life'), features=''))
    expect('described by', g.ask('report | grep -E "^(description|firmware)"'),
           'description: FDT\nfirmware: UEFI')
    reboots(g)
    shuts_down(g)


@case('life/kernel')
def kernel():
    g = boot('system', domain('life-kernel', firmware='', os_more=KERNEL,
                              features=''))
    expect('described by', g.ask('report | grep -E "^(description|firmware)"'),
           'description: FDT\nfirmware: none')
    reboots(g)
    shuts_down(g)


@case('life/arm-uefi')
def arm_uefi():
    g = boot('system', domain('life-arm', disk('life', '/demo/demo-arm.img'),
                              arch='armv7l', cpu=A15, features='', memory=256))
    say(g.ask('report | grep ^kernel'))
    shuts_down(g)


@case('life/arm-kernel')
def arm_kernel():
    g = boot('system', domain('life-arm', arch='armv7l', cpu=A15, features='',
                              firmware='', os_more=KERNEL_ARM, memory=256))
    say(g.ask('report | grep ^kernel'))
    shuts_down(g)


@case('life/undefine-nvram')
def undefine_nvram():
    server = host.daemon('system')
    dom = server.conn.defineXML(domain('life-undefine', disk('life')))
    dom.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    store = '/var/lib/libvirt/qemu/nvram/life-undefine_VARS.fd'
    expect('the store is there', os.path.exists(store), True)
    dom.destroy()
    try:
        dom.undefine()
        raise AssertionError('undefine went without --nvram')
    except libvirt.libvirtError as e:
        say(e)
    dom.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
    expect('the store is there', os.path.exists(store), False)
