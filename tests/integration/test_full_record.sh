#!/usr/bin/env bash
# An undo record that can't be written to, as where /run of the target is full: nothing is begun that could not be
# undone, what is in is undone, and nothing is told that isn't so. And one that was never armed. The steps run in
# namespaces of this machine, without SSH.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../namespaces.sh"
namespaces_or_skip "full undo records" size=512k

fill() { on_host sh -c 'cat /dev/zero >/run/fill' 2>/dev/null; ! on_host sh -c 'echo full >/run/full' 2>/dev/null; }
free() { on_host rm -f /run/fill /run/full; }
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

# The request is noted, but not all that follows it.
put packet-loss halfarmtok1
on_host sh -c 'head -c 8192 /dev/zero >/run/spare'
fill
on_host rm /run/spare
# shellcheck disable=SC2086 # words
check "armed with little room: refused" prints "^$refused" arm packet-loss halfarmtok1 1000 20000 $loss
check "armed with little room: it was begun" on_host test -s /run/vnfault/halfarmtok1/request
check "armed with little room: reverted" prints '^done revert' step halfarmtok1 revert
check "armed with little room: proven, as nothing was applied" prints '^done prove' step halfarmtok1 prove
check "armed with little room: the undo record is gone" no recorded halfarmtok1
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

check "the lease ends without room: arm" prints '^done arm' arm_loss fullleased1 1000
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
