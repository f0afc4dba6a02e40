/*
 * vmspec: the events of the GPIO controller in the DSDT
 *
 * Linux suspends the Generic Event Device's interrupt together with the guest:
 * the power button of ged.c does not wake it. A GPIO line that is declared as
 * able to wake does (ACPI 6.5, 5.6.5 and 19.6.55). The lines of the power
 * button
 * and of the wake key tell the guest only that it woke (Notify 2); that the
 * button was pressed it still hears from the Generic Event Device.
 *
 * Copyright (c) 2026 The vmspec authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/generic_event_device.h"
#include "aml.h"

/* ACPI 6.5, table 5.187 */
#define NOTIFY_DEVICE_WAKE 2

void vmspec_aml_gpio_events(const VmspecPlan *plan, VmspecRowId id, Aml *dev)
{
    const uint32_t lines[] = {
        plan->platform->power_button_line, plan->platform->wake_key_line,
    };
    /* aml_gpio_int() takes a name of one segment only. */
    const char *name = vmspec_row(plan, id)->acpi_name;
    Aml *events = aml_resource_template();

    for (int i = 0; i < ARRAY_SIZE(lines); i++) {
        aml_append(events, aml_gpio_int(
            AML_CONSUMER, AML_EDGE, AML_ACTIVE_HIGH, AML_EXCLUSIVE_AND_WAKE,
            AML_PULL_NONE, 0, &lines[i], 1, name, NULL, 0));
    }
    aml_append(dev, aml_name_decl("_AEI", events));
    for (int i = 0; i < ARRAY_SIZE(lines); i++) {
        g_autofree char *event = g_strdup_printf("_E%02X", lines[i]);
        Aml *method = aml_method(event, 0, AML_NOTSERIALIZED);

        aml_append(method, aml_notify(aml_name(ACPI_POWER_BUTTON_DEVICE),
                                      aml_int(NOTIFY_DEVICE_WAKE)));
        aml_append(dev, method);
    }
}
