/*
 * vmspec: what a migration stream says of its machine
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_VMSPEC_STREAM_H
#define HW_ARM_VMSPEC_STREAM_H

#include "hw/arm/vmspec-machine.h"

/*
 * Put the guest-visible configuration of the planned machine into its
 * migration streams. A machine that is configured otherwise refuses the stream
 * with an error that names the option.
 */
void vmspec_register_stream(VmspecMachineState *vms);

#endif
