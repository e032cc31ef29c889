#!/usr/bin/env bash
# The fault of the time of day, in a User-mode Linux guest over SSH: its clock is its own.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/guest.sh"
guest_or_skip "clock-skew"
guest_target || { echo "not ok 1 - the guest boots"; cat "$scratch/guest.log"; exit 1; }

on_guest() { over_ssh $target_address "$@"; }
state() { on_guest 'ls -A /run /srv /var/tmp; ps -e -o args= | grep -E "[g]uard|[c]lock-step" | grep -v "ps -e"; true'; }
# The target's clock against the runner's, in whole milliseconds.
offset() { injection none 0 clockoffset 20 -- clock | sed -n 's/^clock.offset \(-\{0,1\}[0-9]*\).*/\1/p'; }
shift_by() { # MILLISECONDS: whether the clock is off by that
    local now
    now=$(($(offset) - base))
    [ $((now - $1)) -le 100 ] && [ $(($1 - now)) -le 100 ] || { echo "off by $now ms, not $1"; return 1; }
}
own_clock() { date +%s%N; }

state >"$scratch/before"
base=$(offset)
machine=$(($(own_clock) - $(cut -d ' ' -f 1 /proc/uptime | tr -d .) * 10000000))

began=$(own_clock)
check "ahead: applied and verified" steps clock-skew 90 skewtoken01 60 -- probe arm apply verify hold
check "ahead: took hold" took_hold
check "ahead: achieved as asked for" between 89.94 "$(figure verify.achieved)" 90.06
check "ahead: seen from outside" shift_by 90000
edge=$(($(figure verify.instant) / 1000000 - base))
check "ahead: its edges are of the clock without it" between $((began / 1000000)) $edge $(($(own_clock) / 1000000 + 60))
check "ahead: reverted and proven" steps clock-skew 90 skewtoken01 60 -- hold revert prove
check "ahead: the time that passed meanwhile is kept" shift_by 0
check "ahead: nothing is left" unchanged

check "behind: applied and verified" steps clock-skew 0.5 skewtoken02 60 direction=behind -- probe arm apply verify
check "behind: took hold" took_hold
check "behind: achieved as asked for" between 0.44 "$(figure verify.achieved)" 0.56
check "behind: seen from outside" shift_by -500
check "behind: to another level" steps clock-skew 0.5 skewtoken02 60 direction=behind -- change:3600 verify
check "behind: that took hold" took_hold
check "behind: and is seen" shift_by -3600000
check "behind: reverted and proven" steps clock-skew 0.5 skewtoken02 60 -- revert prove
check "behind: the time that passed meanwhile is kept" shift_by 0

# The lease runs on the monotonic clock: a day ahead does not end it, a day behind does not prolong it.
for direction in ahead behind; do
    began=$(own_clock)
    check "a day $direction, the runner dies: applied" steps clock-skew 86400 skewlease$direction 20 direction=$direction -- probe arm apply
    check "a day $direction: the lease still runs" eval '! shift_by 0'
    while ! shift_by 0 >/dev/null; do :; done
    check "a day $direction: the guard undid it" steps clock-skew 86400 skewlease$direction 20 -- revert prove
    check "a day $direction: then, and not a day later" between 19900 $((($(figure revert.instant) - began) / 1000000 - base)) 3600000
    check "a day $direction: it says so" says 'undone by guard'
done

check "undone once, however often: applied" steps clock-skew 90 skewtoken03 60 -- probe arm apply
on_guest 'cd /run/vnfault/skewtoken03 && for i in 1 2 3 4; do sh ./injector.sh revert & done >/dev/null; wait'
check "undone once, however often: the clock is right" shift_by 0
check "undone once, however often: proven" steps clock-skew 90 skewtoken03 60 -- revert prove

check "a step that was cut short before the clock was set" eval 'steps clock-skew 90 skewtoken04 60 -- probe arm &&
    on_guest "cd /run/vnfault/skewtoken04 && touch applying &&
    echo \$((\$(date +%s%N) - \$(cut -d \" \" -f 1 /proc/uptime | tr -d .) * 10000000)) 90000000 >clock"'
check "is undone without a trace" eval 'steps clock-skew 90 skewtoken04 60 -- revert prove && shift_by 0'

check "somebody sets the clock: applied" steps clock-skew 90 skewtoken05 60 -- probe arm apply verify
on_guest 'date -s "@$(($(date +%s) - 90))" >/dev/null'
now=$(($(offset) - base))
check "somebody sets the clock: it is noticed" eval 'steps clock-skew 90 skewtoken05 60 -- hold && says "^hold.took_hold false" && says "somebody has set it"'
check "somebody sets the clock: reverted" steps clock-skew 90 skewtoken05 60 -- revert prove
check "somebody sets the clock: what was set stays" shift_by $now
base=$(offset)

check "heal: applied" steps clock-skew 90 skewtoken06 120 -- probe arm apply
check "heal: sets the clock back" eval 'steps clock-skew 90 skewtoken06 120 -- heal && shift_by 0'
check "heal: nothing is left" unchanged

# --- refused where the clock is not the target's alone, or is kept by somebody ------------------------------
on_guest 'cp /bin/sleep /run/chronyd; /run/chronyd 600 >/dev/null 2>&1 </dev/null &'
check "a clock that is kept is refused by its keeper" refused 4 "chronyd keeps the target's clock" clock-skew 90 skewtoken07 60 -- probe
check "with a hint" says 'stop chronyd for the campaign'
on_guest 'pkill -x chronyd; rm /run/chronyd'

# --- sabotage ------------------------------------------------------------------------------------------------
helpers=$scratch/helpers
mkdir "$helpers"
printf '#!/bin/sh\nexit 0\n' >"$helpers/clock-step"
check "nobody sets the clock: runs through" steps clock-skew 90 sabotage01 60 -- probe arm apply verify revert prove
check "nobody sets the clock: a phantom" phantom
unset helpers
check "nobody sets it back: applied" steps clock-skew 90 sabotage02 120 -- probe arm apply verify
on_guest 'cd /run/vnfault/sabotage02 && mv clock-step kept && printf "#!/bin/sh\n: >clock\n" >clock-step && chmod +x clock-step'
check "nobody sets it back: it is told" refused 3 'the clock is off by (89|90)' clock-skew 90 sabotage02 120 -- revert
on_guest 'cd /run/vnfault/sabotage02 && mv kept clock-step && echo 0 -90000000 >clock && ./clock-step undo clock; ./clock-step apply back -90000000'
check "nobody sets it back: proven when somebody did" steps clock-skew 90 sabotage02 120 -- revert prove
check "sabotage: the clock is right" shift_by 0
check "sabotage: nothing is left" unchanged

check "this machine's own clock was left alone" between -1 \
    $((($(own_clock) - $(cut -d ' ' -f 1 /proc/uptime | tr -d .) * 10000000 - machine) / 1000000000)) 1
finish
