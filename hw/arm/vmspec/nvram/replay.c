/*
 * vmspec: repair what an interrupted write left in the variable store
 *
 * This file writes a repair, in an order that survives a crash.
 * varstore_check() finds four cases (hw/arm/vmspec/varstore/ draws three),
 * which differ in what EDK2 would do and in what is written here:
 *
 *   ftw_replay      The variable area is being replaced, and the spare block
 *                   is complete. EDK2's flash driver starts before its FTW
 *                   driver. It would find no volume header in a half-written
 *                   area, and format it: every variable would be lost.
 *                   1. Copy the spare block to the variable area.
 *                   The queue entry stays: EDK2 repeats the copy and ends it.
 *
 *   incomplete_var  Bytes of a variable without a state. EDK2 would write the
 *                   next variable over them, for which it erases the block,
 *                   without the FTW driver.
 *                   1. Erase what is behind the header.
 *                   2. Erase the header.
 *
 *   ftw_record      A queue entry that was begun. EDK2 would complete it with
 *                   the sizes that it finds there, and hang on most sizes.
 *                   3. Erase the entry, after the steps of either case above.
 *
 *   seconds         Second copies of variables, which no crash leaves.
 *                   EDK2 would walk over all variables without an end.
 *                   0. Mark each one deleted, before the steps above.
 *
 * Each step is on stable storage before the next one begins. The bytes that
 * identify a case are written last, so that a crash in a repair leaves a store
 * that the next start repairs.
 *
 * A repair happens before the machine runs, in the store file, and at each
 * reset, in flash1 and its image: a reset may come while the firmware writes.
 *
 * Copyright (c) 2026 The vmspec authors
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
#include "store-file.h"

typedef struct Bank {
    BlockBackend *blk;          /* NULL: flash1 has no image */
    MemoryRegion *mr;           /* NULL: the machine does not exist yet */
} Bank;

/* Write @size bytes at @offset of @data to the same offset of @bank. */
static int write_part(const Bank *bank, const uint8_t *data, size_t offset,
                      size_t size)
{
    if (!size) {
        return 0;
    }
    if (!bank->mr) {
        return vmspec_pflash_store(bank->blk, offset, data + offset, size);
    }
    return vmspec_pflash_commit(bank->blk, bank->mr, offset, data + offset,
                                size) ? 0 : -EIO;
}

/* Write step 1 of ftw_replay, or steps 1 and 2 of incomplete_var. */
static int write_area(const Bank *bank, const uint8_t *data,
                      const Varstore *vs, bool copy)
{
    size_t header = MIN(vs->incomplete_var_size, VARSTORE_VAR_HEADER);
    size_t body = vs->incomplete_var + header;
    int ret;

    if (copy) {
        return write_part(bank, data, 0, VARSTORE_AREA_SIZE);
    }
    ret = write_part(bank, data, body, vs->incomplete_var_size - header);
    if (ret < 0) {
        return ret;
    }
    return write_part(bank, data, vs->incomplete_var, header);
}

/* Write step 0 of seconds. */
static int write_seconds(const Bank *bank, uint8_t *data, const Varstore *vs)
{
    int ret = 0;

    for (size_t at = 0;
         ret == 0 && (at = varstore_drop_second(data, vs, at));) {
        ret = write_part(bank, data, at, 1);
    }
    return ret;
}

/*
 * Repair @bank, whose first VARSTORE_SIZE bytes are @data. Returns 0 if there
 * is nothing to do, 1 if the repair is done, or a negative errno.
 */
static int replay(const Bank *bank, uint8_t *data, const Varstore *vs)
{
    bool copy = vs->ftw_replay && memcmp(data, vs->area, VARSTORE_AREA_SIZE);
    int ret;

    if (!copy && !vs->incomplete_var && !vs->ftw_record &&
        (!vs->seconds || vs->ftw_replay)) {
        return 0;
    }
    ret = write_seconds(bank, data, vs);
    varstore_replay(data, vs);
    if (ret == 0) {
        ret = write_area(bank, data, vs, copy);
    }
    if (ret == 0) {
        ret = write_part(bank, data, vs->ftw_record, vs->ftw_record_size);
    }
    return ret < 0 ? ret : 1;
}

static void report_replay(VmspecMachineState *vms, const Varstore *vs)
{
    const char *name = vms->nvram_path ?: "flash bank 1";

    if (vs->seconds && !vs->ftw_replay) {
        info_report("nvram: %s: removed %u second copies of variables; the "
                    "first ones are kept, as the firmware reads them", name,
                    vs->seconds);
    }
    if (vs->ftw_replay || vs->incomplete_var || vs->ftw_record) {
        info_report("nvram: %s: completed an update of the variables that was "
                    "interrupted", name);
    }
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
        report_replay(vms, vs);
    }
    return ret >= 0;
}

/* Not before a migration has brought the content, nor after it took it away */
static bool is_writable(BlockBackend *blk)
{
    GRAPH_RDLOCK_GUARD_MAINLOOP();

    return !blk || (blk_bs(blk) && !bdrv_is_inactive(blk_bs(blk)) &&
                    blk_is_writable(blk));
}

/*
 * The reset handler. It leaves a store alone that is damaged, or that the
 * firmware has not formatted yet: the firmware deals with both.
 */
static void vmspec_nvram_reset(void *opaque)
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
        report_replay(vms, &vs);
    }
}

void vmspec_nvram_replay_at_reset(VmspecMachineState *vms)
{
    qemu_register_reset_nosnapshotload(vmspec_nvram_reset, vms);
}
