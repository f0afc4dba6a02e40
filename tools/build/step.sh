# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
# shellcheck shell=bash
#
# Show a step of the build to a person; sourced. A step is a line with its
# number, its name and the time it took. On a terminal a live line below it has
# the last line of the log; elsewhere a line is printed when a step begins, too.
# With V=1 the tools' own output comes to the terminal instead. A step that did
# nothing is not mentioned.

total=0    # steps, set by the caller
worked=    # set when a step has done something
watcher=

elapsed() { # SECONDS
    if [ "$1" -lt 60 ]; then
        echo "$1 s"
    else
        echo "$(($1 / 60)) min $(($1 % 60)) s"
    fi
}

live() { [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; }

last_line() { # LOG
    local line
    line=$(tail -c 1000 "$1" | tr '\r' '\n' | grep '[^[:space:]]' | tail -n 1)
    echo "${line//[^[:print:]]/ }"
}

# what is shown of a step that runs, until it is killed
watch_step() { # TITLE LOG
    local begin=$SECONDS columns title line
    set +e # an empty log is no reason to end
    sleep 0.7
    if ! live; then
        echo "$1 ..."
        : > "$2.begun"
        return
    fi
    while true; do
        columns=$(stty size 2>/dev/null <&1 | cut -d ' ' -f 2)
        title="$1  $(elapsed $((SECONDS - begin)))" line=$(last_line "$2")
        : $((columns = ${columns:-80} - 1))
        printf '\r\e[K%s\n\e[K%s\e[A\r' "${title:0:columns}" \
            "      ${line:0:columns - 6}"
        sleep 0.5
    done
}

stop_watching() {
    [ -n "$watcher" ] || return 0
    kill "$watcher" 2>/dev/null || :
    wait "$watcher" 2>/dev/null || :
    watcher=
    # both lines; a terminal may keep what is cleared to the screen's end
    ! live || printf '\r\e[K\n\e[K\e[A\r'
}

interrupted() {
    stop_watching
    echo "vmspec: interrupted; the same command goes on from here" >&2
    exit 130
}
trap interrupted INT TERM HUP

# Only what ninja says of targets that always run, though there is nothing to do
idle() { # LOG
    ! grep -qvE '^(ninja: (Entering|no work)|\[[0-9/]+\] (Running external command|Generating ([a-z]+/)?(source|stage|configure)-|Generating qemu-version)|$)' "$1"
}

explain_failure() { # LOG
    local next columns=160
    ! live || columns=$(stty size 2>/dev/null <&1 | cut -d ' ' -f 2 || echo 80)
    {
        if [ "${V:-}" != 1 ]; then
            echo "vmspec: the end of its log, $1:"
            # a compiler's command line is longer than it is useful
            tail -n 20 "$1" | sed 's/^/  | /' | cut -c "1-$columns"
        fi
        next=$(sed -n 's/^vmspec: [a-z0-9-]*: next: //p' "$1" | tail -n 1)
        echo "vmspec: next: ${next:-read the log, mend the cause, and run the same command again; it goes on from here}"
    } >&2
}

step() { # NUMBER NAME LOG CMD...
    local title="[$1/$total] $2" log=$3 begin=$SECONDS rc=0
    shift 3
    mkdir -p "${log%/*}"
    rm -f "$log.begun"
    [ ! -e "$log" ] || mv "$log" "$log.old"
    if [ "${V:-}" = 1 ]; then
        echo "$title"
        "$@" < /dev/null 2>&1 | tee "$log" || rc=$?
    else
        : > "$log"
        watch_step "$title" "$log" &
        watcher=$!
        "$@" < /dev/null > "$log" 2>&1 || rc=$?
        stop_watching
    fi
    if [ $rc != 0 ]; then
        echo "$title: failed after $(elapsed $((SECONDS - begin)))" >&2
        explain_failure "$log"
        exit 1
    fi
    if idle "$log"; then
        [ ! -e "$log.old" ] || mv "$log.old" "$log"
        [ ! -e "$log.begun" ] || echo "$title: nothing to do"
        rm -f "$log.begun"
        return
    fi
    # shellcheck disable=SC2034 # the caller asks
    worked=1
    rm -f "$log.old" "$log.begun"
    echo "$title: $(elapsed $((SECONDS - begin)))"
    [ "${V:-}" = 1 ] || grep -E '^vmspec: [a-z0-9-]*: NOTE: ' "$log" || :
}
