#!/usr/bin/env bash
# Kill points of injections, on a target of this worker's own (../target.sh). At each point a runner takes
# an injection through all its steps, something that it hangs on is killed, and when the lease and two
# seconds are over the target is looked at from outside. Then a next runner cleans up, and the target is
# compared with what it was. Wants a mount namespace of its own.
# usage: unshare -m tests/soak/injections.sh SEED FIRST LAST STEP >points.csv
#   one line a point: number, fault, victim, step after which and milliseconds later it was killed, whether
#   there was something to be killed, the runner's exit status, milliseconds until the fault was gone (as
#   the undo record has it, if one is left), then what was wrong: lines of faults left, lines that differ
#   from before, foreign lines touched
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/service.sh"
. "$top/tests/soak/points.sh"
seed=$1 lease=3

# A disk of 64 MB for the target, which is there after a reboot.
mkdir "$scratch/srv"
mount -t tmpfs -o size=64m,mode=755 tmpfs "$scratch/srv"
at_exit "umount '$scratch/srv'"

# What the target has of its own: a service, and what belongs to somebody else and must stay.
dress() {
    web_start
    on_target sh -c 'ip link set lo up
        for program in iptables ip6tables; do
            $program -w -N FOREIGN; $program -w -A FOREIGN -p udp --dport 9 -j DROP
            $program -w -I INPUT -p udp -j FOREIGN; $program -w -t mangle -A POSTROUTING -p udp --dport 9 -j MARK --set-mark 7
        done
        tc qdisc add dev lo root handle 77: pfifo limit 77
        setsid sleep 12345678 >/dev/null 2>&1 </dev/null &'
    # Whoever starts the web server has it listen a little later.
    wait_until "$target_holder" on_runner bash -c "</dev/tcp/$target_address/8080" 2>/dev/null
}
is_foreign='FOREIGN|set-xmark 0x7|pfifo 77:|sleep 12345678|foreign|mine'

view() { on_target bash "$top/tests/soak/view" | sort; }
fault_view() { grep -vE '^(guard|record|session) '; }

now() { echo $((${EPOCHREALTIME/./} / 1000)); }
pass() { # MILLISECONDS
    [ "$1" -le 0 ] || sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"
}

# When nothing of the fault may be there any more. A test, which must not depend on timing, waits then for
# the guards, which end when they have undone it.
until_deadline() {
    pass $((deadline - $(now)))
    [ -z "${SOAK_PATIENCE:-}" ] || wait_until "$target_holder" unwatched
}
unwatched() { ! on_target grep -qsE 'VNFAULT_(GUARD|STEP)=' /proc/[0-9]*/environ; }

# --- the victims: each prints what it killed ----------------------------------------------------------
kill_runner() { pkill -KILL -e -f "injection_probe .* $token "; }
kill_session() { on_target pkill -KILL -e -f '^sshd: (root|\[)'; }
kill_sshd() { on_target pkill -KILL -e -x sshd; }
kill_marked() { # NAME
    on_target bash -c 'found=$(grep -lsF "$1=$2." /proc/[0-9]*/environ | tr -dc "0-9\n")
        [ -z "$found" ] || { echo $found; kill -KILL $found; }' _ "$1" "$token" 2>/dev/null
}
kill_guard() { # NUMBER
    on_target sh -c "number=\$(cat /run/vnfault/$token/guard.$1) && kill -KILL \$number && echo \$number" 2>/dev/null
}
strike() {
    case $victim in
    network) on_runner ip link set peer0 down && echo link ;;
    target) target_reboot >&2 && dress >&2 && echo target ;;
    step) kill_marked VNFAULT_STEP ;;
    tool) kill_marked VNFAULT_FAULT ;;
    guard-*) kill_guard "${victim#*-}" ;;
    runner+guard-*) kill_guard "${victim#*-}" && kill_runner ;;
    *) "kill_$victim" ;;
    esac
}

# --- a point --------------------------------------------------------------------------------------------
drive() { # STEP ...
    local words
    read -ra words <<<"${fault/PYTHON/$python}"
    injection "${words[0]}" "${words[1]}" "$token" $lease "${words[@]:2}" -- "$@"
}

# The runner tells by what it prints which steps it has taken.
run_until_struck() { # sets struck, hit
    local line
    rm -f "$scratch/steps"
    mkfifo "$scratch/steps"
    drive "lock:soak:$token" probe arm apply verify hold:2 revert prove "unlock:soak:$token" >"$scratch/steps" 2>"$scratch/errors" &
    runner=$!
    exec 7<"$scratch/steps"
    if [ "$after" != start ]; then
        while read -r line <&7 && [[ $line != "$after".* ]]; do :; done
    fi
    pass "$delay"
    struck=$(now)
    hit=
    ! strike >"$scratch/struck" || [ ! -s "$scratch/struck" ] || hit=hit
}

take_point() { # POINT
    local left='' differences foreign='' status=0 gone
    draw "$seed" "$1"
    token=$(printf 'soak%06d' "$1")
    run_until_struck
    echo foreign >"$scratch/srv/foreign-$1"
    await_outcome
    left=$(faults_left "$1")
    gone=$(on_target cut -d ' ' -f 1 "/run/vnfault/$token/gone" 2>/dev/null)
    [ "$victim" != network ] || on_runner ip link set peer0 up
    wait $runner 2>/dev/null || status=$?
    exec 7<&-
    clean_up_after || left+=$'\n'"> $(tr '\n' ' ' <"$scratch/next")"
    [ -f "$scratch/srv/foreign-$1" ] || foreign="< file /srv/foreign-$1"$'\n'
    rm -f "$scratch/srv/foreign-$1"
    differences=$(diff "$scratch/before" <(view) | grep '^[<>]')
    foreign+=$(grep '^<' <<<"$left"$'\n'"$differences" | grep -E "$is_foreign")
    printf '%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n' "$1" "$fault" "$victim" "$after" "$delay" "${hit:-missed}" "$status" \
        "${gone:+$((gone / 1000000 - struck))}" "$(grep -c . <<<"$left")" "$(grep -c . <<<"$differences")" "$(grep -c . <<<"$foreign")"
    [ -z "$left$differences" ] || explain "$1"
}

# Where the runner goes on, until it has ended; if it gave up, and where it can't, until the lease is over.
await_outcome() {
    local deadline=$((struck + lease * 1000 + 2000))
    case $victim in
    runner* | session | sshd | network | target) ;;
    *) if wait $runner; then deadline=0; else deadline=$(($(now) + lease * 1000 + 2000)); fi ;;
    esac
    until_deadline
}

# After a reboot an empty folder of a fault may be there until somebody heals.
faults_left() { # POINT
    diff <(fault_view <"$scratch/before") <(view | fault_view | grep -v "/foreign-$1$") | grep '^[<>]' |
        if [ "$victim" = target ]; then grep -v "^> file .*/vnfault-$token"; else cat; fi
}

# What one point left must not be taken for the next one's.
explain() { # POINT
    {
        echo "point $1: $fault, $victim killed $delay ms after $after"
        echo "$left"
        echo "at the end:"
        echo "$differences"
        echo "the runner said:"
        cat "$scratch/errors"
    } >&2
    rm -rf "$scratch"/srv/* "$scratch"/var-tmp/*
    target_reboot
    dress
}

# By the steps that a runner takes which goes on with the run, or by heal; both must be told that all is well.
clean_up_after() {
    local steps=(heal)
    if [ "$way" = 1 ] && on_target test -f "/run/vnfault/$token/request"; then steps=(revert prove heal); fi
    drive "${steps[@]}" >"$scratch/next" 2>&1
}

target_up >&2 || exit
web_service
dress >&2
python=$(on_target cat "/proc/$(on_target cat /run/web.pid)/comm")
view >"$scratch/before"
for ((point = $2; point <= $3; point += $4)); do
    take_point $point
done
