# Processes of a program of the target's own, known by its name, and its services.

# A process number is used again some day: together with the start (clock ticks since boot) it isn't.
programs_named() { # NAME: 'PROCESS START' a line, the oldest first
    for process in $(target_processes); do
        read -r stat 2>/dev/null <"$process/stat" || continue
        case $stat in *" ($1) "*) ;; *) continue ;; esac
        # shellcheck disable=SC2086 # the fields after the name, which may hold spaces
        set -- "$1" ${stat##*) }
        [ "$2" = Z ] || echo "${process#/proc/} ${21}"
    done | sort -k 2 -n
}

# The state letter of that very process; nothing if it is gone.
program_state() { # PROCESS START
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    # shellcheck disable=SC2086
    set -- "$2" ${stat##*) }
    [ "${21}" != "$1" ] || echo "$2"
}

# The share of the program's processes that the fault is for, rounded up, the oldest first.
programs_chosen() { # NAME
    all=$(programs_named "$1")
    count=$(printf '%s\n' "$all" | grep -c .)
    printf '%s\n' "$all" | head -n $(((count * amount + 99999) / 100000)) | grep .
}

# --- services ------------------------------------------------------------------------------------
service_manager() { # SERVICE: who starts and stops it; nothing if nobody
    [ -z "$container" ] || return 0 # the node's would be asked
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
        [ "$(systemctl show -p LoadState --value "$1" 2>/dev/null)" != loaded ] || echo systemd
    elif [ -x "/etc/init.d/$1" ]; then
        echo sysv
    fi
}

service_runs() { # SERVICE
    case $(service_manager "$1") in
    systemd) systemctl is-active -q "$1" 2>/dev/null ;;
    sysv) "/etc/init.d/$1" status >/dev/null 2>&1 ;;
    *) return 1 ;;
    esac
}

# What is started bears no mark of ours: it is to outlive us. What stops it does, and ends with the step.
service_do() { # start|stop SERVICE
    kept=${VNFAULT_STEP:-}
    [ "$1" = stop ] || kept=
    # What the shell's background jobs ignore a service would ignore for ever.
    default=
    ! env --default-signal true 2>/dev/null || default='env --default-signal'
    case $(service_manager "$2") in
    systemd) set -- systemctl "$1" "$2" ;;
    sysv) set -- "/etc/init.d/$2" "$1" ;;
    *) return 1 ;;
    esac
    (
        unset VNFAULT_STEP VNFAULT_FAULT VNFAULT_GUARD
        [ -z "$kept" ] || export VNFAULT_STEP="$kept"
        # shellcheck disable=SC2086 # two words or none
        cd / && exec setsid $default "$@"
    ) </dev/null >/dev/null 2>&1
}

service_probe() { # SERVICE: refuses one that isn't there, or doesn't run
    [ -n "$(service_manager "$1")" ] || fail service "the target has no service $1"
    service_runs "$1" || fail service "the service $1 does not run"
}

# For faults that a service may not outlive: it ran before, so it has to run again once one was begun.
service_restore() { # SERVICE
    [ ! -f "$record/applying" ] || service_runs "$1" || service_do start "$1"
}

# A stop that was cut short may end the service after we have looked at it: once it is brought to its end.
service_settle() { # SERVICE
    [ -f "$record/applying" ] && [ ! -s "$record/applied" ] || return 0
    (set -C && : >"$record/settled") 2>/dev/null && service_do stop "$1"
}

service_missing() { # SERVICE: says so
    [ ! -f "$record/applying" ] || service_runs "$1" || echo "the service $1 does not run"
}
