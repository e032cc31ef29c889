#!/usr/bin/env bash
# The runner dies in the middle of a fault in the load itself.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/load_faults.sh"

lab_up

# Always in the same folder: to another run the hosts stay locked for a minute.
kill_amid() { # FAULT VALUE
    rm -rf "$scratch/killed"
    "$vnfault" run "$(only "$@")" --testbed "$testbed" -o "$scratch/killed" >/dev/null 2>&1 &
    wait_for "$scratch/killed" $! "SELECT count(*) FROM injection WHERE state = 'verified'"
    kill -KILL $!
    wait $! 2>/dev/null
}
kill_amid overload 300%
until ! sipp_on_load >/dev/null; do sleep 0.2; done
check "the load ends with the runner, and its rate with it" exits_with 1 sipp_on_load
check "heal removes what is left" exits_with 0 "$vnfault" heal "$testbed" --force
kill_amid message-drop 100%
check "what the load loses is there when the runner dies" eval "on load 'iptables -S' | grep -q VNFAULT"
check "heal undoes what the load loses" exits_with 0 "$vnfault" heal "$testbed" --force
until ! sipp_on_load >/dev/null; do sleep 0.2; done
check "nothing is left after it" nothing_left

finish
