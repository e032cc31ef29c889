# The processes of a target's own service, so that one that ends in an experiment is noticed.

# For each name the oldest process that has it: its number and when it was started, in clock ticks
# since boot, which together no other process has; 0 0 if there is none.
contract_service() { # NAME ...
    say instant "$(instant_now)"
    say uptime "$(uptime_now)"
    for name; do
        number=0 started=0
        for process in $(target_processes); do
            read -r stat 2>/dev/null <"$process/stat" || continue
            case $stat in *" ($name) "*) ;; *) continue ;; esac
            # shellcheck disable=SC2086 # the fields after the name, which may hold spaces
            set -- ${stat##*) }
            [ "$1" != Z ] || continue
            if [ $number = 0 ] || [ "${20}" -lt "$started" ]; then
                number=${process#/proc/} started=${20}
            fi
        done
        say process "$name $number $started"
    done
    say "done" service
}
