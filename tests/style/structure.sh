#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# The order of the source: no circles, no need upwards, one fact in one place.
# Each rule is also shown to fail, on a copy with a violation planted in it.
#
#   structure.sh REPO SOURCES

cd "$1" || exit 1
sources=${2:-}
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/style/planted.sh
. tests/style/planted.sh
export PYTHONDONTWRITEBYTECODE=1     # leave nothing in the sources

structure() { python3 tests/style/structure.py "$1"; }
words() { python3 tests/style/words.py "$1" . "${@:2}"; }
expressions() { python3 tests/style/expressions.py "$1"; }

rule_no_circle_of_files() { structure files; }
rule_no_circle_of_folders() { structure folders; }
rule_rooms_need_lower_rooms_only() { structure rooms; }
rule_describers_know_no_map_numbers() { words numbers; }
rule_board_reads_the_plan_and_no_property() { words properties; }
rule_ids_and_compatibles_are_written_once() { words literals; }
rule_static_names_are_distinct() {
    local tree
    for tree in "$sources"/qemu-*.?; do
        [ ! -d "$tree" ] || { words statics "$tree"; return; }
    done
    echo "no source of QEMU here"
    return 77
}
rule_nothing_cites_what_is_not_here() { words gone; }
rule_no_nested_conditional_expressions() { expressions nested; }
rule_no_arithmetic_on_booleans() { expressions booleans; }

board=hw/arm/vmspec

rule_planted_circle_of_files_is_caught() {
    planted_sources
    plant $board/devices/one.h 'void vmspec_one(void);'
    plant $board/devices/two.h 'void vmspec_two(void);'
    plant $board/devices/one.c 'void vmspec_one(void) { vmspec_two(); }'
    plant $board/devices/two.c 'void vmspec_two(void) { vmspec_one(); }'
    caught "$board/devices/one.c -> $board/devices/two.c" structure files
}

rule_planted_circle_of_headers_is_caught() {
    planted_sources
    plant include/hw/arm/vmspec-one.h '#include "hw/arm/vmspec-two.h"'
    plant include/hw/arm/vmspec-two.h '#include "hw/arm/vmspec-one.h"'
    caught include/hw/arm/vmspec-one.h structure files
}

# no file needs itself here, but the two folders need each other
rule_planted_circle_of_folders_is_caught() {
    planted_sources
    plant tools/docs/one.h 'void vmspec_one(void);'
    plant tools/docs/one.c 'void vmspec_one(void) { }'
    plant tools/docs/three.h '#include "../nvram/two.h"'
    plant tools/nvram/two.h 'void vmspec_two(void);'
    plant tools/nvram/two.c 'void vmspec_two(void) { vmspec_one(); }'
    caught 'circle of 2: tools/docs tools/nvram' structure folders
}

rule_planted_needs_upwards_are_caught() {
    planted_sources
    plant $board/fdt/one.c '#include "hw/arm/vmspec-machine.h"'
    caught "$board/fdt/one.c" structure rooms || return
    planted_sources
    plant hw/pci-host/vmspec-one.c '#include "hw/arm/vmspec-map.h"'
    plant hw/pci-host/vmspec-one.c '#include "hw/arm/vmspec-machine.h"'
    caught hw/pci-host/vmspec-one.c structure rooms || return
    planted_sources
    plant $board/one.h 'void vmspec_one(void);'
    plant $board/one.c 'void vmspec_one(void) { }'
    plant $board/devices/two.c 'void vmspec_two(void) { vmspec_one(); }'
    caught $board/devices/two.c structure rooms || return
    planted_sources
    plant $board/cellar/one.c 'void vmspec_one(void) { }'
    caught $board/cellar structure rooms
}

# FILE's text TEXT breaks the rule COMMAND
breaks() { # FILE TEXT COMMAND...
    planted_sources
    plant "$1" "$2"
    caught "$1" "${@:3}"
}

rule_planted_map_numbers_are_caught() {
    breaks $board/fdt/fdt.c 'int vmspec_n = VMSPEC_UART0_BASE;' words numbers &&
        breaks $board/acpi/one.c 'int vmspec_n = VMSPEC_RTC_SPI;' words numbers
}

rule_planted_properties_are_caught() {
    local before='int vmspec_n(VmspecMachineState *vms) { return'
    breaks $board/hotplug.c "$before vms->smmu; }" words properties &&
        breaks $board/stream.c "$before vms->virtio_mmio; }" words properties &&
        breaks $board/devices/gic.c \
            'bool vmspec_n(Object *o) { return VMSPEC_MACHINE(o)->secure_boot; }' \
            words properties
}

rule_planted_words_are_caught() {
    breaks tools/docs/one.c 'const char *s[] = { "LNRO0""005", "LNRO0005" };' \
        words literals &&
        breaks $board/fdt/one.c 'char a[] = "x,y-1", b[] = "x,y-1";' \
            words literals &&
        breaks $board/acpi/one.c 'AcpiTable t = { .rev = 3 };' words literals &&
        breaks firmware/VmspecPkg/VmspecPkg.dsc \
            '  DEFINE FIRMWARE_VER = vmspec-1.1' words literals &&
        breaks $board/one.c 'static void plug(void) { }' words statics &&
        breaks docs/firmware.md "see ../sha""red/reference" words gone
}

rule_planted_expressions_are_caught() {
    breaks hw/block/vmspec-one.c 'int f(int a) { return a ? 1 : a ? 2 : 3; }' \
        expressions nested &&
        breaks tools/docs/one.c 'int f(int a) { return (a ? a ? 1 : 2 : 3); }' \
            expressions nested &&
        breaks hw/acpi/one.c 'int f(int a, int b) { return !a != !b; }' \
            expressions booleans &&
        breaks tests/host/one.c 'int f(int a) { return 5 - !a; }' \
            expressions booleans &&
        breaks tests/host/one.c 'int f(int a, int b) { return !a == b; }' \
            expressions booleans
}

rule_what_is_no_such_expression_is_left_alone() {
    planted_sources
    plant tests/host/one.c 'int f(int a, int b) { return !a && !b; }'
    plant tests/host/one.c 'int g(int a) { return h(a ? 1 : 2, a ? 3 : 4); }'
    plant tests/host/one.c 'int i(int a) { return !j(a == 1 || a - 2); }'
    plant tests/host/one.c 'int k(int a) { return (a ?: 3) * -1; }'
    cd "$planted_copy" || return
    ! { expressions nested; expressions booleans; } | grep tests/host/one.c
}

tap_run
