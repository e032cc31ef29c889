#!/usr/bin/env bash
# The shell that waits on a target for the steps of an injection: what it takes, and its deaths: before apply, in
# it, while the fault is held, before revert and in it; a cut connection, and the end of the lease. The steps go on
# without it where the connection stays, and nothing is left.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
target_or_skip "the shell that waits for steps"

state() {
    on_target bash -c 'for i in iptables ip6tables; do for t in filter mangle; do $i -t $t -S; done; done
        ls -A /run /srv /var/tmp; ps -e -o args= | grep -vE "sshd|ps -e|grep|sleep 0|bash"' 2>/dev/null
}
faulted() { on_target iptables -S | grep -q VNFAULT || on_target pgrep -x stress-ng >/dev/null; }
shell='^sh /run/vnfault/[a-z0-9]*/injector[.]sh wait'
waits() { on_target pgrep -f "$shell" >/dev/null; }
unwatched() { ! on_target grep -qsE 'VNFAULT_(GUARD|STEP)=' /proc/[0-9]*/environ; }
no() { ! "$@"; }

# Commands for 'do:', while a runner is between two steps.
on="nsenter -a -t $target_pid"
kill_shell="do:$on pkill -KILL -f '$shell'"
kill_step="do:$on sh -c 'kill -KILL \$(grep -lsF VNFAULT_STEP= /proc/[0-9]*/environ | tr -dc \"0-9\\n\")'"
cut="do:$on pkill -KILL -f '^sshd: root'"

# A tool of the target that does something first, once, and then its work; 'do:' puts it there.
rig() { # TOOL COMMAND
    printf '#!/bin/sh\nrm "$0"\n%s\nexec %s "$@"\n' "$2" "$(command -v "$1")" >"$scratch/rigged"
    chmod +x "$scratch/rigged"
    rigged="do:$on cp $scratch/rigged /run/bin/$1"
}
state >"$scratch/before"

# --- what it takes ---------------------------------------------------------------------------------------
number=10
while read -r fault value parameters; do
    number=$((number + 1)) name="$fault $value"
    # shellcheck disable=SC2086 # words
    check "$name: with the shell" steps "$fault" "$value" readytoken$number 60 $parameters -- \
        probe arm ready apply verify hold rest hold ready hold revert prove
    check "$name: took hold" took_hold
    check "$name: is held with the shell and without" equals 3 grep -c '^hold.took_hold true' "$scratch/steps"
    check "$name: nothing is left" unchanged
done <<'END'
packet-loss 20
partition 100 peers=198.18.77.9
latency 60 mechanism=nfqueue
memory 50
disk 2 folder=/var/tmp
END

rig iptables-restore 'tr "\0" " " </proc/$PPID/cmdline >/run/bin/by-whom'
check "apply is the shell's: runs" steps packet-loss 20 readytoken21 60 -- probe arm ready "$rigged" apply revert prove
check "apply is the shell's" on_target grep -q 'injector.sh wait' /run/bin/by-whom
on_target rm /run/bin/by-whom
rig iptables-restore 'tr "\0" " " </proc/$PPID/cmdline >/run/bin/by-whom'
check "revert is the shell's: runs" steps packet-loss 20 readytoken22 60 -- probe arm ready apply "$rigged" revert prove
check "revert is the shell's" on_target grep -q 'injector.sh wait' /run/bin/by-whom
on_target rm /run/bin/by-whom
check "a step that fails there doesn't end the shell: runs" \
    steps packet-loss 20 readytoken23 60 -- probe arm ready hold "do:$on pgrep -f '$shell'" apply revert prove
check "another level: runs" steps packet-loss 20 readytoken24 60 -- probe arm ready apply change:60 verify revert prove
check "another level: took hold" between 35 "$(figure verify.share-in)" 85
check "it takes steps: nothing is left" unchanged

# --- it dies where the connection stays ----------------------------------------------------------------------
number=10
for kill in "$kill_shell" "$kill_step"; do
    for fault in "packet-loss 20" "memory 50"; do
        number=$((number + 1))
        which="$fault, the shell$([ "$kill" = "$kill_shell" ] || echo ' and all of it')"
        read -ra words <<<"$fault"
        words+=("deadshell0$number" 60 --)
        check "$which dies before apply" steps "${words[@]}" probe arm ready "$kill" apply verify revert prove
        check "$which dies before apply: took hold" took_hold
        check "$which dies in the hold" steps "${words[@]}" probe arm ready apply "$kill" hold verify revert prove
        check "$which dies in the hold: it is held" says '^hold.took_hold true'
        check "$which dies before revert" steps "${words[@]}" probe arm ready apply hold "$kill" revert prove
        check "$which dies: nothing is left" unchanged
    done
done

# In the middle of a step: the shell alone, the step alone, both. What of it lives must not go on beside the next.
for whom in "pkill -KILL -f '$shell'" "kill -KILL \$PPID" "pkill -KILL -f '$shell'; kill -KILL \$PPID"; do
    number=$((number + 1))
    rig ip6tables-restore "$whom"
    check "dies in apply ($whom)" steps packet-loss 20 deadshell0$number 60 -- probe arm ready "$rigged" apply verify revert prove
    check "dies in apply ($whom): took hold" took_hold
    check "dies in apply ($whom): nothing is left" unchanged
    check "dies in revert ($whom)" steps packet-loss 20 deadshell1$number 60 -- probe arm ready apply verify "$rigged" revert prove
    check "dies in revert ($whom): nothing is left" unchanged
done

# --- its connection is cut -----------------------------------------------------------------------------------
undone() { steps packet-loss 20 "$1" 4 -- revert prove && says 'revert.detail undone by guard'; } # TOKEN
lost() { refused 4 'connection|closed|gone|reset|not .*answer|lost' "$@"; }
check "cut before apply: is told" lost packet-loss 20 cutshell01 4 -- probe arm ready "$cut" apply
check "cut before apply: nothing was applied" no faulted
check "cut in the hold: is told" lost packet-loss 20 cutshell02 4 -- probe arm ready apply "$cut" hold
check "cut before revert: is told" lost packet-loss 20 cutshell03 4 -- probe arm ready apply hold "$cut" revert
rig ip6tables-restore "pkill -KILL -f '^sshd: root'"
check "cut in apply: is told" lost packet-loss 20 cutshell04 4 -- probe arm ready "$rigged" apply
check "cut: the guards undo what there is" wait_until "$target_holder" no faulted
check "cut: no shell is left" wait_until "$target_holder" unwatched
for token in cutshell02 cutshell03 cutshell04; do check "cut: $token is proven by the next" undone $token; done
check "cut before apply: is proven by the next" steps packet-loss 20 cutshell01 4 -- revert prove
check "cut: nothing is left" unchanged

# The way between goes, and nobody is told: the shell waits until the lease ends.
on_runner sh -c "until [ -e '$scratch/armed' ]; do sleep 0.02; done; ip link set peer0 down" &
puller=$!
injection packet-loss 20 cutshell05 4 -- probe arm ready apply "do:touch $scratch/armed" hold:600 >"$scratch/steps" 2>&1 &
runner=$!
wait $puller
check "the network goes: the guards undo it" wait_until "$target_holder" no faulted
check "the network goes: no shell is left" wait_until "$target_holder" unwatched
kill -KILL $runner
pkill -KILL -f 'injection_probe .* cutshell05 '
wait $runner 2>/dev/null
on_runner ip link set peer0 up
wait_until "$target_holder" listening
check "the network goes: proven by the next" undone cutshell05
check "the network goes: nothing is left" unchanged

# --- its lease ends ------------------------------------------------------------------------------------------
until_expired() { echo "do:until $on test -f /run/vnfault/$1/gone; do sleep 0.1; done"; } # TOKEN
check "the lease ends before apply: it is refused" refused 4 'its lease ended' \
    packet-loss 20 lateshell1 3 -- probe arm ready "$(until_expired lateshell1)" apply
check "the lease ends before apply: reverted" steps packet-loss 20 lateshell1 3 -- revert prove
check "the lease ends in the hold: who undid it is told" steps packet-loss 20 lateshell2 3 -- \
    probe arm ready apply "$(until_expired lateshell2)" hold revert prove
check "the lease ends in the hold: it has died" says '^hold.took_hold false'
check "the lease ends: nothing is left" unchanged

# A tool that hangs in it is ended with the lease once nobody renews it.
printf '#!/bin/sh\nexec sleep 600\n' >"$scratch/hanging"
chmod +x "$scratch/hanging"
hanging() { on_target pgrep -f '^sleep 600' >/dev/null; }
injection packet-loss 20 hangshell1 4 -- probe arm ready "do:$on cp $scratch/hanging /run/bin/ip6tables-restore" apply >"$scratch/steps" 2>&1 &
wait_until $! hanging
on_target rm /run/bin/ip6tables-restore
pkill -KILL -f 'injection_probe .* hangshell1 '
wait $! 2>/dev/null
check "a tool hangs in it, and the runner dies: ended by the guards" wait_until "$target_holder" no hanging
check "a tool hangs in it: undone" wait_until "$target_holder" no faulted
check "a tool hangs in it: no shell is left" wait_until "$target_holder" unwatched
check "a tool hangs in it: proven by the next" undone hangshell1
check "a tool hangs in it: nothing is left" unchanged

# The runner just goes: its shell goes, too, before the lease does.
steps packet-loss 20 goneshell1 600 -- probe arm ready apply
check "the runner is over: so is its shell" wait_until "$target_holder" no waits
check "the runner is over: the fault is held" faulted
check "the runner is over: reverted" steps packet-loss 20 goneshell1 600 -- ready revert prove
check "the runner is over: nothing is left" unchanged

# --- another shell ------------------------------------------------------------------------------------------
if command -v busybox >/dev/null; then
    on_target sh -c 'for tool in $(busybox --list); do
        case $tool in ip|tc|ping|su*|login|mount|ps|nsenter) ;; *) ln -s "$(command -v busybox)" "/run/bin/$tool" ;; esac; done'
    check "busybox: runs" steps packet-loss 20 busyshell1 60 -- probe arm ready apply verify hold revert prove
    check "busybox: took hold" took_hold
    check "busybox: the shell dies" steps packet-loss 20 busyshell2 60 -- probe arm ready "$kill_step" apply verify ready "$kill_step" revert prove
    check "busybox: the shell dies: took hold" took_hold
    on_target find /run/bin -type l -delete
    check "busybox: nothing is left" unchanged
else
    skip "busybox" "busybox is not installed"
fi
finish
