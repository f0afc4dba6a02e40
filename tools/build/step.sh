#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run one step of the set-up: say what it is and where its log is, show its
# output as it comes, and on failure say what failed and what to do next.
#
#   step.sh NAME LOG CMD...     VMSPEC_HINT: what to do if it fails

set -uo pipefail
name=$1 log=$(realpath -m "$2"); shift 2
mkdir -p "${log%/*}"
echo "vmspec: step: $name (log: $log)"
if [ -t 1 ] && [ -t 0 ] && command -v script >/dev/null; then
    # a terminal of its own: progress is shown in place, and kept
    SHELL=/bin/bash script -qefc "${*@Q}" "$log"
else
    "$@" 2>&1 | tee "$log"
fi
rc=$?
if [ $rc -ne 0 ]; then
    {
        echo "vmspec: FAILED: $name (exit status $rc)"
        echo "vmspec:   command: $*"
        echo "vmspec:   log:     $log"
        echo "vmspec:   next:    ${VMSPEC_HINT:-read the end of the log, mend the cause, run the same make command again}"
    } >&2
fi
exit $rc
