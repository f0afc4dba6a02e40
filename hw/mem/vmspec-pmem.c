/*
 * vmspec: libpmem, which is loaded when persistent memory is written
 *
 * QEMU flushes a memory-backend-file with pmem=on by libpmem.  A program that
 * is linked with it has libndctl, libkmod and libcrypto as well.  The dynamic
 * linker needs 10 million instructions for them: a fifth of a start, for what
 * hardly any machine has.  Here are the two functions that QEMU calls, and the
 * first call opens the library.  Without it, msync() does the same by the
 * kernel.
 *
 * The code is here, and not in patch 0018, so that the patch has one line.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <dlfcn.h>
#include "qemu/error-report.h"
#include "qemu/pmem.h"

#define LIBRARY "libpmem.so.1"

typedef void PersistFn(const void *addr, size_t len);

static PersistFn *persist;

/* What pmem_persist() does, of any mapped file */
static void persist_by_kernel(const void *addr, size_t len)
{
    uintptr_t start = QEMU_ALIGN_DOWN((uintptr_t)addr,
                                      qemu_real_host_page_size());

    if (msync((void *)start, (uintptr_t)addr + len - start, MS_SYNC)) {
        warn_report("cannot write persistent memory: %s", strerror(errno));
    }
}

static void load_library(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (library) {
        persist = (PersistFn *)dlsym(library, "pmem_persist");
    }
    if (!persist) {
        warn_report("%s cannot be loaded: msync() writes persistent memory",
                    LIBRARY);
        persist = persist_by_kernel;
    }
}

void pmem_persist(const void *addr, size_t len)
{
    static gsize loaded;

    if (g_once_init_enter(&loaded)) {
        load_library();
        g_once_init_leave(&loaded, 1);
    }
    persist(addr, len);
}

void *pmem_memcpy_persist(void *pmemdest, const void *src, size_t len)
{
    memcpy(pmemdest, src, len);
    pmem_persist(pmemdest, len);
    return pmemdest;
}
