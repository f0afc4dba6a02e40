/*
 * vmspec: the PCIe root port with a hot-plug slot
 *
 * platform.md, section 4.5: a port with AER, ACS, ARI forwarding, an MSI of its
 * own and a hot-plug slot, which reserves memory for what is plugged later, and
 * no I/O space. It is on a root bus and not hot-plugged.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_PCI_HOST_VMSPEC_ROOT_PORT_H
#define HW_PCI_HOST_VMSPEC_ROOT_PORT_H

#include "hw/pci/pci_device.h"

/*
 * Properties, those of QEMU's pcie-root-port:
 *   chassis, slot, port   numbers that tell ports apart; slot and port 0 (the
 *                default) mean the port's device and function number, so that
 *                none need be given
 *   hotplug      the slot takes devices while the machine runs (default: on)
 *   mem-reserve, pref64-reserve, pref32-reserve, bus-reserve
 *                bytes of 32-bit memory and of 64-bit or 32-bit prefetchable
 *                memory, and buses, that firmware keeps free behind the port
 *                (default: 2 MiB, 1 GiB, none, firmware's choice); one of
 *                pref64-reserve and pref32-reserve, as the window is one
 *   x-speed, x-width      of the link (default: 16 GT/s, 32 lanes)
 */
#define TYPE_VMSPEC_ROOT_PORT "vmspec-root-port"

/*
 * Check that a guest can find @dev behind @port, before @dev is plugged: @dev
 * must be device 0 (PCI_IN_17) and not a root port. The virtual functions of a
 * device with SR-IOV may have other device numbers. Returns false with @errp
 * set if the guest cannot find @dev.
 */
bool vmspec_port_takes(PCIDevice *port, DeviceState *dev, Error **errp);

/*
 * Root ports cannot be hot-plugged. Returns false with @errp set if @dev is a
 * root port.
 */
bool vmspec_not_a_root_port(DeviceState *dev, Error **errp);

#endif
