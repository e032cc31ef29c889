#!/usr/bin/env bash
# An undo record that can't be written to, as where /run of the target is full: nothing is begun that could not be
# undone, what is in is undone, and nothing is told that isn't so. And one that was never armed. The steps run in
# namespaces of this machine, without SSH.
. "$(dirname "$0")/../lib.sh"

if ! unshare --mount --net --pid --fork true 2>/dev/null || ! command -v iptables-restore >/dev/null; then
    skip "full undo records" "needs root, namespaces and iptables"
    finish
fi
unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
    sh -c 'mount -t tmpfs -o size=512k none /run && touch /run/there && exec sleep 2147483647' &
holder=$!
disown # nothing is to tell that it was killed
at_exit "kill -KILL $holder 2>/dev/null"
inside=$(wait_until $holder pgrep -P $holder >/dev/null && pgrep -P $holder)
on_host() { nsenter -t "$inside" --mount --net --pid "$@"; }
wait_until $holder on_host test -e /run/there

join() { # FAULT: the script that goes to a target; without a fault type that of a service
    awk 'FNR == 1 { print "" } { print }' "$top/injectors/contract.sh" "$top"/injectors/contract/*.sh ${1:+"$top/injectors/$1.sh"}
    printf '\ncontract_main "$@"\n'
}
put() { join "$1" | on_host sh -c 'mkdir -p "/run/vnfault/$0" && cat >"/run/vnfault/$0/injector.sh"' "$2"; } # FAULT TOKEN
step() { on_host sh "/run/vnfault/$1/injector.sh" "${@:2}" 2>&1; } # TOKEN STEP ...
arm() { # FAULT TOKEN LEASE AMOUNT KEY=VALUE ...
    step "$2" arm token="$2" fault="$1" lease="$3" amount="$4" most="$4" length=60 "${@:5}"
}
loss="parameter.direction=both parameter.interface=all parameter.peers=any parameter.protocol=any
parameter.local-ports=any parameter.remote-ports=any parameter.pattern=random parameter.peer=auto"
arm_loss() { put packet-loss "$1" && arm packet-loss "$1" "$2" 20000 $loss; } # TOKEN LEASE
heal() { join '' | on_host sh -s heal 2>&1; }
fill() { on_host sh -c 'cat /dev/zero >/run/fill' 2>/dev/null; ! on_host sh -c 'echo full >/run/full' 2>/dev/null; }
free() { on_host rm -f /run/fill /run/full; }
no() { ! "$@"; }
faulted() { on_host iptables -S | grep -q VNFAULT; }
recorded() { on_host test -e "/run/vnfault/$1"; }
guarded() { on_host pgrep -f '[i]njector.sh guard' >/dev/null; }
refused="error undo-record the undo record can't be written"

# --- full as it is armed ---------------------------------------------------------------------------------
put packet-loss fullarmtok1
fill
# shellcheck disable=SC2086 # words
check "armed without room: refused" prints "^$refused" arm packet-loss fullarmtok1 1000 20000 $loss
check "armed without room: no guard was started" no guarded
check "armed without room: nothing to revert" prints '^done revert' step fullarmtok1 revert
check "armed without room: nothing to prove" prints '^done prove' step fullarmtok1 prove
check "armed without room: the undo record is gone" no recorded fullarmtok1
free

# --- one that was never armed, as where the connection was lost in between -------------------------------
put packet-loss neverarmed1
check "never armed: nothing to revert" prints '^done revert' step neverarmed1 revert
check "never armed: nothing to prove" prints '^done prove' step neverarmed1 prove
check "never armed: the undo record is gone" no recorded neverarmed1
put packet-loss emptytoken1
on_host touch /run/vnfault/emptytoken1/request
check "an empty request that nothing was begun by: healed" prints '^done heal' heal
check "an empty request that nothing was begun by: the undo record is gone" no recorded emptytoken1

# --- full while it is in ---------------------------------------------------------------------------------
check "filled later: arm" prints '^done arm' arm_loss fullinside1 6000
check "filled later: apply" prints '^done apply' step fullinside1 apply
request=$(on_host cat /run/vnfault/fullinside1/request)
lease=$(on_host cat /run/vnfault/fullinside1/lease)
fill
check "another level: refused" prints "^$refused" step fullinside1 change 50000
check "another level: what was asked for before stays" equals "$request" on_host cat /run/vnfault/fullinside1/request
check "the lease can't be renewed: told" prints "^$refused" step fullinside1 hold
check "the lease can't be renewed: it goes on as it was" equals "$lease" on_host cat /run/vnfault/fullinside1/lease
check "the fault is still in" faulted
check "reverted without room to note it" prints '^done revert' step fullinside1 revert
check "reverted without room to note it: the instant is told" prints '^instant [0-9]{19}$' step fullinside1 revert
check "the fault is gone" no faulted
check "not proven without room to compare" prints '^error not-clean there is no room to compare' step fullinside1 prove
free
check "proven once there is room" prints '^done prove' step fullinside1 prove
check "the undo record is gone" no recorded fullinside1

check "the lease ends without room: arm" prints '^done arm' arm_loss fullleased1 150
check "the lease ends without room: apply" prints '^done apply' step fullleased1 apply
fill
while faulted && guarded; do sleep 0.1; done
check "the lease ends without room: the fault is gone" no faulted
free
check "the lease ends without room: healed after" prints '^done heal' heal

# --- what is done to others is noted first ---------------------------------------------------------------
cp "$(command -v sleep)" "/tmp/pausee$$"
at_exit "rm -f /tmp/pausee$$"
nsenter -t "$inside" --mount --net --pid "/tmp/pausee$$" 2147483647 &
disown
check "a process to pause is there" wait_until $! on_host pgrep -x "pausee$$"
stopped() { on_host ps -o stat= -C "pausee$$" | grep -q '^T'; }
for room in none one; do
    token=fullpause$room
    put process-pause $token
    arm process-pause $token 6000 100000 parameter.program="pausee$$" >/dev/null
    # A page that the note of what was begun takes.
    [ $room = none ] || on_host sh -c 'echo begun >/run/vnfault/fullpauseone/applying'
    fill
    check "who can't be noted is not paused, room $room: refused" prints "^$refused" step $token apply
    step $token revert >/dev/null
    free
    check "who can't be noted is not paused, room $room: runs" no stopped
    check "who can't be noted is not paused, room $room: clean after" prints '^done prove' step $token prove
done
finish
