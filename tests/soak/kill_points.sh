# Kill points of injections, on a target of one's own. At each point a runner takes an injection through all
# its steps, something that it hangs on is killed, and when the lease and two seconds are over the target
# is looked at from outside. Then a next runner cleans up, and the target is compared with what it was.
# Source it after lib.sh and target.sh, and say, beside what points.sh wants:
#   lease                 seconds
#   on_target COMMAND     runs on the target, whatever was killed
#   view                  prints what there is on the target, a line each, its kind first
#   is_foreign            a pattern of those lines that belong to somebody else and must stay
#   as_now MILLISECONDS   an instant of the target's time of day, by this machine's
#   unwatched             true once no guard and no step is left
#   boot                  which boot of the target it is
#   strike                kills $victim and prints what it killed
#   mend                  what was killed of the way to the target is there again
#   afresh                a target without anything that a point left
#   take_points SEED FIRST LAST STEP   prints a line a point: number, fault, victim, step after which and
#       milliseconds later it was killed, whether there was something to be killed, the runner's exit status,
#       milliseconds until the fault was gone (as the undo record has it, if one is left), then what was
#       wrong: lines of faults left, lines that differ from before, foreign lines touched
. "$top/tests/soak/points.sh"

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

drive() { # STEP ...
    local words
    read -ra words <<<"$fault"
    injection "${words[0]}" "${words[1]}" "$token" $lease "${words[@]:2}" -- "$@"
}

# Does the runner go on when that was killed?
goes_on() { case $victim in runner* | session | sshd | network | target) false ;; esac }

# What a runner does with the fault that was drawn; another one may have other steps. The shell that waits for
# them is there all the time, so that there is something to be killed.
course() { steps=(probe arm ready apply verify hold:2 revert prove); }

# The runner tells by what it prints which steps it has taken.
run_until_struck() { # sets struck, hit
    local line steps
    course
    rm -f "$scratch/steps"
    mkfifo "$scratch/steps"
    drive "lock:soak:$token" "${steps[@]}" "unlock:soak:$token" >"$scratch/steps" 2>"$scratch/errors" &
    runner=$!
    exec 7<"$scratch/steps"
    if [ "$after" != start ]; then
        while read -r line <&7 && [[ $line != "$after".* ]]; do :; done
    fi
    pass "$delay"
    hit=
    ! strike >"$scratch/struck" || [ ! -s "$scratch/struck" ] || hit=hit
    # On a busy machine to kill takes its time, too.
    struck=$(now)
}

take_point() { # SEED POINT
    local left='' differences foreign='' status=0 gone boot
    draw "$1" "$2"
    token=$(printf 'soak%06d' "$2")
    run_until_struck
    on_target touch "/srv/foreign-$2"
    await_outcome
    boot=$(boot)
    left=$(faults_left "$2")
    gone=$(on_target cut -d ' ' -f 1 "/run/vnfault/$token/gone" 2>/dev/null)
    mend
    wait $runner 2>/dev/null || status=$?
    exec 7<&-
    clean_up_after || left+=$'\n'"> $(tr '\n' ' ' <"$scratch/next")"
    # A runner whose connection outlasted the network may have gone on since, with a reboot of its own.
    [ $status = 0 ] || [ "$boot" = "$(boot)" ] || left+=$'\n'"> another boot when the lease was over"
    on_target test -f "/srv/foreign-$2" || foreign="< file /srv/foreign-$2"$'\n'
    on_target rm -f "/srv/foreign-$2"
    differences=$(diff "$scratch/before" <(view) | grep '^[<>]')
    foreign+=$(grep '^<' <<<"$left"$'\n'"$differences" | grep -E "$is_foreign")
    printf '%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n' "$2" "$fault" "$victim" "$after" "$delay" "${hit:-missed}" "$status" \
        "${gone:+$(($(as_now $((gone / 1000000))) - struck))}" "$(grep -c . <<<"$left")" "$(grep -c . <<<"$differences")" "$(grep -c . <<<"$foreign")"
    [ -z "$left$differences" ] || explain "$2"
}

# Where the runner goes on, as it does when there was nothing to be killed, until it has ended; if it gave up,
# and where it can't, until the lease is over.
await_outcome() {
    local deadline=$((struck + lease * 1000 + 2000))
    if [ -z "$hit" ] || goes_on; then
        if wait $runner; then deadline=0; else deadline=$(($(now) + lease * 1000 + 2000)); fi
    fi
    until_deadline
}

# After a reboot an empty folder of a fault may be there until somebody heals.
faults_left() { # POINT
    diff <(fault_view <"$scratch/before") <(view | fault_view | grep -v "/foreign-$1$") | grep '^[<>]' |
        case $victim in target | reboot) grep -v "^> file .*/vnfault-$token" ;; *) cat ;; esac
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
    afresh
}

# By the steps that a runner takes which goes on with the run, or by heal; both must be told that all is well.
clean_up_after() {
    local steps=(heal)
    if [ "$way" = 1 ] && on_target test -f "/run/vnfault/$token/request"; then steps=(revert prove heal); fi
    drive "${steps[@]}" >"$scratch/next" 2>&1
}

take_points() { # SEED FIRST LAST STEP
    local point
    view >"$scratch/before"
    for ((point = $2; point <= $3; point += $4)); do
        take_point "$1" $point
    done
}
