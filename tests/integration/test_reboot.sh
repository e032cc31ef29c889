#!/usr/bin/env bash
# The fault that reboots its target, on a machine that really does: a User-mode Linux guest over SSH.
# Its kernel's own reboot loses the network interface: the guest ends, and is booted again.
. "$(dirname "$0")/../lib.sh"
. "$top/tests/target.sh"
. "$top/tests/steps.sh"
. "$top/tests/guest.sh"
guest_or_skip "reboot"
guest_target || { echo "not ok 1 - the guest boots"; cat "$scratch/guest.log"; exit 1; }

on_guest() { over_ssh $target_address "$@"; }
boot() { on_guest cat /proc/sys/kernel/random/boot_id; }
state() { on_guest 'ls -A /run /srv /var/tmp; ps -e -o args= | grep guard; true'; }
# Takes the steps; the guest is started again when it has ended.
rebooted() {
    local taking
    steps "$@" &
    taking=$!
    wait "$guest_holder"
    guest_start
    wait $taking
}

state >"$scratch/before"
before=$(boot)
export TARGET_REBOOT='poweroff -f'
check "rebooted" rebooted reboot 100 rebootfl001 60 -- probe arm apply await:60 returned revert prove
check "it went away and came back" says '^await.returned true'
check "took hold" says '^returned.took_hold true'
check "it is another boot" eval '[ "$(boot)" != "$before" ]'
check "the time that it was away is measured" between 0.2 "$(figure await.absence)" 60
check "it says why there was nothing to undo" says '^revert.detail .*the target was rebooted'
check "nothing is left" unchanged
check "the same steps can be taken again" rebooted reboot 100 rebootfl002 60 -- probe arm apply await:60 returned revert prove

check "who returns as the boot that it was" steps reboot 100 rebootfl003 60 -- probe returned
check "was not rebooted" says '^returned.took_hold false'

# --- sabotage ------------------------------------------------------------------------------------------------
export TARGET_REBOOT='true'
before=$(boot)
check "nobody reboots it: runs through" steps reboot 100 sabotage01 60 -- probe arm apply await:3 verify revert prove
check "nobody reboots it: it did not go away" says '^await.returned false'
check "nobody reboots it: a phantom" phantom
check "nobody reboots it: nothing is left" unchanged
export TARGET_REBOOT='pkill -KILL sshd'
check "its sshd alone is ended: runs through" steps reboot 100 sabotage02 60 -- probe arm apply await:6 verify
check "its sshd alone is ended: a phantom" phantom
check "its sshd alone is ended: reverted" steps reboot 100 sabotage02 60 -- revert prove
export TARGET_REBOOT='no-such-command'
check "the command is missing: runs through" steps reboot 100 sabotage03 60 -- probe arm apply await:3 verify revert prove
check "the command is missing: a phantom" phantom
check "the command is missing: it says so" says 'verify.detail the target did not go away; .*no-such-command: not found'
check "it is the boot that it was" eval '[ "$(boot)" = "$before" ]'
finish
