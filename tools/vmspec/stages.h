/*
 * vmspec: what a guest's console tells of its boot
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef VMSPEC_TOOLS_STAGES_H
#define VMSPEC_TOOLS_STAGES_H

#include <glib.h>

typedef enum Stage {
    STAGE_START,                /* nothing is printed yet */
    STAGE_FIRMWARE,
    STAGE_NOTHING,              /* the firmware found nothing to boot */
    STAGE_LOADER,
    STAGE_KERNEL,
    STAGE_SYSTEM,               /* the kernel has started the first process */
    STAGE_LOGIN,                /* a prompt: a login or a shell */
    STAGE_DEAD,                 /* the kernel gave up */
    STAGES,
} Stage;

typedef struct Stages Stages;

typedef struct StagesOps {
    /* The guest is in another stage now. */
    void (*stage)(void *opaque, Stage stage);
    /* The guest is in a known dead end: what the user can do */
    void (*advice)(void *opaque, const char *advice);
} StagesOps;

/* Watch a console; @ops and @opaque must live as long. */
Stages *stages_new(const StagesOps *ops, void *opaque);

void stages_free(Stages *stages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stages, stages_free)

/* The guest has printed these bytes. */
void stages_feed(Stages *stages, const char *data, gsize size);

/* The guest has printed nothing for @seconds. */
void stages_idle(Stages *stages, unsigned seconds);

/* A word for the stage, as vmspec list prints it */
const char *stage_name(Stage stage);

#endif
