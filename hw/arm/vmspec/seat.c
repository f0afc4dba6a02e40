/*
 * vmspec: does a person sit at the machine?
 *
 * With graphics=auto the machine gets a screen, a keyboard and a pointer if a
 * display of QEMU was chosen that can show the screen. A screen, keyboard or
 * pointer that the user names by -device, in JSON too, or in a file of
 * -readconfig takes the place of the machine's.
 * devices/seat.c makes them. Keyboard and pointer are USB devices, because
 * firmware, installers and operating systems without virtio drivers all have
 * drivers for these.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-ui.h"
#include "qemu/config-file.h"
#include "qemu/error-report.h"
#include "qemu/option.h"
#include "hw/qdev-core.h"
#include "system/system.h"
#include "ui/qemu-spice-module.h"
#include "devices/seat.h"
#include "seat.h"

/* What -device names, as prefixes of the names of devices and of aliases */
static const char *const screens[] = {
    "virtio-gpu", "virtio-vga", "vhost-user-gpu", "vhost-user-vga", NULL
};
static const char *const keyboards[] = {
    "usb-kbd", "virtio-keyboard", "virtio-input-host", "vhost-user-input", NULL
};
static const char *const pointers[] = {
    "usb-mouse", "usb-tablet", "usb-wacom-tablet", "virtio-mouse",
    "virtio-tablet", "virtio-multitouch", "virtio-input-host",
    "vhost-user-input", NULL
};

static bool begins_with_one_of(const char *name, const char *const *prefixes)
{
    for (int i = 0; prefixes[i]; i++) {
        if (g_str_has_prefix(name, prefixes[i])) {
            return true;
        }
    }
    return false;
}

/* Other screens are known by their category. */
static bool is_screen(const char *name)
{
    ObjectClass *oc;

    if (begins_with_one_of(name, screens)) {
        return true;
    }
    oc = module_object_class_by_name(name);
    return oc && object_class_dynamic_cast(oc, TYPE_DEVICE) &&
           test_bit(DEVICE_CATEGORY_DISPLAY, DEVICE_CLASS(oc)->categories);
}

/* Take from the seat @opaque what the user's device @name is. */
static void replace_default(const char *name, void *opaque)
{
    VmspecSeat *seat = opaque;

    if (name) {
        seat->screen = seat->screen && !is_screen(name);
        seat->keyboard = seat->keyboard && !begins_with_one_of(name, keyboards);
        seat->pointer = seat->pointer && !begins_with_one_of(name, pointers);
    }
}

static int replace_default_by_options(void *opaque, QemuOpts *opts,
                                      Error **errp)
{
    replace_default(qemu_opt_get(opts, "driver"), opaque);
    return 0;
}

/*
 * A VNC server that the user asked for. Without any display option QEMU starts
 * one by itself (qemu_setup_display()), which is no choice.
 */
static int is_chosen_vnc(void *opaque, QemuOpts *opts, Error **errp)
{
    return g_strcmp0(qemu_opt_get(opts, "vnc"), "localhost:0") ||
           qemu_opt_get_number(opts, "to", 0) != 99;
}

/* Can the display that was chosen show a screen? Curses shows text alone. */
static bool can_show_screen(void)
{
    g_autoptr(DisplayOptions) display = qmp_query_display_options(NULL);
    QemuOptsList *vnc = qemu_find_opts_err("vnc", NULL);

    switch (display->type) {
    case DISPLAY_TYPE_DEFAULT:
    case DISPLAY_TYPE_NONE:
#ifdef CONFIG_CURSES
    case DISPLAY_TYPE_CURSES:
#endif
        break;
    default:
        return true;
    }
    return using_spice ||
           (vnc && qemu_opts_foreach(vnc, is_chosen_vnc, NULL, NULL));
}

static void choose_automatically(VmspecSeat *seat)
{
    const char *missing;

    seat->screen = seat->keyboard = seat->pointer = true;
    qemu_opts_foreach(qemu_find_opts("device"), replace_default_by_options,
                      seat, NULL);
    qemu_for_each_json_device(replace_default, seat);
    missing = vmspec_missing_for_seat(seat);
    if (missing) {
        warn_report("graphics=auto: this QEMU has no device '%s', the machine "
                    "gets no screen", missing);
        seat->screen = seat->keyboard = seat->pointer = false;
    }
}

bool vmspec_choose_seat(const MachineState *ms, OnOffAuto graphics,
                        VmspecConfig *c, Error **errp)
{
    ERRP_GUARD();
    bool on = graphics == ON_OFF_AUTO_ON;
    const char *missing;

    c->usb_refused = ms->usb_disabled;
    c->seat = (VmspecSeat) {
        .screen = on, .keyboard = on, .pointer = on, .usb = ms->usb,
    };
    if (graphics == ON_OFF_AUTO_AUTO && defaults_enabled() &&
        !c->usb_refused && can_show_screen()) {
        choose_automatically(&c->seat);
    }
    missing = vmspec_missing_for_seat(&c->seat);
    if (missing) {
        error_setg(errp, "graphics=%s,usb=%s: this QEMU has no device '%s'",
                   on ? "on" : "auto", ms->usb ? "on" : "off", missing);
        error_append_hint(errp, "Leave out graphics=on and usb=on, or install "
                          "the module that has the device.\n");
        return false;
    }
    return true;
}
