# name: clock-skew
# summary: the time of day stepped ahead or behind
# unit: s
# range: 0.1..315360000
# tools: readlink
# helpers: clock-step
# parameter: direction ahead|behind ahead "where the clock is moved to"

injector_probe() {
    container_refuse "a container has the clock of its node"
    clock_refuse_shared
    clock_refuse_disciplined
    helper_probe clock-step
    say mechanism adjtimex
}

# There is one time of day for all namespaces of a kernel. The first ones have fixed numbers.
clock_refuse_shared() {
    for namespace in 'time:[4026531834]' 'cgroup:[4026531835]' 'pid:[4026531836]' \
        'user:[4026531837]' 'uts:[4026531838]' 'ipc:[4026531839]'; do
        link=$(readlink "/proc/self/ns/${namespace%%:*}") || continue # older kernels lack some
        [ "$link" = "$namespace" ] || {
            hint "inject it on the machine itself"
            fail shared-clock "the target has a ${namespace%%:*} namespace of its own: it shares its clock with others"
        }
    done
    rights=$(sed -n 's/^CapEff:[^0-9a-f]*//p' /proc/self/status)
    [ $((0x${rights:-0} >> 25 & 1)) = 1 ] || fail missing-privilege "the clock can't be set without CAP_SYS_TIME"
}

clock_refuse_disciplined() { # names of processes have 15 letters at most
    for daemon in chronyd ntpd systemd-timesyn ptp4l phc2sys VBoxService; do
        [ -z "$(programs_named $daemon)" ] || {
            hint "stop $daemon for the campaign: it would set the clock back"
            fail disciplined-clock "$daemon keeps the target's clock"
        }
    done
}

# Sets offset, the time of day less the time since boot, and bound, which it is wrong by at most; in ns. A
# look begins just as a hundredth of a second ends, and the shortest counts.
clock_look() { # LOOKS at most
    looks=0 bound=1000000000000
    while [ $looks -lt "$1" ] && [ $bound -gt 5000000 ]; do
        looks=$((looks + 1))
        before=$(uptime_now)
        from=$before
        while [ "$from" = "$before" ]; do
            read -r from ignored </proc/uptime
            from=$((${from%.*} * 100 + 1${from#*.} - 100))
        done
        day=$(time_of_day)
        half=$((($(uptime_now) + 1 - from) * 5000000))
        [ $half -ge $bound ] || offset=$((day - from * 10000000 - half)) bound=$half
    done
}

injector_prepare() {
    clock_look 50
    echo "$offset $bound" >"$record/clock-before"
}

clock_step() { # microseconds that are asked for
    if [ "$(parameter direction)" = ahead ]; then echo $((amount * 1000)); else echo $((-amount * 1000)); fi
}

# Sets shift, by how much it really is off, and bound, which that is wrong by at most; in ns.
clock_shift() { # LOOKS at most
    clock_look "$1"
    read -r shift least <"$record/clock-before"
    shift=$((offset - shift)) bound=$((bound + least))
}

injector_apply() {
    message=$("$record/clock-step" apply "$record/clock" "$(clock_step)" 2>&1) || fail clock "$message"
}

# By the fault's own note: what it says, the clock was moved by.
injector_shift() {
    offset=0 step=0
    read -r offset step 2>/dev/null <"$record/clock"
    echo $((${step:-0} * 1000))
}

clock_is_off() { # LOOKS at most: by what was asked for, as far as can be told; sets shift and bound
    clock_shift "$1"
    difference=$((shift - $(clock_step) * 1000))
    [ $difference -le $bound ] && [ $((-difference)) -le $bound ]
}

injector_verify() {
    if clock_is_off 50; then hold=true; else hold=false; fi
    [ $bound -lt $((amount * 500000)) ] || {
        say detail "the target is too busy to tell"
        hold=false
    }
    measure clock-shift "$(decimal $((shift / 1000)))" ms
    measure clock-bound "$(decimal $((bound / 1000)))" ms
    say achieved "$(decimal $(($(clock_step) < 0 ? -shift / 1000000 : shift / 1000000)))"
    say took_hold $hold
}

injector_alive() {
    clock_is_off 5 || clock_is_off 50 || {
        say detail "the clock is off by $(decimal $((shift / 1000000))) s: somebody has set it"
        return 1
    }
}

injector_stop() {
    [ ! -s "$record/clock" ] || "$record/clock-step" undo "$record/clock" >/dev/null 2>&1
}

# As measured, whatever the note says: nearer to what was asked for than to what was before.
injector_residue() {
    [ -s "$record/clock-before" ] || return 0
    [ "$(clock_step)" -lt 0 ] && sign=-1 || sign=1
    clock_shift 5
    shift=$((shift * sign))
    [ $shift -le $((amount * 500000)) ] || echo "the clock is off by $(decimal $((shift / 1000000))) s"
}
