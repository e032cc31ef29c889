# name: process-kill
# summary: processes of a program ended by a signal
# unit: %
# range: 1..100
# parameter: program name kamailio "whose processes are ended, the oldest first"
# parameter: signal KILL|TERM|ABRT|SEGV|HUP KILL "by which"
# parameter: service name none "service that must run again after the fault; none: whoever looks after the program does"

injector_probe() {
    [ -n "$(programs_named "$(parameter program)")" ] || fail program "no process of $(parameter program) runs"
    [ "$(parameter service)" = none ] || service_probe "$(parameter service)"
    case "$(parameter signal) $(programs_named "$(parameter program)")" in
    'KILL 1 '*)
        hint "of a container of a pod it can be reached through the node: <container> in place of <kubectl>"
        fail program "$(parameter program) is process 1, which SIGKILL does not end from within"
        ;;
    esac
    say mechanism "SIG$(parameter signal)"
}

injector_apply() {
    programs_named "$(parameter program)" | wc -l >"$record/all"
    programs_chosen "$(parameter program)" >"$record/chosen"
    while read -r process start; do
        [ -z "$(program_state "$process" "$start")" ] || kill -"$(parameter signal)" "$process" 2>/dev/null
    done <"$record/chosen"
    tries=0
    while [ $tries -lt 60 ] && [ "$(kill_left)" -gt 0 ]; do
        tries=$((tries + 1))
        pause 5
    done
}

kill_left() { # how many of them live
    while read -r process start; do
        case $(program_state "$process" "$start") in '' | Z | X) ;; *) echo ;; esac
    done <"$record/chosen" | wc -l
}

injector_verify() {
    all=$(cat "$record/all") chosen=$(wc -l <"$record/chosen")
    ended=$((chosen - $(kill_left)))
    measure processes-ended $ended processes
    measure processes-now "$(programs_named "$(parameter program)" | wc -l)" processes
    say achieved "$(decimal $((all > 0 ? ended * 100000 / all : 0)))"
    if [ $ended -gt 0 ] && [ $ended -eq "$chosen" ]; then
        say took_hold true
    else
        say detail "$ended of $((chosen)) processes ended"
        say took_hold false
    fi
}

# It happens once: who starts the program again ends nothing.
injector_alive() { :; }

injector_stop() {
    [ "$(parameter service)" = none ] || service_restore "$(parameter service)"
}

injector_change() {
    injector_apply
}

injector_residue() {
    [ "$(parameter service)" = none ] || service_missing "$(parameter service)"
}
