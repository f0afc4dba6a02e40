/*
 * vmspec: what an interrupted update left in the variable store
 *
 * Owns completing it: in the file, before the machine is there, and in the
 * bank, when a reset comes while the firmware writes. The firmware itself
 * would wipe all variables where their block is erased and not written yet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "block/block-global-state.h"
#include "hw/block/flash.h"
#include "hw/block/vmspec-pflash.h"
#include "system/block-backend.h"
#include "system/reset.h"
#include "system/runstate.h"
#include "nvram.h"

typedef struct Bank {
    BlockBackend *blk;
    MemoryRegion *mr;           /* NULL before the machine is there */
} Bank;

/* On stable storage before the next one; BDRV_REQ_FUA does not see to that. */
static int write_part(const Bank *bank, const uint8_t *data, size_t offset,
                      size_t size)
{
    int ret;

    if (!size) {
        return 0;
    }
    if (bank->mr) {
        return vmspec_pflash_commit(bank->blk, bank->mr, offset, data + offset,
                                    size) ? 0 : -EIO;
    }
    ret = blk_pwrite(bank->blk, offset, size, data + offset, 0);
    return ret < 0 ? ret : blk_flush(bank->blk);
}

/*
 * Complete an update that a crash interrupted, or the firmware wipes all; and
 * erase an unfinished variable, or it writes over that by erasing the block,
 * and an unfinished entry of the queue. Each can be interrupted and done again:
 * what tells of it goes last. 0 if there was nothing to do, 1 if that is done.
 */
static int replay(const Bank *bank, uint8_t *data, const Varstore *vs)
{
    bool copy = vs->ftw_replay && memcmp(data, vs->area, VARSTORE_AREA_SIZE);
    size_t tail = vs->incomplete_var + MIN(vs->incomplete_var_size, VARSTORE_VAR_HEADER);
    int ret = 0;

    if (!copy && !vs->incomplete_var && !vs->ftw_record) {
        return 0;
    }
    varstore_replay(data, vs);
    if (copy) {
        ret = write_part(bank, data, 0, VARSTORE_AREA_SIZE);
    } else if (vs->incomplete_var) {
        ret = write_part(bank, data, tail, vs->incomplete_var + vs->incomplete_var_size - tail);
        if (ret == 0) {
            ret = write_part(bank, data, vs->incomplete_var, tail - vs->incomplete_var);
        }
    }
    if (ret == 0) {
        ret = write_part(bank, data, vs->ftw_record, vs->ftw_record_size);
    }
    return ret ?: 1;
}

static void report(VmspecMachineState *vms)
{
    info_report("nvram: %s: completed an update of the variables that was "
                "interrupted", vms->nvram_path ?: "flash bank 1");
}

bool vmspec_nvram_replay(VmspecMachineState *vms, BlockBackend *blk,
                         uint8_t *data, const Varstore *vs, Error **errp)
{
    const Bank bank = { .blk = blk };
    int ret = replay(&bank, data, vs);

    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot complete an update of the "
                         "variables that was interrupted");
    } else if (ret) {
        report(vms);
    }
    return ret >= 0;
}

/* A migration brings the content, or has taken it away. */
static bool is_writable(BlockBackend *blk)
{
    GRAPH_RDLOCK_GUARD_MAINLOOP();

    return !blk || (blk_bs(blk) && !bdrv_is_inactive(blk_bs(blk)) &&
                    blk_is_writable(blk));
}

/* A store that the firmware did not write, or damaged, is the firmware's. */
static void complete_update(void *opaque)
{
    VmspecMachineState *vms = opaque;
    const Bank bank = {
        .blk = pflash_cfi01_get_blk(vms->flash[1]),
        .mr = pflash_cfi01_get_memory(vms->flash[1]),
    };
    uint64_t size = memory_region_size(bank.mr);
    g_autofree uint8_t *data = NULL;
    VarstoreDamage damage;
    Varstore vs;

    if (size < VARSTORE_SIZE || runstate_check(RUN_STATE_INMIGRATE) ||
        !is_writable(bank.blk)) {
        return;
    }
    data = g_memdup2(memory_region_get_ram_ptr(bank.mr), VARSTORE_SIZE);
    if (varstore_check(data, size, &vs, &damage) &&
        replay(&bank, data, &vs) > 0) {
        report(vms);
    }
}

void vmspec_nvram_replay_at_reset(VmspecMachineState *vms)
{
    qemu_register_reset_nosnapshotload(complete_update, vms);
}
