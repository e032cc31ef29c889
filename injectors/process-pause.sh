# name: process-pause
# summary: processes of a program stopped for a while
# unit: %
# range: 1..100
# parameter: program name kamailio "whose processes are stopped, the oldest first"

# Those that somebody else had stopped stay so.

injector_probe() {
    [ -n "$(programs_named "$(parameter program)")" ] || fail program "no process of $(parameter program) runs"
    case $(programs_named "$(parameter program)") in
    '1 '*)
        hint "of a container of a pod it can be reached through the node: <container> in place of <kubectl>"
        fail program "$(parameter program) is process 1, which no signal stops from within"
        ;;
    esac
    say mechanism SIGSTOP
}

# Each is noted before it is stopped.
injector_apply() {
    programs_chosen "$(parameter program)" | while read -r process start; do
        [ "$(program_state "$process" "$start")" != T ] || continue
        { echo "$process $start" >>"$record/paused"; } 2>/dev/null || record_refuse
        kill -STOP "$process" 2>/dev/null
    done
    pause_wait T
}

pause_noted() {
    cat "$record/paused" 2>/dev/null
}

pause_states() { # state letter of each that was noted; '-' for one that is gone
    pause_noted | while read -r process start; do
        state=$(program_state "$process" "$start")
        echo "${state:--}"
    done
}

pause_wait() { # until all are in that state, at most a second
    tries=0
    while [ $tries -lt 20 ] && pause_states | grep -qvx "$1"; do
        tries=$((tries + 1))
        pause 5
    done
}

injector_verify() {
    all=$(programs_named "$(parameter program)" | wc -l)
    stopped=$(pause_states | grep -cx T)
    measure processes "$all" processes
    measure processes-stopped "$stopped" processes
    say achieved "$(decimal $((all > 0 ? stopped * 100000 / all : 0)))"
    if [ "$stopped" -gt 0 ] && injector_alive; then say took_hold true; else say took_hold false; fi
}

injector_alive() {
    [ -n "$(pause_noted)" ] || {
        say detail "no process was stopped"
        return 1
    }
    if pause_states | grep -qvx T; then
        say detail "of the stopped processes $(pause_states | grep -cvx T) run again or are gone"
        return 1
    fi
}

injector_stop() {
    pause_noted | while read -r process start; do
        [ -z "$(program_state "$process" "$start")" ] || kill -CONT "$process" 2>/dev/null
    done
    tries=0
    while [ $tries -lt 20 ] && pause_states | grep -qx T; do
        tries=$((tries + 1))
        pause 5
    done
}

injector_change() {
    injector_stop
    rm -f "$record/paused"
    injector_apply
}

injector_residue() {
    if pause_states | grep -qx T; then echo "stopped processes of $(parameter program)"; fi
}
