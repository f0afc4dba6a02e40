#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# A number of the platform's map, for scripts: VMSPEC_NAME as it stands there.
#
#   map.sh NAME

exec awk -v name="VMSPEC_$1" '$2 == name { print $3; n++ } END { exit !n }' \
    "$(dirname "$0")/../../include/hw/arm/vmspec-map.h"
