/*
 * vmspec tests: bus masters that a guest has programmed badly
 *
 * Drivers as short as can be for virtio-blk, nvme, xhci and fw_cfg. They give
 * the device requests that are well formed, with addresses and lengths that
 * are not: those come from trial.h.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TEST_MASTERS_H
#define VMSPEC_TEST_MASTERS_H

#include "../libqtest.h"

/*
 * Where the devices are: function @fn in ECAM, whose BAR 0 and 4 are at
 * @bar0 and @bar4. A master that does not answer is left alone.
 */
typedef struct Master {
    uint32_t fn;
    uint64_t bar0, bar4;
} Master;

/* An address to aim DMA at: RAM, a region of the contract or any other */
uint64_t master_address(void);

/* Program the BARs of @m, of 64 KiB at most each, and let it be bus master. */
void master_enable(QTestState *qts, const Master *m);

/* One request of each kind */
void master_virtio_blk(QTestState *qts, const Master *m);
void master_nvme(QTestState *qts, const Master *m);
void master_xhci(QTestState *qts, const Master *m);
void master_fw_cfg(QTestState *qts);

#endif
