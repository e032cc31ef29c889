# Processes of an injection are known by a mark in their environment, which their children inherit:
# VNFAULT_FAULT for the fault's own tools, VNFAULT_STEP for what a step runs, VNFAULT_GUARD for
# guards. The dot at the end keeps one token from matching the start of another.

process_is_marked() { # PROCESS MARK
    [ -f "/proc/$1/environ" ] && tr '\0' '\n' 2>/dev/null <"/proc/$1/environ" | grep -qF -- "$2"
}

if printf 'a\0b' | grep -qF b; then
    # One program: a guard has two seconds, also where starting one takes long.
    processes_marked() { # MARK: their numbers
        (
            unset VNFAULT_STEP VNFAULT_FAULT VNFAULT_GUARD
            exec grep -lsF -- "$1" /proc/[0-9]*/environ
        ) | while IFS=/ read -r ignored ignored process ignored; do
            [ "$process" = $$ ] || echo "$process"
        done
    }
else # a grep that stops at the end of the first variable
    # One look at all for candidates, as starting tools for each process would take the target's CPU
    # from the fault; then a look at each of those, as the first can be led astray by line ends.
    processes_marked() {
        (
            unset VNFAULT_STEP VNFAULT_FAULT VNFAULT_GUARD
            for process in $(head -v -c 131072 /proc/[0-9]*/environ | tr '\0' '\n' |
                grep -F -e '==> /proc/' -e "$1" | grep -B 1 -F -- "$1" |
                sed -n 's|^==> /proc/\([0-9]*\)/environ <==$|\1|p'); do
                process_is_marked "$process" "$1" && echo "$process"
            done
        ) 2>/dev/null | grep -vx "$$"
    }
fi

processes_kill() { # MARK
    processes_end processes_marked "$1"
}

# Kills those that LISTER finds: at once, and again until none is left or a second and a half is over.
processes_end() { # LISTER MARK
    tries=0
    while [ $tries -lt 15 ]; do
        found=$("$1" "$2")
        [ -n "$found" ] || return 0
        # shellcheck disable=SC2086 # one number a word
        kill -KILL $found 2>/dev/null
        tries=$((tries + 1))
        pause $((tries < 3 ? 2 : 12))
    done
    [ -z "$("$1" "$2")" ]
}

fault_processes() {
    processes_marked "VNFAULT_FAULT=$token."
}

# Starts a fault's tool in a session of its own with nothing of ours open, so that it outlives the
# SSH session; the first to go when memory runs out.
fault_start() { # PROGRAM ARGUMENT ...
    (
        unset VNFAULT_STEP
        cd "$record" && echo 1000 >/proc/self/oom_score_adj
        [ -z "$container" ] || container_run "$@"
        VNFAULT_FAULT=$token.
        export VNFAULT_FAULT
        exec setsid "$@"
    ) </dev/null >"$record/output" 2>&1 &
}

fault_count() {
    fault_processes | wc -l | tr -d ' '
}

fault_output() { # the last words of the fault's tool
    tail -n 3 "$record/output" 2>/dev/null | tr '\n' ' ' | cut -c 1-200
}

# Notes how many processes the fault has once all are there: processes_alive compares with it.
processes_note() {
    fault_count >"$record/processes"
}

processes_alive() {
    expected=$(cat "$record/processes" 2>/dev/null)
    present=$(fault_count)
    if [ "$present" -gt 0 ] && [ "$present" -ge "${expected:-1}" ]; then
        return 0
    fi
    say detail "$present of ${expected:-0} processes of the fault are left; $(fault_output)"
    return 1
}

# CPU time that processes have used and time that they have waited for a processor, in microseconds:
# 'USED WAITED'. The scheduler's own figures where the kernel has them: clock ticks are coarse, and
# don't tell of waiting. Starts no program, which would take of what is measured.
processes_cpu_times() { # NUMBER ...
    total=0 waited=0
    for process; do
        if read -r used delay ignored 2>/dev/null </proc/"$process"/schedstat; then
            total=$((total + used / 1000)) waited=$((waited + delay / 1000))
        elif read -r stat 2>/dev/null </proc/"$process"/stat; then
            # shellcheck disable=SC2086 # the fields after the name, which may hold spaces
            set -- ${stat##*) }
            total=$((total + (${12} + ${13}) * 10000))
        fi
    done
    echo "$total $waited"
}

fault_resident() { # bytes of memory that are its own and resident
    total=0
    for process in $(fault_processes); do
        kilobytes=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' /proc/"$process"/status 2>/dev/null)
        total=$((total + ${kilobytes:-0} * 1024))
    done
    echo $total
}

fault_written() { # bytes that its processes had written to storage
    total=0
    for process in $(fault_processes); do
        bytes=$(sed -n 's/^write_bytes: //p' /proc/"$process"/io 2>/dev/null)
        total=$((total + ${bytes:-0}))
    done
    echo $total
}
