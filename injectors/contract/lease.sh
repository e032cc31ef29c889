# The lease: record/lease holds the uptime (hundredths of a second) at which the guards revert. It
# is written anew as a whole, so that a guard never reads half of it; where it can't be, the one before goes on.

lease_renew() {
    request_read lease
    is_number "$value" || fail bad-request "the lease is malformed"
    uptime_read
    { echo $((uptime + value)) >"$record/lease.$$" && mv "$record/lease.$$" "$record/lease"; } 2>/dev/null ||
        record_refuse
}

# As a step begins: the runner renews it a third of it later.
lease_keep() {
    lease_read
    request_read lease
    if ! is_number "$value" || [ $((left * 3)) -le $((value * 2)) ]; then lease_renew; fi
}

lease_read() { # sets left, hundredths of a second; none if there is no lease to be read
    deadline=0
    read -r deadline 2>/dev/null <"$record/lease"
    is_number "$deadline" || deadline=0
    uptime_read
    left=$((deadline - uptime))
}

lease_left() {
    lease_read
    echo $left
}

# The guards: independent processes that outlive runner, SSH session and each other. The first
# reverts as the lease ends; the second looks a little later whether that was done.

guard_lives() { # NUMBER: not just the sleep that it left
    process_is_marked "$(cat "$record/guard.$1" 2>/dev/null)" "VNFAULT_GUARD=$token.$1."
}

guard_start() { # NUMBER
    number=$1
    VNFAULT_GUARD=$token.$1.
    set -- sh "$record/injector.sh" guard "$1"
    if [ "$number" = 2 ] && [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
        # A unit of its own outlives what systemd ends together with the login session.
        if [ -z "$container" ]; then
            systemd-run --quiet --collect --unit="vnfault-$token" --setenv="VNFAULT_GUARD=$VNFAULT_GUARD" \
                "$@" </dev/null >/dev/null 2>&1 && return
        else # a scope stays in the namespaces that we are in
            set -- sh -c 'systemd-run --quiet --collect --scope --unit="$0" "$@" || exec "$@"' \
                "vnfault-$token" "$@"
        fi
    fi
    (
        unset VNFAULT_STEP
        export VNFAULT_GUARD
        cd / && exec setsid "$@"
    ) </dev/null >/dev/null 2>&1 &
}

# Guards that are gone come back: whoever ended them, the fault must not outlive its lease.
guards_keep() {
    guard_lives 1 || guard_start 1
    guard_lives 2 || guard_start 2
}

guards_start() {
    guards_keep
    tries=0
    while [ ! -f "$record/guard.1" ] || [ ! -f "$record/guard.2" ]; do
        [ $tries -lt 100 ] || fail guard "the guards did not start"
        tries=$((tries + 1))
        pause 3
    done
}

guards_end() {
    processes_kill "VNFAULT_GUARD=$token."
}

guard_sleep() { # until the lease has ended, or the undo record is gone
    left=$(lease_left)
    while [ "$left" -gt 0 ] && [ -f "$record/request" ]; do
        pause "$left"
        left=$(lease_left)
    done
}

# A shell that can't fork (no process number is free, say) ends: then the guard starts anew, which
# takes none. Redirections are those of echo, whose failure doesn't end a shell. Signals are caught and not
# ignored: a service that the guard starts would ignore them for ever, and could not be stopped.
contract_guard() { # NUMBER
    trap : HUP INT TERM
    guard=$1
    trap '[ ! -f "$record/request" ] || exec sh "$0" guard "$guard"' EXIT
    guard "$1"
    trap - EXIT
}

guard() { # NUMBER
    # Where that is allowed, the guard is the last to go when memory runs out.
    (echo -1000 >/proc/self/oom_score_adj) 2>/dev/null && echo -1000 >/proc/self/oom_score_adj
    request_from_record
    echo $$ >"$record/guard.$1"
    guard_sleep
    [ "$1" = 1 ] || pause 60
    [ -f "$record/request" ] || return 0
    echo "$1" 2>/dev/null >"$record/expired"
    while [ -f "$record/request" ] && { [ ! -f "$record/gone" ] || [ -n "$(residue)" ]; }; do
        undo "guard $1"
        pause 20
    done
    # Nothing can be proven of a container that is gone, and nobody would ask for its undo record.
    container_lives || {
        record_drop
        lock_outlive
    }
}
